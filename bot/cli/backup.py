"""`ampersand backup` and `ampersand restore`."""

import asyncio
import os
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from importlib.metadata import version
from pathlib import Path
from typing import Annotated, BinaryIO, Final

import typer
from aiohttp import ClientSession

from bot.cli.common import CannotDo, make_context, plain_errors
from bot.cli.doctor.probes import look_at_port
from bot.domain.diagnosis import Occupant, Port
from bot.services.context import Context
from bot.settings import Settings, read_settings
from storage import backup as backups
from storage.backup import BadBackupError, Facts, Progress
from storage.database import Database
from storage.migrate import check_known

NAME: Final = "ampersand-%Y-%m-%d-%H%M%S.backup"
NAMED_SO: Final = re.compile(r"ampersand-\d{4}-\d\d-\d\d-\d{6}\.backup")

TELLING: Final = ("members", "entries", "meetings", "decisions")

Target = Annotated[Path, typer.Argument(metavar="FILE", help="A new file, or a folder in which it names itself.")]
KeepDays = Annotated[
    int, typer.Option("--keep-days", min=1, metavar="DAYS", help="In a folder: delete older backups after this one.")
]


def backup(target: Target, keep_days: KeepDays = 30) -> None:
    """Write the whole database into one file, while the bot runs.

    The file fits SQLite and PostgreSQL alike. It holds everything that people wrote, readable only by you; it does not
    hold AMPERSAND_SECRET or the key file, without which sealed preferences are lost: keep that apart. In a folder,
    backups older than 30 days go, so that what was deleted is gone from them too.

    \b
    Example:
      ampersand backup /var/backups/ampersand --keep-days 30
    """
    with plain_errors():
        settings = read_settings()
        context = make_context(settings)
        file = target / context.now.strftime(NAME) if target.is_dir() else target
        rows = _write(settings, context, file)
        typer.echo(f"Saved {rows:,} rows in {file}.")
        typer.echo(f"Keep apart from it: {_secret_place(settings)}")
        if target.is_dir():
            _forget_older(target, context.now - timedelta(days=keep_days))


def restore(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, metavar="FILE")],
    replace: Annotated[bool, typer.Option("--replace", help="Put it in place of what the database holds now.")] = False,
) -> None:
    """Fill the database from a backup, all of it or nothing. Stop the bot first.

    A backup of SQLite fits PostgreSQL and the other way round; one of an older version is brought to today's schema.
    Messages that were on their way when it was made are looked up in the chat before they are sent.

    \b
    Example:
      AMPERSAND_DATABASE_URL=postgresql://ampersand@localhost/ampersand ampersand restore ampersand.backup
    """
    with plain_errors():
        settings = read_settings()
        facts = _facts(file)
        _check_stopped(settings)
        fingerprint = make_context(settings).secrets.fingerprint
        database = Database(settings.database_url)
        try:
            _check_replaceable(database, replace=replace)
            with _progress("Restoring", sum(facts.rows.values())) as progress:
                doubted = backups.restore(database, file, facts, progress)
        except BadBackupError as error:
            raise _unusable(file, error) from None
        finally:
            database.close()
        _tell(facts, doubted, same_secret=fingerprint == facts.sealed_with)


def _write(settings: Settings, context: Context, file: Path) -> int:
    """Save what is in the database now; how many rows."""
    database = Database(settings.database_url)
    try:
        with database.snapshot() as session, _new_file(file) as written:
            facts = backups.facts_now(
                session.connection(),
                made_at=context.now.isoformat(timespec="seconds"),
                sealed_with=context.secrets.fingerprint,
                program=version("ampersand"),
            )
            if facts is None:
                raise CannotDo(f"There is nothing to save: {_place(settings)} has no tables. Check the settings.")
            total = sum(facts.rows.values())
            with _progress("Saving", total) as progress:
                backups.write_backup(session.connection(), written, facts, progress)
    finally:
        database.close()
    return total


@contextmanager
def _new_file(file: Path) -> Iterator[BinaryIO]:
    """A file that only its owner may read, and that is there whole or not at all."""
    if file.exists():
        raise CannotDo(f"{file} exists already. Choose another name, or a folder.")
    part = file.with_name(f"{file.name}.part")
    part.unlink(missing_ok=True)
    try:
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as opened:
            yield opened
            opened.flush()
            os.fsync(opened.fileno())
        part.rename(file)
    finally:
        part.unlink(missing_ok=True)


def _forget_older(folder: Path, before: datetime) -> None:
    """Only files that were named by `backup` itself."""
    for file in sorted(folder.iterdir()):
        if NAMED_SO.fullmatch(file.name) and datetime.strptime(file.name, NAME).replace(tzinfo=UTC) < before:
            file.unlink()
            typer.echo(f"Deleted {file}.")


def _facts(file: Path) -> Facts:
    try:
        facts = backups.read_facts(file)
    except BadBackupError as error:
        raise _unusable(file, error) from None
    check_known(facts.revision)
    return facts


def _unusable(file: Path, error: BadBackupError) -> CannotDo:
    return CannotDo(f"{file} cannot be restored: {error}. Nothing was changed.")


def _check_stopped(settings: Settings) -> None:
    """A bot that runs would go on with what it read before, and send it."""

    async def look() -> Port:
        async with ClientSession() as session:
            return await look_at_port(settings.host, settings.port, session)

    found = asyncio.run(look())
    if found.occupant is Occupant.AMPERSAND:
        raise CannotDo(f"Ampersand runs on port {found.number}. Nothing was changed. Stop it, then restore.")


def _check_replaceable(database: Database, *, replace: bool) -> None:
    with database.snapshot() as session:
        held = {table: count for table, count in backups.count_rows(session.connection()).items() if count}
    if held and not replace:
        raise CannotDo(
            f"the database holds {_told(held)}. Nothing was changed."
            " Restore into an empty one, or type --replace to lose what is there."
        )


def _tell(facts: Facts, doubted: int, *, same_secret: bool) -> None:
    typer.echo(f"Restored {sum(facts.rows.values()):,} rows as they were at {facts.made_at}.")
    if doubted:
        typer.echo(f"{doubted:,} messages were on their way then; each is looked up in the chat before it is sent.")
    typer.echo("What fell due since then is done, or recorded as skipped, when serve starts, as after a stop.")
    typer.echo("Whoever was erased, or withdrew something, since then is back: erase them again.")
    if not same_secret:
        typer.echo(
            "Warning: this installation has another secret than the one the backup was made with. Until"
            " AMPERSAND_SECRET or the key file of that time is back, members' sealed preferences cannot be read.",
            err=True,
        )


def _told(held: dict[str, int]) -> str:
    named = [f"{held[noun]:,} {noun}" for noun in TELLING if noun in held]
    return ", ".join([*named, f"{sum(held.values()):,} rows in all"])


def _secret_place(settings: Settings) -> str:
    return "AMPERSAND_SECRET" if settings.secret else str(settings.data_dir / "secret.key")


def _place(settings: Settings) -> str:
    return "the database of AMPERSAND_DATABASE_URL" if "postgresql" in settings.database_url else settings.database_url


@contextmanager
def _progress(label: str, total: int) -> Iterator[Progress]:
    with typer.progressbar(length=total, label=label, file=sys.stderr, hidden=not sys.stderr.isatty()) as bar:
        yield bar.update

"""What the verbs share: the database and its workspace, moments as people type them, mistakes told in plain words."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, time, timedelta
from typing import Annotated, Final
from zoneinfo import ZoneInfo

import typer
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlmodel import Session

from bot import main
from bot.domain.csv_rows import BadRows
from bot.domain.diagnosis.machine import port_taken
from bot.domain.diagnosis.store import database_broken
from bot.services.context import Context, Secrets
from bot.settings import Settings, SettingsError, load_secret, read_settings
from storage.database import Database
from storage.migrate import NewerSchemaError, migrate
from storage.tables import Workspace
from storage.workspaces import list_workspaces

COMPANY_ZONE: Final = ZoneInfo("Europe/Amsterdam")
"""The zone of a workspace unless it says otherwise; moments typed without one are meant there."""

Team = Annotated[
    str | None,
    typer.Option(
        "--team", metavar="ID", help="The workspace by its Slack team ID (T…); needed where there are several."
    ),
]


class CannotDo(Exception):  # noqa: N818
    """What was typed cannot be done as things stand; the sentence says the cure."""


@contextmanager
def plain_errors(hint: str = "") -> Iterator[None]:
    """Tell what a person can put right in a sentence and exit with 1; anything else is our mistake and shows as one.

    `hint` stands on a line of its own below whatever went wrong.
    """
    try:
        yield
    except (CannotDo, SettingsError, BadRows, NewerSchemaError, OperationalError, OSError) as error:
        if isinstance(error, BrokenPipeError):
            raise
        typer.echo("\n".join(filter(None, [f"Error: {_sentence(error)}", hint])), err=True)
        raise typer.Exit(1) from None


def _sentence(error: Exception) -> str:
    match error:
        case BadRows():
            return f"nothing was loaded; put this right and try again:\n{error}"
        case NewerSchemaError():
            return f"a newer Ampersand wrote this (schema {error.revision}). Install the version that was used last."
        case OperationalError():
            return " ".join(database_broken(reason_of(error)))
        case OSError():
            return f"{error.filename or 'the system'}: {error.strerror}. Choose a place you may use."
    return str(error)


def reason_of(error: DBAPIError) -> str:
    """The first line of what the database says, without the statement and its values."""
    return str(error.orig).strip().splitlines()[0]


def make_context(settings: Settings) -> Context:
    """Now, chance and the secret of this installation."""
    return Context(main.now(), main.random_bytes, Secrets(load_secret(settings, main.random_bytes)))


@contextmanager
def open_database() -> Iterator[tuple[Session, Context]]:
    """One transaction on the database of the settings, brought to the newest schema first."""
    with plain_errors():
        settings = read_settings()
        context = make_context(settings)
        migrate(settings.database_url)
        database = Database(settings.database_url)
        try:
            with database.transaction() as session:
                yield session, context
        finally:
            database.close()


def find_workspace(session: Session, team: str | None) -> Workspace | None:
    """The workspace of that team, or the only one there is; None when there is none at all."""
    workspaces = list_workspaces(session)
    known = ", ".join(f"{workspace.external_id} ({workspace.name})" for workspace in workspaces)
    chosen = [workspace for workspace in workspaces if team in {None, workspace.external_id}]
    if team and not chosen:
        raise CannotDo(f"There is no workspace {team}. There is: {known or 'none yet'}.")
    if len(chosen) > 1:
        raise CannotDo(f"There are several workspaces; choose one with --team: {known}.")
    return chosen[0] if chosen else None


def parse_moment(typed: str) -> datetime:
    """2026-06-10T16:00 in the company's zone, or with a zone of its own; a day alone means its end."""
    try:
        if len(typed) == len("2026-06-10"):
            end = date.fromisoformat(typed) + timedelta(days=1)
            return datetime.combine(end, time(), COMPANY_ZONE).astimezone(UTC)
        moment = datetime.fromisoformat(typed)
    except (ValueError, OverflowError):
        message = f"“{typed}” is not a moment; write it as 2026-06-10T16:00 (Amsterdam) or 2026-06-10T14:00Z."
        raise typer.BadParameter(message) from None
    return (moment if moment.tzinfo else moment.replace(tzinfo=COMPANY_ZONE)).astimezone(UTC)


def check_port(host: str, port: int, chosen_with: str = "AMPERSAND_PORT") -> None:
    """Refuse a port that somebody else uses, before anything starts."""
    if error := why_not_free(host, port):
        raise CannotDo(" ".join(port_taken(host, port, error, chosen_with)))


def why_not_free(host: str, port: int) -> str | None:
    """The system's word why nobody can listen there; None when one can."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            return error.strerror or str(error)
    return None

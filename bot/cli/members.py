"""`ampersand members`."""

import asyncio
from pathlib import Path
from typing import Annotated

import typer
from sqlalchemy.exc import OperationalError
from sqlmodel import Session

from bot.cli.common import CannotDo, Team, find_workspace, open_database
from bot.services.member_import import import_members
from bot.services.privacy import Erased, erase_member
from bot.services.workspaces import UNCONNECTED, ensure_workspace
from bot.settings import read_settings
from storage.database import Database
from storage.members import find_member
from storage.tables import Member, Platform, Workspace

app = typer.Typer(help="Who takes part, and on which side.", no_args_is_help=True, rich_markup_mode=None)


@app.callback()
def members() -> None:
    """Who takes part, and on which side."""


@app.command("import")
def import_file(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, metavar="FILE.csv")], team: Team = None
) -> None:
    """Create or update members from a CSV file.

    Columns: user_id, name, side, role, timezone, language, plant, working_days, active_from, active_to; the first
    three are needed. working_days are 1 (Monday) to 7 (Sunday): 1234.
    A user_id that is known is updated, a new one created; members the file does not name stay. Sides go by their name
    or key, zones by names such as Europe/Amsterdam, dates as 2026-06-30. A bad row is named by line and column, and
    then nothing is changed.

    \b
    Example:
      ampersand members import members.csv
    """
    with open_database() as (session, context):
        workspace = find_workspace(session, team) or ensure_workspace(
            session, context, Platform.SLACK, UNCONNECTED, "Not connected yet"
        )
        imported = import_members(session, context, workspace, file.name, file.read_bytes())
    typer.echo(str(imported))


@app.command("erase")
def erase(
    user_id: Annotated[str, typer.Argument(metavar="USER_ID", help="Their id in Slack (U…), see `export members`.")],
    team: Team = None,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask to type the id again.")] = False,
) -> None:
    """Erase a person: they disappear, what the company learnt stays.

    Their examples read as their side, or as the company where that has fewer than five people; agreements and decisions
    as “a former colleague”; settings, drafts, invitations and messages to them are deleted. Figures stay as they are.
    What people wrote in their own words is not changed: you are told where the name still stands. Slack keeps what was
    posted, backups keep what was in them. This cannot be undone; whoever comes back is somebody new.

    \b
    Example:
      ampersand members erase U0123456789
    """
    with open_database() as (session, _context):
        name = _find(session, team, user_id)[1].name
    if not yes and typer.prompt(f"This erases {name} and cannot be undone. Type {user_id} again") != user_id:
        typer.echo("Nothing was changed.")
        raise typer.Exit(1)
    with open_database() as (session, context):
        erased = erase_member(session, context, *_find(session, team, user_id))
    typer.echo("\n".join(_report(erased)))
    _scrub()


def _find(session: Session, team: str | None, user_id: str) -> tuple[Workspace, Member]:
    workspace = find_workspace(session, team)
    member = find_member(session, workspace.id, user_id) if workspace else None
    if workspace is None or member is None:
        raise CannotDo(f"There is no member {user_id}; nothing was changed. `ampersand export members` shows them.")
    return workspace, member


def _report(erased: Erased) -> list[str]:
    """What was done, in counts, and honestly what was not."""
    held = erased.held
    stays = ", ".join(
        f"{kind} ({held[kind]})" for kind in ("entries", "agreements", "decisions", "objections", "agenda")
    )
    gone = f"invitations ({held['meetings_invited']}), messages ({held['messages']}), drafts ({held['drafts']})"
    mentions = ", ".join(f"{table} ({rows})" for table, rows in erased.mentions.items()) or "nowhere"
    return [
        f"Without the name now: {stays}.",
        f"Deleted: {gone}.",
        f"Rows in which people wrote the name in their own words, unchanged: {mentions}.",
        "In Slack, shared entries change within the hour; other posts and private messages stay as they were sent.",
        "Backups made before today keep the name until you delete them.",
    ]


def _scrub() -> None:
    """Let the files keep nothing of it either."""
    database = Database(read_settings().database_url)
    try:
        is_clean = asyncio.run(database.scrub())
    except OperationalError:
        is_clean = False
    finally:
        database.close()
    if not is_clean:
        typer.echo("The database is busy: what is left of it in its files goes with the bot's next clean-up.", err=True)

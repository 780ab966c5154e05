"""`ampersand members`."""

from pathlib import Path
from typing import Annotated

import typer

from bot.cli.common import Team, find_workspace, open_database
from bot.services.member_import import import_members
from bot.services.workspaces import UNCONNECTED, ensure_workspace
from storage.tables import Platform

app = typer.Typer(help="Who takes part, and on which side.", no_args_is_help=True, rich_markup_mode=None)


@app.callback()
def members() -> None:
    """Who takes part, and on which side."""


@app.command("import")
def import_file(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, metavar="FILE.csv")], team: Team = None
) -> None:
    """Create or update members from a CSV file.

    Columns: user_id, name, side, role, timezone, language, plant, active_from, active_to; the first three are needed.
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

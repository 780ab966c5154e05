"""`ampersand load-sample`."""

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from bot.cli.common import CannotDo, Team, find_workspace, open_database, parse_moment
from bot.services import samples
from bot.services.workspaces import UNCONNECTED, ensure_workspace
from storage.tables import Platform


def load_sample(
    folder: Annotated[
        Path | None,
        typer.Option(exists=True, file_okay=False, help="A folder with files in the sample's format, of any company."),
    ] = None,
    as_of: Annotated[
        datetime | None,
        typer.Option(
            parser=parse_moment,
            metavar="MOMENT",
            help="Load only what was known then: a day (its end), or a moment such as 2026-06-10T16:00 (Amsterdam).",
        ),
    ] = None,
    team: Team = None,
) -> None:
    """Fill an empty workspace with a whole company: the fictional one that comes along, or one of your own.

    Everything is checked first. A bad row is named by file, line and column, and then nothing is loaded. A database
    without a workspace gets one, which becomes that of the first Slack workspace that `serve` connects.

    \b
    Example:
      ampersand load-sample --folder ./our-company --as-of 2026-06-10
    """
    with open_database() as (session, context):
        sample = samples.read_sample(folder)
        workspace = find_workspace(session, team) or ensure_workspace(
            session, context, Platform.SLACK, UNCONNECTED, samples.SAMPLE_COMPANY
        )
        try:
            loaded = samples.load_sample(session, context, workspace, sample, as_of=as_of)
        except samples.WorkspaceNotEmpty:
            raise CannotDo(
                f"{workspace.name} holds data already; nothing was loaded."
                " Use an empty database: set AMPERSAND_DATA_DIR or AMPERSAND_DATABASE_URL to a new place."
            ) from None
    typer.echo(
        f"Loaded {loaded.members} members, {loaded.objectives} objectives, {loaded.tensions} tensions,"
        f" {loaded.meetings} meetings, {loaded.entries} entries, {loaded.agreements} agreements,"
        f" {loaded.decisions} decisions; {loaded.briefs_planned} briefs are still to come."
    )

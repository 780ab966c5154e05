"""`ampersand export`."""

from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import Annotated

import typer
from sqlmodel import Session

from bot.cli.common import CannotDo, Team, find_workspace, open_database
from bot.domain.tables_as_text import Table, csv_text, json_text
from bot.services.exports import export_agreements, export_entries, export_members
from storage.tables import Workspace


class Noun(StrEnum):
    ENTRIES = "entries"
    AGREEMENTS = "agreements"
    MEMBERS = "members"


class Format(StrEnum):
    CSV = "csv"
    JSON = "json"


EXPORTS: Mapping[Noun, Callable[[Session, Workspace], Table]] = {
    Noun.ENTRIES: export_entries,
    Noun.AGREEMENTS: export_agreements,
    Noun.MEMBERS: export_members,
}
WRITERS: Mapping[Format, Callable[[Table], str]] = {Format.CSV: csv_text, Format.JSON: json_text}


def export(
    noun: Annotated[Noun, typer.Argument(help="What to write.")],
    form: Annotated[Format, typer.Option("--format", help="For a spreadsheet or for a program.")] = Format.CSV,
    team: Team = None,
) -> None:
    """Write entries, agreements or members to standard output, in UTF-8.

    Only what every member may see: no hidden or withdrawn entries, and of a side-only entry nothing but its side, kind,
    day, words, tension and objective. In CSV, text that a spreadsheet would compute begins with an apostrophe.

    \b
    Example:
      ampersand export entries --format json > entries.json
    """
    with open_database() as (session, _context):
        workspace = find_workspace(session, team)
        if workspace is None:
            raise CannotDo("There is no workspace yet. Start one with `ampersand serve` or `ampersand load-sample`.")
        text = WRITERS[form](EXPORTS[noun](session, workspace))
    typer.get_binary_stream("stdout").write(text.encode())

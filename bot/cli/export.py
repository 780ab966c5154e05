"""`ampersand export`."""

from collections.abc import Callable, Mapping
from datetime import date
from enum import StrEnum
from typing import Annotated

import typer
from sqlmodel import Session

from bot.cli.common import CannotDo, Team, find_workspace, open_database
from bot.domain.tables_as_text import Table, csv_text, json_text
from bot.services.access import company_day
from bot.services.audit_list import export_audit
from bot.services.exports import export_agreements, export_entries, export_members
from storage.tables import Workspace


class Noun(StrEnum):
    ENTRIES = "entries"
    AGREEMENTS = "agreements"
    MEMBERS = "members"
    AUDIT = "audit"


class Format(StrEnum):
    CSV = "csv"
    JSON = "json"


EXPORTS: Mapping[Noun, Callable[[Session, Workspace, date], Table]] = {
    Noun.ENTRIES: export_entries,
    Noun.AGREEMENTS: export_agreements,
    Noun.MEMBERS: export_members,
    Noun.AUDIT: export_audit,
}
WRITERS: Mapping[Format, Callable[[Table], str]] = {Format.CSV: csv_text, Format.JSON: json_text}


def export(
    noun: Annotated[Noun, typer.Argument(help="What to write.")],
    form: Annotated[Format, typer.Option("--format", help="For a spreadsheet or for a program.")] = Format.CSV,
    team: Team = None,
) -> None:
    """Write entries, agreements, members or the audit trail to standard output, in UTF-8.

    Only what every member may see: no hidden or withdrawn entries, and of a side-only entry nothing but its side, kind,
    day, words, tension and objective. It is there from the day after it was written, so that two exports of one day do
    not tell when it came; rows of entries are in random order on purpose, for the same reason. In CSV, text that a
    spreadsheet would compute begins with an apostrophe. The audit trail tells who changed what, and what stood there
    before and after: it is for whoever runs Ampersand.

    \b
    Example:
      ampersand export entries --format json > entries.json
    """
    with open_database() as (session, context):
        workspace = find_workspace(session, team)
        if workspace is None:
            raise CannotDo("There is no workspace yet. Start one with `ampersand serve` or `ampersand load-sample`.")
        text = WRITERS[form](EXPORTS[noun](session, workspace, company_day(workspace, context)))
    typer.get_binary_stream("stdout").write(text.encode())

"""`ampersand figures`."""

import json
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import typer

from bot.cli.common import CannotDo, Team, find_workspace, open_database, parse_moment
from bot.domain.figures import Period, end_of
from bot.services.figures import as_json, period_figures

NOT_SHOWN = "–"


class Format(StrEnum):
    TABLE = "table"
    JSON = "json"


def parse_date(typed: str) -> date:
    try:
        return date.fromisoformat(typed)
    except ValueError:
        raise typer.BadParameter(f"“{typed}” is not a date; write it as 2026-06-30.") from None


def parse_as_of(typed: str) -> date | datetime:
    """A day, or a moment."""
    return parse_moment(typed) if "T" in typed else parse_date(typed)


def figures(
    first: Annotated[
        date, typer.Option("--from", parser=parse_date, metavar="DATE", help="The first day of the period.")
    ],
    last: Annotated[date, typer.Option("--to", parser=parse_date, metavar="DATE", help="The last day, included.")],
    as_of: Annotated[
        date | None,
        typer.Option(
            parser=parse_as_of,
            metavar="DATE",
            help="As known then: a day (its end), or a moment such as 2026-06-10T16:00 (Amsterdam). Else now.",
        ),
    ] = None,
    form: Annotated[Format, typer.Option("--format", help="For people or for a program.")] = Format.TABLE,
    team: Team = None,
) -> None:
    """Write the figures of a period to standard output, each as far as it may be shown.

    A group of fewer than five people is never shown, nor anything it could be subtracted from; “–” (null in JSON) means
    not shown. Whoever compares periods that differ by a day learns about single entries: in the chat periods are fixed.

    \\b
    Example:
      ampersand figures --from 2026-04-01 --to 2026-06-30 --as-of 2026-06-30 --format json
    """
    if last < first:
        raise typer.BadParameter(
            f"{last} is before {first}; a period ends on or after its first day.", param_hint="--to"
        )
    with open_database() as (session, context):
        workspace = find_workspace(session, team)
        if workspace is None:
            raise CannotDo("There is no workspace yet. Start one with `ampersand serve` or `ampersand load-sample`.")
        moment = _moment(as_of, ZoneInfo(workspace.timezone)) or context.now
        found = as_json(period_figures(session, workspace, Period(first, last), moment))
    text = json.dumps(found, ensure_ascii=False, indent=2) if form is Format.JSON else "\n".join(_lines(found))
    typer.get_binary_stream("stdout").write(f"{text}\n".encode())


def _moment(as_of: date | None, zone: ZoneInfo) -> datetime | None:
    return as_of if isinstance(as_of, datetime) or as_of is None else end_of(as_of, zone)


def _lines(found: Mapping[str, Any]) -> list[str]:
    """One figure a line, names as in the JSON, values in a column."""
    rows = list(_rows(found))
    width = max(len(name) for name, _ in rows)
    return [f"{name:<{width}}  {value}".rstrip() for name, value in rows]


def _rows(found: Mapping[str, Any], before: str = "") -> Iterator[tuple[str, str]]:
    for name, value in found.items():
        if isinstance(value, dict):
            yield from _rows(value, f"{before}{name}.")
        elif isinstance(value, list):
            yield f"{before}{name}", ", ".join(value) or NOT_SHOWN
        else:
            yield f"{before}{name}", NOT_SHOWN if value is None else str(value)

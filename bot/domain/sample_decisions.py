"""Rows of decisions.csv: what each meeting was asked, and what became of it."""

import re
from collections.abc import Callable, Container
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Final

from bot.domain.csv_rows import BadCell, Row, listed, one_of, parse_key, parse_moment, parse_whole
from bot.domain.decision import LETTERS, OptionFacts, split_price
from storage.tables import DecisionKind, DecisionStatus

DECISION_COLUMNS: Final = """decision_id meeting_id rank question options recommendation owner_id co_owner_id
    objective_ids entry_ids kind status taken_option agreement_ids entered_at_utc"""


@dataclass(frozen=True, slots=True)
class DecisionRow:
    key: str
    meeting: str
    rank: int
    question: str
    options: tuple[OptionFacts, ...]
    recommendation: str | None
    owner: str
    co_owner: str | None
    objectives: tuple[str, ...]
    entries: tuple[str, ...]
    agreements: tuple[str, ...]
    kind: DecisionKind
    status: DecisionStatus
    taken_option: str | None
    entered_at: datetime

    def as_known(self, entries: Container[str], agreements: Container[str], *, answered: bool) -> "DecisionRow":
        """With the links that were known, and without an answer that was not."""
        then = replace(
            self,
            entries=tuple(key for key in self.entries if key in entries),
            agreements=tuple(key for key in self.agreements if key in agreements),
        )
        return then if answered else replace(then, status=DecisionStatus.ASKED, taken_option=None)


def read_decision(
    row: Row,
    *,
    meeting: Callable[[str], str],
    member: Callable[[str], str],
    objective: Callable[[str], str],
    entry: Callable[[str], str],
    agreement: Callable[[str], str],
) -> DecisionRow:
    """The parsers know the rows of the other files."""
    decision = DecisionRow(
        key=row.parse("decision_id", parse_key, ""),
        meeting=row.parse("meeting_id", meeting, ""),
        rank=row.parse("rank", parse_whole, 0),
        question=row.text("question"),
        options=row.parse("options", parse_options, ()),
        recommendation=row.optional("recommendation"),
        owner=row.parse("owner_id", member, ""),
        co_owner=row.maybe("co_owner_id", member),
        objectives=tuple(dict.fromkeys(row.many("objective_ids", objective))),
        entries=tuple(dict.fromkeys(row.many("entry_ids", entry))),
        agreements=tuple(dict.fromkeys(row.many("agreement_ids", agreement))),
        kind=row.parse("kind", one_of(DecisionKind), DecisionKind.DECIDE),
        status=row.parse("status", one_of(DecisionStatus), DecisionStatus.ASKED),
        taken_option=row.optional("taken_option"),
        entered_at=row.parse("entered_at_utc", parse_moment, datetime.min.replace(tzinfo=UTC)),
    )
    _check(row, decision)
    return decision


def _check(row: Row, decision: DecisionRow) -> None:
    letters = [option.letter for option in decision.options]
    for column in ("recommendation", "taken_option"):
        letter = getattr(decision, column)
        if letters and letter and letter not in letters:
            row.refuse(column, f"“{letter}” is none of the options; use {listed(letters)}.")
    if decision.status is DecisionStatus.TAKEN and decision.taken_option is None:
        row.refuse("taken_option", "is empty; what is taken needs the letter of an option.")
    if decision.status is not DecisionStatus.TAKEN and decision.taken_option:
        row.refuse("taken_option", f"must be empty: this one is {decision.status}.")
    if decision.owner and decision.owner == decision.co_owner:
        row.refuse("co_owner_id", f"“{decision.owner}” owns it already; name somebody else, or nobody.")


def parse_options(cell: str) -> tuple[OptionFacts, ...]:
    """ "A: keep; no work | B: stop; a Saturday" → two options with their price or effect."""
    parts = [re.fullmatch(r"([A-D]): *(\S.*)", part.strip()) for part in cell.split(" | ")]
    options = tuple(OptionFacts(part[1], *_split(part[2])) for part in parts if part)
    letters = "".join(option.letter for option in options)
    if not all(parts) or len(options) < 2 or not LETTERS.startswith(letters):
        raise BadCell("are not options; write two to four as “A: what; its price | B: what; its price”.")
    return options


def _split(option: str) -> tuple[str, str | None]:
    """Between text and price stands "; "."""
    text, price = split_price(option) if "; " in option else (option, None)
    return (text, price) if text else (option, None)

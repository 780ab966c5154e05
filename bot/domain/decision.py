"""Decisions: what may be asked of a meeting, how it is answered, and what a brief says about it."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from bot.domain.errors import Refused
from storage.tables import (
    Decision,
    DecisionKind,
    DecisionOption,
    DecisionStatus,
    Entry,
    Meeting,
    MeetingStatus,
    MeetingType,
)

LETTERS: Final = "ABCD"
MOST_TO_DECIDE: Final = 3
ASKED_OF: Final = (MeetingType.PRE_SOP, MeetingType.EXECUTIVE_SOP)
"""The meetings that are asked to decide."""

_ORDER: Final = tuple(DecisionKind)
_BETWEEN: Final = {"and", "en"}


@dataclass(frozen=True, slots=True)
class OptionFacts:
    """`price` says what it costs or brings, None = nobody said."""

    letter: str
    text: str
    price: str | None


@dataclass(frozen=True, slots=True)
class Objection:
    """Somebody does not want a ratification to stand."""

    name: str
    reason: str
    objected_at: datetime


@dataclass(frozen=True, slots=True)
class DecisionFacts:
    """A question as a brief says it, fit to be frozen.

    `entry_refs` are entries since the last brief of that type, `earlier_entry_refs` older ones; both in the order of
    their day. Names are those of people; objectives are named by their keys.
    """

    id: str
    rank: int
    kind: DecisionKind
    question: str
    options: tuple[OptionFacts, ...]
    recommendation: str | None
    owner: str
    co_owner: str | None
    objective_keys: tuple[str, ...]
    entry_refs: tuple[str, ...]
    earlier_entry_refs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DecisionRecord:
    """A question with all that hangs on it. Entries that were withdrawn or hidden are left out."""

    decision: Decision
    options: tuple[OptionFacts, ...]
    owner: str
    co_owner: str | None
    objective_keys: tuple[str, ...]
    entries: tuple[Entry, ...]
    objections: tuple[Objection, ...]


@dataclass(frozen=True, slots=True)
class Answered:
    """What a meeting was asked, and how much of it was taken."""

    asked: int
    taken: int


@dataclass(frozen=True, slots=True)
class Proposal:
    """A question as it was typed: each option as "text; what it costs or brings", by its letter."""

    question: str
    kind: DecisionKind
    options: Mapping[str, str]
    recommendation: str | None


def decision_facts(record: DecisionRecord, is_new: Callable[[Entry], bool]) -> DecisionFacts:
    """`is_new` tells the entries since the last brief of that type from the earlier ones."""
    decision = record.decision
    entries = sorted(record.entries, key=lambda entry: (entry.created_on, len(entry.ref), entry.ref))
    return DecisionFacts(
        id=decision.id,
        rank=decision.rank,
        kind=decision.kind,
        question=decision.question,
        options=record.options,
        recommendation=decision.recommendation,
        owner=record.owner,
        co_owner=record.co_owner,
        objective_keys=record.objective_keys,
        entry_refs=tuple(entry.ref for entry in entries if is_new(entry)),
        earlier_entry_refs=tuple(entry.ref for entry in entries if not is_new(entry)),
    )


def as_said(kind: DecisionKind, question: str) -> str:
    """What stands unless somebody objects is a statement, also when it was typed as a question."""
    return question.rstrip("?. \n") if kind is DecisionKind.RATIFY else question


def is_known(decision: Decision, as_of: datetime) -> bool:
    """Whether it stood on the list then. What was taken off since is not told again."""
    return decision.removed_at is None and decision.entered_at < as_of


def status_at(decision: Decision, as_of: datetime) -> DecisionStatus:
    """Its status then: an answer counts from its moment on."""
    answered = decision.answered_at is not None and decision.answered_at < as_of
    return decision.status if answered else DecisionStatus.ASKED


def count_answers(decisions: Iterable[Decision], as_of: datetime) -> Answered:
    """Over all questions known then, in every kind: how many were asked, and how many taken by then."""
    known = [decision for decision in decisions if is_known(decision, as_of)]
    return Answered(len(known), sum(status_at(decision, as_of) is DecisionStatus.TAKEN for decision in known))


def ends_at(meeting: Meeting) -> datetime:
    return meeting.starts_at + timedelta(minutes=meeting.duration_minutes)


def is_over(meeting: Meeting, now: datetime) -> bool:
    """A cancelled meeting is over too: it decides nothing."""
    return meeting.status is MeetingStatus.CANCELLED or now >= ends_at(meeting)


def split_price(typed: str) -> tuple[str, str | None]:
    """ "keep ten days; no night work" → its text and its price, at the first semicolon."""
    text, _, price = (part.strip() for part in typed.partition(";"))
    return text, price or None


def options_of(rows: Iterable[DecisionOption]) -> tuple[OptionFacts, ...]:
    return tuple(OptionFacts(row.letter, row.text, row.price) for row in sorted(rows, key=lambda row: row.letter))


def parse_refs(typed: str) -> tuple[str, ...]:
    """ "#101, #k7m2 and 102" → the names of entries, each once."""
    words = [word.lower() for word in re.findall(r"[0-9A-Za-z]+", typed)]
    return tuple(dict.fromkeys(word for word in words if word not in _BETWEEN))


def check_proposal(proposal: Proposal) -> tuple[OptionFacts, ...]:
    """The options of a question that can be asked.

    Raises:
        Refused: beside the field that is wrong, with the cure.
    """
    if not proposal.question:
        raise Refused("decision_question_empty", field="question")
    options = tuple(
        OptionFacts(letter, *split_price(proposal.options[letter])) for letter in LETTERS if proposal.options[letter]
    )
    _check_options(proposal, options)
    letters = {option.letter for option in options}
    if proposal.recommendation and proposal.recommendation not in letters:
        raise Refused("decision_no_such_option", field="recommendation", letter=proposal.recommendation)
    if proposal.kind is DecisionKind.RATIFY and proposal.recommendation is None:
        raise Refused("decision_nothing_stands", field="recommendation")
    return options


def _check_options(proposal: Proposal, options: Sequence[OptionFacts]) -> None:
    """Two to four, from A on, each with words; what is to be decided also has a price for each."""
    expected = LETTERS[: max(2, len(options))]
    missing = next((letter for letter in expected if not proposal.options[letter]), None)
    if missing and missing in LETTERS[:2]:
        raise Refused("decision_two_options", field=f"option_{missing.lower()}")
    if missing:
        raise Refused("decision_option_gap", field=f"option_{missing.lower()}", letter=missing)
    for option in options:
        if not option.text:
            raise Refused("decision_option_empty", field=f"option_{option.letter.lower()}")
        if proposal.kind is DecisionKind.DECIDE and option.price is None:
            raise Refused("decision_price_missing", field=f"option_{option.letter.lower()}")


def check_room(kind: DecisionKind, meeting: Meeting, others: Iterable[Decision], now: datetime) -> None:
    """Whether the meeting can be asked this beside the others.

    Raises:
        Refused: it is over, has three to decide already, or has nobody to pass the question on to.
    """
    if is_over(meeting, now):
        raise Refused("decision_meeting_over", field="meeting")
    escalates = meeting.type is MeetingType.PRE_SOP
    if kind is DecisionKind.ESCALATE and not escalates:
        raise Refused("decision_nowhere_to_escalate", field="kind")
    if not has_room(kind, others):
        raise Refused("decision_fourth", field="kind", escalates=escalates)


def has_room(kind: DecisionKind, others: Iterable[Decision]) -> bool:
    """At most three are to be decided; what stands unless somebody objects takes no time."""
    to_decide = sum(other.kind is DecisionKind.DECIDE for other in others)
    return kind is not DecisionKind.DECIDE or to_decide < MOST_TO_DECIDE


def in_order(decision: Decision, others: Iterable[Decision]) -> list[Decision]:
    """All of a meeting's questions with a new one in its place: the last of its kind, what is to be decided first."""
    listed = sorted(others, key=lambda other: (other.rank, other.key))
    place = sum(_ORDER.index(other.kind) <= _ORDER.index(decision.kind) for other in listed)
    return [*listed[:place], decision, *listed[place:]]

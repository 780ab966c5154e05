"""From records to the weekly summary: what was known at one minute, and nothing later.

An entry counts from when it was written, one without a time from when its day is over; one that was written for a
retro from when that retro begins, for until then it is hidden.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from bot.domain.brief import AgreementFact, Pulse
from bot.domain.brief.entries import age, entry_facts, repeats, short_headline
from bot.domain.brief.window import Window
from bot.domain.example import KINDS, Example, example_of, has_number, use_of
from bot.domain.figures import AsOf
from bot.domain.figures.agreements import status_at
from bot.domain.summary.facts import Ahead, SummaryFacts, Thanks, WeekAgreements
from bot.domain.summary.timing import SUNDAY, WEEK, monday_of
from storage.tables import (
    Agreement,
    AgreementStatus,
    Entry,
    Kind,
    Meeting,
    MeetingStatus,
    Side,
    Source,
    Tension,
)

EXAMPLES: Final = 2
COMPARABLE: Final = (timedelta(days=5), timedelta(days=9))
"""A week, give or take a summary that was moved by a day off."""


@dataclass(frozen=True, slots=True)
class Records:
    """The rows a summary is made from; later ones may be among them, they are not seen.

    `entries` are those of two weeks, the earlier ones they repeat, and those that tell the same events; `people` the
    active members of each side that day; `retros` the dialogs around it.
    """

    zone: str
    since: datetime
    sides: Sequence[Side]
    people: Mapping[str, int]
    entries: Sequence[Entry]
    retros: Sequence[Meeting]
    tensions: Sequence[Tension]
    agreements: Sequence[Agreement]
    pulse: Pulse
    ahead: Ahead


def take_summary(records: Records, as_of: datetime) -> SummaryFacts:
    """What the summary says at the minute `as_of` (aware UTC)."""
    zone, length = ZoneInfo(records.zone), as_of - records.since
    window = Window(zone, records.since, as_of)
    known = {entry.id: entry for entry in records.entries if _is_known(entry, window, records.retros)}
    new = sorted((e for e in known.values() if _is_new(e, window, records.retros)), key=age, reverse=True)
    told = _events(new, known, records.sides)
    examples = _most_useful(told)
    return SummaryFacts(
        week=window.today.isocalendar().week,
        since=records.since,
        as_of=as_of,
        entries=entry_facts(new, records.sides, records.people),
        before=_count_before(records, zone) if COMPARABLE[0] <= length <= COMPARABLE[1] else None,
        examples=examples,
        thanks=_thanks(new, examples),
        agreements=_agreements(records.agreements, window),
        came_back=repeats(new, known, records.tensions, window),
        pulse=records.pulse,
        ahead=records.ahead,
        told=tuple(sorted((one.example for one in told), key=lambda one: (KINDS.index(one.kind), one.ref))),
    )


def _count_before(records: Records, zone: ZoneInfo) -> int:
    """Entries of the seven days before."""
    window = Window(zone, records.since - WEEK, records.since)
    known = [entry for entry in records.entries if _is_known(entry, window, records.retros)]
    return sum(_is_new(entry, window, records.retros) for entry in known)


# ---------------------------------------------------------------- when an entry is told


def _reveal(entry: Entry, window: Window, retros: Sequence[Meeting]) -> datetime | None:
    """When the retro begins that the entry was written for; None = none is planned."""
    held = (retro.starts_at for retro in retros if retro.status is not MeetingStatus.CANCELLED)
    return min((at for at in held if _was_before(entry, window, at)), default=None)


def _was_before(entry: Entry, window: Window, at: datetime) -> bool:
    return entry.created_at <= at if entry.created_at else entry.created_on <= window.local_day(at)


def _is_known(entry: Entry, window: Window, retros: Sequence[Meeting]) -> bool:
    if entry.source is not Source.RETRO:
        return window.knows(entry)
    reveal = _reveal(entry, window, retros)
    is_visible = entry.withdrawn_on is None and entry.hidden_reason is None
    return is_visible and reveal is not None and reveal < window.end


def _is_new(entry: Entry, window: Window, retros: Sequence[Meeting]) -> bool:
    """Of a known entry."""
    if entry.source is not Source.RETRO:
        return window.is_new(entry)
    reveal = _reveal(entry, window, retros)
    return reveal is not None and window.start is not None and reveal >= window.start


# ---------------------------------------------------------------- which are told


@dataclass(frozen=True, slots=True)
class _Told:
    """An entry with how useful it is as an example."""

    entry: Entry
    example: Example
    event: str

    @property
    def use(self) -> tuple[bool, bool, bool, bool]:
        return use_of(self.entry, self.example)


def _events(new: Sequence[Entry], known: Mapping[str, Entry], sides: Sequence[Side]) -> list[_Told]:
    """The entries, each with the one beside it; the newest first."""
    partners: dict[str, list[Entry]] = {}
    for entry in sorted(known.values(), key=age):
        if entry.pair_id:
            partners.setdefault(entry.pair_id, []).append(entry)
    return [
        _Told(entry, example_of(entry, partners.get(entry.pair_id or "", ()), sides), entry.pair_id or entry.id)
        for entry in new
    ]


def _most_useful(told: Sequence[_Told]) -> tuple[Example, ...]:
    """Of each event that did not go well the clearest entry; the most useful events, in the order they were written."""
    events: dict[str, _Told] = {}
    for one in reversed(told):
        before = events.get(one.event)
        if one.entry.kind is not Kind.WENT_WELL and (
            before is None or KINDS.index(one.entry.kind) < KINDS.index(before.entry.kind)
        ):
            events[one.event] = one
    best = sorted(events.values(), key=lambda one: (one.use, age(one.entry)), reverse=True)[:EXAMPLES]
    return tuple(one.example for one in sorted(best, key=lambda one: age(one.entry)))


def _thanks(new: Sequence[Entry], examples: Sequence[Example]) -> Thanks | None:
    """What went well and is not beside an example already, if there is such; the largest stated benefit first."""
    taken = {one.beside.ref for one in examples if one.beside}
    wins = [entry for entry in new if entry.kind is Kind.WENT_WELL]
    best = min(wins, key=lambda e: (e.ref in taken, e.effect_eur or 0, not has_number(e)), default=None)
    if best is None:
        return None
    return Thanks(best.ref, short_headline(best), " ".join((best.effect or best.lesson or "").split()))


# ---------------------------------------------------------------- agreements


def _agreements(agreements: Iterable[Agreement], window: Window) -> WeekAgreements:
    """By their date; nobody's name."""
    as_of = AsOf(window.end, window.zone)
    ordered = sorted(agreements, key=lambda one: (one.due_on, one.key))
    made = [(one, status_at(one, as_of)) for one in ordered if window.over(one.made_on)]
    made = [(one, status) for one, status in made if status is not AgreementStatus.PROPOSED]
    still_open = [one for one, status in made if status is AgreementStatus.OPEN]
    next_sunday = monday_of(window.today) + WEEK + SUNDAY
    return WeekAgreements(
        new=_facts(one for one, _ in made if window.newly_over(one.made_on)),
        overdue=_facts(one for one in still_open if window.over(one.due_on)),
        due_today=_facts(one for one in still_open if one.due_on == window.today),
        due=_facts(one for one in still_open if window.today < one.due_on <= next_sunday),
        later=_facts(one for one in still_open if one.due_on > next_sunday),
    )


def _facts(agreements: Iterable[Agreement]) -> tuple[AgreementFact, ...]:
    return tuple(AgreementFact(one.id, " ".join(one.title.split()), one.due_on) for one in agreements)

"""Figures of entries: how many clash, how often the same comes back, how long until it is resolved, who tells of it.

Source: entries that are neither withdrawn nor hidden, written in the period (their day in the company's zone) and known
at the as-of moment.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Final

from bot.domain.figures.periods import AsOf, Period
from bot.domain.figures.rounding import median, percentage
from storage.tables import EntryStatus, Kind, Level

MIN_ENTRIES: Final = 10
MIN_CLASHES_PER_TENSION: Final = 3
MIN_RESOLVED: Final = 5
MIN_CLASHES_TOLD: Final = 5


@dataclass(frozen=True, slots=True)
class EntryFact:
    """What figures look at of an entry, never at its author. A side-only one has no `created_at`."""

    id: str
    kind: Kind
    side: str
    level: Level | None
    tension_key: str | None
    created_on: date
    created_at: datetime | None
    status: EntryStatus
    resolved_on: date | None
    pair_id: str | None
    recurrence_of: str | None


@dataclass(frozen=True, slots=True)
class Share:
    """`count` out of `whole`; `percent` has one decimal, None = too few cases."""

    count: int
    whole: int
    percent: Decimal | None


@dataclass(frozen=True, slots=True)
class Resolution:
    """`median_days` is None under five resolved; `open_median_age_days` when nothing is open."""

    resolved: int
    median_days: int | Decimal | None
    open: int
    open_median_age_days: int | Decimal | None


def known_entries(entries: Iterable[EntryFact], period: Period, as_of: AsOf) -> list[EntryFact]:
    """Those of the period that are known."""
    return [e for e in entries if e.created_on in period and as_of.knows(e.created_at, e.created_on)]


def clashes_of(entries: Iterable[EntryFact]) -> list[EntryFact]:
    return [entry for entry in entries if entry.kind is Kind.CLASH]


def clash_share(entries: Collection[EntryFact]) -> Share:
    """Clash share = clashes / (clashes + went well), in %. Source: kinds of the entries. Shown from 10 of these two."""
    kinds = Counter(entry.kind for entry in entries)
    both = kinds[Kind.CLASH] + kinds[Kind.WENT_WELL]
    return Share(kinds[Kind.CLASH], both, percentage(kinds[Kind.CLASH], both, MIN_ENTRIES))


def level_mix(entries: Collection[EntryFact]) -> dict[Level | None, Share]:
    """Level mix = entries per level / entries, in %; None = not set. Source: levels. Shares shown from 10 entries."""
    levels, whole = Counter(entry.level for entry in entries), len(entries)
    rows: tuple[Level | None, ...] = (*Level, None)
    return {level: Share(levels[level], whole, percentage(levels[level], whole, MIN_ENTRIES)) for level in rows}


def recurrence(entries: Iterable[EntryFact], readable: Collection[str]) -> Share:
    """Recurrence = clashes linked to an earlier entry / clashes, in %. Source: links to entries that can still be read
    (`readable` ids, of any kind, tension and date). Shown from 3 clashes."""
    clashes = clashes_of(entries)
    linked = sum(clash.recurrence_of in readable for clash in clashes)
    return Share(linked, len(clashes), percentage(linked, len(clashes), MIN_CLASHES_PER_TENSION))


def recurrence_per_tension(entries: Iterable[EntryFact], readable: Collection[str]) -> dict[str, Share]:
    """Recurrence of each tension that has a clash, by key: it counts for the tension of the clash. Else as above."""
    by_tension: defaultdict[str, list[EntryFact]] = defaultdict(list)
    for clash in clashes_of(entries):
        if clash.tension_key:
            by_tension[clash.tension_key].append(clash)
    return {tension: recurrence(by_tension[tension], readable) for tension in sorted(by_tension)}


def resolution(entries: Iterable[EntryFact], as_of: AsOf) -> Resolution:
    """Time to resolution = median of (day resolved − day written) of the clashes that are resolved by then, in days;
    beside it how many are not, parked ones too, with the median of (as-of day − day written). Source: status and day of
    resolution. Median shown from 5 resolved."""
    clashes = clashes_of(entries)
    days = [_days(c.created_on, c.resolved_on) for c in clashes if c.resolved_on and _is_resolved(c, as_of)]
    ages = [_days(clash.created_on, as_of.day) for clash in clashes if not _is_resolved(clash, as_of)]
    return Resolution(
        resolved=len(days),
        median_days=median(days) if len(days) >= MIN_RESOLVED else None,
        open=len(ages),
        open_median_age_days=median(ages),
    )


def told_by_both(entries: Iterable[EntryFact], pair_sides: Mapping[str, Sequence[str]]) -> Share:
    """Both told = clashes with an entry of another side on the same event, bridges too / clashes, in %. Source:
    `pair_sides`, the sides of the known entries of each pair. Shown from 5 clashes."""
    clashes = clashes_of(entries)
    told = sum(any(side != clash.side for side in pair_sides.get(clash.pair_id or "", ())) for clash in clashes)
    return Share(told, len(clashes), percentage(told, len(clashes), MIN_CLASHES_TOLD))


def _is_resolved(entry: EntryFact, as_of: AsOf) -> bool:
    return entry.status is EntryStatus.RESOLVED and as_of.over(entry.resolved_on)


def _days(first: date, last: date) -> int:
    return (last - first).days

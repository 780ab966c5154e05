"""Who takes part, by group: entries per member, their balance, and how many answer."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from bot.domain.figures.groups import SMALLEST_GROUP, Group, Partition, may_show_apart, may_show_total
from bot.domain.figures.periods import AsOf, Period
from bot.domain.figures.pulse import GroupResult, Round
from bot.domain.figures.rounding import BALANCE, MEAN, percentage, rounded
from storage.tables import COMPANY, Member


@dataclass(frozen=True, slots=True)
class Participation:
    """By counterpart; None = not shown. `balance` runs from 0 (one side only) to 1, three decimals."""

    members: Mapping[str, int | None]
    entries_per_member: Mapping[str, Decimal | None]
    balance: Decimal | None


@dataclass(frozen=True, slots=True)
class Response:
    """Answers to the weekly question over rounds, late ones too; `percent` has one decimal."""

    asked: int
    answered: int
    percent: Decimal | None


def side_sizes(members: Iterable[Member], period: Period) -> Counter[str]:
    """People of each side active at any time in the period."""
    there = (
        m for m in members if m.active_from <= period.last and (m.active_to is None or m.active_to >= period.first)
    )
    return Counter(member.side for member in there)


def group_sizes(sizes: Mapping[str, int], groups: Partition) -> dict[str, int]:
    """The same for each group."""
    return {
        group: sum(people for side, people in sizes.items() if groups.group_of(side) == group)
        for group in groups.groups
    }


def participation(
    sides: Sequence[str], members: Sequence[Member], groups: Partition, period: Period, as_of: AsOf
) -> Participation:
    """Entries per member = entries of a counterpart in the period / its members on the last day of it (two decimals);
    balance = 1 − |s − o| / (s + o) of these two, exact. Source: `sides`, one for each known entry, those of leavers
    too, and the members with their days. Members are shown from five. Entries by side stand beside the total of all
    entries, so they and the balance are shown only when no group under five could be found by subtraction: the bridges,
    or whoever wrote "from the company"."""
    last = min(period.last, as_of.day)
    by_side = side_sizes(members, Period(period.first, last))
    in_period = group_sizes(by_side, groups)
    on_last_day = group_sizes(side_sizes(members, Period(last, last)), groups)
    counts = Counter(groups.group_of(side) for side in sides)
    shown = _may_show(counts, by_side, on_last_day, in_period)
    rates = {key: _rate(counts[key], on_last_day[key], shown=shown) for key in groups.counterparts}
    return Participation(
        members={key: on_last_day[key] if on_last_day[key] >= SMALLEST_GROUP else None for key in groups.counterparts},
        entries_per_member={key: None if rate is None else rounded(rate, MEAN) for key, rate in rates.items()},
        balance=_balance(rates.get(groups.first), rates.get(groups.second)),
    )


def _may_show(
    counts: Mapping[str, int], by_side: Mapping[str, int], on_last_day: Mapping[str, int], in_period: Mapping[str, int]
) -> bool:
    """Whether the entries by group may stand beside their total. A group is as large as the fewest it stands for."""
    fewest = {group: min(on_last_day[group], there) or (1 if there else 0) for group, there in in_period.items()}
    found = [Group(group, people, counts.get(group, 0)) for group, people in fewest.items()]
    if counts.get(COMPANY):
        candidates = sum(people for people in by_side.values() if people < SMALLEST_GROUP)
        found.append(Group(COMPANY, candidates, counts[COMPANY]))
    return may_show_apart(found)


def response_rates(
    rounds: Sequence[Round], groups: Partition, period: Period, as_of: AsOf
) -> tuple[dict[str, Response | None], Response | None]:
    """Response rate = answered / asked, people of all rounds added, in %; by group, and over all groups. Source: who
    was asked by the weekly question, in rounds asked in the period and closed. A round counts for a group when five of
    it were asked; the total, of all groups as they were then, is shown when in no round one could be
    found by subtracting."""
    found = [r for r in rounds if as_of.local_day(r.asked_at) in period and r.closes_at <= as_of.moment]
    by_group = {
        group: _response(r.of(group) for r in found if r.of(group).asked >= SMALLEST_GROUP) for group in groups.groups
    }
    everywhere = all(may_show_total(result.asked for result in r.groups.values()) for r in found)
    return by_group, _response(result for r in found for result in r.groups.values()) if everywhere else None


def _response(results: Iterable[GroupResult]) -> Response | None:
    people = [(result.asked, result.answered) for result in results]
    asked, answered = sum(there for there, _ in people), sum(said for _, said in people)
    return Response(asked, answered, percentage(answered, asked)) if asked else None


def _rate(count: int, members: int, shown: bool) -> Fraction | None:
    return Fraction(count, members) if shown and members >= SMALLEST_GROUP else None


def _balance(first: Fraction | None, second: Fraction | None) -> Decimal | None:
    if first is None or second is None or first + second == 0:
        return None
    return rounded(1 - abs(first - second) / (first + second), BALANCE)

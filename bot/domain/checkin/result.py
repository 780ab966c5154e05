"""What may be shown of a closed round: who took part in counts, the pulse of both sides.

One partition of the sides for all of it. A group of which fewer than five were asked has no count, and nowhere stands a
total from which it could be found. Nor is said how many answered where fewer than five did, none of them included:
beside the examples and texts with a name it would tell of each of the others that they did not.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Final

from bot.domain.figures import SMALLEST_GROUP, Partition, Round, last_rounds, pulse_window

TREND: Final = 13
"""Rounds in the chart: a quarter of weeks."""


@dataclass(frozen=True, slots=True)
class Part:
    """How many of a group (`key`) were asked, and how many of them answered in time; None = fewer than five."""

    key: str
    asked: int
    answered: int | None


@dataclass(frozen=True, slots=True)
class Participation:
    """`shown` in the order of the company; `hidden` are the groups of which too few were asked. `both_answered`:
    everybody can see that each counterpart gave five answers or more.
    """

    shown: tuple[Part, ...]
    hidden: tuple[str, ...]
    both_answered: bool


@dataclass(frozen=True, slots=True)
class TrendPoint:
    """Means of the two counterparts over the window that ends with that round: both or neither."""

    label: str
    first: Decimal | None
    second: Decimal | None


def participation(parts: Sequence[Part], groups: Partition) -> Participation:
    """Counts beside the asked, for groups of which five were asked."""
    by_key = {part.key: part for part in parts if part.asked}
    ordered = [by_key[key] for key in groups.groups if key in by_key]
    shown = [_without_few(part) for part in ordered if part.asked >= SMALLEST_GROUP]
    enough = {part.key for part in shown if part.answered is not None}
    return Participation(
        shown=tuple(shown),
        hidden=tuple(part.key for part in ordered if part.asked < SMALLEST_GROUP),
        both_answered={groups.first, groups.second} <= enough,
    )


def _without_few(part: Part) -> Part:
    return part if part.answered and part.answered >= SMALLEST_GROUP else replace(part, answered=None)


def pulse_trend(rounds: Sequence[Round], groups: Partition, as_of: datetime) -> tuple[TrendPoint, ...]:
    """The last thirteen rounds closed by then, each with the window it ends, oldest first."""
    return tuple(_point(rounds, groups, one) for one in last_rounds(rounds, as_of, TREND))


def _point(rounds: Sequence[Round], groups: Partition, ending: Round) -> TrendPoint:
    up_to = [one for one in rounds if (one.closes_at, one.label) <= (ending.closes_at, ending.label)]
    first, second = (pulse_window(up_to, ending.closes_at, group) for group in (groups.first, groups.second))
    if first is None or second is None:
        return TrendPoint(ending.label, None, None)
    return TrendPoint(ending.label, first.mean, second.mean)


def text_side(key: str, participation_: Participation) -> str | None:
    """The group that a text without a name is shown with; None where it is too small: "from the company"."""
    return key if any(part.key == key for part in participation_.shown) else None

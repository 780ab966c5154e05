"""Figures and what of them may be shown (product.md section 4). Exact until the one rounding, halves away from zero."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

SMALLEST_GROUP = 5
"""People. A figure about fewer would point at persons."""


@dataclass(frozen=True, slots=True)
class Group:
    """What is counted of a group of `people`."""

    key: str
    people: int
    count: int


def round_half_away(exact: Decimal, decimals: int) -> Decimal:
    return exact.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)


def change(now: float, before: float) -> Decimal:
    """How much a value moved, in its own unit, one decimal."""
    return round_half_away(Decimal(str(now)) - Decimal(str(before)), 1)


def may_show_apart(groups: Iterable[Group]) -> bool:
    """Whether the counts of the groups may stand beside their total.

    One group under five hides them all: whoever subtracts what is shown from the total would find it. A group without
    people and without a count is no group.
    """
    return all(group.people >= SMALLEST_GROUP or group.people == group.count == 0 for group in groups)

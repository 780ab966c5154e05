"""One rounding, from exact counts, halves away from zero."""

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

PERCENT, MEAN, BALANCE = 1, 2, 3
"""Decimals of percentages, of means and gaps, of balances."""


def rounded(exact: Fraction, decimals: int) -> Decimal:
    """The nearest number with that many decimals; what lies in the middle goes away from zero."""
    scaled = abs(exact) * 10**decimals
    nearest = (2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator)
    return Decimal(nearest if exact >= 0 else -nearest).scaleb(-decimals)


def percentage(part: int, whole: int, shown_from: int = 1) -> Decimal | None:
    """100 · part / whole in %, one decimal; None while `whole` is under `shown_from`, or nothing."""
    return rounded(Fraction(100 * part, whole), PERCENT) if whole >= max(shown_from, 1) else None


def mean(values: Sequence[int | Fraction], decimals: int = MEAN) -> Decimal | None:
    return rounded(Fraction(sum(values)) / len(values), decimals) if values else None


def median(values: Sequence[int]) -> int | Decimal | None:
    """The middle, exact; between two middles the half."""
    if not values:
        return None
    ordered, middle = sorted(values), len(values) // 2
    if len(values) % 2:
        return ordered[middle]
    return Decimal(ordered[middle - 1] + ordered[middle]) / 2


def change(now: float, before: float) -> Decimal:
    """How much a value moved, in its own unit, one decimal."""
    return (Decimal(str(now)) - Decimal(str(before))).quantize(Decimal("0.1"), rounding=ROUND_HALF_UP)

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from statistics import median as exact_median

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.figures import change, mean, median, percentage, rounded


@pytest.mark.parametrize(
    ("exact", "decimals", "printed"),
    [
        (Fraction(5, 8), 2, "0.63"),  # 0.625: bankers would say 0.62
        (Fraction(-5, 8), 2, "-0.63"),
        (Fraction(1, 8), 2, "0.13"),
        (Fraction(3, 200), 2, "0.02"),
        (Fraction(2675, 1000), 2, "2.68"),  # as a float it is below the middle
        (Fraction(1, 3), 1, "0.3"),
        (Fraction(0), 2, "0.00"),
        (Fraction(2), 3, "2.000"),
    ],
)
def test_halves_go_away_from_zero(exact: Fraction, decimals: int, printed: str) -> None:
    assert str(rounded(exact, decimals)) == printed


@given(st.integers(-(10**6), 10**6), st.integers(0, 4))
def test_the_same_as_decimals_where_those_are_exact(thousandths: int, decimals: int) -> None:
    exact = Decimal(thousandths) / 1000

    assert rounded(Fraction(exact), decimals) == exact.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)


@given(st.fractions(-(10**9), 10**9), st.integers(0, 4))
def test_never_further_away_than_half_a_step(exact: Fraction, decimals: int) -> None:
    assert abs(Fraction(rounded(exact, decimals)) - exact) <= Fraction(1, 2 * 10**decimals)


def test_a_percentage_needs_enough_cases() -> None:
    assert percentage(1, 3) == Decimal("33.3")
    assert percentage(9, 10, shown_from=10) == Decimal("90.0")
    assert percentage(9, 9, shown_from=10) is percentage(0, 0) is None


@given(st.lists(st.integers(-1000, 1000), min_size=1))
def test_medians_are_exact(values: list[int]) -> None:
    assert float(median(values) or 0) == exact_median(values)


def test_nothing_has_no_mean_and_no_median() -> None:
    assert mean([]) is median([]) is None
    assert (median([1, 2]), median([3, 1, 2])) == (Decimal("1.5"), 2)


def test_a_change_in_its_own_unit() -> None:
    assert (change(0.3, 0.25), change(96.3, 97.1)) == (Decimal("0.1"), Decimal("-0.8"))

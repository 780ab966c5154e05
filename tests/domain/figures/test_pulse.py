from decimal import Decimal
from fractions import Fraction
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.figures import (
    Direction,
    GroupResult,
    PulseWindow,
    Round,
    direction,
    gap_direction,
    last_rounds,
    pulse_gap,
    pulse_points,
    pulse_window,
    rounded,
    strategy_recall,
    weekly_pulse,
)
from storage.tables import SideKind
from tests.domain.figures.rounds import a_round, closes, sides


def test_the_last_four_closed_rounds_and_the_four_before() -> None:
    rounds = [a_round(week) for week in Random(4).sample(range(1, 11), 10)]

    assert [r.label for r in last_rounds(rounds, closes(9), 4)] == ["W06", "W07", "W08", "W09"]
    assert [r.label for r in last_rounds(rounds, closes(9), 4, skip=4)] == ["W02", "W03", "W04", "W05"]
    assert [r.label for r in last_rounds(rounds, closes(2), 4)] == ["W01", "W02"]
    assert last_rounds(rounds, closes(2), 4, skip=4) == ()


def test_a_window_is_the_mean_of_all_answers_and_counts_people_once() -> None:
    rounds = [a_round(1, sales=[1, 2, 3, 4, 5]), a_round(2, sales=[5, 5, 5, 5, 4, 5, 5, 2])]

    assert pulse_window(rounds, closes(2), "sales") == PulseWindow(Decimal("3.92"), 13, 8)


def test_a_round_with_four_answers_counts_nowhere() -> None:
    rounds = [a_round(1, sales=[1, 2, 3, 4, 5]), a_round(2, sales=[5, 5, 4, 5])]

    assert pulse_window(rounds, closes(2), "sales") == PulseWindow(Decimal("3.00"), 5, 5)
    assert pulse_window(rounds[1:], closes(2), "sales") is None
    assert [point.mean for point in pulse_points(rounds, closes(2), "sales", 8)] == [Decimal("3.00"), None]


@pytest.mark.parametrize(
    ("scores", "counts"),
    [
        ([5, 5, 5, 5, 5], False),
        ([5, 5, 5, 5, 4], False),
        ([5, 5, 5, 4, 4], True),
        ([5, 5, 5, 5, 3], True),
        ([1, 1, 1, 1, 2], False),
        ([1, 1, 1, 1, 3], True),
        ([3, 3, 3, 3, 3], True),  # may be 2 and 4 as well
    ],
)
def test_answers_all_at_one_end_count_nowhere(scores: list[int], counts: bool) -> None:
    assert a_round(1, sales=scores).counts("sales") is counts


@given(st.lists(st.lists(st.integers(1, 5), min_size=0, max_size=9), min_size=1, max_size=4))
def test_a_mean_is_that_of_the_answers_in_rounds_that_count(weeks: list[list[int]]) -> None:
    rounds = [a_round(week, sales=scores) for week, scores in enumerate(weeks, start=1)]
    answers = [s for scores, found in zip(weeks, rounds, strict=True) for s in scores if found.counts("sales")]

    window = pulse_window(rounds, closes(9), "sales")
    assert (window and window.mean) == (rounded(Fraction(sum(answers), len(answers)), 2) if answers else None)


def test_a_gap_is_that_of_the_printed_means() -> None:
    first, second = PulseWindow(Decimal("3.50"), 30, 8), PulseWindow(Decimal("2.95"), 19, 7)

    assert pulse_gap(first, second) == Decimal("0.55")
    assert pulse_gap(first, None) is pulse_gap(None, second) is None


@pytest.mark.parametrize(
    ("now", "before", "word"),
    [
        ("3.30", "3.00", Direction.BETTER),
        ("3.29", "3.00", Direction.SAME),
        ("3.00", "3.30", Direction.WORSE),
        ("3.00", "3.29", Direction.SAME),
        ("3.00", None, Direction.SAME),
        (None, "3.00", Direction.SAME),
    ],
)
def test_a_mean_moved_from_030_on(now: str | None, before: str | None, word: Direction) -> None:
    assert direction(now and Decimal(now), before and Decimal(before)) is word  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("now", "before", "word"),
    [
        ("0.55", "0.28", Direction.SAME),
        ("0.58", "0.28", Direction.WIDER),
        ("0.28", "0.58", Direction.NARROWER),
        ("-0.58", "-0.28", Direction.WIDER),
        ("-0.28", "-0.58", Direction.NARROWER),
        ("-0.20", "0.20", Direction.SAME),  # turned around, as wide as before
        (None, "0.28", Direction.SAME),
    ],
)
def test_a_gap_is_wider_or_narrower_by_its_size(now: str | None, before: str | None, word: Direction) -> None:
    assert gap_direction(now and Decimal(now), before and Decimal(before)) is word  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("scores", "recall"),
    [
        ({3: 3, 2: 4}, (3, 7, "42.9")),
        ({5: 1, 0: 4}, (1, 5, "20.0")),
        ({5: 2, 0: 2}, None),  # four people
        ({3: 6}, None),  # all of them: it would be known of each
        ({2: 6}, None),
    ],
)
def test_recall(scores: dict[int, int], recall: tuple[int, int, str] | None) -> None:
    asked = Round("W13", closes(1), closes(2), 0, 5, {"sales": GroupResult(scores=scores)})

    found = strategy_recall(asked, "sales")
    assert (found and (found.named, found.people, str(found.percent))) == recall
    assert strategy_recall(None, "sales") is None


def test_the_weekly_pulse_of_a_company_without_rounds() -> None:
    facts = weekly_pulse(None, [], sides(), closes(1))

    assert (facts.rounds, facts.gap, facts.hidden) == ((), None, "no_round")
    assert {side.hidden for side in facts.sides.values()} == {"no_round"}


def test_one_side_only_has_no_gap() -> None:
    facts = weekly_pulse("Q1", [a_round(1, sales=[1, 2, 3, 4, 5])], sides(sales=SideKind.COUNTERPART), closes(1))

    assert facts.sides["sales"].mean == Decimal("3.00")
    assert (facts.gap, facts.hidden) == (None, "too_few")

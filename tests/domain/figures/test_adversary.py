"""No leak in random companies; and every leak that is planted is found, or the search would prove nothing."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from bot.domain.checkin import result
from bot.domain.figures import PulseWindow, Round, agreements, participation, pulse, reach, weekly, whole
from tests.domain.figures_adversary import Leak, attack
from tests.domain.figures_company import a_company

COMPANIES = 300
Plant = Callable[[pytest.MonkeyPatch], None]


def test_nothing_can_be_learned_of_random_companies() -> None:
    assert [leak for seed in range(COMPANIES) for leak in attack(a_company(seed))] == []


def counts_from_one_answer(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(pulse, "SMALLEST_GROUP", 1)


def counts_answers_instead_of_rounds(patch: pytest.MonkeyPatch) -> None:
    """Five answers in a window, by whoever, in place of five in each round."""
    real = pulse.pulse_window

    def window(rounds: Any, as_of: Any, group: str, size: int = 4, skip: int = 0) -> PulseWindow | None:
        patch.setattr(pulse, "SMALLEST_GROUP", 1)
        found = real(rounds, as_of, group, size, skip)
        patch.setattr(pulse, "SMALLEST_GROUP", 5)
        return found if found and found.answers >= 5 else None

    for module in (weekly, whole, pulse):
        patch.setattr(module, "pulse_window", window)


def shows_points_of_few(patch: pytest.MonkeyPatch) -> None:
    real = pulse.pulse_points

    def points(*arguments: Any) -> Any:
        patch.setattr(pulse, "SMALLEST_GROUP", 2)
        found = real(*arguments)
        patch.setattr(pulse, "SMALLEST_GROUP", 5)
        return found

    patch.setattr(weekly, "pulse_points", points)


def shows_a_gap_beside_one_mean(patch: pytest.MonkeyPatch) -> None:
    def gap(first: PulseWindow | None, second: PulseWindow | None) -> Decimal | None:
        return (first.mean if first else Decimal(3)) - (second.mean if second else Decimal(3))

    patch.setattr(whole, "pulse_gap", gap)


def shows_when_all_say_the_same(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(Round, "counts", lambda self, group: self.of(group).answers >= 5)


def shows_recall_of_all_or_none(patch: pytest.MonkeyPatch) -> None:
    def recall(latest: Round | None, group: str) -> pulse.Recall | None:
        if latest is None or latest.of(group).answers < 5:
            return None
        named = sum(number for score, number in latest.of(group).scores.items() if score >= 3)
        return pulse.Recall(named, latest.of(group).answers, Decimal(0))

    patch.setattr(whole, "strategy_recall", recall)


def always_shows_the_total_of_responses(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(participation, "may_show_total", lambda people: True)


def shows_responses_of_few(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(participation, "SMALLEST_GROUP", 2)


def always_shows_entries_by_side(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(participation, "may_show_apart", lambda groups: True)


def shows_what_a_small_side_thinks_of_agreements(patch: pytest.MonkeyPatch) -> None:
    real = agreements.evaluations
    patch.setattr(whole, "evaluations", lambda *known, **_: real(*known, both_sides_shown=True))


def counts_read_receipts_of_few(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(reach, "SMALLEST_GROUP", 1)


def counts_few_in_the_result_of_a_round(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(result, "SMALLEST_GROUP", 2)


def draws_the_line_of_one_side(patch: pytest.MonkeyPatch) -> None:
    def point(rounds: Any, groups: Any, ending: Round) -> result.TrendPoint:
        windows = [pulse.pulse_window(rounds, ending.closes_at, group) for group in (groups.first, groups.second)]
        first, second = (window.mean if window else None for window in windows)
        return result.TrendPoint(ending.label, first, second)

    patch.setattr(result, "_point", point)


PLANTS: list[Plant] = [
    counts_few_in_the_result_of_a_round,
    draws_the_line_of_one_side,
    counts_from_one_answer,
    counts_answers_instead_of_rounds,
    shows_points_of_few,
    shows_a_gap_beside_one_mean,
    shows_when_all_say_the_same,
    shows_recall_of_all_or_none,
    always_shows_the_total_of_responses,
    shows_responses_of_few,
    always_shows_entries_by_side,
    shows_what_a_small_side_thinks_of_agreements,
    counts_read_receipts_of_few,
]


@pytest.mark.parametrize("plant", PLANTS)
def test_a_planted_leak_is_found(plant: Plant, monkeypatch: pytest.MonkeyPatch) -> None:
    plant(monkeypatch)

    assert first_leak() is not None


def test_means_times_counts_finds_the_sum_of_a_hidden_round(monkeypatch: pytest.MonkeyPatch) -> None:
    """The arithmetic by itself, without looking at other worlds for a difference."""
    counts_answers_instead_of_rounds(monkeypatch)

    found = {leak.attack for seed in range(40) for leak in attack(a_company(seed))}
    assert "means times counts" in found


def first_leak() -> Leak | None:
    return next((leak for seed in range(120) for leak in attack(a_company(seed))), None)

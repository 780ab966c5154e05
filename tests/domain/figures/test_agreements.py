from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot.domain.figures import AsOf, Period, end_of
from bot.domain.figures.agreements import Evaluation, evaluations, kept_rate
from storage.tables import Agreement, AgreementStatus

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
JUNE = Period(date(2026, 6, 1), date(2026, 6, 30))
AS_OF = AsOf(end_of(date(2026, 6, 30), AMSTERDAM), AMSTERDAM)
OPEN, KEPT, PARTLY = AgreementStatus.OPEN, AgreementStatus.KEPT, AgreementStatus.PARTLY_KEPT


def agreement(status: AgreementStatus = KEPT, due: int = 15, closed: int | None = 15, **changes: Any) -> Agreement:
    """Due and closed on those days of June."""
    columns: dict[str, Any] = {
        "id": "a",
        "workspace_id": "w",
        "key": "A",
        "title": "",
        "text": "",
        "made_on": date(2026, 5, 1),
        "owner_id": "",
        "partner_id": "",
        "due_on": date(2026, 6, due),
        "status": status,
        "closed_on": closed and date(2026, 6, closed),
        "objective_key": "O1",
        "measure": "OTIF",
    }
    return Agreement(**columns | changes)


def test_rates_of_what_was_due() -> None:
    made_of = [agreement(), agreement(closed=16), agreement(PARTLY), agreement(OPEN, closed=None)]
    kept = kept_rate(
        [*made_of, agreement(AgreementStatus.NOT_KEPT), agreement(AgreementStatus.SUPERSEDED)], JUNE, AS_OF
    )

    assert (kept.due, kept.kept, kept.partly_kept, kept.not_kept, kept.overdue, kept.kept_on_time) == (5, 2, 1, 1, 1, 1)
    assert (kept.kept_rate, kept.weighted_rate, kept.on_time_rate) == (
        Decimal("40.0"),
        Decimal("50.0"),
        Decimal("20.0"),
    )
    four = kept_rate(made_of, JUNE, AS_OF)
    assert (four.due, four.kept, four.kept_rate, four.weighted_rate, four.on_time_rate) == (4, 2, None, None, None)


@pytest.mark.parametrize(
    ("status", "due", "closed", "is_due"),
    [
        (OPEN, 30, None, False),  # there is still the day itself
        (KEPT, 30, 30, True),
        (KEPT, 30, 12, True),
        (OPEN, 29, None, True),
        (AgreementStatus.PROPOSED, 10, None, False),
        (AgreementStatus.SUPERSEDED, 10, 12, False),
    ],
)
def test_what_is_due_on_the_last_day(status: AgreementStatus, due: int, closed: int | None, is_due: bool) -> None:
    assert kept_rate([agreement(status, due, closed)], JUNE, AS_OF).due == is_due


def test_a_status_counts_from_its_day_on() -> None:
    morning = AsOf(datetime(2026, 6, 15, 7, tzinfo=UTC), AMSTERDAM)

    assert kept_rate([agreement(due=15, closed=15)], JUNE, morning).due == 0
    before = kept_rate([agreement(due=10, closed=15)], JUNE, morning)
    assert (before.due, before.kept, before.overdue) == (1, 0, 1)
    assert kept_rate([agreement(due=10, closed=14)], JUNE, morning).kept == 1


def test_what_was_made_in_the_period_is_complete_with_objective_and_measure() -> None:
    made = [agreement(made_on=date(2026, 6, 1)), agreement(made_on=date(2026, 6, 30), measure="")]

    assert (kept_rate(made, JUNE, AS_OF).made, kept_rate(made, JUNE, AS_OF).complete_rate) == (2, Decimal("50.0"))
    assert kept_rate([], JUNE, AS_OF).complete_rate is None


def scored(first: int | None, second: int | None, effect: int | None = 1, day: int = 20, **changes: Any) -> Agreement:
    when = date(2026, 6, day)
    return agreement(score_first=first, score_second=second, score_objective=effect, evaluated_on=when, **changes)


def test_an_evaluation_from_three_agreements_scored_by_both_sides() -> None:
    found = [scored(2, 1), scored(-1, 2), scored(0, 0, status=AgreementStatus.SUPERSEDED), scored(2, None)]

    assert evaluations(found, JUNE, AS_OF, both_sides_shown=True) == {
        "O1": Evaluation(3, Decimal("0.67"), Decimal("0.33"), Decimal("1.00"), Decimal("1.00"), Decimal("1.33"))
    }
    assert evaluations(found[:2], JUNE, AS_OF, both_sides_shown=True) == {"O1": Evaluation(2)}


def test_a_small_side_hides_what_both_said_but_not_the_effect() -> None:
    found = [scored(2, 1), scored(-1, 2), scored(0, 0)]

    assert evaluations(found, JUNE, AS_OF, both_sides_shown=False) == {"O1": Evaluation(3, effect=Decimal("1.00"))}


def test_evaluated_later_or_without_an_objective_is_not_there() -> None:
    morning = AsOf(datetime(2026, 6, 20, 7, tzinfo=UTC), AMSTERDAM)

    assert evaluations([scored(1, 1, day=20)], JUNE, morning, both_sides_shown=True) == {}
    assert evaluations([scored(1, 1, objective_key=None)], JUNE, AS_OF, both_sides_shown=True) == {}

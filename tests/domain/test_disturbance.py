"""Changes ahead: what can be announced, how long it counts, and how long its extra round is open."""

from dataclasses import replace
from datetime import date

import pytest

from bot.domain.disturbance import Announcement, check_announcement, days_to_answer, linked_until
from bot.domain.errors import Refused
from bot.domain.work_calendar import WorkCalendar
from storage.tables import DisturbanceKind

TODAY = date(2026, 6, 10)
KING = Announcement(DisturbanceKind.NEW_CUSTOMER, "Retailer E: 40 pallets a week", TODAY, ("sales",), ())


def test_what_touches_one_person_alone_can_be_announced() -> None:
    check_announcement(replace(KING, sides=(), people=("U1",)), TODAY)


@pytest.mark.parametrize(
    ("wrong", "field", "sentence"),
    [
        ({"what": ""}, "what", "disturbance_what_empty"),
        ({"what": "x" * 201}, "what", "disturbance_what_long"),
        ({"from_on": date(2026, 6, 9)}, "from_on", "day_passed"),
        ({"from_on": date(2027, 6, 12)}, "from_on", "disturbance_too_far"),
        ({"sides": ()}, "sides", "disturbance_touches_nobody"),
    ],
)
def test_what_cannot_be_announced_is_said_beside_its_field(wrong: dict[str, object], field: str, sentence: str) -> None:
    with pytest.raises(Refused) as refused:
        check_announcement(replace(KING, **wrong), TODAY)  # type: ignore[arg-type]
    assert (refused.value.field, refused.value.sentence) == (field, sentence)


def test_examples_count_for_four_weeks_from_the_day_it_begins() -> None:
    assert linked_until(TODAY, TODAY) == date(2026, 7, 8)
    assert linked_until(TODAY, date(2026, 7, 1)) == date(2026, 7, 29)


@pytest.mark.parametrize(
    ("day", "days"),
    [
        (date(2026, 6, 10), 2),  # Wednesday: until Friday
        (date(2026, 6, 11), 4),  # Thursday: until Monday
        (date(2026, 6, 13), 3),  # Saturday: Monday and Tuesday
        (date(2026, 4, 2), 5),  # Thursday before Easter: Friday, and Monday is off
    ],
)
def test_the_extra_round_is_open_for_two_working_days(day: date, days: int) -> None:
    easter = WorkCalendar(holidays={date(2026, 4, 6): "Easter Monday"})
    assert days_to_answer(day, easter) == days

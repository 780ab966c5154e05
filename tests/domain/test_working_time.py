"""When somebody works: their own week, the holidays of where they are, their absences, and their hours."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.work_calendar import WorkCalendar, calendar_of
from bot.domain.working_time import WorkingTime
from storage.tables import Outcome
from tests.domain.checkin.people import days_around_changes, may_be_asked, may_work, people, quarters, zone_names

AMSTERDAM = "Europe/Amsterdam"
DUTCH = calendar_of("NL", 2026, 2026, {}, frozenset(), "en")
MONDAY, FRIDAY, SATURDAY, SUNDAY = date(2026, 3, 23), date(2026, 3, 27), date(2026, 3, 28), date(2026, 3, 29)
THURSDAY, KINGS_DAY = date(2026, 3, 26), date(2026, 4, 27)


def at(day: date, clock: str, zone: str = AMSTERDAM) -> datetime:
    return datetime.combine(day, time.fromisoformat(clock), ZoneInfo(zone)).astimezone(UTC)


def test_the_week_of_the_country_unless_they_have_their_own() -> None:
    usual, part_time = WorkingTime(AMSTERDAM, DUTCH), WorkingTime(AMSTERDAM, DUTCH, frozenset({0, 1, 5}))
    week = [MONDAY + timedelta(days=number) for number in range(7)]
    assert [day.weekday() for day in week if usual.is_working(day)] == [0, 1, 2, 3, 4]
    assert [day.weekday() for day in week if part_time.is_working(day)] == [0, 1, 5]


def test_a_holiday_is_a_day_off_in_every_week() -> None:
    mondays = WorkingTime(AMSTERDAM, DUTCH, frozenset({0}))
    assert WorkingTime(AMSTERDAM, DUTCH).why_not(KINGS_DAY) is Outcome.DAY_OFF
    assert mondays.why_not(KINGS_DAY) is Outcome.DAY_OFF
    assert mondays.is_working(KINGS_DAY - timedelta(days=7))


def test_a_saturday_the_company_works_is_no_day_of_a_part_timer() -> None:
    calendar = WorkCalendar({MONDAY: "works closed"}, extra_working=frozenset({SATURDAY, MONDAY}))
    assert WorkingTime(AMSTERDAM, calendar).is_working(SATURDAY)
    part_time = WorkingTime(AMSTERDAM, calendar, frozenset({0, 1}))
    assert part_time.why_not(SATURDAY) is Outcome.DAY_OFF
    assert part_time.is_working(MONDAY)


def test_an_absence_has_both_its_days_and_says_more_than_a_day_off() -> None:
    away = WorkingTime(AMSTERDAM, DUTCH, away=((THURSDAY, SUNDAY),))
    days = [THURSDAY - timedelta(days=1), THURSDAY, SATURDAY, SUNDAY, SUNDAY + timedelta(days=1)]
    assert [away.why_not(day) for day in days] == [None, Outcome.AWAY, Outcome.AWAY, Outcome.AWAY, None]


@pytest.mark.parametrize(
    ("after", "found"),
    [
        (at(THURSDAY, "07:59"), at(THURSDAY, "08:00")),
        (at(THURSDAY, "08:00"), at(THURSDAY, "08:00")),
        (at(THURSDAY, "17:59:59"), at(THURSDAY, "17:59:59")),
        (at(THURSDAY, "18:00"), at(FRIDAY, "08:00")),
        (at(FRIDAY, "23:30"), at(SUNDAY + timedelta(days=1), "08:00")),
    ],
)
def test_the_next_moment_of_their_hours(after: datetime, found: datetime) -> None:
    """The clock changes on that Sunday."""
    works = WorkingTime(AMSTERDAM, DUTCH)
    assert works.next_moment(after, after + timedelta(days=4)) == found
    assert works.next_moment(after, found) is None
    assert works.next_moment(after, found + timedelta(microseconds=1)) == found


def test_their_hours_are_those_of_their_own_clock() -> None:
    """Nine in Amsterdam is four in New York, noon in Dubai and evening in Auckland."""
    nine = at(THURSDAY, "09:00")
    zones = ("America/New_York", "Asia/Dubai", "Pacific/Auckland")
    found = {zone: WorkingTime(zone, DUTCH).next_moment(nine, nine + timedelta(days=4)) for zone in zones}
    assert found == {
        "America/New_York": at(THURSDAY, "08:00", "America/New_York"),
        "Asia/Dubai": nine,
        "Pacific/Auckland": at(FRIDAY, "08:00", "Pacific/Auckland"),
    }


@given(st.data(), zone_names, st.integers(0, 24 * 60 - 1), st.integers(0, 6 * 24 * 60))
def test_it_is_the_first_moment_within_their_hours(data: st.DataObject, zone: str, minute: int, length: int) -> None:
    day = data.draw(days_around_changes(zone))
    works = data.draw(people(zone, day))
    after = datetime.combine(day, time(), UTC) + timedelta(minutes=minute)
    before = after + timedelta(minutes=length)

    found = works.next_moment(after, before)

    if found is not None:
        assert after <= found < before
        assert may_be_asked(works, found)
    assert not [moment for moment in quarters(after, found or before) if may_be_asked(works, moment)]


@given(st.data(), zone_names)
def test_a_day_is_worked_or_there_is_a_reason(data: st.DataObject, zone: str) -> None:
    day = data.draw(days_around_changes(zone))
    works = data.draw(people(zone, day))
    assert works.is_working(day) is may_work(works, day) is (works.why_not(day) is None)
    is_away = any(first <= day <= last for first, last in works.away)
    assert (works.why_not(day) is Outcome.AWAY) is is_away

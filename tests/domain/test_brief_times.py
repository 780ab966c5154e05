"""A brief is due at the right local minute, on a working day, before its meeting."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.brief_times import USUAL, BriefTime, brief_due
from bot.domain.public_holidays import public_holidays, weekend_of
from bot.domain.recurrence import Rule, meeting_days, moment
from bot.domain.work_calendar import WorkCalendar, calendar_of
from bot.services.samples import read_sample
from storage.tables import Shift
from tests.domain.test_recurrence import DUTCH, calendars, days, rules, times, zone_names

LONG_AGO = datetime(2025, 1, 1, tzinfo=UTC)
AMSTERDAM = "Europe/Amsterdam"


def test_the_sample_companys_briefs_are_due_when_it_says() -> None:
    expected = [(meeting.starts_at, meeting.brief_due_at) for meeting in read_sample().meetings if meeting.brief_due_at]
    assert len(expected) == 24
    assert [(at, brief_due(at, USUAL, AMSTERDAM, DUTCH, LONG_AGO)) for at, _ in expected] == expected


@pytest.mark.parametrize(
    ("meeting", "due"),
    [
        ("2026-06-15 11:30", "2026-06-11 07:00"),  # over a weekend
        ("2026-04-07 08:00", "2026-04-01 07:00"),  # over Good Friday and Easter
        ("2026-03-30 11:30", "2026-03-26 08:00"),  # over the clock change: 09:00 is another hour of UTC
        ("2026-01-02 12:30", "2025-12-30 08:00"),  # over the new year
    ],
)
def test_two_working_days_before_at_nine(meeting: str, due: str) -> None:
    assert brief_due(_utc(meeting), USUAL, AMSTERDAM, DUTCH, LONG_AGO) == _utc(due)


@pytest.mark.parametrize(
    ("now", "due"),
    [
        ("2026-06-11 06:59", "2026-06-11 07:00"),
        ("2026-06-11 07:00", "2026-06-11 07:00"),
        ("2026-06-11 07:01", "2026-06-12 07:00"),
        ("2026-06-13 09:00", "2026-06-15 07:00"),
        ("2026-06-15 08:00", None),
    ],
)
def test_a_meeting_planned_late_has_its_brief_at_the_next_nine_o_clock(now: str, due: str | None) -> None:
    found = brief_due(_utc("2026-06-15 11:30"), USUAL, AMSTERDAM, DUTCH, _utc(now))
    assert found == (_utc(due) if due else None)


def test_no_brief_comes_on_a_day_off_even_when_the_meeting_does() -> None:
    """Planned on Friday at noon for Saturday afternoon."""
    assert brief_due(_utc("2026-06-13 12:00"), USUAL, AMSTERDAM, DUTCH, _utc("2026-06-12 10:00")) is None


@settings(max_examples=300)
@given(rules, days, calendars, st.sampled_from(list(Shift)), zone_names, zone_names, times, st.integers(1, 5), times)
def test_every_brief_is_due_at_the_right_local_minute_on_a_working_day_once(
    rule: Rule,
    starts_on: date,
    calendar: WorkCalendar,
    shift: Shift,
    zone: str,
    company: str,
    meeting_at: time,
    lead: int,
    brief_at: time,
) -> None:
    """The meeting may be in another zone than the company; the brief keeps to the company's clock and calendar."""
    held = [
        moment(day.on, meeting_at, zone)
        for day in meeting_days(rule, starts_on, starts_on, starts_on + timedelta(days=200), calendar, shift)
        if day.on
    ]
    for starts_at in held:
        due = brief_due(starts_at, BriefTime(lead, brief_at), company, calendar, LONG_AGO)
        assert due is not None
        on, meeting_day = _local(due, company).date(), _local(starts_at, company).date()
        assert due < starts_at
        assert due == moment(on, brief_at, company)
        assert calendar.is_working(on)
        assert sum(1 for _ in calendar.working_days(on, meeting_day - timedelta(days=1))) == lead


@given(days, times, calendars, st.integers(1, 5), st.integers(-20_000, 20_000))
def test_whenever_it_is_planned_it_is_due_later_and_before_the_meeting(
    day: date, at: time, calendar: WorkCalendar, lead: int, minutes: int
) -> None:
    starts_at = moment(day, at, AMSTERDAM)
    now = starts_at + timedelta(minutes=minutes)
    due = brief_due(starts_at, BriefTime(lead, time(9)), AMSTERDAM, calendar, now)
    if due is not None:
        assert now <= due < starts_at
        assert _local(due, AMSTERDAM).time() == time(9)
        assert calendar.is_working(_local(due, AMSTERDAM).date())


def test_the_companys_own_days_count() -> None:
    closed = calendar_of("NL", 2026, 2026, {date(2026, 6, 12): "Works day"}, frozenset(), "en")
    assert brief_due(_utc("2026-06-15 11:30"), USUAL, AMSTERDAM, closed, LONG_AGO) == _utc("2026-06-10 07:00")
    worked = calendar_of("NL", 2026, 2026, {}, frozenset({date(2026, 5, 25)}), "en")
    assert worked.is_working(date(2026, 5, 25))
    assert worked.holiday(date(2026, 5, 25)) is None


def test_public_holidays_speak_the_readers_language_and_know_other_weekends() -> None:
    assert public_holidays("NL", 2026, "nl")[date(2026, 4, 27)] == "Koningsdag"
    assert public_holidays("NL", 2026, "en")[date(2026, 4, 27)] == "King's Day"
    assert date(2026, 11, 1) in public_holidays("DE-BY", 2026)
    assert date(2026, 11, 1) not in public_holidays("DE-BE", 2026)
    assert public_holidays("XX", 2026) == {}
    assert weekend_of("IL") == {4, 5}
    assert weekend_of("XX") == {5, 6}


def _utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def _local(at: datetime, zone: str) -> datetime:
    return at.astimezone(ZoneInfo(zone))

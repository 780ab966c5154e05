"""When a check-in is asked, reminded and closed, in every zone of the world and over each change of the clock."""

import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.checkin.timing import Turn, Window, close_day, next_day, nudge_at, round_closes_at, turn
from bot.domain.recurrence import MonthlyDay, MonthlyWorkingDay, Once, Weekly, moment
from bot.domain.work_calendar import WorkCalendar, calendar_of
from bot.domain.working_time import WorkingTime
from bot.domain.zones import zones
from storage.tables import Outcome
from tests.domain.checkin.people import (
    ONE_DAY,
    clock_changes,
    days_around_changes,
    hours,
    may_be_asked,
    may_work,
    people,
    quarters,
    windows,
    zone_names,
)

AMSTERDAM = "Europe/Amsterdam"
DUTCH = calendar_of("NL", 2026, 2028, {}, frozenset(), "en")
WEDNESDAY, THURSDAY, FRIDAY = date(2026, 3, 25), date(2026, 3, 26), date(2026, 3, 27)
MONDAY = date(2026, 3, 30)
WEEKLY = Window(time(10), 1, time(12), 75)
USUAL = WorkingTime(AMSTERDAM, DUTCH)


def at(day: date, clock: str, zone: str = AMSTERDAM) -> datetime:
    return datetime.combine(day, time.fromisoformat(clock), ZoneInfo(zone)).astimezone(UTC)


# ---------------------------------------------------------------- the question


@pytest.mark.parametrize(
    "zone",
    ["Europe/Amsterdam", "Europe/Warsaw", "Asia/Dubai", "America/New_York", "Pacific/Auckland", "Pacific/Honolulu"],
)
@pytest.mark.parametrize("day", [THURSDAY, THURSDAY + 7 * ONE_DAY])
def test_each_is_asked_at_ten_and_may_answer_until_noon_the_day_after(zone: str, day: date) -> None:
    """The clock changes in Europe between the two, and in Auckland a week later."""
    works = WorkingTime(zone, WorkCalendar())
    asked = turn(WEEKLY, day, day + ONE_DAY, works)
    assert asked == Turn(Outcome.WAITING, at(day, "10:00", zone), at(day + ONE_DAY, "12:00", zone))


@pytest.mark.parametrize(
    ("works", "outcome", "ask_at"),
    [
        (replace(USUAL, weekdays=frozenset({4})), Outcome.WAITING, at(FRIDAY, "10:00")),
        (replace(USUAL, weekdays=frozenset({0})), Outcome.DAY_OFF, None),
        (replace(USUAL, away=((WEDNESDAY, THURSDAY),)), Outcome.WAITING, at(FRIDAY, "10:00")),
        (replace(USUAL, away=((WEDNESDAY, FRIDAY),)), Outcome.AWAY, None),
        (replace(USUAL, weekdays=frozenset({0, 3}), away=((THURSDAY, THURSDAY),)), Outcome.AWAY, None),
        (replace(USUAL, calendar=WorkCalendar({THURSDAY: "a holiday"})), Outcome.WAITING, at(FRIDAY, "10:00")),
        (replace(USUAL, calendar=WorkCalendar(dict.fromkeys((THURSDAY, FRIDAY), "closed"))), Outcome.DAY_OFF, None),
    ],
)
def test_a_day_off_moves_the_question_within_the_window_or_is_the_reason(
    works: WorkingTime, outcome: Outcome, ask_at: datetime | None
) -> None:
    assert turn(WEEKLY, THURSDAY, FRIDAY, works) == Turn(outcome, ask_at, at(FRIDAY, "12:00"))


def test_a_day_whose_usual_time_comes_after_the_close_is_none_of_the_window() -> None:
    """Asked at two, closed at noon: on Friday there is nothing left to move to."""
    fridays, window = replace(USUAL, weekdays=frozenset({4})), replace(WEEKLY, local_time=time(14))
    assert turn(window, THURSDAY, FRIDAY, fridays).outcome is Outcome.DAY_OFF
    assert turn(replace(window, close_after_days=0), THURSDAY, THURSDAY, USUAL).outcome is Outcome.NO_TIME


@pytest.mark.parametrize(
    ("not_before", "outcome", "ask_at"),
    [
        (at(WEDNESDAY, "12:00"), Outcome.WAITING, at(THURSDAY, "10:00")),
        (at(THURSDAY, "10:01"), Outcome.WAITING, at(THURSDAY, "10:01")),
        (at(THURSDAY, "18:00"), Outcome.WAITING, at(FRIDAY, "08:00")),
        (at(FRIDAY, "11:59"), Outcome.WAITING, at(FRIDAY, "11:59")),
        (at(FRIDAY, "12:00"), Outcome.NO_TIME, None),
        (at(MONDAY, "10:00"), Outcome.NO_TIME, None),
    ],
)
def test_late_they_are_asked_in_the_first_moment_that_is_left(
    not_before: datetime, outcome: Outcome, ask_at: datetime | None
) -> None:
    assert turn(WEEKLY, THURSDAY, FRIDAY, USUAL, not_before) == Turn(outcome, ask_at, at(FRIDAY, "12:00"))


def test_who_was_off_on_the_only_day_was_not_forgotten() -> None:
    """And who worked on Thursday, when nothing ran, was."""
    fridays_off = replace(USUAL, weekdays=frozenset({0, 1, 2, 3}))
    mondays = replace(USUAL, weekdays=frozenset({0}))
    late = at(FRIDAY, "09:00")
    assert turn(WEEKLY, THURSDAY, FRIDAY, fridays_off, late).outcome is Outcome.NO_TIME
    assert turn(WEEKLY, THURSDAY, FRIDAY, mondays, late).outcome is Outcome.DAY_OFF


@given(st.data(), zone_names, windows, st.none() | st.integers(-48, 200))
def test_everybody_has_the_first_moment_of_their_window_or_the_true_reason(
    data: st.DataObject, zone: str, window: Window, late_hours: int | None
) -> None:
    day = data.draw(days_around_changes(zone))
    works, closes_on = data.draw(people(zone, day)), day + window.close_after_days * ONE_DAY
    not_before = late_hours and moment(day, time(), zone) + timedelta(hours=late_hours)

    its = turn(window, day, closes_on, works, not_before or None)

    in_window = [day + number * ONE_DAY for number in range(window.close_after_days + 1)]
    usual = {one: moment(one, window.local_time, zone) for one in in_window}
    worked = [usual[one] for one in in_window if usual[one] < its.until and may_work(works, one)]
    assert its.until == moment(closes_on, window.close_at, zone)
    if its.outcome in {Outcome.AWAY, Outcome.DAY_OFF}:
        assert not worked
        away = [one for one in in_window if usual[one] < its.until and works.why_not(one) is Outcome.AWAY]
        assert (its.outcome is Outcome.AWAY) is bool(away)
        return
    assert (its.outcome is Outcome.WAITING) is (its.ask_at is not None)
    begin = max(worked[0], not_before or worked[0]) if worked else its.until
    assert not [at for at in quarters(begin, its.ask_at or its.until) if may_be_asked(works, at)]
    if its.ask_at:
        assert may_be_asked(works, its.ask_at)
        assert begin <= its.ask_at < its.until
        assert not_before or its.ask_at == worked[0]


@given(st.data(), zone_names, windows, st.integers(0, 100), st.integers(0, 100))
def test_what_comes_later_asks_nobody_earlier(
    data: st.DataObject, zone: str, window: Window, hour: int, later: int
) -> None:
    """Planned anew at any time, a turn only moves on; before its moment it does not move."""
    day = data.draw(days_around_changes(zone))
    works, closes_on = data.draw(people(zone, day)), day + window.close_after_days * ONE_DAY
    now = moment(day, time(), zone) + timedelta(hours=hour)
    first = turn(window, day, closes_on, works, now)
    anew = turn(window, day, closes_on, works, now + timedelta(hours=later))
    if first.ask_at is None or first.ask_at >= now + timedelta(hours=later):
        assert anew == first
    else:
        assert anew.ask_at is None or anew.ask_at > first.ask_at


# ---------------------------------------------------------------- the reminder


@pytest.mark.parametrize(
    ("works", "asked_at", "reminded_at"),
    [
        (USUAL, at(THURSDAY, "10:00"), at(FRIDAY, "08:00")),
        (USUAL, at(THURSDAY, "17:30"), at(FRIDAY, "08:00")),
        (USUAL, at(FRIDAY, "08:00"), None),
        (replace(USUAL, weekdays=frozenset({3})), at(THURSDAY, "10:00"), None),
        (replace(USUAL, away=((FRIDAY, FRIDAY),)), at(THURSDAY, "10:00"), None),
    ],
)
def test_a_reminder_comes_the_day_after_within_their_hours_or_not_at_all(
    works: WorkingTime, asked_at: datetime, reminded_at: datetime | None
) -> None:
    assert nudge_at(WEEKLY, asked_at, at(FRIDAY, "12:00"), works) == reminded_at


def test_a_longer_window_reminds_at_its_share() -> None:
    """From Wednesday 10:00 to Monday 10:00, an hour less for the clock change: three quarters are Sunday 03:15."""
    wednesday, monday = at(WEDNESDAY, "10:00"), at(MONDAY, "10:00")
    assert nudge_at(WEEKLY, wednesday, monday, USUAL) == at(MONDAY, "08:00")
    assert nudge_at(replace(WEEKLY, nudge_share_pct=20), wednesday, monday, USUAL) == at(THURSDAY, "09:48")
    assert nudge_at(replace(WEEKLY, nudge_share_pct=None), wednesday, monday, USUAL) is None


@given(st.data(), zone_names, windows)
def test_the_reminder_is_within_their_hours_on_a_later_day(data: st.DataObject, zone: str, window: Window) -> None:
    day = data.draw(days_around_changes(zone))
    works = data.draw(people(zone, day))
    its = turn(window, day, day + window.close_after_days * ONE_DAY, works)
    if its.ask_at is None:
        return
    found = nudge_at(window, its.ask_at, its.until, works)
    if window.nudge_share_pct is None:
        assert found is None
        return
    share = its.ask_at + (its.until - its.ask_at) * window.nudge_share_pct / 100
    allowed = [one for one in quarters(share, found or its.until) if may_be_asked(works, one)]
    assert {local_day(one, zone) for one in allowed} <= {local_day(its.ask_at, zone)}
    if found:
        assert may_be_asked(works, found)
        assert share <= found < its.until
        assert local_day(found, zone) > local_day(its.ask_at, zone)


# ---------------------------------------------------------------- the round


def test_a_round_closes_on_a_day_the_company_works() -> None:
    assert close_day(THURSDAY, 1, DUTCH) == FRIDAY
    assert close_day(FRIDAY, 1, DUTCH) == MONDAY
    assert close_day(date(2026, 4, 5), 1, DUTCH) == date(2026, 4, 7)  # after Easter Monday
    assert close_day(date(2026, 4, 27), 0, DUTCH) == date(2026, 4, 28)  # King's Day


def test_it_closes_with_the_last_of_those_who_are_asked() -> None:
    honolulu = turn(WEEKLY, THURSDAY, FRIDAY, WorkingTime("Pacific/Honolulu", DUTCH))
    amsterdam = turn(WEEKLY, THURSDAY, FRIDAY, USUAL)
    away = turn(WEEKLY, THURSDAY, FRIDAY, WorkingTime("Pacific/Pago_Pago", DUTCH, away=((THURSDAY, FRIDAY),)))
    assert round_closes_at([amsterdam, honolulu, away]) == at(FRIDAY, "12:00", "Pacific/Honolulu")
    assert round_closes_at([amsterdam]) == at(FRIDAY, "12:00")


def test_the_next_day_of_the_rule_stays_on_a_day_off() -> None:
    """Saturday 25 April, and King's Day."""
    assert next_day(Weekly(3), WEDNESDAY, WEDNESDAY, DUTCH) == THURSDAY
    assert next_day(Weekly(3), WEDNESDAY, THURSDAY, DUTCH) == date(2026, 4, 2)
    assert next_day(MonthlyDay(25), date(2026, 4, 1), date(2026, 4, 1), DUTCH) == date(2026, 4, 25)
    assert next_day(Weekly(0), date(2026, 4, 1), date(2026, 4, 20), DUTCH) == date(2026, 4, 27)
    assert next_day(MonthlyWorkingDay(1), THURSDAY, THURSDAY, DUTCH) == date(2026, 4, 1)


def test_the_first_day_of_the_rule_is_its_start_at_the_earliest() -> None:
    assert next_day(Weekly(3, 8), MONDAY, date.min, DUTCH) == date(2026, 4, 2)
    assert next_day(Weekly(3, 8), MONDAY, date(2026, 4, 2), DUTCH) == date(2026, 5, 28)
    assert next_day(Once(), MONDAY, THURSDAY, DUTCH) == MONDAY
    assert next_day(Once(), MONDAY, MONDAY, DUTCH) is None


# ---------------------------------------------------------------- every zone, every change of the clock

SWEPT = tuple(time(quarter // 4, quarter % 4 * 15) for quarter in range(8 * 4, 17 * 4 + 1))
LATE_HOURS = range(10, 37)
ALL_WEEK = WorkCalendar(weekend=frozenset())


def test_around_a_change_of_the_clock_everybody_is_asked_once_at_their_own_time() -> None:
    """One zone for every different set of changes; `python -m tests.domain.checkin.test_timing` sweeps them all."""
    by_changes = {tuple((day, *_offsets(day, zone)) for day in clock_changes(zone)): zone for zone in zones()}
    turns, wrong = sweep(list(by_changes.values()), SWEPT[::9])
    assert len(by_changes) > 20
    assert turns > 20_000
    assert wrong == []


@given(zone_names, hours)
def test_any_zone_and_time_of_day_is_no_exception(zone: str, local_time: time) -> None:
    _, wrong = sweep([zone], [local_time], years=(2026, 2026))
    assert wrong == []


def sweep(
    names: Sequence[str], times: Sequence[time], years: tuple[int, int] = (2026, 2028)
) -> tuple[int, Sequence[tuple[str, date, time, str]]]:
    """How many turns were looked at: from two days before each change of the clock to two days after; what is wrong.

    Each of those days has late turns too, one an hour.
    """
    count, wrong = 0, []
    for zone in names:
        works = WorkingTime(zone, ALL_WEEK)
        for day in _swept_days(zone, *years):
            count += len(LATE_HOURS)
            wrong += [(zone, day, late.time(), what) for late, what in _late_faults(works, day)]
            for local_time in times:
                count += 1
                wrong += [(zone, day, local_time, what) for what in _faults(works, day, local_time)]
    return count, wrong


def _faults(works: WorkingTime, day: date, local_time: time) -> Iterator[str]:
    zone, window = ZoneInfo(works.zone), Window(local_time, 1, local_time, 75)
    its = turn(window, day, day + ONE_DAY, works)
    if its.ask_at is None or its.ask_at.astimezone(zone).replace(tzinfo=None) != datetime.combine(day, local_time):
        yield f"asked {its.ask_at}"
        return
    if its.until.astimezone(zone).replace(tzinfo=None) != datetime.combine(day + ONE_DAY, local_time):
        yield f"until {its.until}"
    reminded_at = nudge_at(window, its.ask_at, its.until, works)
    expected = moment(day + ONE_DAY, max(time(8), _share(its.ask_at, its.until, zone)), works.zone)
    if reminded_at != (expected if expected < its.until else None):
        yield f"reminded {reminded_at}"
    if turn(window, day, day + ONE_DAY, works, its.ask_at) != its:
        yield "moved by a restart"


def _late_faults(works: WorkingTime, day: date) -> Iterator[tuple[datetime, str]]:
    """Whatever the moment from which on they can be asked, it is then or at eight, as their own clock shows it."""
    zone = ZoneInfo(works.zone)
    until = turn(WEEKLY, day, day + ONE_DAY, works).until
    for hour in LATE_HOURS:
        late = moment(day, time(), works.zone) + timedelta(hours=hour)
        shown = max(late.astimezone(zone).replace(tzinfo=None), datetime.combine(day, WEEKLY.local_time))
        expected = (
            shown if 8 <= shown.hour < 18 else datetime.combine(shown.date() + (shown.hour >= 18) * ONE_DAY, time(8))
        )
        ask_at = turn(WEEKLY, day, day + ONE_DAY, works, late).ask_at
        found = ask_at and ask_at.astimezone(zone).replace(tzinfo=None)
        if found != (expected if expected < until.astimezone(zone).replace(tzinfo=None) else None):
            yield late, f"late {found}"


def _share(asked_at: datetime, until: datetime, zone: ZoneInfo) -> time:
    """The local time at which three quarters of the window are over, midnight when that is still on the first day."""
    local = (asked_at + (until - asked_at) * 0.75).astimezone(zone)
    return local.time() if local.date() > asked_at.astimezone(zone).date() else time()


def _swept_days(zone: str, first_year: int, last_year: int) -> list[date]:
    changes = clock_changes(zone, date(first_year, 1, 1), date(last_year, 12, 31)) or (date(first_year, 3, 29),)
    return sorted({change + number * ONE_DAY for change in changes for number in range(-2, 3)})


def _offsets(day: date, zone: str) -> tuple[timedelta | None, timedelta | None]:
    before, after = (datetime.combine(one, time(), ZoneInfo(zone)).utcoffset() for one in (day, day + ONE_DAY))
    return before, after


def local_day(at: datetime, zone: str) -> date:
    return at.astimezone(ZoneInfo(zone)).date()


if __name__ == "__main__":
    turns, wrong = sweep(zones(), SWEPT)
    changes = sum(len(clock_changes(zone)) for zone in zones())
    sys.stdout.write(
        f"{len(zones())} zones, {changes} changes of the clock in three years, {len(SWEPT)} times of day: "
        f"{turns} turns, {len(wrong)} wrong {wrong[:10]}\n"
    )

"""When a meeting comes again: rules as values, and the days they fall on."""

import calendar as months
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import chain, pairwise, takewhile
from typing import Final, TypeAlias

from bot.domain.work_calendar import WorkCalendar
from bot.domain.zones import zone_info
from storage.tables import Shift

LAST: Final = -1
BEYOND: Final = timedelta(days=70)
"""Longer than any rule waits: within it lies the neighbour of every day."""


@dataclass(frozen=True, slots=True)
class Once:
    """A single meeting, on the day the series starts."""


@dataclass(frozen=True, slots=True)
class Weekly:
    """Every `weeks` weeks, counted from the first such day of the series. Monday = 0."""

    weekday: int
    weeks: int = 1


@dataclass(frozen=True, slots=True)
class MonthlyWeekday:
    """The first to fourth such day of the month (`nth` 1-4), or the `LAST`."""

    nth: int
    weekday: int


@dataclass(frozen=True, slots=True)
class MonthlyDay:
    """That day of the month; in a shorter month its last day."""

    day: int


@dataclass(frozen=True, slots=True)
class MonthlyWorkingDay:
    """That working day of the month (1-20), or the `LAST`; in a month with fewer, its last working day."""

    number: int


Rule: TypeAlias = Once | Weekly | MonthlyWeekday | MonthlyDay | MonthlyWorkingDay


@dataclass(frozen=True, slots=True)
class MeetingDay:
    """`original` is the day of the rule and names the meeting within its series; it is held `on`, None = left out.

    `because` is the holiday it had to make way for, "" for a weekend, None when it was not moved.
    """

    original: date
    on: date | None
    because: str | None = None


def meeting_days(
    rule: Rule, starts_on: date, first: date, last: date, calendar: WorkCalendar, shift: Shift
) -> list[MeetingDay]:
    """The days of a series whose original lies from `first` to `last`, both included; each is held on a day of its own.

    A day that cannot be held between its neighbours is left out. `calendar` reaches `BEYOND` both ends.
    """
    worked = _calendar_for(rule, calendar)
    days = list(days_of(rule, starts_on, last + BEYOND, worked))
    placed = (
        _placed(day, before, after, worked, shift)
        for (before, day), (_, after) in pairwise(pairwise(chain([date.min], days, [date.max])))
    )
    return [day for day in placed if first <= day.original <= last]


def days_of(rule: Rule, starts_on: date, last: date, calendar: WorkCalendar) -> Iterator[date]:
    """The days of the rule from `starts_on` to `last`, both included, in their order."""
    match rule:
        case Once():
            found: Iterator[date] = iter([starts_on])
        case Weekly(weekday, weeks):
            found = _every(starts_on + timedelta(days=(weekday - starts_on.weekday()) % 7), timedelta(weeks=weeks))
        case _:
            found = (_day_in(month, rule, calendar) for month in _months(starts_on))
    return (day for day in takewhile(lambda day: day <= last, found) if day >= starts_on)


def moment(day: date, at: time, zone: str) -> datetime:
    """That local time as UTC, on that local date. What comes twice counts the first time.

    What a clock change skips comes as much later; in Greenland, where it skips the last hour of a day, as much earlier.
    """
    local = datetime.combine(day, at.replace(fold=0), zone_info(zone))
    utc = local.astimezone(UTC)
    is_same_day = utc.astimezone(local.tzinfo).date() == day
    return utc if is_same_day else local.replace(fold=1).astimezone(UTC)


def _every(day: date, step: timedelta) -> Iterator[date]:
    while True:
        yield day
        day += step


def _months(day: date) -> Iterator[date]:
    """The first of that month and of every month after."""
    first = day.replace(day=1)
    while True:
        yield first
        first = (first + timedelta(days=31)).replace(day=1)


def _day_in(month: date, rule: MonthlyWeekday | MonthlyDay | MonthlyWorkingDay, calendar: WorkCalendar) -> date:
    length = months.monthrange(month.year, month.month)[1]
    match rule:
        case MonthlyDay(day):
            return month.replace(day=min(day, length))
        case MonthlyWeekday(nth, weekday):
            days = [month.replace(day=day) for day in range(1, length + 1)]
            of_week = [day for day in days if day.weekday() == weekday]
            return of_week[nth - 1 if nth > 0 else nth]
        case MonthlyWorkingDay(number):
            worked = list(calendar.working_days(month, month.replace(day=length)))
            return worked[min(number, len(worked)) - 1 if number > 0 else number] if worked else month


def _calendar_for(rule: Rule, calendar: WorkCalendar) -> WorkCalendar:
    """Who names a day of the weekend means it: only a holiday moves that meeting."""
    named = {rule.weekday} if isinstance(rule, Weekly | MonthlyWeekday) else set()
    return replace(calendar, weekend=calendar.weekend - named)


def _placed(day: date, before: date, after: date, calendar: WorkCalendar, shift: Shift) -> MeetingDay:
    if calendar.is_working(day):
        return MeetingDay(day, day)
    because = calendar.holiday(day) or ""
    if shift == Shift.SKIP:
        return MeetingDay(day, None, because)
    on = calendar.next_working(day) if shift == Shift.NEXT else calendar.previous_working(day)
    return MeetingDay(day, on if before < on < after else None, because)

"""When the weekly summary comes: once in every week that the company works."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from bot.domain.recurrence import moment
from bot.domain.work_calendar import WorkCalendar

WEEK: Final = timedelta(weeks=1)
SUNDAY: Final = timedelta(days=6)
MOST_WEEKS_OFF: Final = 60


@dataclass(frozen=True, slots=True)
class SummaryTime:
    """Every week on that day (Monday = 0) at that time in the company's zone."""

    weekday: int
    at: time


USUAL: Final = SummaryTime(4, time(15))


def monday_of(day: date) -> date:
    return day - timedelta(days=day.weekday())


def due_in_week(rule: SummaryTime, zone: str, calendar: WorkCalendar, monday: date) -> datetime | None:
    """Its moment in that week, in UTC.

    On a day off it comes on the last working day before, where that week has none on the first after; None in a week
    in which the company does not work at all.
    """
    wished = monday + timedelta(days=rule.weekday)
    working = list(calendar.working_days(monday, monday + SUNDAY))
    if not working:
        return None
    before = [day for day in working if day <= wished]
    return moment(before[-1] if before else working[0], rule.at, zone)


def due_after(rule: SummaryTime, zone: str, calendar: WorkCalendar, after: datetime) -> datetime | None:
    """The first summary after that moment; None where the company works in no week to come."""
    monday = monday_of(after.astimezone(ZoneInfo(zone)).date())
    for week in range(MOST_WEEKS_OFF):
        due = due_in_week(rule, zone, calendar, monday + week * WEEK)
        if due and due > after:
            return due
    return None

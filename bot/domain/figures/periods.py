"""Periods, and what is known at a moment.

A row with a time counts when its time is before the moment, a date without a time when that day is over in the
company's zone.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

DAYS: Final = 91
"""13 weeks."""


@dataclass(frozen=True, slots=True)
class Period:
    """Days in the company's zone, `first` and `last` included."""

    first: date
    last: date

    def __contains__(self, day: date | None) -> bool:
        return day is not None and self.first <= day <= self.last

    @property
    def before(self) -> "Period":
        """The period of the same length right before it."""
        length = self.last - self.first + timedelta(days=1)
        return Period(self.first - length, self.last - length)


def thirteen_weeks(last: date) -> Period:
    """The 91 days that end on that day."""
    return Period(last - timedelta(days=DAYS - 1), last)


def end_of(day: date, zone: ZoneInfo) -> datetime:
    """The moment that day is over: as of a day means its end."""
    return datetime.combine(day + timedelta(days=1), time(), zone).astimezone(UTC)


@dataclass(frozen=True, slots=True)
class AsOf:
    """What is known at a moment in the company's zone."""

    moment: datetime
    zone: ZoneInfo

    @property
    def day(self) -> date:
        """The as-of day: the last day that has begun; at midnight the one that just ended."""
        return self.local_day(self.moment - timedelta(microseconds=1))

    def local_day(self, moment: datetime) -> date:
        return moment.astimezone(self.zone).date()

    def over(self, day: date | None) -> bool:
        """Whether the day is set and has ended."""
        return day is not None and day < self.local_day(self.moment)

    def knows(self, created_at: datetime | None, created_on: date) -> bool:
        """Whether what was written then, or at an untold time of that day, is known."""
        return created_at < self.moment if created_at else self.over(created_on)

"""When somebody works: their days, in their own zone, and the hours in which they may be spoken to unasked."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Final

from bot.domain.recurrence import moment
from bot.domain.work_calendar import ONE_DAY, WorkCalendar
from bot.domain.zones import zone_info
from storage.tables import Outcome

EARLIEST: Final = time(8)
LATEST: Final = time(18)
"""Nothing comes unasked before the one, or from the other on, by their own clock."""


@dataclass(frozen=True, slots=True)
class WorkingTime:
    """The days and hours of one person.

    `calendar` is that of where they work; `weekdays` (Monday = 0) replace its weekend where they have a week of their
    own, its holidays stay. `away` are their absences, first and last day included.
    """

    zone: str
    calendar: WorkCalendar
    weekdays: frozenset[int] | None = None
    away: tuple[tuple[date, date], ...] = ()

    def is_working(self, day: date) -> bool:
        return self.why_not(day) is None

    def why_not(self, day: date) -> Outcome | None:
        """`AWAY` or `DAY_OFF`; None on a day they work."""
        if any(first <= day <= last for first, last in self.away):
            return Outcome.AWAY
        return None if self._is_in_week(day) else Outcome.DAY_OFF

    def days(self, first: date, last: date) -> Iterator[date]:
        """The days they work from first to last, both included."""
        while first <= last:
            if self.is_working(first):
                yield first
            first += ONE_DAY

    def next_moment(self, after: datetime, before: datetime) -> datetime | None:
        """The first moment from `after` on, and before `before`, within their hours; None when there is none."""
        zone = zone_info(self.zone)
        for day in self.days(after.astimezone(zone).date(), before.astimezone(zone).date()):
            at = max(after, moment(day, EARLIEST, self.zone))
            if at < min(before, moment(day, LATEST, self.zone)):
                return at
        return None

    def _is_in_week(self, day: date) -> bool:
        if self.weekdays is None:
            return self.calendar.is_working(day)
        return day.weekday() in self.weekdays and self.calendar.holiday(day) is None

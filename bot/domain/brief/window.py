"""The time a brief tells about."""

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from storage.tables import Entry


@dataclass(frozen=True, slots=True)
class Window:
    """What is known at `end`, and what of it is new since `start`."""

    zone: ZoneInfo
    start: datetime | None
    end: datetime

    @property
    def today(self) -> date:
        return self.local_day(self.end)

    def local_day(self, moment: datetime) -> date:
        return moment.astimezone(self.zone).date()

    def over(self, day: date | None) -> bool:
        return day is not None and day < self.today

    def newly_over(self, day: date | None) -> bool:
        return day is not None and day < self.today and (self.start is None or day >= self.local_day(self.start))

    def knows(self, entry: Entry) -> bool:
        if entry.withdrawn_on is not None or entry.hidden_reason is not None:
            return False
        return entry.created_at < self.end if entry.created_at else self.over(entry.created_on)

    def is_new(self, entry: Entry) -> bool:
        """Of a known entry."""
        if self.start is None:
            return True
        return entry.created_at >= self.start if entry.created_at else self.newly_over(entry.created_on)

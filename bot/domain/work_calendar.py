"""Which days a company works: its country's weekend and public holidays, and its own additions and exceptions."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Final

from bot.domain.public_holidays import public_holidays, weekend_of

ONE_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class WorkCalendar:
    """`holidays` are the days off beside the weekend, by name; `weekend` has the days of the week, Monday = 0."""

    holidays: Mapping[date, str] = field(default_factory=dict)
    weekend: frozenset[int] = frozenset({5, 6})
    extra_working: frozenset[date] = frozenset()

    def is_working(self, day: date) -> bool:
        return day in self.extra_working or (day.weekday() not in self.weekend and day not in self.holidays)

    def holiday(self, day: date) -> str | None:
        """The name of the holiday on that day; None on a working day and on an ordinary weekend."""
        return None if day in self.extra_working else self.holidays.get(day)

    def next_working(self, day: date) -> date:
        """The day itself when it is worked, else the first after it that is."""
        while not self.is_working(day):
            day += ONE_DAY
        return day

    def previous_working(self, day: date) -> date:
        """The day itself when it is worked, else the last before it that is."""
        while not self.is_working(day):
            day -= ONE_DAY
        return day

    def working_days_before(self, day: date, count: int) -> date:
        """The working day that many working days before `day`; for 0 the day itself, worked or not."""
        for _ in range(count):
            day = self.previous_working(day - ONE_DAY)
        return day

    def working_days(self, first: date, last: date) -> Iterator[date]:
        """The worked days from first to last, both included."""
        while first <= last:
            if self.is_working(first):
                yield first
            first += ONE_DAY


def calendar_of(
    country: str, first_year: int, last_year: int, own: Mapping[date, str], working: frozenset[date], language: str
) -> WorkCalendar:
    """The calendar of a country for those years, both included.

    `own` are local days off by name (they go before a public name), `working` public holidays that are worked.
    """
    public: dict[date, str] = {}
    for year in range(first_year, last_year + 1):
        public |= public_holidays(country, year, language)
    days_off = {day: name for day, name in {**public, **own}.items() if day not in working}
    return WorkCalendar(days_off, weekend_of(country))

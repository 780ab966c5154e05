"""People of every zone with weeks, holidays and absences of all kinds; a second opinion on when they may be asked."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from bot.domain.checkin.timing import Window
from bot.domain.work_calendar import WorkCalendar
from bot.domain.working_time import WorkingTime
from bot.domain.zones import zones

ONE_DAY = timedelta(days=1)
QUARTER = timedelta(minutes=15)
FIRST, LAST = date(2026, 1, 1), date(2028, 12, 31)


@dataclass(frozen=True)
class Span:
    """Days off of a person: too many are better than too few."""

    first: date
    length: int

    @property
    def days(self) -> tuple[date, date]:
        return self.first, self.first + self.length * ONE_DAY


@cache
def clock_changes(zone: str, first: date = FIRST, last: date = LAST) -> tuple[date, ...]:
    """The local dates on which the clock changes there: those that have no 24 hours."""
    here, changes, day = ZoneInfo(zone), [], first
    while day <= last:
        midnight, next_midnight = (datetime.combine(one, time(), here) for one in (day, day + ONE_DAY))
        if midnight.utcoffset() != next_midnight.utcoffset():
            changes.append(day)
        day += ONE_DAY
    return tuple(changes)


def may_be_asked(works: WorkingTime, at: datetime) -> bool:
    """Whether that is within their hours, told from their own clock."""
    local = at.astimezone(ZoneInfo(works.zone))
    return 8 <= local.hour < 18 and may_work(works, local.date())


def may_work(works: WorkingTime, day: date) -> bool:
    calendar = works.calendar
    is_holiday = day in calendar.holidays and day not in calendar.extra_working
    if works.weekdays is None:
        is_week = day.weekday() not in calendar.weekend or day in calendar.extra_working
    else:
        is_week = day.weekday() in works.weekdays
    is_away = [first for first, last in works.away if first <= day <= last]
    return is_week and not is_holiday and not is_away


def quarters(first: datetime, before: datetime) -> list[datetime]:
    """A moment every quarter of an hour."""
    return [first + number * QUARTER for number in range(max(-((first - before) // QUARTER), 0))]


@st.composite
def days_around_changes(draw: st.DrawFn, zone: str) -> date:
    """Half of them within three days of a change of the clock there."""
    anywhere = st.dates(FIRST, LAST)
    changes = clock_changes(zone)
    if not changes or draw(st.booleans()):
        return draw(anywhere)
    return draw(st.sampled_from(changes)) + draw(st.integers(-3, 3)) * ONE_DAY


@st.composite
def people(draw: st.DrawFn, zone: str, day: date) -> WorkingTime:
    """Somebody there, with holidays and absences of the days around that one."""
    near = st.integers(-4, 8).map(lambda number: day + number * ONE_DAY)
    weekends = st.sampled_from([frozenset({5, 6}), frozenset({4, 5}), frozenset({6}), frozenset[int]()])
    holidays = draw(st.dictionaries(near, st.just("a holiday"), max_size=3))
    calendar = WorkCalendar(holidays, draw(weekends), draw(st.frozensets(near, max_size=2)))
    weeks = st.none() | st.frozensets(st.integers(0, 6), min_size=1)
    absences = st.lists(st.builds(Span, near, st.integers(0, 6)), max_size=2)
    return WorkingTime(zone, calendar, draw(weeks), tuple(span.days for span in draw(absences)))


hours = st.integers(8 * 4, 17 * 4).map(lambda quarter: time(quarter // 4, quarter % 4 * 15))
windows = st.builds(Window, hours, st.integers(0, 5), hours, st.none() | st.integers(1, 99))
zone_names = st.sampled_from(zones())

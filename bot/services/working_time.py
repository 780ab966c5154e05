"""The days the company works, and when its members do: the calendar of where they are, their own week and their
absences, read for many at once.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Final

from sqlmodel import Session

from bot.domain.work_calendar import WorkCalendar, calendar_of
from bot.domain.working_time import WorkingTime
from storage.absences import list_absences
from storage.meetings import list_holidays
from storage.sites import list_site_holidays, sites_by_key
from storage.tables import Holiday, Member, SiteHoliday, Workspace

AROUND: Final = timedelta(days=100)


def work_calendar(
    session: Session, workspace: Workspace, first: date, last: date, language: str = "en"
) -> WorkCalendar:
    """The calendar of the company for those days and a good quarter around them; public holidays by that language."""
    first, last = first - AROUND, last + AROUND
    own = list_holidays(session, workspace.id, first, last)
    return _calendar(workspace.country, first.year, last.year, own, language)


def working_times(
    session: Session, workspace: Workspace, members: Sequence[Member], first: date, last: date
) -> Mapping[str, WorkingTime]:
    """By the members' ids: true from the first of those days until a good quarter after the last."""
    calendars = _calendars(session, workspace, first, last)
    away = _absences(session, members, first)

    def working(member: Member) -> WorkingTime:
        calendar = calendars.get(member.plant) or calendars[None]
        return WorkingTime(member.timezone, calendar, _weekdays(member.working_days), away.get(member.id, ()))

    return {member.id: working(member) for member in members}


def working_time(session: Session, workspace: Workspace, member: Member, day: date) -> WorkingTime:
    """Of one member, true from that day until a good quarter after it."""
    return working_times(session, workspace, [member], day, day)[member.id]


def _calendars(session: Session, workspace: Workspace, first: date, last: date) -> Mapping[str | None, WorkCalendar]:
    """By site; under None that of everywhere else."""
    last += AROUND
    company = list_holidays(session, workspace.id, first, last)
    local = defaultdict[str, list[SiteHoliday]](list)
    for day in list_site_holidays(session, workspace.id, first, last):
        local[day.site].append(day)

    def calendar(country: str | None, days: Iterable[SiteHoliday]) -> WorkCalendar:
        is_abroad = country not in {None, workspace.country}
        own = [day for day in company if not (day.is_working and is_abroad)]
        return _calendar(country or workspace.country, first.year, last.year, [*own, *days])

    sites = sites_by_key(session, workspace.id)
    return {None: calendar(None, ())} | {key: calendar(site.country, local[key]) for key, site in sites.items()}


def _calendar(
    country: str, first_year: int, last_year: int, days: Iterable[Holiday | SiteHoliday], language: str = "en"
) -> WorkCalendar:
    """Of two days on the same date the later one counts."""
    by_date = {day.day: day for day in days}
    own = {date_: day.name for date_, day in by_date.items() if not day.is_working}
    working = frozenset(date_ for date_, day in by_date.items() if day.is_working)
    return calendar_of(country, first_year, last_year, own, working, language)


def _absences(session: Session, members: Iterable[Member], since: date) -> Mapping[str, tuple[tuple[date, date], ...]]:
    """By member: the first and last day of each."""
    away = defaultdict[str, tuple[tuple[date, date], ...]](tuple)
    for member_id, first_day, last_day in list_absences(session, [member.id for member in members], since):
        away[member_id] += ((first_day, last_day),)
    return away


def _weekdays(working_days: str | None) -> frozenset[int] | None:
    """Of "1234", Monday to Thursday; Monday = 0."""
    return frozenset(int(digit) - 1 for digit in working_days) if working_days else None

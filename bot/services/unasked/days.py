"""The days of a person: which one it is, when it is over, and the next on which they may be spoken to."""

from datetime import date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from sqlmodel import Session

from bot.domain.recurrence import moment
from bot.domain.working_time import LATEST
from bot.services.working_time import working_time
from storage.tables import Member, Workspace

MORNING: Final = time(9)
"""When what waited for another day is told, by the person's own clock."""

ONE_DAY: Final = timedelta(days=1)
LOOK_AHEAD: Final = timedelta(days=90)
"""Who is away for longer is not spoken to about something of today."""


def day_of(member: Member, now: datetime) -> date:
    return now.astimezone(ZoneInfo(member.timezone)).date()


def end_of_day(member: Member, now: datetime) -> datetime:
    """When the next day of theirs begins."""
    return moment(day_of(member, now) + ONE_DAY, time(), member.timezone)


def end_of_hours(member: Member, now: datetime) -> datetime:
    """The evening of their day; once that has come, the end of it."""
    evening = moment(day_of(member, now), LATEST, member.timezone)
    return evening if now < evening else end_of_day(member, now)


def next_morning(session: Session, workspace: Workspace, member: Member, now: datetime) -> datetime | None:
    """The next 09:00 of a day they work; None when they are away for a quarter."""
    today = day_of(member, now)
    days = working_time(session, workspace, member, today).days(today, today + LOOK_AHEAD)
    mornings = (moment(day, MORNING, member.timezone) for day in days)
    return next((morning for morning in mornings if morning > now), None)


def is_in_hours(session: Session, workspace: Workspace, member: Member, now: datetime) -> bool:
    """Whether they work at that moment."""
    works = working_time(session, workspace, member, day_of(member, now))
    return works.next_moment(now, end_of_day(member, now)) == now

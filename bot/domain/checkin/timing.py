"""When a check-in is asked: the days of its rule, and for each person the moments of the question and the reminder."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time

from bot.domain.recurrence import BEYOND, Rule, days_of, moment
from bot.domain.work_calendar import ONE_DAY, WorkCalendar
from bot.domain.working_time import WorkingTime
from bot.domain.zones import zone_info
from storage.tables import Outcome


@dataclass(frozen=True, slots=True)
class Window:
    """Everybody is asked at `local_time` of their own day, and may answer until `close_at`, `close_after_days` later.

    Who has not answered when `nudge_share_pct` of that time is over is reminded; None = nobody is.
    """

    local_time: time
    close_after_days: int
    close_at: time
    nudge_share_pct: int | None = None


@dataclass(frozen=True, slots=True)
class Turn:
    """One person's part in a round: `WAITING` until `ask_at`, or without a moment the reason why they are not asked.

    `until` is the end of their own window either way.
    """

    outcome: Outcome
    ask_at: datetime | None
    until: datetime


def next_day(rule: Rule, starts_on: date, after: date, company: WorkCalendar) -> date | None:
    """The first day of the check-in after that one, None when the rule has no more.

    It stays where the rule puts it, also on a day off: each person's own calendar moves their question.
    """
    last = max(after, starts_on) + BEYOND
    return next((day for day in days_of(rule, starts_on, last, company) if day > after), None)


def close_day(day: date, close_after_days: int, company: WorkCalendar) -> date:
    """The local date on which the round of that day closes: one that the company works."""
    return company.next_working(day + close_after_days * ONE_DAY)


def turn(window: Window, day: date, closes_on: date, works: WorkingTime, not_before: datetime | None = None) -> Turn:
    """When somebody is asked in the round of that day: at the usual time of the first day they work until it closes.

    `not_before` is for what comes late or is run by hand: their first moment from there on, whatever the usual time.
    """
    until = moment(closes_on, window.close_at, works.zone)
    last = closes_on if window.local_time < window.close_at else closes_on - ONE_DAY
    usual = next((moment(day, window.local_time, works.zone) for day in works.days(day, last)), None)
    ask_at = works.next_moment(max(usual, not_before or usual), until) if usual else None
    return Turn(Outcome.WAITING if ask_at else _why_not(works, day, last), ask_at, until)


def nudge_at(window: Window, asked_at: datetime, until: datetime, works: WorkingTime) -> datetime | None:
    """When who has not answered is reminded: within their hours, on a later day than the question, before `until`.

    None when there is no such moment.
    """
    if window.nudge_share_pct is None:
        return None
    share = asked_at + (until - asked_at) * window.nudge_share_pct / 100
    tomorrow = asked_at.astimezone(zone_info(works.zone)).date() + ONE_DAY
    return works.next_moment(max(share, moment(tomorrow, time(), works.zone)), until)


def round_closes_at(turns: Iterable[Turn]) -> datetime:
    """When the window has ended for the last of those who are to be asked; there must be one."""
    return max(one.until for one in turns if one.ask_at)


def _why_not(works: WorkingTime, first: date, last: date) -> Outcome:
    """`NO_TIME` for who works on one of those days: then it came too late. An absence says more than a day off."""
    reasons = {works.why_not(first + number * ONE_DAY) for number in range((last - first).days + 1)}
    if None in reasons or not reasons:
        return Outcome.NO_TIME
    return Outcome.AWAY if Outcome.AWAY in reasons else Outcome.DAY_OFF

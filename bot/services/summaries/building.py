"""From the database to what a weekly summary tells: what was known at one minute."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from sqlmodel import Session

from bot.domain.summary import Ahead, Records, SummaryFacts, due_in_week, monday_of, take_summary
from bot.services.briefs.building import pulse_of
from bot.services.checkins.planning import next_round_day
from bot.services.context import Context
from bot.services.figures import pulse_facts
from bot.services.summaries.planning import company_calendar, next_summary, summary_time
from storage.briefs import agreements_since
from storage.checkins import list_checkins
from storage.meetings import list_meetings_around, meetings_ahead
from storage.members import count_active_by_side, list_sides
from storage.summaries import entries_by_id, entries_of_pairs, entries_told, last_posted
from storage.tables import Entry, MeetingType, Workspace
from storage.tensions import list_tensions

WEEK: Final = timedelta(weeks=1)
ONE_DAY: Final = timedelta(days=1)
REACHES_BACK: Final = timedelta(weeks=3)
"""A summary tells of the weeks that were missed, while they are no history yet."""

RETRO_APART: Final = timedelta(days=100)
"""No example waits longer for the retro it was written for."""


def since_of(session: Session, workspace: Workspace, due_at: datetime) -> datetime:
    """What the summary of that moment tells from: the last one that was posted, or the week before."""
    last = last_posted(session, workspace.id, due_at)
    return last if last and last >= due_at - REACHES_BACK else due_at - WEEK


def build_summary(
    session: Session, context: Context, workspace: Workspace, since: datetime, as_of: datetime
) -> SummaryFacts:
    """What the summary of the time from `since` on says at the minute `as_of` (aware UTC)."""
    today = as_of.astimezone(ZoneInfo(workspace.timezone)).date()
    records = Records(
        zone=workspace.timezone,
        since=since,
        sides=list_sides(session, workspace.id),
        people=count_active_by_side(session, workspace.id, today),
        entries=_entries(session, workspace, since, today),
        retros=list_meetings_around(session, workspace.id, MeetingType.DIALOG_RETRO, None, as_of + WEEK),
        tensions=list_tensions(session, workspace.id),
        agreements=agreements_since(session, workspace.id, since.astimezone(ZoneInfo(workspace.timezone)).date()),
        pulse=pulse_of(pulse_facts(session, workspace, as_of)),
        ahead=_ahead(session, replace(context, now=as_of), workspace),
    )
    return take_summary(records, as_of)


def _entries(session: Session, workspace: Workspace, since: datetime, today: date) -> Sequence[Entry]:
    """Those of the time and of the week before it, what they repeat, and what tells the same events."""
    first = (since - WEEK).astimezone(ZoneInfo(workspace.timezone)).date() - ONE_DAY
    told = entries_told(session, workspace.id, first, today, first - RETRO_APART)
    beside = entries_of_pairs(session, workspace.id, {entry.pair_id for entry in told if entry.pair_id})
    repeated = entries_by_id(session, workspace.id, {entry.recurrence_of for entry in told if entry.recurrence_of})
    return list({entry.id: entry for entry in (*beside, *repeated, *told)}.values())


def _ahead(session: Session, context: Context, workspace: Workspace) -> Ahead:
    meeting = next(iter(meetings_ahead(session, workspace.id, context.now, 1)), None)
    checkin_on, checkin_at = _next_checkin(session, context, workspace)
    is_off = _is_off_next_week(session, context, workspace)
    return Ahead(
        meeting_type=meeting.type if meeting else None,
        starts_at=meeting.starts_at if meeting else None,
        checkin_on=checkin_on,
        checkin_at=checkin_at,
        is_off=is_off,
        back_at=next_summary(session, workspace, context.now) if is_off else None,
    )


def _next_checkin(session: Session, context: Context, workspace: Workspace) -> tuple[date | None, time | None]:
    """The first round to come of all check-ins."""
    checkins = list_checkins(session, workspace.id)
    days = ((next_round_day(session, context, workspace, one), one.local_time) for one in checkins)
    return min(((day, at) for day, at in days if day), default=(None, None))


def _is_off_next_week(session: Session, context: Context, workspace: Workspace) -> bool:
    """Whether the company does not work at all in the week after this one."""
    when = summary_time(session, workspace)
    monday = monday_of(context.now.astimezone(ZoneInfo(workspace.timezone)).date()) + WEEK
    calendar = company_calendar(session, workspace, context.now)
    return when is not None and due_in_week(when, workspace.timezone, calendar, monday) is None

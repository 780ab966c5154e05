"""When the briefs of meetings fall due."""

from datetime import datetime, timedelta
from functools import partial
from zoneinfo import ZoneInfo

from sqlmodel import Session

from bot.domain.brief_times import DEFAULTS, BriefTime, brief_due
from bot.services.context import Context
from bot.services.scheduling import cancel, plan
from bot.services.working_time import work_calendar
from storage.briefs import latest_brief
from storage.meetings import find_brief_rule
from storage.tables import Meeting, MeetingStatus, MeetingType, ScheduleKind, Workspace

SETTLED = timedelta(minutes=2)
"""So long a change waits before the posted brief tells of it: who undoes it at once leaves no trace."""


def brief_time(session: Session, workspace_id: str, meeting_type: MeetingType) -> BriefTime | None:
    """When the brief before meetings of that type comes; None = there is none."""
    rule = find_brief_rule(session, workspace_id, meeting_type)
    if rule is None:
        return DEFAULTS.get(meeting_type)
    return BriefTime(rule.lead_working_days, rule.local_time) if rule.lead_working_days else None


def due_of_brief(
    session: Session, workspace: Workspace, meeting_type: MeetingType, starts_at: datetime, now: datetime
) -> datetime | None:
    """The minute from `now` on when the brief of such a meeting is due; None when there is none before it starts."""
    brief = brief_time(session, workspace.id, meeting_type)
    if brief is None:
        return None
    day = starts_at.astimezone(ZoneInfo(workspace.timezone)).date()
    calendar = work_calendar(session, workspace, day, day)
    return brief_due(starts_at, brief, workspace.timezone, calendar, now)


def plan_brief(session: Session, context: Context, workspace: Workspace, meeting: Meeting) -> None:
    """Let the brief of the meeting fall due when it should; one that is posted keeps its minute."""
    if latest_brief(session, meeting.id):
        return
    due_at = _due(session, context, workspace, meeting) if meeting.status == MeetingStatus.PLANNED else None
    meeting.brief_due_at = due_at
    session.add(meeting)
    session.flush()
    if due_at is None:
        cancel(session, ScheduleKind.BRIEF, meeting.id)
    else:
        plan(session, context, workspace.id, ScheduleKind.BRIEF, meeting.id, due_at)


def _due(session: Session, context: Context, workspace: Workspace, meeting: Meeting) -> datetime | None:
    """The right minute; one that has passed stays where it is still right: it is being done, or was skipped."""
    due_from = partial(due_of_brief, session, workspace, meeting.type, meeting.starts_at)
    planned = meeting.brief_due_at
    if planned and planned < context.now and due_from(planned) == planned:
        return planned
    return due_from(context.now)

"""Whom a brief reaches: one reminder to the invited who have not opened it, and a count when the meeting begins."""

from collections.abc import Iterator
from datetime import datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from sqlmodel import Session

from bot.domain.brief import from_json
from bot.domain.recurrence import moment
from bot.services.access import company_day
from bot.services.context import Context
from bot.services.failures import tell_skipped
from bot.services.meetings.calendars import work_calendar
from bot.services.messages import briefs as messages
from bot.services.outbox import enqueue
from bot.services.scheduling import plan
from bot.templates import speaker
from storage.briefs import forget_openings, latest_brief, list_versions, who_opened
from storage.meetings import find_meeting, list_participants
from storage.outbox import find_key, forget_rows
from storage.tables import (
    Brief,
    BriefReach,
    Meeting,
    MeetingStatus,
    Member,
    OccurrenceState,
    Schedule,
    ScheduleKind,
    Workspace,
)

REMIND_AT: Final = time(9)
AT_LEAST_BEFORE: Final = timedelta(hours=2)
HELPS_FOR: Final = timedelta(hours=9)
"""After 18:00 a reminder of that morning nags; where the meeting is still ahead it is left out."""


def remind_invited(session: Session, context: Context, schedule: Schedule, _due_at: datetime) -> OccurrenceState:
    """Remind whoever is due by now, and plan the next look.

    Due is one working day before the meeting at 09:00 in each person's own zone; where the brief came later than that,
    or nobody was reminded then because nothing ran, two hours before the meeting. Nobody is reminded twice.
    """
    meeting = find_meeting(session, schedule.workspace_id, schedule.subject_id)
    brief = latest_brief(session, schedule.subject_id)
    if meeting is None or brief is None or meeting.status is MeetingStatus.CANCELLED:
        return OccurrenceState.SKIPPED
    if context.now >= meeting.starts_at:
        if any(moments for _, moments in _waiting(session, context, brief, meeting)):
            tell_skipped(session, context, schedule)
        return OccurrenceState.SKIPPED
    ahead: list[datetime] = []
    for member, moments in _waiting(session, context, brief, meeting):
        if any(at <= context.now < at + HELPS_FOR for at in moments):
            _remind(session, context, brief, meeting, member)
        else:
            ahead += [at for at in moments if at > context.now]
    if ahead:
        plan(session, context, meeting.workspace_id, ScheduleKind.BRIEF_REMINDER, meeting.id, min(ahead))
    return OccurrenceState.DONE


def close_reach(session: Session, context: Context, schedule: Schedule, _due_at: datetime) -> OccurrenceState:
    """The meeting begins: keep how many opened its brief, and forget who."""
    meeting = find_meeting(session, schedule.workspace_id, schedule.subject_id)
    if meeting is None or context.now < meeting.starts_at:
        return OccurrenceState.SKIPPED
    opened, versions = who_opened(session, meeting.id), list_versions(session, meeting.id)
    forget_openings(session, meeting.id)
    forget_rows(session, meeting.workspace_id, _topic(meeting))  # whoever was reminded had not opened it
    if versions and session.get(BriefReach, meeting.id) is None:
        today = company_day(session.get_one(Workspace, meeting.workspace_id), context)
        invited = {member.id for member in list_participants(session, meeting.id, today)}
        reach = {"invited": len(invited), "opened": len(opened & invited)}
        posted_at = versions[0].late_at or versions[0].as_of
        session.add(BriefReach(meeting_id=meeting.id, posted_at=posted_at, **reach))
    return OccurrenceState.DONE


def _waiting(
    session: Session, context: Context, brief: Brief, meeting: Meeting
) -> Iterator[tuple[Member, list[datetime]]]:
    """Who is invited and here, may be asked, has not opened the brief and was not reminded; with the moments due."""
    workspace = session.get_one(Workspace, meeting.workspace_id)
    today, day = company_day(workspace, context), meeting.starts_at.astimezone(ZoneInfo(workspace.timezone)).date()
    calendar, opened = work_calendar(session, workspace, day, day), who_opened(session, meeting.id)
    posted_at = brief.corrected_at or brief.late_at or brief.as_of
    for member in list_participants(session, meeting.id, today):
        if not member.undisturbed and member.id not in opened and find_key(session, _key(meeting, member)) is None:
            there = meeting.starts_at.astimezone(ZoneInfo(member.timezone)).date()
            usual = moment(calendar.working_days_before(there, 1), REMIND_AT, member.timezone)
            moments = (usual, meeting.starts_at - AT_LEAST_BEFORE)
            yield member, [at for at in moments if posted_at < at < meeting.starts_at]


def _topic(meeting: Meeting) -> str:
    """What every reminder of that meeting is about."""
    return f"brief_reminder:{meeting.id}"


def _key(meeting: Meeting, member: Member) -> str:
    return f"{_topic(meeting)}:{member.id}"


def _remind(session: Session, context: Context, brief: Brief, meeting: Meeting, member: Member) -> None:
    """One for each meeting, whatever becomes of its brief."""
    speak = speaker(member.language, member.timezone)
    enqueue(
        session,
        context,
        workspace_id=meeting.workspace_id,
        key=_key(meeting, member),
        topic=_topic(meeting),
        target_id=member.external_id,
        message=messages.reminder(speak, from_json(brief.snapshot), brief.id, meeting.starts_at),
    )

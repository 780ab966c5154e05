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
from bot.services.messages import briefs as messages
from bot.services.scheduling import plan
from bot.services.unasked import Item, forget, list_told, tell
from bot.services.working_time import work_calendar
from bot.templates import speaker
from storage.briefs import forget_openings, latest_brief, list_versions, who_opened
from storage.meetings import find_meeting, list_participants
from storage.tables import (
    Brief,
    BriefReach,
    ItemKind,
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
    # Whoever was reminded had not opened it.
    forget(session, context, meeting.workspace_id, ItemKind.BRIEF, meeting.id, _topic(meeting))
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
    calendar = work_calendar(session, workspace, day, day)
    done = {*who_opened(session, meeting.id), *list_told(session, ItemKind.BRIEF, meeting.id)}
    posted_at = brief.corrected_at or brief.late_at or brief.as_of
    for member in list_participants(session, meeting.id, today):
        if not member.undisturbed and member.id not in done:
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
    speak, snapshot = speaker(member.language, member.timezone), from_json(brief.snapshot)
    item = Item(
        kind=ItemKind.BRIEF,
        subject_id=meeting.id,
        key=_key(meeting, member),
        message=messages.reminder(speak, snapshot, brief.id, meeting.starts_at),
        line=messages.reminder_line(speak, snapshot, brief.id, meeting.starts_at),
        topic=_topic(meeting),
        helps_until=meeting.starts_at,
    )
    tell(session, context, session.get_one(Workspace, meeting.workspace_id), member, item)

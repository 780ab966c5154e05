"""The brief in the channel: frozen and posted when it is due, and changed there when something becomes of it."""

from datetime import datetime
from functools import partial

from sqlmodel import Session

from bot.domain.brief import BriefSnapshot, from_json, to_json
from bot.domain.brief_times import LATE_FROM
from bot.services import scheduling
from bot.services.access import company_day
from bot.services.briefs.building import build_brief
from bot.services.context import Context
from bot.services.messages import briefs as messages
from bot.services.messages.briefs import Standing
from bot.services.outbox import enqueue
from bot.templates import speaker
from storage.briefs import list_versions, next_brief
from storage.meetings import find_meeting
from storage.members import list_facilitators
from storage.outbox import find_key
from storage.tables import Brief, Meeting, MeetingStatus, OccurrenceState, Schedule, ScheduleKind, Workspace


def materialise_brief(session: Session, context: Context, schedule: Schedule, due_at: datetime) -> OccurrenceState:
    """Freeze the brief as of its due minute and put it in the outbox, with a note when that is late.

    Once the meeting has begun it helps nobody any more: it is skipped, and the facilitators are told, as when there is
    no channel to post it in. Of a cancelled meeting nothing is said.
    """
    meeting = find_meeting(session, schedule.workspace_id, schedule.subject_id)
    if meeting is None or meeting.status is MeetingStatus.CANCELLED:
        return OccurrenceState.SKIPPED
    workspace = session.get_one(Workspace, schedule.workspace_id)
    if context.now >= meeting.starts_at:
        return _skip(session, context, workspace, meeting, "skipped")
    if workspace.channel_id is None:
        return _skip(session, context, workspace, meeting, "no_channel")
    late = context.now - due_at >= LATE_FROM
    brief = freeze(session, context, meeting, build_brief(session, meeting, due_at))
    brief.late_at = context.now if late else None
    post_brief(session, context, workspace, meeting, brief)
    plan_reach(session, context, meeting)
    return OccurrenceState.LATE if late else OccurrenceState.DONE


def freeze(
    session: Session, context: Context, meeting: Meeting, snapshot: BriefSnapshot, correction: str | None = None
) -> Brief:
    """The next version of the meeting's brief."""
    versions = list_versions(session, meeting.id)
    brief = Brief(
        id=context.new_id(),
        workspace_id=meeting.workspace_id,
        meeting_id=meeting.id,
        version=len(versions) + 1,
        as_of=snapshot.as_of,
        snapshot=to_json(snapshot),
        said=[key for guard in snapshot.guards for key in guard.keys],
        corrected_at=context.now if versions else None,
        correction=correction,
    )
    session.add(brief)
    session.flush()
    return brief


def standing_of(session: Session, brief: Brief, meeting: Meeting) -> Standing:
    """What became of the brief."""
    last = list_versions(session, brief.meeting_id)[-1]
    frozen_start = from_json(brief.snapshot).starts_at
    return Standing(
        brief_id=brief.id,
        version=brief.version,
        late_at=brief.late_at,
        corrected_at=brief.corrected_at,
        correction=brief.correction or "",
        replaced_by=(last.version, last.id) if last.version > brief.version else None,
        moved_to=meeting.starts_at if meeting.starts_at != frozen_start else None,
        cancelled=meeting.status is MeetingStatus.CANCELLED,
    )


def post_brief(session: Session, context: Context, workspace: Workspace, meeting: Meeting, brief: Brief) -> None:
    """The post, and its details in the thread, as one."""
    speak, snapshot = speaker(workspace.language, workspace.timezone), from_json(brief.snapshot)
    key = _key(brief)
    put = partial(enqueue, session, context, workspace_id=workspace.id, target_id=str(workspace.channel_id))
    post_id = put(key=key, message=messages.post(speak, snapshot, standing_of(session, brief, meeting)))
    for number, detail in enumerate(messages.thread(speak, snapshot), start=1):
        put(key=f"{key}:details:{number}", message=detail, thread_of=post_id)


def show_standing(
    session: Session, context: Context, meeting: Meeting, brief: Brief, not_before: datetime | None = None
) -> None:
    """Let the post in the channel say what became of the brief. Nothing where it was not posted."""
    post = find_key(session, _key(brief))
    if post is None:
        return
    workspace = session.get_one(Workspace, brief.workspace_id)
    speak = speaker(workspace.language, workspace.timezone)
    enqueue(
        session,
        context,
        workspace_id=workspace.id,
        key=f"{_key(brief)}:{context.new_id()}",
        target_id=post.target_id,
        message=messages.post(speak, from_json(brief.snapshot), standing_of(session, brief, meeting)),
        replaces=post.id,
        not_before=not_before,
    )


def announce_move(session: Session, context: Context, meeting: Meeting, not_before: datetime | None = None) -> None:
    """The meeting was moved or cancelled, or that was undone: its posted brief says so in its heading and first line.

    Its reminder and the end of its reach move along. Nothing where no brief was posted.
    """
    versions = list_versions(session, meeting.id)
    if not versions:
        return
    show_standing(session, context, meeting, versions[-1], not_before)
    plan_reach(session, context, meeting)


def plan_reach(session: Session, context: Context, meeting: Meeting) -> None:
    """Look for who is to be reminded, from now on; count who opened it when the meeting begins."""
    if meeting.status is MeetingStatus.CANCELLED:
        scheduling.cancel(session, ScheduleKind.BRIEF_REMINDER, meeting.id)
        scheduling.cancel(session, ScheduleKind.BRIEF_CLOSE, meeting.id)
        return
    put = partial(scheduling.plan, session, context, meeting.workspace_id)
    put(ScheduleKind.BRIEF_REMINDER, meeting.id, context.now)
    put(ScheduleKind.BRIEF_CLOSE, meeting.id, max(meeting.starts_at, context.now))


def _key(brief: Brief) -> str:
    return f"brief:{brief.meeting_id}:{brief.version}"


def _skip(session: Session, context: Context, workspace: Workspace, meeting: Meeting, reason: str) -> OccurrenceState:
    """Tell each facilitator why there is no brief, and when the next one comes."""
    following = next_brief(session, workspace.id, context.now)
    next_due = following.brief_due_at if following else None
    for member in list_facilitators(session, workspace.id, company_day(workspace, context)):
        speak = speaker(member.language, member.timezone)
        enqueue(
            session,
            context,
            workspace_id=workspace.id,
            key=f"brief:{meeting.id}:{reason}:{member.id}",
            target_id=member.external_id,
            message=messages.not_posted(speak, meeting, reason, next_due),
        )
    return OccurrenceState.SKIPPED

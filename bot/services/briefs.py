"""The brief: frozen and posted when it is due, previewed before, and looked at behind its buttons."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from typing import Final
from zoneinfo import ZoneInfo

from sqlmodel import Session

from bot.domain.brief import BriefSnapshot, Records, from_json, take_snapshot, to_json
from bot.domain.chat import Message
from bot.domain.errors import Refused
from bot.services.access import Actor, Sender, access_actor, company_day
from bot.services.context import Context
from bot.services.messages import briefs as messages
from bot.services.outbox import enqueue
from bot.templates import Speaker, speaker
from storage.briefs import (
    agreements_since,
    coming_meeting,
    entries_between,
    entries_by_id,
    find_brief,
    last_brief_due,
    latest_brief,
    next_brief,
)
from storage.meetings import find_meeting
from storage.members import count_active_by_side, list_facilitators, list_sides
from storage.objectives import list_objective_actuals, list_objectives
from storage.tables import Brief, Meeting, MeetingStatus, OccurrenceState, Schedule, Workspace
from storage.tensions import list_tensions

LATE_FROM: Final = timedelta(minutes=5)
ONE_DAY: Final = timedelta(days=1)


def build_brief(session: Session, meeting: Meeting, as_of: datetime) -> BriefSnapshot:
    """What the brief of the meeting says at the minute `as_of` (aware UTC); later rows are not seen."""
    workspace = session.get_one(Workspace, meeting.workspace_id)
    since = last_brief_due(session, meeting, before=min(as_of, meeting.brief_due_at or as_of))
    zone = ZoneInfo(workspace.timezone)
    today, first = as_of.astimezone(zone).date(), since.astimezone(zone).date() if since else None
    # A day earlier than needed: where a day begins is decided by the rules, not by the query.
    new = entries_between(session, workspace.id, first - ONE_DAY if first else None, today)
    repeated = {entry.recurrence_of for entry in new if entry.recurrence_of} - {entry.id for entry in new}
    records = Records(
        meeting=meeting,
        zone=workspace.timezone,
        since=since,
        sides=list_sides(session, workspace.id),
        people=count_active_by_side(session, workspace.id, today),
        entries=[*new, *entries_by_id(session, workspace.id, repeated)],
        tensions=list_tensions(session, workspace.id),
        objectives=list_objectives(session, workspace.id),
        actuals=list_objective_actuals(session, workspace.id),
        agreements=agreements_since(session, workspace.id, first),
    )
    return take_snapshot(records, as_of)


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
    brief = _freeze(session, context, meeting, build_brief(session, meeting, due_at))
    _post(session, context, workspace, workspace.channel_id, brief, late=late)
    return OccurrenceState.LATE if late else OccurrenceState.DONE


def preview_brief(session: Session, context: Context, sender: Sender) -> Message:
    """The brief of the next meeting: as it was posted, or else as known now."""
    actor = access_actor(session, context, sender)
    meeting = coming_meeting(session, actor.workspace.id, context.now)
    if meeting is None:
        return messages.no_meeting(actor.speaker)
    brief = latest_brief(session, meeting.id)
    if brief is not None:
        return messages.posted(actor.speaker, from_json(brief.snapshot), brief.id, brief.version)
    return messages.preview(actor.speaker, build_brief(session, meeting, context.now), meeting)


def brief_details(session: Session, context: Context, sender: Sender, brief_id: str) -> Message:
    """Every list of a brief in full. `brief_id` is the value of its button."""
    return _behind_button(session, context, sender, brief_id, messages.details)


def brief_agreements(session: Session, context: Context, sender: Sender, brief_id: str) -> Message:
    """The agreements of a brief by how they stood. `brief_id` is the value of its button."""
    return _behind_button(session, context, sender, brief_id, messages.agreements)


def _freeze(session: Session, context: Context, meeting: Meeting, snapshot: BriefSnapshot) -> Brief:
    brief = Brief(
        id=context.new_id(),
        workspace_id=meeting.workspace_id,
        meeting_id=meeting.id,
        as_of=snapshot.as_of,
        snapshot=to_json(snapshot),
    )
    session.add(brief)
    session.flush()
    return brief


def _post(
    session: Session, context: Context, workspace: Workspace, channel_id: str, brief: Brief, *, late: bool
) -> None:
    """The post, and its details in the thread, as one."""
    speak, snapshot = speaker(workspace.language, workspace.timezone), from_json(brief.snapshot)
    key = f"brief:{brief.meeting_id}:{brief.version}"
    put = partial(enqueue, session, context, workspace_id=workspace.id, target_id=channel_id)
    post = messages.post(speak, snapshot, brief.id, posted_late=context.now if late else None)
    post_id = put(key=key, message=post)
    for number, detail in enumerate(messages.thread(speak, snapshot), start=1):
        put(key=f"{key}:details:{number}", message=detail, thread_of=post_id)


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


def _behind_button(
    session: Session,
    context: Context,
    sender: Sender,
    brief_id: str,
    compose: Callable[[Speaker, BriefSnapshot], Message],
) -> Message:
    actor = access_actor(session, context, sender)
    snapshot = (
        _preview(session, context, actor)
        if brief_id == messages.PREVIEW
        else _stored(session, actor.workspace, brief_id)
    )
    return compose(actor.speaker, snapshot) if snapshot else messages.no_meeting(actor.speaker)


def _preview(session: Session, context: Context, actor: Actor) -> BriefSnapshot | None:
    meeting = coming_meeting(session, actor.workspace.id, context.now)
    return build_brief(session, meeting, context.now) if meeting else None


def _stored(session: Session, workspace: Workspace, brief_id: str) -> BriefSnapshot:
    brief = find_brief(session, workspace.id, brief_id)
    if brief is None:
        raise Refused("old_button")
    return from_json(brief.snapshot)

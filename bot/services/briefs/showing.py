"""The brief looked at: the coming one, past ones as they were, and what stands behind the buttons."""

from collections.abc import Callable, Sequence
from typing import Final

from sqlmodel import Session

from bot.domain.brief import BriefSnapshot, from_json
from bot.domain.chat import Message, Part
from bot.domain.errors import Refused
from bot.services.access import Actor, Sender, access_actor, company_day
from bot.services.briefs.building import build_brief
from bot.services.briefs.posting import standing_of
from bot.services.context import Context
from bot.services.messages import briefs as messages
from bot.templates import Speaker
from storage.briefs import (
    coming_meeting,
    find_brief,
    find_reach,
    latest_brief,
    list_past_briefs,
    list_versions,
    note_opening,
)
from storage.meetings import find_meeting, list_participants
from storage.tables import Brief, Meeting

PAST: Final = 5


def preview_brief(session: Session, context: Context, sender: Sender) -> Message:
    """The brief of the next meeting, as it was posted or else as known now; below it the past ones."""
    actor = access_actor(session, context, sender)
    past = _past(session, context, actor, 0)
    meeting = coming_meeting(session, actor.workspace.id, context.now)
    if meeting is None:
        return messages.no_meeting(actor.speaker, past)
    brief = latest_brief(session, meeting.id)
    if brief is not None:
        return _shown(session, actor, brief, meeting, past)
    return messages.preview(actor.speaker, build_brief(session, meeting, context.now), meeting, past)


def open_brief(session: Session, context: Context, sender: Sender, brief_id: str) -> Message:
    """One version of a brief, as it was. `brief_id` is the value of its button."""
    actor = access_actor(session, context, sender)
    brief = _access_brief(session, actor, brief_id)
    return _shown(session, actor, brief, _meeting_of(session, brief))


def past_briefs(session: Session, context: Context, sender: Sender, offset: str) -> Message:
    """Older briefs, from that number on."""
    actor = access_actor(session, context, sender)
    start = int(offset) if offset.isdecimal() else 0
    return messages.past_window(actor.speaker, _past(session, context, actor, start))


def brief_details(session: Session, context: Context, sender: Sender, brief_id: str) -> Message:
    """Every list of a brief in full. `brief_id` is the value of its button."""
    return _behind_button(session, context, sender, brief_id, messages.details)


def brief_decisions(session: Session, context: Context, sender: Sender, brief_id: str) -> Message:
    """What a brief asks, in full. `brief_id` is the value of its button."""
    return _behind_button(session, context, sender, brief_id, messages.decisions)


def brief_agreements(session: Session, context: Context, sender: Sender, brief_id: str) -> Message:
    """The agreements of a brief by how they stood. `brief_id` is the value of its button."""
    return _behind_button(session, context, sender, brief_id, messages.agreements)


def _shown(session: Session, actor: Actor, brief: Brief, meeting: Meeting, past: Sequence[Part] = ()) -> Message:
    versions = list_versions(session, meeting.id)
    return messages.posted(
        actor.speaker,
        from_json(brief.snapshot),
        standing_of(session, brief, meeting),
        versions=versions,
        reach=find_reach(session, meeting.id),
        may_correct=actor.leads and brief.version == len(versions),
        past=past,
    )


def _past(session: Session, context: Context, actor: Actor, offset: int) -> Sequence[Part]:
    found = list_past_briefs(session, actor.workspace.id, context.now, offset, PAST + 1)
    past = [messages.PastBrief(brief, meeting) for brief, meeting in found[:PAST]]
    return messages.past_list(actor.speaker, past, offset, more=len(found) > PAST)


def _behind_button(
    session: Session,
    context: Context,
    sender: Sender,
    brief_id: str,
    compose: Callable[[Speaker, BriefSnapshot], Message],
) -> Message:
    actor = access_actor(session, context, sender)
    if brief_id == messages.PREVIEW:
        meeting = coming_meeting(session, actor.workspace.id, context.now)
        if meeting is None:
            return messages.no_meeting(actor.speaker)
        return compose(actor.speaker, build_brief(session, meeting, context.now))
    brief = _access_brief(session, actor, brief_id)
    _note_opening(session, context, actor, brief)
    return compose(actor.speaker, from_json(brief.snapshot))


def _note_opening(session: Session, context: Context, actor: Actor, brief: Brief) -> None:
    """Until the meeting begins, of those who are invited."""
    today = company_day(actor.workspace, context)
    invited = {member.id for member in list_participants(session, brief.meeting_id, today)}
    if actor.member.id in invited and context.now < _meeting_of(session, brief).starts_at:
        note_opening(session, brief.id, actor.member.id)


def _access_brief(session: Session, actor: Actor, brief_id: str) -> Brief:
    brief = find_brief(session, actor.workspace.id, brief_id)
    if brief is None:
        raise Refused("old_button")
    return brief


def _meeting_of(session: Session, brief: Brief) -> Meeting:
    meeting = find_meeting(session, brief.workspace_id, brief.meeting_id)
    assert meeting is not None
    return meeting

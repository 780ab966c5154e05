"""A posted brief is corrected: the figures are taken again as of the same minute, and both versions stay."""

from sqlmodel import Session

from bot.domain.chat import Form, Message, Submission
from bot.domain.errors import Refused
from bot.services.access import Actor, Sender, access_actor, check_leads
from bot.services.audit import note
from bot.services.briefs.building import build_brief
from bot.services.briefs.posting import freeze, post_brief, show_standing
from bot.services.context import Context
from bot.services.messages import briefs as messages
from bot.services.requests import claim_request
from storage.briefs import find_brief, list_versions
from storage.meetings import find_meeting
from storage.tables import Brief, Meeting


def correct_form(session: Session, context: Context, sender: Sender, brief_id: str) -> Form:
    """Ask a facilitator what is different now."""
    actor = access_actor(session, context, sender)
    brief, _ = _access_correctable(session, actor, brief_id)
    return messages.correct_form(actor.speaker, brief.id)


def correct_brief(
    session: Session, context: Context, sender: Sender, request_id: str, submission: Submission
) -> Message:
    """Post the next version; the old post says that it was replaced."""
    claim_request(session, context, request_id)
    actor = access_actor(session, context, sender)
    old, meeting = _access_correctable(session, actor, submission.payload["brief"])
    reason = " ".join(submission.text("reason").split())
    if not reason:
        raise Refused("correction_empty", field="reason")
    new = freeze(session, context, meeting, build_brief(session, meeting, old.as_of), reason)
    post_brief(session, context, actor.workspace, meeting, new)
    show_standing(session, context, meeting, old)
    before, after = f"version {old.version}", f"version {new.version}: {reason}"
    note(session, context, actor, "brief.correct", new.id, before, after)
    return messages.corrected(actor.speaker, new.version)


def _access_correctable(session: Session, actor: Actor, brief_id: str) -> tuple[Brief, Meeting]:
    check_leads(actor)
    brief = find_brief(session, actor.workspace.id, brief_id)
    meeting = find_meeting(session, actor.workspace.id, brief.meeting_id) if brief else None
    if brief is None or meeting is None:
        raise Refused("old_button")
    if actor.workspace.channel_id is None:
        raise Refused("no_share_channel")
    if list_versions(session, meeting.id)[-1].id != brief.id:
        raise Refused("brief_replaced")
    return brief, meeting

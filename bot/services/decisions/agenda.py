"""What else members want to talk about in a meeting: listed for everybody beside what it is asked."""

from sqlmodel import Session

from bot.domain.chat import Form, Message, Submission
from bot.domain.decision import is_over, parse_refs
from bot.domain.errors import Refused
from bot.services.access import Actor, Sender, access_actor, check_own_or_leads
from bot.services.audit import note
from bot.services.context import Context
from bot.services.decisions.access import access_meeting
from bot.services.decisions.listing import list_card
from bot.services.messages import decision_forms as forms
from bot.services.messages import decisions as messages
from bot.services.requests import claim_request
from storage.decisions import find_agenda_item
from storage.entries import find_entry
from storage.tables import AgendaItem, Meeting


def agenda_form(session: Session, context: Context, sender: Sender, meeting_id: str) -> Form:
    actor = access_actor(session, context, sender)
    return forms.agenda(actor.speaker, _access_coming(session, context, actor, meeting_id))


def save_agenda_item(
    session: Session, context: Context, sender: Sender, request_id: str, submission: Submission
) -> Message:
    claim_request(session, context, request_id)
    actor = access_actor(session, context, sender)
    meeting = _access_coming(session, context, actor, submission.payload["meeting"])
    text = " ".join(submission.text("what").split())
    if not text:
        raise Refused("agenda_empty", field="what")
    item = AgendaItem(
        id=context.new_id(),
        workspace_id=actor.workspace.id,
        meeting_id=meeting.id,
        member_id=actor.member.id,
        text=text,
        entry_id=_entry_id(session, actor, submission.text("entry")),
        added_at=context.now,
    )
    session.add(item)
    session.flush()
    return messages.on_the_agenda(actor.speaker, item, meeting)


def remove_agenda_item(session: Session, context: Context, sender: Sender, item_id: str) -> Message:
    """Take it off, by who put it there or by a facilitator (noted)."""
    actor = access_actor(session, context, sender)
    item = find_agenda_item(session, actor.workspace.id, item_id)
    if item is None:
        return list_card(session, context, actor)
    own = item.member_id == actor.member.id
    check_own_or_leads("agenda_not_yours", actor, own=own)
    if not own:
        note(session, context, actor, "agenda.remove", item.id, before=item.text)
    session.delete(item)
    session.flush()
    return list_card(session, context, actor, messages.Said("off_the_agenda", text=item.text))


def _access_coming(session: Session, context: Context, actor: Actor, meeting_id: str) -> Meeting:
    meeting = access_meeting(session, actor, meeting_id)
    if is_over(meeting, context.now):
        raise Refused("agenda_closed", field="what")
    return meeting


def _entry_id(session: Session, actor: Actor, typed: str) -> str | None:
    refs = parse_refs(typed)
    if not refs:
        return None
    entry = find_entry(session, actor.workspace.id, refs[0]) if len(refs) == 1 else None
    if entry is None or entry.withdrawn_on is not None or entry.hidden_reason is not None:
        raise Refused("decision_entry_unknown", field="entry", ref=" #".join(refs))
    return entry.id

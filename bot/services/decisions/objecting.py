"""A ratification stands unless somebody objects: with a reason, and with their name."""

from sqlmodel import Session

from bot.domain.chat import Form, Message, Submission
from bot.domain.errors import Refused
from bot.services.access import Actor, Sender, access_actor, company_day
from bot.services.context import Context
from bot.services.decisions.access import access_decision
from bot.services.decisions.listing import may_object
from bot.services.messages import decision_forms as forms
from bot.services.messages import decisions as messages
from bot.services.outbox import enqueue
from bot.services.requests import claim_request
from bot.templates import speaker
from storage.decisions import find_objection
from storage.members import list_facilitators
from storage.outbox import find_key
from storage.tables import Decision, DecisionKind, DecisionObjection, Meeting


def object_form(session: Session, context: Context, sender: Sender, decision_id: str) -> Form:
    """The reason, filled in for somebody who objected before."""
    actor = access_actor(session, context, sender)
    decision, _ = _access_ratification(session, context, actor, decision_id)
    made = find_objection(session, decision.id, actor.member.id)
    return forms.objection(actor.speaker, decision, made.reason if made else "")


def save_objection(
    session: Session, context: Context, sender: Sender, request_id: str, submission: Submission
) -> Message:
    """Keep the objection with its name, and tell the facilitators."""
    claim_request(session, context, request_id)
    actor = access_actor(session, context, sender)
    decision, meeting = _access_ratification(session, context, actor, submission.payload["decision"])
    reason = " ".join(submission.text("reason").split())
    if not reason:
        raise Refused("objection_reason_empty", field="reason")
    made = find_objection(session, decision.id, actor.member.id) or DecisionObjection(
        decision_id=decision.id, member_id=actor.member.id, reason="", objected_at=context.now
    )
    made.reason, made.objected_at = reason, context.now
    session.add(made)
    session.flush()
    _tell(session, context, actor, decision, meeting, reason)
    return messages.objected(actor.speaker, decision, meeting, reason)


def withdraw_objection(session: Session, context: Context, sender: Sender, decision_id: str) -> Message:
    """Take the own objection back; where the facilitators read it, one line says so."""
    actor = access_actor(session, context, sender)
    decision, meeting = _access_ratification(session, context, actor, decision_id)
    made = find_objection(session, decision.id, actor.member.id)
    if made is not None:
        session.delete(made)
        session.flush()
        _tell(session, context, actor, decision, meeting, None)
    return messages.objection_withdrawn(actor.speaker, decision)


def _access_ratification(
    session: Session, context: Context, actor: Actor, decision_id: str
) -> tuple[Decision, Meeting]:
    decision, meeting = access_decision(session, actor, decision_id)
    if decision.kind is not DecisionKind.RATIFY:
        raise Refused("decision_not_ratified", meeting=meeting.type)
    if not may_object(context, decision, meeting):
        raise Refused("decision_closed")
    return decision, meeting


def _tell(
    session: Session, context: Context, actor: Actor, decision: Decision, meeting: Meeting, reason: str | None
) -> None:
    """A message to every other facilitator; what comes after the first changes that message. No reason = withdrawn."""
    for member in list_facilitators(session, actor.workspace.id, company_day(actor.workspace, context)):
        if member.id == actor.member.id:
            continue
        key = f"objection:{decision.id}:{actor.member.id}:{member.id}"
        first = find_key(session, key)
        speak = speaker(member.language, member.timezone)
        enqueue(
            session,
            context,
            workspace_id=actor.workspace.id,
            key=f"{key}:{context.new_id()}" if first else key,
            target_id=member.external_id,
            message=messages.objection_notice(speak, actor.member.name, decision, meeting, reason),
            replaces=first.id if first else None,
        )

"""Question 4: who facilitates. Somebody who is no member yet does so from their first contact on."""

from collections.abc import Collection, Mapping, Sequence

from sqlmodel import Session

from bot.domain.chat import Form, Message, Submission
from bot.domain.errors import Refused
from bot.services.access import (
    Actor,
    Profile,
    Sender,
    access_appointer,
    check_somebody_leads,
    company_day,
    has_left,
    is_colleague,
    lock_leads,
)
from bot.services.appointments import change_role
from bot.services.audit import note
from bot.services.context import Context
from bot.services.messages import setup as messages
from bot.services.messages import setup_forms as forms
from bot.services.outbox import enqueue
from bot.services.requests import claim_request
from bot.services.setup.finishing import answered
from bot.services.unasked import Item, tell
from bot.templates import speaker
from storage.members import list_facilitators, list_members
from storage.setup import list_appointments
from storage.tables import Appointment, ItemKind, Member, Role, SetupQuestion


def facilitators_form(session: Session, context: Context, sender: Sender) -> Form:
    actor = access_appointer(session, context, sender)
    return forms.facilitators(actor.speaker, [*_leading(session, context, actor), *_awaited(session, actor)])


def people_to_ask_about(session: Session, context: Context, sender: Sender, submission: Submission) -> Sequence[str]:
    """Those chosen who are no members yet: the platform knows whether they are colleagues."""
    actor = access_appointer(session, context, sender)
    known = {member.external_id for member in list_members(session, actor.workspace.id)}
    return [external_id for external_id in submission.people("people") if external_id not in known]


def save_facilitators(
    session: Session,
    context: Context,
    sender: Sender,
    request_id: str,
    submission: Submission,
    profiles: Mapping[str, Profile | None],
) -> Message:
    """The chosen people facilitate; whoever is new to it is told privately. Raises `Refused` at the field.

    `profiles` are of those who are no members yet; None = the platform did not say who they are.
    """
    claim_request(session, context, request_id)
    lock_leads(session, sender)
    actor = access_appointer(session, context, sender)
    chosen = _merged(session, context, actor, submission)
    _check_colleagues(actor, profiles)
    known = {member.external_id: member for member in list_members(session, actor.workspace.id)}
    _check_stay(context, actor, chosen, known)
    for external_id, member in _leading(session, context, actor).items():
        if external_id not in chosen:
            change_role(session, context, actor, member, Role.MEMBER)
    awaited = _awaited(session, actor)
    for external_id, appointment in awaited.items():
        if external_id not in chosen:
            note(session, context, actor, "member.role", external_id, appointment.role, None)
            session.delete(appointment)
    fresh = [external_id for external_id in chosen if external_id not in awaited]
    told = [one for one in fresh if _appoint(session, context, actor, one, known.get(one))]
    session.flush()
    check_somebody_leads(session, context, actor, Refused("facilitator_must_stay", field="people"))
    said = messages.said(actor, "facilitators_saved", told=len(told))
    return answered(session, context, actor, SetupQuestion.FACILITATORS, said)


def _merged(session: Session, context: Context, actor: Actor, submission: Submission) -> Collection[str]:
    """What was changed in the form, made to the list as it stands: somebody else may have saved theirs meanwhile."""
    shown = set(submission.payload.get(forms.SHOWN, "").split())
    wanted = set(submission.people("people"))
    stands = {*_leading(session, context, actor), *_awaited(session, actor)}
    return sorted((stands - (shown - wanted)) | (wanted - shown))


def _check_colleagues(actor: Actor, profiles: Mapping[str, Profile | None]) -> None:
    for profile in profiles.values():
        if profile is None:
            raise Refused("slack_silent", field="people")
        if not is_colleague(actor.workspace, profile):
            raise Refused("facilitator_guest", field="people", name=profile.name)


def _appoint(session: Session, context: Context, actor: Actor, external_id: str, member: Member | None) -> bool:
    """Let them facilitate and tell them; nothing for who does so already. Whether they were told."""
    if member is None:
        appointment = Appointment(workspace_id=actor.workspace.id, external_id=external_id, role=Role.FACILITATOR)
        session.add(appointment)
        note(session, context, actor, "member.role", external_id, None, Role.FACILITATOR)
    elif member.role == Role.MEMBER:
        change_role(session, context, actor, member, Role.FACILITATOR)
    else:
        return False
    if external_id == actor.member.external_id:
        return False
    _tell(session, context, actor, external_id, member)
    return True


def _tell(session: Session, context: Context, actor: Actor, external_id: str, member: Member | None) -> None:
    """Of who is no member yet nobody knows which day it is for them."""
    speak = speaker(member.language, member.timezone) if member else actor.channel_speaker
    message = messages.appointed(speak, actor.member.name, is_member=member is not None)
    key, workspace = f"appointed:{context.new_id()}", actor.workspace
    if member is None:
        enqueue(session, context, workspace_id=workspace.id, key=key, target_id=external_id, message=message)
        return
    line = messages.appointed_line(speak, actor.member.name)
    tell(session, context, workspace, member, Item(ItemKind.APPOINTED, member.id, key, message, line))


def _check_stay(context: Context, actor: Actor, chosen: Collection[str], known: Mapping[str, Member]) -> None:
    for member in (known[external_id] for external_id in chosen if external_id in known):
        if has_left(actor.workspace, context, member):
            raise Refused("facilitator_left", field="people", name=member.name)


def _leading(session: Session, context: Context, actor: Actor) -> dict[str, Member]:
    leads = list_facilitators(session, actor.workspace.id, company_day(actor.workspace, context))
    return {lead.external_id: lead for lead in leads}


def _awaited(session: Session, actor: Actor) -> dict[str, Appointment]:
    return {awaited.external_id: awaited for awaited in list_appointments(session, actor.workspace.id)}

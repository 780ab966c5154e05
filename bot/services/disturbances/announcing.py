"""A facilitator announces a change ahead, withdraws it and puts it back."""

from sqlmodel import Session

from bot.domain.changes import write_state
from bot.domain.chat import Form, Message, Submission
from bot.domain.disturbance import Announcement, check_announcement, linked_until
from bot.domain.errors import Refused
from bot.services.access import Actor, Sender, access_facilitator, company_day, has_left
from bot.services.audit import note
from bot.services.checkins import stopping
from bot.services.context import Context
from bot.services.disturbances.listing import page_of
from bot.services.disturbances.posts import post_change
from bot.services.disturbances.records import access_change, change_of
from bot.services.disturbances.rounds import start_round
from bot.services.messages import disturbances as messages
from bot.services.messages.disturbances import Said
from bot.services.requests import claim_request
from storage.checkins import find_checkin
from storage.disturbances import lock_disturbance, touched_by
from storage.members import find_member, list_sides
from storage.tables import Disturbance, DisturbanceKind, Member, SideKind


def announce_form(session: Session, context: Context, sender: Sender, _value: str = "") -> Form:
    """An empty announcement that touches both counterparts, until it says otherwise."""
    actor = access_facilitator(session, context, sender)
    sides = list_sides(session, actor.workspace.id)
    touched = [side.key for side in sides if side.kind == SideKind.COUNTERPART]
    return messages.form(actor.speaker, sides, touched, company_day(actor.workspace, context))


def announce_change(
    session: Session, context: Context, sender: Sender, request_id: str, submission: Submission
) -> Message:
    """Post it in the channel and ask those it touches. Raises `Refused` beside the field that is wrong."""
    claim_request(session, context, request_id)
    actor = access_facilitator(session, context, sender)
    announced, today = _announcement(session, actor, submission), company_day(actor.workspace, context)
    check_announcement(announced, today)
    people = [_person(session, context, actor, person) for person in announced.people]
    disturbance = Disturbance(
        id=context.new_id(),
        workspace_id=actor.workspace.id,
        kind=announced.kind,
        what=announced.what,
        from_on=announced.from_on,
        announced_by_id=actor.member.id,
        announced_on=today,
        linked_until=linked_until(today, announced.from_on),
        checkin_id=start_round(session, context, actor.workspace, announced, people).id,
    )
    session.add(disturbance)
    session.flush()
    post_change(session, context, actor.workspace, disturbance)
    note(session, context, actor, "disturbance.announce", disturbance.id, after=_state(session, disturbance))
    return _page(session, context, actor, "announced", disturbance)


def withdraw_change(session: Session, context: Context, sender: Sender, disturbance_id: str) -> Message:
    """It does not come after all: the post says so, and who was not asked yet is not asked. It can be put back."""
    actor = access_facilitator(session, context, sender)
    disturbance = _access_to_change(session, actor, disturbance_id)
    if not disturbance.withdrawn:
        before = _state(session, disturbance)
        disturbance.withdrawn = True
        _changed(session, context, actor, disturbance)
        note(session, context, actor, "disturbance.withdraw", disturbance.id, before)
    return _page(session, context, actor, "withdrawn", disturbance)


def restore_change(session: Session, context: Context, sender: Sender, disturbance_id: str) -> Message:
    """Whom the withdrawal held back is asked while the round is still open."""
    actor = access_facilitator(session, context, sender)
    disturbance = _access_to_change(session, actor, disturbance_id)
    if disturbance.withdrawn:
        disturbance.withdrawn = False
        _changed(session, context, actor, disturbance)
        note(session, context, actor, "disturbance.restore", disturbance.id, after=_state(session, disturbance))
    return _page(session, context, actor, "restored", disturbance)


def _access_to_change(session: Session, actor: Actor, disturbance_id: str) -> Disturbance:
    disturbance = access_change(session, actor, disturbance_id)
    lock_disturbance(session, disturbance)
    return disturbance


def _changed(session: Session, context: Context, actor: Actor, disturbance: Disturbance) -> None:
    """Let its round and its post follow."""
    session.add(disturbance)
    session.flush()
    checkin = find_checkin(session, actor.workspace.id, disturbance.checkin_id) if disturbance.checkin_id else None
    if checkin:
        follow = stopping.delete if disturbance.withdrawn else stopping.resume
        follow(session, context, actor.workspace, checkin)
    post_change(session, context, actor.workspace, disturbance)


def _page(session: Session, context: Context, actor: Actor, what: messages.Done, disturbance: Disturbance) -> Message:
    workspace = actor.workspace
    channel = f"#{workspace.channel_name.lstrip('#')}" if workspace.channel_id and workspace.channel_name else None
    return page_of(session, context, actor, Said(what, change_of(session, disturbance), channel))


def _announcement(session: Session, actor: Actor, submission: Submission) -> Announcement:
    kind, known = submission.text("kind"), {side.key for side in list_sides(session, actor.workspace.id)}
    from_on = submission.day("from_on")
    if from_on is None:
        raise Refused("disturbance_day_missing", field="from_on")
    return Announcement(
        kind=DisturbanceKind(kind) if kind in set(DisturbanceKind) else DisturbanceKind.NEW_CUSTOMER,
        what=" ".join(submission.text("what").split()),
        from_on=from_on,
        sides=tuple(side for side in submission.choices("sides") if side in known),
        people=submission.people("people"),
    )


def _person(session: Session, context: Context, actor: Actor, external_id: str) -> Member:
    member = find_member(session, actor.workspace.id, external_id)
    if member is None or has_left(actor.workspace, context, member):
        raise Refused("disturbance_person_unknown", field="people")
    return member


def _state(session: Session, disturbance: Disturbance) -> str:
    """What the audit trail keeps of it."""
    touched = touched_by(session, disturbance)
    return write_state(
        {
            "kind": disturbance.kind,
            "name": disturbance.what,
            "starts_on": disturbance.from_on,
            "touches": ", ".join([*touched.sides, *filter(None, touched.people)]),
        }
    )

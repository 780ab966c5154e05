"""Roles that were given to people before they are members: they hold from their first contact on."""

from collections.abc import Collection, Sequence

from sqlmodel import Session

from bot.services.access import Actor, company_day
from bot.services.audit import note, note_from_outside
from bot.services.context import Context
from storage.audit import note_under
from storage.members import find_member, list_facilitators
from storage.setup import find_appointment, list_appointments
from storage.tables import Appointment, Member, Role, Workspace


def appoint_operators(session: Session, context: Context, workspace: Workspace, external_ids: Collection[str]) -> None:
    """Make those people admins of a workspace that nobody leads: members now, the others with their first contact.

    `external_ids` are the platform's. Who was named this way before and is not any more is no longer awaited.
    """
    if list_facilitators(session, workspace.id, company_day(workspace, context)):
        return
    for awaited in named_by_operators(session, workspace):
        session.delete(awaited)
    session.flush()
    for external_id in external_ids:
        member = find_member(session, workspace.id, external_id)
        if member is None:
            session.add(Appointment(workspace_id=workspace.id, external_id=external_id, role=Role.ADMIN))
        else:
            note_from_outside(session, context, workspace.id, "member.role", member.id, member.role, Role.ADMIN)
            _give(session, member, Role.ADMIN)
    session.flush()


def named_by_operators(session: Session, workspace: Workspace) -> Sequence[Appointment]:
    """Who is to come as admin; whom facilitators chose in the chat keeps nobody from taking the set-up over."""
    return [awaited for awaited in list_appointments(session, workspace.id) if awaited.role == Role.ADMIN]


def take_up(session: Session, context: Context, workspace: Workspace, member: Member) -> None:
    """Give a new member the role that waited for them; who chose them in the chat was noted when they did."""
    note_under(session, member)
    awaited = find_appointment(session, workspace.id, member.external_id)
    if awaited is None:
        return
    if awaited.role == Role.ADMIN and member.role != Role.ADMIN:
        note_from_outside(session, context, workspace.id, "member.role", member.id, member.role, awaited.role)
    if member.role != Role.ADMIN:  # as the list of members that was read in may have it
        _give(session, member, awaited.role)
    session.delete(awaited)
    session.flush()


def change_role(session: Session, context: Context, actor: Actor, member: Member, role: Role) -> None:
    """Another role from now on, noted down; nothing where they have it already."""
    if member.role != role:
        note(session, context, actor, "member.role", member.id, member.role, role)
        _give(session, member, role)


def _give(session: Session, member: Member, role: Role) -> None:
    member.role = role
    session.add(member)
    session.flush()

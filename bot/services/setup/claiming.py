"""Who sets a workspace up: its facilitators; where nobody leads it yet, an admin of the chat who asks for it."""

from sqlmodel import Session

from bot.domain.errors import Refused, UnknownMember
from bot.services.access import Actor, Sender, access_actor, check_leads, company_day
from bot.services.appointments import change_role, named_by_operators
from bot.services.context import Context
from storage.members import list_facilitators
from storage.tables import Role


def access_setup(session: Session, context: Context, sender: Sender) -> Actor:
    """The facilitator or admin behind a request.

    Raises as `access_actor`, and `Refused` for everybody else, with who could do it.
    """
    actor = access_actor(session, context, sender)
    return check_leads(actor, lambda: _refusal(session, context, actor))


def is_unclaimed(session: Session, context: Context, sender: Sender) -> bool:
    """Whether a member asks of a workspace that nobody leads yet, nor was named to: then an admin of the chat may."""
    try:
        actor = access_actor(session, context, sender)
    except (UnknownMember, Refused):
        return False
    return _is_unclaimed(session, context, actor)


def claim(session: Session, context: Context, sender: Sender) -> None:
    """Make an admin of the chat an admin here, if nobody leads the workspace; else nothing changes."""
    actor = access_actor(session, context, sender)
    if _is_unclaimed(session, context, actor):
        change_role(session, context, actor, actor.member, Role.ADMIN)


def _is_unclaimed(session: Session, context: Context, actor: Actor) -> bool:
    leads = list_facilitators(session, actor.workspace.id, company_day(actor.workspace, context))
    return not leads and not named_by_operators(session, actor.workspace)


def _refusal(session: Session, context: Context, actor: Actor) -> Refused:
    leads = list_facilitators(session, actor.workspace.id, company_day(actor.workspace, context))
    if leads:
        return Refused("setup_by_others", names=", ".join(lead.name for lead in leads[:3]))
    return Refused("setup_awaits" if named_by_operators(session, actor.workspace) else "setup_unclaimed")

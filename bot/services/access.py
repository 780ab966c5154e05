"""Who may see and change what: the only functions that fetch with permission."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from sqlmodel import Session

from bot.domain.errors import Refused, UnknownMember
from bot.services.context import Context
from bot.templates import Speaker, speaker
from storage.members import find_member, list_facilitators, lock_members
from storage.setup import has_admin
from storage.tables import Member, Platform, Role, Workspace
from storage.workspaces import find_workspace


@dataclass(frozen=True, slots=True)
class Sender:
    """Who sent a request, in the platform's own ids."""

    platform: Platform
    team_id: str
    user_id: str


@dataclass(frozen=True, slots=True)
class Profile:
    """What the chat platform says about a person. `team_ids` are the platform's ids of the workspaces they belong to.

    `is_gone` = their account is closed; `may_administer` = they run the whole chat of the company.
    """

    name: str
    timezone: str | None
    language: str | None
    is_guest: bool
    team_ids: frozenset[str]
    is_gone: bool = False
    may_administer: bool = False


@dataclass(frozen=True, slots=True)
class Actor:
    """A member acting in their workspace."""

    workspace: Workspace
    member: Member

    @property
    def speaker(self) -> Speaker:
        """Speaks privately to this member."""
        return speaker(self.member.language, self.member.timezone)

    @property
    def channel_speaker(self) -> Speaker:
        """Speaks to everybody: the company's language and zone."""
        return speaker(self.workspace.language, self.workspace.timezone)

    @property
    def leads(self) -> bool:
        return self.member.role in {Role.FACILITATOR, Role.ADMIN}

    @property
    def administers(self) -> bool:
        return self.member.role == Role.ADMIN


def company_day(workspace: Workspace, context: Context) -> date:
    """Today in the company's zone."""
    return context.now.astimezone(ZoneInfo(workspace.timezone)).date()


def has_left(workspace: Workspace, context: Context, member: Member) -> bool:
    """Whether their last day is over."""
    return member.active_to is not None and member.active_to < company_day(workspace, context)


def access_workspace(session: Session, sender: Sender) -> Workspace:
    """The workspace of a request. Raises `Refused` for one we are not set up for, or were taken away from."""
    workspace = find_workspace(session, sender.platform, sender.team_id)
    if workspace is None:
        raise Refused("other_workspace")
    if workspace.disconnected_at is not None:
        raise Refused("disconnected")
    return workspace


def is_colleague(workspace: Workspace, profile: Profile) -> bool:
    """Whether they belong to the company: no guest, nobody of another company, nobody whose account is closed."""
    return workspace.external_id in profile.team_ids and not (profile.is_guest or profile.is_gone)


def check_colleague(workspace: Workspace, profile: Profile) -> None:
    """Raises `Refused` for guests and people of other companies."""
    if not is_colleague(workspace, profile):
        raise Refused("guest", company=workspace.name)


def access_actor(session: Session, context: Context, sender: Sender) -> Actor:
    """The member behind a request.

    Raises:
        UnknownMember: nobody by that id yet; they say where they work first.
        Refused: another company, or a member who has left.
    """
    workspace = access_workspace(session, sender)
    member = find_member(session, workspace.id, sender.user_id)
    if member is None:
        raise UnknownMember
    if has_left(workspace, context, member):
        raise Refused("left")
    return Actor(workspace, member)


def access_facilitator(session: Session, context: Context, sender: Sender) -> Actor:
    """The facilitator or admin behind a request. Raises as `access_actor`, and `Refused` for everybody else."""
    return check_leads(access_actor(session, context, sender))


def access_admin(session: Session, context: Context, sender: Sender) -> Actor:
    """The admin behind a request. Raises as `access_actor`, and `Refused` for everybody else."""
    return check_administers(access_actor(session, context, sender))


def check_administers(actor: Actor, field: str | None = None) -> Actor:
    """The actor, when they are an admin; else raises `Refused`, beside the field."""
    if not actor.administers:
        raise Refused("admins_only", field=field)
    return actor


def may_appoint(session: Session, context: Context, actor: Actor) -> bool:
    """Whether they say who facilitates: an admin; where nobody is admin, a facilitator."""
    has_one = has_admin(session, actor.workspace.id, company_day(actor.workspace, context))
    return actor.administers or (actor.leads and not has_one)


def access_appointer(session: Session, context: Context, sender: Sender) -> Actor:
    """Who may say who facilitates. Raises as `access_actor`, and `Refused` for everybody else."""
    actor = access_actor(session, context, sender)
    if not may_appoint(session, context, actor):
        raise Refused("admins_only")
    return actor


def lock_leads(session: Session, sender: Sender) -> None:
    """Nobody else changes who leads until the end of this transaction. Before anything is read about who does."""
    lock_members(session, access_workspace(session, sender).id)


def check_somebody_leads(
    session: Session, context: Context, actor: Actor, refusal: Refused, without: Member | None = None
) -> None:
    """Raises `refusal` when nobody leads the workspace, or nobody but that member. After `lock_leads`."""
    leads = list_facilitators(session, actor.workspace.id, company_day(actor.workspace, context))
    if not [lead for lead in leads if lead is not without]:
        raise refusal


def check_leads(actor: Actor, refusal: Callable[[], Refused] = lambda: Refused("facilitators_only")) -> Actor:
    """The actor, when they are a facilitator or admin; else raises `refusal`."""
    if not actor.leads:
        raise refusal()
    return actor


def check_own(sentence: str, *, own: bool, **facts: Any) -> None:
    """What only the person whose it is may do; `sentence` is what everybody else is refused with."""
    if not own:
        raise Refused(sentence, **facts)


def check_own_or_leads(sentence: str, actor: Actor, *, own: bool, **facts: Any) -> None:
    """What only the person whose it is may do, or a facilitator or admin."""
    check_own(sentence, own=own or actor.leads, **facts)


def access_speaker(session: Session, sender: Sender) -> Speaker:
    """Speaks to whoever it is: in their language where they are a member, else in the company's, else in English."""
    workspace = find_workspace(session, sender.platform, sender.team_id)
    if workspace is None:
        return speaker("en", "UTC")
    member = find_member(session, workspace.id, sender.user_id)
    if member is None:
        return speaker(workspace.language, workspace.timezone)
    return speaker(member.language, member.timezone)

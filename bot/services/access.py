"""Who may see and change what: the only functions that fetch with permission."""

from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from sqlmodel import Session

from bot.domain.errors import Refused, UnknownMember
from bot.services.context import Context
from bot.templates import Speaker, speaker
from storage.members import find_member, find_workspace
from storage.tables import Member, Platform, Role, Workspace


@dataclass(frozen=True, slots=True)
class Sender:
    """Who sent a request, in the platform's own ids."""

    platform: Platform
    team_id: str
    user_id: str


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


def company_day(workspace: Workspace, context: Context) -> date:
    """Today in the company's zone."""
    return context.now.astimezone(ZoneInfo(workspace.timezone)).date()


def access_workspace(session: Session, sender: Sender) -> Workspace:
    workspace = find_workspace(session, sender.platform, sender.team_id)
    if workspace is None:
        raise Refused("other_workspace")
    return workspace


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
    day = company_day(workspace, context)
    if member.active_to is not None and member.active_to < day:
        raise Refused("left")
    return Actor(workspace, member)


def access_speaker(session: Session, sender: Sender) -> Speaker:
    """Speaks to whoever it is: in their language where they are a member, else in the company's, else in English."""
    workspace = find_workspace(session, sender.platform, sender.team_id)
    if workspace is None:
        return speaker("en", "UTC")
    member = find_member(session, workspace.id, sender.user_id)
    if member is None:
        return speaker(workspace.language, workspace.timezone)
    return speaker(member.language, member.timezone)

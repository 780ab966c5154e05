"""App Home: what one can do, what is mine, what comes next."""

from sqlmodel import Session

from bot.domain.chat import Message
from bot.domain.entry import headline
from bot.domain.errors import UnknownMember
from bot.services.access import Actor, Sender, access_actor, access_workspace, company_day
from bot.services.context import Context
from bot.services.messages import members as messages
from bot.templates import speaker
from storage.entry_lists import list_page
from storage.meetings import next_meetings
from storage.members import find_side, list_sides

SHOWN = 4


def home(session: Session, context: Context, sender: Sender) -> Message:
    """The Home of a member; somebody unknown is asked where they work."""
    try:
        actor = access_actor(session, context, sender)
    except UnknownMember:
        workspace = access_workspace(session, sender)
        speak = speaker(workspace.language, workspace.timezone)
        return messages.home_unknown(speak, list_sides(session, workspace.id))
    return messages.home(actor, _facts(session, context, actor))


def _facts(session: Session, context: Context, actor: Actor) -> messages.HomeFacts:
    side = find_side(session, actor.workspace.id, actor.member.side)
    today = company_day(actor.workspace, context)
    mine = list_page(session, actor.workspace.id, today=today, author_id=actor.member.id, limit=SHOWN)
    ahead = next_meetings(session, actor.workspace.id, context.now)
    return messages.HomeFacts(
        side_name=side.name if side else actor.member.side,
        entries=[(entry, headline(entry)) for entry, _ in mine],
        next_meeting=ahead[0] if ahead else None,
    )

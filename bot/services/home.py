"""App Home: what one can do, what is mine, what comes next."""

from sqlmodel import Session

from bot.domain.chat import Message
from bot.domain.entry import headline
from bot.domain.errors import Refused, UnknownMember
from bot.services import absences
from bot.services.access import (
    Actor,
    Profile,
    Sender,
    access_actor,
    access_speaker,
    access_workspace,
    check_colleague,
    company_day,
)
from bot.services.checkins.listing import running_parts
from bot.services.checkins.on_home import my_checkins
from bot.services.context import Context
from bot.services.days import working_days_of
from bot.services.member_list import newcomers
from bot.services.messages import errors
from bot.services.messages import members as messages
from bot.services.setup import home_parts
from bot.templates import speaker
from storage.entry_lists import list_page
from storage.meetings import meetings_ahead
from storage.members import find_side, list_sides

SHOWN = 4


def home(session: Session, context: Context, sender: Sender, profile: Profile | None = None) -> Message:
    """The Home of a member; somebody unknown is asked where they work, a guest reads why not.

    `profile` is that of somebody who is no member; None = not known.
    """
    try:
        if profile is not None:
            check_colleague(access_workspace(session, sender), profile)
        actor = access_actor(session, context, sender)
    except UnknownMember:
        workspace = access_workspace(session, sender)
        speak = speaker(workspace.language, workspace.timezone)
        return messages.home_unknown(speak, list_sides(session, workspace.id))
    except Refused as refused:
        return errors.refused(access_speaker(session, sender), refused)
    return messages.home(actor, _facts(session, context, actor))


def _facts(session: Session, context: Context, actor: Actor) -> messages.HomeFacts:
    side = find_side(session, actor.workspace.id, actor.member.side)
    today = company_day(actor.workspace, context)
    mine = list_page(session, actor.workspace.id, today=today, author_id=actor.member.id, limit=SHOWN)
    ahead = meetings_ahead(session, actor.workspace.id, context.now, 1)
    return messages.HomeFacts(
        side_name=side.name if side else actor.member.side,
        entries=[(entry, headline(entry)) for entry, _ in mine],
        next_meeting=ahead[0] if ahead else None,
        brief_at=next((at for one in ahead if (at := one.brief_due_at) and at > context.now), None),
        setup=home_parts(session, context, actor) if actor.leads else (),
        rounds=running_parts(session, context, actor),
        newcomers=newcomers(session, context, actor),
        checkins=my_checkins(session, context, actor),
        absence=absences.on_home(session, context, actor),
        working_days=working_days_of(session, actor.workspace, actor.member),
    )

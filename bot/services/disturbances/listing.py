"""The list of changes ahead, and one of them in full."""

from typing import Final

from sqlmodel import Session

from bot.domain.chat import Message
from bot.services.access import Actor, Sender, access_actor, access_facilitator, company_day
from bot.services.context import Context
from bot.services.disturbances.records import access_change, change_of
from bot.services.messages import disturbances as messages
from storage.disturbances import list_linked, list_running

EXAMPLES_SHOWN: Final = 20


def list_changes(session: Session, context: Context, sender: Sender, _value: str = "") -> Message:
    """Those that examples of today can be linked to."""
    return page_of(session, context, access_facilitator(session, context, sender))


def page_of(session: Session, context: Context, actor: Actor, said: messages.Said | None = None) -> Message:
    """`said` stands above the list: what was done just now."""
    running = list_running(session, actor.workspace.id, company_day(actor.workspace, context))
    return messages.page(actor.speaker, [change_of(session, disturbance) for disturbance in running], said)


def open_change(session: Session, context: Context, sender: Sender, disturbance_id: str) -> Message:
    """One of them with its examples, for every member."""
    actor = access_actor(session, context, sender)
    disturbance = access_change(session, actor, disturbance_id)
    linked = list_linked(session, disturbance, EXAMPLES_SHOWN)
    return messages.card(actor.speaker, change_of(session, disturbance), linked, leads=actor.leads)

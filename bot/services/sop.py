"""/sop: what one can do."""

from sqlmodel import Session

from bot.domain.chat import Message
from bot.domain.sop_words import nearest_word
from bot.services.access import Sender, access_actor, access_speaker, access_workspace
from bot.services.context import Context
from bot.services.messages import members as messages
from bot.services.outbox import enqueue
from bot.services.requests import claim_request


def help_card(session: Session, context: Context, sender: Sender) -> Message:
    return messages.help_card(access_actor(session, context, sender))


def explain_word(session: Session, context: Context, sender: Sender, word: str) -> Message:
    """A word we do not know: the one that was probably meant, and the whole list."""
    return messages.unknown_word(access_actor(session, context, sender), word, nearest_word(word))


def enqueue_hint(session: Session, context: Context, sender: Sender, request_id: str) -> None:
    """Tell somebody who writes to the bot how to reach it, privately and once per message."""
    claim_request(session, context, request_id)
    workspace = access_workspace(session, sender)
    enqueue(
        session,
        context,
        workspace_id=workspace.id,
        key=f"hint:{context.new_id()}",
        target_id=sender.user_id,
        message=messages.hint(access_speaker(session, sender)),
    )

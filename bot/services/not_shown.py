"""Why a figure is missing, for whoever asks."""

from sqlmodel import Session

from bot.domain.chat import Message
from bot.services.access import Sender, access_actor
from bot.services.context import Context
from bot.services.messages import not_shown as messages


def why_not_shown(session: Session, context: Context, sender: Sender, _value: str = "") -> Message:
    """The same for every figure; for every member."""
    return messages.why(access_actor(session, context, sender).speaker)

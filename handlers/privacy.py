"""The file with all that stands beside one person: it goes to their private chat, and nowhere else."""

from sqlmodel import Session

from bot.domain.chat import DeliveryError, Message
from bot.platforms.slack_blocks import parse_press
from bot.platforms.slack_files import send_file
from bot.services import privacy
from bot.services.access import Sender
from bot.services.context import Context
from bot.services.messages import privacy as messages
from bot.services.privacy import PersonalFile
from bot.services.requests import press_once
from handlers.answers import answer_in_place
from handlers.request import Request


async def export_mine(request: Request) -> None:
    """Send it, once for each press; while Slack takes its time, the door gives the sign."""
    house, value = request.house, parse_press(request.body).value
    mine = await house.database.write(press_once, house.context(), request.sender, request.id, _export, value)
    await answer_in_place(request, await _sent(request, mine))


def _export(session: Session, context: Context, sender: Sender, _value: str) -> PersonalFile:
    return privacy.export_mine(session, context, sender)


async def _sent(request: Request, mine: PersonalFile) -> Message:
    speak = mine.speaker
    try:
        await send_file(
            request.client, request.house.http, mine.external_id, mine.name, messages.file_title(speak), mine.content
        )
    except DeliveryError as error:
        return messages.file_not_sent(speak, not_allowed=error.reason == "not_allowed")
    return messages.file_sent(speak)

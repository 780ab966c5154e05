"""Forms that were saved."""

from collections.abc import Callable

from bot.domain.chat import Message
from bot.platforms.slack_forms import parse_submission
from bot.services import asks, entries, entry_lists, members
from handlers.answers import answer_form
from handlers.request import Handler, Request


def saves(use_case: Callable[..., Message]) -> Handler:
    """Save once however often it is delivered; the answer goes to the card the form came from."""

    async def submitted(request: Request) -> None:
        house, submission = request.house, parse_submission(request.body["view"])
        message = await house.database.write(use_case, house.context(), request.sender, request.id, submission)
        await answer_form(request, submission, message)

    return submitted


VIEWS: dict[str, Handler] = {
    "settings.save": saves(members.save_settings),
    "entry.save": saves(entries.save_form),
    "entry.details_save": saves(entries.save_details),
    "entry.tension_save": saves(entries.save_tension),
    "entry.tell_save": saves(entries.save_tell),
    "entry.hide_save": saves(entries.hide_entry),
    "entry.ask_send": saves(asks.send_ask),
    "ask.tell_save": saves(asks.save_tell),
    "entries.filter_save": saves(entry_lists.filter_entries),
}

"""reactions.* and pins.*"""

import re
from collections.abc import Callable
from dataclasses import replace

from bot.playground.errors import SlackError
from bot.playground.model import BOT_USER_ID, Json, Message
from bot.playground.playground import Playground
from bot.playground.web_api.arguments import Arguments
from bot.playground.wire import message_json


def reactions_add(playground: Playground, arguments: Arguments) -> Json:
    """The bot reacts with an emoji."""

    def change(message: Message, name: str) -> list[str]:
        if BOT_USER_ID in message.reactions.get(name, []):
            raise SlackError("already_reacted")
        return [*message.reactions.get(name, []), BOT_USER_ID]

    return _react(playground, arguments, change)


def reactions_remove(playground: Playground, arguments: Arguments) -> Json:
    """The bot takes its reaction back."""

    def change(message: Message, name: str) -> list[str]:
        if BOT_USER_ID not in message.reactions.get(name, []):
            raise SlackError("no_reaction")
        return [user for user in message.reactions[name] if user != BOT_USER_ID]

    return _react(playground, arguments, change)


def _react(playground: Playground, arguments: Arguments, change: Callable[[Message, str], list[str]]) -> Json:
    name = arguments.required("name", "no_item_specified").strip(":")
    if not re.fullmatch(r"[\w+'-]+(::skin-tone-[2-6])?", name):
        raise SlackError("invalid_name")
    message = _message(playground, arguments)
    users = {**message.reactions, name: change(message, name)}
    _keep(playground, replace(message, reactions={emoji: people for emoji, people in users.items() if people}))
    return {}


def pins_add(playground: Playground, arguments: Arguments) -> Json:
    """Pin a message to its channel."""
    message = _message(playground, arguments)
    if message.pinned:
        raise SlackError("already_pinned")
    _keep(playground, replace(message, pinned=True))
    return {}


def pins_remove(playground: Playground, arguments: Arguments) -> Json:
    """Unpin a message."""
    message = _message(playground, arguments)
    if not message.pinned:
        raise SlackError("not_pinned")
    _keep(playground, replace(message, pinned=False))
    return {}


def pins_list(playground: Playground, arguments: Arguments) -> Json:
    """The pinned messages of a channel."""
    workspace = playground.workspace
    channel = workspace.find_channel_for(BOT_USER_ID, arguments.required("channel", "channel_not_found"))
    pinned = [m for m in workspace.message_book.in_channel(channel.id, BOT_USER_ID) if m.pinned]
    messages = [message_json(m, workspace.team, workspace.manifest, with_metadata=False) for m in pinned]
    return {"items": [{"type": "message", "channel": channel.id, "message": message} for message in messages]}


def _message(playground: Playground, arguments: Arguments) -> Message:
    channel = playground.workspace.find_channel_for(BOT_USER_ID, arguments.required("channel", "channel_not_found"))
    if BOT_USER_ID not in channel.members:
        raise SlackError("not_in_channel")
    message = playground.workspace.message_book.get(channel.id, arguments.required("timestamp", "bad_timestamp"))
    if message.ephemeral_to or message.deleted:
        raise SlackError("message_not_found")
    return message


def _keep(playground: Playground, message: Message) -> None:
    playground.workspace.message_book.change(playground.workspace.find_channel(message.channel), message)


METHODS = {
    "reactions.add": reactions_add,
    "reactions.remove": reactions_remove,
    "pins.add": pins_add,
    "pins.remove": pins_remove,
    "pins.list": pins_list,
}

"""conversations.*"""

from collections.abc import Sequence

from bot.playground.errors import SlackError
from bot.playground.model import BOT_USER_ID, Channel, Json, Message
from bot.playground.playground import Playground
from bot.playground.web_api.arguments import Arguments, page
from bot.playground.web_api.scopes import check_channel_scope
from bot.playground.wire import channel_json, message_json


def conversations_open(playground: Playground, arguments: Arguments) -> Json:
    """The private chat with one person."""
    if arguments.text("channel"):
        channel = playground.workspace.find_channel_for(BOT_USER_ID, arguments.text("channel"))
    else:
        channel = _chat_with(playground, arguments.required("users", "users_list_not_supplied").split(","))
    whole = channel_json(channel, BOT_USER_ID) if arguments.flag("return_im") else {"id": channel.id}
    return {"no_op": True, "already_open": True, "channel": whole}


def _chat_with(playground: Playground, users: Sequence[str]) -> Channel:
    if len(users) > 1:
        raise SlackError("method_not_supported_for_channel_type")
    if playground.workspace.find_person(users[0]).deleted:
        raise SlackError("user_disabled")
    return playground.workspace.find_im(users[0])


def conversations_list(playground: Playground, arguments: Arguments) -> Json:
    """Public channels, and those private ones and chats the bot is in."""
    kinds = set((arguments.text("types") or "public_channel").replace(" ", "").split(","))
    found = [
        channel
        for channel in playground.workspace.all_channels()
        if _kind(channel) in kinds
        and (not channel.is_private or BOT_USER_ID in channel.members)
        and not (channel.is_archived and arguments.flag("exclude_archived"))
    ]
    channels, metadata = page(found, arguments)
    return {"channels": [channel_json(channel, BOT_USER_ID) for channel in channels], "response_metadata": metadata}


def _kind(channel: Channel) -> str:
    return "im" if channel.is_im else "private_channel" if channel.is_private else "public_channel"


def conversations_info(playground: Playground, arguments: Arguments) -> Json:
    """One channel."""
    return {"channel": channel_json(readable_channel(playground, arguments, "read"), BOT_USER_ID)}


def conversations_members(playground: Playground, arguments: Arguments) -> Json:
    """Who is in a channel."""
    members = sorted(readable_channel(playground, arguments, "read").members)
    ids, metadata = page(members, arguments)
    return {"members": ids, "response_metadata": metadata}


def conversations_join(playground: Playground, arguments: Arguments) -> Json:
    """The bot joins a public channel."""
    channel = playground.workspace.find_channel_for(BOT_USER_ID, arguments.required("channel", "channel_not_found"))
    if channel.is_im or channel.is_private:
        raise SlackError("method_not_supported_for_channel_type")
    if channel.is_archived:
        raise SlackError("is_archived")
    if BOT_USER_ID in channel.members:
        return {"channel": channel_json(channel, BOT_USER_ID), "warning": "already_in_channel"}
    channel = playground.workspace.join(channel, BOT_USER_ID)
    playground.events.member_joined(channel, BOT_USER_ID)
    return {"channel": channel_json(channel, BOT_USER_ID)}


def conversations_history(playground: Playground, arguments: Arguments) -> Json:
    """Parents only, newest first; metadata only with include_all_metadata."""
    channel = readable_channel(playground, arguments, "history")
    if BOT_USER_ID not in channel.members:
        raise SlackError("not_in_channel")
    found = _between(playground.workspace.message_book.in_channel(channel.id, BOT_USER_ID), arguments)
    messages, metadata = page(found[::-1], arguments)
    return _messages_json(playground, messages, arguments) | _more(metadata) | {"pin_count": 0}


def conversations_replies(playground: Playground, arguments: Arguments) -> Json:
    """A parent and its replies, oldest first; the parent is always there."""
    channel = readable_channel(playground, arguments, "history")
    if BOT_USER_ID not in channel.members:
        raise SlackError("not_in_channel")
    ts = arguments.required("ts", "invalid_arguments")
    parent, *replies = playground.workspace.message_book.in_thread(channel.id, ts, BOT_USER_ID)
    messages, metadata = page([parent, *_between(replies, arguments)], arguments, 1000)
    return _messages_json(playground, messages, arguments) | _more(metadata)


def readable_channel(playground: Playground, arguments: Arguments, verb: str) -> Channel:
    """The channel in argument `channel`; raises channel_not_found, missing_scope."""
    channel = playground.workspace.find_channel_for(BOT_USER_ID, arguments.required("channel", "channel_not_found"))
    check_channel_scope(playground.workspace.manifest, channel, verb)
    return channel


def _between(messages: Sequence[Message], arguments: Arguments) -> list[Message]:
    oldest, latest = (_moment(arguments, name) for name in ("oldest", "latest"))
    if arguments.flag("inclusive"):
        return [m for m in messages if oldest <= float(m.ts) <= (latest or float("inf"))]
    return [m for m in messages if oldest < float(m.ts) < (latest or float("inf"))]


def _moment(arguments: Arguments, name: str) -> float:
    try:
        return float(arguments.text(name) or 0)
    except ValueError as broken:
        raise SlackError(f"invalid_ts_{name}") from broken


def _messages_json(playground: Playground, messages: Sequence[Message], arguments: Arguments) -> Json:
    team, manifest = playground.workspace.team, playground.workspace.manifest
    with_metadata = arguments.flag("include_all_metadata")
    return {"messages": [message_json(m, team, manifest, with_metadata=with_metadata) for m in messages]}


def _more(metadata: Json) -> Json:
    return {"has_more": True, "response_metadata": metadata} if metadata["next_cursor"] else {"has_more": False}


METHODS = {
    "conversations.open": conversations_open,
    "conversations.list": conversations_list,
    "conversations.info": conversations_info,
    "conversations.members": conversations_members,
    "conversations.join": conversations_join,
    "conversations.history": conversations_history,
    "conversations.replies": conversations_replies,
}

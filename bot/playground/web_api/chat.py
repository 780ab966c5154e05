"""chat.*"""

from dataclasses import replace

from bot.playground.errors import SlackError
from bot.playground.inputs import named
from bot.playground.limits import check_blocks, check_text
from bot.playground.model import BOT_USER_ID, Channel, Json, Message
from bot.playground.playground import Playground
from bot.playground.web_api.arguments import Arguments
from bot.playground.web_api.scopes import has_scope
from bot.playground.wire import message_json


def post_message(playground: Playground, arguments: Arguments) -> Json:
    """A message from the bot, into a channel, a thread, or (a user id) somebody's private chat."""
    channel = _writable(playground, arguments.required("channel", "channel_not_found"))
    text, blocks = content(playground, arguments)
    message = playground.workspace.message_book.post(
        channel,
        BOT_USER_ID,
        text,
        blocks=blocks,
        thread_ts=arguments.optional("thread_ts"),
        metadata=_metadata(arguments),
        broadcast=arguments.flag("reply_broadcast"),
    )
    playground.events.message_posted(channel, message)
    return {"channel": channel.id, "ts": message.ts, "message": _json(playground, message)}


def post_ephemeral(playground: Playground, arguments: Arguments) -> Json:
    """A message that only one member of the channel sees."""
    channel = _writable(playground, arguments.required("channel", "channel_not_found"))
    user = arguments.required("user", "user_not_found")
    if user not in channel.members:
        raise SlackError("user_not_in_channel")
    text, blocks = content(playground, arguments)
    message = playground.workspace.message_book.post(
        channel, BOT_USER_ID, text, blocks=blocks, thread_ts=arguments.optional("thread_ts"), ephemeral_to=user
    )
    return {"message_ts": message.ts}


def update(playground: Playground, arguments: Arguments) -> Json:
    """Other content for one of the bot's own messages."""
    channel = _open_channel(playground, arguments.required("channel", "channel_not_found"))
    earlier = _own_message(playground, channel, arguments, "cant_update_message")
    text, blocks = content(playground, arguments, earlier)
    changed = replace(
        earlier,
        text=text,
        blocks=blocks,
        metadata=_metadata(arguments) or earlier.metadata,
        edited=earlier.edited or not blocks,
    )
    message = playground.workspace.message_book.change(channel, changed)
    return {"channel": channel.id, "ts": message.ts, "text": message.text, "message": _json(playground, message)}


def delete(playground: Playground, arguments: Arguments) -> Json:
    """Take one of the bot's own messages away."""
    channel = _open_channel(playground, arguments.required("channel", "channel_not_found"))
    message = _own_message(playground, channel, arguments, "cant_delete_message")
    playground.workspace.message_book.erase(channel, message)
    return {"channel": channel.id, "ts": message.ts}


def get_permalink(playground: Playground, arguments: Arguments) -> Json:
    """The address of a message."""
    channel = _open_channel(playground, arguments.required("channel", "channel_not_found"))
    ts = arguments.required("message_ts", "message_not_found")
    message = playground.workspace.message_book.get(channel.id, ts)
    link = f"{playground.settings.origin}/archives/{channel.id}/p{ts.replace('.', '')}"
    if message.thread_ts:
        link += f"?thread_ts={message.thread_ts}&cid={channel.id}"
    return {"channel": channel.id, "permalink": link}


def content(
    playground: Playground, arguments: Arguments, earlier: Message | None = None
) -> tuple[str, list[Json] | None]:
    """The text and blocks of a message; raises no_text, msg_too_long, invalid_blocks, invalid_blocks_format.

    An update without text and blocks keeps the earlier ones; one with only a text removes the blocks.
    """
    text = arguments.text("text") or arguments.text("markdown_text")
    blocks = arguments.structure("blocks", "invalid_blocks_format")
    if earlier and not text and blocks is None:
        return earlier.text, earlier.blocks
    if not text and not blocks:
        raise SlackError("no_text")
    check_text(text)
    if blocks is not None:
        check_blocks(blocks)
    return text, named(blocks, playground.workspace.new_id) if blocks else None


def _writable(playground: Playground, channel: str) -> Channel:
    found = _open_channel(playground, channel)
    if found.is_archived:
        raise SlackError("is_archived")
    anywhere = not found.is_private and has_scope(playground.workspace.manifest, "chat:write.public")
    granted = anywhere and playground.workspace.manifest.scopes is not None
    if BOT_USER_ID not in found.members and not granted:
        raise SlackError("not_in_channel")
    return found


def _open_channel(playground: Playground, channel: str) -> Channel:
    workspace = playground.workspace
    if channel.startswith(("U", "W")):
        if channel not in {person.id for person in workspace.everybody()}:
            raise SlackError("channel_not_found")
        return workspace.find_im(channel)
    named_channels = {f"#{found.name}": found.id for found in workspace.all_channels() if found.name}
    return workspace.find_channel_for(BOT_USER_ID, named_channels.get(channel, channel))


def _own_message(playground: Playground, channel: Channel, arguments: Arguments, error: str) -> Message:
    message = playground.workspace.message_book.get(channel.id, arguments.required("ts", "message_not_found"))
    if message.ephemeral_to or message.deleted:
        raise SlackError("message_not_found")
    if message.user != BOT_USER_ID:
        raise SlackError(error)
    return message


def _metadata(arguments: Arguments) -> Json | None:
    metadata = arguments.structure("metadata", "invalid_metadata_format")
    if metadata is None:
        return None
    if not isinstance(metadata, dict) or metadata.keys() != {"event_type", "event_payload"}:
        raise SlackError("invalid_metadata_format")
    if not isinstance(metadata["event_type"], str) or not isinstance(metadata["event_payload"], dict):
        raise SlackError("invalid_metadata_format")
    return metadata


def _json(playground: Playground, message: Message) -> Json:
    return message_json(message, playground.workspace.team, playground.workspace.manifest, with_metadata=True)


METHODS = {
    "chat.postMessage": post_message,
    "chat.postEphemeral": post_ephemeral,
    "chat.update": update,
    "chat.delete": delete,
    "chat.getPermalink": get_permalink,
}

"""The messages of all channels: posting, changing, threads, reactions."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime

from bot.playground.errors import SlackError
from bot.playground.model import Channel, Json, Message
from bot.playground.notices import Notices
from bot.playground.store import Shelf, Store


class Messages:
    """Every message, by channel and timestamp; timestamps are unique and strictly increasing."""

    def __init__(self, store: Store, now: Callable[[], datetime], notices: Notices) -> None:
        self._store = store
        self._shelf = Shelf(store, "message", Message)
        self._now = now
        self._notices = notices
        self._channels: dict[str, dict[str, Message]] = {}
        for message in sorted(self._shelf, key=lambda message: message.ts):
            self._channels.setdefault(message.channel, {})[message.ts] = message
        self._last = int(store.load("stamp").get("last", {}).get("microseconds", 0))

    def next_ts(self) -> str:
        """A timestamp of the workspace's clock that no message and no action has had."""
        self._last = max(int(self._now().timestamp() * 1_000_000), self._last + 1)
        self._store.put("stamp", "last", {"microseconds": self._last})
        return f"{self._last // 1_000_000}.{self._last % 1_000_000:06d}"

    def get(self, channel: str, ts: str) -> Message:
        """The message; raises message_not_found."""
        message = self._channels.get(channel, {}).get(ts)
        if message is None:
            raise SlackError("message_not_found")
        return message

    def in_channel(self, channel: str, viewer: str) -> list[Message]:
        """What stands in the channel itself, oldest first."""
        messages = self._channels.get(channel, {}).values()
        return [m for m in messages if (m.thread_ts is None or m.broadcast) and m.visible_to(viewer)]

    def in_thread(self, channel: str, ts: str, viewer: str) -> list[Message]:
        """The parent and its replies, oldest first; raises thread_not_found."""
        messages = self._channels.get(channel, {}).values()
        found = [m for m in messages if ts in (m.ts, m.thread_ts) and m.visible_to(viewer)]
        if not found:
            raise SlackError("thread_not_found")
        return found

    def post(
        self,
        channel: Channel,
        user: str,
        text: str,
        *,
        blocks: list[Json] | None = None,
        thread_ts: str | None = None,
        metadata: Json | None = None,
        ephemeral_to: str | None = None,
        broadcast: bool = False,
        files: Sequence[Json] = (),
    ) -> Message:
        """Put a message into a channel, or into the thread of `thread_ts`; raises thread_not_found."""
        parent = self._parent(channel.id, thread_ts)
        message = Message(
            channel=channel.id,
            ts=self.next_ts(),
            user=user,
            text=text,
            blocks=blocks,
            thread_ts=parent.ts if parent else None,
            metadata=metadata,
            ephemeral_to=ephemeral_to,
            broadcast=broadcast and parent is not None,
            files=list(files),
        )
        self._keep(message)
        if parent and ephemeral_to is None:
            self._keep(replace(parent, reply_count=parent.reply_count + 1))
        self._tell(channel, message, "message")
        return message

    def change(self, channel: Channel, message: Message) -> Message:
        """Put the message in place of its earlier self."""
        self._tell(channel, self._keep(message), "message_changed")
        return message

    def erase(self, channel: Channel, message: Message) -> None:
        """Delete a message; a parent with replies stays as a tombstone."""
        if message.reply_count:
            self._keep(replace(message, text="", blocks=None, metadata=None, deleted=True, reactions={}))
        else:
            self._drop(message)
        parent = self._channels[message.channel].get(message.thread_ts or "")
        if parent and message.ephemeral_to is None:
            self._shrink(parent)
        self._tell(channel, message, "message_deleted")

    def _shrink(self, parent: Message) -> None:
        smaller = replace(parent, reply_count=parent.reply_count - 1)
        if smaller.deleted and not smaller.reply_count:
            self._drop(smaller)
        else:
            self._keep(smaller)

    def _parent(self, channel: str, thread_ts: str | None) -> Message | None:
        if thread_ts is None:
            return None
        found = self._channels.get(channel, {}).get(thread_ts)
        if found is None or found.ephemeral_to:
            raise SlackError("thread_not_found")
        return self.get(channel, found.thread_ts) if found.thread_ts else found

    def _keep(self, message: Message) -> Message:
        self._channels.setdefault(message.channel, {})[message.ts] = message
        return self._shelf.put(f"{message.channel}/{message.ts}", message)

    def _drop(self, message: Message) -> None:
        del self._channels[message.channel][message.ts]
        self._shelf.remove(f"{message.channel}/{message.ts}")

    def _tell(self, channel: Channel, message: Message, name: str) -> None:
        if message.ephemeral_to:
            self._notices.publish("ephemeral", {"channel": channel.id}, {message.ephemeral_to})
        else:
            data = {"channel": channel.id, "ts": message.ts, "thread_ts": message.thread_ts}
            self._notices.publish(name, data, channel.members)

"""A workspace as Slack would remember it: people, channels, messages, views. It knows nothing of HTTP.

The async methods are for the pages and the tests; they raise SlackError. `message_book` and `views` are the two large
parts, each in its own module.
"""

import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any

from bot.playground.errors import SlackError
from bot.playground.messages import Messages
from bot.playground.model import (
    BOT_USER_ID,
    Channel,
    Command,
    Document,
    Json,
    Manifest,
    Message,
    Person,
    Shortcut,
    View,
)
from bot.playground.notices import Notices
from bot.playground.scenario import ChannelSeed, PersonSeed, TeamSeed
from bot.playground.store import Shelf, Store
from bot.playground.views import Views

__all__ = [
    "BOT_USER_ID",
    "Channel",
    "Command",
    "Json",
    "Manifest",
    "Message",
    "Person",
    "Shortcut",
    "View",
    "Workspace",
]


def random_id() -> str:
    """Ten random capital letters and digits, as the ids of Slack look."""
    return secrets.token_hex(5).upper()


@dataclass(frozen=True)
class ReadMark(Document):
    """Up to which message a person has read a channel."""

    ts: str


class Workspace:
    """All state of one workspace; `now` is its clock, `new_id` gives random letters."""

    def __init__(
        self, store: Store, now: Callable[[], datetime], team: TeamSeed, new_id: Callable[[], str] = random_id
    ) -> None:
        self.team = team
        self.now = now
        self.new_id = new_id
        self.notices = Notices()
        self.manifest = Manifest()
        self.message_book = Messages(store, now, self.notices)
        self.views = Views(store, self.notices, new_id)
        self._people = Shelf(store, "person", Person)
        self._channels = Shelf(store, "channel", Channel)
        self._read = Shelf(store, "read", ReadMark)

    def seed(self, people: Sequence[PersonSeed], channels: Sequence[ChannelSeed], manifest: Mapping[str, Any]) -> None:
        """Fill an empty workspace; in one that has people already only the manifest is read again."""
        self.manifest = Manifest.parse(manifest)
        empty = not self._people
        bot = Person(BOT_USER_ID, self.manifest.bot_name.lower(), self.manifest.bot_name, is_bot=True)
        self._people.put(bot.id, bot)
        for person in people if empty else ():
            self.add_person(person)
        for channel in channels if empty else ():
            self._channels.put(channel.id, _seeded(channel))

    # What pages and tests read

    async def people(self) -> list[Person]:
        """Everybody but the bot, in order of names; the deactivated too."""
        return sorted((person for person in self._people if not person.is_bot), key=lambda person: person.real_name)

    async def person(self, user: str) -> Person:
        """The person or the bot's user; raises user_not_found."""
        return self.find_person(user)

    async def channels_for(self, user: str) -> list[Channel]:
        """The channels the person is in by name, then their private chat with the bot."""
        self.find_person(user)
        joined = [channel for channel in self._channels if not channel.is_im and user in channel.members]
        return [*sorted(joined, key=lambda channel: channel.name), self.find_im(user)]

    async def im_with_bot(self, user: str) -> Channel:
        """The private chat of the person with the bot."""
        return self.find_im(user)

    async def channel(self, channel: str) -> Channel:
        """The channel or private chat; raises channel_not_found."""
        return self.find_channel(channel)

    async def messages(self, channel: str, viewer: str) -> list[Message]:
        """What stands in the channel itself (no replies), oldest first; raises channel_not_found for outsiders."""
        self.find_channel_for(viewer, channel)
        return self.message_book.in_channel(channel, viewer)

    async def thread(self, channel: str, ts: str, viewer: str) -> list[Message]:
        """A message and its replies, oldest first; raises channel_not_found, thread_not_found."""
        self.find_channel_for(viewer, channel)
        return self.message_book.in_thread(channel, ts, viewer)

    async def modal_stack(self, user: str) -> list[View]:
        """The open modals of a person, the visible one last."""
        return self.views.stack(user)

    async def view(self, view_id: str) -> View:
        """A modal or Home; raises not_found."""
        return self.views.get(view_id)

    async def home(self, user: str) -> View | None:
        """The Home tab of a person, None before the bot has published one."""
        return self.views.home(user)

    async def unread(self, user: str) -> dict[str, int]:
        """How many messages of others each of their channels has since they last looked."""
        return {channel.id: self._unread(channel.id, user) for channel in await self.channels_for(user)}

    async def mark_read(self, channel: str, user: str) -> None:
        """The person has seen all that is in the channel."""
        messages = self.message_book.in_channel(channel, user)
        if messages:
            self._read.put(f"{channel}/{user}", ReadMark(messages[-1].ts))

    @property
    def commands(self) -> tuple[Command, ...]:
        """The slash commands of the manifest."""
        return self.manifest.commands

    @property
    def shortcuts(self) -> tuple[Shortcut, ...]:
        """The shortcuts of the manifest."""
        return self.manifest.shortcuts

    # People and channels, for the Web API and the acts

    def everybody(self) -> list[Person]:
        """All people and the bot."""
        return list(self._people)

    def all_channels(self) -> list[Channel]:
        """All channels and private chats."""
        return list(self._channels)

    def find_person(self, user: str) -> Person:
        """The person; raises user_not_found."""
        person = self._people.get(user)
        if person is None:
            raise SlackError("user_not_found")
        return person

    def add_person(self, seed: PersonSeed) -> Person:
        """A new member of the workspace."""
        person = Person(**asdict(seed))
        return self._people.put(person.id, person)

    def change_person(self, person: Person) -> Person:
        """Another name, zone, or a deactivation."""
        return self._people.put(person.id, person)

    def deactivate(self, user: str) -> Person:
        """The person has left the company; messages to them are still taken."""
        return self.change_person(replace(self.find_person(user), deleted=True))

    def archive(self, channel: str) -> Channel:
        """Close a channel for good."""
        return self.change_channel(replace(self.find_channel(channel), is_archived=True))

    def find_channel(self, channel: str) -> Channel:
        """The channel; raises channel_not_found. The private chat of each person exists from the start."""
        found = self._channels.get(channel)
        if found is None and channel.startswith("D") and self._people.get("U" + channel[1:]):
            return self.find_im("U" + channel[1:])
        if found is None:
            raise SlackError("channel_not_found")
        return found

    def find_channel_for(self, viewer: str, channel: str) -> Channel:
        """The channel if that person may look into it; raises channel_not_found."""
        found = self.find_channel(channel)
        if (found.is_private or found.is_im) and viewer not in found.members:
            raise SlackError("channel_not_found")
        return found

    def find_im(self, user: str) -> Channel:
        """The private chat of the person with the bot; raises user_not_found, cannot_dm_bot."""
        if self.find_person(user).is_bot:
            raise SlackError("cannot_dm_bot")
        channel = f"D{user[1:]}"
        members = frozenset({user, BOT_USER_ID})
        return self._channels.get(channel) or self.change_channel(Channel(channel, "", "im", True, members=members))

    def add_channel(self, seed: ChannelSeed) -> Channel:
        """A new channel."""
        return self.change_channel(_seeded(seed))

    def change_channel(self, channel: Channel) -> Channel:
        """Another name or topic, archived, or other members."""
        return self._channels.put(channel.id, channel)

    def join(self, channel: Channel, user: str) -> Channel:
        """Add a member."""
        return self.change_channel(replace(channel, members=channel.members | {user}))

    def leave(self, channel: Channel, user: str) -> Channel:
        """Remove a member."""
        return self.change_channel(replace(channel, members=channel.members - {user}))

    def _unread(self, channel: str, user: str) -> int:
        mark = self._read.get(f"{channel}/{user}")
        since = mark.ts if mark else ""
        return sum(m.ts > since and m.user != user for m in self.message_book.in_channel(channel, user))


def _seeded(seed: ChannelSeed) -> Channel:
    bot = {BOT_USER_ID} if seed.bot_is_member else set()
    return Channel(
        id=seed.id,
        name=seed.name,
        is_private=seed.is_private,
        topic=seed.topic,
        members=frozenset({*seed.members, *bot}),
    )

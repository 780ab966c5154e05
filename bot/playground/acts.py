"""What a person can do in a workspace: type, run a command, use a shortcut, open the Home, join."""

from bot.playground.errors import ActError, NoAnswerError, SlackError
from bot.playground.model import Channel, Command, Json, Message, Person, Shortcut
from bot.playground.payloads import Payloads
from bot.playground.playground import Playground
from bot.playground.respond import say
from bot.playground.scenario import PersonSeed
from bot.playground.tickets import ResponseUrl
from bot.playground.typed import escaped

MESSAGE_LIMIT = 12_000
INVITE, LEAVE = "/invite", "/leave"  # Slack's own


class Acts:
    """Acts by people, outside modals and messages' buttons (those are Presses).

    All raise ActError for what Slack does not offer there, NoAnswerError when the bot does not answer as it should.
    """

    def __init__(self, playground: Playground) -> None:
        self._playground = playground
        self._workspace = playground.workspace
        self._payloads = Payloads(playground)

    async def command(
        self, user: str, channel: str, command: str, text: str = "", thread_ts: str | None = None
    ) -> Message | None:
        """Run a slash command; returns the message the bot acknowledged it with, if any."""
        person, room = self._present(user, channel)
        if thread_ts:
            raise ActError(f"{command} is not supported in threads. Sorry!")
        if command == INVITE:
            await self._invite(person, room, text)
            return None
        if command == LEAVE:
            await self.leave(user, channel)
            return None
        known = self._command(command)
        sent = self._escaped(text.strip(), with_names=True) if known.should_escape else text.strip()
        fields = self._payloads.command(person, room, command, sent)
        try:
            answer = await self._playground.dispatcher.command(fields)
        except NoAnswerError as failure:
            raise NoAnswerError(f'{command} failed with the error "{failure}"') from failure
        return self._acknowledged(person, room, f"{command} {text}".strip(), answer)

    async def message(self, user: str, channel: str, text: str, thread_ts: str | None = None) -> Message:
        """Type a message into a channel or thread."""
        person, room = self._present(user, channel)
        if not text.strip():
            raise ActError("Type something first.")
        if len(text) > MESSAGE_LIMIT:
            raise ActError(f"This message is too long: Slack takes {MESSAGE_LIMIT:,} characters.")
        posted = self._workspace.message_book.post(
            room, person.id, self._escaped(text, with_names=False), thread_ts=thread_ts
        )
        self._playground.events.message_posted(room, posted)
        return posted

    async def shortcut(self, user: str, callback_id: str, channel: str | None = None, ts: str | None = None) -> None:
        """Use a global shortcut, or one on a message."""
        person = self._workspace.find_person(user)
        shortcut = self._shortcut(callback_id)
        payload = self._global_shortcut(person) if shortcut.type == "global" else self._on_message(person, channel, ts)
        await self._interact(payload | {"callback_id": callback_id} | self._payloads.trigger(person), shortcut.name)

    async def open_home(self, user: str, tab: str = "home") -> None:
        """Open the app: its Home (or "messages") tab."""
        person = self._workspace.find_person(user)
        view = self._workspace.views.home(person.id) if tab == "home" else None
        self._playground.events.home_opened(person.id, self._workspace.find_im(person.id), view, tab)

    async def join(self, user: str, channel: str, inviter: str | None = None) -> None:
        """Join a channel, or be invited to it (the bot too)."""
        room = self._workspace.find_channel(channel)
        if user not in room.members:
            room = self._workspace.join(room, self._workspace.find_person(user).id)
            self._playground.events.member_joined(room, user, inviter)

    async def leave(self, user: str, channel: str) -> None:
        """Leave a channel, or be taken out of it."""
        room = self._workspace.find_channel(channel)
        if room.is_im:
            raise ActError("A private chat cannot be left.")
        if user in room.members:
            self._playground.events.member_left(self._workspace.leave(room, user), user)

    async def join_team(self, seed: PersonSeed) -> Person:
        """A new colleague appears in the workspace."""
        person = self._workspace.add_person(seed)
        self._playground.events.team_joined(person)
        return person

    async def _invite(self, person: Person, room: Channel, text: str) -> None:
        """Add whom the text names as @name, the bot too, and say so in the channel."""
        if rest := " ".join(word for word in text.split() if not word.startswith("@")):
            raise ActError(f"{INVITE} takes names only, such as @{person.name}. Type “{rest}” on a line of its own.")
        named = {word.removeprefix("@").lower() for word in text.split()}
        found = [one for one in self._workspace.everybody() if one.name in named]
        if not found or len(found) < len(named):
            raise ActError(f"Type {INVITE} and the name of somebody of this workspace, such as @{person.name}.")
        for one in found:
            await self._add(one, room, person)

    async def _add(self, one: Person, room: Channel, inviter: Person) -> None:
        """Everybody reads who was added; only the inviter that somebody was there already."""
        book = self._workspace.message_book
        if one.id in room.members:
            book.post(room, one.id, f"{one.real_name} is in #{room.name} already.", ephemeral_to=inviter.id)
            return
        await self.join(one.id, room.id, inviter.id)
        now = self._workspace.find_channel(room.id)
        book.post(now, one.id, f"{one.real_name} was added to #{room.name}.")

    def _present(self, user: str, channel: str) -> tuple[Person, Channel]:
        person = self._workspace.find_person(user)
        room = self._workspace.find_channel_for(user, channel)
        if user not in room.members:
            raise ActError(f"{person.real_name} is not in #{room.name}.")
        if room.is_archived:
            raise ActError(f"#{room.name} is archived.")
        return person, room

    def _command(self, name: str) -> Command:
        for command in self._workspace.commands:
            if command.name == name:
                return command
        raise ActError(f"{name} is not a valid command.")

    def _shortcut(self, callback_id: str) -> Shortcut:
        for shortcut in self._workspace.shortcuts:
            if shortcut.callback_id == callback_id:
                return shortcut
        raise ActError("There is no such shortcut.")

    def _global_shortcut(self, person: Person) -> Json:
        return self._payloads.common("shortcut", person) | {"action_ts": self._workspace.message_book.next_ts()}

    def _on_message(self, person: Person, channel: str | None, ts: str | None) -> Json:
        if not channel or not ts:
            raise ActError("This shortcut needs a message.")
        room = self._workspace.find_channel_for(person.id, channel)
        message = self._workspace.message_book.get(room.id, ts)
        if message.ephemeral_to or message.deleted:
            raise ActError("Shortcuts cannot be used on this message.")
        payload = self._payloads.on_message("message_action", person, room, message)
        del payload["container"]
        return (
            payload
            | self._payloads.response_url(person, message)
            | {"message_ts": message.ts, "action_ts": self._workspace.message_book.next_ts()}
        )

    async def _interact(self, payload: Json, name: str) -> None:
        try:
            await self._playground.dispatcher.interaction(payload)
        except NoAnswerError as failure:
            raise NoAnswerError(f'{name} failed with the error "{failure}"') from failure

    def _escaped(self, text: str, *, with_names: bool) -> str:
        everybody, channels = self._workspace.everybody(), self._workspace.all_channels()
        return escaped(text, everybody, channels, with_names=with_names)

    def _acknowledged(self, person: Person, room: Channel, typed: str, answer: Json | str) -> Message | None:
        body = {"text": answer} if isinstance(answer, str) else answer
        if not body.get("text") and not body.get("blocks"):
            return None
        if body.get("response_type") == "in_channel":
            self._workspace.message_book.post(room, person.id, self._escaped(typed, with_names=False))
        try:
            return say(self._playground, ResponseUrl("", room.id, person.id, 0), body)
        except SlackError as refused:
            raise NoAnswerError(f'{typed.split(maxsplit=1)[0]} failed with the error "{refused}"') from refused

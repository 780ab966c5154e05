"""A person in the workspace, for tests and scripts that read like a conversation.

anna = Acting(playground, "U0ANNA")
card = await anna.command("/clash", "The promo was not in the forecast", "C0SOP")
await anna.press(card, "Add details")
await anna.submit(await anna.modal(), {"what": "Promo week 24", "level": "day_to_day"})
assert "Promo week 24" in words((await anna.sees("C0SOP"))[-1])
"""

import asyncio
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from bot.playground.acts import Acts
from bot.playground.errors import ActError
from bot.playground.inputs import KINDS, elements, options_of
from bot.playground.model import Channel, Json, Message, View
from bot.playground.playground import Playground
from bot.playground.presses import Place, Presses


class Acting:
    """What one person does and sees. Without a channel it is their private chat with the bot.

    Acts return when the bot has acknowledged and events are delivered; they raise ActError for what Slack does not
    offer there, and NoAnswerError when the bot fails to answer as it should within its three seconds.
    """

    def __init__(self, playground: Playground, user: str) -> None:
        self.user = user
        self._playground = playground
        self._workspace = playground.workspace
        self._acts = Acts(playground)
        self._presses = Presses(playground)

    @property
    def chat(self) -> Channel:
        """The private chat with the bot."""
        return self._workspace.find_im(self.user)

    async def command(self, command: str, text: str = "", channel: str | None = None) -> Message | None:
        """Run a slash command; returns what the bot acknowledged it with, else the newest message it led to."""
        room = channel or self.chat.id
        before = self._workspace.message_book.next_ts()
        answer = await self._acts.command(self.user, room, command, text)
        await self._playground.dispatcher.idle()
        fresh = [message for message in await self.sees(room) if message.ts > before]
        return answer or (fresh[-1] if fresh else None)

    async def message(self, text: str, channel: str | None = None, thread_ts: str | None = None) -> Message:
        """Type a message."""
        posted = await self._acts.message(self.user, channel or self.chat.id, text, thread_ts)
        await self._playground.dispatcher.idle()
        return posted

    async def press(
        self, where: Message | View, name: str, choice: object = None, entered: Mapping[str, object] | None = None
    ) -> None:
        """Press or choose: `name` is the action id or the label, `choice` what is chosen in a menu or typed.

        `entered` holds what other inputs there contain, by block or action id.
        """
        place = self._place(where)
        block, element = _named(place.blocks, name)
        action = {"action_id": element["action_id"], "block_id": block["block_id"], **_chosen(element, choice)}
        await self._presses.press(self.user, place, action, _state(place.blocks, entered or {}))

    async def submit(self, view: View, values: Mapping[str, object] | None = None) -> dict[str, str]:
        """Fill in (values by block or action id) and submit; returns errors by block id."""
        view = self._workspace.views.get(view.id)
        return await self._presses.submit(self.user, view.id, _state(view.payload["blocks"], values or {}))

    async def close(self, view: View, *, clear: bool = False) -> None:
        """Close the modal, or the whole stack."""
        await self._presses.close(self.user, view.id, clear=clear)

    async def options(self, where: Message | View, name: str, typed: str) -> list[str]:
        """The labels an external select offers for what is typed."""
        place = self._place(where)
        block, element = _named(place.blocks, name)
        action = {"action_id": element["action_id"], "block_id": block["block_id"], "value": typed}
        answer = await self._presses.options(self.user, place, action)
        return [option["text"]["text"] for option in options_of(answer)]

    async def shortcut(self, callback_id: str, message: Message | None = None) -> None:
        """Use a global shortcut, or one on a message."""
        where = (message.channel, message.ts) if message else (None, None)
        await self._acts.shortcut(self.user, callback_id, *where)

    async def open_home(self) -> View | None:
        """Open the Home tab; returns it as the bot published it."""
        await self._acts.open_home(self.user)
        await self._playground.dispatcher.idle()
        return await self._workspace.home(self.user)

    async def join(self, channel: str) -> None:
        """Join a channel."""
        await self._acts.join(self.user, channel)
        await self._playground.dispatcher.idle()

    async def leave(self, channel: str) -> None:
        """Leave a channel."""
        await self._acts.leave(self.user, channel)
        await self._playground.dispatcher.idle()

    async def sees(self, channel: str | None = None, thread: Message | None = None) -> list[Message]:
        """The messages of a channel (or one thread of it), oldest first, with those for their eyes only."""
        room = channel or (thread.channel if thread else self.chat.id)
        if thread:
            return await self._workspace.thread(room, thread.thread_ts or thread.ts, self.user)
        return await self._workspace.messages(room, self.user)

    async def again(self, message: Message) -> Message:
        """The message as it stands now."""
        return self._workspace.message_book.get(message.channel, message.ts)

    async def modal(self) -> View:
        """The modal on their screen; ActError when there is none."""
        stack = self._workspace.views.stack(self.user)
        if not stack:
            raise ActError("No modal is open.")
        return stack[-1]

    async def home(self) -> View | None:
        """Their Home tab as it stands."""
        return await self._workspace.home(self.user)

    async def waits_for(self, text: str, channel: str | None = None, seconds: float = 3.0) -> Message:
        """The newest message with that text, as soon as it is there; TimeoutError after so many real seconds."""

        async def found() -> Message | None:
            seen = await self.sees(channel)
            return next((message for message in reversed(seen) if text in words(message)), None)

        with self._workspace.notices.listen(self.user) as notices:
            async with asyncio.timeout(seconds):
                while (message := await found()) is None:
                    await notices.get()
        return message

    def _place(self, where: Message | View) -> Place:
        if isinstance(where, View):
            return self._presses.place(self.user, view_id=where.id)
        return self._presses.place(self.user, where.channel, where.ts)


def words(where: Message | View) -> str:
    """All that stands in a message or view, one text a line."""
    if isinstance(where, View):
        return "\n".join(_texts(where.payload))
    return "\n".join([where.text, *_texts(where.blocks or [])])


def labels(where: Message | View) -> list[str]:
    """The labels of the buttons there."""
    blocks = where.payload["blocks"] if isinstance(where, View) else where.blocks or []
    return [element["text"]["text"] for _, element in elements(blocks) if element["type"] == "button"]


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, list):
        for item in value:
            yield from _texts(item)
    elif isinstance(value, dict):
        for name, item in value.items():
            if name in {"text", "title", "label"} and isinstance(item, str):
                yield item
            else:
                yield from _texts(item)


def _named(blocks: Sequence[Json], name: str) -> tuple[Json, Json]:
    matches: Sequence[Callable[[Json, Json], bool]] = (
        lambda _, element: element["action_id"] == name,
        lambda block, _: block["block_id"] == name,
        lambda _, element: element.get("text", {}).get("text") == name,
    )
    for matching in matches:
        for block, element in elements(blocks):
            if matching(block, element):
                return block, element
    offered = ", ".join(element["action_id"] for _, element in elements(blocks)) or "nothing"
    raise ActError(f"There is no {name} here; one can use: {offered}.")


def _state(blocks: Sequence[Json], values: Mapping[str, object]) -> dict[str, dict[str, Json]]:
    state: dict[str, dict[str, Json]] = {}
    for name, value in values.items():
        block, element = _named(blocks, name)
        state.setdefault(block["block_id"], {})[element["action_id"]] = _chosen(element, value)
    return state


def _chosen(element: Json, choice: object) -> Json:
    kind = element["type"]
    if kind == "overflow":
        return {"selected_option": _option(choice)}
    if kind not in KINDS:
        return {} if choice is None else {"value": choice}
    field = KINDS[kind].field
    if field == "selected_option":
        return {field: _option(choice)}
    if field == "selected_options" and isinstance(choice, list | tuple):
        return {field: [_option(each) for each in choice]}
    return {field: choice.isoformat() if isinstance(choice, date) else choice}


def _option(choice: object) -> object:
    return {"value": choice} if isinstance(choice, str) else choice

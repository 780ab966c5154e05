"""The acts a browser may ask for at /ui/act, each a small model that knows how it is done."""

import asyncio
import re
from abc import abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Annotated, Any, Literal

from pydantic import AliasChoices, BaseModel, Field, TypeAdapter

from bot.playground.acts import Acts
from bot.playground.errors import ActError
from bot.playground.model import Json
from bot.playground.playground import Playground
from bot.playground.presses import Place, Presses
from bot.playground.scenario import Scenario


@dataclass
class Hands:
    """What acts are done with."""

    playground: Playground
    moving: asyncio.Lock = field(default_factory=asyncio.Lock)

    def __post_init__(self) -> None:
        self.acts = Acts(self.playground)
        self.presses = Presses(self.playground)


class Act(BaseModel):
    """Something the person `as` does."""

    user: str = Field(alias="as")

    @abstractmethod
    async def done_by(self, hands: Hands) -> Json | None:
        """Do it; returns what the browser is told beside `ok`."""


class CommandAct(Act):
    """Run a slash command."""

    kind: Literal["command"]
    channel: str
    command: str
    text: str = ""
    thread_ts: str | None = None

    async def done_by(self, hands: Hands) -> None:
        """See Act."""
        await hands.acts.command(self.user, self.channel, self.command, self.text, self.thread_ts)


class MessageAct(Act):
    """Type a message."""

    kind: Literal["message"]
    channel: str
    text: str
    thread_ts: str | None = None

    async def done_by(self, hands: Hands) -> Json:
        """See Act."""
        return {"ts": (await hands.acts.message(self.user, self.channel, self.text, self.thread_ts)).ts}


class Container(BaseModel):
    """A message or a view."""

    channel: str | None = None
    ts: str | None = Field(default=None, validation_alias=AliasChoices("ts", "message_ts"))
    view_id: str | None = None

    def place(self, hands: Hands, user: str) -> Place:
        """Where that is."""
        return hands.presses.place(user, self.channel, self.ts, self.view_id)


class Entered(BaseModel):
    """What the inputs hold, by block and action id."""

    values: dict[str, dict[str, dict[str, Any]]] = {}


class Pressed(BaseModel):
    """The element that is used; what is chosen is in the field that Slack has for its type."""

    model_config = {"extra": "allow"}

    action_id: str
    block_id: str | None = None


class PressAct(Act):
    """Press a button, choose from a menu."""

    kind: Literal["press"]
    container: Container
    action: Pressed
    state: Entered = Entered()

    async def done_by(self, hands: Hands) -> None:
        """See Act."""
        place = self.container.place(hands, self.user)
        await hands.presses.press(self.user, place, self.action.model_dump(), self.state.values)


class SubmitAct(Act):
    """Submit the visible modal."""

    kind: Literal["submit"]
    view_id: str
    state: Entered = Entered()

    async def done_by(self, hands: Hands) -> Json:
        """See Act."""
        errors = await hands.presses.submit(self.user, self.view_id, self.state.values)
        return {"errors": errors} if errors else {}


class CloseAct(Act):
    """Close the visible modal, or (`clear`) all of them."""

    kind: Literal["close"]
    view_id: str
    clear: bool = False

    async def done_by(self, hands: Hands) -> None:
        """See Act."""
        await hands.presses.close(self.user, self.view_id, clear=self.clear)


class ShortcutAct(Act):
    """Use a global shortcut, or one on a message."""

    kind: Literal["shortcut"]
    callback_id: str
    channel: str | None = None
    ts: str | None = None

    async def done_by(self, hands: Hands) -> None:
        """See Act."""
        await hands.acts.shortcut(self.user, self.callback_id, self.channel, self.ts)


class HomeAct(Act):
    """Open the Home tab."""

    kind: Literal["home"]

    async def done_by(self, hands: Hands) -> None:
        """See Act."""
        await hands.acts.open_home(self.user)


class JoinAct(Act):
    """Join a channel."""

    kind: Literal["join"]
    channel: str

    async def done_by(self, hands: Hands) -> None:
        """See Act."""
        await hands.acts.join(self.user, self.channel)


class ReadAct(Act):
    """Look at a channel: nothing in it is unread now."""

    kind: Literal["read"]
    channel: str

    async def done_by(self, hands: Hands) -> None:
        """See Act."""
        await hands.playground.workspace.mark_read(self.channel, self.user)


class OptionsAct(Act):
    """Type into an external select."""

    kind: Literal["options"]
    action_id: str
    block_id: str | None = None
    value: str = ""
    view_id: str | None = None
    message: Container | None = None
    container: Container | None = None

    async def done_by(self, hands: Hands) -> Json:
        """See Act."""
        place = (self.container or self.message or Container(view_id=self.view_id)).place(hands, self.user)
        return await hands.presses.options(self.user, place, self.model_dump())


class ClockAct(Act):
    """Move the clock forward: "+1h", "+1d", "next"."""

    kind: Literal["clock"]
    to: str

    async def done_by(self, hands: Hands) -> Json:
        """See Act."""
        scenario = hands.playground.scenario
        if scenario is None:
            raise ActError("This workspace runs on real time.")
        async with hands.moving:
            moment, what = await _destination(scenario, self.to)
            await scenario.advance(moment)
        now = scenario.now().isoformat()
        hands.playground.workspace.notices.publish("clock", {"now": now})
        return {"now": now, "what": what}


async def _destination(scenario: Scenario, to: str) -> tuple[datetime, str]:
    if to == "next":
        coming = await scenario.next_event()
        if coming is None:
            raise ActError("Nothing is planned.")
        return max(coming[0], scenario.now()), coming[1]
    step = re.fullmatch(r"\+(\d{1,3})([hd])", to)
    if step is None:
        raise ActError("The clock goes by +1h, +1d or next.")
    length = timedelta(hours=int(step[1])) if step[2] == "h" else timedelta(days=int(step[1]))
    return scenario.now() + length, ""


AnyAct = Annotated[
    CommandAct
    | MessageAct
    | PressAct
    | SubmitAct
    | CloseAct
    | ShortcutAct
    | HomeAct
    | JoinAct
    | ReadAct
    | OptionsAct
    | ClockAct,
    Field(discriminator="kind"),
]
_ADAPTER: TypeAdapter[AnyAct] = TypeAdapter(AnyAct)


def parse_act(body: Mapping[str, Any]) -> AnyAct:
    """The act that was asked for; raises pydantic's ValidationError."""
    return _ADAPTER.validate_python(body)

"""The sample company in a playground: people type, the real Bolt app answers, over real HTTP and a real database."""

import asyncio
import re
import socket
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import TypeVar
from urllib.parse import unquote_plus, urlencode

import uvicorn
from pydantic import SecretStr
from sqlmodel import SQLModel, col, select

from bot.demo import CHANNEL, CLOCK, DISPATCH, PLANNING, START, MovableClock, build_demo, demo_settings, person_id
from bot.main import Ampersand, now
from bot.playground import Acting, Playground, words
from bot.playground.dispatch import FORM, Answer, Request
from bot.playground.model import Message, Person, View
from bot.playground.payloads import Payloads
from bot.settings import Settings
from storage.tables import Entry

SALES, OPERATIONS, FACILITATOR, FINANCE = "M02", "M12", "M18", "M21"
OTHER_SALES, DUTCH_SALES, DUTCH_OPERATIONS = "M03", "M07", "M11"
NEWCOMER = "NEW"

Row = TypeVar("Row", bound=SQLModel)


@dataclass
class World:
    """One playground; `forward` moves its clock and lets happen what falls due."""

    ampersand: Ampersand
    playground: Playground
    clock: MovableClock

    def person(self, key: str) -> Acting:
        """A member of the sample by their key, or the newcomer."""
        return Acting(self.playground, person_id(key))

    async def settle(self) -> None:
        """Let everything arrive that was put off until after the answer."""
        await self.ampersand.settle(self.clock.now())

    async def forward(self, to: datetime | timedelta) -> None:
        assert self.playground.scenario
        moment = self.clock.now() + to if isinstance(to, timedelta) else to
        await self.playground.scenario.advance(moment)

    async def says(self, key: str, command: str, text: str = "", channel: str = CHANNEL) -> Message:
        """Type a command; the answer."""
        answer = await self.person(key).command(command, text, channel)
        assert answer is not None, f"nobody answered {command}"
        await self.settle()
        return answer

    async def presses(self, key: str, card: Message, label: str) -> Message:
        """Press a button of a card; the card as it stands after."""
        person = self.person(key)
        await person.press(await person.again(card), label)
        await self.settle()
        return await person.again(card)

    async def opens(self, key: str, where: Message | View, label: str) -> View:
        """Press what opens a form or a window; the view that stands on their screen then."""
        await self.person(key).press(where, label)
        await self.settle()
        return await self.person(key).modal()

    async def submits(self, key: str, **values: object) -> dict[str, str]:
        """Fill in and send the form on their screen; the sentences beside its fields."""
        person = self.person(key)
        errors = await person.submit(await person.modal(), values)
        await self.settle()
        return errors

    async def screen(self, key: str) -> View:
        """The form or window on their screen."""
        return await self.person(key).modal()

    async def windows(self, key: str) -> int:
        """How many stand one above the other on their screen."""
        return len(self.playground.workspace.views.stack(person_id(key)))

    async def slack_sends(self, key: str, command: str, text: str) -> Answer:
        """A command with exactly that text, as Slack escapes it; by anybody, also who has left."""
        channel = self.playground.workspace.find_channel(CHANNEL)
        person = Person(person_id(key), "somebody", "Somebody")
        fields = Payloads(self.playground).command(person, channel, command, text)
        answer = await self.playground.dispatcher.post(Request(urlencode(fields), FORM))
        await self.settle()
        return answer

    def sent(self, what: str) -> Request:
        """The last request to the bot that has those words in it."""
        requests = reversed(self.playground.dispatcher.sent)
        return next(request for request in requests if what in unquote_plus(request.body))

    async def delivers_again(self, request: Request, ago: timedelta = timedelta(0)) -> Answer:
        """The same raw request once more, signed so long ago."""
        answer = await self.playground.dispatcher.post(request, now() - ago)
        await self.settle()
        return answer

    async def newest(self, key: str, channel: str | None = CHANNEL) -> Message:
        """What they saw last there; in their private chat with the bot for None."""
        return (await self.person(key).sees(channel))[-1]

    async def channel(self, key: str = FACILITATOR, channel: str | None = CHANNEL) -> list[str]:
        """What stands in the channel, message by message, as that person sees it."""
        return [words(message) for message in await self.person(key).sees(channel)]

    async def chat(self, key: str) -> list[str]:
        """What stands in their private chat with the bot."""
        return await self.channel(key, None)

    def rows(self, table: type[Row]) -> Sequence[Row]:
        """Everything the database keeps of that kind."""
        with self.ampersand.database.transaction() as session:
            return session.exec(select(table)).all()

    def entry(self, shown: Message | View | str) -> Entry:
        """The entry a card or window is about: the first that it names."""
        ref = reference(shown)
        with self.ampersand.database.transaction() as session:
            return session.exec(select(Entry).where(col(Entry.ref) == ref)).one()


def reference(shown: Message | View | str) -> str:
    """The first name of an entry in it, without the mark."""
    found = re.search(
        r"#([23456789bcdfghjkmnpqrstvwxz]{4,5}|\d{1,3})\b", shown if isinstance(shown, str) else words(shown)
    )
    assert found, "no entry is named here"
    return found[1]


def filled_in(view: View) -> Mapping[str, object]:
    """What the fields of a form hold, by their names; a choice by its value, several as a list of theirs."""
    return {name: _held(next(iter(actions.values()))) for name, actions in view.state_values.items()}


def _held(state: Mapping[str, object]) -> object:
    value = next((held for name, held in state.items() if name != "type"), None)
    if isinstance(value, list):
        return [one["value"] if isinstance(one, Mapping) else one for one in value]
    return value["value"] if isinstance(value, Mapping) else value


@asynccontextmanager
async def open_world(
    database_url: str, folder: Path, app_token: str = "", start: datetime = START
) -> AsyncIterator[World]:
    """Slack and the bot speak over HTTP, with an `app_token` (xapp-…) over Socket Mode; the clock begins at `start`."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        given = {"database_url": database_url, "slack_app_token": SecretStr(app_token) if app_token else None}
        settings = demo_settings(listening.getsockname()[1], folder).model_copy(update=given)
        async with _serving(settings, listening, start) as world:
            yield world


@asynccontextmanager
async def _serving(settings: Settings, listening: socket.socket, start: datetime) -> AsyncIterator[World]:
    clock = MovableClock(settings.data_dir / CLOCK, start, now)
    ampersand, playground = await build_demo(settings, clock, start, answer_seconds=15)
    async with running(World(ampersand, playground, clock), listening) as world:
        yield world


@asynccontextmanager
async def running(world: World, listening: socket.socket) -> AsyncIterator[World]:
    """The world on its port, until it is left."""
    ampersand, playground = world.ampersand, world.playground
    ampersand.house.patience = timedelta(seconds=12)  # a busy machine is no reason for a sign
    listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # asyncio does so for its own sockets only
    server = uvicorn.Server(uvicorn.Config(ampersand.web, log_level="warning", access_log=False, lifespan="off"))
    serving = asyncio.create_task(server.serve(sockets=[listening]))
    while not server.started:  # noqa: ASYNC110 uvicorn has no event for it
        await asyncio.sleep(0.01)
    if ampersand.socket:
        ampersand.socket.start()
        await playground.dispatcher.sockets.connected()
    try:
        yield world
    finally:
        await playground.close()
        await ampersand.close()
        await server.shutdown()  # at once, where `should_exit` waits for two of its rounds
        serving.cancel()
        await asyncio.gather(serving, return_exceptions=True)


__all__ = [
    "CHANNEL",
    "DISPATCH",
    "DUTCH_OPERATIONS",
    "DUTCH_SALES",
    "FACILITATOR",
    "FINANCE",
    "NEWCOMER",
    "OPERATIONS",
    "OTHER_SALES",
    "PLANNING",
    "SALES",
    "World",
    "filled_in",
    "open_world",
    "person_id",
    "reference",
    "running",
]

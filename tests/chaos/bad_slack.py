"""A Slack over real HTTP that says no, breaks, or takes a message and loses the answer; it remembers every message."""

import asyncio
import socket
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager
from random import Random
from typing import Any

import uvicorn
import yaml

from bot.main import now
from bot.playground import ChannelSeed, PersonSeed, Playground, PlaygroundSettings, create_playground
from bot.playground.errors import SlackError
from bot.playground.model import BOT_USER_ID, Message
from bot.playground.playground import Fault
from tests.chaos.worker import TOKEN
from tests.test_house import ROOT

PEOPLE = [f"U0P{number:03}" for number in range(120)]
CHANNEL, FACILITATOR = "C-SOP", "U-ELS"
READING = ("channels:history", "groups:history", "im:history")
CHANCES = {"429": 30, "5xx": 10, "accept_then_5xx": 5, "drop": 2.5, "accept_then_drop": 2.5, "": 50}
WHILE_LOOKING = {"429": 10, "5xx": 5, "accept_then_drop": 5, "": 80}
SLOW_DOWN = (0, 0, 0, 1)
"""Retry-After in seconds, one as likely as another."""


class BadSlack:
    """`on_call` is told the number of each call before anything is done about it."""

    def __init__(self, playground: Playground, chance: Random) -> None:
        self._playground, self._chance = playground, chance
        self.on_call: Callable[[int], None] = lambda _number: None
        self.calls = 0
        self.faults: Counter[str] = Counter()
        self.posts_without_answer = 0
        playground.faults = self._fault

    def texts(self) -> Counter[str]:
        """Every text that stands somewhere, and how often."""
        return Counter(message.text for message in self._messages())

    def private_texts(self) -> Mapping[str, Sequence[str]]:
        """What stands in the private chat of each person."""
        return {person: self.texts_in(f"D{person[1:]}") for person in PEOPLE}

    def texts_in(self, channel: str) -> Sequence[str]:
        """What stands in a channel, or in a private chat."""
        book = self._playground.workspace.message_book
        return [message.text for message in book.in_channel(channel, BOT_USER_ID)]

    def _messages(self) -> Iterator[Message]:
        book = self._playground.workspace.message_book
        for channel in self._playground.workspace.all_channels():
            for message in book.in_channel(channel.id, BOT_USER_ID):
                yield message
                if message.reply_count:
                    yield from book.in_thread(channel.id, message.ts, BOT_USER_ID)[1:]

    def _fault(self, method: str, _arguments: dict[str, Any]) -> Fault:
        self.calls += 1
        self.on_call(self.calls)
        is_post = method == "chat.postMessage"
        chances = CHANCES if is_post else WHILE_LOOKING
        [kind] = self._chance.choices(list(chances), weights=list(chances.values()))
        self.faults[f"{'post' if is_post else 'look'} {kind or 'ok'}"] += 1
        self.posts_without_answer += is_post and kind.startswith("accept")
        if kind == "429":
            return SlackError("ratelimited", retry_after_seconds=self._chance.choice(SLOW_DOWN))
        return kind or None  # type: ignore[return-value]  # the words of CHANCES


@asynccontextmanager
async def bad_slack(chance: Random, *, readable: bool) -> AsyncIterator[tuple[BadSlack, str]]:
    """The Slack and the address of its Web API. Where it is not readable, the app may not read any history."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # asyncio does so for its own sockets only
        origin = f"http://127.0.0.1:{listening.getsockname()[1]}"
        app = create_playground(PlaygroundSettings(f"{origin}/slack/events", "-", TOKEN), clock=now)
        playground: Playground = app.state.playground
        playground.workspace.seed(_people(), [ChannelSeed(CHANNEL, "sales-operations", "")], _manifest(readable))
        server = uvicorn.Server(uvicorn.Config(app, log_level="critical", access_log=False, lifespan="off"))
        serving = asyncio.create_task(server.serve(sockets=[listening]))
        while not server.started:  # noqa: ASYNC110 uvicorn has no event for it
            await asyncio.sleep(0.01)
        try:
            yield BadSlack(playground, chance), f"{origin}/api/"
        finally:
            await playground.close()
            await server.shutdown()
            serving.cancel()
            await asyncio.gather(serving, return_exceptions=True)


def _people() -> list[PersonSeed]:
    return [PersonSeed(person, person.lower(), person) for person in (*PEOPLE, FACILITATOR)]


def _manifest(readable: bool) -> dict[str, Any]:
    manifest: dict[str, Any] = yaml.safe_load((ROOT / "app.yaml").read_text(encoding="utf-8"))
    scopes = manifest["oauth_config"]["scopes"]
    scopes["bot"] = [scope for scope in scopes["bot"] if readable or scope not in READING]
    return manifest

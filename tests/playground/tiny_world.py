"""The tiny app and its playground on a real port, with a clock that moves when told: what browsers drive."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from socket import AF_INET, SOCK_STREAM, socket
from typing import Any

import uvicorn
from fastapi import FastAPI, Request
from slack_bolt.adapter.fastapi.async_handler import AsyncSlackRequestHandler
from slack_sdk.web.async_client import AsyncWebClient

from bot.playground import Playground, PlaygroundSettings, Scenario, TeamSeed, create_playground
from tests.playground.tiny_app import CHANNELS, MANIFEST, PEOPLE, SECRET, SOP, TOKEN, Json, mrkdwn, plain, tiny_app


@dataclass
class TinyWorld:
    """A clock that moves when told, with one brief to come."""

    client: AsyncWebClient
    moment: datetime = datetime(2026, 6, 10, 14, 0, tzinfo=UTC)
    brief: datetime = datetime(2026, 6, 11, 7, 0, tzinfo=UTC)
    posted: list[datetime] = field(default_factory=list)

    def now(self) -> datetime:
        return self.moment

    async def advance(self, to: datetime) -> None:
        if self.moment < self.brief <= to:
            self.moment = self.brief
            await self.client.chat_postMessage(channel=SOP, text="Brief", blocks=brief())
            self.posted.append(self.brief)
        self.moment = to

    async def next_event(self) -> tuple[datetime, str] | None:
        return None if self.posted else (self.brief, "the brief for the pre-S&OP goes to #sales-operations")

    def scenario(self) -> Scenario:
        hints = (
            ("Act as anyone", "Choose a member at the left."),
            ("Move the clock", "Go to the next event and see the brief arrive."),
        )
        return Scenario(self.now, self.advance, self.next_event, "Europe/Amsterdam", hints)


def brief() -> list[Json]:
    facts = [
        "*Clashes*\n4, was 6",
        "*Went well*\n3, was 2",
        "*Kept*\n16 of 22 due (73%)",
        "*Average drop*\n1.9 pallets, was 0.8",
    ]
    return [
        {"type": "header", "text": plain("Brief for the pre-S&OP of Mon 15 June")},
        {
            "type": "section",
            "text": mrkdwn("*Two agreements are due before the meeting.* Service at Noord is back above 97%."),
        },
        {"type": "section", "fields": [mrkdwn(fact) for fact in facts]},
        {
            "type": "section",
            "text": mrkdwn(
                "*Came back:* Fast response against a stable schedule\n"
                "> On Wednesday 10 June at 16:30 Retailer A doubled the football tapas box for Saturday…"
            ),
        },
        {
            "type": "context",
            "elements": [mrkdwn("Figures of Thu 11 June, 09:00 (Amsterdam). The rest is in the thread.")],
        },
    ]


@dataclass
class Running:
    """A playground that answers at `url`."""

    url: str
    playground: Playground
    world: TinyWorld
    server: uvicorn.Server
    loop: asyncio.AbstractEventLoop

    def run(self, coroutine: Any) -> Any:
        """Do something in the server's own loop, from the test's thread."""
        return asyncio.run_coroutine_threadsafe(coroutine, self.loop).result(10)

    def post(self, text: str, channel: str = SOP, **over: Any) -> Json:
        """A message of the bot."""
        answer = self.run(self.world.client.chat_postMessage(channel=channel, text=text, **over))
        return dict(answer.data)

    def say(self, user: str, text: str, channel: str = SOP, minutes: int = 0) -> str:
        """A message of a member, some minutes later than the last."""
        self.world.moment += timedelta(minutes=minutes)
        room = self.playground.workspace.find_channel(channel)

        async def posted() -> str:
            return self.playground.workspace.message_book.post(room, user, text).ts

        return str(self.run(posted()))


@contextmanager
def running_playground(port: int = 0, answer_seconds: float = 3.0) -> Iterator[Running]:
    """Serve the tiny app and its playground from one thread, as `make demo` serves the product."""
    listening = socket(AF_INET, SOCK_STREAM)
    listening.bind(("127.0.0.1", port))
    url = f"http://127.0.0.1:{listening.getsockname()[1]}"
    client = AsyncWebClient(token=TOKEN, base_url=f"{url}/api/")
    world = TinyWorld(client)
    settings = PlaygroundSettings(
        f"{url}/slack/events", SECRET, TOKEN, team=TeamSeed(name="Voorbeeldkeuken Vers"), answer_seconds=answer_seconds
    )
    inner = create_playground(settings, world.scenario(), clock=lambda: datetime.now(UTC))
    playground: Playground = inner.state.playground
    handler = AsyncSlackRequestHandler(tiny_app(client))
    app = FastAPI()

    @app.post("/slack/events")
    async def events(request: Request) -> Any:
        return await handler.handle(request)

    app.mount("/", inner)
    server = uvicorn.Server(uvicorn.Config(app, log_level="warning", lifespan="off", timeout_graceful_shutdown=1))
    started = threading.Event()
    loops: list[asyncio.AbstractEventLoop] = []

    async def serve() -> None:
        loops.append(asyncio.get_running_loop())
        playground.workspace.seed(PEOPLE, CHANNELS, MANIFEST)
        started.set()
        await server.serve(sockets=[listening])
        await playground.close()

    thread = threading.Thread(target=lambda: asyncio.run(serve()), daemon=True)
    thread.start()
    started.wait(10)
    try:
        yield Running(url, playground, world, server, loops[0])
    finally:
        loops[0].call_soon_threadsafe(playground.workspace.notices.close)
        server.should_exit = True
        thread.join(10)
        listening.close()

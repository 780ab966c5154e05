"""A playground with a small company and a plain Bolt app, served on loopback by uvicorn in the test's own loop."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from socket import create_server, socket
from typing import Any

import uvicorn
from fastapi import FastAPI, Request, Response
from slack_bolt.adapter.fastapi.async_handler import AsyncSlackRequestHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.playground import (
    Acting,
    ChannelSeed,
    PersonSeed,
    Playground,
    PlaygroundSettings,
    Scenario,
    TeamSeed,
    create_playground,
)
from tests.clock import Clock

SECRET, TOKEN, APP_TOKEN = "a secret", "xoxb-playground", "xapp-playground"
SOP, BOARD, ELSEWHERE = "C0SOP", "C0BOARD", "C0ELSE"
ANNA, BRAM = "U0ANNA", "U0BRAM"
PEOPLE = (
    PersonSeed(ANNA, "anna", "Anna de Boer", "Sales · Noord"),
    PersonSeed(BRAM, "bram", "Bram Smit", locale="nl-NL"),
)
CHANNELS = (
    ChannelSeed(SOP, "sop", "Sales & Operations", members=(ANNA, BRAM)),
    ChannelSeed(BOARD, "board", is_private=True, members=(ANNA,), bot_is_member=False),
    ChannelSeed(ELSEWHERE, "elsewhere", members=(ANNA,), bot_is_member=False),
)
SCOPES = [
    *("chat:write", "channels:history", "channels:join", "channels:read", "groups:read"),
    *("files:write", "im:history", "im:read", "im:write", "pins:read", "pins:write", "reactions:write"),
    *("team:read", "users:read", "users:read.email"),
]
EVENTS = [
    *("app_home_opened", "app_mention", "member_joined_channel", "member_left_channel", "message.im", "team_join"),
]
MANIFEST: dict[str, Any] = {
    "features": {
        "bot_user": {"display_name": "Echo"},
        "slash_commands": [
            {"command": "/echo", "description": "Says it again", "usage_hint": "[text]", "should_escape": True},
            {"command": "/plain", "description": "Says it again"},
        ],
        "shortcuts": [
            {"name": "Echo it", "type": "message", "callback_id": "echo_it", "description": "Says it again"},
            {"name": "Start", "type": "global", "callback_id": "start", "description": "Starts"},
        ],
    },
    "oauth_config": {"scopes": {"bot": SCOPES}},
    "settings": {"event_subscriptions": {"bot_events": EVENTS}},
}


def with_scopes(*scopes: str) -> dict[str, Any]:
    """The manifest, but asking for these scopes only."""
    return {**MANIFEST, "oauth_config": {"scopes": {"bot": list(scopes)}}}


@asynccontextmanager
async def served(app: FastAPI, door: socket) -> AsyncIterator[None]:
    """Serve the app at this socket, in this loop."""
    server = uvicorn.Server(uvicorn.Config(app, log_level="critical", lifespan="off", timeout_graceful_shutdown=1))
    running = asyncio.create_task(server.serve(sockets=[door]))
    try:
        yield
    finally:
        server.should_exit = True
        await running


@dataclass
class Bot:
    """A Bolt app, written by each test; `answers` are statuses given first, without asking it."""

    app: AsyncApp
    answers: list[int] = field(default_factory=list)
    waits_seconds: float = 0.0
    requests: list[tuple[dict[str, str], str]] = field(default_factory=list)

    async def answer(self, request: Request) -> Response:
        self.requests.append((dict(request.headers), (await request.body()).decode()))
        await asyncio.sleep(self.waits_seconds)
        if self.answers:
            return Response(status_code=self.answers.pop(0))
        return await AsyncSlackRequestHandler(self.app).handle(request)


@dataclass
class World:
    """Everything a test speaks to. `real` is the clock of signatures and of what expires; `clock` that of messages."""

    playground: Playground
    bot: Bot
    client: AsyncWebClient
    real: Clock
    clock: Clock
    address: str

    @property
    def app(self) -> AsyncApp:
        return self.bot.app

    def acting(self, user: str) -> Acting:
        return Acting(self.playground, user)


def a_scenario(clock: Clock) -> Scenario:
    """Something happens every day; nothing follows after it."""

    async def advance(to: datetime) -> None:
        clock.now = to

    async def coming() -> tuple[datetime, str]:
        return clock.now + timedelta(hours=3), "The brief is due"

    return Scenario(clock, advance, coming, "Europe/Amsterdam", (("Welcome", "Type /echo"),))


@asynccontextmanager
async def a_world(
    store: Path | None = None,
    manifest: Mapping[str, Any] = MANIFEST,
    retry_seconds: tuple[float, ...] = (0.01, 0.01, 0.01),
    answer_seconds: float = 3.0,
    app_token: str = "",
) -> AsyncIterator[World]:
    """A playground and a bot that serve each other from one address, as the demo does."""
    door = create_server(("127.0.0.1", 0))
    address = f"http://127.0.0.1:{door.getsockname()[1]}"
    real, clock = Clock(datetime.now(UTC)), Clock()
    settings = PlaygroundSettings(
        events_url=f"{address}/slack/events",
        signing_secret=SECRET,
        bot_token=TOKEN,
        app_token=app_token,
        store=store,
        team=TeamSeed("T0TEST", "Test", "test"),
        answer_seconds=answer_seconds,
        retry_seconds=retry_seconds,
    )
    pages = create_playground(settings, a_scenario(clock), clock=real)
    playground: Playground = pages.state.playground
    playground.workspace.seed(PEOPLE, CHANNELS, manifest)
    client = AsyncWebClient(TOKEN, f"{address}/api/", retry_handlers=[])
    bot = Bot(AsyncApp(client=client, signing_secret=SECRET, process_before_response=True))
    web = FastAPI()
    web.add_api_route("/slack/events", bot.answer, methods=["POST"])
    web.mount("/", pages)
    async with served(web, door):
        try:
            yield World(playground, bot, client, real, clock, address)
        finally:
            await playground.close()

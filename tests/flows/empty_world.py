"""A company that has just installed the bot: nobody is a member, nothing is set up. Time can be moved."""

import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from bot.demo import START, MovableClock, demo_settings
from bot.main import Ampersand, Identity, build, connect, now
from bot.manifest import read_manifest
from bot.platforms.slack import open_session
from bot.playground import (
    ChannelSeed,
    PersonSeed,
    Playground,
    PlaygroundSettings,
    Scenario,
    TeamSeed,
    create_playground,
)
from bot.services.events import next_event
from bot.settings import Settings
from tests.flows.world import CHANNEL, DISPATCH, World, running

ADMIN, ELS, BEN, GUEST = "ADMIN", "ELS", "BEN", "GUEST"
"""An owner of the Slack workspace, a Dutch colleague, an English one, and a guest."""

PRIVATE: Final = "C0BOARD"
TEAM: Final = TeamSeed("T0EMPTY", "Verse Keuken", "versekeuken")
PEOPLE: Final = (
    PersonSeed("U0ADMIN", "anna", "Anna de Wit", "S&OP Manager", "Europe/Brussels", "en-GB", is_owner=True),
    PersonSeed("U0BEN", "ben", "Ben Ali", "Account Manager", "Europe/London", "en-GB"),
    PersonSeed("U0ELS", "els", "Els Visser", "Plant Manager", "Europe/Amsterdam", "nl-NL"),
    PersonSeed("U0GUEST", "guest", "Gus Guest", "from an agency", "Europe/Amsterdam", "en-GB", is_restricted=True),
)
EVERYBODY: Final = tuple(person.id for person in PEOPLE)
CHANNELS: Final = (
    ChannelSeed(CHANNEL, "sales-operations", "Both sides", members=EVERYBODY),
    ChannelSeed(DISPATCH, "dispatch", "Today: trucks, lines, people", members=EVERYBODY, bot_is_member=False),
    ChannelSeed(PRIVATE, "board", "Private", is_private=True, members=("U0ADMIN",), bot_is_member=False),
)


@asynccontextmanager
async def open_empty_world(database_url: str, folder: Path, facilitators: tuple[str, ...] = ()) -> AsyncIterator[World]:
    """On a migrated database. `facilitators` are those of AMPERSAND_FACILITATORS."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        given = {"database_url": database_url, "facilitators": facilitators, "timezone": "Europe/Amsterdam"}
        settings = demo_settings(listening.getsockname()[1], folder).model_copy(update=given)
        async with running(_build(settings), listening) as world:
            yield world


def _build(settings: Settings) -> World:
    clock = MovableClock(settings.data_dir / "clock.json", START, now)
    identity = Identity(TEAM.id, TEAM.name, "B0AMPERSAND", "U0AMPERSAND")
    ampersand = build(settings, identity, open_session(), clock=clock.now, waiting=_no_wait, pace=timedelta(0))
    connect(ampersand.database, ampersand.house.context(), identity, settings)
    app = create_playground(_playground_settings(settings), _scenario(ampersand, clock), clock=now)
    playground: Playground = app.state.playground
    playground.workspace.seed(PEOPLE, CHANNELS, read_manifest())
    ampersand.web.mount("/", app)
    return World(ampersand, playground, clock)


def _playground_settings(settings: Settings) -> PlaygroundSettings:
    return PlaygroundSettings(
        events_url=f"http://127.0.0.1:{settings.port}/slack/events",
        signing_secret=settings.slack_signing_secret.get_secret_value(),
        bot_token=settings.slack_bot_token.get_secret_value(),
        team=TEAM,
        answer_seconds=15,
        address=f"http://localhost:{settings.port}",
    )


def _scenario(ampersand: Ampersand, clock: MovableClock) -> Scenario:
    async def advance(to: datetime) -> None:
        while (due := await ampersand.jobs.next_due()) is not None and due <= to:
            clock.set(max(due, clock.now()))
            await ampersand.settle(clock.now())
        clock.set(to)
        await ampersand.settle(to)

    async def comes_next() -> tuple[datetime, str] | None:
        return await ampersand.database.read(next_event)

    return Scenario(clock.now, advance, comes_next)


async def _no_wait(_seconds: float) -> None:
    """The playground takes messages as fast as they come."""

"""A small installation as it stands at a company: a Slack of its own, a database, an environment."""

import asyncio
import json
import shutil
import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from email.utils import format_datetime
from pathlib import Path
from socket import create_server

import pytest
import uvicorn
from fastapi import FastAPI, Request, Response

from bot import main
from bot.manifest import read_manifest
from bot.platforms.slack import open_session
from bot.playground import Playground, PlaygroundSettings, TeamSeed, create_playground
from bot.services.workspaces import ensure_workspace
from bot.settings import read_settings
from storage.database import Database
from storage.tables import Platform, Role
from tests.builders import a_context, a_member
from tests.cli.conftest import Run
from tests.playground.worlds import ANNA, CHANNELS, PEOPLE, SOP

SIGNING, TOKEN, APP_TOKEN = "the signing secret", "xoxb-playground", "xapp-playground"
TEAM = TeamSeed("T0TEST", "Saladine Foods", "saladine")


@dataclass
class Installation:
    """Slack answers at `address`; its clock is `slack_ahead` of ours. `doctor` types the command."""

    playground: Playground
    database_url: str
    address: str
    run: Run
    environment: pytest.MonkeyPatch
    web: FastAPI = field(default_factory=FastAPI)
    slack_ahead: timedelta = timedelta(0)

    async def doctor(self, *words: str) -> tuple[int, str]:
        """Its exit code, and what it prints as one line of text; nothing may go to standard error."""
        code, out, err = await asyncio.to_thread(self.run, "doctor", *words)
        assert err == ""
        return code, out if words else " ".join(out.split())

    async def stamp(self, _request: Request, answer: Callable[[Request], Awaitable[Response]]) -> Response:
        response = await answer(_request)
        response.headers["Date"] = format_datetime(main.now() + self.slack_ahead, usegmt=True)
        return response

    @asynccontextmanager
    async def bot_running(self) -> AsyncIterator[None]:
        """The bot of this installation on its port, beside Slack itself."""
        settings = read_settings()
        session = open_session()
        bot = main.build(settings, await main.identify(settings, session), session, clock=main.now)
        await bot.jobs.tick_schedules()
        with create_server((settings.host, settings.port)) as door:
            async with serving(bot.web, door):
                yield
        await bot.close()


@asynccontextmanager
async def serving(web: FastAPI, door: object) -> AsyncIterator[None]:
    config = uvicorn.Config(web, log_level="critical", lifespan="off", date_header=False, timeout_graceful_shutdown=1)
    server = uvicorn.Server(config)
    running = asyncio.create_task(server.serve(sockets=[door]))  # type: ignore[list-item]
    try:
        yield
    finally:
        server.should_exit = True
        await running


@asynccontextmanager
async def installed(
    run: Run, migrated: Path, folder: Path, environment: pytest.MonkeyPatch
) -> AsyncIterator[Installation]:
    """One in which nothing is wrong; the bot does not run."""
    file = folder / "data" / "ampersand.db"
    file.parent.mkdir(mode=0o700)
    shutil.copyfile(migrated, file)
    with create_server(("127.0.0.1", 0)) as door, create_server(("127.0.0.1", 0)) as reserved:
        address, port = f"http://127.0.0.1:{door.getsockname()[1]}", reserved.getsockname()[1]
        reserved.close()
        pages = create_playground(
            PlaygroundSettings(f"{address}/slack/events", SIGNING, TOKEN, team=TEAM, app_token=APP_TOKEN),
            clock=main.now,
        )
        playground: Playground = pages.state.playground
        playground.workspace.seed(PEOPLE, CHANNELS, read_manifest())
        installation = Installation(playground, f"sqlite:///{file}", address, run, environment)
        installation.web.middleware("http")(installation.stamp)
        installation.web.mount("/", pages)
        _fill(installation.database_url)
        _set_environment(environment, address, port)
        async with serving(installation.web, door):
            yield installation
        await playground.close()


def _fill(url: str) -> None:
    database = Database(url)
    with database.transaction() as session:
        workspace = ensure_workspace(session, a_context(), Platform.SLACK, TEAM.id, TEAM.name)
        workspace.channel_id, workspace.channel_name = SOP, "sop"
        session.add(workspace)
        a_member(session, workspace_id=workspace.id, external_id=ANNA, role=Role.FACILITATOR)
    database.close()


def _set_environment(environment: pytest.MonkeyPatch, address: str, port: int) -> None:
    environment.setenv("SLACK_BOT_TOKEN", TOKEN)
    environment.setenv("SLACK_SIGNING_SECRET", SIGNING)
    environment.setenv("SLACK_API_URL", f"{address}/api/")
    environment.setenv("AMPERSAND_PORT", str(port))
    environment.setenv("AMPERSAND_PUBLIC_URL", f"http://127.0.0.1:{port}")


def marks(out: str) -> dict[str, set[str]]:
    """By mark the checks that have it."""
    found: dict[str, set[str]] = {}
    for finding in json.loads(out)["findings"]:
        found.setdefault(finding["mark"], set()).add(finding["check"])
    return found


def change(company: Installation, statement: str) -> None:
    with sqlite3.connect(company.database_url.removeprefix("sqlite:///")) as database:
        database.execute(statement)
    database.close()

"""What a monitor is told: whether the database answers, the ticks come, and Slack can reach us."""

from dataclasses import dataclass
from datetime import datetime
from socket import create_server
from typing import Any

import aiohttp
import pytest
from fastapi import FastAPI

from bot.services.outbox import Backlog
from handlers.web import health_router
from tests.clock import T0, T
from tests.playground.worlds import served


@dataclass
class Ticks:
    last_tick: datetime | None = T0
    disconnected: bool = False

    async def backlog(self) -> Backlog:
        return Backlog(0, None)

    async def is_disconnected(self) -> bool:
        return self.disconnected


@dataclass
class Line:
    connected: bool
    down_seconds: float = 0


async def health(line: Line | None, ticks: Ticks | None = None) -> tuple[int, Any]:
    web = FastAPI()
    web.include_router(health_router(ticks or Ticks(), lambda: T(seconds=5), line))
    with create_server(("127.0.0.1", 0)) as door:
        url = f"http://127.0.0.1:{door.getsockname()[1]}/health"
        async with served(web, door), aiohttp.ClientSession() as http, http.get(url) as answer:
            return answer.status, await answer.json()


@pytest.mark.parametrize(
    ("line", "status", "says"),
    [
        (None, 200, "http"),
        (Line(connected=True), 200, "connected"),
        (Line(connected=False, down_seconds=119), 200, "connecting"),
        (Line(connected=False, down_seconds=121), 503, "connecting"),
    ],
)
async def test_it_tells_how_slack_reaches_us(line: Line | None, status: int, says: str) -> None:
    answered, report = await health(line)
    assert (answered, report["slack"]) == (status, says)
    assert report["status"] == ("ok" if status == 200 else "broken")


@pytest.mark.parametrize("line", [None, Line(connected=False, down_seconds=500)])
async def test_taken_away_it_runs_on_and_says_so(line: Line | None) -> None:
    answered, report = await health(line, Ticks(disconnected=True))
    assert (answered, report["status"]) == (200, "disconnected")


async def test_a_tick_that_is_late_is_worse() -> None:
    answered, report = await health(None, Ticks(T(minutes=-10), disconnected=True))
    assert (answered, report["status"]) == (503, "broken")

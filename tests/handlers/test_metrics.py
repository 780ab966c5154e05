"""GET /metrics: every series from the start, nothing of a person, and no way to grow without end."""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from socket import create_server

import aiohttp
import pytest
from fastapi import FastAPI
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy.exc import OperationalError

from bot.services.metrics import Figures
from bot.services.outbox import Backlog
from handlers.metrics import Metrics, metrics_router
from storage.tables import OutboxState
from tests.clock import T0, T
from tests.playground.worlds import served

DOCUMENTATION = Path(__file__).parents[2] / "docs/monitoring.md"
FIVE_SECONDS_AGO = T(seconds=-5)

FIGURES = Figures(dict.fromkeys(OutboxState, 0) | {OutboxState.FAILED: 4}, Backlog(7, T(seconds=-90)), 2)


@dataclass
class Ticks:
    last_tick: datetime | None = FIVE_SECONDS_AGO

    async def backlog(self) -> Backlog:
        raise AssertionError("the figures hold it already")


@dataclass
class Socket:
    connected: bool = True
    down_seconds: float = 0.0


def series(page: bytes) -> Mapping[str, float]:
    """Every series with its value, as monitoring reads them; `_created` are moments and change."""
    return {
        sample.name + "".join(f"[{word}]" for word in sample.labels.values()): sample.value
        for family in text_string_to_metric_families(page.decode())
        for sample in family.samples
        if not sample.name.endswith("_created")
    }


async def working() -> Figures:
    return FIGURES


async def broken() -> Figures:
    raise OperationalError("SELECT 'geheim'", {}, Exception("geheim"))


async def get(
    metrics: Metrics, ticks: Ticks, database: object = working, socket: Socket | None = None
) -> Mapping[str, float]:
    web = FastAPI()
    web.include_router(metrics_router(metrics, ticks, database, lambda: T0, socket))  # type: ignore[arg-type]
    with create_server(("127.0.0.1", 0)) as door:
        url = f"http://127.0.0.1:{door.getsockname()[1]}/metrics"
        async with served(web, door), aiohttp.ClientSession() as http, http.get(url) as answer:
            text = await answer.text()
    assert (answer.status, answer.content_type) == (200, "text/plain")
    assert "geheim" not in text
    return series(text.encode())


async def test_what_the_database_tells() -> None:
    found = await get(Metrics(), Ticks())

    assert found["ampersand_database_up"] == 1
    assert found["ampersand_last_tick_age_seconds"] == 5
    assert found["ampersand_schedules_late"] == 2
    assert (found["ampersand_outbox_due"], found["ampersand_outbox_oldest_due_seconds"]) == (7, 90)
    assert (found["ampersand_outbox_messages[failed]"], found["ampersand_outbox_messages[pending]"]) == (4, 0)


async def test_a_database_that_does_not_answer_is_a_figure_and_no_error() -> None:
    found = await get(Metrics(), Ticks(), broken)

    assert found["ampersand_database_up"] == 0
    assert found["ampersand_last_tick_age_seconds"] == 5
    assert math.isnan(found["ampersand_outbox_due"])
    assert math.isnan(found["ampersand_outbox_messages[failed]"])
    assert math.isnan(found["ampersand_schedules_late"])


async def test_before_the_first_tick_its_age_is_not_known() -> None:
    assert math.isnan((await get(Metrics(), Ticks(None)))["ampersand_last_tick_age_seconds"])


@pytest.mark.parametrize("connected", [True, False])
async def test_the_socket_is_shown_where_there_is_one(connected: bool) -> None:
    assert (await get(Metrics(), Ticks(), socket=Socket(connected)))["ampersand_socket_connected"] == connected
    assert "ampersand_socket_connected" not in await get(Metrics(), Ticks())


async def test_requests_are_counted_and_timed() -> None:
    metrics = Metrics()
    metrics.count("command", "answered", 0.02)
    metrics.count("command", "answered", 2.0)
    metrics.count("view", "refused", 0.3)

    found = await get(metrics, Ticks())
    assert found["ampersand_requests_total[command][answered]"] == 2
    assert found["ampersand_requests_total[view][refused]"] == 1
    assert found["ampersand_requests_total[event][failed]"] == 0
    assert found["ampersand_request_seconds_count[command]"] == 2
    assert found["ampersand_request_seconds_bucket[command][1.8]"] == 1
    assert found["ampersand_request_seconds_bucket[command][2.5]"] == 2


async def test_a_word_from_outside_never_becomes_a_series() -> None:
    metrics = Metrics()
    for number in range(1000):
        metrics.count(f"kind {number}", f"U0ANNA wrote {number}", 0.1)

    found = await get(metrics, Ticks())
    assert found["ampersand_requests_total[other][other]"] == 1000
    assert len(found) < 150
    assert not [name for name in found if "ANNA" in name]


async def test_two_bots_in_one_process_do_not_share_their_counts() -> None:
    first, second = Metrics(), Metrics()
    first.count("command", "answered", 0.1)

    assert (await get(second, Ticks()))["ampersand_requests_total[command][answered]"] == 0


async def test_the_documentation_names_every_series() -> None:
    documented = set(re.findall(r"^\| `(ampersand_[a-z_]+)", DOCUMENTATION.read_text(encoding="utf-8"), re.MULTILINE))

    found = await get(Metrics(), Ticks(), socket=Socket())
    named = {re.split(r"_bucket|_count|_sum|\[", name)[0] for name in found}
    assert named == documented

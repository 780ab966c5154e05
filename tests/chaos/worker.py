"""A process that sends: the real jobs and the real Slack platform, in a time that runs faster."""

import asyncio
import logging
import os
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from time import monotonic

import structlog

from bot.main import TICKS
from bot.platforms.slack import SlackPlatform, make_client, open_session
from bot.services import outbox
from bot.services.failures import explain_failure
from handlers import delivery
from handlers.jobs import Jobs
from storage.database import Database
from tests.builders import SECRETS
from tests.clock import T0
from tests.handlers.jobs_at import KINDS

SPEED = 20
"""Seconds of the worker's time in one of real time: leases, waits and ticks come so much sooner."""

PACE = timedelta(milliseconds=20)
TICK_OF_DELIVERY = 0.4
LONGEST_RETRY = timedelta(seconds=20)  # a call that fails half of the time fails many times in a row
TOKEN = "xoxb-chaos"


@dataclass(frozen=True)
class World:
    """Where a worker finds its database and its Slack; `began` is when its time began (monotonic seconds)."""

    database_url: str
    slack_url: str
    began: float

    def now(self) -> datetime:
        return T0 + timedelta(seconds=(monotonic() - self.began) * SPEED)


async def sleep(seconds: float) -> None:
    await asyncio.sleep(seconds / SPEED)


def work(world: World) -> None:
    """Run until killed."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    delivery.CALL_WITHIN = delivery.CALL_WITHIN / SPEED
    outbox.LAST_RETRY = LONGEST_RETRY
    asyncio.run(_work(world))


async def _work(world: World) -> None:
    async with open_session() as session:
        platform = SlackPlatform(make_client(TOKEN, world.slack_url, session))
        jobs = Jobs(
            database=Database(world.database_url),
            platform_for=lambda _workspace_id: platform,
            kinds=KINDS,
            explain_failure=explain_failure,
            clock=world.now,
            random=os.urandom,
            secrets=SECRETS,
            sleep=sleep,
            pace=PACE,
        )
        await asyncio.gather(
            _every(TICKS["tick_schedules"], jobs.tick_schedules),
            _every(TICK_OF_DELIVERY, jobs.deliver),
            _every(TICKS["reap_leases"], jobs.reap_leases),
        )


async def _every(seconds: float, job: Callable[[], Awaitable[None]]) -> None:
    while True:
        await job()
        await sleep(seconds)

"""A process that sends: the real jobs and the real Slack platform, in a time that runs faster."""

import asyncio
import logging
import os
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from time import monotonic

import structlog

from bot.main import TICKS
from bot.platforms.slack import SlackPlatform, make_client, open_session
from bot.services import outbox
from bot.services.checkins import asking
from bot.services.checkins.closing import close_due
from bot.services.checkins.planning import open_due
from bot.services.failures import explain_failure
from bot.services.scheduling import Materialise
from bot.services.unasked import tell_waiting
from handlers.jobs import Jobs
from storage.database import Database
from storage.tables import ScheduleKind
from tests.builders import SECRETS
from tests.clock import T0
from tests.handlers.jobs_at import KINDS

SPEED = 20
"""Seconds of the worker's time in one of real time: leases, waits and ticks come so much sooner."""

PACE = timedelta(milliseconds=20)
TICK_OF_DELIVERY = 0.4
PEOPLE_A_LOOK = 60  # so that a round is asked in a few looks, with a kill between them
LONGEST_RETRY = timedelta(seconds=20)  # a call that fails half of the time fails many times in a row
TOKEN = "xoxb-chaos"
ROUNDS: dict[ScheduleKind, Materialise] = {
    ScheduleKind.CHECKIN: open_due,
    ScheduleKind.CHECKIN_ASK: asking.ask_due,
    ScheduleKind.CHECKIN_CLOSE: close_due,
    ScheduleKind.PRIVATE_ITEM: partial(tell_waiting, undelivered=asking.undelivered),
}


@dataclass(frozen=True)
class World:
    """Where a worker finds its database and its Slack; `began` is when its time began (monotonic seconds), with the
    moment `starts_at`.
    """

    database_url: str
    slack_url: str
    began: float
    starts_at: datetime = T0

    def now(self) -> datetime:
        return self.starts_at + timedelta(seconds=(monotonic() - self.began) * SPEED)


async def sleep(seconds: float) -> None:
    await asyncio.sleep(seconds / SPEED)


def work(world: World) -> None:
    """Run until killed."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    outbox.CALL_WITHIN = outbox.CALL_WITHIN / SPEED
    outbox.LAST_RETRY = LONGEST_RETRY
    asking.BATCH = PEOPLE_A_LOOK  # type: ignore[misc]
    asyncio.run(_work(world))


async def _work(world: World) -> None:
    async with open_session() as session:
        platform = SlackPlatform(make_client(TOKEN, world.slack_url, session))
        jobs = Jobs(
            database=Database(world.database_url),
            platform_for=lambda _workspace_id: platform,
            kinds={**KINDS, **ROUNDS},
            explain_failure=explain_failure,
            undelivered=asking.undelivered,
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

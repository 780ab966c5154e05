"""The ticks: what is due becomes messages, messages are sent, what is over is forgotten."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime, timedelta
from typing import Protocol, TypeVar

import structlog

from bot.domain.chat import ChatPlatform, DeliveryError
from bot.services import connections, outbox, outbox_keeping, people, privacy, requests, scheduling, unasked
from bot.services.checkins import audience
from bot.services.context import Context, Secrets
from bot.services.lanes import PACE
from bot.services.nights import is_quiet_night
from bot.services.outbox import Backlog, ExplainFailure
from bot.services.scheduling import Materialise
from bot.services.traces import trace
from bot.services.transactions import Transactions
from bot.services.unasked import Undelivered
from handlers.delivery import Sender, Sleep
from storage.tables import ScheduleKind

RETENTION_EVERY = timedelta(hours=1)

T = TypeVar("T")

log = structlog.get_logger()


class Store(Transactions, Protocol):
    """What the ticks need of the database."""

    async def scrub(self, *, nobody_waits: bool) -> bool:
        """Let nothing deleted stay readable in its files; at length only when nobody waits."""


class Jobs:
    """Every process ticks; the keys in the database decide who does what. No tick raises: it logs and comes again.

    `last_tick` is when the schedules were last looked at without an error, for /health.
    """

    def __init__(
        self,
        *,
        database: Store,
        platform_for: Callable[[str], ChatPlatform],
        kinds: Mapping[ScheduleKind, Materialise],
        explain_failure: ExplainFailure,
        undelivered: Undelivered,
        clock: Callable[[], datetime],
        random: Callable[[int], bytes],
        secrets: Secrets,
        sleep: Sleep,
        pace: timedelta = PACE,
    ) -> None:
        self._database = database
        self._platform_for = platform_for
        self._kinds = kinds
        self._undelivered = undelivered
        self._clock, self._random, self._secrets = clock, random, secrets
        self._sender = Sender(database, platform_for, explain_failure, sleep, pace)
        self._scheduling, self._sending = asyncio.Lock(), asyncio.Lock()
        self._has_new = False
        self.last_tick: datetime | None = None
        self._retention_from: datetime | None = None

    async def tick_schedules(self) -> None:
        """Do what is due."""
        await self._guarded("tick_schedules", self._materialise(self._clock))

    async def deliver(self) -> None:
        """Send what is ready: one turn for every workspace."""
        await self._guarded("deliver", self._deliver(self._clock))

    def note_enqueued(self) -> None:
        """Something new waits to be sent, or will when its transaction is through; any thread may say so."""
        self._has_new = True

    async def deliver_new(self) -> None:
        """Send at once what was enqueued since the last time; what slips through goes with the next tick.

        While a turn is under way nobody queues behind it: the next tick is a second away.
        """
        if self._has_new and not self._sending.locked():
            self._has_new = False
            await self.deliver()

    async def reap_leases(self) -> None:
        """Give back what a stopped process was sending, and what could not be sent in its time."""
        await self._guarded("reap_leases", self._reap(self._clock))
        await self._guarded("return_unsent", self._return_unsent(self._clock))

    async def purge(self) -> None:
        """Forget what has had its time, in the files too."""
        await self._guarded("purge", self._purge())

    async def read_channels(self) -> None:
        """Read who is in the channels that are asked, for what was not told while we were not there."""
        await self._guarded("read_channels", self._read_channels())

    async def run_until_idle(self, now: datetime) -> None:
        """Do and send all that is due at that moment, as if it were now; raises what a tick would only log.

        What a platform refuses for the time being, or the pace does not allow yet, is left for a later moment.
        """
        await self._reap(lambda: now)
        await self._return_unsent(lambda: now)
        while (
            await self._materialise(lambda: now)
            or await self._deliver(lambda: now)
            or await self._return_unsent(lambda: now)
        ):
            pass

    async def next_due(self) -> datetime | None:
        """When the next schedule falls due; None when nothing is planned."""
        schedule = await self._database.read(scheduling.next_due)
        return schedule.next_due_at if schedule else None

    async def backlog(self) -> Backlog:
        """What waits to be sent, for /health."""
        return await self._database.read(outbox.backlog, self._clock())

    async def is_disconnected(self) -> bool:
        """Whether the app was taken away, for /health: the process runs on and does nothing."""
        return await self._database.read(connections.is_disconnected)

    async def stop(self) -> None:
        """Return when no message is on its way any more; stop the ticks before."""
        async with self._scheduling, self._sending:
            pass

    async def _materialise(self, clock: Callable[[], datetime]) -> int:
        async with self._scheduling:
            total = 0
            while done := await self._database.write(scheduling.materialise_due, self._context(clock), self._kinds):
                total += done
            self.last_tick = self._clock()
            return total

    async def _deliver(self, clock: Callable[[], datetime]) -> int:
        async with self._sending:
            return await self._sender.deliver(lambda: self._context(clock))

    async def _reap(self, clock: Callable[[], datetime]) -> int:
        async with self._sending:  # a clock that jumps must not take away what this process is sending
            reaped = await self._database.write(outbox.reap_leases, self._context(clock))
            return reaped + await self._database.write(outbox.expire, self._context(clock))

    async def _return_unsent(self, clock: Callable[[], datetime]) -> int:
        total = 0
        while returned := await self._database.write(unasked.return_unsent, self._context(clock), self._undelivered):
            total += returned
        return total

    async def _read_channels(self) -> None:
        """One that cannot be read keeps the people it had; where only somebody there can mend it, that is told."""
        for workspace_id, channel_id in await self._database.read(audience.channels_to_read):
            try:
                there = await self._platform_for(workspace_id).members(channel_id)
            except DeliveryError as error:
                log.warning("channel_not_read", channel=channel_id, reason=error.reason)
                if error.permanent:
                    await self._database.write(
                        audience.tell_unread, self._context(self._clock), workspace_id, channel_id
                    )
                continue
            await self._database.write(audience.keep_people, workspace_id, channel_id, there)

    async def _purge(self) -> None:
        context = self._context(self._clock)
        forgotten = await self._database.write(requests.purge, context)
        forgotten += await self._database.write(outbox_keeping.purge, context)
        forgotten += await self._database.write(unasked.purge, context)
        forgotten += await self._database.write(scheduling.purge, context)
        await self._guarded("retention", self._keep_retention(context))
        if forgotten:
            log.info("purged", rows=forgotten)
        await self._database.scrub(nobody_waits=await self._database.read(is_quiet_night, context))

    async def _keep_retention(self, context: Context) -> None:
        """Once an hour, one batch in each workspace; where more waits, again with the next tick. Whose time is over by
        the calendar has gone then, too: it is told which side has nobody left.

        A workspace where it fails holds up no other, and is tried again with the next tick.
        """
        if self._retention_from and context.now < self._retention_from:
            return
        ids = await self._database.read(privacy.workspaces_to_keep)
        kept = [
            await self._guarded("retention", self._database.write(privacy.keep_retention, context, workspace_id))
            for workspace_id in ids
        ]
        is_unfinished = any(one is None or one.more for one in kept)
        await self._guarded("sides_emptied", self._database.write(people.tell_sides_emptied, context))
        self._retention_from = None if is_unfinished else context.now + RETENTION_EVERY
        if rows := sum(one.rows for one in kept if one):
            log.info("retention_kept", rows=rows)

    def _context(self, clock: Callable[[], datetime]) -> Context:
        return Context(now=clock(), random=self._random, secrets=self._secrets)

    async def _guarded(self, name: str, work: Awaitable[T]) -> T | None:
        """What came of it; None when it failed."""
        try:
            return await work
        except Exception as error:  # noqa: BLE001  a tick that fails comes again
            log.error("tick_failed", tick=name, error=trace(error))  # noqa: TRY400
            return None

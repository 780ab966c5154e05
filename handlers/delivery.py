"""The sender: takes what is ready out of the outbox and posts it, one paced lane per workspace."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from time import monotonic
from typing import TypeAlias

import structlog

from bot.domain.chat import ChatPlatform, DeliveryError, Sent
from bot.services import outbox
from bot.services.context import Context
from bot.services.outbox import Claimed, ExplainFailure
from bot.services.traces import trace
from bot.services.transactions import Transactions

Sleep: TypeAlias = Callable[[float], Awaitable[None]]
"""Waits that many seconds."""

PACE = timedelta(milliseconds=250)
SLOWEST_PACE = timedelta(seconds=4)
TURN = 20  # messages of one workspace before the others get their next turn
CALL_WITHIN = timedelta(seconds=30)  # well inside the lease: nobody takes over a call that still runs

log = structlog.get_logger()


@dataclass(slots=True)
class Lane:
    """How fast a workspace may be written to: half as fast after each 429, slowly faster again."""

    fastest: timedelta
    interval: timedelta
    closed_until: datetime | None = None

    def is_closed(self, now: datetime) -> bool:
        return self.closed_until is not None and now < self.closed_until

    def slow_down(self, until: datetime) -> None:
        self.interval = min(max(self.interval, PACE) * 2, SLOWEST_PACE)
        self.closed_until = until

    def speed_up(self) -> None:
        self.interval = max(self.interval * 0.95, self.fastest)


class Sender:
    """Posts what the outbox holds. Several processes may do so side by side: the lease of each row decides."""

    def __init__(
        self,
        database: Transactions,
        platform_for: Callable[[str], ChatPlatform],
        explain_failure: ExplainFailure,
        sleep: Sleep,
        pace: timedelta = PACE,
    ) -> None:
        self._database = database
        self._platform_for = platform_for
        self._explain_failure = explain_failure
        self._sleep = sleep
        self._pace = pace
        self._lanes: dict[str, Lane] = {}

    async def deliver(self, context: Callable[[], Context]) -> int:
        """Give every workspace that has something ready a turn, side by side; how many rows were handled."""
        ready = await self._database.read(outbox.ready_lanes, context().now)
        open_lanes = [key for key in ready if not self._lane(key).is_closed(context().now)]
        turns = await asyncio.gather(*(self._turn(key, context) for key in open_lanes), return_exceptions=True)
        for key, turn in zip(open_lanes, turns, strict=True):
            if isinstance(turn, Exception):
                log.error("turn_failed", workspace_id=key, error=trace(turn))
            elif isinstance(turn, BaseException):
                raise turn
        return sum(turn for turn in turns if isinstance(turn, int))

    async def _turn(self, workspace_id: str, context: Callable[[], Context]) -> int:
        lane = self._lane(workspace_id)
        for handled in range(TURN):
            started = monotonic()
            claimed = await self._database.write(outbox.claim, context(), workspace_id)
            if claimed is None:
                return handled
            if not await self._handle(claimed, lane, context, started + CALL_WITHIN.total_seconds()):
                return handled + 1
            await self._sleep(max(0.0, started + lane.interval.total_seconds() - monotonic()))
        return TURN

    async def _handle(self, claimed: Claimed, lane: Lane, context: Callable[[], Context], deadline: float) -> bool:
        """Send one row and write down what came of it; False when the workspace cannot be reached for now."""
        try:
            sent = await self._send(claimed, deadline)
        except DeliveryError as error:
            return await self._not_sent(claimed, lane, context(), error)
        lane.speed_up()
        if not await self._database.write(outbox.mark_sent, claimed, sent):
            log.warning("lease_lost", outbox_id=claimed.id)
        else:
            log.info("sent", outbox_id=claimed.id)
        return True

    async def _not_sent(self, claimed: Claimed, lane: Lane, ctx: Context, error: DeliveryError) -> bool:
        log.warning("not_sent", outbox_id=claimed.id, reason=error.reason, ambiguous=error.ambiguous)
        if error.retry_after is not None:
            lane.slow_down(ctx.now + error.retry_after)
        if not await self._database.write(outbox.mark_not_sent, ctx, claimed, error, self._explain_failure):
            log.warning("lease_lost", outbox_id=claimed.id)
        return error.permanent or error.reason == "refused"

    async def _send(self, claimed: Claimed, deadline: float) -> Sent:
        """Raises `DeliveryError` and nothing else; what went wrong half-way may have arrived."""
        try:
            async with asyncio.timeout(deadline - monotonic()):
                if monotonic() > deadline:
                    raise TimeoutError  # noqa: TRY301  the machine slept; even the first byte would be too late
                return await self._send_once(self._platform_for(claimed.workspace_id), claimed)
        except DeliveryError:
            raise
        except TimeoutError as error:
            raise DeliveryError("unreachable", ambiguous=True) from error
        except Exception as error:
            log.error("send_broke", outbox_id=claimed.id, error=trace(error))  # noqa: TRY400
            raise DeliveryError("refused", ambiguous=True) from error

    async def _send_once(self, platform: ChatPlatform, claimed: Claimed) -> Sent:
        message = claimed.message()
        if claimed.replaces and claimed.place:
            return await platform.replace(claimed.place, message, claimed.delivery_key)
        if claimed.ambiguous and (there := await self._find(platform, claimed)):
            log.info("found_sent", outbox_id=claimed.id)
            return there
        return await platform.post(claimed.target_id, message, claimed.delivery_key, claimed.place)

    async def _find(self, platform: ChatPlatform, claimed: Claimed) -> Sent | None:
        """Where history may not be read, the message is sent again: rather twice than never, and the log says so."""
        try:
            return await platform.find(claimed.target_id, claimed.delivery_key, claimed.place)
        except DeliveryError as error:
            if error.reason != "not_allowed":
                raise
            log.warning("cannot_look_up", outbox_id=claimed.id)
            return None

    def _lane(self, workspace_id: str) -> Lane:
        return self._lanes.setdefault(workspace_id, Lane(self._pace, self._pace))

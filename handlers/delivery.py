"""The sender: takes what is ready out of the outbox and posts it, one paced lane per workspace."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from time import monotonic
from typing import TypeAlias

import structlog

from bot.domain.chat import ChatPlatform, DeliveryError, Sent
from bot.services import outbox
from bot.services.context import Context
from bot.services.lanes import PACE
from bot.services.outbox import Claimed, ExplainFailure, Wait
from bot.services.traces import trace
from bot.services.transactions import Transactions

Sleep: TypeAlias = Callable[[float], Awaitable[None]]
"""Waits that many seconds."""

LONGEST_WAIT = timedelta(seconds=1)
"""For a lane that is taken for longer one comes back at the next tick."""

TURN = 20  # messages of one workspace before the others get their next turn

log = structlog.get_logger()


class Sender:
    """Posts what the outbox holds. Several processes may do so side by side: lanes and leases are in the database.

    `pace` is the time between two messages of a workspace at best; without any, nothing but a platform's wish to wait
    slows it down.
    """

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

    async def deliver(self, context: Callable[[], Context]) -> int:
        """Give every workspace that has something ready a turn, side by side; how many rows were handled."""
        ready = await self._database.read(outbox.ready_workspaces, context().now)
        turns = await asyncio.gather(*(self._turn(one, context) for one in ready), return_exceptions=True)
        for workspace_id, turn in zip(ready, turns, strict=True):
            if isinstance(turn, Exception):
                log.error("turn_failed", workspace_id=workspace_id, error=trace(turn))
            elif isinstance(turn, BaseException):
                raise turn
        return sum(turn for turn in turns if isinstance(turn, int))

    async def _turn(self, workspace_id: str, context: Callable[[], Context]) -> int:
        for handled in range(TURN):
            claimed, started = await self._claim(workspace_id, context)
            if claimed is None:
                return handled
            if not await self._handle(claimed, context, started + outbox.CALL_WITHIN.total_seconds()):
                return handled + 1
            if claimed.pause > LONGEST_WAIT:
                return handled + 1
            await self._sleep(max(0.0, started + claimed.pause.total_seconds() - monotonic()))
        return TURN

    async def _claim(self, workspace_id: str, context: Callable[[], Context]) -> tuple[Claimed | None, float]:
        """The next message, and when its lease began; where another process has the lane, once more when it is free."""
        started, taken = monotonic(), await self._database.write(outbox.claim, context(), workspace_id, self._pace)
        if isinstance(taken, Wait) and taken.time <= LONGEST_WAIT:
            await self._sleep(taken.time.total_seconds())
            started, taken = monotonic(), await self._database.write(outbox.claim, context(), workspace_id, self._pace)
        return (taken if isinstance(taken, Claimed) else None), started

    async def _handle(self, claimed: Claimed, context: Callable[[], Context], deadline: float) -> bool:
        """Send one row and write down what came of it; False when the workspace cannot be reached for now."""
        try:
            sent = await self._send(claimed, context, deadline)
        except DeliveryError as error:
            return await self._not_sent(claimed, context(), error)
        if not await self._database.write(outbox.mark_sent, context(), claimed, sent):
            log.warning("lease_lost", outbox_id=claimed.id)
        else:
            log.info("sent", outbox_id=claimed.id)
        return True

    async def _not_sent(self, claimed: Claimed, context: Context, error: DeliveryError) -> bool:
        log.warning("not_sent", outbox_id=claimed.id, reason=error.reason, ambiguous=error.ambiguous)
        if not await self._database.write(outbox.mark_not_sent, context, claimed, error, self._explain_failure):
            log.warning("lease_lost", outbox_id=claimed.id)
        return error.permanent or error.reason == "refused"

    async def _send(self, claimed: Claimed, context: Callable[[], Context], deadline: float) -> Sent:
        """Raises `DeliveryError` and nothing else; what went wrong half-way may have arrived."""
        try:
            async with asyncio.timeout(deadline - monotonic()):
                if monotonic() > deadline:
                    raise TimeoutError  # noqa: TRY301  the machine slept; even the first byte would be too late
                return await self._send_once(self._platform_for(claimed.workspace_id), claimed, context)
        except DeliveryError:
            raise
        except TimeoutError as error:
            raise DeliveryError("unreachable", ambiguous=True) from error
        except Exception as error:
            log.error("send_broke", outbox_id=claimed.id, error=trace(error))  # noqa: TRY400
            raise DeliveryError("refused", ambiguous=True) from error

    async def _send_once(self, platform: ChatPlatform, claimed: Claimed, context: Callable[[], Context]) -> Sent:
        message = claimed.message()
        if claimed.replaces and claimed.place:
            return await platform.replace(claimed.place, message, claimed.delivery_key)
        if claimed.ambiguous and (there := await self._find(platform, claimed, context)):
            log.info("found_sent", outbox_id=claimed.id)
            return there
        if claimed.has_expired(context().now):
            raise DeliveryError(outbox.EXPIRED, permanent=True)
        return await platform.post(claimed.target_id, message, claimed.delivery_key, claimed.place)

    async def _find(self, platform: ChatPlatform, claimed: Claimed, context: Callable[[], Context]) -> Sent | None:
        """Where history may not be read, it is sent again, rather twice than never; the facilitators hear so.

        But for what has expired: rather never than at the wrong time.
        """
        try:
            return await platform.find(claimed.target_id, claimed.delivery_key, claimed.place)
        except DeliveryError as error:
            if not (error.permanent and error.reason == "not_allowed"):
                raise
            log.warning("cannot_look_up", outbox_id=claimed.id)
            if claimed.has_expired(context().now):
                raise DeliveryError(outbox.PERHAPS_SENT, permanent=True) from error
            await self._database.write(outbox.tell_unreadable, context(), claimed, self._explain_failure)
            return None

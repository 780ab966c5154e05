"""One request from Slack, as the handlers see it."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass, field
from typing import Any

import structlog
from aiohttp import ClientSession
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_sdk.web.async_client import AsyncWebClient

from bot.services.access import Sender
from bot.services.context import Context
from bot.services.transactions import Transactions
from storage.tables import Platform

log = structlog.get_logger()


@dataclass(slots=True)
class House:
    """What every handler may use: transactions, the time and chance of this moment, and work after the answer.

    `deliver` sends what waits in the outbox at once, instead of at the next tick.
    """

    database: Transactions
    context: Callable[[], Context]
    http: ClientSession
    deliver: Callable[[], Coroutine[Any, Any, None]]
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)

    def later(self, work: Coroutine[Any, Any, Any]) -> None:
        """Do it after the acknowledgement; a failure is logged and costs nobody else anything."""
        task = asyncio.create_task(self._guarded(work))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def settle(self) -> None:
        """Wait until nothing that was put off is left."""
        while self._tasks:
            await asyncio.gather(*self._tasks)

    async def _guarded(self, work: Coroutine[Any, Any, Any]) -> None:
        try:
            await work
        except Exception as error:  # noqa: BLE001 nobody waits for this work: the log is the only door
            log.warning("answer_not_delivered", error=type(error).__name__)


@dataclass(frozen=True, slots=True)
class Request:
    """`body` is the payload as Slack sent it, already verified."""

    house: House
    body: dict[str, Any]
    ack: AsyncAck
    client: AsyncWebClient

    @property
    def sender(self) -> Sender:
        body = self.body
        if "event" in body:
            return Sender(Platform.SLACK, body["team_id"], body["event"].get("user", ""))
        user = body.get("user") or {"id": body["user_id"]}
        team = body.get("team") or {"id": body.get("team_id") or user.get("team_id", "")}
        return Sender(Platform.SLACK, team["id"], user["id"])

    @property
    def id(self) -> str:
        """The platform's own name for this delivery: the same when it is delivered again.

        A refused form is sent again from the same view: its name is the view, and it counts once it is saved. A view
        that is given other content has another hash.
        """
        body = self.body
        if body.get("type") == "view_submission":
            return f"view:{body['view']['id']}:{body['view']['callback_id']}:{body['view'].get('hash', '')}"
        return str(body.get("event_id") or body.get("trigger_id"))

    @property
    def press(self) -> dict[str, Any]:
        """The one action of a block_actions payload."""
        action: dict[str, Any] = self.body["actions"][0]
        return action


Handler = Callable[[Request], Awaitable[None]]

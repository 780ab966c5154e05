"""How Slack reaches us over Socket Mode: a WebSocket that we open and keep up, so that no address of ours is needed.

The requests go to the same Bolt app as over HTTP. The connection is our own: slack_sdk's client closes the old one
before it opens the next, knows no back-off, opens a session of its own and cannot finish what is under way.
"""

import asyncio
import json
import time
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import suppress
from typing import Any

import structlog
from aiohttp import ClientError, ClientSession, ClientWebSocketResponse, WSMsgType
from slack_bolt.app.async_app import AsyncApp
from slack_bolt.response import BoltResponse
from slack_sdk.web.async_client import AsyncWebClient

from bot.domain.chat import DeliveryError
from bot.platforms.slack import call_slack
from bot.platforms.slack_endpoint import ask_bolt
from bot.platforms.slack_payloads import Unreadable, check_payload

Json = dict[str, Any]
Answer = Callable[[Json], Awaitable[Json | None]]

BACK_OFF_SECONDS = (0, 1, 2, 5, 10, 20, 30)
STEADY_SECONDS = 60
"""A connection that stood so long was a good one: the next is tried at once."""
HEARTBEAT_SECONDS = 10  # a connection that does not answer a ping within half of it is lost
DRAIN_SECONDS = 30
"""How long a connection that is to be replaced may still bring something; Slack closes it much earlier."""
FINISH_SECONDS = 3
"""How long what is under way may take when we stop: after that Slack has given up waiting."""
REFRESHES = frozenset({"warning", "refresh_requested"})

log = structlog.get_logger()


class SlackSocket:
    """One connection to Slack, and for a moment two while Slack has it replaced.

    `client` is made by `make_client` with the app-level token, `sleep` waits so many seconds between attempts.
    """

    def __init__(
        self,
        app: AsyncApp,
        client: AsyncWebClient,
        http: ClientSession,
        sleep: Callable[[float], Awaitable[None]],
    ) -> None:
        self._app, self._client, self._http, self._sleep = app, client, http, sleep
        self._connections: list[_Connection] = []
        self._tasks: set[asyncio.Task[None]] = set()
        self._keeping: asyncio.Task[None] | None = None
        self._down_since = time.monotonic()

    @property
    def connected(self) -> bool:
        """Whether Slack can reach us at this moment."""
        return any(connection.ready for connection in self._connections)

    @property
    def down_seconds(self) -> float:
        """Since when Slack cannot reach us; 0 while it can."""
        return 0.0 if self.connected else time.monotonic() - self._down_since

    def start(self) -> None:
        """Connect, and connect again whenever the connection is lost or Slack asks for another."""
        self._keeping = asyncio.create_task(self._keep_connected())
        self._keeping.add_done_callback(_note_end)

    async def stop(self) -> None:
        """Take nothing more, answer what is under way, close."""
        if self._keeping:
            self._keeping.cancel()
            await asyncio.gather(self._keeping, return_exceptions=True)
        await asyncio.gather(*(self._close(connection) for connection in list(self._connections)))
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _keep_connected(self) -> None:
        failures = 0
        while True:
            await self._sleep(BACK_OFF_SECONDS[min(failures, len(BACK_OFF_SECONDS) - 1)])
            began = time.monotonic()
            reason = await self._attempt()
            steady = reason in REFRESHES or time.monotonic() - began > STEADY_SECONDS
            failures = 0 if steady else failures + 1
            log.info("socket_ended", reason=reason, failures=failures)

    async def _attempt(self) -> str:
        """One connection; a mistake of ours is told of, and ends no more than that."""
        try:
            return await self._one_connection()
        except Exception as error:  # noqa: BLE001  whatever it is, Slack must be able to reach us again
            log.error("socket_broke", error=type(error).__name__)  # noqa: TRY400  its words may be people's
            return "broke"

    async def _one_connection(self) -> str:
        """Open one and listen until it is lost or has to make way; why."""
        try:
            connection = _Connection(await self._open(), self._answer)
        except DeliveryError as error:
            if error.retry_after:
                await self._sleep(error.retry_after.total_seconds())
            return error.reason
        except (ClientError, OSError, TimeoutError) as error:
            return type(error).__name__
        self._connections.append(connection)
        reason = "broke"
        try:
            reason = await connection.listen()
        finally:
            self._down_since = time.monotonic()
            self._later(self._drain(connection) if reason in REFRESHES else self._close(connection))
        return reason

    async def _open(self) -> ClientWebSocketResponse:
        link = await call_slack(self._client.apps_connections_open(app_token=self._client.token or ""), "")
        return await self._http.ws_connect(link["url"], heartbeat=HEARTBEAT_SECONDS, proxy=self._client.proxy)

    async def _drain(self, connection: "_Connection") -> None:
        """Take what still comes over a connection that makes way, while the next one is opened."""
        with suppress(TimeoutError):
            async with asyncio.timeout(DRAIN_SECONDS):
                while await connection.listen() in REFRESHES:
                    pass
        await self._close(connection)

    async def _close(self, connection: "_Connection") -> None:
        await connection.close()
        if connection in self._connections:
            self._connections.remove(connection)

    def _later(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _answer(self, envelope: Json) -> Json | None:
        """The acknowledgement, once our own work is done and kept; None where Slack shall hear of a failure."""
        payload = envelope["payload"]
        try:
            check_payload(payload)
        except Unreadable as unreadable:
            log.warning("envelope_unreadable", reason=str(unreadable))
            return None
        return _acknowledgement(envelope, await ask_bolt(self._app, payload, _headers(envelope)))


class _Connection:
    """One WebSocket. What comes over it is answered side by side, and over the same one."""

    def __init__(self, socket: ClientWebSocketResponse, answer: Answer) -> None:
        self._socket, self._answer = socket, answer
        self._under_way: set[asyncio.Task[None]] = set()
        self._greeted = False

    @property
    def ready(self) -> bool:
        return self._greeted and not self._socket.closed

    async def listen(self) -> str:
        """Until the connection is lost ("lost") or Slack wants another: its word for why."""
        async for message in self._socket:
            said = _parse(message.data) if message.type == WSMsgType.TEXT else {}
            match said:
                case {"type": "hello"}:
                    self._greeted = True
                    log.info("socket_connected", connections=said.get("num_connections"))
                case {"type": "disconnect"}:
                    return str(said.get("reason", "disconnect"))
                case {"envelope_id": str(), "payload": dict()}:
                    self._begin(said)
        return "lost"

    async def close(self) -> None:
        """Answer what is under way, then close."""
        if self._under_way:
            await asyncio.wait(self._under_way, timeout=FINISH_SECONDS)
        self._greeted = False
        await self._socket.close()

    def _begin(self, envelope: Json) -> None:
        task = asyncio.create_task(self._respond(envelope))
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)

    async def _respond(self, envelope: Json) -> None:
        acknowledgement = await self._answer(envelope)
        if acknowledgement is None:
            return
        try:
            await self._socket.send_json(acknowledgement)
        except ConnectionError:
            # what it asked for is done and kept: delivered again it is known by its own name
            log.info("acknowledgement_lost", envelope=envelope["envelope_id"])


def _note_end(keeping: asyncio.Task[None]) -> None:
    """It ends when it is told to; a mistake of ours shall not end it without a word."""
    if not keeping.cancelled() and (error := keeping.exception()):
        log.error("socket_broke", error=type(error).__name__)


def _parse(text: str) -> Json:
    try:
        said = json.loads(text)
    except ValueError:
        return {}
    return said if isinstance(said, dict) else {}


def _headers(envelope: Json) -> dict[str, str]:
    """What Slack says about a delivery stands beside the payload here, and in headers over HTTP."""
    if not envelope.get("retry_attempt"):
        return {}
    return {
        "x-slack-retry-num": str(envelope["retry_attempt"]),
        "x-slack-retry-reason": str(envelope.get("retry_reason", "")),
    }


def _acknowledgement(envelope: Json, response: BoltResponse) -> Json | None:
    if response.status != 200:
        return None
    acknowledgement: Json = {"envelope_id": envelope["envelope_id"]}
    if not response.body or not envelope.get("accepts_response_payload"):
        return acknowledgement
    is_json = response.first_headers().get("content-type", "").startswith("application/json")
    return acknowledgement | {"payload": json.loads(response.body) if is_json else {"text": response.body}}

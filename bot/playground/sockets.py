"""Slack's side of Socket Mode: WebSockets that the bot opens; envelopes go out over them, acknowledgements come back.

They come in at a port of their own on loopback, as they have a host of their own at Slack. Formats:
https://docs.slack.dev/apis/events-api/using-socket-mode
"""

import asyncio
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from itertools import count
from socket import create_server
from typing import Any
from urllib.parse import parse_qs

from aiohttp import WSMsgType, web

from bot.playground.errors import NoAnswerError
from bot.playground.model import APP_ID, Json
from bot.playground.transport import JSON, RETRY_NUMBER, RETRY_REASON, Answer, Request

MOST_CONNECTIONS = 10
ANSWERED_WITH_CONTENT = frozenset({"view_submission", "block_suggestion"})
HOST = "applink-playground"


@dataclass(eq=False)
class Connection:
    """One WebSocket of the bot; `waiting` holds the envelopes that are not acknowledged, by their ids."""

    socket: web.WebSocketResponse
    request: web.Request
    waiting: dict[str, asyncio.Future[Json]] = field(default_factory=dict)
    warned: bool = False
    retiring: bool = False

    async def disconnect(self, reason: str) -> None:
        """Tell the bot to open another one."""
        await self.socket.send_json({"type": "disconnect", "reason": reason, "debug_info": {"host": HOST}})

    async def retire(self) -> None:
        """Close it when everything that was sent over it is answered."""
        if self.waiting:
            await asyncio.wait(list(self.waiting.values()))
        await self.socket.close()

    def end(self) -> None:
        """Nobody answers any more."""
        for answer in self.waiting.values():
            if not answer.done():
                answer.set_exception(NoAnswerError("dispatch_failed"))


class Sockets:
    """A Transport. `answer_seconds` is the time the bot has, `is_enabled` says whether the manifest wants Socket Mode.

    `connections` are those that are open; every envelope goes over the next of them, as Slack spreads its own.
    """

    def __init__(self, answer_seconds: float, is_enabled: Callable[[], bool], new_id: Callable[[], str]) -> None:
        self._answer_seconds = answer_seconds
        self._is_enabled = is_enabled
        self._new_id = new_id
        self._tickets: set[str] = set()
        self._serving: asyncio.Task[web.AppRunner] | None = None
        self._port = 0
        self._changed = asyncio.Event()
        self._closing: list[asyncio.Task[None]] = []
        self._turns = count()
        self.connections: list[Connection] = []

    def link(self) -> str:
        """The address of one new connection, for `apps.connections.open`; it can be used once."""
        if self._serving is None:
            door = create_server(("127.0.0.1", 0))
            self._port = door.getsockname()[1]
            self._serving = asyncio.create_task(self._serve(door))
        ticket = self._new_id() + self._new_id()
        self._tickets.add(ticket)
        return f"ws://127.0.0.1:{self._port}/link/?ticket={ticket}&app_id={APP_ID}"

    async def exchange(self, request: Request, signed_at: datetime | None = None) -> Answer:  # noqa: ARG002 unsigned
        """Send it as an envelope and wait for its acknowledgement."""
        connection = self._next()
        envelope = self._envelope(request)
        answer = asyncio.get_running_loop().create_future()
        connection.waiting[envelope["envelope_id"]] = answer
        try:
            async with asyncio.timeout(self._answer_seconds):
                await connection.socket.send_json(envelope)
                acknowledged = await answer
        except TimeoutError as slow:
            raise NoAnswerError("operation_timeout") from slow
        except ConnectionError as broken:
            raise NoAnswerError("dispatch_failed") from broken
        finally:
            del connection.waiting[envelope["envelope_id"]]
        wanted = envelope["accepts_response_payload"] and acknowledged.get("payload")
        return Answer(200, json.dumps(wanted) if wanted else "")

    async def connected(self, lines: int = 1, seconds: float = 5) -> None:
        """Wait until so many connections take envelopes; TimeoutError after so many real seconds."""
        async with asyncio.timeout(seconds):
            while len(self._open()) != lines:
                self._changed.clear()
                await self._changed.wait()

    async def refresh(self, reason: str = "refresh_requested") -> None:
        """Ask for new connections in place of those that are open, as Slack does every few hours.

        "warning" only announces it; "refresh_requested" is for those that were warned, or all, and nothing new goes
        over them any more.
        """
        for connection in [each for each in self._open() if each.warned] or self._open():
            connection.warned = True
            connection.retiring = reason != "warning"
            self._changed.set()
            await connection.disconnect(reason)
            if connection.retiring:
                self._closing.append(asyncio.create_task(connection.retire()))

    def drop(self) -> None:
        """Every connection breaks without a word."""
        for connection in self._open():
            connection.retiring = True
            self._changed.set()
            if connection.request.transport:
                connection.request.transport.abort()

    async def close(self) -> None:
        """Close every connection and the port."""
        await asyncio.gather(*self._closing)
        for connection in list(self.connections):
            await connection.socket.close()
        if self._serving:
            await (await self._serving).cleanup()

    def _open(self) -> list[Connection]:
        return [connection for connection in self.connections if not connection.retiring]

    def _next(self) -> Connection:
        found = self._open()
        if not found:
            raise NoAnswerError("dispatch_failed")
        return found[next(self._turns) % len(found)]

    def _envelope(self, request: Request) -> Json:
        """What HTTP carries in a form, a field or a header stands here side by side."""
        kind, payload = _kind_and_payload(request)
        answered = kind == "slash_commands" or payload.get("type") in ANSWERED_WITH_CONTENT
        envelope = {
            "envelope_id": self._new_id(),
            "type": kind,
            "payload": payload,
            "accepts_response_payload": answered,
        }
        if kind != "events_api":
            return envelope
        retries = {"retry_attempt": int(request.headers.get(RETRY_NUMBER, 0))}
        return envelope | retries | {"retry_reason": request.headers.get(RETRY_REASON, "")}

    async def _serve(self, door: Any) -> web.AppRunner:
        app = web.Application()
        app.router.add_get("/link/", self._connect)
        runner = web.AppRunner(app, access_log=None, handle_signals=False)
        await runner.setup()
        await web.SockSite(runner, door).start()
        return runner

    async def _connect(self, request: web.Request) -> web.StreamResponse:
        ticket = request.query.get("ticket", "")
        if ticket not in self._tickets or "Origin" in request.headers:  # no browser opens one
            return web.Response(status=403, text="not for you")
        self._tickets.remove(ticket)
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        connection = Connection(socket, request)
        if refusal := self._refusal():
            await connection.disconnect(refusal)
            return socket
        await self._talk(connection)
        return socket

    def _refusal(self) -> str:
        if not self._is_enabled():
            return "link_disabled"
        return "too_many_websockets" if len(self.connections) >= MOST_CONNECTIONS else ""

    async def _talk(self, connection: Connection) -> None:
        self.connections.append(connection)
        try:
            await connection.socket.send_json(self._hello())
            self._changed.set()
            async for message in connection.socket:
                if message.type == WSMsgType.TEXT:
                    _take(connection, json.loads(message.data))
        finally:
            self.connections.remove(connection)
            self._changed.set()
            connection.end()

    def _hello(self) -> Json:
        about = {"host": HOST, "build_number": 1, "approximate_connection_time": 18060}
        return {
            "type": "hello",
            "num_connections": len(self.connections),
            "debug_info": about,
            "connection_info": {"app_id": APP_ID},
        }


def _take(connection: Connection, acknowledged: Json) -> None:
    answer = connection.waiting.get(str(acknowledged.get("envelope_id")))
    if answer and not answer.done():
        answer.set_result(acknowledged)


def _kind_and_payload(request: Request) -> tuple[str, Json]:
    if request.content_type == JSON:
        return "events_api", json.loads(request.body)
    fields = {name: values[0] for name, values in parse_qs(request.body, keep_blank_values=True).items()}
    return ("interactive", json.loads(fields["payload"])) if "payload" in fields else ("slash_commands", fields)

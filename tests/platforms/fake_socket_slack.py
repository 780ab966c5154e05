"""Slack's end of Socket Mode on loopback, played line by line: a test says what is sent and reads what comes back."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from aiohttp import WSMsgType, web
from aiohttp.test_utils import TestServer

Json = dict[str, Any]


class FakeSocketSlack:
    """`refusals` are answered to `apps.connections.open` first; `lines` has the connections in their order."""

    def __init__(self) -> None:
        self.refusals: list[web.Response] = []
        self.asked = 0
        self.tokens: list[str] = []
        self.lines: list[Line] = []
        self.url = ""
        self._came = asyncio.Event()

    async def line(self, number: int) -> "Line":
        """The connection of that number, as soon as there is one."""
        async with asyncio.timeout(3):
            while len(self.lines) < number:
                self._came.clear()
                await self._came.wait()
        return self.lines[number - 1]

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        app = web.Application()
        app.router.add_post("/api/apps.connections.open", self._open)
        app.router.add_get("/link", self._link)
        async with TestServer(app) as server:
            self.url = str(server.make_url("/api/"))
            self._link_url = str(server.make_url("/link")).replace("http", "ws", 1)
            yield
            for line in self.lines:
                await line.socket.close()

    async def _open(self, request: web.Request) -> web.Response:
        self.asked += 1
        self.tokens.append(request.headers["Authorization"])
        return self.refusals.pop(0) if self.refusals else web.json_response({"ok": True, "url": self._link_url})

    async def _link(self, request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        await socket.send_json({"type": "hello", "num_connections": len(self.lines) + 1})
        line = Line(socket, request)
        self.lines.append(line)
        self._came.set()
        async for message in socket:
            if message.type == WSMsgType.TEXT:
                line.heard.put_nowait(message.json())
        line.closed.set()
        return socket


class Line:
    """One connection; `heard` are the acknowledgements."""

    def __init__(self, socket: web.WebSocketResponse, request: web.Request) -> None:
        self.socket = socket
        self.heard: asyncio.Queue[Json] = asyncio.Queue()
        self.closed = asyncio.Event()
        self._request = request

    async def says(self, **message: Any) -> None:
        await self.socket.send_json(message)

    async def hears(self) -> Json:
        async with asyncio.timeout(3):
            return await self.heard.get()

    async def ends(self) -> None:
        async with asyncio.timeout(3):
            await self.closed.wait()

    def breaks(self) -> None:
        assert self._request.transport
        self._request.transport.abort()

"""A Slack on loopback that records what it is asked, and can be made to answer badly."""

import asyncio
import json
from collections import defaultdict, deque
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

from aiohttp import web
from aiohttp.test_utils import TestServer

Reply = Callable[[web.Request], "web.StreamResponse | None"]


class FakeSlack:
    """`calls` are (method, arguments). Replies queued with `on` come first, then a plain good answer."""

    def __init__(self) -> None:
        self.calls: list[tuple[str, dict[str, Any]]] = []
        self.url = ""
        self._replies: dict[str, deque[Reply]] = defaultdict(deque)

    def on(self, method: str, *replies: Reply) -> None:
        self._replies[method].extend(replies)

    def asked(self, method: str) -> list[dict[str, Any]]:
        return [arguments for name, arguments in self.calls if name == method]

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        app = web.Application()
        app.router.add_route("*", "/api/{method}", self._answer)
        async with TestServer(app) as server:
            self.url = str(server.make_url("/api/"))
            yield

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        method = request.match_info["method"]
        assert request.headers["Authorization"] == "Bearer xoxb-test"
        self.calls.append((method, await _arguments(request)))
        if not self._replies[method]:
            return web.json_response({"ok": True, "channel": "C1", "ts": f"1718.{len(self.calls):06d}"})
        reply = self._replies[method].popleft()(request)
        if reply is None:
            await asyncio.sleep(30)
            raise AssertionError("the client should have given up")
        return reply


async def _arguments(request: web.Request) -> dict[str, Any]:
    if request.content_type == "application/json":
        return dict(await request.json())
    form = {**request.query, **await request.post()}
    return {key: json.loads(value) if key in ("blocks", "metadata") else value for key, value in form.items()}  # type: ignore[arg-type]


def ok(**answer: Any) -> Reply:
    return lambda _: web.json_response({"ok": True, **answer})


def error(code: str, status: int = 200, retry_after: str = "") -> Reply:
    headers = {"Retry-After": retry_after} if retry_after else {}
    return lambda _: web.json_response({"ok": False, "error": code}, status=status, headers=headers)


def page(body: str, status: int = 200, kind: str = "text/html") -> Reply:
    return lambda _: web.Response(text=body, status=status, content_type=kind)


def garbage(body: bytes, kind: str = "application/json") -> Reply:
    return lambda _: web.Response(body=body, content_type=kind)


def drop(request: web.Request) -> web.StreamResponse:
    """The connection breaks after the message was accepted."""
    assert request.transport is not None
    request.transport.abort()
    return web.Response()


def stall(_: web.Request) -> None:
    """No answer at all."""

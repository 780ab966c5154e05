"""The way into Bolt for both transports: a payload that was read and checked, and what stands beside it."""

from collections.abc import Mapping, MutableMapping
from typing import Any

from slack_bolt.adapter.starlette.async_handler import to_starlette_response
from slack_bolt.app.async_app import AsyncApp
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse
from starlette.datastructures import Headers
from starlette.types import Receive, Scope, Send

from bot.platforms.slack_guard import PAYLOAD


async def ask_bolt(app: AsyncApp, payload: MutableMapping[str, Any], headers: Mapping[str, str]) -> BoltResponse:
    """What the app answers; in Bolt's mode for sockets, the only one that takes a payload instead of a raw body."""
    request = AsyncBoltRequest(mode="socket_mode", body=dict(payload), headers=dict(headers))
    return await app.async_dispatch(request)


class BoltEndpoint:
    """ASGI: answers what came through the guard."""

    def __init__(self, app: AsyncApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        response = await ask_bolt(self._app, scope[PAYLOAD], Headers(scope=scope))
        await to_starlette_response(response)(scope, receive, send)

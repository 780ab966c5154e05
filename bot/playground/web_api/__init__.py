"""Slack's Web API at /api/<method>: the door, and one module for each family of methods."""

import json
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import parse_qsl

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse
from starlette.types import Receive, Scope, Send

from bot.playground.errors import SlackError
from bot.playground.model import Json
from bot.playground.playground import Delay, Playground
from bot.playground.scenario import PlaygroundSettings
from bot.playground.web_api import auth, chat, conversations, files, marks, people, views
from bot.playground.web_api.arguments import Arguments
from bot.playground.web_api.scopes import check_scope

METHODS: Mapping[str, Callable[[Playground, Arguments], Json]] = {
    **auth.METHODS,
    **people.METHODS,
    **conversations.METHODS,
    **chat.METHODS,
    **views.METHODS,
    **marks.METHODS,
    **files.METHODS,
}
APP_METHODS = frozenset({"apps.connections.open"})


class Dropped(Response):
    """An answer that never comes whole: the server closes the connection instead."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002
        """Promise a body and send none."""
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"1000")]})


def web_api_router(playground: Playground) -> APIRouter:
    """Every method, by GET and POST."""
    router = APIRouter(prefix="/api")

    async def door(method: str, request: Request) -> Response:
        return await _answer(playground, method, request)

    router.add_api_route("/{method}", door, methods=["GET", "POST"], response_class=JSONResponse)
    return router


async def _answer(playground: Playground, method: str, request: Request) -> Response:
    try:
        values = await _values(request)
        _check_token(playground.settings, method, request, values)
        fault = playground.faults(method, values)
        if fault == "drop":
            return Dropped()
        if fault == "5xx":
            return _broken()
        if isinstance(fault, SlackError):
            raise fault
        if isinstance(fault, Delay):
            await playground.dispatcher.closed_within(fault.seconds)
        answer = _call(playground, method, Arguments(values))
    except SlackError as refused:
        return _refusal(refused)
    if fault == "accept_then_drop":
        return Dropped()
    if fault == "accept_then_5xx":
        return _broken()
    scopes = ",".join(sorted(playground.workspace.manifest.scopes or ()))
    return JSONResponse({"ok": True, **answer}, headers={"X-OAuth-Scopes": scopes})


def _broken() -> Response:
    """A proxy on the way, and no answer of Slack's."""
    return Response("upstream connect error", status_code=503)


def _call(playground: Playground, method: str, arguments: Arguments) -> Json:
    if method not in METHODS:
        raise SlackError("unknown_method", req_method=method)
    check_scope(playground.workspace.manifest, method)
    return METHODS[method](playground, arguments)


def _refusal(refused: SlackError) -> Response:
    if refused.retry_after_seconds is None:
        return JSONResponse(refused.body())
    return JSONResponse(refused.body(), 429, {"Retry-After": str(refused.retry_after_seconds)})


async def _values(request: Request) -> Json:
    body = (await request.body()).decode()
    if "application/json" not in request.headers.get("content-type", ""):
        return {**request.query_params, **dict(parse_qsl(body, keep_blank_values=True))}
    try:
        values = json.loads(body or "{}")
    except ValueError as broken:
        raise SlackError("invalid_json") from broken
    if not isinstance(values, dict):
        raise SlackError("json_not_object")
    return {**request.query_params, **values}


def _check_token(settings: PlaygroundSettings, method: str, request: Request, values: Mapping[str, Any]) -> None:
    """The bot's token for all but what an app does as an app, which takes the app-level one, in the header only."""
    of_app = method in APP_METHODS
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    given = token if scheme.lower() == "bearer" else "" if of_app else str(values.get("token") or "")
    if not given:
        raise SlackError("not_authed")
    right, other = (settings.app_token, settings.bot_token) if of_app else (settings.bot_token, settings.app_token)
    if given != right:
        raise SlackError("not_allowed_token_type" if given == other else "invalid_auth")

"""The door before Bolt: lets in what Slack signed, and only in shapes that Bolt can read.

Bolt decodes and parses before it verifies, so garbage raises out of it; and it reads a body of any size. So the body is
read here, once, and Bolt gets the payload.
"""

import hashlib
import hmac
import re
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

import structlog

from bot.platforms.slack_payloads import Json, Unreadable, check_payload, read_form, read_json

log = structlog.get_logger()

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

MAX_BODY_BYTES = 1_000_000
MAX_AGE_SECONDS = 300
TELL_EVERY_SECONDS = 60
PAYLOAD = "slack.payload"
"""Where in the scope the payload stands."""
FORM, JSON = b"application/x-www-form-urlencoded", b"application/json"
TIMESTAMP, SIGNATURE = b"x-slack-request-timestamp", b"x-slack-signature"


class _Refused(Exception):  # noqa: N818
    """`is_told`: whoever runs the bot should hear of it; what comes without a signature is none of Slack's."""

    def __init__(self, status: int, reason: str, *, is_told: bool = False) -> None:
        super().__init__(reason)
        self.status, self.reason, self.is_told = status, reason, is_told


class SlackGuard:
    """ASGI: refuses with 400, 401, 405, 413 or 415, else calls `app` with the payload in the scope.

    `now_seconds` gives the Unix time; a signature older (or newer) than five minutes is refused.
    """

    def __init__(self, app: App, signing_secret: str, now_seconds: Callable[[], float]) -> None:
        self._app = app
        self._key = signing_secret.encode()
        self._now_seconds = now_seconds
        self._told_at: dict[int, float] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        try:
            payload = await self._payload(scope, receive)
        except _Refused as refused:
            self._tell(refused)
            await _answer(send, refused)
            return
        if payload is not None:
            await self._app({**scope, PAYLOAD: payload}, receive, send)

    def _tell(self, refused: _Refused) -> None:
        """Whoever runs the bot hears of it, once a minute at most: strangers can send as much as they like."""
        now = self._now_seconds()
        if refused.is_told and now - self._told_at.get(refused.status, 0) >= TELL_EVERY_SECONDS:
            self._told_at[refused.status] = now
            log.warning("request_refused", status=refused.status, reason=refused.reason)

    async def _payload(self, scope: Scope, receive: Receive) -> Json | None:
        """What was sent; None when the sender hung up. Nothing is decoded before it is known to be signed."""
        if scope["method"] != "POST":
            raise _Refused(405, "POST only")
        headers = _headers(scope)
        kind = headers.get(b"content-type", b"").partition(b";")[0].strip().lower()
        if kind not in (FORM, JSON):
            raise _Refused(415, "a form or JSON only")
        _check_announced_size(headers.get(b"content-length", b"0"))
        body = await _read(receive)
        if body is None:
            return None
        self._check_signature(headers, body)
        return _readable(kind, body)

    def _check_signature(self, headers: dict[bytes, bytes], body: bytes) -> None:
        timestamp, signature = headers.get(TIMESTAMP, b""), headers.get(SIGNATURE, b"")
        if not re.fullmatch(rb"[0-9]{1,12}", timestamp):
            raise _Refused(401, "not signed")
        if abs(self._now_seconds() - int(timestamp)) > MAX_AGE_SECONDS:
            raise _Refused(401, "too old: is the clock of this machine right?", is_told=bool(signature))
        if not hmac.compare_digest(sign(self._key, timestamp, body), signature):
            raise _Refused(401, "wrong signature: is SLACK_SIGNING_SECRET that of this app?", is_told=bool(signature))


def sign(key: bytes, timestamp: bytes, body: bytes) -> bytes:
    """Slack's signature, version 0, over the raw bytes."""
    return b"v0=" + hmac.new(key, b"v0:" + timestamp + b":" + body, hashlib.sha256).hexdigest().encode()


def _headers(scope: Scope) -> dict[bytes, bytes]:
    """The headers by lower-case name; one that comes twice is as good as none, as Bolt might read the other."""
    found: dict[bytes, bytes] = {}
    for name, value in scope["headers"]:
        key = name.lower()
        found[key] = b"" if key in found else value
    return found


def _check_announced_size(length: bytes) -> None:
    if not re.fullmatch(rb"[0-9]{1,12}", length):
        raise _Refused(400, "no such length")
    if int(length) > MAX_BODY_BYTES:
        raise _Refused(413, "too large")


async def _read(receive: Receive) -> bytes | None:
    body = bytearray()
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            return None
        body += message.get("body", b"")
        if len(body) > MAX_BODY_BYTES:
            raise _Refused(413, "too large")
        if not message.get("more_body", False):
            return bytes(body)


def _readable(kind: bytes, body: bytes) -> Json:
    try:
        payload = read_json(body) if kind == JSON else read_form(body)
        check_payload(payload)
    except Unreadable as unreadable:
        raise _Refused(400, f"unreadable: {unreadable}", is_told=True) from None
    return payload


async def _answer(send: Send, refused: _Refused) -> None:
    body = refused.reason.encode()
    headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"content-length", str(len(body)).encode())]
    headers += [(b"allow", b"POST")] if refused.status == 405 else []
    # closed, as what is left of a body that was too large would be read as the next request
    headers.append((b"connection", b"close"))
    await send({"type": "http.response.start", "status": refused.status, "headers": headers})
    await send({"type": "http.response.body", "body": body})

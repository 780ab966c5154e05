"""The door before Bolt: lets in what Slack signed, and only in shapes that Bolt can read.

Bolt decodes and parses before it verifies, so garbage raises out of it; and it reads a body of any size.
"""

import hashlib
import hmac
import json
import re
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any
from urllib.parse import parse_qs

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

MAX_BODY_BYTES = 1_000_000
MAX_AGE_SECONDS = 300
MAX_FORM_FIELDS = 100
FORM, JSON = b"application/x-www-form-urlencoded", b"application/json"
TIMESTAMP, SIGNATURE = b"x-slack-request-timestamp", b"x-slack-signature"


class _Refused(Exception):  # noqa: N818
    def __init__(self, status: int, reason: str) -> None:
        super().__init__(reason)
        self.status = status
        self.reason = reason


class SlackGuard:
    """ASGI: refuses with 400, 401, 405, 413 or 415, else calls `app` with the body as it came.

    `now_seconds` gives the Unix time; a signature older (or newer) than five minutes is refused.
    """

    def __init__(self, app: App, signing_secret: str, now_seconds: Callable[[], float]) -> None:
        self._app = app
        self._key = signing_secret.encode()
        self._now_seconds = now_seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        try:
            body = await self._checked_body(scope, receive)
        except _Refused as refused:
            await _answer(send, refused)
            return
        if body is not None:
            await self._app(scope, _replayed(body, receive), send)

    async def _checked_body(self, scope: Scope, receive: Receive) -> bytes | None:
        """The body; None when the sender hung up. Nothing is decoded before it is known to be signed."""
        if scope["method"] != "POST":
            raise _Refused(405, "POST only")
        headers = _headers(scope)
        kind = headers.get(b"content-type", b"").partition(b";")[0].strip().lower()
        if kind not in (FORM, JSON):
            raise _Refused(415, "a form or JSON only")
        _check_announced_size(headers.get(b"content-length", b"0"))
        body = await _read(receive)
        if body is not None:
            self._check_signature(headers, body)
            _check_shape(kind, body)
        return body

    def _check_signature(self, headers: dict[bytes, bytes], body: bytes) -> None:
        timestamp, signature = headers.get(TIMESTAMP, b""), headers.get(SIGNATURE, b"")
        if not re.fullmatch(rb"[0-9]{1,12}", timestamp):
            raise _Refused(401, "not signed")
        if abs(self._now_seconds() - int(timestamp)) > MAX_AGE_SECONDS:
            raise _Refused(401, "too old: is the clock of this machine right?")
        if not hmac.compare_digest(sign(self._key, timestamp, body), signature):
            raise _Refused(401, "wrong signature: is SLACK_SIGNING_SECRET that of this app?")


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


def _check_shape(kind: bytes, body: bytes) -> None:
    try:
        text = body.decode()
        if kind == JSON:
            _check_object(text)
            return
        fields = parse_qs(text, keep_blank_values=True, errors="strict", max_num_fields=MAX_FORM_FIELDS)
        for payload in fields.get("payload", []):
            _check_object(payload)
    except (ValueError, RecursionError) as error:
        raise _Refused(400, "unreadable") from error


def _check_object(text: str) -> None:
    if not isinstance(json.loads(text), dict):
        raise ValueError("not an object")  # noqa: TRY004 - answered as any other unreadable body


def _replayed(body: bytes, receive: Receive) -> Receive:
    """A `receive` that gives the body once, then what the server says (a disconnect)."""
    waiting = [body]

    async def replay() -> MutableMapping[str, Any]:
        if waiting:
            return {"type": "http.request", "body": waiting.pop(), "more_body": False}
        return await receive()

    return replay


async def _answer(send: Send, refused: _Refused) -> None:
    body = refused.reason.encode()
    headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"content-length", str(len(body)).encode())]
    headers += [(b"allow", b"POST")] if refused.status == 405 else []
    # closed, as what is left of a body that was too large would be read as the next request
    headers.append((b"connection", b"close"))
    await send({"type": "http.response.start", "status": refused.status, "headers": headers})
    await send({"type": "http.response.body", "body": body})

"""The door before Bolt: only what Slack signed, only in shapes that can be read."""

import hashlib
import hmac
import json
from typing import Any
from urllib.parse import urlencode

import pytest
from slack_sdk.signature import SignatureVerifier
from structlog.testing import capture_logs

from bot.platforms.slack_guard import FORM, JSON, MAX_BODY_BYTES, PAYLOAD, SlackGuard

NOW = 1_781_100_000
SECRET = "the signing secret"
FIELDS = {
    "command": "/clash",
    "text": "40 trays & “more” 😀",
    "user_id": "U1",
    "team_id": "T1",
    "trigger_id": "1.2.a",
}
COMMAND = urlencode(FIELDS).encode()


class Inner:
    """Stands where Bolt stands, and records what comes through."""

    def __init__(self) -> None:
        self.payloads: list[dict[str, Any]] = []
        self.scopes: list[str] = []

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        self.scopes.append(scope["type"])
        if scope["type"] != "http":
            return
        self.payloads.append(scope[PAYLOAD])
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b""})


def signed(body: bytes, at: int = NOW, kind: bytes = FORM, secret: str = SECRET) -> list[tuple[bytes, bytes]]:
    """The headers as Slack's own library makes them."""
    signature = SignatureVerifier(secret).generate_signature(timestamp=str(at), body=body) or ""
    return [
        (b"Content-Type", kind + b"; charset=utf-8"),
        (b"Content-Length", str(len(body)).encode()),
        (b"X-Slack-Request-Timestamp", str(at).encode()),
        (b"X-Slack-Signature", signature.encode()),
    ]


async def knock(
    body: bytes, headers: list[tuple[bytes, bytes]], method: str = "POST", chunk: int = 400_000
) -> tuple[int | None, Inner]:
    """The status the door answers (None: nothing) and what came through."""
    chunks = [body[start : start + chunk] for start in range(0, len(body), chunk)] or [b""]
    waiting = [
        {"type": "http.request", "body": part, "more_body": index < len(chunks) - 1}
        for index, part in enumerate(chunks)
    ]
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return waiting.pop(0) if waiting else {"type": "http.disconnect"}

    async def send(message: Any) -> None:
        sent.append(dict(message))

    inner = Inner()
    scope = {"type": "http", "method": method, "path": "/slack/events", "headers": headers}
    await SlackGuard(inner, SECRET, lambda: NOW)(scope, receive, send)
    assert [message["type"] for message in sent] in ([], ["http.response.start", "http.response.body"])
    return (sent[0]["status"] if sent else None), inner


@pytest.mark.parametrize("chunk", [7, 400_000])
async def test_what_slack_signed_comes_through_as_it_was_meant(chunk: int) -> None:
    status, inner = await knock(COMMAND, signed(COMMAND), chunk=chunk)

    assert (status, inner.payloads) == (200, [FIELDS])


async def test_a_command_about_a_payload_is_a_command() -> None:
    """Bolt's own reading takes it for an interaction without content."""
    fields = FIELDS | {"text": "the payload of the truck"}
    body = urlencode(fields).encode()

    assert (await knock(body, signed(body)))[1].payloads == [fields]


async def test_an_event_and_a_press_come_through() -> None:
    event = {"type": "event_callback", "event_id": "Ev1", "team_id": "T1", "event": {"type": "message"}}
    shortcut = {"type": "shortcut", "callback_id": "go", "trigger_id": "1.2.a", "user": {"id": "U1"}}
    json_body = json.dumps(event).encode()
    form_body = urlencode({"payload": json.dumps(shortcut)}).encode()

    assert (await knock(json_body, signed(json_body, kind=JSON)))[1].payloads == [event]
    assert (await knock(form_body, signed(form_body)))[1].payloads == [shortcut]


@pytest.mark.parametrize("age", [-301, 301])
async def test_a_request_older_than_five_minutes_is_refused(age: int) -> None:
    assert (await knock(COMMAND, signed(COMMAND, NOW - age)))[0] == 401


@pytest.mark.parametrize("age", [-300, 0, 300])
async def test_a_request_of_the_last_five_minutes_is_taken(age: int) -> None:
    assert (await knock(COMMAND, signed(COMMAND, NOW - age)))[0] == 200


def without(name: bytes) -> list[tuple[bytes, bytes]]:
    return [(header, value) for header, value in signed(COMMAND) if header != name]


@pytest.mark.parametrize(
    "headers",
    [
        signed(COMMAND, secret="another secret"),
        signed(b"another body"),
        without(b"X-Slack-Signature"),
        without(b"X-Slack-Request-Timestamp"),
        [*signed(COMMAND), signed(COMMAND)[3]],
        [*without(b"X-Slack-Signature"), (b"X-Slack-Signature", b"v0=\xff")],
        [*without(b"X-Slack-Signature"), (b"X-Slack-Signature", b"")],
        [*without(b"X-Slack-Request-Timestamp"), (b"X-Slack-Request-Timestamp", "١".encode())],
        [*without(b"X-Slack-Request-Timestamp"), (b"X-Slack-Request-Timestamp", b"-1")],
        [*without(b"X-Slack-Request-Timestamp"), (b"X-Slack-Request-Timestamp", b"9" * 5000)],
    ],
)
async def test_what_slack_did_not_sign_is_refused(headers: list[tuple[bytes, bytes]]) -> None:
    status, inner = await knock(COMMAND, headers)

    assert (status, inner.payloads) == (401, [])


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        (FORM, b"text=\xff"),
        (FORM, b"text=%ff"),
        (FORM, b"payload=%7Bnot"),
        (FORM, b"payload=5"),
        (FORM, b"a=1&" * 101),
        (JSON, b"\xff\xfe"),
        (JSON, b"{"),
        (JSON, b"[]"),
        (JSON, b"[" * 200_000),
        (JSON, b""),
    ],
)
async def test_what_cannot_be_read_is_refused_though_signed(kind: bytes, body: bytes) -> None:
    # by hand: slack_sdk cannot sign bytes that are no UTF-8

    signature = "v0=" + hmac.new(SECRET.encode(), f"v0:{NOW}:".encode() + body, hashlib.sha256).hexdigest()
    headers = [
        (b"content-type", kind),
        (b"x-slack-request-timestamp", str(NOW).encode()),
        (b"x-slack-signature", signature.encode()),
    ]

    status, inner = await knock(body, headers)

    assert (status, inner.payloads) == (400, [])


@pytest.mark.parametrize("kind", [b"text/plain", b"multipart/form-data", b""])
async def test_only_forms_and_json(kind: bytes) -> None:
    assert (await knock(COMMAND, signed(COMMAND, kind=kind)))[0] == 415


@pytest.mark.parametrize("method", ["GET", "PUT", "HEAD"])
async def test_only_post(method: str) -> None:
    assert (await knock(COMMAND, signed(COMMAND), method=method))[0] == 405


async def test_a_body_of_a_megabyte_is_the_most() -> None:
    body = COMMAND + b"&text=" + b"a" * (MAX_BODY_BYTES - len(COMMAND) - 6)

    assert (await knock(body, signed(body)))[0] == 200
    assert (await knock(body + b"a", signed(body + b"a")))[0] == 413


async def test_a_body_that_hides_its_size_is_counted() -> None:
    body = COMMAND + b"a" * MAX_BODY_BYTES
    unannounced = [header for header in signed(body) if header[0] != b"Content-Length"]

    assert (await knock(body, unannounced))[0] == 413
    assert (await knock(COMMAND, [*without(b"Content-Length"), (b"Content-Length", b"-5")]))[0] == 400


async def test_a_sender_who_hangs_up_gets_no_answer() -> None:
    async def receive() -> dict[str, Any]:
        return {"type": "http.disconnect"}

    async def send(message: Any) -> None:
        raise AssertionError("nobody is there to read this")

    inner = Inner()
    scope = {"type": "http", "method": "POST", "headers": signed(COMMAND)}
    await SlackGuard(inner, SECRET, lambda: NOW)(scope, receive, send)

    assert inner.scopes == []


async def test_what_is_no_request_is_none_of_its_business() -> None:
    inner = Inner()

    await SlackGuard(inner, SECRET, lambda: NOW)({"type": "lifespan"}, None, None)  # type: ignore[arg-type]

    assert inner.scopes == ["lifespan"]


async def test_whoever_runs_the_bot_hears_of_a_wrong_secret_and_nothing_of_strangers() -> None:
    with capture_logs() as log:
        await knock(COMMAND, without(b"X-Slack-Signature"))
        await knock(COMMAND, signed(COMMAND, secret="another"))

    assert [(entry["event"], entry["status"]) for entry in log] == [("request_refused", 401)]
    assert "SLACK_SIGNING_SECRET" in log[0]["reason"]
    assert "clash" not in str(log)

"""The connection to Slack stays up, answers only what is done, and loses nothing when it is replaced or closed."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
from aiohttp import web
from slack_bolt.app.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from structlog.testing import capture_logs

from bot.platforms.slack import make_client, open_session
from bot.platforms.slack_socket import BACK_OFF_SECONDS, SlackSocket
from tests.platforms.fake_socket_slack import FakeSocketSlack

COMMAND = {"command": "/clash", "text": "a secret", "user_id": "U1", "team_id": "T1", "trigger_id": "1.2.a"}
EVENT = {"type": "event_callback", "event_id": "Ev1", "team_id": "T1", "event": {"type": "app_mention", "user": "U1"}}


@dataclass
class Bot:
    """A bot that answers a command once `may_go_on` is set; `waits` are the back-offs it took."""

    slack: FakeSocketSlack
    socket: SlackSocket
    may_go_on: asyncio.Event
    waits: list[float]
    began: list[str] = field(default_factory=list)
    retries: list[dict[str, Any]] = field(default_factory=list)


@asynccontextmanager
async def a_bot(slack: FakeSocketSlack, timeout_seconds: float = 10) -> AsyncIterator[Bot]:
    waits: list[float] = []

    async def wait(seconds: float) -> None:
        waits.append(seconds)
        await asyncio.sleep(0)

    async with slack.running(), open_session(timeout_seconds) as session:
        app = AsyncApp(
            authorize=_authorize,
            logger=logging.getLogger("tests.silent"),
            client=make_client("", slack.url, session),
            process_before_response=True,
            request_verification_enabled=False,
        )
        bot = Bot(
            slack, SlackSocket(app, make_client("xapp-1", slack.url, session), session, wait), asyncio.Event(), waits
        )

        @app.command("/clash")
        async def capture(ack: Any, command: Any) -> None:
            bot.began.append(command["text"])
            await bot.may_go_on.wait()
            await ack(text="saved", response_type="ephemeral")

        @app.event("app_mention")
        async def mentioned(request: Any) -> None:
            bot.retries.append(request.headers)

        @app.shortcut("go")
        async def go(ack: Any) -> None:
            await ack()

        bot.socket.start()
        try:
            yield bot
        finally:
            bot.may_go_on.set()
            await bot.socket.stop()


async def _authorize(**_: object) -> AuthorizeResult:
    return AuthorizeResult(enterprise_id=None, team_id="T1", bot_token="xoxb-test", bot_id="B1", bot_user_id="U0")


@pytest.fixture
async def bot() -> AsyncIterator[Bot]:
    async with a_bot(FakeSocketSlack()) as running:
        yield running


def envelope(name: str, payload: Any, **over: Any) -> dict[str, Any]:
    known = {"envelope_id": name, "payload": payload, "type": "slash_commands", "accepts_response_payload": True}
    return known | over


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(3):
        while not condition():  # noqa: ASYNC110 nobody tells of it
            await asyncio.sleep(0.01)


async def test_it_is_acknowledged_when_it_is_done_and_not_before(bot: Bot) -> None:
    line = await bot.slack.line(1)
    await line.says(**envelope("e1", COMMAND))
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.1):
            await line.heard.get()
    assert bot.began == ["a secret"]
    bot.may_go_on.set()
    answer = {"text": "saved", "response_type": "ephemeral"}
    assert await line.hears() == {"envelope_id": "e1", "payload": answer}
    assert bot.slack.tokens == ["Bearer xapp-1"]


async def test_a_slow_one_holds_up_nothing_else(bot: Bot) -> None:
    line = await bot.slack.line(1)
    await line.says(**envelope("slow", COMMAND))
    shortcut = {"type": "shortcut", "callback_id": "go", "trigger_id": "1.2.b", "user": {"id": "U1"}}
    await line.says(**envelope("quick", shortcut, type="interactive", accepts_response_payload=False))
    assert await line.hears() == {"envelope_id": "quick"}


async def test_an_event_tells_how_often_it_was_tried(bot: Bot) -> None:
    line = await bot.slack.line(1)
    over = {"type": "events_api", "accepts_response_payload": False, "retry_attempt": 2, "retry_reason": "timeout"}
    await line.says(**envelope("e1", EVENT, **over))
    assert await line.hears() == {"envelope_id": "e1"}
    assert bot.retries == [{"x-slack-retry-num": ["2"], "x-slack-retry-reason": ["timeout"]}]


@pytest.mark.parametrize("reason", ["warning", "refresh_requested"])
async def test_the_next_connection_is_opened_before_the_old_one_goes(bot: Bot, reason: str) -> None:
    old = await bot.slack.line(1)
    await old.says(**envelope("e1", COMMAND))
    await old.says(type="disconnect", reason=reason, debug_info={"host": "applink-1"})
    new = await bot.slack.line(2)
    await old.says(**envelope("e2", COMMAND))
    await new.says(**envelope("e3", COMMAND))
    bot.may_go_on.set()
    assert {(await old.hears())["envelope_id"], (await old.hears())["envelope_id"]} == {"e1", "e2"}
    assert (await new.hears())["envelope_id"] == "e3"
    await old.socket.close()
    assert bot.socket.connected
    assert bot.waits == [0, 0]


async def test_a_connection_that_breaks_is_replaced_and_the_next_waits_longer_each_time(bot: Bot) -> None:
    for number in range(1, 10):
        (await bot.slack.line(number)).breaks()
    await bot.slack.line(10)
    assert bot.waits == [*BACK_OFF_SECONDS, 30, 30, 30]


async def test_what_was_done_while_the_connection_broke_is_no_error(bot: Bot) -> None:
    line = await bot.slack.line(1)
    await line.says(**envelope("e1", COMMAND))
    await until(lambda: bool(bot.began))
    line.breaks()
    await bot.slack.line(2)
    await until(lambda: bot.socket.connected)
    with capture_logs() as logs:
        bot.may_go_on.set()
        await asyncio.sleep(0.05)
    assert [entry["event"] for entry in logs] == ["acknowledgement_lost"]


async def test_too_many_connections_are_no_reason_to_ask_at_once(bot: Bot) -> None:
    line = await bot.slack.line(1)
    await line.says(type="disconnect", reason="too_many_websockets")
    await line.ends()
    await bot.slack.line(2)
    assert bot.waits == [0, 1]


async def test_it_waits_as_long_as_slack_says() -> None:
    slack = FakeSocketSlack()
    busy = {"ok": False, "error": "ratelimited"}
    slack.refusals.append(web.json_response(busy, status=429, headers={"Retry-After": "42"}))
    slack.refusals.append(web.Response(status=503, text="upstream connect error"))
    slack.refusals.append(web.json_response({"ok": False, "error": "invalid_auth"}))
    async with a_bot(slack) as bot:
        await slack.line(1)
        assert bot.waits == [0, 42, 1, 2, 5]


async def test_what_cannot_be_read_is_not_acknowledged_and_not_repeated_in_the_log(bot: Bot) -> None:
    line = await bot.slack.line(1)
    await until(lambda: bot.socket.connected)
    with capture_logs() as logs:
        await line.socket.send_str("{not json")
        await line.socket.send_str("[]")
        await line.socket.send_bytes(b"\xff")
        await line.says(**envelope("e1", {"type": "secret"}))
        await line.says(type="something_new")
        bot.may_go_on.set()
        await line.says(**envelope("e2", COMMAND))
        assert (await line.hears())["envelope_id"] == "e2"
    assert [entry["event"] for entry in logs] == ["envelope_unreadable"]
    assert "secret" not in str(logs)


async def test_stopped_it_answers_what_is_under_way_and_takes_no_more(bot: Bot) -> None:
    line = await bot.slack.line(1)
    await line.says(**envelope("e1", COMMAND))
    await until(lambda: bool(bot.began))
    stopping = asyncio.create_task(bot.socket.stop())
    await asyncio.sleep(0.02)
    bot.may_go_on.set()
    await stopping
    assert (await line.hears())["envelope_id"] == "e1"
    await line.ends()
    assert not bot.socket.connected
    assert bot.slack.asked == 1


async def test_it_says_since_when_slack_cannot_reach_us(bot: Bot) -> None:
    line = await bot.slack.line(1)
    await until(lambda: bot.socket.connected)
    assert bot.socket.down_seconds == 0
    bot.slack.refusals = [web.Response(status=503) for _ in range(1000)]
    line.breaks()
    await until(lambda: not bot.socket.connected)
    assert 0 < bot.socket.down_seconds < 3


async def test_a_mistake_of_ours_does_not_end_it_without_a_word() -> None:
    async def wait(_seconds: float) -> None:
        raise RuntimeError("a secret")

    async with open_session() as session:
        client = make_client("xapp-1", "http://127.0.0.1:1/api/", session)
        with capture_logs() as logs:
            socket = SlackSocket(AsyncApp(authorize=_authorize), client, session, wait)
            socket.start()
            await asyncio.sleep(0.01)
            await socket.stop()
    assert logs == [{"event": "socket_broke", "error": "RuntimeError", "log_level": "error"}]


async def test_a_mistake_of_ours_is_told_of_and_the_next_connection_comes() -> None:
    slack = FakeSocketSlack()
    slack.refusals.append(web.json_response({"ok": True, "secret": "without a link"}))
    with capture_logs() as logs:
        async with a_bot(slack) as bot:
            first = await slack.line(1)
            await until(lambda: bot.socket.connected)
            await first.socket.send_str("[" * 100_000)  # deeper than can be read
            await slack.line(2)
            await first.ends()
            await until(lambda: bot.socket.connected)
            assert bot.waits == [0, 1, 2]
    broke = [entry for entry in logs if entry["event"] == "socket_broke"]
    assert broke == [
        {"event": "socket_broke", "error": kind, "log_level": "error"} for kind in ("TypeError", "RecursionError")
    ]
    assert "link" not in str(logs)


async def test_a_quiet_connection_outlives_the_time_a_call_may_take() -> None:
    async with a_bot(FakeSocketSlack(), timeout_seconds=0.2) as bot:
        line = await bot.slack.line(1)
        await asyncio.sleep(0.4)
        bot.may_go_on.set()
        await line.says(**envelope("e1", COMMAND))
        assert (await line.hears())["envelope_id"] == "e1"

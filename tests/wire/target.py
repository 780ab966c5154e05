"""The bot under attack: its whole web application, with a Slack on the other side that says yes to everything."""

import asyncio
import logging
import traceback
from collections.abc import AsyncIterator, MutableMapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import structlog
from aiohttp import web
from aiohttp.test_utils import TestServer
from pydantic import SecretStr

from bot.demo import TEAM, demo_settings
from bot.main import Ampersand, Identity, build
from bot.platforms.slack import open_session
from tests.wire.mutations import Attack

BROKEN = frozenset({"error", "critical", "exception"})
OF_THE_NETWORK = (
    "SlackApiError",
    "ClientError",
    "InvalidURL",
    "InvalidUrl",
    "ClientConnector",
    "NonHttpUrl",
    "TimeoutError",
)


@dataclass
class Target:
    """`broke` has every line of the log that tells of an exception."""

    ampersand: Ampersand
    secret: str
    now: datetime
    broke: list[str] = field(default_factory=list)

    async def knock(self, attack: Attack) -> int:
        """The status of the answer; what is raised out of the application is noted."""
        sent: list[MutableMapping[str, Any]] = []
        waiting = [{"type": "http.request", "body": attack.body, "more_body": False}]

        async def receive() -> MutableMapping[str, Any]:
            return waiting.pop() if waiting else {"type": "http.disconnect"}

        async def send(message: MutableMapping[str, Any]) -> None:
            sent.append(message)

        try:
            await self.ampersand.web(_scope(attack), receive, send)
        except Exception as error:  # noqa: BLE001 a server would note it too
            self.broke.append("".join(traceback.format_exception(error)[-3:]))
        return int(sent[0]["status"]) if sent else 500

    def note(self, _logger: object, level: str, event: MutableMapping[str, Any]) -> str:
        """structlog's last step: keep what tells of an exception, drop the rest."""
        undelivered = event["event"] == "answer_not_delivered"
        if level in BROKEN or (undelivered and not str(event["error"]).startswith(OF_THE_NETWORK)):
            self.broke.append(str(dict(event)))
        raise structlog.DropEvent


class _Silent(logging.Handler):
    """What Bolt and others log as an error."""

    def __init__(self, broke: list[str]) -> None:
        super().__init__(logging.ERROR)
        self._broke = broke

    def emit(self, record: logging.LogRecord) -> None:
        self._broke.append(f"{record.name}: {record.getMessage()[:200]}")


@asynccontextmanager
async def a_target(database_url: str, folder: Path, slack: str, now: datetime, seed: int) -> AsyncIterator[Target]:
    """The bot on that database at that moment; its chance comes from the seed."""
    settings = demo_settings(3000, folder).model_copy(
        update={
            "database_url": database_url,
            "slack_api_url": f"{slack}/api/",
            "slack_signing_secret": SecretStr("hush"),
        }
    )
    ampersand = build(
        settings,
        Identity(TEAM.id, TEAM.name, "B0AMPERSAND", "U0AMPERSAND"),
        open_session(),
        clock=lambda: now,
        real_clock=lambda: now,
        random=Random(seed).randbytes,
        waiting=lambda _seconds: asyncio.sleep(0),
        pace=timedelta(0),
    )
    target = Target(ampersand, "hush", now)
    asyncio.get_running_loop().set_exception_handler(
        lambda _loop, context: target.broke.append(str(context["message"]))
    )
    listening = [(logging.getLogger(name), _Silent(target.broke)) for name in ("", "ampersand.silent")]
    for logger, handler in listening:
        logger.addHandler(handler)
    before = structlog.get_config()
    structlog.configure(processors=[structlog.processors.add_log_level, target.note])
    try:
        yield target
    finally:
        await ampersand.close()
        structlog.configure(**before)
        for logger, handler in listening:
            logger.removeHandler(handler)


@asynccontextmanager
async def an_agreeable_slack() -> AsyncIterator[str]:
    """Its address: it answers every call with yes, and keeps nothing."""

    async def answer(request: web.Request) -> web.Response:
        await request.read()
        user = {
            "id": "U0NEW",
            "team_id": TEAM.id,
            "name": "new",
            "profile": {},
            "tz": "Europe/Amsterdam",
            "locale": "en-GB",
        }
        channel: Any = {"id": "D0NEW"} if request.path.endswith("open") else "C0SALESOPS"
        found = {"ok": True, "ts": "1781100000.000100", "channel": channel, "user": user, "messages": []}
        return web.json_response(found | {"view": {"id": "V0NEW", "hash": "1"}, "permalink": "https://example.com/p1"})

    app = web.Application()
    app.router.add_route("*", "/{path:.*}", answer)
    async with TestServer(app) as server:
        yield str(server.make_url("")).rstrip("/")


def _scope(attack: Attack) -> dict[str, Any]:
    return {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.3"},
        "http_version": "1.1",
        "method": attack.method,
        "scheme": "http",
        "path": attack.path,
        "raw_path": attack.path.encode(),
        "query_string": b"",
        "root_path": "",
        "headers": attack.headers,
        "client": ("127.0.0.1", 50000),
        "server": ("127.0.0.1", 3000),
    }

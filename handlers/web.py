"""Pages and endpoints that are not a chat: health."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Protocol

from fastapi import APIRouter
from fastapi.responses import JSONResponse
from sqlalchemy.exc import SQLAlchemyError

from bot.services.outbox import Backlog

OLDEST_TICK = timedelta(minutes=2)
LONGEST_DOWN = timedelta(minutes=2)
"""Slack has a connection replaced in seconds; after this one somebody should look."""


class Connecting(Protocol):
    @property
    def connected(self) -> bool: ...

    @property
    def down_seconds(self) -> float: ...


class Ticking(Protocol):
    last_tick: datetime | None

    async def backlog(self) -> Backlog: ...

    async def is_disconnected(self) -> bool: ...


def health_router(jobs: Ticking, clock: Callable[[], datetime], socket: Connecting | None) -> APIRouter:
    """GET /health: 200 while the database answers, the ticks come and Slack can reach us, else 503 with what is wrong.

    "disconnected" with 200 = the app was taken away from its workspace: starting again would not help.
    `socket` is the connection to Slack, None where Slack comes over HTTP.
    """
    router = APIRouter()

    @router.get("/health")
    async def health() -> JSONResponse:
        try:
            backlog, disconnected = await jobs.backlog(), await jobs.is_disconnected()
        except SQLAlchemyError:
            return JSONResponse({"status": "broken", "database": "does not answer"}, 503)
        late = jobs.last_tick is None or clock() - jobs.last_tick > OLDEST_TICK
        is_down = socket is not None and socket.down_seconds > LONGEST_DOWN.total_seconds()
        unreachable = is_down and not disconnected  # an app that was taken away has nothing to reach
        report = {
            "status": "broken" if late or unreachable else "disconnected" if disconnected else "ok",
            "database": "ok",
            "slack": "http" if socket is None else "connected" if socket.connected else "connecting",
            "last_tick": jobs.last_tick.isoformat() if jobs.last_tick else None,
            "outbox": {
                "waiting": backlog.waiting,
                "oldest_due_at": backlog.oldest_due_at.isoformat() if backlog.oldest_due_at else None,
            },
        }
        return JSONResponse(report, 503 if late or unreachable else 200)

    return router

"""Pages and endpoints that are not a chat: health."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Protocol

from fastapi import APIRouter
from fastapi.responses import JSONResponse
from sqlalchemy.exc import SQLAlchemyError

from bot.services.outbox import Backlog

OLDEST_TICK = timedelta(minutes=2)


class Ticking(Protocol):
    last_tick: datetime | None

    async def backlog(self) -> Backlog: ...


def health_router(jobs: Ticking, clock: Callable[[], datetime]) -> APIRouter:
    """GET /health: 200 while the database answers and the ticks come, else 503 with what is wrong."""
    router = APIRouter()

    @router.get("/health")
    async def health() -> JSONResponse:
        try:
            backlog = await jobs.backlog()
        except SQLAlchemyError:
            return JSONResponse({"status": "broken", "database": "does not answer"}, 503)
        late = jobs.last_tick is None or clock() - jobs.last_tick > OLDEST_TICK
        report = {
            "status": "broken" if late else "ok",
            "database": "ok",
            "last_tick": jobs.last_tick.isoformat() if jobs.last_tick else None,
            "outbox": {
                "waiting": backlog.waiting,
                "oldest_due_at": backlog.oldest_due_at.isoformat() if backlog.oldest_due_at else None,
            },
        }
        return JSONResponse(report, 503 if late else 200)

    return router

"""What monitoring reads at GET /metrics: counts and ages of the whole installation, in Prometheus' words.

Labels come from fixed lists only: no id, name, command or word of a person can become one, and the number of series
never grows.
"""

from collections.abc import Awaitable, Callable
from datetime import datetime
from math import nan
from typing import Final

from fastapi import APIRouter, Response
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from sqlalchemy.exc import SQLAlchemyError

from bot.services.metrics import Figures
from handlers.request import KINDS
from handlers.web import Connecting, Ticking
from storage.tables import OutboxState

OUTCOMES: Final = ("answered", "refused", "repeated", "failed")
SECONDS: Final = (0.05, 0.1, 0.25, 0.5, 1.0, 1.8, 2.5, 5.0, 10.0)
"""1.8: until then a request waits for its answer; 2.5: until then everybody has a sign."""


class Metrics:
    """The series of one process, in a registry of its own."""

    def __init__(self) -> None:
        self._registry = registry = CollectorRegistry()
        self._requests = Counter(
            "ampersand_requests", "Requests from Slack that were dealt with.", ["kind", "outcome"], registry=registry
        )
        self._seconds = Histogram(
            "ampersand_request_seconds", "From a request to its answer.", ["kind"], buckets=SECONDS, registry=registry
        )
        self._database = self._gauge("database_up", "1 while the database answers.")
        self._tick = self._gauge("last_tick_age_seconds", "Since this process last looked for what is due.")
        self._late = self._gauge("schedules_late", "Schedules that fell due over a minute ago and are not done.")
        self._due = self._gauge("outbox_due", "Messages that are due and have not arrived.")
        self._oldest = self._gauge("outbox_oldest_due_seconds", "Since when the oldest of them is due.")
        self._outbox = Gauge(
            "ampersand_outbox_messages", "Messages kept in the outbox, by state.", ["state"], registry=registry
        )
        self._show_all_series()

    def count(self, kind: str, outcome: str, seconds: float) -> None:
        """A request was dealt with; a word that is not in the lists counts as "other"."""
        known = kind if kind in KINDS else "other"
        self._requests.labels(known, outcome if outcome in OUTCOMES else "other").inc()
        self._seconds.labels(known).observe(seconds)

    def watch(self, socket: Connecting) -> None:
        """Show whether Slack reaches us over the socket; without one there is no such series."""
        self._gauge("socket_connected", "1 while Slack reaches this process over Socket Mode.").set_function(
            lambda: float(socket.connected)
        )

    def page(self, figures: Figures | None, last_tick: datetime | None, now: datetime) -> bytes:
        """All series; what the database would tell is NaN while it does not answer."""
        self._database.set(figures is not None)
        self._tick.set((now - last_tick).total_seconds() if last_tick else nan)
        oldest = figures.backlog.oldest_due_at if figures else None
        self._late.set(figures.late_schedules if figures else nan)
        self._due.set(figures.backlog.waiting if figures else nan)
        self._oldest.set((now - oldest).total_seconds() if oldest else 0 if figures else nan)
        for state in OutboxState:
            self._outbox.labels(state.value).set(figures.outbox[state] if figures else nan)
        return generate_latest(self._registry)

    def _gauge(self, name: str, meaning: str) -> Gauge:
        return Gauge(f"ampersand_{name}", meaning, registry=self._registry)

    def _show_all_series(self) -> None:
        """From the start, so that the first failure is a rise from 0 and no series out of nowhere."""
        for kind in KINDS:
            self._seconds.labels(kind)
            for outcome in OUTCOMES:
                self._requests.labels(kind, outcome)


def metrics_router(
    metrics: Metrics,
    jobs: Ticking,
    read: Callable[[], Awaitable[Figures]],
    clock: Callable[[], datetime],
    socket: Connecting | None,
) -> APIRouter:
    """GET /metrics; `read` asks the database. It answers also while that does not."""
    router = APIRouter()
    if socket:
        metrics.watch(socket)

    @router.get("/metrics")
    async def page() -> Response:
        try:
            figures = await read()
        except SQLAlchemyError:
            figures = None
        return Response(metrics.page(figures, jobs.last_tick, clock()), media_type=CONTENT_TYPE_LATEST)

    return router

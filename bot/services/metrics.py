"""How it goes, in counts and moments, for monitoring: nothing that belongs to a person."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session

from bot.services.outbox import Backlog, backlog
from storage.metrics import count_late_schedules, count_outbox
from storage.tables import OutboxState

LATE = timedelta(minutes=1)
"""What is due longer than that and not done has been tried and failed, or nobody ticks."""


@dataclass(frozen=True, slots=True)
class Figures:
    """`outbox` counts the messages kept in each state, `backlog` those that are due now."""

    outbox: Mapping[OutboxState, int]
    backlog: Backlog
    late_schedules: int


def figures(session: Session, now: datetime) -> Figures:
    """Of all workspaces together."""
    counted = count_outbox(session)
    return Figures(
        outbox={state: counted.get(state, 0) for state in OutboxState},
        backlog=backlog(session, now),
        late_schedules=count_late_schedules(session, now - LATE),
    )

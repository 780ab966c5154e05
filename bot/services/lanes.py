"""One paced lane for each workspace, kept in the database: however many processes send, together they keep the pace.

The lane is taken in the transaction that takes a message, so that what the platform asked for outlives a restart.
"""

from datetime import timedelta
from typing import Final

from sqlmodel import Session

from bot.services.context import Context
from storage.lanes import lock
from storage.tables import Lane

PACE: Final = timedelta(milliseconds=250)
"""240 messages a minute."""

SLOWEST: Final = 16
"""How many times the pace a lane is slowed down to at most."""

RECOVERY: Final = 0.95
"""What is left of the time between two messages after each that arrived."""


def enter(session: Session, context: Context, workspace_id: str, pace: timedelta) -> Lane:
    """The lane, held until the end of the transaction. `pace` is the time between two messages at best; 0 = none."""
    lane = lock(session, Lane(workspace_id=workspace_id, free_at=context.now, interval_seconds=pace.total_seconds()))
    lane.interval_seconds = max(lane.interval_seconds, pace.total_seconds()) if pace else 0.0
    return lane


def wait(context: Context, lane: Lane) -> timedelta:
    """How long until the next message may leave; never longer than the pace asks for, should a clock be set back."""
    paced = min(lane.free_at - context.now, timedelta(seconds=lane.interval_seconds))
    closed = lane.closed_until - context.now if lane.closed_until else timedelta(0)
    return max(paced, closed, timedelta(0))


def occupy(session: Session, context: Context, lane: Lane) -> timedelta:
    """A message leaves now; how long the next one waits for it."""
    interval = timedelta(seconds=lane.interval_seconds)
    lane.free_at = context.now + interval
    session.add(lane)
    return interval


def speed_up(session: Session, context: Context, workspace_id: str, pace: timedelta) -> None:
    """Something arrived: a little faster again."""
    lane = enter(session, context, workspace_id, pace)
    lane.interval_seconds = max(lane.interval_seconds * RECOVERY, pace.total_seconds())
    session.add(lane)


def close(session: Session, context: Context, workspace_id: str, pace: timedelta, retry_after: timedelta) -> None:
    """The platform asked to wait: nothing leaves until then, and after that half as much, however many were told so."""
    lane = enter(session, context, workspace_id, pace)
    if lane.closed_until is None or lane.closed_until <= context.now:
        lane.interval_seconds = min(lane.interval_seconds * 2, pace.total_seconds() * SLOWEST)
    lane.closed_until = max(lane.closed_until or context.now, context.now + retry_after)
    session.add(lane)

"""Counts for monitoring; no row, no id and no name leaves here."""

from collections.abc import Mapping
from datetime import datetime

from sqlmodel import Session, col, func, select

from storage.tables import OutboxState, Outgoing, Schedule


def count_outbox(session: Session) -> Mapping[OutboxState, int]:
    """How many messages stand in each state; one without any is left out."""
    counted = session.exec(select(Outgoing.state, func.count()).group_by(col(Outgoing.state))).all()
    return {OutboxState(state): count for state, count in counted}


def count_late_schedules(session: Session, before: datetime) -> int:
    """How many schedules fell due before that moment and are not done."""
    statement = select(func.count()).select_from(Schedule).where(col(Schedule.next_due_at) < before)
    return session.exec(statement).one()

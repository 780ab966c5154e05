"""The queries of schedules and of the ledger of their occurrences."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, delete, exists, or_, update
from sqlmodel import Session, col, select

from storage.database import columns_of, dialect_insert, rows_changed
from storage.tables import Occurrence, OccurrenceState, Schedule, ScheduleKind, Workspace


def put(session: Session, schedule: Schedule) -> None:
    """Plan it; the moment of a schedule of that kind and subject that is there is replaced."""
    statement = dialect_insert(session, Schedule).values(columns_of(schedule))
    new_moment = {"next_due_at": schedule.next_due_at, "retry_at": None}
    rows_changed(session, statement.on_conflict_do_update(index_elements=["kind", "subject_id"], set_=new_moment))


def put_by(session: Session, schedule: Schedule) -> None:
    """Plan it; a moment that is planned already stays, unless it is later."""
    statement = dialect_insert(session, Schedule).values(columns_of(schedule))
    is_sooner = or_(col(Schedule.next_due_at).is_(None), col(Schedule.next_due_at) > schedule.next_due_at)
    new_moment = {"next_due_at": schedule.next_due_at, "retry_at": None}
    keys = ["kind", "subject_id"]
    rows_changed(session, statement.on_conflict_do_update(index_elements=keys, set_=new_moment, where=is_sooner))


def is_in_ledger(session: Session, kind: ScheduleKind, subject_id: str, due_at: datetime) -> bool:
    """Whether that moment was dealt with: it is not done again."""
    mine = select(Occurrence.id).join(Schedule, col(Schedule.id) == col(Occurrence.schedule_id))
    found = mine.where(Schedule.kind == kind, Schedule.subject_id == subject_id, Occurrence.due_at == due_at)
    return session.exec(found).first() is not None


def cancel(session: Session, kind: ScheduleKind, subject_id: str) -> None:
    mine = (col(Schedule.kind) == kind, col(Schedule.subject_id) == subject_id)
    rows_changed(session, update(Schedule).where(*mine).values(next_due_at=None, retry_at=None))


def forget(session: Session, kind: ScheduleKind, subject_id: str) -> None:
    """Delete the schedule and what was done about it."""
    rows_changed(session, delete(Schedule).where(col(Schedule.kind) == kind, col(Schedule.subject_id) == subject_id))


def lock_due(session: Session, now: datetime, kinds: Collection[ScheduleKind], limit: int) -> Sequence[Schedule]:
    """What is due, oldest first, locked. PostgreSQL passes over what another process is doing."""
    statement = (
        select(Schedule)
        .where(
            col(Schedule.next_due_at) <= now,
            or_(col(Schedule.retry_at).is_(None), col(Schedule.retry_at) <= now),
            col(Schedule.kind).in_(kinds),
            _connected(),
        )
        .order_by(col(Schedule.next_due_at), col(Schedule.id))
        .limit(limit)
        .with_for_update(skip_locked=True)
        .execution_options(populate_existing=True)
    )
    return session.exec(statement).all()


def _connected() -> ColumnElement[bool]:
    """Its workspace still has us."""
    away = select(Workspace.id).where(col(Workspace.disconnected_at).is_not(None))
    return col(Schedule.workspace_id).not_in(away)


def claim_occurrence(session: Session, occurrence: Occurrence) -> bool:
    """Whether this due moment is ours to do: nobody did it before, or it failed before."""
    statement = dialect_insert(session, Occurrence).values(columns_of(occurrence))
    again = {"state": occurrence.state, "materialised_at": occurrence.materialised_at}
    claim = statement.on_conflict_do_update(
        index_elements=["schedule_id", "due_at"],
        set_=again,
        where=col(Occurrence.state) == OccurrenceState.FAILED,
    )
    return rows_changed(session, claim) == 1


def set_occurrence_state(session: Session, schedule_id: str, due_at: datetime, state: OccurrenceState) -> None:
    mine = (col(Occurrence.schedule_id) == schedule_id, col(Occurrence.due_at) == due_at)
    rows_changed(session, update(Occurrence).where(*mine).values(state=state))


def close(session: Session, schedule_id: str, due_at: datetime) -> None:
    """Nothing more to come, unless a new moment was planned meanwhile."""
    mine = (col(Schedule.id) == schedule_id, col(Schedule.next_due_at) == due_at)
    rows_changed(session, update(Schedule).where(*mine).values(next_due_at=None, retry_at=None))


def push_ahead(session: Session, schedule_id: str, retry_at: datetime) -> None:
    rows_changed(session, update(Schedule).where(col(Schedule.id) == schedule_id).values(retry_at=retry_at))


def forget_done(session: Session, before: datetime) -> int:
    """Delete occurrences of that age, and schedules without a moment to come that have no occurrence. How many.

    The moment a schedule is still trying to do, and what is planned, stays.
    """
    trying = exists().where(col(Schedule.id) == Occurrence.schedule_id, col(Schedule.next_due_at) == Occurrence.due_at)
    old = delete(Occurrence).where(col(Occurrence.materialised_at) <= before, ~trying)
    used = exists().where(col(Occurrence.schedule_id) == Schedule.id)
    idle = delete(Schedule).where(col(Schedule.next_due_at).is_(None), ~used)
    forgotten = rows_changed(session, old)
    return forgotten + (rows_changed(session, idle) if forgotten else 0)


def first_due(session: Session, workspace_id: str | None) -> Schedule | None:
    planned = select(Schedule).where(col(Schedule.next_due_at).is_not(None), _connected())
    statement = planned.order_by(col(Schedule.next_due_at)).limit(1)
    if workspace_id:
        statement = statement.where(Schedule.workspace_id == workspace_id)
    return session.exec(statement).first()

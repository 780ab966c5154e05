"""Queries of the weekly summary: when it comes, when it came last, and the entries of its weeks."""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Any, cast

from sqlmodel import Session, col, select

from storage.briefs import READ
from storage.tables import Entry, Occurrence, OccurrenceState, Schedule, ScheduleKind, Source, SummaryRule

COLUMNS: tuple[Any, ...] = (*READ, Entry.pair_id, Entry.source, Entry.effect)
"""What a summary reads of an entry."""

POSTED = (OccurrenceState.DONE, OccurrenceState.LATE)


def find_summary_rule(session: Session, workspace_id: str) -> SummaryRule | None:
    """None = the default."""
    return session.get(SummaryRule, workspace_id, populate_existing=True)


def last_posted(session: Session, workspace_id: str, before: datetime) -> datetime | None:
    """The moment of the last summary that was posted, of those due before that moment."""
    mine = (
        select(Occurrence.due_at)
        .join(Schedule, col(Schedule.id) == col(Occurrence.schedule_id))
        .where(
            Schedule.kind == ScheduleKind.WEEKLY_SUMMARY,
            Schedule.subject_id == workspace_id,
            col(Occurrence.state).in_(POSTED),
            Occurrence.due_at < before,
        )
    )
    return session.exec(mine.order_by(col(Occurrence.due_at).desc()).limit(1)).first()


def entries_told(session: Session, workspace_id: str, first: date, last: date, retros_from: date) -> Sequence[Entry]:
    """Entries of those days, both included, and those that were written for a retro since `retros_from`."""
    of_days = col(Entry.created_on).between(first, last)
    for_retros = (col(Entry.source) == Source.RETRO) & col(Entry.created_on).between(retros_from, last)
    return _read(session, workspace_id, of_days | for_retros)


def entries_of_pairs(session: Session, workspace_id: str, pair_ids: Collection[str]) -> Sequence[Entry]:
    """All entries that tell the same events, whenever written."""
    return _read(session, workspace_id, col(Entry.pair_id).in_(pair_ids)) if pair_ids else ()


def entries_by_id(session: Session, workspace_id: str, ids: Collection[str]) -> Sequence[Entry]:
    return _read(session, workspace_id, col(Entry.id).in_(ids)) if ids else ()


def _read(session: Session, workspace_id: str, wanted: Any) -> Sequence[Entry]:
    """Plain rows in place of records; withdrawn and hidden ones left out."""
    visible = (
        col(Entry.workspace_id) == workspace_id,
        col(Entry.withdrawn_on).is_(None),
        col(Entry.hidden_reason).is_(None),
    )
    rows = session.exec(select(*COLUMNS).where(*visible, wanted)).all()
    return cast("Sequence[Entry]", rows)

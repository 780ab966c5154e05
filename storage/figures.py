"""Queries behind the figures: columns, not records, for there may be very many entries."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from storage.tables import BriefReach, Entry, Meeting, MeetingStatus


@dataclass(frozen=True, slots=True)
class PairedSide:
    """One of the entries that tell the same event."""

    pair_id: str
    side: str
    created_on: date
    created_at: datetime | None


def entry_columns(
    session: Session, workspace_id: str, first: date, last: date, names: Iterable[str]
) -> Sequence[Sequence[Any]]:
    """Those columns of the entries of these days, both included; withdrawn and hidden ones left out."""
    columns: tuple[Any, ...] = tuple(getattr(Entry, name) for name in names)
    found: Sequence[Sequence[Any]] = session.execute(
        select(*columns).where(*_visible(Entry, workspace_id, first, last))
    ).all()
    return found


def readable_earlier(session: Session, workspace_id: str, first: date, last: date) -> set[str]:
    """Ids of the entries that those of these days repeat, as far as they can still be read."""
    earlier = aliased(Entry)
    links = select(earlier.id).join(Entry, col(Entry.recurrence_of) == col(earlier.id))
    found = links.where(*_visible(Entry, workspace_id, first, last), *_visible(earlier, workspace_id))
    return set(session.exec(found.distinct()).all())


def paired_sides(session: Session, workspace_id: str, first: date, last: date) -> list[PairedSide]:
    """All readable entries of the pairs that those of these days belong to, whenever written."""
    pairs = select(Entry.pair_id).where(*_visible(Entry, workspace_id, first, last), col(Entry.pair_id).is_not(None))
    columns: tuple[Any, ...] = (Entry.pair_id, Entry.side, Entry.created_on, Entry.created_at)
    found = select(*columns).where(*_visible(Entry, workspace_id), col(Entry.pair_id).in_(pairs))
    return [PairedSide(*row) for row in session.execute(found)]


def list_reach(
    session: Session, workspace_id: str, first: datetime, last: datetime
) -> Sequence[tuple[Meeting, BriefReach]]:
    """Whom the briefs of the meetings reached that started between those moments; cancelled ones left out."""
    reach = select(Meeting, BriefReach).join(BriefReach, col(BriefReach.meeting_id) == col(Meeting.id))
    held = reach.where(Meeting.workspace_id == workspace_id, Meeting.status != MeetingStatus.CANCELLED)
    return session.exec(held.where(col(Meeting.starts_at).between(first, last))).all()


def _visible(
    entry: type[Entry], workspace_id: str, first: date | None = None, last: date | None = None
) -> Sequence[ColumnElement[bool]]:
    days = [col(entry.created_on).between(first, last)] if first and last else []
    return [
        col(entry.workspace_id) == workspace_id,
        col(entry.withdrawn_on).is_(None),
        col(entry.hidden_reason).is_(None),
        *days,
    ]

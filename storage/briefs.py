"""Queries of briefs: the rows a snapshot is made from, and the snapshots themselves."""

from collections.abc import Collection, Sequence
from datetime import date, datetime

from sqlalchemy import ColumnElement, exists
from sqlmodel import Session, col, func, or_, select
from sqlmodel.sql.expression import SelectOfScalar

from storage.tables import (
    Agreement,
    Brief,
    Entry,
    Meeting,
    MeetingStatus,
    Occurrence,
    OccurrenceState,
    Schedule,
    ScheduleKind,
)


def coming_meeting(session: Session, workspace_id: str, now: datetime) -> Meeting | None:
    """The next meeting that gets a brief."""
    ahead = _with_brief(workspace_id).where(col(Meeting.starts_at) > now, Meeting.status != MeetingStatus.CANCELLED)
    return session.exec(ahead.order_by(col(Meeting.starts_at), col(Meeting.key)).limit(1)).first()


def next_brief(session: Session, workspace_id: str, now: datetime) -> Meeting | None:
    """The meeting whose brief is due next."""
    ahead = _with_brief(workspace_id).where(col(Meeting.brief_due_at) > now, Meeting.status != MeetingStatus.CANCELLED)
    return session.exec(ahead.order_by(col(Meeting.brief_due_at), col(Meeting.key)).limit(1)).first()


def last_brief_due(session: Session, meeting: Meeting, before: datetime) -> datetime | None:
    """When the last brief of this type was due before that moment.

    A brief that was skipped told nobody anything, so the next one reaches back beyond it; nor does a meeting count that
    was cancelled before it had a brief.
    """
    earlier = select(func.max(Meeting.brief_due_at)).where(
        Meeting.workspace_id == meeting.workspace_id,
        Meeting.type == meeting.type,
        Meeting.id != meeting.id,
        col(Meeting.brief_due_at) < before,
        or_(_has_brief(), (col(Meeting.status) != MeetingStatus.CANCELLED) & ~_was_skipped()),
    )
    return session.exec(earlier).one()


def entries_between(session: Session, workspace_id: str, first: date | None, last: date) -> Sequence[Entry]:
    """Entries of those days, both included; `first` None = from the beginning. Withdrawn and hidden ones left out."""
    entries = _visible(workspace_id).where(col(Entry.created_on) <= last)
    return session.exec(entries.where(col(Entry.created_on) >= first) if first else entries).all()


def entries_by_id(session: Session, workspace_id: str, ids: Collection[str]) -> Sequence[Entry]:
    if not ids:
        return ()
    return session.exec(_visible(workspace_id).where(col(Entry.id).in_(ids))).all()


def agreements_since(session: Session, workspace_id: str, day: date | None) -> Sequence[Agreement]:
    """Agreements that were open, or fell due, at any time from that day on."""
    agreements = select(Agreement).where(Agreement.workspace_id == workspace_id)
    if day is None:
        return session.exec(agreements).all()
    recent = or_(col(Agreement.closed_on).is_(None), col(Agreement.closed_on) >= day, col(Agreement.due_on) >= day)
    return session.exec(agreements.where(recent)).all()


def find_brief(session: Session, workspace_id: str, brief_id: str) -> Brief | None:
    return session.exec(select(Brief).where(Brief.workspace_id == workspace_id, Brief.id == brief_id)).one_or_none()


def latest_brief(session: Session, meeting_id: str) -> Brief | None:
    """The last version of the meeting's brief."""
    versions = select(Brief).where(Brief.meeting_id == meeting_id).order_by(col(Brief.version).desc())
    return session.exec(versions.limit(1)).first()


def _with_brief(workspace_id: str) -> SelectOfScalar[Meeting]:
    return select(Meeting).where(Meeting.workspace_id == workspace_id, col(Meeting.brief_due_at).is_not(None))


def _visible(workspace_id: str) -> SelectOfScalar[Entry]:
    return select(Entry).where(
        Entry.workspace_id == workspace_id, col(Entry.withdrawn_on).is_(None), col(Entry.hidden_reason).is_(None)
    )


def _has_brief() -> ColumnElement[bool]:
    return exists().where(col(Brief.meeting_id) == col(Meeting.id))


def _was_skipped() -> ColumnElement[bool]:
    return exists().where(
        col(Schedule.kind) == ScheduleKind.BRIEF,
        col(Schedule.subject_id) == col(Meeting.id),
        col(Occurrence.schedule_id) == col(Schedule.id),
        col(Occurrence.state) == OccurrenceState.SKIPPED,
    )

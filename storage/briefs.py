"""Queries of briefs: the rows a snapshot is made from, and the snapshots themselves."""

from collections.abc import Collection, Sequence
from datetime import date, datetime, timedelta
from typing import Any, cast

from sqlalchemy import ColumnElement, delete, exists
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, func, or_, select
from sqlmodel.sql.expression import SelectOfScalar

from storage.database import insert_once
from storage.tables import (
    Agreement,
    Brief,
    BriefOpening,
    BriefReach,
    Entry,
    Kind,
    Meeting,
    MeetingStatus,
    Occurrence,
    OccurrenceState,
    Schedule,
    ScheduleKind,
)

READ: tuple[Any, ...] = (
    Entry.id,
    Entry.ref,
    Entry.kind,
    Entry.level,
    Entry.side,
    Entry.created_on,
    Entry.created_at,
    Entry.title,
    Entry.what_happened,
    Entry.lesson,
    Entry.effect_eur,
    Entry.tension_key,
    Entry.status,
    Entry.resolved_on,
    Entry.recurrence_of,
    Entry.withdrawn_on,
    Entry.hidden_reason,
)
"""What a brief reads of an entry."""


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
    return session.exec(select(func.max(Meeting.brief_due_at)).where(*_briefed_before(meeting, before))).one()


def earlier_meetings(session: Session, meeting: Meeting, before: datetime, limit: int) -> Sequence[Meeting]:
    """The last meetings of this type whose briefs were due before that moment, the earliest first."""
    earlier = select(Meeting).where(*_briefed_before(meeting, before))
    return session.exec(earlier.order_by(col(Meeting.brief_due_at).desc()).limit(limit)).all()[::-1]


def count_kinds(
    session: Session, workspace_id: str, since: datetime, until: datetime, first: date, last: date
) -> dict[Kind, int]:
    """Entries per kind between two moments; side-only ones by their day, `first` included and `last` not."""
    timed = (col(Entry.created_at) >= since) & (col(Entry.created_at) < until)
    untimed = col(Entry.created_at).is_(None) & (col(Entry.created_on) >= first) & (col(Entry.created_on) < last)
    # The days of the index around both: a day earlier where the zone is ahead of UTC, a day later where it is behind.
    around = col(Entry.created_on).between(first - timedelta(days=1), last + timedelta(days=1))
    counts = select(col(Entry.kind), func.count()).where(
        Entry.workspace_id == workspace_id,
        col(Entry.withdrawn_on).is_(None),
        col(Entry.hidden_reason).is_(None),
        around,
        timed | untimed,
    )
    return dict(session.exec(counts.group_by(col(Entry.kind))).all())


def last_entry_day(session: Session, workspace_id: str, sides: Collection[str], until: date) -> date | None:
    """When somebody of those sides wrote last, on that day or before."""
    entries = select(col(Entry.created_on)).where(
        Entry.workspace_id == workspace_id,
        col(Entry.side).in_(sides),
        col(Entry.created_on) <= until,
        col(Entry.withdrawn_on).is_(None),
        col(Entry.hidden_reason).is_(None),
    )
    return session.exec(entries.order_by(col(Entry.created_on).desc()).limit(1)).first()


def entries_between(session: Session, workspace_id: str, first: date | None, last: date) -> Sequence[Entry]:
    """Entries of those days, both included; `first` None = from the beginning. Withdrawn and hidden ones left out.

    Plain rows with the columns a brief reads, in place of records: a busy month has thousands.
    """
    entries = select(*READ).where(*_stands(workspace_id), col(Entry.created_on) <= last)
    rows = session.exec(entries.where(col(Entry.created_on) >= first) if first else entries).all()
    return cast("Sequence[Entry]", rows)


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


def closed_agreements(session: Session, workspace_id: str, day: date, tensions: Collection[str]) -> Sequence[Agreement]:
    """Closed ones that were not evaluated before that day, or that are about one of those tensions."""
    not_evaluated = or_(col(Agreement.evaluated_on).is_(None), col(Agreement.evaluated_on) >= day)
    waiting = or_(not_evaluated, col(Agreement.tension_key).in_(tensions))
    closed = select(Agreement).where(Agreement.workspace_id == workspace_id, col(Agreement.closed_on).is_not(None))
    return session.exec(closed.where(waiting)).all()


def find_brief(session: Session, workspace_id: str, brief_id: str) -> Brief | None:
    return session.exec(select(Brief).where(Brief.workspace_id == workspace_id, Brief.id == brief_id)).one_or_none()


def list_versions(session: Session, meeting_id: str) -> Sequence[Brief]:
    """All versions of the meeting's brief, the first one first."""
    return session.exec(select(Brief).where(Brief.meeting_id == meeting_id).order_by(col(Brief.version))).all()


def list_past_briefs(
    session: Session, workspace_id: str, before: datetime, offset: int, limit: int
) -> Sequence[tuple[Brief, Meeting]]:
    """The last version of the brief of each meeting that has begun, the latest meeting first."""
    later = aliased(Brief)
    newest = ~exists().where(col(later.meeting_id) == col(Brief.meeting_id), col(later.version) > col(Brief.version))
    past = (
        select(Brief, Meeting)
        .join(Meeting, col(Meeting.id) == col(Brief.meeting_id))
        .where(Brief.workspace_id == workspace_id, col(Meeting.starts_at) <= before, newest)
    )
    ordered = past.order_by(col(Meeting.starts_at).desc(), col(Brief.id))
    return session.exec(ordered.offset(offset).limit(limit)).all()


def facts_said(session: Session, meeting: Meeting) -> set[str]:
    """What the guards of briefs of this type have said, in briefs of other meetings."""
    said = select(Brief.said).join(Meeting, col(Meeting.id) == col(Brief.meeting_id))
    others = said.where(
        Meeting.workspace_id == meeting.workspace_id, Meeting.type == meeting.type, Meeting.id != meeting.id
    )
    return {key for keys in session.exec(others).all() for key in keys}


def note_opening(session: Session, brief_id: str, member_id: str) -> None:
    """Somebody opened the brief; noted once."""
    insert_once(session, BriefOpening(brief_id=brief_id, member_id=member_id), unique=["brief_id", "member_id"])


def who_opened(session: Session, meeting_id: str) -> set[str]:
    """The ids of the members who opened any version of the meeting's brief."""
    opened = select(BriefOpening.member_id).join(Brief, col(Brief.id) == col(BriefOpening.brief_id))
    return set(session.exec(opened.where(Brief.meeting_id == meeting_id)).all())


def forget_openings(session: Session, meeting_id: str) -> None:
    briefs = select(Brief.id).where(Brief.meeting_id == meeting_id)
    session.execute(delete(BriefOpening).where(col(BriefOpening.brief_id).in_(briefs)))


def find_reach(session: Session, meeting_id: str) -> BriefReach | None:
    return session.get(BriefReach, meeting_id)


def latest_brief(session: Session, meeting_id: str) -> Brief | None:
    """The last version of the meeting's brief."""
    versions = select(Brief).where(Brief.meeting_id == meeting_id).order_by(col(Brief.version).desc())
    return session.exec(versions.limit(1)).first()


def as_of_by_meeting(session: Session, meeting_ids: Collection[str]) -> dict[str, datetime]:
    """The as-of moment of each meeting's brief; meetings without one are left out."""
    latest = select(Brief.meeting_id, func.max(Brief.as_of)).where(col(Brief.meeting_id).in_(meeting_ids))
    return dict(session.exec(latest.group_by(Brief.meeting_id)).all())


def first_brief_since(session: Session, workspace_id: str, moment: datetime) -> datetime | None:
    """The as-of moment of the first brief that was made at that moment or later."""
    made = select(func.min(Brief.as_of)).where(Brief.workspace_id == workspace_id, col(Brief.as_of) >= moment)
    return session.exec(made).one()


def _briefed_before(meeting: Meeting, before: datetime) -> tuple[ColumnElement[bool], ...]:
    """Other meetings of its type that had a brief, or will have had one, due before that moment."""
    return (
        col(Meeting.workspace_id) == meeting.workspace_id,
        col(Meeting.type) == meeting.type,
        col(Meeting.id) != meeting.id,
        col(Meeting.brief_due_at) < before,
        or_(_has_brief(), (col(Meeting.status) != MeetingStatus.CANCELLED) & ~_was_skipped()),
    )


def _with_brief(workspace_id: str) -> SelectOfScalar[Meeting]:
    return select(Meeting).where(Meeting.workspace_id == workspace_id, col(Meeting.brief_due_at).is_not(None))


def _visible(workspace_id: str) -> SelectOfScalar[Entry]:
    return select(Entry).where(*_stands(workspace_id))


def _stands(workspace_id: str) -> tuple[ColumnElement[bool], ...]:
    """Neither withdrawn nor hidden."""
    return (
        col(Entry.workspace_id) == workspace_id,
        col(Entry.withdrawn_on).is_(None),
        col(Entry.hidden_reason).is_(None),
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

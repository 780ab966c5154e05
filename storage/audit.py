"""Queries of the audit trail, and of the names of what it tells about."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, and_, update
from sqlmodel import Session, col, or_, select

from storage.database import rows_changed
from storage.tables import AuditRecord, Brief, Checkin, Decision, Disturbance, Entry, Meeting, MeetingSeries, Member

NAMES: Final[Mapping[str, tuple[Any, Any]]] = {
    "checkin": (Checkin.id, Checkin.name),
    "meeting": (Meeting.id, Meeting.title),
    "series": (MeetingSeries.id, MeetingSeries.title),
    "decision": (Decision.id, Decision.question),
    "disturbance": (Disturbance.id, Disturbance.what),
    "entry": (Entry.id, Entry.ref),
    "member": (Member.id, Member.name),
}
"""What the things of each noun are called; briefs are called by their meeting."""


def find_record(session: Session, workspace_id: str, record_id: str) -> AuditRecord | None:
    noted = select(AuditRecord).where(AuditRecord.workspace_id == workspace_id, AuditRecord.id == record_id)
    return session.exec(noted).one_or_none()


def list_records(session: Session, workspace_id: str) -> Sequence[AuditRecord]:
    """All of them, the oldest first."""
    noted = select(AuditRecord).where(AuditRecord.workspace_id == workspace_id)
    return session.exec(noted.order_by(col(AuditRecord.at), col(AuditRecord.id))).all()


def list_page(
    session: Session,
    workspace_id: str,
    *,
    nouns: Collection[str],
    actor_id: str | None,
    older_than: AuditRecord | None,
    newer_than: AuditRecord | None,
    limit: int,
) -> Sequence[AuditRecord]:
    """The newest that fit, the newest first; with `newer_than` those right above it. No nouns = all."""
    fitting = select(AuditRecord).where(AuditRecord.workspace_id == workspace_id, *_fits(nouns, actor_id))
    if newer_than is not None:
        rising = fitting.where(_after(newer_than)).order_by(col(AuditRecord.at), col(AuditRecord.id))
        return session.exec(rising.limit(limit)).all()[::-1]
    older = fitting.where(_before(older_than)) if older_than is not None else fitting
    return session.exec(older.order_by(col(AuditRecord.at).desc(), col(AuditRecord.id).desc()).limit(limit)).all()


def note_under(session: Session, member: Member) -> None:
    """Let what was noted about the chat's id of somebody, before they were a member, stand under their own."""
    before_they_came = col(AuditRecord.subject) == member.external_id
    mine = col(AuditRecord.workspace_id) == member.workspace_id, before_they_came
    rows_changed(session, update(AuditRecord).where(*mine).values(subject=member.id))


def names_of_subjects(session: Session, noun: str, ids: Collection[str]) -> dict[str, str]:
    """What the things of that noun are called, by their id; those that are gone are left out."""
    if noun == "brief":
        called = select(Brief.id, Meeting.title).join(Meeting, col(Meeting.id) == col(Brief.meeting_id))
        return dict(session.exec(called.where(col(Brief.id).in_(ids))).all())
    if noun not in NAMES:
        return {}
    key, name = NAMES[noun]
    return dict(session.exec(select(key, name).where(col(key).in_(ids))).all())


def starts_of_meetings(session: Session, ids: Collection[str]) -> dict[str, datetime]:
    """When these meetings start: several have one name."""
    return dict(session.exec(select(Meeting.id, Meeting.starts_at).where(col(Meeting.id).in_(ids))).all())


def _fits(nouns: Collection[str], actor_id: str | None) -> list[ColumnElement[bool]]:
    of_nouns = [col(AuditRecord.action).startswith(f"{noun}.", autoescape=True) for noun in nouns]
    return [*([or_(*of_nouns)] if of_nouns else []), *([col(AuditRecord.actor_id) == actor_id] if actor_id else [])]


def _before(record: AuditRecord) -> ColumnElement[bool]:
    at, row_id = col(AuditRecord.at), col(AuditRecord.id)
    return or_(at < record.at, and_(at == record.at, row_id < record.id))


def _after(record: AuditRecord) -> ColumnElement[bool]:
    at, row_id = col(AuditRecord.at), col(AuditRecord.id)
    return or_(at > record.at, and_(at == record.at, row_id > record.id))

"""Queries of entries (pages of their list: entry_lists). What is withdrawn or hidden is found by its name only."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, and_, delete, null, or_, update
from sqlmodel import Session, col, select

from storage.tables import (
    AgreementEntry,
    Ask,
    AuditRecord,
    CheckinExample,
    DisturbanceEntry,
    Entry,
    Member,
    OutboxState,
    Outgoing,
    Visibility,
)

NEWEST = 500


@dataclass(frozen=True, slots=True)
class EarlierRow:
    """As much of an entry as is needed to say that a new one looks like it."""

    id: str
    ref: str
    title: str | None
    what_happened: str
    tension_key: str | None
    created_on: date


def find_entry(session: Session, workspace_id: str, ref: str) -> Entry | None:
    """Whatever became of it: withdrawn and hidden ones too."""
    return session.exec(select(Entry).where(Entry.workspace_id == workspace_id, Entry.ref == ref)).one_or_none()


def get_entry(session: Session, entry_id: str) -> Entry | None:
    return session.get(Entry, entry_id)


def list_earlier(session: Session, workspace_id: str, today: date, limit: int = NEWEST) -> Sequence[EarlierRow]:
    """The newest entries, as much of them as suggestions read; side-only ones from the day after they were written."""
    is_told = or_(col(Entry.visibility) == Visibility.NAMED, col(Entry.created_on) < today)
    columns = (Entry.id, Entry.ref, Entry.title, Entry.what_happened, Entry.tension_key, Entry.created_on)
    newest = (
        select(*columns)  # type: ignore[call-overload]  # sqlmodel types four columns at most
        .where(*_visible(workspace_id), is_told)
        .order_by(col(Entry.created_on).desc(), col(Entry.ref))
        .limit(limit)
    )
    return [EarlierRow(*row) for row in session.exec(newest)]


def list_pair(session: Session, entry: Entry) -> Sequence[Entry]:
    """The other entries that tell the same event."""
    if entry.pair_id is None:
        return []
    others = select(Entry).where(*_visible(entry.workspace_id), Entry.pair_id == entry.pair_id, Entry.id != entry.id)
    return session.exec(others.order_by(col(Entry.created_on), col(Entry.ref))).all()


def has_agreement(session: Session, entry_id: str) -> bool:
    links = select(AgreementEntry.agreement_id).where(AgreementEntry.entry_id == entry_id)
    return session.exec(links.limit(1)).first() is not None


def forget_author(session: Session, entry: Entry, author: Member) -> None:
    """Delete what still leads from the entry to its author.

    That is: their acts in the audit trail, what was written to them about it, the texts with their name that never
    arrived, the minute at which it was posted, the change ahead it is about, the round it was told
    in, and the pair where it joins two entries of one author.
    """
    session.flush()
    acts = (col(AuditRecord.subject) == entry.id, col(AuditRecord.actor_id) == author.id)
    pair = select(Entry).where(Entry.workspace_id == entry.workspace_id, Entry.pair_id == entry.pair_id)
    others = [other for other in session.exec(pair) if other.id != entry.id] if entry.pair_id else []
    keys = [f"lesson:{entry.id}", *(f"told:{other.id}" for other in others)]
    if any(other.author_id == author.id for other in others):
        entry.pair_id = None
    session.execute(delete(AuditRecord).where(*acts))
    for told_in in (DisturbanceEntry, CheckinExample):
        session.execute(delete(told_in).where(col(told_in.entry_id) == entry.id))
    session.execute(
        update(Outgoing)
        .where(_is_about(session, entry), col(Outgoing.state) == OutboxState.FAILED)
        .values(message=null())
    )
    session.execute(
        delete(Outgoing).where(
            col(Outgoing.workspace_id) == entry.workspace_id,
            col(Outgoing.key).in_(keys),
            col(Outgoing.target_id) == author.external_id,
        )
    )
    _keep_only_the_day(session, entry)


def _keep_only_the_day(session: Session, entry: Entry) -> None:
    """Of what was posted about it: with its minute, the day of the entry would be one again."""
    posted = select(Outgoing.id).where(or_(_is_about(session, entry), col(Outgoing.key) == f"share:{entry.id}"))
    ids = session.exec(posted).all()
    theirs = or_(col(Outgoing.id).in_(ids), col(Outgoing.replaces).in_(ids))
    for row in session.exec(select(Outgoing).where(theirs, col(Outgoing.state) == OutboxState.SENT)):
        row.not_before = row.not_before.replace(hour=0, minute=0, second=0, microsecond=0)
        session.add(row)


def _is_about(session: Session, entry: Entry) -> ColumnElement[bool]:
    """What was posted about it with the name; the shared post is written again by itself."""
    asks = session.exec(select(Ask.id).where(Ask.entry_id == entry.id)).all()
    asked = and_(
        col(Outgoing.workspace_id) == entry.workspace_id, col(Outgoing.topic).in_([f"ask:{ask}" for ask in asks])
    )
    return or_(col(Outgoing.key) == f"help:{entry.id}", asked)


def _visible(workspace_id: str) -> tuple[ColumnElement[bool], ...]:
    return (
        col(Entry.workspace_id) == workspace_id,
        col(Entry.withdrawn_on).is_(None),
        col(Entry.hidden_reason).is_(None),
    )

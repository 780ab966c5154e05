"""Queries of entries (pages of their list: entry_lists). What is withdrawn or hidden is found by its name only."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, delete, null, or_, update
from sqlmodel import Session, col, func, select

from storage.tables import AgreementEntry, Ask, AuditRecord, Brief, Entry, Member, OutboxState, Outgoing, Visibility

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


def names_of(session: Session, workspace_id: str, external_ids: Collection[str]) -> Mapping[str, str]:
    """Names of members by the platform's id of the person."""
    if not external_ids:
        return {}
    known = select(Member.external_id, Member.name).where(
        Member.workspace_id == workspace_id, col(Member.external_id).in_(external_ids)
    )
    return dict(session.exec(known).all())


def first_brief_since(session: Session, workspace_id: str, moment: datetime) -> datetime | None:
    """The as-of moment of the first brief that was made at that moment or later."""
    made = select(func.min(Brief.as_of)).where(Brief.workspace_id == workspace_id, col(Brief.as_of) >= moment)
    return session.exec(made).one()


def has_agreement(session: Session, entry_id: str) -> bool:
    links = select(AgreementEntry.agreement_id).where(AgreementEntry.entry_id == entry_id)
    return session.exec(links.limit(1)).first() is not None


def forget_author(session: Session, entry: Entry, author: Member) -> None:
    """Delete what still leads from the entry to its author.

    That is: their acts in the audit trail, what was written to them about it, the texts with their name that never
    arrived, and the pair where it joins two entries of one author.
    """
    session.flush()
    acts = (col(AuditRecord.subject) == entry.id, col(AuditRecord.actor_id) == author.id)
    pair = select(Entry).where(Entry.workspace_id == entry.workspace_id, Entry.pair_id == entry.pair_id)
    others = [other for other in session.exec(pair) if entry.pair_id and other.id != entry.id]
    keys = [f"lesson:{entry.id}", *(f"told:{other.id}" for other in others)]
    if any(other.author_id == author.id for other in others):
        entry.pair_id = None
    session.execute(delete(AuditRecord).where(*acts))
    session.execute(
        update(Outgoing)
        .where(col(Outgoing.key).in_(_posts_about(session, entry)), col(Outgoing.state) == OutboxState.FAILED)
        .values(message=null())
    )
    session.execute(
        delete(Outgoing).where(
            col(Outgoing.workspace_id) == entry.workspace_id,
            col(Outgoing.key).in_(keys),
            col(Outgoing.target_id) == author.external_id,
        )
    )


def _posts_about(session: Session, entry: Entry) -> list[str]:
    """Keys of what was posted about it with the name; the shared post is written again by itself."""
    asks = session.exec(select(Ask.id).where(Ask.entry_id == entry.id)).all()
    return [f"help:{entry.id}", *(f"ask:{ask_id}{again}" for ask_id in asks for again in ("", ":again"))]


def _visible(workspace_id: str) -> tuple[ColumnElement[bool], ...]:
    return (
        col(Entry.workspace_id) == workspace_id,
        col(Entry.withdrawn_on).is_(None),
        col(Entry.hidden_reason).is_(None),
    )

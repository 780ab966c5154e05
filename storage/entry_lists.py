"""The list of entries, page by page."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import ColumnElement
from sqlmodel import Session, and_, col, or_, select

from storage.tables import Entry, EntryStatus, Kind, Member, Visibility


def list_page(
    session: Session,
    workspace_id: str,
    *,
    today: date,
    kind: Kind | None = None,
    status: EntryStatus | None = None,
    side: str | None = None,
    tension: str | None = None,
    author_id: str | None = None,
    text: str = "",
    after: tuple[date, str] | None = None,
    limit: int = 9,
) -> Sequence[tuple[Entry, str | None]]:
    """Entries with their author's name, newest day first; inside a day by random reference, never by time.

    A side-only entry is there from the day after it was written: who looks twice must not see when. `today` is the
    company's day.
    """
    query = (
        select(Entry, Member.name)
        .outerjoin(Member, col(Entry.author_id) == col(Member.id))
        .where(
            Entry.workspace_id == workspace_id,
            col(Entry.withdrawn_on).is_(None),
            col(Entry.hidden_reason).is_(None),
            or_(col(Entry.visibility) == Visibility.NAMED, col(Entry.created_on) < today),
        )
    )
    exact = {"kind": kind, "status": status, "side": side, "tension_key": tension, "author_id": author_id}
    query = query.where(*(col(getattr(Entry, name)) == value for name, value in exact.items() if value))
    if text:
        query = query.where(or_(_contains(Entry.what_happened, text), _contains(Entry.title, text)))
    if after:
        query = query.where(_comes_after(*after))
    return session.exec(query.order_by(col(Entry.created_on).desc(), col(Entry.ref)).limit(limit)).all()


def _contains(column: str | None, text: str) -> ColumnElement[bool]:
    return col(column).icontains(text, autoescape=True)


def _comes_after(on: date, ref: str) -> ColumnElement[bool]:
    return or_(col(Entry.created_on) < on, and_(col(Entry.created_on) == on, col(Entry.ref) > ref))

"""Queries of what leaves the product as a whole."""

from collections.abc import Sequence

from sqlmodel import Session, col, select

from storage.tables import Entry


def list_visible_entries(session: Session, workspace_id: str) -> Sequence[Entry]:
    """Neither withdrawn nor hidden, in the order of their random ids: the place of one tells nothing."""
    visible = select(Entry).where(
        Entry.workspace_id == workspace_id, col(Entry.withdrawn_on).is_(None), col(Entry.hidden_reason).is_(None)
    )
    return session.exec(visible.order_by(col(Entry.id))).all()

"""Queries of what leaves the product as a whole."""

from collections.abc import Sequence
from datetime import date

from sqlmodel import Session, col, or_, select

from storage.tables import Entry, Visibility


def list_visible_entries(session: Session, workspace_id: str, today: date) -> Sequence[Entry]:
    """Neither withdrawn nor hidden, side-only ones of earlier days, in the order of their random ids.

    The place of one tells nothing, and who looks twice does not see when it came. `today` is the company's day.
    """
    visible = select(Entry).where(
        Entry.workspace_id == workspace_id,
        col(Entry.withdrawn_on).is_(None),
        col(Entry.hidden_reason).is_(None),
        or_(col(Entry.visibility) == Visibility.NAMED, col(Entry.created_on) < today),
    )
    return session.exec(visible.order_by(col(Entry.id))).all()

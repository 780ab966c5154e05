"""Queries of tensions."""

from collections.abc import Sequence

from sqlmodel import Session, col, select

from storage.tables import Tension


def list_tensions(session: Session, workspace_id: str) -> Sequence[Tension]:
    """In the order of the workspace's list."""
    tensions = select(Tension).where(Tension.workspace_id == workspace_id)
    return session.exec(tensions.order_by(col(Tension.position), col(Tension.key))).all()


def find_tension(session: Session, workspace_id: str, key: str) -> Tension | None:
    return session.get(Tension, (workspace_id, key))

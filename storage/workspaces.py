"""Queries of workspaces as a whole."""

from collections.abc import Sequence

from sqlmodel import Session, col, select

from storage.tables import Agreement, Entry, Meeting, Member, Objective, Workspace


def list_workspaces(session: Session) -> Sequence[Workspace]:
    return session.exec(select(Workspace).order_by(col(Workspace.name), col(Workspace.id))).all()


def holds_data(session: Session, workspace_id: str) -> bool:
    """Whether anything beyond its sides and tensions stands in the workspace."""
    tables = (Member, Objective, Meeting, Agreement, Entry)
    return any(
        session.exec(select(table).where(table.workspace_id == workspace_id).limit(1)).first() for table in tables
    )

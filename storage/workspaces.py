"""Queries of workspaces."""

from collections.abc import Sequence

from sqlmodel import Session, col, select

from storage.tables import Agreement, Entry, Meeting, Member, Objective, Platform, Workspace


def find_workspace(session: Session, platform: Platform, external_id: str) -> Workspace | None:
    return session.exec(
        select(Workspace).where(Workspace.platform == platform, Workspace.external_id == external_id)
    ).one_or_none()


def lock_workspace(session: Session, workspace_id: str) -> None:
    """Nobody else who locks it goes on before the end of the transaction; what hangs on it is written as usual."""
    held = select(Workspace.id).where(Workspace.id == workspace_id)
    session.exec(held.with_for_update(key_share=True)).one()


def any_connected(session: Session) -> bool:
    """Whether any workspace is still connected; so is an installation that has none yet."""
    states = session.exec(select(Workspace.disconnected_at)).all()
    return not states or None in states


def list_workspaces(session: Session) -> Sequence[Workspace]:
    return session.exec(select(Workspace).order_by(col(Workspace.name), col(Workspace.id))).all()


def holds_data(session: Session, workspace_id: str) -> bool:
    """Whether anything beyond its sides and tensions stands in the workspace."""
    tables = (Member, Objective, Meeting, Agreement, Entry)
    return any(
        session.exec(select(table).where(table.workspace_id == workspace_id).limit(1)).first() for table in tables
    )

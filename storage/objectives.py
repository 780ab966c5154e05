"""Queries of objectives, their translations and their monthly actuals."""

from collections.abc import Sequence

from sqlmodel import Session, col, select

from storage.tables import Objective, ObjectiveActual


def list_objectives(session: Session, workspace_id: str) -> Sequence[Objective]:
    """In the order the company gave them."""
    objectives = select(Objective).where(Objective.workspace_id == workspace_id)
    return session.exec(objectives.order_by(col(Objective.position), col(Objective.key))).all()


def list_objective_actuals(session: Session, workspace_id: str) -> Sequence[ObjectiveActual]:
    """Oldest month first."""
    actuals = select(ObjectiveActual).where(ObjectiveActual.workspace_id == workspace_id)
    return session.exec(actuals.order_by(col(ObjectiveActual.month), col(ObjectiveActual.objective_key))).all()

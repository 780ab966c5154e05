"""Queries of agreements and the entries they came from."""

from collections.abc import Sequence

from sqlmodel import Session, col, or_, select

from storage.tables import Agreement, AgreementEntry, AgreementStatus

UNFINISHED = (AgreementStatus.PROPOSED, AgreementStatus.OPEN)


def find_agreement(session: Session, workspace_id: str, agreement_id: str) -> Agreement | None:
    return session.exec(
        select(Agreement).where(Agreement.workspace_id == workspace_id, Agreement.id == agreement_id)
    ).one_or_none()


def list_agreements(session: Session, workspace_id: str) -> Sequence[Agreement]:
    """All agreements, the earliest made first."""
    agreements = select(Agreement).where(Agreement.workspace_id == workspace_id)
    return session.exec(agreements.order_by(col(Agreement.made_on), col(Agreement.key))).all()


def list_open_agreements(session: Session, workspace_id: str, member_id: str | None = None) -> Sequence[Agreement]:
    """Agreements not yet closed, the first due first; of one member: as owner or partner."""
    unfinished = select(Agreement).where(Agreement.workspace_id == workspace_id, col(Agreement.status).in_(UNFINISHED))
    if member_id is not None:
        unfinished = unfinished.where(or_(Agreement.owner_id == member_id, Agreement.partner_id == member_id))
    return session.exec(unfinished.order_by(col(Agreement.due_on), col(Agreement.key))).all()


def list_agreement_entries(session: Session, workspace_id: str) -> Sequence[AgreementEntry]:
    """Every link between an agreement and an entry of the workspace."""
    links = select(AgreementEntry).join(Agreement, col(Agreement.id) == col(AgreementEntry.agreement_id))
    return session.exec(
        links.where(Agreement.workspace_id == workspace_id).order_by(
            col(AgreementEntry.agreement_id), col(AgreementEntry.entry_id)
        )
    ).all()

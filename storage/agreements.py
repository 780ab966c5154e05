"""Queries of agreements and the entries they came from."""

from collections.abc import Sequence

from sqlmodel import Session, col, select

from storage.tables import Agreement, AgreementEntry, AgreementStatus

UNFINISHED = (AgreementStatus.PROPOSED, AgreementStatus.OPEN)


def list_agreements(session: Session, workspace_id: str) -> Sequence[Agreement]:
    """All agreements, the earliest made first."""
    agreements = select(Agreement).where(Agreement.workspace_id == workspace_id)
    return session.exec(agreements.order_by(col(Agreement.made_on), col(Agreement.key))).all()


def list_agreement_entries(session: Session, workspace_id: str) -> Sequence[AgreementEntry]:
    """Every link between an agreement and an entry of the workspace."""
    links = select(AgreementEntry).join(Agreement, col(Agreement.id) == col(AgreementEntry.agreement_id))
    return session.exec(
        links.where(Agreement.workspace_id == workspace_id).order_by(
            col(AgreementEntry.agreement_id), col(AgreementEntry.entry_id)
        )
    ).all()

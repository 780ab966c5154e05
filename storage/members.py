"""Queries of members and sides."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime

from sqlalchemy import ColumnElement, case, delete
from sqlmodel import Session, col, func, or_, select

from storage.tables import (
    Agreement,
    AgreementStatus,
    Decision,
    DecisionStatus,
    Draft,
    Meeting,
    MeetingStatus,
    Member,
    Role,
    Side,
)


def find_member(session: Session, workspace_id: str, external_id: str) -> Member | None:
    return session.exec(
        select(Member).where(Member.workspace_id == workspace_id, Member.external_id == external_id)
    ).one_or_none()


def list_sides(session: Session, workspace_id: str) -> Sequence[Side]:
    return session.exec(select(Side).where(Side.workspace_id == workspace_id).order_by(col(Side.position))).all()


def list_members(session: Session, workspace_id: str) -> Sequence[Member]:
    """Everybody, also who has left or is still to come, by name."""
    members = select(Member).where(Member.workspace_id == workspace_id)
    return session.exec(members.order_by(col(Member.name), col(Member.external_id))).all()


def lock_members(session: Session, workspace_id: str) -> Sequence[Member]:
    """Everybody, as they stand now, until the end of the transaction; always in the same order."""
    members = select(Member).where(Member.workspace_id == workspace_id).order_by(col(Member.id))
    session.flush()
    return session.exec(members.with_for_update().execution_options(populate_existing=True)).all()


def list_facilitators(session: Session, workspace_id: str, day: date) -> Sequence[Member]:
    leads = select(Member).where(
        Member.workspace_id == workspace_id, col(Member.role).in_((Role.FACILITATOR, Role.ADMIN))
    )
    return session.exec(leads.where(_active(day)).order_by(col(Member.name))).all()


def list_active_members(session: Session, workspace_id: str, day: date, side: str | None = None) -> Sequence[Member]:
    members = select(Member).where(Member.workspace_id == workspace_id, _active(day)).order_by(col(Member.name))
    return session.exec(members.where(Member.side == side) if side else members).all()


def count_active_by_side(session: Session, workspace_id: str, day: date) -> dict[str, int]:
    """Active members of each side on that day."""
    counts = select(Member.side, func.count()).where(Member.workspace_id == workspace_id, _active(day))
    return dict(session.exec(counts.group_by(Member.side)).all())


def list_emptied_sides(session: Session, workspace_id: str, day: date) -> Mapping[str, date]:
    """Sides that had members before that day and have none on it, with the last day of the last of them."""
    last, here = func.max(Member.active_to), func.sum(case((_active(day), 1), else_=0))
    sides = select(Member.side, last).where(Member.workspace_id == workspace_id).group_by(col(Member.side))
    return {side: gone for side, gone in session.exec(sides.having(here == 0)).all() if gone and gone < day}


def _active(day: date) -> ColumnElement[bool]:
    return (col(Member.active_from) <= day) & or_(col(Member.active_to).is_(None), col(Member.active_to) >= day)


def list_drafts(session: Session, workspace_id: str, external_id: str) -> Sequence[Draft]:
    """The oldest first."""
    drafts = select(Draft).where(Draft.workspace_id == workspace_id, Draft.external_id == external_id)
    return session.exec(drafts.order_by(col(Draft.expires_at))).all()


def delete_drafts(session: Session, workspace_id: str, external_id: str) -> None:
    session.execute(delete(Draft).where(col(Draft.workspace_id) == workspace_id, col(Draft.external_id) == external_id))


def find_side(session: Session, workspace_id: str, key: str) -> Side | None:
    return session.get(Side, (workspace_id, key))


def names_of(session: Session, workspace_id: str, external_ids: Collection[str]) -> Mapping[str, str]:
    """Names of members by the platform's id of the person."""
    if not external_ids:
        return {}
    known = select(Member.external_id, Member.name).where(
        Member.workspace_id == workspace_id, col(Member.external_id).in_(external_ids)
    )
    return dict(session.exec(known).all())


def names_by_id(session: Session, member_ids: Collection[str]) -> dict[str, str]:
    return dict(session.exec(select(Member.id, Member.name).where(col(Member.id).in_(member_ids))).all())


def count_duties(session: Session, member: Member, now: datetime) -> dict[str, int]:
    """How many meetings ahead they chair, open decisions and open agreements they own."""
    meetings = select(func.count()).where(
        Meeting.chair_id == member.id, col(Meeting.starts_at) >= now, Meeting.status == MeetingStatus.PLANNED
    )
    decisions = select(func.count()).where(
        Decision.owner_id == member.id, Decision.status == DecisionStatus.ASKED, col(Decision.removed_at).is_(None)
    )
    agreements = select(func.count()).where(
        Agreement.owner_id == member.id, col(Agreement.status).in_((AgreementStatus.PROPOSED, AgreementStatus.OPEN))
    )
    counts = {"meetings": meetings, "decisions": decisions, "agreements": agreements}
    return {name: session.exec(count).one() for name, count in counts.items()}

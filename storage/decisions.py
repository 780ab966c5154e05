"""Queries of decisions, what hangs on them, and the rest of a meeting's agenda."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import delete, exists
from sqlmodel import Session, col, func, select
from sqlmodel.sql.expression import SelectOfScalar

from storage.tables import (
    AgendaItem,
    Brief,
    Decision,
    DecisionEntry,
    DecisionObjection,
    DecisionObjective,
    DecisionOption,
    DecisionStatus,
    Entry,
    Meeting,
    MeetingStatus,
    MeetingType,
    Member,
)


def find_decision(session: Session, workspace_id: str, decision_id: str) -> Decision | None:
    """Whether it stands on a list or was taken off."""
    return session.exec(
        select(Decision).where(Decision.workspace_id == workspace_id, Decision.id == decision_id)
    ).one_or_none()


def list_decisions(session: Session, meeting_ids: Collection[str]) -> Sequence[Decision]:
    """What stands on the lists of these meetings, by its place."""
    standing = select(Decision).where(col(Decision.meeting_id).in_(meeting_ids), col(Decision.removed_at).is_(None))
    return session.exec(standing.order_by(col(Decision.rank), col(Decision.key))).all()


def find_follower(session: Session, decision_id: str) -> Decision | None:
    """The same question at a later meeting."""
    following = select(Decision).where(Decision.follows_id == decision_id, col(Decision.removed_at).is_(None))
    return session.exec(following).first()


def list_followed(session: Session, decision_ids: Collection[str]) -> Sequence[tuple[Decision, Meeting]]:
    """These questions, each with its meeting."""
    both = select(Decision, Meeting).join(Meeting, col(Meeting.id) == col(Decision.meeting_id))
    return session.exec(both.where(col(Decision.id).in_(decision_ids))).all()


def list_options(session: Session, decision_ids: Collection[str]) -> Sequence[DecisionOption]:
    return session.exec(select(DecisionOption).where(col(DecisionOption.decision_id).in_(decision_ids))).all()


def list_objectives_asked(session: Session, decision_ids: Collection[str]) -> Sequence[DecisionObjective]:
    """In the order they were named."""
    links = select(DecisionObjective).where(col(DecisionObjective.decision_id).in_(decision_ids))
    return session.exec(links.order_by(col(DecisionObjective.position), col(DecisionObjective.objective_key))).all()


def list_entries_asked(session: Session, decision_ids: Collection[str]) -> Sequence[tuple[str, Entry]]:
    """The entries of each question that were neither withdrawn nor hidden."""
    links = select(DecisionEntry.decision_id, Entry).join(Entry, col(Entry.id) == col(DecisionEntry.entry_id))
    visible = links.where(
        col(DecisionEntry.decision_id).in_(decision_ids),
        col(Entry.withdrawn_on).is_(None),
        col(Entry.hidden_reason).is_(None),
    )
    return session.exec(visible.order_by(col(Entry.created_on), col(Entry.ref))).all()


def list_objections(session: Session, decision_ids: Collection[str]) -> Sequence[tuple[DecisionObjection, str]]:
    """Objections with the names of who made them, the first made first."""
    made = select(DecisionObjection, Member.name).join(Member, col(Member.id) == col(DecisionObjection.member_id))
    objections = made.where(col(DecisionObjection.decision_id).in_(decision_ids))
    return session.exec(objections.order_by(col(DecisionObjection.objected_at), col(Member.name))).all()


def find_objection(session: Session, decision_id: str, member_id: str) -> DecisionObjection | None:
    return session.get(DecisionObjection, (decision_id, member_id))


def forget_details(session: Session, decision_id: str) -> None:
    """Delete its options, objectives and entries, to write them anew; agreements and objections stay."""
    for table in (DecisionOption, DecisionObjective, DecisionEntry):
        session.execute(delete(table).where(col(table.decision_id) == decision_id))


def lock_meeting(session: Session, meeting: Meeting) -> None:
    """Nobody else asks anything of the meeting until the end of the transaction."""
    session.exec(select(Meeting.id).where(Meeting.id == meeting.id).with_for_update()).one()


def meetings_begun(
    session: Session, workspace_id: str, now: datetime, types: Sequence[MeetingType], limit: int
) -> Sequence[Meeting]:
    """Meetings that have begun and were asked something, the latest first."""
    asked = exists().where(col(Decision.meeting_id) == col(Meeting.id), col(Decision.removed_at).is_(None))
    begun = _meetings(workspace_id, types).where(col(Meeting.starts_at) < now, asked)
    return session.exec(begun.order_by(col(Meeting.starts_at).desc(), col(Meeting.key)).limit(limit)).all()


def count_unanswered(session: Session, meeting_ids: Collection[str]) -> dict[str, int]:
    """How many questions of each meeting wait for an answer; meetings without one are left out."""
    waiting = select(Decision.meeting_id, func.count()).where(
        col(Decision.meeting_id).in_(meeting_ids),
        col(Decision.removed_at).is_(None),
        Decision.status == DecisionStatus.ASKED,
    )
    return dict(session.exec(waiting.group_by(Decision.meeting_id)).all())


def brief_since(session: Session, meeting: Meeting, moment: datetime) -> datetime | None:
    """When the first brief of a later meeting of that type was made, from that moment on."""
    later = select(func.min(Brief.as_of)).join(Meeting, col(Meeting.id) == col(Brief.meeting_id))
    return session.exec(
        later.where(
            Meeting.workspace_id == meeting.workspace_id,
            Meeting.type == meeting.type,
            Meeting.id != meeting.id,
            col(Brief.as_of) >= moment,
        )
    ).one()


def find_agenda_item(session: Session, workspace_id: str, item_id: str) -> AgendaItem | None:
    return session.exec(
        select(AgendaItem).where(AgendaItem.workspace_id == workspace_id, AgendaItem.id == item_id)
    ).one_or_none()


def list_agenda_items(session: Session, meeting_ids: Collection[str]) -> Sequence[tuple[AgendaItem, str, str | None]]:
    """What members put on the agenda, with their name and the reference of its entry, the first added first."""
    items = (
        select(AgendaItem, Member.name, Entry.ref)
        .join(Member, col(Member.id) == col(AgendaItem.member_id))
        .outerjoin(
            Entry,
            (col(Entry.id) == col(AgendaItem.entry_id))
            & col(Entry.withdrawn_on).is_(None)
            & col(Entry.hidden_reason).is_(None),
        )
        .where(col(AgendaItem.meeting_id).in_(meeting_ids))
    )
    return session.exec(items.order_by(col(AgendaItem.added_at), col(AgendaItem.id))).all()


def _meetings(workspace_id: str, types: Sequence[MeetingType]) -> SelectOfScalar[Meeting]:
    return select(Meeting).where(
        Meeting.workspace_id == workspace_id,
        col(Meeting.type).in_(types),
        Meeting.status != MeetingStatus.CANCELLED,
    )

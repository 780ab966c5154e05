"""Queries of the set-up: which questions are answered, who is still to come, what uses a side, what a channel took."""

from collections.abc import Sequence
from datetime import date

from sqlmodel import Session, col, select

from storage.database import insert_once
from storage.tables import (
    Appointment,
    Ask,
    Entry,
    Member,
    OutboxState,
    Outgoing,
    Role,
    SetupAnswer,
    SetupQuestion,
    Side,
)


def answered_questions(session: Session, workspace_id: str) -> frozenset[SetupQuestion]:
    answers = session.exec(select(SetupAnswer).where(SetupAnswer.workspace_id == workspace_id)).all()
    return frozenset(answer.question for answer in answers)


def mark_answered(session: Session, workspace_id: str, *questions: SetupQuestion) -> None:
    for question in questions:
        insert_once(
            session,
            SetupAnswer(workspace_id=workspace_id, question=question),
            unique=["workspace_id", "question"],
        )


def list_appointments(session: Session, workspace_id: str) -> Sequence[Appointment]:
    """Who gets a role with their first contact."""
    awaited = select(Appointment).where(Appointment.workspace_id == workspace_id)
    return session.exec(awaited.order_by(col(Appointment.external_id))).all()


def find_appointment(session: Session, workspace_id: str, external_id: str) -> Appointment | None:
    return session.get(Appointment, (workspace_id, external_id))


def has_admin(session: Session, workspace_id: str, day: date) -> bool:
    """Whether somebody administers the workspace on that day."""
    admins = select(Member).where(Member.workspace_id == workspace_id, Member.role == Role.ADMIN)
    return any(admin.active_to is None or admin.active_to >= day for admin in session.exec(admins).all())


def list_newcomers(session: Session, workspace_id: str, since: date, today: date) -> Sequence[Member]:
    """Who became a member from that day on and still is one, the newest first; erased ones left out."""
    since_then = select(Member).where(
        Member.workspace_id == workspace_id,
        col(Member.active_from) >= since,
        col(Member.active_from) <= today,
        Member.name != "",
    )
    found = session.exec(since_then.order_by(col(Member.active_from).desc(), col(Member.name))).all()
    return [member for member in found if member.active_to is None or member.active_to >= today]


def side_is_used(session: Session, side: Side) -> bool:
    """Whether a member, an entry or a question to that side is there."""
    mine = (
        select(Member.id).where(Member.workspace_id == side.workspace_id, Member.side == side.key),
        select(Entry.id).where(Entry.workspace_id == side.workspace_id, Entry.side == side.key),
        select(Ask.id).where(Ask.workspace_id == side.workspace_id, Ask.asked_side == side.key),
    )
    return any(session.exec(found.limit(1)).first() for found in mine)


def last_post(session: Session, workspace_id: str, target_id: str) -> Outgoing | None:
    """What was last sent there, or failed to be; changes of older messages do not count."""
    posts = select(Outgoing).where(
        Outgoing.workspace_id == workspace_id,
        Outgoing.target_id == target_id,
        col(Outgoing.state).in_((OutboxState.SENT, OutboxState.FAILED)),
        col(Outgoing.replaces).is_(None),
    )
    return session.exec(posts.order_by(col(Outgoing.not_before).desc()).limit(1)).first()

"""Queries of what came back in a round: counts by group, texts, named examples; none tells who answered what."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import case, exists
from sqlmodel import Session, col, func, or_, select

from storage.tables import (
    Answered,
    CheckinAsked,
    CheckinChoice,
    CheckinExample,
    CheckinQuestion,
    CheckinText,
    Entry,
    Member,
    Outcome,
    PulseAsked,
    QuestionType,
)


@dataclass(frozen=True, slots=True)
class Tick:
    """How many of a group ticked an option."""

    question_id: str
    type: QuestionType
    side: str
    option: int
    people: int


@dataclass(frozen=True, slots=True)
class AskedCount:
    """How many of a group were asked in a round, and answered before it closed."""

    side: str
    asked: int
    answered: int


def count_asked(session: Session, round_id: str, pulse_round_ids: Collection[str]) -> Sequence[AskedCount]:
    """By group. Who answered after the round closed, as its pulse rounds know, did not answer in it."""
    came_late = exists().where(
        col(PulseAsked.round_id).in_(pulse_round_ids),
        col(PulseAsked.member_id) == col(CheckinAsked.member_id),
        col(PulseAsked.answered) == Answered.LATE,
    )
    in_time = func.sum(case((col(CheckinAsked.has_answered) & ~came_late, 1), else_=0))
    was_asked = or_(col(CheckinAsked.outcome).in_((Outcome.ASKED, Outcome.DECLINED)), col(CheckinAsked.has_answered))
    counts = select(CheckinAsked.side, func.count(), in_time).where(CheckinAsked.round_id == round_id, was_asked)
    return [AskedCount(*row) for row in session.exec(counts.group_by(CheckinAsked.side)).all()]


def sides_of_group(session: Session, round_id: str, group: str) -> frozenset[str]:
    """Where those are now who stand in that group of the round; some may have changed their side since."""
    sides = select(Member.side).join(CheckinAsked, col(CheckinAsked.member_id) == col(Member.id))
    return frozenset(session.exec(sides.where(CheckinAsked.round_id == round_id, CheckinAsked.side == group)).all())


def count_ticks(session: Session, round_id: str) -> Sequence[Tick]:
    counts = (
        select(CheckinChoice.question_id, CheckinQuestion.type, CheckinChoice.side, CheckinChoice.option, func.count())  # type: ignore[call-overload]  # sqlmodel types four columns at most
        .join(CheckinQuestion, col(CheckinQuestion.id) == col(CheckinChoice.question_id))
        .where(CheckinChoice.round_id == round_id)
        .group_by(CheckinChoice.question_id, CheckinQuestion.type, CheckinChoice.side, CheckinChoice.option)
    )
    return [Tick(*row) for row in session.exec(counts).all()]


def list_texts(session: Session, round_id: str) -> Sequence[tuple[CheckinText, str | None]]:
    """With the name of who wrote it, None without one; in the order of their random ids."""
    texts = select(CheckinText, Member.name).outerjoin(Member, col(Member.id) == col(CheckinText.author_id))
    return session.exec(texts.where(CheckinText.round_id == round_id).order_by(col(CheckinText.id))).all()


def list_examples(session: Session, workspace_id: str, round_id: str) -> Sequence[Entry]:
    """The named entries that were told in the round and can still be read."""
    entries = select(Entry).join(CheckinExample, col(CheckinExample.entry_id) == col(Entry.id))
    visible = (col(Entry.withdrawn_on).is_(None), col(Entry.hidden_reason).is_(None))
    told = entries.where(CheckinExample.round_id == round_id, Entry.workspace_id == workspace_id, *visible)
    return session.exec(told.order_by(col(Entry.ref))).all()

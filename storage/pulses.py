"""Queries of pulse rounds. No query joins what was answered with who answered."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, update
from sqlmodel import Session, col, func, select

from storage.tables import Answered, PulseAsked, PulseQuestion, PulseRound, PulseScore


@dataclass(frozen=True, slots=True)
class ScoreCount:
    """How many answers with that score a group gave in a round."""

    round_id: str
    side: str
    score: int
    answers: int


@dataclass(frozen=True, slots=True)
class AskedPerson:
    """Somebody who was asked in a round."""

    round_id: str
    side: str
    member_id: str
    answered: Answered


def list_questions(session: Session, workspace_id: str) -> Sequence[PulseQuestion]:
    """In the order the company gave them."""
    questions = select(PulseQuestion).where(PulseQuestion.workspace_id == workspace_id)
    return session.exec(questions.order_by(col(PulseQuestion.position), col(PulseQuestion.key))).all()


def find_question(session: Session, workspace_id: str, key: str) -> PulseQuestion | None:
    return session.get(PulseQuestion, (workspace_id, key))


def closed_rounds(session: Session, workspace_id: str, as_of: datetime) -> Sequence[PulseRound]:
    """Rounds closed by then, the first closed first."""
    rounds = select(PulseRound).where(PulseRound.workspace_id == workspace_id, col(PulseRound.closes_at) <= as_of)
    return session.exec(rounds.order_by(col(PulseRound.closes_at), col(PulseRound.label))).all()


def count_scores(session: Session, round_ids: Collection[str]) -> Sequence[ScoreCount]:
    counts = (
        select(PulseScore.round_id, PulseScore.side, PulseScore.score, func.count())
        .where(col(PulseScore.round_id).in_(round_ids))
        .group_by(PulseScore.round_id, PulseScore.side, col(PulseScore.score))
    )
    return [ScoreCount(*row) for row in session.exec(counts).all()]


def list_asked(session: Session, round_ids: Collection[str]) -> Sequence[AskedPerson]:
    asked = select(PulseAsked).where(col(PulseAsked.round_id).in_(round_ids))
    return [AskedPerson(row.round_id, row.side, row.member_id, row.answered) for row in session.exec(asked).all()]


def close_round(session: Session, round_id: str, smallest_group: int) -> None:
    """Let the round say only what it may: the scores of groups that gave fewer answers than that are deleted, and
    nobody can change one any more. Call it once the round has closed; again, it changes nothing."""
    of_round = select(PulseScore.side).where(PulseScore.round_id == round_id)
    small = session.exec(of_round.group_by(PulseScore.side).having(func.count() < smallest_group)).all()
    session.execute(delete(PulseScore).where(col(PulseScore.round_id) == round_id, col(PulseScore.side).in_(small)))
    session.execute(update(PulseScore).where(col(PulseScore.round_id) == round_id).values(change_token_hash=None))

"""What is answered in a round, and, apart from it, that somebody answered. No query joins the two."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime

from sqlalchemy import delete, update
from sqlmodel import Session, col, func, or_, select

from storage.database import rows_changed
from storage.tables import (
    Answered,
    Checkin,
    CheckinAsked,
    CheckinChoice,
    CheckinRound,
    CheckinText,
    Outcome,
    PulseAsked,
    PulseScore,
    RoundState,
)


def take_score(session: Session, pulse_round_id: str, member_id: str, answered: Answered) -> bool:
    """Whether they had given no score in that pulse round; they have now."""
    mine = (col(PulseAsked.round_id) == pulse_round_id, col(PulseAsked.member_id) == member_id)
    statement = update(PulseAsked).where(*mine, col(PulseAsked.answered) == Answered.NO)
    return rows_changed(session, statement.values(answered=answered)) == 1


def gave_score(session: Session, pulse_round_ids: Collection[str], member_id: str) -> bool:
    given = select(PulseAsked.round_id).where(
        col(PulseAsked.round_id).in_(pulse_round_ids),
        PulseAsked.member_id == member_id,
        PulseAsked.answered != Answered.NO,
    )
    return session.exec(given.limit(1)).first() is not None


def find_score(session: Session, round_id: str, token_hash: str) -> PulseScore | None:
    """That of whoever holds the token."""
    score = select(PulseScore).where(PulseScore.round_id == round_id, PulseScore.change_token_hash == token_hash)
    return session.exec(score).one_or_none()


def find_choices(session: Session, round_id: str, token_hashes: Collection[str]) -> Sequence[CheckinChoice]:
    """What was ticked by whoever holds the token: one hash for each option there is."""
    ticked = select(CheckinChoice).where(
        CheckinChoice.round_id == round_id, col(CheckinChoice.change_token_hash).in_(token_hashes)
    )
    return session.exec(ticked).all()


def forget_choices(session: Session, choices: Iterable[CheckinChoice]) -> None:
    ids = [choice.id for choice in choices]
    rows_changed(session, delete(CheckinChoice).where(col(CheckinChoice.id).in_(ids)))


def find_text(session: Session, round_id: str, question_id: str, author_id: str, token_hash: str) -> CheckinText | None:
    """What they wrote with their name, or without it by the token they hold."""
    texts = select(CheckinText).where(CheckinText.round_id == round_id, CheckinText.question_id == question_id)
    named = session.exec(texts.where(CheckinText.author_id == author_id)).first()
    return named or session.exec(texts.where(CheckinText.change_token_hash == token_hash)).first()


def list_asking(
    session: Session, workspace_id: str, member_id: str, closed_since: datetime
) -> Sequence[tuple[CheckinAsked, CheckinRound, Checkin]]:
    """Somebody's turns that an answer may still go to, the round that closes first comes first: rounds that run, then
    those closed since that moment, the latest first."""
    mine = (
        select(CheckinAsked, CheckinRound, Checkin)
        .join(CheckinRound, col(CheckinRound.id) == col(CheckinAsked.round_id))
        .join(Checkin, col(Checkin.id) == col(CheckinRound.checkin_id))
        .where(
            CheckinRound.workspace_id == workspace_id,
            CheckinAsked.member_id == member_id,
            CheckinRound.state != RoundState.CANCELLED,
            col(CheckinRound.closes_at) >= closed_since,
        )
        .order_by(col(CheckinRound.closes_at))
    )
    found = session.exec(mine).all()
    running = [one for one in found if one[1].state is RoundState.OPEN]
    return [*running, *(one for one in reversed(found) if one[1].state is RoundState.CLOSED)]


def count_asked_of(session: Session, round_id: str, side: str) -> int:
    """How many of a group are asked in the round, or are to be: an answer is from one of them."""
    is_one = or_(
        col(CheckinAsked.outcome).in_((Outcome.WAITING, Outcome.ASKED, Outcome.DECLINED)),
        col(CheckinAsked.has_answered),
    )
    theirs = select(func.count()).where(CheckinAsked.round_id == round_id, CheckinAsked.side == side, is_one)
    return session.exec(theirs).one()


def is_asked(turn: CheckinAsked) -> bool:
    """Whether an answer counts: they were asked, or are to be; what did not arrive can be posted again."""
    is_asked = turn.outcome in {Outcome.WAITING, Outcome.ASKED, Outcome.DECLINED, Outcome.NOT_DELIVERED}
    return is_asked or turn.has_answered

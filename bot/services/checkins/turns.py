"""Whose turn it is: the round a button of a check-in is about, for whom it asks."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from sqlmodel import Session

from bot.domain.errors import Refused
from bot.services.access import Actor, Sender, access_actor, check_own
from bot.services.context import Context
from storage.checkin_answers import is_asked
from storage.checkins import find_checkin, find_round, find_turn, list_questions, lock_round
from storage.tables import Checkin, CheckinAsked, CheckinQuestion, CheckinRound, Outcome, QuestionType, RoundState

TAKEN_LATE: Final = timedelta(days=14)
"""So long after a round has closed an example still counts as told in it."""


@dataclass(frozen=True, slots=True)
class MyTurn:
    """One person in one round."""

    actor: Actor
    checkin: Checkin
    round: CheckinRound
    turn: CheckinAsked
    questions: Sequence[CheckinQuestion]
    is_open: bool
    """Whether scores count: the last window has not ended yet, to the second."""

    @property
    def asks(self) -> Sequence[CheckinQuestion]:
        """What can still be answered: once the result is out, an example."""
        return [one for one in self.questions if self.is_open or one.type is QuestionType.EXAMPLE]

    def of_type(self, kind: QuestionType) -> Sequence[CheckinQuestion]:
        return [one for one in self.questions if one.type is kind]


def access_turn(
    session: Session, context: Context, sender: Sender, round_id: str, *, was_asked: bool = False
) -> MyTurn:
    """The turn of whoever pressed, to change it: until the end of the transaction nobody closes or stops the round, or
    changes the turn.

    `was_asked`: also who said since that they are away. Raises as `access_actor`, and `Refused` for a round that is
    over for good or does not ask them.
    """
    actor = access_actor(session, context, sender)
    if find_round(session, actor.workspace.id, round_id):
        lock_round(session, round_id, shared=True)
        find_turn(session, round_id, actor.member.id)
    return _turn(session, context, actor, round_id, was_asked=was_asked)


def read_turn(session: Session, context: Context, sender: Sender, round_id: str) -> MyTurn:
    """The same to look at: it waits for nobody. Raises as `access_turn`."""
    return _turn(session, context, access_actor(session, context, sender), round_id)


def _turn(session: Session, context: Context, actor: Actor, round_id: str, *, was_asked: bool = False) -> MyTurn:
    round_ = find_round(session, actor.workspace.id, round_id)
    checkin = find_checkin(session, actor.workspace.id, round_.checkin_id) if round_ else None
    if round_ is None or checkin is None or round_.state is RoundState.CANCELLED:
        raise Refused("checkin_over")
    turn = session.get(CheckinAsked, (round_.id, actor.member.id))
    is_back = was_asked and turn is not None and turn.outcome is Outcome.AWAY
    check_own("checkin_not_yours", own=turn is not None and (is_asked(turn) or is_back))
    assert turn is not None
    if round_.closes_at < context.now - TAKEN_LATE:
        raise Refused("checkin_over")
    is_open = round_.state is RoundState.OPEN and context.now < round_.closes_at
    return MyTurn(actor, checkin, round_, turn, list_questions(session, checkin.id), is_open)

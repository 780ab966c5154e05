"""The check-in that a button or form means."""

from sqlmodel import Session

from bot.domain.errors import Refused
from bot.services.access import Actor, Sender, access_facilitator
from bot.services.context import Context
from storage.checkin_settings import lock_checkin
from storage.checkins import find_checkin, find_round
from storage.tables import Checkin, CheckinQuestion, CheckinRound, CheckinState


def access_checkin(
    session: Session, context: Context, sender: Sender, checkin_id: str, *, deleted: bool = False
) -> tuple[Actor, Checkin]:
    """For facilitators. Raises `Refused` when it is gone; one that was deleted is, unless it is to be put back."""
    actor = access_facilitator(session, context, sender)
    checkin = find_checkin(session, actor.workspace.id, checkin_id)
    if checkin is None:
        raise Refused("checkin_gone")
    _check_there(checkin, deleted=deleted)
    return actor, checkin


def access_to_change(
    session: Session, context: Context, sender: Sender, checkin_id: str, *, deleted: bool = False
) -> tuple[Actor, Checkin]:
    """The same, and nobody else changes it until the end of the transaction."""
    actor, checkin = access_checkin(session, context, sender, checkin_id, deleted=True)
    lock_checkin(session, checkin)  # who held it may have deleted it
    _check_there(checkin, deleted=deleted)
    return actor, checkin


def access_round(session: Session, context: Context, sender: Sender, round_id: str) -> tuple[Actor, CheckinRound]:
    """A round of whatever check-in, for facilitators."""
    actor = access_facilitator(session, context, sender)
    round_ = find_round(session, actor.workspace.id, round_id)
    if round_ is None:
        raise Refused("checkin_gone")
    return actor, round_


def access_question(
    session: Session, context: Context, sender: Sender, question_id: str
) -> tuple[Actor, Checkin, CheckinQuestion]:
    """One that is asked, for facilitators."""
    question = session.get(CheckinQuestion, question_id)
    if question is None:
        access_facilitator(session, context, sender)
        raise Refused("checkin_question_gone")
    actor, checkin = access_checkin(session, context, sender, question.checkin_id)
    if question.position is None:
        raise Refused("checkin_question_gone")
    return actor, checkin, question


def _check_there(checkin: Checkin, *, deleted: bool) -> None:
    if checkin.state is CheckinState.DELETED and not deleted:
        raise Refused("checkin_gone")

"""Not now: later today, away, or not this time. Each can be undone; nobody is asked why."""

from datetime import timedelta
from typing import Final

from sqlmodel import Session

from bot.domain.chat import Form, Message, Submission
from bot.domain.checkin.timing import nudge_at
from bot.domain.errors import Refused
from bot.services.absences import end_mine, running_absence, save_fields, today_of
from bot.services.access import Sender
from bot.services.checkins.asking import question_facts
from bot.services.checkins.planning import plan_asking, window_of
from bot.services.checkins.topics import nudge_key
from bot.services.checkins.turns import MyTurn, access_turn
from bot.services.context import Context
from bot.services.messages import absences as absence_messages
from bot.services.messages import checkin_answers as messages
from bot.services.messages import checkin_questions as questions
from bot.services.requests import claim_request
from bot.services.unasked import beside, settle
from bot.services.working_time import working_time
from storage.checkins import add_pulse_asked, list_pulse_rounds, remove_pulse_asked
from storage.outbox import find_key
from storage.private_items import known_keys
from storage.tables import ItemKind, Outcome

LATER: Final = timedelta(hours=3)


def ask_later(session: Session, context: Context, sender: Sender, round_id: str) -> Message:
    """Three hours later, within their hours and before their window ends: that is the one reminder then."""
    mine = _unanswered(session, context, sender, round_id)
    member, until = mine.actor.member, mine.turn.until or mine.round.closes_at
    if _is_reminded(session, mine):
        raise Refused("checkin_reminded", until=until)
    works = working_time(session, mine.actor.workspace, member, mine.round.day)
    at = works.next_moment(context.now + LATER, until)
    if at is None:
        raise Refused("checkin_no_later", until=until)
    mine.turn.nudge_at = at
    if mine.turn.outcome is Outcome.DECLINED:
        mine.turn.outcome = Outcome.ASKED
    session.flush()
    plan_asking(session, context, mine.round, at)
    return _beside(session, context, mine, messages.later(mine.actor.speaker, round_id, at))


def skip(session: Session, context: Context, sender: Sender, round_id: str) -> Message:
    """They were asked and say no more: nothing more is asked in this round."""
    mine = _unanswered(session, context, sender, round_id)
    mine.turn.outcome, mine.turn.nudge_at = Outcome.DECLINED, None
    session.flush()
    add_pulse_asked(session, list_pulse_rounds(session, mine.round), [mine.turn])
    message = _beside(session, context, mine, messages.skipped(mine.actor.speaker, round_id))
    settle(session, mine.actor.member.id, ItemKind.CHECKIN, round_id)
    return message


def away_form(session: Session, context: Context, sender: Sender, round_id: str) -> Form:
    mine = _unanswered(session, context, sender, round_id)
    member = mine.actor.member
    absence = running_absence(session, context, member)
    payload = {"round": round_id}
    today = today_of(context, member)
    return absence_messages.form(mine.actor.speaker, absence, today, "checkin.away_save", payload)


def save_away(session: Session, context: Context, sender: Sender, request_id: str, submission: Submission) -> Message:
    """Away as the form says; whoever is not back before their window ends was not asked in this round."""
    claim_request(session, context, request_id)
    mine = _unanswered(session, context, sender, submission.payload["round"])
    actor = mine.actor
    absence = save_fields(session, context, actor, actor.member, submission)
    if absence is None:
        raise Refused("away_until_missing", field="until")
    until = mine.turn.until or mine.round.closes_at
    works = working_time(session, actor.workspace, actor.member, mine.round.day)
    if works.next_moment(context.now, until) is None:
        mine.turn.outcome, mine.turn.nudge_at = Outcome.AWAY, None
        session.flush()
        remove_pulse_asked(session, mine.round, [actor.member.id])
    shown = messages.away(actor.speaker, mine.round.id, absence, today_of(context, actor.member))
    message = _beside(session, context, mine, shown)
    settle(session, actor.member.id, ItemKind.CHECKIN, mine.round.id)
    return message


def undo(session: Session, context: Context, sender: Sender, value: str) -> Message:
    """Back to the question; `value` is "round [absence]": with an absence they are back from it, too, whatever became
    of the round meanwhile.
    """
    round_id, absence_id = [*value.split(), "", ""][:2]
    ended = end_mine(session, context, sender, absence_id) if absence_id else None
    try:
        return _ask_again(session, context, sender, round_id)
    except Refused:
        if ended is None:
            raise
        return ended


def _ask_again(session: Session, context: Context, sender: Sender, round_id: str) -> Message:
    mine = access_turn(session, context, sender, round_id, was_asked=True)
    if not mine.is_open:
        raise Refused("checkin_closed", day=mine.round.day)
    if mine.turn.has_answered:
        raise Refused("checkin_answered")
    mine.turn.outcome = Outcome.ASKED
    session.flush()
    add_pulse_asked(session, list_pulse_rounds(session, mine.round), [mine.turn])
    _remind_again(session, context, mine)
    facts = question_facts(session, mine.actor.workspace, mine.checkin, mine.round)
    return _beside(session, context, mine, questions.question(mine.actor.speaker, facts.until_of(mine.turn)))


def _remind_again(session: Session, context: Context, mine: MyTurn) -> None:
    """The one reminder comes when it would have, unless that is over."""
    turn, until = mine.turn, mine.turn.until or mine.round.closes_at
    if turn.nudge_at or turn.ask_at is None or _is_reminded(session, mine):
        return
    works = working_time(session, mine.actor.workspace, mine.actor.member, mine.round.day)
    at = nudge_at(window_of(mine.checkin, mine.round.starts_at), turn.ask_at, until, works)
    if at and at > context.now:
        turn.nudge_at = at
        session.flush()
        plan_asking(session, context, mine.round, at)


def _unanswered(session: Session, context: Context, sender: Sender, round_id: str) -> MyTurn:
    mine = access_turn(session, context, sender, round_id)
    if not mine.is_open:
        raise Refused("checkin_closed", day=mine.round.day)
    if mine.turn.has_answered:
        raise Refused("checkin_answered")
    return mine


def _is_reminded(session: Session, mine: MyTurn) -> bool:
    """Whether the one reminder was said, or waits to be."""
    key = nudge_key(mine.round.id, mine.actor.member.id)
    return find_key(session, key) is not None or key in known_keys(session, [key])


def _beside(session: Session, context: Context, mine: MyTurn, message: Message) -> Message:
    return beside(session, context, mine.actor.member, ItemKind.CHECKIN, mine.round.id, message)

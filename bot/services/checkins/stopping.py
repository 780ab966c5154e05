"""Pausing, resuming and deleting a check-in. Who may, and the note about it, is the caller's.

What was asked already runs on to its close. A round that nobody was asked in yet is cancelled.
"""

from sqlmodel import Session

from bot.services.checkins.planning import begin, free_label, hold_opening, plan_asking, plan_next
from bot.services.checkins.topics import nudge_key, nudge_topic, question_key
from bot.services.context import Context
from bot.services.scheduling import cancel
from bot.services.unasked import take_back
from storage.checkins import (
    delete_pulse_rounds,
    end_waiting,
    list_open_rounds,
    list_rounds,
    list_unsent,
    lock_round,
    remove_pulse_asked,
    resume_stopped,
    was_anybody_asked,
)
from storage.private_items import take_back_alone
from storage.tables import (
    Checkin,
    CheckinRound,
    CheckinState,
    ItemKind,
    Outcome,
    RoundState,
    ScheduleKind,
    Workspace,
)


def pause(session: Session, context: Context, workspace: Workspace, checkin: Checkin) -> None:
    """Nobody is asked any more until it is resumed."""
    _stop(session, context, workspace, checkin, CheckinState.PAUSED)


def delete(session: Session, context: Context, workspace: Workspace, checkin: Checkin) -> None:
    """Nothing is asked any more; what was answered stays."""
    _stop(session, context, workspace, checkin, CheckinState.DELETED)


def resume(session: Session, context: Context, workspace: Workspace, checkin: Checkin) -> None:
    """Ask again, also after a deletion (its undo). Whom it held back is asked while their window is open."""
    checkin.state = CheckinState.ACTIVE
    session.add(checkin)
    session.flush()
    for round_ in list_rounds(session, checkin.id):
        if round_.closes_at > context.now and round_.state is not RoundState.CLOSED and not round_.is_stopped:
            _resume_round(session, context, checkin, round_)
    plan_next(session, context, workspace, checkin)


def stop(session: Session, checkin: Checkin) -> None:
    """Stop the rounds that run, until they `go_on`; the next one comes as planned."""
    for round_ in list_open_rounds(session, checkin.id):
        round_.is_stopped = True
    stop_rounds(session, checkin)


def go_on(session: Session, context: Context, workspace: Workspace, checkin: Checkin) -> None:
    """Whom `stop` held back is asked while their window is open."""
    for round_ in list_rounds(session, checkin.id):
        round_.is_stopped = False
    resume(session, context, workspace, checkin)


def stop_rounds(session: Session, checkin: Checkin) -> None:
    """Stop what is not sent: whose turn is to come is not asked, whose message has not left is not asked after all,
    and nobody is reminded until it is resumed.
    """
    for round_ in list_open_rounds(session, checkin.id):
        lock_round(session, round_.id)
        cancel(session, ScheduleKind.CHECKIN_ASK, round_.id)  # whoever is asking has finished then
        if round_.state is RoundState.OPEN:
            _stop_round(session, round_)


def _stop(session: Session, context: Context, workspace: Workspace, checkin: Checkin, state: CheckinState) -> None:
    hold_opening(session, checkin)
    checkin.state = state
    session.add(checkin)
    session.flush()
    stop_rounds(session, checkin)
    plan_next(session, context, workspace, checkin)


def _stop_round(session: Session, round_: CheckinRound) -> None:
    end_waiting(session, round_.id, Outcome.STOPPED)
    take_back_unsent(session, round_, Outcome.STOPPED)
    if not was_anybody_asked(session, round_.id):
        cancel(session, ScheduleKind.CHECKIN_CLOSE, round_.id)
        delete_pulse_rounds(session, round_)
        round_.state = RoundState.CANCELLED
        session.flush()


def take_back_unsent(session: Session, round_: CheckinRound, outcome: Outcome) -> None:
    """Whom no message of the round has reached is not asked after all. So many at most as `asking` lets wait."""
    for turn, member in list_unsent(session, round_.id, ItemKind.NUDGE):
        take_back(session, nudge_key(turn.round_id, member.id))
    take_back_alone(session, round_.workspace_id, nudge_topic(round_.id))
    stopped: list[str] = []
    for turn, member in list_unsent(session, round_.id, ItemKind.CHECKIN):
        is_open = turn.outcome is Outcome.ASKED and not turn.has_answered and turn.ask_at
        if is_open and turn.ask_at and take_back(session, question_key(round_.id, member.id, turn.ask_at)):
            turn.outcome = outcome
            stopped.append(member.id)
    session.flush()
    remove_pulse_asked(session, round_, stopped)


def _resume_round(session: Session, context: Context, checkin: Checkin, round_: CheckinRound) -> None:
    lock_round(session, round_.id)
    waits = resume_stopped(session, round_.id, context.now)
    if waits and round_.state is RoundState.CANCELLED:
        round_.label, round_.state = free_label(session, checkin, round_.day), RoundState.OPEN
        session.flush()
        begin(session, context, checkin, round_, context.now)
    elif round_.state is RoundState.OPEN:
        plan_asking(session, context, round_, context.now)

"""What changes for people while rounds run: another zone, site, week, absence, day off, or they are gone."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Final

from sqlmodel import Session

from bot.domain.checkin.timing import turn as turn_of
from bot.services.access import has_left
from bot.services.checkins.planning import closing_day, plan_asking, window_of
from bot.services.checkins.topics import nudge_key, question_key
from bot.services.context import Context
from bot.services.unasked import take_back
from bot.services.working_time import working_times
from storage.checkins import Turns, hold_unasked_turns, list_open_turns, list_running, remove_pulse_asked
from storage.tables import Checkin, CheckinAsked, CheckinRound, Member, Outcome, Workspace

ONE_DAY: Final = timedelta(days=1)
MAY_WAIT_AGAIN: Final = frozenset({Outcome.AWAY, Outcome.DAY_OFF, Outcome.NO_TIME, Outcome.LEFT, Outcome.UNDISTURBED})
"""Whoever was not asked for such a reason is asked once it is over."""


def replan_member(session: Session, context: Context, workspace: Workspace, member: Member) -> None:
    """Their zone, site, working days or absence changed: plan their turns in open rounds anew."""
    replan_members(session, context, workspace, [member.id])


def replan_members(
    session: Session, context: Context, workspace: Workspace, member_ids: Collection[str] | None = None
) -> None:
    """Plan the turns of these members in open rounds anew, None = of everybody; with as few queries for ten thousand as
    for one. Their reminders are held against their hours when they come.
    """
    for round_, checkin in list_running(session, workspace.id):
        turns = hold_unasked_turns(session, round_.id, MAY_WAIT_AGAIN, member_ids)
        due = [one for one in turns if not (one[1].undisturbed or has_left(workspace, context, one[1]))]
        if moments := _replan(session, context, workspace, round_, checkin, due):
            plan_asking(session, context, round_, min(moments))
    session.flush()


def end_turns(session: Session, member: Member, outcome: Outcome) -> None:
    """They are not to be asked any more (`LEFT`, `UNDISTURBED`); what has not reached them does not leave."""
    session.flush()
    for turn, round_, _ in list_open_turns(session, member.id):
        turn.nudge_at = None
        take_back(session, nudge_key(round_.id, member.id))
        if turn.has_answered:
            continue
        if turn.outcome is Outcome.WAITING:
            turn.outcome, turn.ask_at = outcome, None
        elif turn.outcome is Outcome.ASKED and turn.ask_at:
            _take_back_question(session, turn, round_, outcome)
    session.flush()


def _take_back_question(session: Session, turn: CheckinAsked, round_: CheckinRound, outcome: Outcome) -> None:
    assert turn.ask_at is not None
    if take_back(session, question_key(round_.id, turn.member_id, turn.ask_at)):
        turn.outcome, turn.ask_at = outcome, None
        session.flush()
        remove_pulse_asked(session, round_, [turn.member_id])


def _replan(
    session: Session, context: Context, workspace: Workspace, round_: CheckinRound, checkin: Checkin, turns: Turns
) -> Sequence[datetime]:
    """When they are asked now. Never beyond the close of the round: results freeze then."""
    if not turns:
        return ()
    first, last = round_.day - ONE_DAY, (round_.closes_at + ONE_DAY).date()
    works = working_times(session, workspace, [member for _, member in turns], first, last)
    closes_on = closing_day(session, workspace, checkin, round_.day, round_.starts_at)
    window = window_of(checkin, round_.starts_at)
    for turn, member in turns:
        its = turn_of(window, round_.day, closes_on, works[member.id], context.now)
        turn.until = min(its.until, round_.closes_at)
        is_in_time = its.ask_at is None or its.ask_at < turn.until
        turn.outcome, turn.ask_at = (its.outcome, its.ask_at) if is_in_time else (Outcome.NO_TIME, None)
    return [turn.ask_at for turn, _ in turns if turn.ask_at]

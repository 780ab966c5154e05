"""The end of a round: nobody is asked any more, what was answered says only what it may, and the result is posted."""

from datetime import datetime, timedelta
from typing import Final

from sqlmodel import Session

from bot.domain.brief_times import LATE_FROM
from bot.domain.figures import SMALLEST_GROUP
from bot.services.checkins.planning import next_round_day
from bot.services.checkins.results import post_result
from bot.services.checkins.skipping import tell_not_asked
from bot.services.checkins.stopping import take_back_unsent
from bot.services.checkins.topics import checkin_topic, nudge_topic
from bot.services.context import Context
from bot.services.scheduling import first_free, plan, skip_if_late
from bot.services.unasked import forget
from storage.checkins import (
    count_outcomes,
    delete_pulse_rounds,
    end_waiting,
    find_checkin,
    find_round,
    forget_nudge_moments,
    list_pulse_rounds,
    seal_answers,
    take_round,
    was_anybody_asked,
)
from storage.outbox import list_posts
from storage.pulses import close_round
from storage.tables import (
    Checkin,
    CheckinRound,
    CheckinState,
    ItemKind,
    OccurrenceState,
    Outcome,
    RoundState,
    Schedule,
    ScheduleKind,
    Workspace,
)

MINUTE: Final = timedelta(minutes=1)


def close_due(session: Session, context: Context, schedule: Schedule, due_at: datetime) -> OccurrenceState:
    """Close the round however late, and post its result while that helps: a week."""
    round_ = find_round(session, schedule.workspace_id, schedule.subject_id)
    checkin = find_checkin(session, schedule.workspace_id, round_.checkin_id) if round_ else None
    if round_ is None or checkin is None:
        return OccurrenceState.SKIPPED
    workspace = session.get_one(Workspace, schedule.workspace_id)
    if not close(session, context, workspace, checkin, round_):
        again = first_free(session, ScheduleKind.CHECKIN_CLOSE, round_.id, context.now + MINUTE)
        plan(session, context, workspace.id, ScheduleKind.CHECKIN_CLOSE, round_.id, again)
        return OccurrenceState.DONE
    if round_.state is not RoundState.CLOSED or checkin.state is CheckinState.DELETED:
        return OccurrenceState.SKIPPED
    if skip_if_late(session, context, schedule, due_at):
        return OccurrenceState.SKIPPED
    post_result(session, context, workspace, checkin, round_, due_at)
    return OccurrenceState.LATE if context.now - due_at >= LATE_FROM else OccurrenceState.DONE


def close(session: Session, context: Context, workspace: Workspace, checkin: Checkin, round_: CheckinRound) -> bool:
    """End the round, now that its last window has ended; again, it changes nothing. False while somebody is answering:
    then it is for a later moment.

    Apart from posting the result: one that cannot be written must not leave the answers open.
    """
    held = take_round(session, round_.id)
    if held is None or held.state is not RoundState.OPEN:
        return held is not None
    end_waiting(session, held.id, Outcome.NO_TIME)
    forget_nudge_moments(session, held.id)
    take_back_unsent(session, held, Outcome.NO_TIME)
    if was_anybody_asked(session, held.id):
        _seal(session, held)
    else:
        _cancel(session, context, workspace, checkin, held)
    session.flush()
    # Whoever was reminded had not answered.
    forget(session, context, workspace.id, ItemKind.NUDGE, held.id, nudge_topic(held.id))
    return True


def _seal(session: Session, round_: CheckinRound) -> None:
    """From now on its answers say only what may be shown, and never change."""
    for pulse_round in list_pulse_rounds(session, round_):
        close_round(session, pulse_round.id, SMALLEST_GROUP)
    seal_answers(session, round_.id, SMALLEST_GROUP)
    round_.state = RoundState.CLOSED


def _cancel(session: Session, context: Context, workspace: Workspace, checkin: Checkin, round_: CheckinRound) -> None:
    """Nobody was asked. Where somebody would have been, had we run, the facilitators hear so."""
    delete_pulse_rounds(session, round_)
    round_.state = RoundState.CANCELLED
    if Outcome.NO_TIME in count_outcomes(session, round_.id):
        following = next_round_day(session, context, workspace, checkin)
        tried = bool(list_posts(session, workspace.id, checkin_topic(round_.id)))
        tell_not_asked(session, context, workspace, checkin, [round_.day], following, unreachable=tried)

"""What is due becomes an occurrence, once, together with its messages in one transaction."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import TypeAlias

import structlog
from sqlmodel import Session

from bot.services.context import Context
from bot.services.traces import trace
from storage import schedules
from storage.tables import Occurrence, OccurrenceState, Schedule, ScheduleKind
from storage.types import check_aware

Materialise: TypeAlias = Callable[[Session, Context, Schedule, datetime], OccurrenceState]
"""Does what is due (the last argument is the due moment; `ctx.now` may be later) and enqueues it in this transaction.

Decides by its own catch-up window: DONE, LATE (done with a note) or SKIPPED (not done, a note to the facilitators).
It may plan the next moment of its own schedule. An error undoes all it did; later it is tried again with the same due
moment.
"""

BATCH = 20
FIRST_RETRY, GIVE_UP_AFTER = timedelta(minutes=5), timedelta(days=1)

log = structlog.get_logger()


def plan(
    session: Session, ctx: Context, workspace_id: str, kind: ScheduleKind, subject_id: str, due_at: datetime
) -> None:
    """Let `kind` fall due for the subject at that moment, in place of any moment planned before.

    A moment that was done already is not done again.
    """
    schedules.put(
        session,
        Schedule(
            id=ctx.new_id(),
            workspace_id=workspace_id,
            kind=kind,
            subject_id=subject_id,
            next_due_at=check_aware(due_at),
        ),
    )


def cancel(session: Session, kind: ScheduleKind, subject_id: str) -> None:
    """Nothing falls due any more for the subject; what was done stays done."""
    schedules.cancel(session, kind, subject_id)


def forget(session: Session, kind: ScheduleKind, subject_id: str) -> None:
    """Nothing falls due any more, and nothing tells that something did: a moment can betray somebody's time zone."""
    schedules.forget(session, kind, subject_id)


def materialise_due(session: Session, ctx: Context, kinds: Mapping[ScheduleKind, Materialise]) -> int:
    """Do what is due of these kinds, each once whoever ticks; how many were dealt with (call again until 0)."""
    due = schedules.lock_due(session, ctx.now, kinds.keys(), BATCH)
    for schedule in due:
        _do_once(session, ctx, schedule, kinds[schedule.kind])
    return len(due)


def next_due(session: Session, workspace_id: str | None = None) -> Schedule | None:
    """What falls due first, in one workspace or in all; None when nothing is planned."""
    return schedules.first_due(session, workspace_id)


def _do_once(session: Session, ctx: Context, schedule: Schedule, materialise: Materialise) -> None:
    due_at = schedule.next_due_at
    assert due_at is not None
    ids = {"schedule_id": schedule.id, "kind": str(schedule.kind)}
    try:
        with session.begin_nested():
            if schedules.claim_occurrence(session, _occurrence(ctx, schedule, due_at, OccurrenceState.DONE)):
                state = materialise(session, ctx, schedule, due_at)
                schedules.set_occurrence_state(session, ids["schedule_id"], due_at, state)
                log.info("schedule_done", state=str(state), **ids)
            schedules.close(session, ids["schedule_id"], due_at)
    except Exception as error:  # noqa: BLE001  one poison schedule must not stop the others
        log.error("schedule_failed", error=trace(error), **ids)  # noqa: TRY400  a traceback would repeat texts
        _push_ahead(session, ctx, schedule, due_at)


def _push_ahead(session: Session, ctx: Context, schedule: Schedule, due_at: datetime) -> None:
    """Try the same moment again, each time after as long again; after a day the ledger says FAILED and that is that."""
    schedules.claim_occurrence(session, _occurrence(ctx, schedule, due_at, OccurrenceState.FAILED))
    late = ctx.now - due_at
    if late >= GIVE_UP_AFTER:
        log.error("schedule_given_up", schedule_id=schedule.id)
        schedules.close(session, schedule.id, due_at)
    else:
        schedules.push_ahead(session, schedule.id, ctx.now + max(FIRST_RETRY, late))


def _occurrence(ctx: Context, schedule: Schedule, due_at: datetime, state: OccurrenceState) -> Occurrence:
    return Occurrence(
        id=ctx.new_id(),
        workspace_id=schedule.workspace_id,
        schedule_id=schedule.id,
        due_at=due_at,
        state=state,
        materialised_at=ctx.now,
    )

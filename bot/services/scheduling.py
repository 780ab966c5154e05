"""What is due becomes an occurrence, once, together with its messages in one transaction.

Where nothing ran at the due moment, it is done late while it still helps (`HELPS_FOR`), else skipped. The ledger says
so, and so does a private message to the facilitators:

| kind             | helps                                          | skipped: the facilitators hear                   |
|------------------|------------------------------------------------|--------------------------------------------------|
| `brief`          | until its meeting begins; its first line says  | that there was none, and when the next one comes |
|                  | how late it is                                 |                                                  |
| `brief_reminder` | 9 hours from 09:00 in each person's zone, else | that a reminder was not sent                     |
|                  | from 2 hours before the meeting until it begins|                                                  |
| `brief_close`    | however late: counts who opened it             | -                                                |
| `ask_again`      | a day: "later today" is over                   | that a question was not shown again              |
| `ask_end`        | however late: the question ends                | -                                                |
| `help_lesson`    | a week: then the next Thursday has come        | that the lesson was not asked                    |
| `series_ahead`   | however late: plans from where it stopped      | -                                                |
| `checkin`        | while somebody's own window is open: whoever   | that it was not asked, and when the next one     |
|                  | can still be asked is asked                    | comes                                            |
| `checkin_ask`    | while somebody's own window is open            | that the round was not asked, where nobody was   |
| `checkin_close`  | a week: the result says how late it is; the    | that there was no result                         |
|                  | answers are closed however late                |                                                  |
| `weekly_summary` | four days: then it tells of last week; the next| that there was none                              |
|                  | one tells of that week too                     |                                                  |
| `private_item`   | until what waits no longer helps; later than an| -                                                |
|                  | hour, in the person's next hours               |                                                  |

What became needless (a cancelled meeting, an answered question) is skipped without a word. What goes wrong is tried
again for a day, then given up; the facilitators hear that too.
"""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Final, TypeAlias

import structlog
from sqlmodel import Session

from bot.services.context import Context
from bot.services.failures import tell_given_up, tell_skipped
from bot.services.traces import trace
from storage import schedules
from storage.tables import Occurrence, OccurrenceState, Schedule, ScheduleKind
from storage.types import check_aware

Materialise: TypeAlias = Callable[[Session, Context, Schedule, datetime], OccurrenceState]
"""Does what is due (the last argument is the due moment; `context.now` may be later) in this transaction.

Says what became of it: DONE, LATE (done with a note) or SKIPPED (needless, or the facilitators were told why not).
It may plan the next moment of its own schedule. An error undoes all it did; later it is tried again with the same due
moment.
"""

HELPS_FOR: Final[Mapping[ScheduleKind, timedelta | None]] = {
    ScheduleKind.BRIEF: None,  # decides by its meeting
    ScheduleKind.BRIEF_REMINDER: None,  # decides by its meeting, for each person
    ScheduleKind.BRIEF_CLOSE: None,
    ScheduleKind.ASK_AGAIN: timedelta(days=1),
    ScheduleKind.ASK_END: None,
    ScheduleKind.HELP_LESSON: timedelta(days=7),
    ScheduleKind.SERIES_AHEAD: None,
    ScheduleKind.CHECKIN: None,  # decides by its window
    ScheduleKind.CHECKIN_ASK: None,  # decides by each person's window
    ScheduleKind.CHECKIN_CLOSE: timedelta(days=7),
    ScheduleKind.WEEKLY_SUMMARY: timedelta(days=4),
    ScheduleKind.PRIVATE_ITEM: None,  # decides by what waits, and by the person's hours
}
"""How long after its due moment each kind is still done; None = however late, or it decides by itself."""

BATCH = 20
KEEP_OCCURRENCES = timedelta(days=90)
FIRST_RETRY, GIVE_UP_AFTER = timedelta(minutes=5), timedelta(days=1)

log = structlog.get_logger()


def plan(
    session: Session, context: Context, workspace_id: str, kind: ScheduleKind, subject_id: str, due_at: datetime
) -> None:
    """Let `kind` fall due for the subject at that moment, in place of any moment planned before.

    A moment that was done already is not done again.
    """
    schedules.put(session, _schedule(context, workspace_id, kind, subject_id, due_at))


def plan_by(
    session: Session, context: Context, workspace_id: str, kind: ScheduleKind, subject_id: str, due_at: datetime
) -> None:
    """Let `kind` fall due for the subject at that moment at the latest; for what looks again whenever there is reason.

    Where that moment was done already (a clock was put back), a second later.
    """
    due_at = first_free(session, kind, subject_id, due_at)
    schedules.put_by(session, _schedule(context, workspace_id, kind, subject_id, due_at))


def first_free(session: Session, kind: ScheduleKind, subject_id: str, due_at: datetime) -> datetime:
    """The first second from that moment on that the ledger does not know as done."""
    while schedules.is_in_ledger(session, kind, subject_id, due_at):
        due_at += timedelta(seconds=1)
    return due_at


def cancel(session: Session, kind: ScheduleKind, subject_id: str) -> None:
    """Nothing falls due any more for the subject; what was done stays done."""
    schedules.cancel(session, kind, subject_id)


def forget(session: Session, kind: ScheduleKind, subject_id: str) -> None:
    """Nothing falls due any more, and nothing tells that something did: a moment can betray somebody's time zone."""
    schedules.forget(session, kind, subject_id)


def skip_if_late(session: Session, context: Context, schedule: Schedule, due_at: datetime) -> bool:
    """Whether it no longer helps anybody; then the facilitators are told that it was not done."""
    helps_for = HELPS_FOR[schedule.kind]
    if helps_for is None or context.now - due_at <= helps_for:
        return False
    tell_skipped(session, context, schedule)
    return True


def materialise_due(session: Session, context: Context, kinds: Mapping[ScheduleKind, Materialise]) -> int:
    """Do what is due of these kinds, each once whoever ticks; how many were dealt with (call again until 0)."""
    due = schedules.lock_due(session, context.now, kinds.keys(), BATCH)
    for schedule in due:
        _do_once(session, context, schedule, kinds[schedule.kind])
    return len(due)


def next_due(session: Session, workspace_id: str | None = None) -> Schedule | None:
    """What falls due first, in one workspace or in all; None when nothing is planned."""
    return schedules.first_due(session, workspace_id)


def purge(session: Session, context: Context) -> int:
    """Forget what was done 90 days ago, and schedules of which nothing is left; how many rows."""
    return schedules.forget_done(session, context.now - KEEP_OCCURRENCES)


def _do_once(session: Session, context: Context, schedule: Schedule, materialise: Materialise) -> None:
    due_at = schedule.next_due_at
    assert due_at is not None
    ids = {"schedule_id": schedule.id, "kind": str(schedule.kind)}
    try:
        with session.begin_nested():
            if schedules.claim_occurrence(session, _occurrence(context, schedule, due_at, OccurrenceState.DONE)):
                state = materialise(session, context, schedule, due_at)
                schedules.set_occurrence_state(session, ids["schedule_id"], due_at, state)
                log.info("schedule_done", state=str(state), **ids)
            schedules.close(session, ids["schedule_id"], due_at)
    except Exception as error:  # noqa: BLE001  one poison schedule must not stop the others
        log.error("schedule_failed", error=trace(error), **ids)  # noqa: TRY400  a traceback would repeat texts
        _push_ahead(session, context, schedule, due_at)


def _push_ahead(session: Session, context: Context, schedule: Schedule, due_at: datetime) -> None:
    """Try the same moment again, each time after as long again; after a day the ledger says FAILED and that is that."""
    schedules.claim_occurrence(session, _occurrence(context, schedule, due_at, OccurrenceState.FAILED))
    late = context.now - due_at
    if late >= GIVE_UP_AFTER:
        log.error("schedule_given_up", schedule_id=schedule.id)
        _tell_given_up(session, context, schedule)
        schedules.close(session, schedule.id, due_at)
    else:
        schedules.push_ahead(session, schedule.id, context.now + max(FIRST_RETRY, late))


def _tell_given_up(session: Session, context: Context, schedule: Schedule) -> None:
    try:
        with session.begin_nested():
            tell_given_up(session, context, schedule)
    except Exception as error:  # noqa: BLE001  it is given up, whether or not it can be told
        log.error("failure_not_explained", schedule_id=schedule.id, error=trace(error))  # noqa: TRY400


def _schedule(context: Context, workspace_id: str, kind: ScheduleKind, subject_id: str, due_at: datetime) -> Schedule:
    return Schedule(
        id=context.new_id(),
        workspace_id=workspace_id,
        kind=kind,
        subject_id=subject_id,
        next_due_at=check_aware(due_at),
    )


def _occurrence(context: Context, schedule: Schedule, due_at: datetime, state: OccurrenceState) -> Occurrence:
    return Occurrence(
        id=context.new_id(),
        workspace_id=schedule.workspace_id,
        schedule_id=schedule.id,
        due_at=due_at,
        state=state,
        materialised_at=context.now,
    )

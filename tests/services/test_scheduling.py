"""What is due is done once: on time, late, or skipped, whoever ticks."""

from collections.abc import Mapping
from datetime import datetime

import pytest
from sqlmodel import Session, select

from bot.services import outbox, scheduling
from bot.services.context import Context
from bot.services.scheduling import Materialise, materialise_due
from storage.database import Database
from storage.tables import Occurrence, OccurrenceState, Outgoing, Schedule, ScheduleKind
from tests.builders import WORKSPACE, a_context, a_message, a_workspace
from tests.clock import T


@pytest.fixture(autouse=True)
def workspace(database: Database) -> str:
    return a_workspace(database).id


def brief(session: Session, context: Context, schedule: Schedule, due_at: datetime) -> OccurrenceState:
    """Helps until an hour later; poison never comes out."""
    if schedule.subject_id.startswith("poison"):
        session.add(a_row("half:" + schedule.subject_id))
        session.flush()
        raise ValueError(schedule.subject_id)
    if context.now > due_at + (T(hours=1) - T()):
        return OccurrenceState.SKIPPED
    key = f"brief:{schedule.subject_id}:{due_at:%H%M}"
    outbox.enqueue(session, context, workspace_id=schedule.workspace_id, key=key, target_id="C1", message=a_message())
    return OccurrenceState.LATE if context.now > due_at else OccurrenceState.DONE


def a_row(key: str) -> Outgoing:
    return Outgoing(
        id=key, workspace_id=WORKSPACE, key=key, target_id="C1", message={}, delivery_key=key, not_before=T()
    )


KINDS: Mapping[ScheduleKind, Materialise] = {ScheduleKind.BRIEF: brief}


def plan(database: Database, subject: str, kind: ScheduleKind = ScheduleKind.BRIEF, **later: float) -> None:
    with database.transaction() as session:
        scheduling.plan(session, a_context(), WORKSPACE, kind, subject, T(**later))


def tick(database: Database, **later: float) -> int:
    with database.transaction() as session:
        return materialise_due(session, a_context(T(**later)), KINDS)


def ledger(database: Database) -> list[tuple[datetime, str]]:
    with database.snapshot() as session:
        rows = session.exec(select(Occurrence)).all()
    return sorted((row.due_at, str(row.state)) for row in rows)


def messages(database: Database) -> list[str]:
    with database.snapshot() as session:
        return sorted(session.exec(select(Outgoing.key)).all())


def test_nothing_happens_before_its_time(database: Database) -> None:
    plan(database, "m1", minutes=5)

    assert tick(database, minutes=4) == 0
    assert tick(database, minutes=5) == 1
    assert tick(database, minutes=6) == 0
    assert ledger(database) == [(T(minutes=5), "done")]
    assert messages(database) == ["brief:m1:1405"]


def test_what_was_missed_is_late_while_it_helps_and_skipped_when_not(database: Database) -> None:
    plan(database, "m1", minutes=5)
    plan(database, "m2", minutes=-90)

    assert tick(database, minutes=20) == 2

    assert ledger(database) == [(T(minutes=-90), "skipped"), (T(minutes=5), "late")]
    assert messages(database) == ["brief:m1:1405"]


def test_a_moved_meeting_is_due_at_its_new_moment_only(database: Database) -> None:
    plan(database, "m1", minutes=5)
    plan(database, "m1", minutes=50)

    assert tick(database, minutes=30) == 0
    assert tick(database, minutes=50) == 1


def test_planning_what_was_done_does_not_do_it_again(database: Database) -> None:
    plan(database, "m1", minutes=5)
    tick(database, minutes=5)
    plan(database, "m1", minutes=5)

    tick(database, minutes=6)

    assert ledger(database) == [(T(minutes=5), "done")]
    assert tick(database, minutes=7) == 0


def test_a_cancelled_meeting_falls_silent(database: Database) -> None:
    plan(database, "m1", minutes=5)
    with database.transaction() as session:
        scheduling.cancel(session, ScheduleKind.BRIEF, "m1")

    assert tick(database, hours=1) == 0


def test_a_schedule_may_plan_its_own_next_moment(database: Database) -> None:
    def weekly(session: Session, context: Context, schedule: Schedule, _due_at: datetime) -> OccurrenceState:
        scheduling.plan(session, context, schedule.workspace_id, schedule.kind, schedule.subject_id, T(days=7))
        return OccurrenceState.DONE

    plan(database, "round")
    with database.transaction() as session:
        materialise_due(session, a_context(), {ScheduleKind.BRIEF: weekly})

    with database.snapshot() as session:
        following = scheduling.next_due(session, WORKSPACE)
    assert following is not None
    assert following.next_due_at == T(days=7)


def test_what_this_process_does_not_know_is_left_for_one_that_does(database: Database) -> None:
    plan(database, "a1", ScheduleKind.ASK_END)

    assert tick(database, hours=1) == 0
    with database.snapshot() as session:
        assert scheduling.next_due(session) is not None


def test_the_first_to_fall_due_is_the_next(database: Database) -> None:
    plan(database, "m2", minutes=50)
    plan(database, "m1", minutes=5)

    with database.snapshot() as session:
        following = scheduling.next_due(session, WORKSPACE)
        assert scheduling.next_due(session, "elsewhere") is None
    assert following is not None
    assert following.subject_id == "m1"


def test_a_poison_schedule_stops_nobody_and_leaves_nothing_half_done(database: Database) -> None:
    plan(database, "m1", minutes=4)
    plan(database, "poison", minutes=5)
    plan(database, "m2", minutes=6)

    assert tick(database, minutes=6) == 3

    assert messages(database) == ["brief:m1:1404", "brief:m2:1406"]
    assert (T(minutes=5), "failed") in ledger(database)


def test_poison_is_pushed_ahead_each_time_further_and_given_up_after_a_day(database: Database) -> None:
    plan(database, "poison")
    tried = [minute for minute in range(0, 60 * 60, 5) if tick(database, minutes=minute)]

    assert tried == [0, 5, 10, 20, 40, 80, 160, 320, 640, 1280, 2560]
    assert ledger(database) == [(T(), "failed")]


def test_poison_that_heals_is_done_at_the_moment_it_was_due(database: Database) -> None:
    plan(database, "poison")
    tick(database)
    seen = []

    def healed(_session: Session, _context: Context, _schedule: Schedule, due_at: datetime) -> OccurrenceState:
        seen.append(due_at)
        return OccurrenceState.LATE

    with database.transaction() as session:
        assert materialise_due(session, a_context(T(minutes=5)), {ScheduleKind.BRIEF: healed}) == 1

    assert seen == [T()]
    assert ledger(database) == [(T(), "late")]
    assert tick(database, hours=30) == 0


def test_a_process_that_sees_what_another_has_just_done_does_not_do_it(database: Database, database_url: str) -> None:
    plan(database, "m1")
    other = Database(database_url)
    if not database.is_sqlite:
        with database.transaction() as first, other.transaction() as second:
            assert materialise_due(first, a_context(), KINDS) == 1
            assert materialise_due(second, a_context(), KINDS) == 0
    else:
        assert tick(database) + tick(other) == 1
    other.close()

    assert messages(database) == ["brief:m1:1400"]

"""The counts that monitoring sees, on both databases."""

from bot.services.metrics import figures
from storage.database import Database
from storage.tables import OutboxState, Outgoing, Schedule, ScheduleKind
from tests.builders import WORKSPACE, a_workspace
from tests.clock import T0, T


def test_an_empty_installation_has_nothing_waiting(database: Database) -> None:
    with database.snapshot() as session:
        found = figures(session, T0)

    assert dict(found.outbox) == dict.fromkeys(OutboxState, 0)
    assert (found.backlog.waiting, found.backlog.oldest_due_at, found.late_schedules) == (0, None, 0)


def test_messages_are_counted_by_state_and_what_is_due_by_age(database: Database) -> None:
    a_workspace(database)
    states = [OutboxState.PENDING] * 3 + [OutboxState.SENT] * 2 + [OutboxState.FAILED]
    with database.transaction() as session:
        for number, state in enumerate(states):
            session.add(an_outgoing(number, state, minutes=number - 1))

    with database.snapshot() as session:
        found = figures(session, T0)

    assert dict(found.outbox) == {
        OutboxState.PENDING: 3,
        OutboxState.SENDING: 0,
        OutboxState.SENT: 2,
        OutboxState.FAILED: 1,
    }
    assert (found.backlog.waiting, found.backlog.oldest_due_at) == (2, T(minutes=-1))


def test_a_schedule_is_late_when_it_is_due_for_more_than_a_minute(database: Database) -> None:
    a_workspace(database)
    due = {"never": None, "later": T(hours=1), "now": T(seconds=-50), "late": T(seconds=-70), "failed": T(hours=-3)}
    with database.transaction() as session:
        for key, moment in due.items():
            session.add(
                Schedule(
                    id=key,
                    workspace_id=WORKSPACE,
                    kind=ScheduleKind.BRIEF,
                    subject_id=key,
                    next_due_at=moment,
                    retry_at=T(hours=1) if key == "failed" else None,
                )
            )

    with database.snapshot() as session:
        assert figures(session, T0).late_schedules == 2


def an_outgoing(number: int, state: OutboxState, minutes: float) -> Outgoing:
    return Outgoing(
        id=f"out{number}",
        workspace_id=WORKSPACE,
        key=f"key{number}",
        target_id="C-SOP",
        delivery_key=f"delivery{number}",
        state=state,
        not_before=T(minutes=minutes),
    )

"""However many processes send, together they keep the pace of the workspace, and what the platform asked for."""

from datetime import timedelta

import pytest

from bot.domain.chat import DeliveryError, Sent
from bot.services import lanes, outbox
from bot.services.lanes import PACE, RECOVERY, SLOWEST
from bot.services.outbox import Claimed, Wait
from storage.database import Database
from storage.tables import Lane
from tests.builders import WORKSPACE, a_context, a_message, a_workspace
from tests.clock import T

UNPACED = timedelta(0)
BUSY = DeliveryError("busy", retry_after=timedelta(seconds=30))


@pytest.fixture(autouse=True)
def waiting(database: Database) -> str:
    """Forty messages of one workspace."""
    with database.transaction() as session:
        workspace_id = a_workspace(session).id
        for number in range(40):
            key = f"m{number}"
            outbox.enqueue(
                session, a_context(), workspace_id=workspace_id, key=key, target_id="C1", message=a_message(key)
            )
    return workspace_id


def take(database: Database, pace: timedelta = PACE, **later: float) -> Claimed | Wait | None:
    with database.transaction() as session:
        return outbox.claim(session, a_context(T(**later)), WORKSPACE, pace)


def take_one(database: Database, pace: timedelta = PACE, **later: float) -> Claimed:
    taken = take(database, pace, **later)
    assert isinstance(taken, Claimed)
    return taken


def asked_to_wait(database: Database, claimed: Claimed, **later: float) -> None:
    with database.transaction() as session:
        outbox.mark_not_sent(session, a_context(T(**later)), claimed, BUSY, lambda *_: [])


def arrived(database: Database, claimed: Claimed) -> None:
    with database.transaction() as session:
        outbox.mark_sent(session, a_context(), claimed, Sent("C1", "1.0"))


def interval(database: Database) -> float:
    with database.snapshot() as session:
        return session.get_one(Lane, WORKSPACE).interval_seconds


def test_240_messages_a_minute_whoever_sends_them(database: Database, database_url: str) -> None:
    other = Database(database_url)

    assert take_one(database).pause == timedelta(seconds=0.25)
    assert take(other) == Wait(timedelta(seconds=0.25))
    assert take(other, seconds=0.2) == Wait(timedelta(seconds=0.05))
    take_one(other, seconds=0.25)
    assert take(database, seconds=0.25) == Wait(timedelta(seconds=0.25))
    other.close()


def test_asked_to_wait_all_processes_wait_the_restarted_too(database: Database, database_url: str) -> None:
    asked_to_wait(database, take_one(database))
    restarted = Database(database_url)

    for seconds in (1, 29):
        assert take(restarted, seconds=seconds) == Wait(timedelta(seconds=30 - seconds))
        with restarted.snapshot() as session:
            assert outbox.ready_workspaces(session, T(seconds=seconds)) == []
    take_one(restarted, seconds=30)
    assert take(restarted, seconds=30) == Wait(timedelta(seconds=0.5)), "half as fast"
    restarted.close()


def test_told_at_once_by_several_it_is_halved_once(database: Database) -> None:
    flying = [take_one(database, seconds=number) for number in range(3)]

    for claimed in flying:
        asked_to_wait(database, claimed, seconds=3)

    assert interval(database) == 0.5


def test_it_never_slows_down_without_end_and_recovers_slowly(database: Database) -> None:
    for number in range(8):
        asked_to_wait(database, take_one(database, minutes=number), minutes=number)
    assert interval(database) == PACE.total_seconds() * SLOWEST

    arrived(database, take_one(database, minutes=9))
    assert interval(database) == PACE.total_seconds() * SLOWEST * RECOVERY

    with database.transaction() as session:
        session.get_one(Lane, WORKSPACE).interval_seconds = 0.251
    arrived(database, take_one(database, minutes=10))
    assert interval(database) == 0.25, "never faster than the pace"


def test_without_a_pace_only_the_platform_makes_it_wait(database: Database) -> None:
    take_one(database, UNPACED)
    asked_to_wait(database, take_one(database, UNPACED))

    assert take(database, UNPACED, seconds=29) == Wait(timedelta(seconds=1))
    take_one(database, UNPACED, seconds=30)
    take_one(database, UNPACED, seconds=30)


def test_a_clock_that_is_set_back_costs_no_more_than_the_pace(database: Database) -> None:
    take_one(database, hours=3)

    assert take(database) == Wait(PACE)
    take_one(database, seconds=0.25, hours=3)


def test_nothing_to_send_takes_no_lane(database: Database) -> None:
    other = a_workspace(database).id
    with database.transaction() as session:
        assert outbox.claim(session, a_context(), other) is None
        assert lanes.wait(a_context(), session.get_one(Lane, other)) == timedelta(0)


def test_another_workspace_has_a_lane_of_its_own(database: Database) -> None:
    other = a_workspace(database).id
    with database.transaction() as session:
        outbox.enqueue(session, a_context(), workspace_id=other, key="k", target_id="C9", message=a_message())
    asked_to_wait(database, take_one(database))

    with database.transaction() as session:
        assert outbox.ready_workspaces(session, T()) == [other]
        assert isinstance(outbox.claim(session, a_context(), other), Claimed)

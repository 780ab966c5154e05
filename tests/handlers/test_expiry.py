"""What could not leave in its time does not leave later; what may have arrived is looked up, and never sent again."""

from collections import deque

import pytest
from sqlmodel import Session, select

from bot.domain.chat import DeliveryError
from bot.services import outbox, unasked
from bot.services.unasked import Item
from handlers.jobs import Jobs
from storage.database import Database
from storage.tables import ItemKind, OutboxState, Outgoing, Workspace
from tests.builders import WORKSPACE, a_context, a_member, a_message, a_side, a_workspace
from tests.clock import Clock, T
from tests.fake_chat import FakeChat, asked_to_wait, server_error
from tests.handlers.jobs_at import jobs_at
from tests.services.unasked_world import an_item

NOT_READABLE = DeliveryError("not_allowed", permanent=True)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def chat() -> FakeChat:
    return FakeChat()


@pytest.fixture
def jobs(clock: Clock, database: Database, chat: FakeChat) -> Jobs:
    a_workspace(database, id=WORKSPACE)
    return jobs_at(clock, database, chat)


def put(database: Database, key: str, minutes: float | None) -> None:
    """Something that is worth nothing so many minutes later; None = it keeps."""
    with database.transaction() as session:
        outbox.enqueue(
            session,
            a_context(),
            workspace_id=WORKSPACE,
            key=key,
            target_id="U1",
            message=a_message(key),
            expires_at=None if minutes is None else T(minutes=minutes),
        )


def states(session: Session) -> dict[str, tuple[OutboxState, str | None]]:
    return {row.key: (row.state, row.error) for row in session.exec(select(Outgoing))}


async def test_what_is_too_late_does_not_leave(database: Database, jobs: Jobs, chat: FakeChat, clock: Clock) -> None:
    put(database, "gone", 10)
    put(database, "in time", 11)
    put(database, "keeps", None)
    clock.move(minutes=10)
    await jobs.deliver()
    assert sorted(chat.texts()) == ["in time", "keeps"]
    assert (await database.read(states))["gone"] == (OutboxState.PENDING, None)

    await jobs.reap_leases()

    assert (await database.read(states))["gone"] == (OutboxState.FAILED, "expired")
    assert chat.texts("U-ELS") == [], "nobody needs to hear of it"


async def test_a_workspace_with_nothing_but_late_messages_is_idle(database: Database, jobs: Jobs, clock: Clock) -> None:
    put(database, "gone", 10)
    await jobs.run_until_idle(clock.move(minutes=10))
    assert (await jobs.backlog()).waiting == 0


async def test_whoever_is_asked_to_wait_too_long_does_not_send_it(
    database: Database, jobs: Jobs, chat: FakeChat, clock: Clock
) -> None:
    chat.faults = deque([asked_to_wait(900)])
    put(database, "gone", 10)
    await jobs.deliver()
    await jobs.run_until_idle(clock.move(minutes=15))
    assert chat.texts() == []


async def test_one_that_may_have_arrived_is_looked_up_and_was_sent(
    database: Database, jobs: Jobs, chat: FakeChat, clock: Clock
) -> None:
    chat.faults = deque([server_error(accepted=True)])
    put(database, "there", 10)
    await jobs.deliver()
    await jobs.run_until_idle(clock.move(minutes=15))
    assert chat.texts() == ["there"]
    assert await database.read(states) == {"there": (OutboxState.SENT, None)}


async def test_one_that_did_not_arrive_is_looked_up_and_not_sent_again(
    database: Database, jobs: Jobs, chat: FakeChat, clock: Clock
) -> None:
    chat.faults = deque([server_error(accepted=False)])
    put(database, "gone", 10)
    await jobs.deliver()
    await jobs.run_until_idle(clock.move(minutes=15))
    assert chat.calls == ["post", "find"]
    assert await database.read(states) == {"gone": (OutboxState.FAILED, "expired")}


async def test_where_nobody_can_look_it_is_not_sent_again(
    database: Database, jobs: Jobs, chat: FakeChat, clock: Clock
) -> None:
    chat.faults, chat.cannot_find = deque([server_error(accepted=True)]), NOT_READABLE
    put(database, "there", 10)
    await jobs.deliver()
    await jobs.run_until_idle(clock.move(minutes=15))
    assert chat.texts("U1") == ["there"]
    assert (await database.read(states))["there"] == (OutboxState.FAILED, "perhaps_sent")


async def test_what_hangs_on_it_does_not_leave_either(
    database: Database, jobs: Jobs, chat: FakeChat, clock: Clock
) -> None:
    put(database, "gone", 10)
    with database.transaction() as session:
        gone = session.exec(select(Outgoing).where(Outgoing.key == "gone")).one()
        outbox.enqueue(
            session,
            a_context(),
            workspace_id=WORKSPACE,
            key="change",
            target_id="U1",
            message=a_message("change"),
            replaces=gone.id,
        )
    await jobs.run_until_idle(clock.move(minutes=15))
    assert chat.texts() == []
    assert (await database.read(states))["change"] == (OutboxState.FAILED, "parent_failed")


async def test_what_somebody_is_to_be_told_comes_on_their_next_day(
    database: Database, jobs: Jobs, chat: FakeChat, clock: Clock
) -> None:
    """The chat is away from Wednesday afternoon until Thursday noon."""
    a_side(database)
    els = a_member(database, external_id="U1")
    with database.transaction() as session:
        item: Item = an_item("A", ItemKind.ASK)
        unasked.tell(session, a_context(), session.get_one(Workspace, WORKSPACE), els, item)
    chat.faults = deque([asked_to_wait(20 * 3600)])
    await jobs.deliver()
    await jobs.run_until_idle(clock.move(hours=19))
    assert chat.texts() == []
    await jobs.run_until_idle(clock.move(hours=1))
    assert chat.texts() == ["A, whole"]

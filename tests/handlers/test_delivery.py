"""Posting through all that a chat does to one: asked to wait, errors before and after acceptance, dropped lines."""

import asyncio
from collections import Counter, deque
from datetime import timedelta

import pytest
from sqlmodel import Session, select

from bot.domain.chat import DeliveryError
from bot.services import outbox
from bot.services.lanes import PACE
from handlers.jobs import Jobs
from storage.database import Database
from storage.tables import OutboxState, Outgoing
from tests.builders import a_context, a_message, a_workspace
from tests.clock import Clock, T
from tests.fake_chat import FakeChat, Fault, asked_to_wait, dropped, refused_for_good, server_error
from tests.handlers.jobs_at import CHANNEL, Naps, jobs_at, say

MAY_HAVE_ARRIVED = [
    pytest.param(fault(accepted=accepted), id=f"{fault.__name__}-{'after' if accepted else 'before'}-acceptance")
    for fault in (server_error, dropped)
    for accepted in (True, False)
]


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def chat() -> FakeChat:
    return FakeChat()


@pytest.fixture
def naps() -> Naps:
    return Naps()


@pytest.fixture
def jobs(clock: Clock, database: Database, chat: FakeChat, naps: Naps) -> Jobs:
    a_workspace(database)
    return jobs_at(clock, database, chat, naps)


def put(database: Database, key: str, target_id: str = CHANNEL, *thread: str) -> str:
    with database.transaction() as session:
        return say(session, a_context(), key, target_id, *thread)


def states(session: Session) -> dict[str, OutboxState]:
    return {row.key: row.state for row in session.exec(select(Outgoing))}


async def test_a_brief_and_its_thread_arrive_once_and_in_order(database: Database, jobs: Jobs, chat: FakeChat) -> None:
    put(database, "brief", CHANNEL, "one", "two", "three")

    await jobs.run_until_idle(T())
    await jobs.run_until_idle(T(hours=1))

    assert chat.texts() == ["brief", "brief one", "brief two", "brief three"]
    assert [post.thread for post in chat.posts[1:]] == [chat.posts[0].place] * 3
    assert "find" not in chat.calls, "what is certain is not looked up"


@pytest.mark.parametrize("fault", MAY_HAVE_ARRIVED)
async def test_what_may_have_arrived_is_there_once(
    database: Database, jobs: Jobs, chat: FakeChat, clock: Clock, fault: Fault
) -> None:
    chat.faults = deque([fault])
    put(database, "brief", CHANNEL, "one")

    await jobs.run_until_idle(clock())
    await jobs.run_until_idle(clock.move(minutes=1))

    assert chat.texts() == ["brief", "brief one"]
    assert chat.calls.count("find") == 1


@pytest.mark.parametrize("fault", MAY_HAVE_ARRIVED)
async def test_a_reply_that_may_have_arrived_is_looked_up_in_its_thread(
    database: Database, jobs: Jobs, chat: FakeChat, clock: Clock, fault: Fault
) -> None:
    chat.faults = deque([None, fault])
    put(database, "brief", CHANNEL, "one", "two")

    await jobs.run_until_idle(clock())
    await jobs.run_until_idle(clock.move(minutes=1))

    assert chat.texts() == ["brief", "brief one", "brief two"]


async def test_asked_to_wait_the_whole_workspace_waits_and_nothing_is_looked_up(
    database: Database, jobs: Jobs, chat: FakeChat, clock: Clock
) -> None:
    chat.faults = deque([asked_to_wait(30)])
    put(database, "one", "C1")
    put(database, "two", "C2")

    await jobs.run_until_idle(clock())
    await jobs.run_until_idle(clock.move(seconds=29))
    assert (chat.texts(), chat.calls) == ([], ["post"])
    await jobs.run_until_idle(clock.move(seconds=1))

    assert sorted(chat.texts()) == ["one", "two"]
    assert "find" not in chat.calls


async def test_a_workspace_that_has_to_wait_does_not_hold_up_another(
    database: Database, jobs: Jobs, chat: FakeChat, clock: Clock
) -> None:
    chat.broken["C1"] = asked_to_wait(3600)
    put(database, "one", "C1")
    other = a_workspace(database).id
    with database.transaction() as session:
        for number in range(30):
            key = f"other {number}"
            outbox.enqueue(session, a_context(), workspace_id=other, key=key, target_id="C9", message=a_message(key))

    await jobs.run_until_idle(clock())

    assert len(chat.texts("C9")) == 30


async def test_one_who_left_does_not_stop_or_repeat_the_others(
    database: Database, jobs: Jobs, chat: FakeChat, clock: Clock
) -> None:
    chat.broken["U-GONE"] = refused_for_good("person_gone")
    for person in ("U1", "U-GONE", "U2"):
        put(database, f"ask {person}", person)

    await jobs.run_until_idle(clock())
    await jobs.run_until_idle(clock.move(days=1))

    assert sorted(chat.texts()) == ["ask U-GONE: person_gone", "ask U1", "ask U2"]
    assert chat.texts("U-ELS") == ["ask U-GONE: person_gone"]


async def test_a_row_the_chat_breaks_on_is_tried_again_and_then_reported_while_others_go_on(
    database: Database, jobs: Jobs, chat: FakeChat, clock: Clock
) -> None:
    chat.broken["U1"] = Fault(ZeroDivisionError())
    put(database, "bad", "U1")
    put(database, "good", "U2")

    for _ in range(6):
        await jobs.run_until_idle(clock())
        clock.move(hours=1)

    assert sorted(chat.texts()) == ["bad: refused", "good"]


async def test_a_row_that_holds_no_message_fails_alone(
    database: Database, jobs: Jobs, chat: FakeChat, clock: Clock
) -> None:
    put(database, "poison", "U1")
    with database.transaction() as session:
        session.exec(select(Outgoing)).one().message = {"summary": "?", "parts": [{"part": "Hologram"}]}
    put(database, "good", "U2")

    for _ in range(6):
        await jobs.run_until_idle(clock())
        clock.move(hours=1)

    assert sorted(chat.texts()) == ["good", "poison: refused"]


async def test_where_history_may_not_be_read_it_is_sent_rather_twice_than_never_and_els_hears_so_once(
    database: Database, jobs: Jobs, chat: FakeChat, clock: Clock
) -> None:
    chat.faults = deque([server_error(accepted=False), None, None, server_error(accepted=True)])
    chat.cannot_find = DeliveryError("not_allowed", permanent=True)
    for key in ("one", "two"):
        put(database, key)
        await jobs.run_until_idle(clock())
        await jobs.run_until_idle(clock.move(minutes=1))

    assert sorted(chat.texts(CHANNEL)) == ["one", "two", "two"]
    assert chat.texts("U-ELS") == ["one: unreadable"]


async def test_a_notice_that_may_stand_twice_is_not_worth_another(
    database: Database, jobs: Jobs, chat: FakeChat, clock: Clock
) -> None:
    chat.broken["U1"] = refused_for_good("person_gone")
    chat.cannot_find = DeliveryError("not_allowed", permanent=True)
    chat.faults = deque([server_error(accepted=False)])
    put(database, "ask", "U1")

    await jobs.run_until_idle(clock())
    await jobs.run_until_idle(clock.move(minutes=1))

    assert chat.texts() == ["ask: person_gone"]


async def test_a_look_up_that_fails_is_done_again_before_anything_is_sent(
    database: Database, jobs: Jobs, chat: FakeChat, clock: Clock
) -> None:
    chat.faults = deque([server_error(accepted=True)])
    chat.cannot_find = DeliveryError("unreachable", ambiguous=True)
    put(database, "brief")

    await jobs.run_until_idle(clock())
    await jobs.run_until_idle(clock.move(minutes=1))
    chat.cannot_find = None
    await jobs.run_until_idle(clock.move(minutes=1))

    assert chat.texts() == ["brief"]
    assert chat.calls == ["post", "find", "find"]


async def test_a_change_in_place_needs_no_look_up(database: Database, jobs: Jobs, chat: FakeChat, clock: Clock) -> None:
    card = put(database, "card")
    await jobs.run_until_idle(clock())
    chat.faults = deque([server_error(accepted=True)])
    with database.transaction() as session:
        outbox.enqueue(
            session,
            a_context(),
            workspace_id="workspace1",
            key="card:2",
            target_id=CHANNEL,
            message=a_message("answered"),
            replaces=card,
        )

    await jobs.run_until_idle(clock())
    await jobs.run_until_idle(clock.move(minutes=1))

    assert chat.texts() == ["answered"]
    assert chat.calls == ["post", "replace", "replace"]


async def test_a_lease_lost_while_sending_is_not_written_over(
    database: Database, database_url: str, jobs: Jobs, chat: FakeChat, clock: Clock
) -> None:
    """The machine sleeps after the chat accepted; another process takes over and finds the message there."""
    put(database, "brief")
    other = Database(database_url)
    others_chat = FakeChat(posts=chat.posts)
    others = jobs_at(Clock(T(minutes=2)), other, others_chat)

    async def take_over(_delivery_key: str) -> None:
        await others.run_until_idle(T(minutes=2))

    chat.on_accepted = take_over
    await jobs.run_until_idle(clock())
    other.close()

    assert chat.texts() == ["brief"]
    assert (others_chat.calls, chat.calls) == (["find"], ["post"])
    assert await database.read(states) == {"brief": OutboxState.SENT}


async def test_a_call_that_hangs_is_given_up_and_looked_up(
    database: Database, jobs: Jobs, chat: FakeChat, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def hang(_delivery_key: str) -> None:
        await asyncio.Event().wait()

    monkeypatch.setattr("bot.services.outbox.CALL_WITHIN", T(seconds=0.2) - T())
    chat.on_accepted = hang
    put(database, "brief")

    await jobs.run_until_idle(clock())
    chat.on_accepted = None
    await jobs.run_until_idle(clock.move(minutes=1))

    assert chat.texts() == ["brief"]
    assert chat.calls == ["post", "find"]


async def test_two_processes_keep_the_pace_together(database: Database, database_url: str, chat: FakeChat) -> None:
    a_workspace(database)
    for number in range(30):
        put(database, f"m{number}", f"U{number}")
    other, clock = Database(database_url), Clock()
    processes = [jobs_at(clock, one, chat, Naps(clock), PACE) for one in (database, other)]

    while len(chat.texts()) < 30:
        before = clock()
        await asyncio.gather(*(process.deliver() for process in processes))
        clock.now = max(clock(), before + PACE)
    other.close()

    assert (clock() - T()).total_seconds() >= 29 * 0.25
    assert Counter(chat.texts()) == Counter(f"m{number}" for number in range(30))


async def test_a_lane_that_is_slow_does_not_hold_up_another(
    database: Database, chat: FakeChat, clock: Clock, naps: Naps
) -> None:
    a_workspace(database)
    jobs = jobs_at(clock, database, chat, naps, timedelta(seconds=4))
    for key in ("one", "two"):
        put(database, key)

    await jobs.deliver()

    assert (chat.texts(), naps.seconds) == (["one"], [])


async def test_two_processes_send_side_by_side_and_nothing_twice(
    database: Database, database_url: str, jobs: Jobs, chat: FakeChat, clock: Clock
) -> None:
    for number in range(25):
        put(database, f"m{number}", f"U{number}")
    other = Database(database_url)

    await asyncio.gather(jobs.run_until_idle(clock()), jobs_at(clock, other, chat).run_until_idle(clock()))
    other.close()

    assert sorted(chat.texts()) == sorted(f"m{number}" for number in range(25))

"""Chance looks for an order of saying, sending, failing, stopping and waiting in which something is lost or doubled."""

import asyncio
from collections import Counter, deque
from contextlib import suppress
from typing import ClassVar

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test
from sqlalchemy import delete
from sqlmodel import Session, select

from bot.services import outbox
from storage.database import Database
from storage.tables import Occurrence, OutboxState, Outgoing, Schedule, Workspace
from tests.builders import WORKSPACE, a_context, a_message, a_workspace
from tests.clock import Clock, T
from tests.fake_chat import FakeChat, Fault, asked_to_wait, server_error
from tests.handlers.jobs_at import CHANNEL, jobs_at, plan_brief, say
from tests.handlers.stepped import Killed, SteppedDatabase, Steps, raise_killed

FAULTS = [None, asked_to_wait(20), server_error(accepted=True), server_error(accepted=False)]


class ExactlyOnce(RuleBasedStateMachine):
    database: ClassVar[Database]
    url: ClassVar[str]

    def __init__(self) -> None:
        super().__init__()
        self.clock, self.chat = Clock(), FakeChat()
        self.expected: dict[str, list[str]] = {}
        self.cards: dict[str, str] = {}
        with self.database.transaction() as session:
            for table in (Outgoing, Occurrence, Schedule, Workspace):
                session.execute(delete(table))
            a_workspace(session, id=WORKSPACE)

    @rule(replies=st.integers(0, 2))
    def say_something(self, replies: int) -> None:
        key, words = f"say{len(self.expected)}", ["one", "two"][:replies]
        with self.database.transaction() as session:
            self.cards[key] = say(session, a_context(self.clock()), key, CHANNEL, *words)
        self.expected[key] = [key, *(f"{key} {word}" for word in words)]

    @precondition(lambda self: self.cards)
    @rule(data=st.data())
    def say_it_again(self, data: st.DataObject) -> None:
        key = data.draw(st.sampled_from(sorted(self.cards)))
        with self.database.transaction() as session:
            assert say(session, a_context(self.clock()), key, CHANNEL, "other words") == self.cards[key]

    @precondition(lambda self: self.cards)
    @rule(data=st.data())
    def change_it(self, data: st.DataObject) -> None:
        key = data.draw(st.sampled_from(sorted(self.cards)))
        old = self.expected[key][0]
        with self.database.transaction() as session:
            outbox.enqueue(
                session,
                a_context(self.clock()),
                workspace_id=WORKSPACE,
                key=f"{old}'",
                target_id=CHANNEL,
                message=a_message(f"{old}'"),
                replaces=self.cards[key],
            )
        self.expected[key][0] = f"{old}'"

    @rule(minutes=st.integers(0, 30))
    def plan_a_brief(self, minutes: int) -> None:
        subject = f"m{len(self.expected)}"
        with self.database.transaction() as session:
            plan_brief(session, a_context(), subject, self.clock() + (T(minutes=minutes) - T()))
        self.expected[subject] = [f"brief:{subject}", f"brief:{subject} more", f"brief:{subject} even more"]

    @rule(seconds=st.sampled_from([1, 5, 30, 61, 600]))
    def wait(self, seconds: int) -> None:
        self.clock.move(seconds=seconds)

    @rule(faults=st.lists(st.sampled_from(FAULTS), max_size=4), stop_at=st.none() | st.integers(0, 40))
    def run_a_process(self, faults: list[Fault | None], stop_at: int | None) -> None:
        self.chat.faults = deque(faults)
        with suppress(Killed):
            asyncio.run(self.process(Steps(stop_at, raise_killed)))
        self.chat.faults.clear()

    async def process(self, steps: Steps) -> None:
        async def accepted(_delivery_key: str) -> None:
            steps("accepted")

        self.chat.on_accepted = accepted
        database = SteppedDatabase(self.url, steps)
        try:
            await jobs_at(self.clock, database, self.chat).run_until_idle(self.clock())
        finally:
            database.close()

    @invariant()
    def nothing_is_there_twice(self) -> None:
        times = Counter(post.delivery_key for post in self.chat.posts)
        assert not [key for key, number in times.items() if number > 1]

    def teardown(self) -> None:
        for _ in range(4):
            self.clock.move(minutes=20)
            asyncio.run(self.process(Steps(None, raise_killed)))
        self.nothing_is_there_twice()
        assert sorted(self.chat.texts()) == sorted(text for texts in self.expected.values() for text in texts)
        for texts in self.expected.values():
            arrived = [text for text in self.chat.texts() if text in texts]
            assert arrived == texts
        with self.database.snapshot() as session:
            assert unsent(session) == []


def unsent(session: Session) -> list[str]:
    return [row.key for row in session.exec(select(Outgoing)) if row.state != OutboxState.SENT]


def test_nothing_is_lost_or_doubled_in_any_order(database: Database, database_url: str) -> None:
    class OnThisDatabase(ExactlyOnce):
        pass

    OnThisDatabase.database, OnThisDatabase.url = database, database_url
    how_long = settings(
        max_examples=15,
        stateful_step_count=15,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        derandomize=True,
        phases=[Phase.generate],  # shrinking would run thousands of processes
    )
    run_state_machine_as_test(OnThisDatabase, settings=how_long)

"""A fan-out of 300 messages while processes are killed: what stands in Slack afterwards, and how often."""

import asyncio
import os
import signal
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from multiprocessing import get_context
from multiprocessing.process import BaseProcess
from random import Random
from time import monotonic

from sqlmodel import Session, col, func, select

from bot.services import outbox
from storage.database import Database
from storage.tables import Occurrence, OutboxState, Outgoing, Role, Schedule
from tests.builders import WORKSPACE, a_context, a_member, a_message, a_side, a_workspace
from tests.chaos.bad_slack import CHANNEL, FACILITATOR, PEOPLE, BadSlack, bad_slack
from tests.chaos.worker import World, work
from tests.handlers.jobs_at import plan_brief, say

BRIEFS, KILLS_A_ROUND = 8, 10
POSTS, REPLIES = 20, 2  # in the channel; the rest goes to people
ROUND_LASTS = timedelta(seconds=100)  # of the time of the processes
ROUND_WITHIN = 240.0  # real seconds
processes = get_context("forkserver")
processes.set_forkserver_preload([work.__module__])


@dataclass(frozen=True)
class Setup:
    """`count` processes on one database, `kills` of them in fan-outs of so many `messages`.

    `readable`: whether Slack lets the app read histories.
    """

    name: str
    count: int
    kills: int
    seed: int
    readable: bool = True
    messages: int = 300


@dataclass
class Outcome:
    """What became of it. `in_flight`: sends of which nobody can know whether they arrived."""

    setup: Setup
    expected: set[str] = field(default_factory=set)
    kills: int = 0
    briefs: int = 0
    seconds: float = 0.0
    texts: Counter[str] = field(default_factory=Counter)
    faults: Counter[str] = field(default_factory=Counter)
    posts_without_answer: int = 0
    occurrences: int = 0
    failed: int = 0

    @property
    def lost(self) -> int:
        return len(self.expected - self.texts.keys()) + self.failed

    @property
    def double(self) -> int:
        return sum(self.texts[text] - 1 for text in self.expected if self.texts[text])

    @property
    def in_flight(self) -> int:
        """A process sends one message of a workspace at a time."""
        return self.kills + self.posts_without_answer

    @property
    def told(self) -> int:
        """How many notices there are that something may stand twice."""
        return len([text for text in self.texts if "may stand twice" in text])

    @property
    def is_right(self) -> bool:
        """Nothing lost, nothing done twice; what may be doubled is not more than was in flight, and is told."""
        doubled = self.double == 0 if self.setup.readable else self.double <= self.in_flight and self.told > 0
        return self.lost == 0 and doubled and self.occurrences == self.briefs and self.kills == self.setup.kills

    def __str__(self) -> str:
        faults = ", ".join(f"{number} {kind}" for kind, number in sorted(self.faults.items()))
        history = "" if self.setup.readable else f", no history: in flight {self.in_flight}, told {self.told}"
        return (
            f"{self.setup.name}{history}: kills {self.kills}, messages {len(self.expected)}, lost {self.lost}, "
            f"double {self.double}, schedules {self.occurrences} of {self.briefs}; calls: {faults}; "
            f"{self.seconds:.0f} s, seed {self.setup.seed}"
        )


class Herd:
    """The processes of one campaign. Whoever is killed is replaced at once."""

    def __init__(self, world: World, count: int, chance: Random) -> None:
        self._world, self._chance = world, chance
        self.kills = 0
        self._members: list[BaseProcess] = [self._start() for _ in range(count)]

    def kill_one(self) -> None:
        """`kill -9`, whatever it is doing."""
        at = self._chance.randrange(len(self._members))
        victim = self._members[at]
        self._end(victim)
        self.kills += 1
        self._members[at] = self._start()

    def check(self) -> None:
        """Raise when one ended by itself."""
        assert all(member.is_alive() for member in self._members)

    def end(self) -> None:
        for member in self._members:
            self._end(member)

    def _start(self) -> BaseProcess:
        process = processes.Process(target=work, args=(self._world,), daemon=True)
        process.start()
        return process

    def _end(self, process: BaseProcess) -> None:
        assert process.pid is not None
        if process.is_alive():
            os.kill(process.pid, signal.SIGKILL)
        process.join()


async def run(setup: Setup, database_url: str) -> Outcome:
    """All rounds of the campaign on a database with all tables and no rows."""
    began, chance, outcome = monotonic(), Random(setup.seed), Outcome(setup)
    async with bad_slack(chance, readable=setup.readable) as (slack, address), opened(database_url) as database:
        world = World(database_url, address, began)
        fill(database)
        herd = Herd(world, setup.count, chance)
        try:
            for number in range(-(-setup.kills // KILLS_A_ROUND)):
                kills = min(KILLS_A_ROUND, setup.kills - herd.kills)
                await one_round(f"r{number}", kills, world, database, slack, herd, outcome, chance)
        finally:
            herd.end()
        outcome.kills, outcome.texts, outcome.faults = herd.kills, slack.texts(), slack.faults
        outcome.posts_without_answer = slack.posts_without_answer
        outcome.occurrences, outcome.failed = await database.read(count_done)
    outcome.seconds = monotonic() - began
    return outcome


async def one_round(
    name: str,
    kills: int,
    world: World,
    database: Database,
    slack: BadSlack,
    herd: Herd,
    outcome: Outcome,
    chance: Random,
) -> None:
    """A fan-out, briefs that fall due meanwhile, and kills: half at the moment of a call, half a little later."""
    moments = {slack.calls + at for at in chance.sample(range(5, 2 * outcome.setup.messages), kills)}
    loop, before = asyncio.get_running_loop(), herd.kills

    def on_call(number: int) -> None:
        if number in moments:
            loop.call_later(chance.choice((0.0, chance.random() * 0.03)), herd.kill_one)

    slack.on_call = on_call
    with database.transaction() as session:
        outcome.expected |= fan_out(session, world, name, outcome.setup.messages) | plan_briefs(
            session, world, name, chance
        )
    outcome.briefs += BRIEFS
    late = monotonic() + ROUND_WITHIN
    while (await database.read(count_open) or herd.kills < before + kills) and monotonic() < late:
        herd.check()
        await asyncio.sleep(0.2)


def fan_out(session: Session, world: World, name: str, messages: int) -> set[str]:
    """To many people, and into the channel with threads; what is to be read afterwards."""
    context, texts = a_context(world.now()), set[str]()
    for number in range(POSTS):
        say(session, context, f"{name} post {number}", CHANNEL, "more", "even more")
        texts |= {f"{name} post {number}{reply}" for reply in ("", " more", " even more")}
    for number in range(messages - POSTS * (1 + REPLIES)):
        text = f"{name} to {number}"
        outbox.enqueue(
            session,
            context,
            workspace_id=WORKSPACE,
            key=text,
            target_id=PEOPLE[number % len(PEOPLE)],
            message=a_message(text),
        )
        texts.add(text)
    return texts


def plan_briefs(session: Session, world: World, name: str, chance: Random) -> set[str]:
    now, texts = world.now(), set[str]()
    for number in range(BRIEFS):
        subject = f"{name}b{number}"
        plan_brief(session, a_context(now), subject, now + chance.random() * ROUND_LASTS)
        texts |= {f"brief:{subject}{reply}" for reply in ("", " more", " even more")}
    return texts


def fill(database: Database) -> None:
    with database.transaction() as session:
        a_workspace(session, id=WORKSPACE, channel_id=CHANNEL)
        a_side(session)
        a_member(session, external_id=FACILITATOR, role=Role.FACILITATOR)


def count_open(session: Session) -> int:
    """What is still to be done and to be sent."""
    active = col(Outgoing.state).in_((OutboxState.PENDING, OutboxState.SENDING))
    rows = session.exec(select(func.count()).select_from(Outgoing).where(active)).one()
    due = session.exec(select(func.count()).select_from(Schedule).where(col(Schedule.next_due_at).is_not(None))).one()
    return rows + due


def count_done(session: Session) -> tuple[int, int]:
    """Occurrences, and messages that were given up."""
    failed = select(func.count()).select_from(Outgoing).where(col(Outgoing.state) == OutboxState.FAILED)
    return session.exec(select(func.count()).select_from(Occurrence)).one(), session.exec(failed).one()


@asynccontextmanager
async def opened(url: str) -> AsyncIterator[Database]:
    database = Database(url)
    try:
        yield database
    finally:
        database.close()

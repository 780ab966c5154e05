"""A check-in that asks and reminds 120 people while processes are killed: whom it reached, and how often."""

import asyncio
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, time
from random import Random
from time import monotonic
from typing import Any

from sqlalchemy import and_, or_, update
from sqlmodel import Session, col, func, select

from bot.services.checkins.planning import run_now
from storage.database import Database
from storage.tables import (
    Cadence,
    Checkin,
    CheckinAsked,
    CheckinQuestion,
    CheckinRound,
    CheckinSide,
    Member,
    OutboxState,
    Outcome,
    Outgoing,
    PulseQuestion,
    QuestionType,
    RoundState,
)
from tests.builders import WORKSPACE, a_context, a_member, a_side, a_workspace
from tests.chaos.bad_slack import CHANNEL, PEOPLE, BadSlack, bad_slack
from tests.chaos.campaign import Herd, Setup, opened
from tests.chaos.worker import World
from tests.clock import T0

ZONE = "America/Chicago"
"""Where it is nine in the morning when the round begins."""

NEXT_MORNING, CLOSE = datetime(2026, 6, 11, 13, tzinfo=UTC), datetime(2026, 6, 11, 17, tzinfo=UTC)
"""When who has not answered is reminded (08:00 there), and when the round closes (12:00)."""

ANSWERED = frozenset(PEOPLE[::3])
QUESTION = "How well did we work together?"
WITHIN = 180.0  # real seconds, for each part


@dataclass
class RoundOutcome:
    """What became of it, in the private chats and in the database."""

    setup: Setup
    kills: int = 0
    asked: Counter[str] = field(default_factory=Counter)
    reminded: Counter[str] = field(default_factory=Counter)
    turns: Counter[Outcome] = field(default_factory=Counter)
    results: int = 0
    is_closed: bool = False
    seconds: float = 0.0

    @property
    def lost(self) -> int:
        """Who was not asked, or not reminded though they had not answered."""
        return len(PEOPLE) - len(self.asked) + len(set(PEOPLE) - ANSWERED - set(self.reminded))

    @property
    def twice(self) -> int:
        """What was asked or reminded once more; and whoever was reminded though they had answered."""
        more = sum(self.asked.values()) - len(self.asked) + sum(self.reminded.values()) - len(self.reminded)
        return more + len(ANSWERED & set(self.reminded))

    @property
    def is_right(self) -> bool:
        is_whole = self.turns == {Outcome.ASKED: len(PEOPLE)} and self.is_closed and self.results == 1
        return is_whole and self.lost == 0 and self.twice == 0 and self.kills == self.setup.kills

    def __str__(self) -> str:
        return (
            f"{self.setup.name}, a round: kills {self.kills}, people {len(PEOPLE)}, reminded {len(self.reminded)}, "
            f"lost {self.lost}, asked twice {self.twice}, turns {dict(self.turns)}, closed {self.is_closed}, "
            f"results {self.results}; {self.seconds:.0f} s, seed {self.setup.seed}"
        )


async def run_round(setup: Setup, database_url: str) -> RoundOutcome:
    """One round on a database with all tables and no rows: asked, the next morning reminded, closed at noon."""
    began, chance, outcome = monotonic(), Random(setup.seed), RoundOutcome(setup)
    async with bad_slack(chance, readable=True) as (slack, address), opened(database_url) as database:
        fill(database)
        parts = ((T0, setup.kills - setup.kills // 2), (NEXT_MORNING, setup.kills // 2), (CLOSE, 0))
        for starts_at, kills in parts:
            world = World(database_url, address, monotonic(), starts_at)
            outcome.kills += await one_part(world, setup, kills, database, slack, chance)
            if starts_at == T0:
                await database.write(answer)
        outcome.asked, outcome.reminded = count_told(slack.private_texts())
        outcome.results = len(slack.texts_in(CHANNEL))
        outcome.turns, outcome.is_closed = await database.read(count_turns)
    outcome.seconds = monotonic() - began
    return outcome


async def one_part(world: World, setup: Setup, kills: int, database: Database, slack: BadSlack, chance: Random) -> int:
    """Processes start, and are killed half at the moment of a call and half a little later; how many were."""
    moments = {slack.calls + at for at in chance.sample(range(5, len(PEOPLE)), kills)}
    loop, herd = asyncio.get_running_loop(), Herd(world, setup.count, chance)

    def on_call(number: int) -> None:
        if number in moments:
            loop.call_later(chance.choice((0.0, chance.random() * 0.03)), herd.kill_one)

    slack.on_call = on_call
    late = monotonic() + WITHIN
    try:
        while (await database.read(count_open, world.now()) or herd.kills < kills) and monotonic() < late:
            herd.check()
            await asyncio.sleep(0.2)
    finally:
        herd.end()
    return herd.kills


def fill(database: Database) -> None:
    """A company whose weekly check-in is asked now."""
    with database.transaction() as session:
        workspace = a_workspace(session, id=WORKSPACE, channel_id=CHANNEL)
        for position, side in enumerate(("sales", "operations")):
            a_side(session, key=side, name=side.title(), position=position)
        for number, person in enumerate(PEOPLE):
            a_member(session, external_id=person, side=("sales", "operations")[number % 2], timezone=ZONE)
        assert run_now(session, a_context(T0), workspace, a_checkin(session))


def a_checkin(session: Session) -> Checkin:
    its: dict[str, Any] = {"workspace_id": WORKSPACE, "checkin_id": "weekly"}
    checkin = Checkin(
        id="weekly",
        workspace_id=WORKSPACE,
        name="Weekly",
        starts_on=T0.date(),
        local_time=time(10),
        close_after_days=1,
        close_at=time(12),
        nudge_share_pct=75,
    )
    pulse = PulseQuestion(
        workspace_id=WORKSPACE,
        key="c1",
        cadence=Cadence.WEEKLY,
        text=QUESTION,
        text_nl="Hoe goed?",
        lowest=1,
        highest=5,
    )
    session.add_all([checkin, pulse])
    session.flush()
    scale = CheckinQuestion(id="q1", position=0, type=QuestionType.SCALE, text=QUESTION, pulse_key="c1", **its)
    session.add_all([scale, *(CheckinSide(checkin_id=checkin.id, side=side) for side in ("sales", "operations"))])
    session.flush()
    return checkin


def answer(session: Session) -> None:
    """A third of them has answered by the evening."""
    people = select(Member.id).where(col(Member.external_id).in_(ANSWERED))
    session.execute(update(CheckinAsked).where(col(CheckinAsked.member_id).in_(people)).values(has_answered=True))


def count_open(session: Session, now: datetime) -> int:
    """What is to be asked, reminded, closed or sent by now."""
    rows = select(func.count()).where(col(Outgoing.state).in_((OutboxState.PENDING, OutboxState.SENDING)))
    due = or_(
        and_(col(CheckinAsked.outcome) == Outcome.WAITING, col(CheckinAsked.ask_at) <= now),
        col(CheckinAsked.nudge_at) <= now,
    )
    rounds = select(func.count()).where(CheckinRound.state == RoundState.OPEN, CheckinRound.closes_at <= now)
    turns = select(func.count()).where(due)
    return sum(session.exec(statement).one() for statement in (rows, rounds, turns))


def count_turns(session: Session) -> tuple[Counter[Outcome], bool]:
    """How many turns ended how, and whether the round is closed."""
    turns = Counter(Outcome(outcome) for outcome in session.exec(select(CheckinAsked.outcome)))
    return turns, session.exec(select(CheckinRound.state)).all() == [RoundState.CLOSED]


def count_told(texts: Mapping[str, Iterable[str]]) -> tuple[Counter[str], Counter[str]]:
    """How often each person was asked, and reminded."""
    asked: Counter[str] = Counter()
    reminded: Counter[str] = Counter()
    for person, said in texts.items():
        for text in said:
            (asked if text == QUESTION else reminded)[person] += 1
    return asked, reminded

"""A check-in of 10,000 people in 24 time zones: `python -m benchmarks.checkin [PEOPLE]`.

On SQLite, and on the PostgreSQL of the tests, which need not survive a crash and so writes faster than yours. Prints
how long it takes to plan a round (goal: two seconds and 200 MB), and to ask one minute's worth of people.
"""

import sys
import tempfile
import time as clock
import tracemalloc
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from pathlib import Path
from typing import Final

from sqlmodel import Session, col, func, insert, select

from bot.domain.recurrence import moment
from bot.main import random_bytes
from bot.services.checkins.asking import ask_due
from bot.services.checkins.planning import FIRST_ZONE, open_round
from bot.services.context import Context, Secrets
from bot.services.workspaces import ensure_workspace
from storage.database import Database
from storage.migrate import migrate
from storage.tables import (
    Absence,
    Cadence,
    Checkin,
    CheckinAsked,
    CheckinQuestion,
    CheckinRound,
    CheckinSide,
    Member,
    Outcome,
    Platform,
    PulseQuestion,
    QuestionType,
    Schedule,
    ScheduleKind,
    Site,
    Workspace,
)
from tests.databases import PostgresServer

PLACES: Final = {
    "Pacific/Pago_Pago": "AS", "Pacific/Honolulu": "US", "America/Anchorage": "US", "America/Los_Angeles": "US",
    "America/Denver": "US", "America/Chicago": "US", "America/New_York": "US", "America/Halifax": "CA",
    "America/Sao_Paulo": "BR", "America/Noronha": "BR", "Atlantic/Azores": "PT", "Europe/London": "GB",
    "Europe/Amsterdam": "NL", "Europe/Athens": "GR", "Europe/Istanbul": "TR", "Asia/Dubai": "AE",
    "Asia/Karachi": "PK", "Asia/Dhaka": "BD", "Asia/Bangkok": "TH", "Asia/Shanghai": "CN", "Asia/Tokyo": "JP",
    "Australia/Sydney": "AU", "Pacific/Guadalcanal": "SB", "Pacific/Auckland": "NZ",
}  # fmt: skip
"""A site in each of 24 zones, with its country."""

THURSDAY: Final = date(2026, 6, 18)
WEEK: Final = timedelta(weeks=1)
SECRETS: Final = Secrets(random_bytes(32))
EASTERNMOST: Final = "Pacific/Auckland"
"""Where they are asked first."""


def main(people: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        measure("SQLite", f"sqlite:///{Path(folder) / 'checkin.db'}", people)
    server = PostgresServer(random_bytes(6).hex())
    with server.fresh_url("template1") as url:
        measure("PostgreSQL", url, people)
    server.close()


def measure(name: str, url: str, people: int) -> None:
    migrate(url)
    database = Database(url)
    fill(database, people)
    planning = [timed(partial(plan, database, THURSDAY + week * WEEK)) for week in range(3)]
    tracemalloc.start()
    plan(database, THURSDAY + 3 * WEEK)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    asking = timed(partial(ask, database, moment(THURSDAY, time(10), EASTERNMOST)))
    sys.stdout.write(
        f"{name}, {people:,} people in {len(PLACES)} zones: a round is planned in {min(planning):.2f} s "
        f"(worst of three {max(planning):.2f} s), {peak / 1e6:.0f} MB; "
        f"{count_asked(database)} are asked in {asking:.2f} s\n"
    )
    database.close()


def timed(work: Callable[[], None]) -> float:
    began = clock.perf_counter()
    work()
    return clock.perf_counter() - began


def fill(database: Database, people: int) -> None:
    """A tenth works part-time, one in twenty is away that week."""
    context = Context(datetime(2026, 6, 1, tzinfo=UTC), random_bytes, SECRETS)
    with database.transaction() as session:
        workspace = ensure_workspace(session, context, Platform.SLACK, "T0BENCH", "Benchmark")
        session.add_all(
            Site(workspace_id=workspace.id, key=zone, timezone=zone, country=country)
            for zone, country in PLACES.items()
        )
        session.flush()
        members = [a_member(context, workspace, number) for number in range(people)]
        session.execute(insert(Member), [member.model_dump() for member in members])
        session.execute(insert(Absence), [an_absence(context, member).model_dump() for member in members[::20]])
        add_checkin(session, workspace)


def a_member(context: Context, workspace: Workspace, number: int) -> Member:
    zones = tuple(PLACES)
    return Member(
        id=context.new_id(),
        workspace_id=workspace.id,
        external_id=f"U{number}",
        name=f"Colleague {number}",
        side=("sales", "operations")[number % 2],
        timezone=zones[number % len(zones)],
        plant=zones[number % len(zones)],
        working_days="1245" if number % 10 == 0 else None,
        active_from=date(2020, 1, 1),
    )


def an_absence(context: Context, member: Member) -> Absence:
    return Absence(
        id=context.new_id(),
        workspace_id=member.workspace_id,
        member_id=member.id,
        first_day=THURSDAY - timedelta(days=3),
        last_day=THURSDAY + timedelta(days=3),
    )


def add_checkin(session: Session, workspace: Workspace) -> None:
    checkin = Checkin(
        id="weekly", workspace_id=workspace.id, name="Weekly check-in", rule="every Thursday", starts_on=THURSDAY,
        local_time=time(10), close_after_days=1, close_at=time(12), nudge_share_pct=75,
    )  # fmt: skip
    pulse = PulseQuestion(
        workspace_id=workspace.id, key="weekly", cadence=Cadence.WEEKLY, text="How well?", text_nl="Hoe goed?",
        lowest=1, highest=5, position=0,
    )  # fmt: skip
    session.add_all([checkin, pulse])
    session.flush()
    session.add_all(CheckinSide(checkin_id=checkin.id, side=side) for side in ("sales", "operations"))
    session.add_all(questions(checkin))


def questions(checkin: Checkin) -> Sequence[CheckinQuestion]:
    scale = CheckinQuestion(
        id="scale", workspace_id=checkin.workspace_id, checkin_id=checkin.id, position=0, type=QuestionType.SCALE,
        text="How well?", pulse_key="weekly",
    )  # fmt: skip
    example = CheckinQuestion(
        id="example", workspace_id=checkin.workspace_id, checkin_id=checkin.id, position=1, type=QuestionType.EXAMPLE,
        text="One example",
    )  # fmt: skip
    return scale, example


def plan(database: Database, day: date) -> None:
    """As when that day begins on the first islands."""
    context = Context(moment(day, time(), FIRST_ZONE), random_bytes, SECRETS)
    with database.transaction() as session:
        checkin = session.get_one(Checkin, "weekly")
        assert open_round(session, context, session.get_one(Workspace, checkin.workspace_id), checkin, day)


def ask(database: Database, now: datetime) -> None:
    """As the clock of the bot does each minute, for the first of the rounds."""
    context = Context(now, random_bytes, SECRETS)
    with database.transaction() as session:
        first = select(CheckinRound.id).order_by(col(CheckinRound.day)).limit(1)
        of_round = select(Schedule).where(Schedule.kind == ScheduleKind.CHECKIN_ASK)
        schedule = session.exec(of_round.where(col(Schedule.subject_id) == first.scalar_subquery())).one()
        ask_due(session, context, schedule, now)


def count_asked(database: Database) -> int:
    with database.snapshot() as session:
        return session.exec(select(func.count()).where(CheckinAsked.outcome == Outcome.ASKED)).one()


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000)

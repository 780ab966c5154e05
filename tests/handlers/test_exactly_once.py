"""Whatever stops the process, and wherever: the brief is there once, with its thread, in order."""

import asyncio
import subprocess
import sys
from datetime import datetime
from itertools import count
from pathlib import Path

import pytest
from sqlmodel import Session, col, select

from storage.database import Database
from storage.tables import Occurrence, OutboxState, Outgoing
from tests.builders import a_context, a_workspace
from tests.clock import T
from tests.handlers.jobs_at import plan_brief
from tests.handlers.stepped import FileChat, Killed, Steps, raise_killed, run

STEPS = [
    "occurrence inserted",
    "messages enqueued",
    "materialise_due committed",
    "claim not committed",
    "claim committed",
    "not accepted",
    "accepted",
    "mark_sent not committed",
    "mark_sent committed",
]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "chat.db"


@pytest.fixture(autouse=True)
def workspace(database: Database) -> str:
    return a_workspace(database).id


def plan(database: Database, *subjects: str) -> None:
    with database.transaction() as session:
        for subject in subjects:
            plan_brief(session, a_context(), subject, T())


def whole(subject: str) -> list[str]:
    return [f"brief:{subject}", f"brief:{subject} more", f"brief:{subject} even more"]


def process(url: str, file: Path, now: datetime, label: str | None = None) -> "subprocess.Popen[bytes]":
    arguments = [url, str(file), now.isoformat(), *([label] if label else [])]
    root = Path(__file__).parents[2]
    return subprocess.Popen([sys.executable, "-m", "tests.handlers.stepped", *arguments], cwd=root)


async def restart_until_quiet(url: str, file: Path) -> None:
    """Processes that are left alone: the leases of the killed one run out meanwhile."""
    for minutes in (1, 2):
        await run(url, file, T(minutes=minutes), Steps(None, raise_killed))
        await asyncio.sleep(0.02)  # PostgreSQL notices in a moment that a client is gone


def ledger(session: Session) -> tuple[int, int]:
    unsent = select(Outgoing).where(col(Outgoing.state) != OutboxState.SENT)
    return len(session.exec(select(Occurrence)).all()), len(session.exec(unsent).all())


@pytest.mark.parametrize("step", STEPS)
async def test_a_killed_process_leaves_the_brief_there_once(
    database: Database, database_url: str, file: Path, step: str
) -> None:
    plan(database, "june")

    killed = process(database_url, file, T(), step)
    assert killed.wait(timeout=60) == 9, "it was killed at that step"
    await restart_until_quiet(database_url, file)

    assert FileChat(file).texts() == whole("june")
    assert await database.read(ledger) == (1, 0)


async def test_wherever_it_stops_the_brief_is_there_once(database: Database, database_url: str, tmp_path: Path) -> None:
    """Every single step, one after the other; the last run comes through unharmed."""
    for stop_at in count():
        subject, file, steps = f"m{stop_at}", tmp_path / f"chat{stop_at}.db", Steps(stop_at, raise_killed)
        plan(database, subject)
        try:
            await run(database_url, file, T(), steps)
        except Killed:
            await restart_until_quiet(database_url, file)
            assert FileChat(file).texts() == whole(subject), f"stopped at {steps.seen[-1]}"
        else:
            break

    assert set(STEPS) <= set(steps.seen)
    assert await database.read(ledger) == (stop_at + 1, 0)


async def test_stopped_twice_at_the_same_place_it_is_still_there_once(
    database: Database, database_url: str, file: Path
) -> None:
    plan(database, "june")
    for minutes, step in enumerate(["accepted", "reap_leases committed", "claim committed", "accepted"]):
        with pytest.raises(Killed):
            await run(database_url, file, T(minutes=2 * minutes), Steps(step, raise_killed))

    for minutes in (20, 22):
        await run(database_url, file, T(minutes=minutes), Steps(None, raise_killed))

    assert FileChat(file).texts() == whole("june")


async def test_two_processes_that_tick_at_once_do_it_once(database: Database, database_url: str, file: Path) -> None:
    subjects = [f"m{number}" for number in range(12)]
    plan(database, *subjects)
    FileChat(file)

    both = [process(database_url, file, T()) for _ in range(2)]
    assert [one.wait(timeout=60) for one in both] == [0, 0]
    await restart_until_quiet(database_url, file)

    texts = FileChat(file).texts()
    assert len(texts) == 3 * len(subjects)
    assert {subject: [text for text in texts if text.split()[0] == f"brief:{subject}"] for subject in subjects} == {
        subject: whole(subject) for subject in subjects
    }

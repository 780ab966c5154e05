"""A process that can be stopped at each of its steps, and a chat that outlives it.

Run as `python -m tests.handlers.stepped ADDRESS CHAT_FILE MOMENT [LABEL]`, it does all that is due at the moment, and
is killed on the spot when it comes to the step of that label.
"""

import asyncio
import os
import sqlite3
import sys
from collections.abc import Callable, Mapping
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path
from typing import Concatenate, ParamSpec, TypeVar

from sqlmodel import Session

from bot.domain.chat import Message, Sent
from bot.services.context import Context
from bot.services.scheduling import Materialise
from handlers.jobs import Jobs
from storage.database import Database
from storage.tables import OccurrenceState, Schedule, ScheduleKind
from tests.builders import SECRETS
from tests.handlers.jobs_at import Naps, brief, nobody_hears, tell_els

P = ParamSpec("P")
T = TypeVar("T")


class Killed(BaseException):
    """Stands for the end of the process: nothing after it runs, and nothing may catch it."""


class Steps:
    """Notes every step; `die` is called when one is reached that `is_last` names by its label or number."""

    def __init__(self, is_last: str | int | None, die: Callable[[], None]) -> None:
        self._is_last, self._die = is_last, die
        self.seen: list[str] = []

    def __call__(self, label: str) -> None:
        self.seen.append(label)
        if self._is_last in {label, len(self.seen) - 1}:
            self._die()


def raise_killed() -> None:
    raise Killed


class SteppedDatabase(Database):
    def __init__(self, url: str, steps: Steps) -> None:
        super().__init__(url)
        self._steps = steps

    async def write(self, use_case: Callable[Concatenate[Session, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        name = use_case.__name__

        def stepped(session: Session, /, *args: P.args, **kwargs: P.kwargs) -> T:
            self._steps(f"{name} begun")
            result = use_case(session, *args, **kwargs)
            self._steps(f"{name} not committed")
            return result

        result = await super().write(stepped, *args, **kwargs)
        self._steps(f"{name} committed")
        return result


class FileChat:
    """A `ChatPlatform` in a file of its own: what it accepted stays accepted, whoever is killed."""

    def __init__(self, file: Path, steps: Steps | None = None) -> None:
        self._file = file
        self._steps = steps or Steps(None, raise_killed)
        table = "CREATE TABLE IF NOT EXISTS posts (id INTEGER PRIMARY KEY, target, thread, delivery_key, text)"
        with closing(self._open()) as connection:
            connection.execute(table)

    async def post(self, target_id: str, message: Message, delivery_key: str, thread: Sent | None = None) -> Sent:
        self._steps("not accepted")
        with closing(self._open()) as connection:
            row = (target_id, thread and thread.message_id, delivery_key, message.summary)
            cursor = connection.execute(
                "INSERT INTO posts (target, thread, delivery_key, text) VALUES (?, ?, ?, ?)", row
            )
            place = Sent(target_id, str(cursor.lastrowid))
        self._steps("accepted")
        return place

    async def replace(self, place: Sent, message: Message, delivery_key: str) -> Sent:
        raise NotImplementedError

    async def find(self, target_id: str, delivery_key: str, thread: Sent | None = None) -> Sent | None:
        query = "SELECT id FROM posts WHERE target = ? AND thread IS ? AND delivery_key = ?"
        with closing(self._open()) as connection:
            found = connection.execute(query, (target_id, thread and thread.message_id, delivery_key)).fetchone()
        return Sent(target_id, str(found[0])) if found else None

    async def permalink(self, place: Sent) -> str | None:
        return None

    async def members(self, channel_id: str) -> frozenset[str]:
        raise NotImplementedError

    def texts(self) -> list[str]:
        with closing(self._open()) as connection:
            return [text for (text,) in connection.execute("SELECT text FROM posts ORDER BY id")]

    def _open(self) -> sqlite3.Connection:
        return sqlite3.connect(self._file, isolation_level=None, timeout=20)


def stepped_kinds(steps: Steps) -> Mapping[ScheduleKind, Materialise]:
    def stepped_brief(session: Session, context: Context, schedule: Schedule, due_at: datetime) -> OccurrenceState:
        steps("occurrence inserted")
        state = brief(session, context, schedule, due_at)
        steps("messages enqueued")
        return state

    return {ScheduleKind.BRIEF: stepped_brief}


async def run(url: str, file: Path, now: datetime, steps: Steps) -> None:
    """One process, from its start until nothing is due."""
    database = SteppedDatabase(url, steps)
    chat = FileChat(file, steps)
    jobs = Jobs(
        database=database,
        platform_for=lambda _workspace_id: chat,
        kinds=stepped_kinds(steps),
        explain_failure=tell_els,
        undelivered=nobody_hears,
        clock=lambda: now,
        random=os.urandom,
        secrets=SECRETS,
        sleep=Naps(),
        pace=timedelta(0),
    )
    try:
        await jobs.run_until_idle(now)
    finally:
        database.close()


def main(url: str, file: str, moment: str, label: str | None = None) -> None:
    steps = Steps(label, lambda: os._exit(9))
    asyncio.run(run(url, Path(file), datetime.fromisoformat(moment), steps))


if __name__ == "__main__":
    main(*sys.argv[1:])

"""How long somebody waits for a rewriting of a million entries: `python -m benchmarks.rewriting [ENTRIES]`.

On SQLite, and on the PostgreSQL of the tests, which need not survive a crash and so writes faster than yours. While the
database is scrubbed by day, somebody writes every twenty milliseconds; the longest wait is printed. Goal: two seconds.
Then comes the night, when nobody waits.
"""

import asyncio
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from sqlmodel import Session, insert, select

from benchmarks.brief import AS_OF, add_people, batches
from bot.main import random_bytes, sleep
from bot.services.context import Context, Secrets
from bot.services.samples import load_sample, read_sample
from bot.services.workspaces import ensure_workspace
from storage.database import Database
from storage.migrate import migrate
from storage.tables import AuditRecord, Entry, Platform, Workspace
from tests.databases import PostgresServer

CONTEXT = Context(AS_OF, random_bytes, Secrets(random_bytes(32)))
PAUSE_SECONDS = 0.02


def main(entries: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        measure("SQLite", f"sqlite:///{Path(folder) / 'million.db'}", entries)
    server = PostgresServer(random_bytes(6).hex())
    with server.fresh_url("template1") as url:
        measure("PostgreSQL", url, entries)
    server.close()


def measure(name: str, url: str, entries: int) -> None:
    migrate(url)
    database = Database(url)
    fill(database, entries)
    alone, beside = asyncio.run(waits(database))
    database.close()
    night = Database(url)  # one that does not rest from the day
    began = time.perf_counter()
    asyncio.run(night.scrub(nobody_waits=True))
    whole = time.perf_counter() - began
    night.close()
    sys.stdout.write(
        f"{name}, {entries:,} entries: the longest wait for a write is {beside:.2f} s beside a rewriting by day "
        f"({alone:.2f} s without); the whole takes {whole:.1f} s by night\n"
    )


def fill(database: Database, entries: int) -> None:
    with database.transaction() as session:
        workspace = ensure_workspace(session, CONTEXT, Platform.SLACK, "T0BENCH", "Benchmark")
        load_sample(session, CONTEXT, workspace, read_sample(), as_of=AS_OF)
        add_people(session, CONTEXT, workspace)
        for batch in batches(session, CONTEXT, workspace, entries):
            session.execute(insert(Entry), batch)


async def waits(database: Database) -> tuple[float, float]:
    """The longest wait of somebody who writes, in seconds: with nothing beside, and beside a rewriting by day."""
    alone = await longest_wait(database, asyncio.ensure_future(sleep(1)))
    return alone, await longest_wait(database, asyncio.create_task(database.scrub()))


async def longest_wait(database: Database, work: asyncio.Future[Any]) -> float:
    longest = 0.0
    while not work.done():
        began = time.perf_counter()
        await database.write(write_something)
        longest = max(longest, time.perf_counter() - began)
        await sleep(PAUSE_SECONDS)
    await work
    return longest


def write_something(session: Session) -> None:
    """Into one of the tables that are rewritten."""
    workspace = session.exec(select(Workspace)).one()
    session.add(
        AuditRecord(
            id=CONTEXT.new_id(), workspace_id=workspace.id, at=AS_OF, action="benchmark.written", subject=workspace.id
        )
    )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000)

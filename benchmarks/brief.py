"""The brief of a workspace of 100 people with a million entries: `python -m benchmarks.brief [ENTRIES]`.

Prints the time from the question to the rendered post, and the memory it took. Goal: at most 300 ms.
"""

import random
import sys
import tempfile
import time
import tracemalloc
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlmodel import Session, col, insert, select

from bot.main import random_bytes
from bot.services.briefs import build_brief
from bot.services.context import Context, Secrets
from bot.services.messages import briefs as messages
from bot.services.samples import load_sample, read_sample
from bot.services.workspaces import ensure_workspace
from bot.templates import speaker
from storage.database import Database
from storage.migrate import migrate
from storage.tables import Entry, EntryStatus, Kind, Level, Meeting, Member, Platform, Visibility, Workspace

AS_OF = datetime(2026, 6, 11, 7, 0, tzinfo=UTC)
YEARS = 10
PEOPLE = 100
BATCH = 20_000
TEXT = (
    "On Wednesday the order desk changed the sequence of line 2 twice; two washes of forty minutes, fourteen waiting. "
)


def main(entries: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder) / 'million.db'}"
        migrate(url)
        database = Database(url)
        context = Context(AS_OF, random_bytes, Secrets(random_bytes(32)))
        with database.transaction() as session:
            workspace = ensure_workspace(session, context, Platform.SLACK, "T0BENCH", "Benchmark")
            load_sample(session, context, workspace, read_sample(), as_of=AS_OF)
            add_people(session, context, workspace)
            for batch in batches(session, context, workspace, entries):
                session.execute(insert(Entry), batch)
        measure(database, entries)
        database.close()


def add_people(session: Session, context: Context, workspace: Workspace) -> None:
    known = len(session.exec(select(Member)).all())
    for number in range(PEOPLE - known):
        session.add(
            Member(
                id=context.new_id(),
                workspace_id=workspace.id,
                external_id=f"U{number}",
                name=f"Colleague {number}",
                side=("sales", "operations")[number % 2],
                active_from=(AS_OF - timedelta(days=365 * YEARS)).date(),
            )
        )
    session.flush()


def batches(
    session: Session, context: Context, workspace: Workspace, entries: int
) -> Iterator[list[Mapping[str, Any]]]:
    """Rows spread evenly over the years, a tenth of the clashes a recurrence."""
    dice = random.Random(1)  # noqa: S311 the same company every time
    people = session.exec(select(Member.id, Member.side)).all()
    step = timedelta(days=365 * YEARS) / entries
    earlier: list[str] = []
    rows: list[Mapping[str, Any]] = []
    for number in range(entries):
        moment = AS_OF - step * (entries - number)
        author, side = dice.choice(people)
        kind = dice.choice(list(Kind))
        key = context.new_id()
        rows.append(
            {
                "id": key,
                "workspace_id": workspace.id,
                "ref": f"bench{number}",
                "kind": kind,
                "visibility": Visibility.NAMED,
                "side": side,
                "author_id": author,
                "created_on": moment.date(),
                "created_at": moment,
                "source": "capture",
                "what_happened": TEXT + str(number),
                "level": dice.choice(list(Level)),
                "tension_key": f"T{dice.randint(1, 13):02d}",
                "status": EntryStatus.OPEN,
                "recurrence_of": dice.choice(earlier)
                if earlier and kind == Kind.CLASH and dice.random() < 0.1
                else None,
            }
        )
        earlier = [*earlier[-50:], key]
        if len(rows) == BATCH:
            yield rows
            rows = []
    if rows:
        yield rows


def measure(database: Database, entries: int) -> None:
    times = []
    for _ in range(5):
        started = time.perf_counter()
        lines = build_and_render(database)
        times.append(time.perf_counter() - started)
    tracemalloc.start()
    build_and_render(database)
    _, peak = tracemalloc.get_traced_memory()
    out = sys.stdout.write
    out(f"{entries:,} entries, {PEOPLE} people: the brief takes {min(times) * 1000:.0f} ms ")
    out(f"(worst of five {max(times) * 1000:.0f} ms), {peak / 1e6:.1f} MB, {lines} parts\n")


def build_and_render(database: Database) -> int:
    with database.snapshot() as session:
        meeting = session.exec(select(Meeting).where(col(Meeting.key) == "2026-06-PS")).one()
        snapshot = build_brief(session, meeting, AS_OF)
        return len(messages.post(speaker("en", "Europe/Amsterdam"), snapshot, messages.Standing(meeting.id)).parts)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000)

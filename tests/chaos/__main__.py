"""`python -m tests.chaos [SEED]`: 60 kills in every set-up, and one line about each.

Then 20 in each where Slack does not let the app read what it has said; and 60 in each while a check-in asks and reminds
120 people.
"""

import asyncio
import sys
import tempfile
from collections.abc import Callable, Coroutine, Iterator
from pathlib import Path
from random import SystemRandom
from typing import Any, TypeAlias

from tests.chaos.campaign import Outcome, Setup, run
from tests.chaos.rounds import RoundOutcome, run_round
from tests.databases import PostgresServer, SqliteFiles

KILLS, KILLS_UNREADABLE = 60, 20
IN_MEMORY = Path("/dev/shm")
SETUPS = (("1 process, SQLite", "sqlite", 1), ("2 processes, SQLite", "sqlite", 2), ("3 processes, PostgreSQL", "", 3))
Campaign: TypeAlias = Callable[[Setup, str], Coroutine[Any, Any, Outcome | RoundOutcome]]


def main(seed: int) -> bool:
    """Whether nothing was lost, and nothing doubled that could have been looked up."""
    with tempfile.TemporaryDirectory(dir=IN_MEMORY if IN_MEMORY.is_dir() else None) as folder:
        files, server = SqliteFiles(Path(folder)), PostgresServer(f"{seed:x}c4a05")
        try:
            work: list[tuple[Campaign, Setup, str]] = [(run, setup, kind) for setup, kind in _setups(seed)]
            work += [(run_round, Setup(name, count, KILLS, seed), kind) for name, kind, count in SETUPS]
            outcomes = [_one(one, setup, kind, files, server, Path(folder)) for one, setup, kind in work]
            return all(outcomes)
        finally:
            server.close()


def _setups(seed: int) -> Iterator[tuple[Setup, str]]:
    for readable, kills in ((True, KILLS), (False, KILLS_UNREADABLE)):
        for name, kind, count in SETUPS:
            yield Setup(name, count, kills, seed, readable), kind


def _one(work: Campaign, setup: Setup, kind: str, files: SqliteFiles, server: PostgresServer, folder: Path) -> bool:
    if kind == "sqlite":
        return _tell(asyncio.run(work(setup, files.fresh_url(folder))))
    with server.fresh_url() as url:
        return _tell(asyncio.run(work(setup, url)))


def _tell(outcome: Outcome | RoundOutcome) -> bool:
    sys.stdout.write(f"{outcome}\n")
    sys.stdout.flush()
    return outcome.is_right


if __name__ == "__main__":
    sys.exit(not main(int(sys.argv[1]) if len(sys.argv) > 1 else SystemRandom().randrange(2**32)))

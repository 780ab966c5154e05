"""Mutated requests, signed and unsigned, against the whole application: nothing breaks, nothing grows.

python -m tests.wire.fuzz 100000 [seed]
"""

import argparse
import asyncio
import ctypes
import gc
import sqlite3
import sys
import tempfile
import time
from collections import Counter
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import Final

from sqlalchemy import make_url

from bot.domain.similarity import vector
from bot.domain.suggestion import _meaning
from tests.databases import SqliteFiles
from tests.wire.mutations import Attack, Mutator
from tests.wire.recording import KINDS, record
from tests.wire.target import Target, a_target, an_agreeable_slack

NOW: Final = datetime(2026, 6, 11, 7, 30, tzinfo=UTC)
SEED: Final = 20260611
ROUND = 50
"""So many unsigned requests, then so many signed ones: what the unsigned ones wrote can be told apart."""
SAMPLES = 20
"""So often memory is looked at; the first half fills what is kept on purpose: compiled queries, database pages."""
FORGET = 4_000
"""After so many requests the database is put back: what the company remembers may grow, the process may not."""
LONGEST_SECONDS = 2.5
MOST_GROWTH_BYTES = 8_000_000


@dataclass
class Outcome:
    """What came of it; `wrong` is empty when all is well."""

    seed: int
    kinds: frozenset[str]
    statuses: Counter[tuple[bool, int]] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    longest_seconds: float = 0.0
    took_seconds: float = 0.0
    resident_bytes: list[int] = field(default_factory=list)

    @property
    def grown_bytes(self) -> int:
        """From the third quarter of the run to the last: one large request more or less does not count."""
        quarter = len(self.resident_bytes) // 4
        return int(median(self.resident_bytes[-quarter:]) - median(self.resident_bytes[-2 * quarter : -quarter]))

    def lines(self) -> list[str]:
        """A report to read."""
        signed, unsigned = (
            ", ".join(f"{n} x {status}" for (s, status), n in sorted(self.statuses.items()) if s is want)
            for want in (True, False)
        )
        return [
            f"seed {self.seed}: {self.statuses.total()} requests in {self.took_seconds:.0f} s, {len(self.kinds)} kinds",
            f"signed:   {signed}",
            f"unsigned: {unsigned}",
            f"longest answer {self.longest_seconds * 1000:.0f} ms",
            f"memory {self.resident_bytes[-1] / 1e6:.1f} MB, {self.grown_bytes / 1e6:+.1f} MB in the last quarter",
            f"{len(self.wrong)} went wrong" + "".join(f"\n  {line}" for line in self.wrong[:20]),
        ]


async def fuzz(count: int, seed: int, folder: Path, files: SqliteFiles) -> Outcome:
    """Record genuine requests, then send so many mutated ones, half of them signed."""
    url = files.fresh_url(folder)
    async with an_agreeable_slack() as slack:
        genuine = await record(url, folder, f"{slack}/respond")
        outcome = Outcome(seed, frozenset(kind for kind in KINDS if any(one.name.startswith(kind) for one in genuine)))
        async with a_target(url, folder, slack, NOW, seed) as target:
            mutator = Mutator(genuine, target.secret, seed, int(NOW.timestamp()))
            with closing(sqlite3.connect(str(make_url(url).database))) as watching:
                await _attack(target, mutator, count, watching, outcome)
            outcome.wrong += target.broke
    return outcome


async def _attack(target: Target, mutator: Mutator, count: int, watching: sqlite3.Connection, outcome: Outcome) -> None:
    began = time.monotonic()
    kept = sqlite3.connect(":memory:")
    watching.backup(kept)
    for number in range(0, count, 2 * ROUND):
        if number % FORGET == 0:
            kept.backup(watching)
        if number % max(count // SAMPLES, 2 * ROUND) < 2 * ROUND:
            outcome.resident_bytes.append(_resident_bytes())
        before = _version(watching)
        for _ in range(ROUND):
            await _send(target, mutator.unsigned(), outcome)
        await target.ampersand.house.settle()
        if _version(watching) != before:
            outcome.wrong.append(f"something unsigned was written before request {number + ROUND}")
        for _ in range(ROUND):
            await _send(target, mutator.signed(), outcome)
        await target.ampersand.house.settle()
    outcome.took_seconds = time.monotonic() - began
    if outcome.grown_bytes > MOST_GROWTH_BYTES:
        outcome.wrong.append(f"memory grew by {outcome.grown_bytes / 1e6:.1f} MB")
    kept.close()


async def _send(target: Target, attack: Attack, outcome: Outcome) -> None:
    began = time.monotonic()
    broke = len(target.broke)
    status = await target.knock(attack)
    took = time.monotonic() - began
    outcome.longest_seconds = max(outcome.longest_seconds, took)
    outcome.statuses[attack.signed, status] += 1
    if status >= 500 or took > LONGEST_SECONDS or len(target.broke) > broke:
        outcome.wrong.append(f"{attack.name}: {status} after {took:.1f} s {target.broke[broke:]} {attack.body[:300]!r}")
    elif not attack.signed and status < 300 and attack.path != "/health":
        outcome.wrong.append(f"{attack.name}: let in without a signature {attack.headers}")


def _version(database: sqlite3.Connection) -> int:
    """Another number after every commit of somebody else."""
    return int(database.execute("PRAGMA data_version").fetchone()[0])


def _resident_bytes() -> int:
    """Without what is kept on purpose, and for a moment: the texts compared last, and memory that is free again."""
    vector.cache_clear()
    _meaning.cache_clear()
    gc.collect()
    if give_back := getattr(ctypes.CDLL(None), "malloc_trim", None):
        give_back(0)
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * 4096


def main() -> int:
    """Print the report; 1 when something went wrong."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("count", type=int, nargs="?", default=100_000)
    parser.add_argument("seed", type=int, nargs="?", default=SEED)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        outcome = asyncio.run(fuzz(chosen.count, chosen.seed, Path(folder), SqliteFiles(Path(folder))))
    sys.stdout.write("\n".join([*outcome.lines(), ""]))
    return 1 if outcome.wrong else 0


if __name__ == "__main__":
    raise SystemExit(main())

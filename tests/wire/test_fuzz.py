"""Whatever comes in, signed or not: no exception, no 5xx, in time, and memory stays as it is."""

from pathlib import Path

import pytest

from tests.databases import SqliteFiles
from tests.wire.fuzz import SEED, fuzz
from tests.wire.recording import KINDS


async def test_ten_thousand_mutated_requests_break_nothing(
    sqlite_files: SqliteFiles, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tests.wire.fuzz.MOST_GROWTH_BYTES", 60_000_000)  # this process has other tests behind it
    outcome = await fuzz(10_000, SEED, tmp_path, sqlite_files)
    report = "\n".join(outcome.lines())
    assert outcome.wrong == [], report
    assert outcome.statuses.total() == 10_000
    assert outcome.kinds == KINDS, "every kind of request is attacked"
    assert outcome.statuses[True, 200] > 1_000, f"too little reaches the handlers: {report}"
    assert outcome.statuses[True, 400] > 1_000, f"too little is unreadable: {report}"

"""Five kills in every set-up; `make chaos` has sixty."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.chaos.campaign import Setup, run
from tests.chaos.rounds import run_round
from tests.databases import PostgresServer, SqliteFiles

KILLS, SEED = 5, 2026


@pytest.fixture
def postgres_url(postgres_server: PostgresServer) -> Iterator[str]:
    with postgres_server.fresh_url() as url:
        yield url


@pytest.mark.sqlite
@pytest.mark.parametrize("count", [1, 2])
async def test_whoever_is_killed_on_sqlite_nothing_is_lost_or_doubled(
    sqlite_files: SqliteFiles, tmp_path: Path, count: int
) -> None:
    outcome = await run(Setup(f"{count} on SQLite", count, KILLS, SEED), sqlite_files.fresh_url(tmp_path))

    assert (outcome.lost, outcome.double, outcome.occurrences) == (0, 0, outcome.briefs), str(outcome)
    assert outcome.kills == KILLS


@pytest.mark.postgres
async def test_whoever_is_killed_on_postgresql_nothing_is_lost_or_doubled(postgres_url: str) -> None:
    outcome = await run(Setup("3 on PostgreSQL", 3, KILLS, SEED), postgres_url)

    assert (outcome.lost, outcome.double, outcome.occurrences) == (0, 0, outcome.briefs), str(outcome)
    assert outcome.kills == KILLS


@pytest.mark.sqlite
@pytest.mark.parametrize("count", [1, 2])
async def test_whoever_is_killed_on_sqlite_a_round_asks_everybody_once(
    sqlite_files: SqliteFiles, tmp_path: Path, count: int
) -> None:
    outcome = await run_round(Setup(f"{count} on SQLite", count, KILLS, SEED), sqlite_files.fresh_url(tmp_path))
    assert outcome.is_right, str(outcome)


@pytest.mark.postgres
async def test_whoever_is_killed_on_postgresql_a_round_asks_everybody_once(postgres_url: str) -> None:
    outcome = await run_round(Setup("3 on PostgreSQL", 3, KILLS, SEED), postgres_url)
    assert outcome.is_right, str(outcome)


@pytest.mark.postgres
async def test_where_no_history_can_be_read_only_what_was_in_flight_is_doubled_and_a_facilitator_hears_so(
    postgres_url: str,
) -> None:
    outcome = await run(Setup("2, unreadable", 2, KILLS, SEED, readable=False, messages=120), postgres_url)

    assert (outcome.lost, outcome.occurrences) == (0, outcome.briefs), str(outcome)
    assert 0 < outcome.double <= outcome.in_flight, str(outcome)
    assert 1 <= outcome.told <= 2, "once for private chats, once for the channel"

"""The files tell neither what was there nor in which order it came."""

import asyncio
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random

import psycopg
import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError
from sqlmodel import Session

from storage.database import Database
from tests.builders import a_workspace, an_entry
from tests.databases import PostgresServer, SqliteFiles

LONG = Random(7).randbytes(4000).hex()
"""Too long for a page, and hard to compress."""


@pytest.fixture
def postgres_url(postgres_server: PostgresServer) -> Iterator[str]:
    with postgres_server.fresh_url() as url:
        yield url


def writes(ref: str, what_happened: str = "The order was changed.") -> Callable[[Session], None]:
    def write(session: Session) -> None:
        an_entry(session, id=f"entry-{ref}", ref=ref, what_happened=what_happened)

    return write


def delete_b(session: Session) -> None:
    session.connection().execute(text("DELETE FROM entries WHERE ref = 'b'"))


async def fill(database: Database) -> list[str]:
    """Twelve entries, each in a transaction of its own, in an order that is not that of their ids."""
    refs = list("bcdfghjkmnpq")
    Random(1).shuffle(refs)
    await database.write(a_workspace)
    for ref in refs:
        await database.write(writes(ref, f"long-{ref} {LONG}" if ref in "bdgk" else "The order was changed."))
    assert refs != sorted(refs)
    return sorted(refs)


async def test_sqlite_lays_rows_by_their_keys(sqlite_files: SqliteFiles, tmp_path: Path) -> None:
    database = Database(sqlite_files.fresh_url(tmp_path))
    expected = await fill(database)
    await database.scrub()
    page = (tmp_path / "ampersand.db").read_bytes()
    # Of index pages only the one by day has every entry; a page is filled from its end.
    by_day = [found.decode() for found in re.findall(rb"2026-06-10entry-([a-z])", page)][::-1]
    assert by_day[: len(expected)] == expected
    assert not (tmp_path / "ampersand.db-wal").read_bytes()
    database.close()


async def test_a_file_nothing_was_written_to_stays_as_it_is(sqlite_files: SqliteFiles, tmp_path: Path) -> None:
    database = Database(sqlite_files.fresh_url(tmp_path))
    await fill(database)
    await database.scrub()
    before = (tmp_path / "ampersand.db").read_bytes()
    await database.read(lambda session: session.connection().execute(text("SELECT count(*) FROM entries")).scalar())
    await database.scrub()
    assert (tmp_path / "ampersand.db").read_bytes() == before
    database.close()


@pytest.mark.postgres
async def test_postgresql_lays_rows_by_their_keys_and_of_one_age(postgres_url: str) -> None:
    database = Database(postgres_url)
    expected = await fill(database)
    assert len(column(database, "SELECT DISTINCT xmin::text FROM entries")) == len(expected)
    await database.scrub()
    assert column(database, "SELECT ref FROM entries ORDER BY ctid") == expected
    assert len(column(database, "SELECT DISTINCT xmin::text FROM entries")) == 1
    (beside,) = column(database, "SELECT reltoastrelid::regclass::text FROM pg_class WHERE relname = 'entries'")
    begins = column(database, f"SELECT chunk_data FROM {beside} WHERE chunk_seq = 0 ORDER BY chunk_id")
    assert [re.findall("long-([a-z])", begin) for begin in begins] == [["b"], ["d"], ["g"], ["k"]]
    database.close()


@pytest.mark.postgres
async def test_postgresql_keeps_no_dead_row(postgres_url: str) -> None:
    database = Database(postgres_url)
    await fill(database)
    await database.write(delete_b)
    await database.scrub()
    assert b"entry-b" not in b"".join(files_of(database, "entries"))
    database.close()


def begins(url: str, statement: str) -> psycopg.Connection[tuple[object, ...]]:
    """Somebody else on the server, in a transaction that goes on."""
    other = psycopg.connect(url.replace("+psycopg", ""))
    other.execute(statement.encode())
    return other


@pytest.mark.postgres
@pytest.mark.parametrize("elsewhere", [True, False])
async def test_what_others_may_still_look_at_is_not_called_gone(
    postgres_server: PostgresServer, postgres_url: str, monkeypatch: pytest.MonkeyPatch, *, elsewhere: bool
) -> None:
    """Whoever writes in another database of the server, or reads in this one, keeps old rows alive."""
    database = Database(postgres_url)
    await fill(database)
    with postgres_server.fresh_url() as another:
        look = "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ; SELECT count(*) FROM entries"
        other = begins(another, "SELECT pg_current_xact_id()") if elsewhere else begins(postgres_url, look)
        await database.write(delete_b)
        with monkeypatch.context() as in_haste:
            in_haste.setattr("storage.rewriting.PATIENCE_SECONDS", 0.1)
            assert not await database.scrub()
        other.close()
    assert await database.scrub(nobody_waits=True)
    assert b"entry-b" not in b"".join(files_of(database, "entries"))
    database.close()


@pytest.mark.postgres
async def test_it_waits_for_what_others_have_begun(postgres_server: PostgresServer, postgres_url: str) -> None:
    database = Database(postgres_url)
    await fill(database)
    with postgres_server.fresh_url() as another:
        other = begins(another, "SELECT pg_current_xact_id()")
        await database.write(delete_b)
        scrubbing = asyncio.create_task(database.scrub())
        await asyncio.sleep(0.3)
        assert not scrubbing.done()
        other.close()
        assert await scrubbing
    assert b"entry-b" not in b"".join(files_of(database, "entries"))
    database.close()


@pytest.mark.postgres
async def test_one_that_somebody_was_in_the_way_of_is_done_the_next_time(postgres_url: str) -> None:
    database = Database(postgres_url)
    expected = await fill(database)
    with database.transaction() as other:
        other.execute(text("LOCK TABLE asks IN SHARE MODE"))
        with pytest.raises(OperationalError):
            await database.scrub()
    await database.scrub()
    assert column(database, "SELECT ref FROM entries ORDER BY ctid") == expected
    database.close()


async def test_what_takes_long_is_left_for_the_night(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    await fill(database)
    await database.write(write_much)
    monkeypatch.setattr("storage.rewriting.STEPS", 1)
    with monkeypatch.context() as no_time:
        no_time.setattr("storage.database.QUICK_SECONDS", 0.0)
        await database.scrub()
    laid = places(database)
    await database.scrub()  # it is not tried again at once
    assert places(database) == laid
    await database.scrub(nobody_waits=True)
    assert places(database) != laid


def write_much(session: Session) -> None:
    """So much that PostgreSQL needs more than a millisecond."""
    for number in Random(2).sample(range(2000), 2000):
        an_entry(session, id=f"entry-more{number:04}", ref=f"more{number:04}")


def places(database: Database) -> list[bytes]:
    """Where everything lies."""
    if database.is_sqlite:
        return [Path(str(database.url.database)).read_bytes()]
    return [place.encode() for place in column(database, "SELECT ctid::text || id || xmin::text FROM entries")]


def column(database: Database, query: str) -> list[str]:
    with database.engine.connect() as connection:
        return [str(row[0]) for row in connection.execute(text(query))]


def files_of(database: Database, table: str) -> list[bytes]:
    """The table and its indexes, as they lie on the disk."""
    with database.engine.connect() as connection:
        connection.execution_options(isolation_level="AUTOCOMMIT").execute(text("CHECKPOINT"))
    (folder,) = column(database, "SHOW data_directory")
    paths = column(
        database,
        f"SELECT pg_relation_filepath(oid) FROM pg_class WHERE oid = '{table}'::regclass"
        f" UNION ALL SELECT pg_relation_filepath(indexrelid) FROM pg_index WHERE indrelid = '{table}'::regclass",
    )
    return [(Path(folder) / path).read_bytes() for path in paths]

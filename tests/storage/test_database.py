"""The engine: what is committed stays, what is undone goes, and nothing deleted lingers."""

import asyncio
from pathlib import Path

import pytest
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlmodel import Session, select

from storage.database import Database, insert_once
from storage.requests import add
from storage.tables import Platform, RequestKey, Workspace
from tests.builders import a_workspace
from tests.clock import T
from tests.databases import SqliteFiles


def names(session: Session) -> list[str]:
    return list(session.exec(select(Workspace.name)).all())


def bytes_in(folder: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in folder.iterdir()}


async def test_what_a_use_case_writes_is_read_back(database: Database) -> None:
    await database.write(lambda session: a_workspace(session, name="Saladine"))

    assert await database.read(names) == ["Saladine"]


async def test_an_error_undoes_the_use_case(database: Database) -> None:
    def half_done(session: Session) -> None:
        a_workspace(session)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await database.write(half_done)

    assert await database.read(names) == []


async def test_reading_keeps_nothing(database: Database) -> None:
    await database.read(a_workspace)

    assert await database.read(names) == []


def test_a_snapshot_does_not_see_what_is_written_beside_it(database: Database) -> None:
    with database.snapshot() as reader:
        assert names(reader) == []
        a_workspace(database)
        assert names(reader) == []


async def test_many_writers_at_once_all_succeed(database: Database) -> None:
    await asyncio.gather(*(database.write(a_workspace) for _ in range(40)))

    assert len(await database.read(names)) == 40


def test_two_processes_racing_for_a_key_do_it_once(database: Database, database_url: str) -> None:
    other = Database(database_url)
    key = RequestKey(key="k", expires_at=T(minutes=10))

    with database.transaction() as session:
        assert insert_once(session, key, unique=["key"])
    with other.transaction() as session:
        assert not add(session, RequestKey(key="k", expires_at=T(minutes=20)))
    other.close()

    with database.snapshot() as session:
        assert [row.expires_at for row in session.exec(select(RequestKey))] == [T(minutes=10)]


def test_insert_once_hides_no_other_mistake(database: Database) -> None:
    a_workspace(database, id="w1", external_id="T1")

    row = Workspace(id="w1", platform=Platform.TEAMS, external_id="T2", name="x", created_at=T())
    with database.transaction() as session, pytest.raises(IntegrityError), session.begin_nested():
        insert_once(session, row, unique=["platform", "external_id"])


def test_an_error_of_the_database_repeats_nobody_s_words(database: Database) -> None:
    a_workspace(database, external_id="T1")

    with pytest.raises(IntegrityError) as caught:
        a_workspace(database, external_id="T1", name="what somebody typed")

    assert "what somebody typed" not in str(caught.value).replace("DETAIL", "")


@pytest.mark.sqlite
async def test_sqlite_keeps_nothing_deleted_in_its_files(sqlite_files: SqliteFiles, tmp_path: Path) -> None:
    database = Database(sqlite_files.fresh_url(tmp_path))
    await database.write(lambda session: a_workspace(session, name="a-name-that-goes"))

    def delete(session: Session) -> None:
        session.delete(session.exec(select(Workspace)).one())

    await database.write(delete)
    await database.scrub()

    assert b"a-name-that-goes" not in b"".join(bytes_in(tmp_path).values())
    database.close()
    assert bytes_in(tmp_path).keys() == {"ampersand.db"}


@pytest.mark.postgres
def test_a_plain_postgresql_address_gets_our_driver() -> None:
    database = Database("postgres://nobody@127.0.0.1:1/none")

    assert database.url.drivername == "postgresql+psycopg"
    with pytest.raises(OperationalError), database.snapshot():
        pass
    database.close()

"""A database that was migrated is the one the tables describe."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import text
from sqlmodel import SQLModel

from storage.database import Database
from storage.migrate import migrate
from tests.builders import a_workspace
from tests.conftest import BOTH
from tests.databases import PostgresServer

SQLITE_SCHEMA = "SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL AND name != 'alembic_version'"
POSTGRESQL_SCHEMA = """
    SELECT table_name || '.' || column_name, data_type || ' ' || is_nullable || ' ' || coalesce(column_default, '')
    FROM information_schema.columns WHERE table_schema = 'public' AND table_name != 'alembic_version'
    UNION ALL
    SELECT conrelid::regclass || '.' || conname, pg_get_constraintdef(oid) FROM pg_constraint
    WHERE connamespace = 'public'::regnamespace AND conrelid::regclass::text != 'alembic_version'
    UNION ALL
    SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public' AND tablename != 'alembic_version'
"""


@pytest.fixture(params=BOTH)
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path}/migrated.db"
    else:
        server: PostgresServer = request.getfixturevalue("postgres_server")
        with server.fresh_url(template="template1") as url:
            yield url


@pytest.fixture
def migrated(empty_url: str) -> Iterator[Database]:
    migrate(empty_url)
    opened = Database(empty_url)
    yield opened
    opened.close()


def schema(database: Database) -> dict[str, set[str]]:
    """Name of each thing in the database → what it is made of; the order of columns does not matter."""
    with database.engine.connect() as connection:
        rows = connection.execute(text(SQLITE_SCHEMA if database.is_sqlite else POSTGRESQL_SCHEMA)).all()
    return {name: {part.strip(" ,\t") for part in sql.splitlines()} for name, sql in rows}


def tables_made_directly(request: pytest.FixtureRequest, migrated: Database) -> dict[str, set[str]]:
    if migrated.is_sqlite:
        files = request.getfixturevalue("sqlite_files")
        direct = Database(files.fresh_url(request.getfixturevalue("tmp_path")))
        made = schema(direct)
        direct.close()
        return made
    with request.getfixturevalue("postgres_server").fresh_url() as url:
        direct = Database(url)
        made = schema(direct)
        direct.close()
    return made


def test_the_migrated_schema_is_that_of_the_tables(request: pytest.FixtureRequest, migrated: Database) -> None:
    assert schema(migrated) == tables_made_directly(request, migrated)


def test_alembic_finds_nothing_left_to_do(migrated: Database) -> None:
    with migrated.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, SQLModel.metadata) == []


@pytest.mark.sqlite
def test_no_table_keeps_the_order_in_which_rows_were_written(tmp_path: Path) -> None:
    migrate(f"sqlite:///{tmp_path}/migrated.db")
    database = Database(f"sqlite:///{tmp_path}/migrated.db")
    with database.engine.connect() as connection:
        statement = "SELECT name, sql FROM sqlite_master WHERE type = 'table' AND name != 'alembic_version'"
        tables = {name: sql.strip() for name, sql in connection.execute(text(statement))}
    database.close()

    assert tables.keys() == SQLModel.metadata.tables.keys()
    assert [name for name, sql in tables.items() if not sql.endswith("WITHOUT ROWID")] == []


def test_migrating_again_changes_nothing_and_keeps_the_rows(migrated: Database, empty_url: str) -> None:
    a_workspace(migrated)
    before = schema(migrated)

    migrate(empty_url)

    assert schema(migrated) == before
    with migrated.engine.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM workspaces")).scalar_one() == 1


def test_several_processes_may_migrate_at_once(empty_url: str) -> None:
    with ThreadPoolExecutor(3) as pool:
        list(pool.map(migrate, [empty_url] * 3))

    opened = Database(empty_url)
    opened.check()
    a_workspace(opened)
    opened.close()

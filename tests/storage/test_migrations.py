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
from tests.storage.schemas import schema, schema_of_the_tables


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


def tables_made_directly(request: pytest.FixtureRequest, migrated: Database) -> dict[str, set[str]]:
    if migrated.is_sqlite:
        return schema_of_the_tables(f"sqlite:///{request.getfixturevalue('tmp_path')}/direct.db")
    with request.getfixturevalue("postgres_server").fresh_url("template1") as url:
        return schema_of_the_tables(url)


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
    a_workspace(opened)
    opened.close()

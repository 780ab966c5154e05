"""A company that began with the first schema keeps every row when its program is renewed."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from alembic.autogenerate import produce_migrations, render_python_code
from alembic.migration import MigrationContext
from alembic.operations import Operations
from sqlalchemy import CheckConstraint, Column, Enum, MetaData, String, Table, text
from sqlalchemy.exc import IntegrityError
from sqlmodel import select

from storage.backup import _read, insert_rows
from storage.database import Database
from storage.migrate import NewerSchemaError, changing_schema, current_revision, migrate, newest_revision
from storage.tables import Entry, Member, ZoneFrom
from tests.conftest import BOTH
from tests.databases import PostgresServer
from tests.storage.schemas import Rows, contents, schema, schema_of_the_tables

KEPT = Path(__file__).parent / "upgrade"
MADE_ON = ["sqlite", "postgres"]


def columns_of(file: Path) -> dict[str, list[str]]:
    """The tables of a backup and their columns."""
    headings = [json.loads(line) for line in _read(file) if line.startswith(b'{"table"')]
    return {heading["table"]: heading["columns"] for heading in headings}


@pytest.fixture(params=BOTH)
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path}/company.db"
    else:
        server: PostgresServer = request.getfixturevalue("postgres_server")
        with server.fresh_url("template1") as url:
            yield url


def begin_with_0001(url: str, made_on: str) -> tuple[Rows, dict[str, list[str]]]:
    """Fill the database as the first program left it; its rows and their columns."""
    file = KEPT / f"schema_0001_{made_on}.backup"
    migrate(url, "0001")
    database = Database(url)
    with changing_schema(database) as connection:
        insert_rows(connection, file)
    columns = columns_of(file)
    rows = contents(database, columns)
    database.close()
    return rows, columns


@pytest.mark.parametrize("made_on", MADE_ON)
def test_every_row_is_there_after_the_upgrade(empty_url: str, made_on: str) -> None:
    before, columns = begin_with_0001(empty_url, made_on)
    assert len(before["entries"]) == 112
    assert {row[columns["entries"].index("visibility")] for row in before["entries"]} == {"named", "side_only"}
    assert {row[columns["outbox"].index("state")] for row in before["outbox"]} == {
        *("pending", "sending", "sent", "failed"),
    }

    migrate(empty_url)

    database = Database(empty_url)
    after = contents(database, columns)
    with database.engine.connect() as connection:
        assert current_revision(connection) == newest_revision()
    database.close()
    assert {table for table in before if before[table] != after[table]} == set()


def test_what_the_first_schema_did_not_keep_is_filled_in(empty_url: str) -> None:
    """Everybody's zone is their own, and goes on following the platform's; what was hidden goes in thirty days."""
    begin_with_0001(empty_url, "sqlite")
    database = Database(empty_url)
    with database.transaction() as session:
        hide = "UPDATE entries SET hidden_reason = 'names a person' WHERE ref = (SELECT min(ref) FROM entries)"
        session.connection().exec_driver_sql(hide)
    before = datetime.now(UTC).date()

    migrate(empty_url)

    with database.snapshot() as session:
        members, entries = session.exec(select(Member)).all(), session.exec(select(Entry)).all()
    database.close()
    assert {member.timezone for member in members} > {"Europe/Amsterdam"}
    assert [member.platform_timezone for member in members] == [member.timezone for member in members]
    assert {(member.timezone_from, member.working_days) for member in members} == {(ZoneFrom.OWN, None)}
    days = {entry.hidden_on for entry in entries if entry.hidden_reason}
    assert days <= {before + timedelta(days=ahead) for ahead in (0, 1)}
    assert {entry.hidden_on for entry in entries if not entry.hidden_reason} == {None}


@pytest.mark.sqlite
def test_an_upgraded_file_is_made_like_a_new_one(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/company.db"
    begin_with_0001(url, "sqlite")

    migrate(url)

    database = Database(url)
    with database.engine.connect() as connection:
        assert connection.execute(text("PRAGMA foreign_key_check")).all() == []
        assert connection.execute(text("PRAGMA integrity_check")).scalar_one() == "ok"
    assert schema(database) == schema_of_the_tables(f"sqlite:///{tmp_path}/new.db")
    database.close()


@pytest.mark.sqlite
def test_copying_a_table_as_sqlite_needs_it_loses_nothing(tmp_path: Path) -> None:
    """What Alembic does for every change but a new column: copy, drop, rename. Here for all tables at once."""
    url = f"sqlite:///{tmp_path}/company.db"
    before, columns = begin_with_0001(url, "sqlite")
    database = Database(url)
    made = schema(database)

    with changing_schema(database) as connection:
        copying = Operations(MigrationContext.configure(connection, opts={"transactional_ddl": False}))
        for table in columns:
            with copying.batch_alter_table(table, recreate="always"):
                pass

    assert schema(database) == made
    assert contents(database, columns) == before
    database.close()


@pytest.mark.sqlite
@pytest.mark.parametrize(
    "broken",
    ["DELETE FROM workspaces", "CREATE TABLE numbered (id VARCHAR PRIMARY KEY)"],
    ids=["orphans", "hidden row numbers"],
)
def test_a_migration_that_breaks_something_is_undone(tmp_path: Path, broken: str) -> None:
    url = f"sqlite:///{tmp_path}/company.db"
    before, columns = begin_with_0001(url, "sqlite")
    database = Database(url)

    with pytest.raises(RuntimeError, match="undone"), changing_schema(database) as connection:
        connection.exec_driver_sql(broken)

    assert contents(database, columns) == before
    assert "numbered" not in schema(database)
    with database.engine.connect() as connection, pytest.raises(IntegrityError):
        connection.exec_driver_sql("DELETE FROM sides")  # foreign keys hold again
    database.close()


def test_a_newer_schema_is_left_alone(empty_url: str) -> None:
    migrate(empty_url)
    database = Database(empty_url)
    with database.transaction() as session:
        session.connection().exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")

    with pytest.raises(NewerSchemaError) as refused:
        migrate(empty_url)

    assert refused.value.revision == "9999"
    database.close()


def hues(*words: str, checked: str) -> MetaData:
    metadata = MetaData(naming_convention={"ck": "ck_%(table_name)s_%(constraint_name)s"})
    words_only = Enum(*words, name="hue", native_enum=False, create_constraint=True, length=24)
    check = CheckConstraint(checked, name="dark")
    Table("lamps", metadata, Column("id", String, primary_key=True), Column("hue", words_only), check)
    return metadata


@pytest.mark.sqlite
def test_a_revision_holds_the_words_that_an_enum_gained(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path}/lamps.db")
    hues("red", "blue", checked="id != 'dark'").create_all(database.engine)
    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"render_as_batch": True})
        gained = produce_migrations(context, hues("red", "blue", "green", checked="id != 'dark'"))
        same = produce_migrations(context, hues("red", "blue", checked="id != 'dark'"))
    database.close()

    assert gained.upgrade_ops is not None
    written = render_python_code(gained.upgrade_ops, render_as_batch=True, migration_context=context)
    assert "drop_constraint(batch_op.f('ck_lamps_hue')" in written
    assert "\"hue IN ('red', 'blue', 'green')\"" in written
    assert "dark" not in written
    assert same.upgrade_ops is not None
    assert same.upgrade_ops.is_empty()

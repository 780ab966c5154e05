"""Bring a database to the newest schema. Migrations go forward only.

`python -m storage.migrate 0002 "What it adds" | xargs ruff format` writes a revision from the difference between the
revisions before it and the tables; one with that number is replaced, and lines written into it by hand are lost.
"""

import sys
import tempfile
from argparse import Namespace
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import Script, ScriptDirectory
from sqlalchemy import Connection, inspect
from sqlmodel import SQLModel

import storage.check_constraints
import storage.tables  # noqa: F401  so that the metadata is whole
from storage.database import Database

FOLDER = Path(__file__).parent / "migrations"
HEAD = "head"
KEPT_BY_ALEMBIC = "alembic_version"
POSTGRESQL_LOCK = 7_316_554  # any number, the same in every process
NUMBERED_TABLES = """
    SELECT name FROM sqlite_master WHERE type = 'table' AND name != 'alembic_version' AND sql NOT LIKE '%WITHOUT ROWID%'
"""


class NewerSchemaError(Exception):
    """The data was written by a newer Ampersand; `revision` is its schema, unknown to this one."""

    def __init__(self, revision: str) -> None:
        super().__init__(revision)
        self.revision = revision


def migrate(url: str, revision: str = HEAD) -> None:
    """Run the migrations that are missing. Several processes may do so at once: the second waits and finds nothing.

    Raises:
        NewerSchemaError: nothing was changed.
    """
    database = Database(url)
    try:
        if _is_behind(database, revision):
            with changing_schema(database) as connection:
                upgrade(connection, revision)
    finally:
        database.close()


@contextmanager
def changing_schema(database: Database) -> Iterator[Connection]:
    """One transaction in which tables may be made anew, by one process at a time; all of it happens or nothing.

    SQLite changes a table by copying it and dropping the old one. With its foreign keys on, whatever points at the old
    one would be deleted along: so they are off here, and looked at before the commit.
    """
    with database.engine.connect() as connection:
        if database.is_sqlite:
            connection.detach()  # nobody else gets a connection whose foreign keys are off
            connection.exec_driver_sql("PRAGMA foreign_keys = OFF")
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        else:
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({POSTGRESQL_LOCK})")
        yield connection
        if database.is_sqlite:
            _check_sqlite(connection)
        connection.commit()


def upgrade(connection: Connection, revision: str = HEAD) -> None:
    """Bring the database to that revision, in the caller's transaction.

    Raises:
        NewerSchemaError: it is beyond every revision this program knows.
    """
    check_known(current_revision(connection))
    command.upgrade(_config(connection), revision)


def current_revision(connection: Connection) -> str | None:
    """The schema the database has; None when there is none yet."""
    return MigrationContext.configure(connection).get_current_revision()


def check_known(revision: str | None) -> None:
    """Raise NewerSchemaError for a schema that this program has never heard of."""
    if revision is not None and revision not in _revisions():
        raise NewerSchemaError(revision)


def newest_revision() -> str:
    """The schema of the tables as this program knows them."""
    return _revisions()[0]


@cache
def tables_of(revision: str) -> frozenset[str]:
    """The tables of that schema; today's for one that this program has never heard of."""
    if revision not in _revisions()[1:]:
        return frozenset(SQLModel.metadata.tables)
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/empty.db"
        migrate(url, revision)
        database = Database(url)
        found = inspect(database.engine).get_table_names()
        database.close()
    return frozenset(found) - {KEPT_BY_ALEMBIC}


def _is_behind(database: Database, revision: str) -> bool:
    """Looked up without a lock: a command on a large database need not wait for whoever writes in it."""
    with database.engine.connect() as connection:
        current = current_revision(connection)
    check_known(current)
    return current != (newest_revision() if revision == HEAD else revision)


def _revisions() -> list[str]:
    """Every schema there was, the newest first."""
    return [script.revision for script in ScriptDirectory.from_config(_config()).walk_revisions()]


def _check_sqlite(connection: Connection) -> None:
    """Raise when a migration broke what SQLite does not hold by itself meanwhile."""
    orphans = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchone()
    numbered = connection.exec_driver_sql(NUMBERED_TABLES).scalars().all()
    if orphans or numbered:
        message = f"The migration was undone: orphans in {orphans}, hidden row numbers in {numbered}"
        raise RuntimeError(message)


def write_revision(number: str, message: str) -> Path:
    """Write the revision with that number again, or the next one; its file."""
    for old in (FOLDER / "versions").glob(f"{number}_*.py"):
        old.unlink()
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/empty.db"
        if ScriptDirectory.from_config(_config()).get_heads():
            migrate(url)
        database = Database(url)
        with database.engine.connect() as connection:
            script = command.revision(_config(connection), message, autogenerate=True, rev_id=number)
        database.close()
    assert isinstance(script, Script)
    return _tidy(Path(script.path))


def _tidy(file: Path) -> Path:
    """Without Alembic's own remarks."""
    lines = file.read_text().splitlines()
    file.write_text("\n".join(line for line in lines if "# ###" not in line) + "\n")
    return file


def _config(connection: Connection | None = None) -> Config:
    config = Config(cmd_opts=Namespace(quiet=True))
    config.set_main_option("script_location", str(FOLDER).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config


if __name__ == "__main__":
    sys.stdout.write(f"{write_revision(*sys.argv[1:])}\n")

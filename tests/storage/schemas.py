"""What a database is made of and what it holds, in a form that can be compared."""

import re
from collections.abc import Iterable, Mapping

from sqlalchemy import text
from sqlmodel import SQLModel

from storage.database import Database

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

Rows = dict[str, list[tuple[str, ...]]]


def schema(database: Database) -> dict[str, set[str]]:
    """Name of each thing in the database → what it is made of; the order of columns does not matter."""
    with database.engine.connect() as connection:
        if not database.is_sqlite:
            return {name: {definition} for name, definition in connection.execute(text(POSTGRESQL_SCHEMA))}
        return {name: _parts(sql) for name, sql in connection.execute(text(SQLITE_SCHEMA))}


def _parts(sql: str) -> set[str]:
    """The words before the bracket, each definition in it, and the words after; names with or without quotes."""
    masked = re.sub(r"\([^()]*\)", lambda inner: inner[0].replace(",", "\0"), sql.replace('"', "").replace("\n", " "))
    pieces = re.split(r",|^([^(]*)\(|\)([^)]*)$", masked)
    return {" ".join(piece.replace("\0", ",").split()) for piece in pieces if piece}


def schema_of_the_tables(empty_url: str) -> dict[str, set[str]]:
    """The schema that the tables describe, made directly in an empty database."""
    direct = Database(empty_url)
    SQLModel.metadata.create_all(direct.engine)
    made = schema(direct)
    direct.close()
    return made


def contents(database: Database, columns: Mapping[str, Iterable[str]]) -> Rows:
    """Every row of these columns of each table, as text."""
    with database.engine.connect() as connection:
        return {
            table: sorted(tuple(map(str, row)) for row in connection.execute(text(_select(table, names))))
            for table, names in columns.items()
        }


def _select(table: str, columns: Iterable[str]) -> str:
    names = ", ".join(f'"{column}"' for column in columns)
    return f"SELECT {names} FROM {table}"

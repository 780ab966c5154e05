"""All rows in one portable file, and back: each database reads what the other wrote.

The file is gzip over lines of JSON: the facts, then for each table its columns and its rows in the order of their keys
(the order of writing would tell too much), then a checksum over all lines before it. A value stands there as SQLite
keeps it; PostgreSQL reads and writes that form. Our tables are taken as they are found, so that a file outlives the
schema it was made with; tables of others in the same database are neither read nor touched.
"""

import gzip
import json
import zlib
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from hashlib import sha256
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO, Final

from sqlalchemy import JSON, Boolean, Connection, Date, DateTime, Time, bindparam, inspect, text
from sqlmodel import Session

from storage.database import Database
from storage.migrate import KEPT_BY_ALEMBIC, changing_schema, check_known, current_revision, tables_of, upgrade
from storage.outbox import doubt_unsent

FORMAT: Final = 1
BATCH: Final = 1000
LARGEST_LINE: Final = 1 << 24
AS_SQLITE_KEEPS_IT: Final = (
    (DateTime, "to_char({} AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US')"),
    (Date, "to_char({}, 'YYYY-MM-DD')"),
    (Time, "to_char({}, 'HH24:MI:SS.US')"),
    (Boolean, "{}::int"),
    (JSON, "{}::text"),
)
SET_ASIDE_IN_SQLITE: Final = """
    SELECT 'DROP INDEX "' || name || '"', sql FROM sqlite_master
    WHERE type = 'index' AND sql IS NOT NULL AND tbl_name IN :tables
"""
SET_ASIDE_IN_POSTGRESQL: Final = """
    SELECT format('ALTER TABLE %s DROP CONSTRAINT %I', conrelid::regclass, conname),
           format('ALTER TABLE %s ADD CONSTRAINT %I %s', conrelid::regclass, conname, pg_get_constraintdef(oid))
    FROM pg_constraint WHERE contype = 'f' AND connamespace = current_schema()::regnamespace
      AND conrelid IN (SELECT oid FROM pg_class WHERE relname IN :tables)
    UNION ALL
    SELECT format('DROP INDEX %I', indexname), indexdef FROM pg_indexes
    WHERE schemaname = current_schema() AND tablename IN :tables
      AND indexname NOT IN (SELECT conname FROM pg_constraint WHERE connamespace = current_schema()::regnamespace)
"""

Progress = Callable[[int], None]
"""Told how many more rows are done."""


class BadBackupError(Exception):
    """The file is no whole backup; the text says why, and nothing was changed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What the first line says: `made_at` in ISO 8601, `sealed_with` the fingerprint of the installation's secret."""

    ampersand_backup: int = FORMAT
    program: str
    revision: str
    made_at: str
    sealed_with: str
    rows: Mapping[str, int]


def count_rows(connection: Connection) -> dict[str, int]:
    """Every table of ours, and how many rows it holds."""
    ours = our_tables(connection)
    return {name: connection.exec_driver_sql(f'SELECT count(*) FROM "{name}"').scalar_one() for name in ours}  # noqa: S608


def our_tables(connection: Connection) -> list[str]:
    """Those that our migrations made; the database may hold tables of others, which are none of our business."""
    revision = current_revision(connection)
    return sorted(tables_of(revision).intersection(inspect(connection).get_table_names())) if revision else []


def write_backup(connection: Connection, file: BinaryIO, facts: Facts, progress: Progress) -> None:
    """Write what the connection sees, which should be one consistent view."""
    with gzip.GzipFile(filename="", fileobj=file, mode="wb", compresslevel=6, mtime=0) as packed:
        digest = sha256()
        for line in _lines(connection, facts, progress):
            digest.update(line)
            packed.write(line)
        packed.write(_line({"sha256": digest.hexdigest()}))


def facts_now(connection: Connection, *, made_at: str, sealed_with: str, program: str) -> Facts | None:
    """The facts of a backup made now; None when the database has no schema yet.

    Raises:
        NewerSchemaError: it may hold tables of which this program knows nothing.
    """
    revision = current_revision(connection)
    if revision is None:
        return None
    check_known(revision)
    return Facts(
        program=program, revision=revision, made_at=made_at, sealed_with=sealed_with, rows=count_rows(connection)
    )


def read_facts(path: Path) -> Facts:
    """Read the whole file once; its facts. Raises BadBackupError unless every row of it can be trusted."""
    facts, table, found, digest = None, "", Counter[str](), sha256()
    for line in _read(path):
        if facts is None:
            facts = _facts(line)
        elif line.startswith(b'{"sha256"'):
            _check_end(line, digest.hexdigest(), whole=found == Counter(facts.rows))
            return facts
        elif line.startswith(b"{"):
            table = str(_parse(line).get("table"))
        else:
            found[table] += 1
        digest.update(line)
    raise BadBackupError("it ends too early: the copy was cut off")


def restore(database: Database, path: Path, facts: Facts, progress: Progress) -> int:
    """Put the rows of a file that was read before in place of all that is there, and bring them to today's schema.

    All of it happens or nothing. How many messages were on their way when the backup was made: they may have arrived
    since, so each is looked up before it is sent. Raises BadBackupError where it names what its schema has not.
    """
    with changing_schema(database) as connection:
        _drop_tables(connection)
        upgrade(connection, facts.revision)
        insert_rows(connection, path, progress)
        upgrade(connection)
        with Session(connection) as session:
            return doubt_unsent(session)


def insert_rows(connection: Connection, path: Path, progress: Progress = lambda _more: None) -> None:
    """Put the rows of the file in its tables, which are empty and have the schema it was made with.

    The names in the file become part of statements, so only those that stand in the schema too are used. Raises
    BadBackupError for any other.
    """
    inspector = inspect(connection)
    ours = {
        table: sorted(column["name"] for column in inspector.get_columns(table)) for table in our_tables(connection)
    }
    with _set_aside(connection, list(ours)):
        for table, columns, rows in _tables(path):
            if ours.get(table) != sorted(map(str, columns)):
                raise BadBackupError("it holds other tables than the version that it names")
            _insert(connection, table, columns, rows, progress)


def _lines(connection: Connection, facts: Facts, progress: Progress) -> Iterator[bytes]:
    yield _line(asdict(facts))
    for table in facts.rows:
        columns = inspect(connection).get_columns(table)
        yield _line({"table": table, "columns": [column["name"] for column in columns]})
        rows = connection.execute(
            text(_select(connection, table)), execution_options={"stream_results": True, "yield_per": BATCH}
        )
        for batch in rows.partitions(BATCH):  # without the number psycopg would fetch all of them at once
            yield from (_line(list(row)) for row in batch)
            progress(len(batch))


def _select(connection: Connection, table: str) -> str:
    """Read every column in the portable form, in the order of the keys."""
    inspector = inspect(connection)
    names = [_portable(connection, column["name"], column["type"]) for column in inspector.get_columns(table)]
    keys = [f'"{key}"' for key in inspector.get_pk_constraint(table)["constrained_columns"]]
    return f'SELECT {", ".join(names)} FROM "{table}" ORDER BY {", ".join(keys)}'  # noqa: S608  names from the database itself


def _portable(connection: Connection, name: str, kind: object) -> str:
    forms = (form for types, form in AS_SQLITE_KEEPS_IT if isinstance(kind, types))
    form = "{}" if connection.dialect.name == "sqlite" else next(forms, "{}")
    return form.format(f'"{name}"')


def _line(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def _read(path: Path) -> Iterator[bytes]:
    """The lines of the file. Raises BadBackupError where they cannot be read."""
    try:
        with gzip.open(path) as packed:
            while line := packed.readline(LARGEST_LINE):
                yield line
    except EOFError:
        raise BadBackupError("it ends too early: the copy was cut off") from None
    except (gzip.BadGzipFile, zlib.error):
        raise BadBackupError("it is damaged, or no backup of Ampersand at all") from None


def _parse(line: bytes) -> dict[str, Any]:
    try:
        found: dict[str, Any] = json.loads(line)
    except ValueError:
        raise BadBackupError("it is damaged, or no backup of Ampersand at all") from None
    return found


def _facts(line: bytes) -> Facts:
    try:
        facts = Facts(**_parse(line))
    except TypeError:
        raise BadBackupError("it is no backup of Ampersand") from None
    if facts.ampersand_backup != FORMAT:
        raise BadBackupError("a newer Ampersand wrote it; use that version")
    return facts


def _check_end(line: bytes, expected: str, *, whole: bool) -> None:
    if not whole or _parse(line).get("sha256") != expected:
        raise BadBackupError("its checksum does not fit: it was changed or damaged")


def _tables(path: Path) -> Iterator[tuple[str, list[str], Iterator[list[Any]]]]:
    """Table by table: its name, its columns, its rows, which have to be taken before the next table."""
    lines = _read(path)
    next(lines)
    heading = next(lines)
    while not heading.startswith(b'{"sha256"'):
        table = json.loads(heading)
        following: list[bytes] = []
        yield table["table"], table["columns"], _rows(lines, following)
        heading = following[0]


def _rows(lines: Iterator[bytes], following: list[bytes]) -> Iterator[list[Any]]:
    for line in lines:
        if line.startswith(b"{"):
            following.append(line)
            return
        yield json.loads(line)


def _drop_tables(connection: Connection) -> None:
    dependents = "" if connection.dialect.name == "sqlite" else " CASCADE"
    ours = our_tables(connection)
    for table in [*ours, KEPT_BY_ALEMBIC] if ours else []:
        connection.exec_driver_sql(f'DROP TABLE "{table}"{dependents}')


@contextmanager
def _set_aside(connection: Connection, tables: Sequence[str]) -> Iterator[None]:
    """Build indexes when all rows are there, many times faster; and let a row point at one that comes later.

    At the end every foreign key is checked: here on PostgreSQL, before the commit on SQLite, where they are off.
    """
    query = SET_ASIDE_IN_SQLITE if connection.dialect.name == "sqlite" else SET_ASIDE_IN_POSTGRESQL
    found = connection.execute(text(query).bindparams(bindparam("tables", tables, expanding=True))).all()
    for drop, _ in found:
        connection.exec_driver_sql(drop)
    yield
    for _, create in found:
        connection.exec_driver_sql(create)


def _insert(
    connection: Connection, table: str, columns: Sequence[str], rows: Iterator[list[Any]], progress: Progress
) -> None:
    put = _put_in_sqlite if connection.dialect.name == "sqlite" else _put_in_postgresql
    while batch := list(islice(rows, BATCH)):
        put(connection, table, columns, batch)
        progress(len(batch))


def _put_in_sqlite(connection: Connection, table: str, columns: Sequence[str], rows: list[list[Any]]) -> None:
    names, places = ", ".join(f'"{name}"' for name in columns), ", ".join("?" * len(columns))
    statement = f'INSERT INTO "{table}" ({names}) VALUES ({places})'  # noqa: S608  names from a file whose checksum is right
    connection.exec_driver_sql(statement, [tuple(row) for row in rows])


def _put_in_postgresql(connection: Connection, table: str, columns: Sequence[str], rows: list[list[Any]]) -> None:
    """COPY reads every type from its text; a moment without a zone is one in UTC."""
    connection.exec_driver_sql("SET LOCAL TIME ZONE 'UTC'")
    names = ", ".join(f'"{name}"' for name in columns)
    driver: Any = connection.connection.driver_connection
    with driver.cursor() as cursor, cursor.copy(f'COPY "{table}" ({names}) FROM STDIN') as copy:
        for row in rows:
            copy.write_row([_without_zero(value) for value in row])


def _without_zero(value: Any) -> Any:
    """PostgreSQL keeps no character zero in a text, and nobody sees one."""
    return value.replace("\0", "") if isinstance(value, str) else value

"""The engine, its transactions, and the one writer.

Services are plain functions over a `Session`; `write` and `read` run them off the event loop, one transaction each.
SQLite has a single writer thread (a second would only wait for the first); PostgreSQL has a small pool.
"""

import asyncio
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from time import monotonic
from typing import Any, Concatenate, ParamSpec, TypeVar

from sqlalchemy import URL, Delete, Engine, Insert, Update, create_engine, event, inspect, make_url
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import CursorResult
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.pool import QueuePool
from sqlmodel import Session, SQLModel

from storage.private import make_private_database, make_private_folder
from storage.rewriting import TookTooLongError, rewrite_postgresql, rewrite_sqlite, truncate_log

P = ParamSpec("P")
T = TypeVar("T")

WRITERS, READERS = 4, 4
QUICK_SECONDS = 1.0
"""How long somebody may be held up by a rewriting."""

REST, MORE_REST = 49, 4
"""How many times as long as it took the database rests from being rewritten; so much more after each broken off."""

SQLITE_PRAGMAS = (
    "PRAGMA busy_timeout = 5000",
    "PRAGMA journal_mode = WAL",
    "PRAGMA foreign_keys = ON",
    "PRAGMA synchronous = FULL",
    "PRAGMA secure_delete = ON",
)


class Database:
    """One database. `url` is an SQLAlchemy URL (sqlite:///… or postgresql://…, driven by psycopg)."""

    def __init__(self, url: str) -> None:
        self.url = _with_driver(url)
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        self.engine = _sqlite_engine(self.url) if self.is_sqlite else _postgresql_engine(self.url)
        self._written = True  # what an earlier process wrote is not known
        self._rests_until = self._tries_from = monotonic()
        self._broken_off = 0
        self._watch()
        self._writers = ThreadPoolExecutor(1 if self.is_sqlite else WRITERS, thread_name_prefix="database-write")
        self._readers = ThreadPoolExecutor(READERS, thread_name_prefix="database-read")

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        """A session that commits at the end, or rolls back on any error."""
        with Session(self.engine, expire_on_commit=False) as session, session.begin():
            if self.is_sqlite:
                session.connection().exec_driver_sql("BEGIN IMMEDIATE")
            yield session

    @contextmanager
    def snapshot(self) -> Iterator[Session]:
        """A session to read with: one consistent view, nothing is kept."""
        with Session(self.engine, expire_on_commit=False) as session:
            if self.is_sqlite:
                session.connection().exec_driver_sql("BEGIN")
            else:
                session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
            yield session  # closing undoes what was changed, and leaves the records it read as they are

    async def write(self, use_case: Callable[Concatenate[Session, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run the use case in one transaction; durable when it returns."""

        def work() -> T:
            with self.transaction() as session:
                return use_case(session, *args, **kwargs)

        return await asyncio.get_running_loop().run_in_executor(self._writers, work)

    async def read(self, use_case: Callable[Concatenate[Session, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run the use case on one consistent view; what it changes is not kept."""

        def work() -> T:
            with self.snapshot() as session:
                return use_case(session, *args, **kwargs)

        return await asyncio.get_running_loop().run_in_executor(self._readers, work)

    async def scrub(self, *, nobody_waits: bool = False) -> bool:
        """Let the files tell neither what was deleted nor in which order rows were written, if anything was.

        Nobody can write meanwhile: what takes longer than a second is broken off, and left for a time when
        `nobody_waits`. It takes no more than a fiftieth of the time. PostgreSQL recycles its write-ahead log by itself.
        Whether nothing is left to be done.
        """
        return await asyncio.get_running_loop().run_in_executor(self._writers, self._scrub, nobody_waits)

    def close(self) -> None:
        """End what runs, then leave one file behind, without a write-ahead log where nobody else holds it."""
        self._writers.shutdown()
        self._readers.shutdown()
        if self.is_sqlite:
            truncate_log(self.engine)
        self.engine.dispose()

    def _scrub(self, nobody_waits: bool) -> bool:
        now = monotonic()
        has_rested = now >= self._rests_until and (nobody_waits or now >= self._tries_from)
        if self._written and has_rested:
            self._rewrite(None if nobody_waits else QUICK_SECONDS)
        elif self.is_sqlite:
            truncate_log(self.engine)
        return not self._written

    def _rewrite(self, seconds: float | None) -> None:
        started = monotonic()
        self._written = False  # before it begins: others may write on
        try:
            (rewrite_sqlite if self.is_sqlite else rewrite_postgresql)(self.engine, seconds)
        except TookTooLongError:
            self._written = True
            self._tries_from = monotonic() + REST * (monotonic() - started) * MORE_REST**self._broken_off
            self._broken_off += 1
        except SQLAlchemyError:
            self._written = True
            raise
        else:
            self._broken_off = 0
            self._rests_until = monotonic() + REST * (monotonic() - started)

    def _watch(self) -> None:
        @event.listens_for(self.engine, "after_cursor_execute")
        def on_execute(_connection: Any, cursor: Any, _statement: Any, _values: Any, context: Any, _many: Any) -> None:
            writes = context.isinsert or context.isupdate or context.isdelete
            self._written = self._written or (writes and cursor.rowcount != 0)


def insert_once(session: Session, record: SQLModel, unique: Sequence[str]) -> bool:
    """Insert the record unless one with the same `unique` columns is there; whether it was inserted.

    Who races for the same key waits for the other's transaction, on both databases, and then knows.
    """
    insert = dialect_insert(session, type(record)).values(columns_of(record))
    return rows_changed(session, insert.on_conflict_do_nothing(index_elements=unique)) == 1


def dialect_insert(session: Session, table: type[SQLModel]) -> sqlite.Insert | postgresql.Insert:
    """An INSERT that knows ON CONFLICT; both databases spell it the same."""
    is_sqlite = session.get_bind().dialect.name == "sqlite"
    return sqlite.insert(table) if is_sqlite else postgresql.insert(table)


def columns_of(record: SQLModel) -> dict[str, Any]:
    return {column.key: getattr(record, column.key) for column in inspect(type(record)).column_attrs}


def rows_changed(session: Session, statement: Insert | Update | Delete) -> int:
    """Run it; how many rows it changed. Records the session holds do not notice."""
    session.flush()
    result = session.connection().execute(statement, execution_options={"preserve_rowcount": True})
    assert isinstance(result, CursorResult)
    return result.rowcount


def _with_driver(url: str) -> URL:
    parsed = make_url(url)
    if parsed.drivername in {"postgres", "postgresql"}:
        return parsed.set(drivername="postgresql+psycopg")
    return parsed


def _postgresql_engine(url: URL) -> Engine:
    return create_engine(url, pool_pre_ping=True, pool_size=WRITERS + READERS, hide_parameters=True)


def _sqlite_engine(url: URL) -> Engine:
    file = Path(url.database) if url.database and url.database != ":memory:" else None
    if file and not file.parent.exists():
        make_private_folder(file.parent)
    # Parameters are somebody's words: an error in a log must not repeat them.
    engine = create_engine(
        url, poolclass=QueuePool, pool_size=5, connect_args={"check_same_thread": False}, hide_parameters=True
    )

    @event.listens_for(engine, "do_connect")
    def before_connect(*_: Any) -> None:
        if file:
            make_private_database(file)

    @event.listens_for(engine, "connect")
    def on_connect(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # we begin ourselves: deferred writers end in "database is locked"
        for pragma in SQLITE_PRAGMAS:
            connection.execute(pragma)

    return engine

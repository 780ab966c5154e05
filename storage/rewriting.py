"""Rewrite what could tell who wrote a side-only entry: what was deleted, and in which order rows were written.

Between two named rows, and beside somebody's habits, the order of writing is a name. SQLite puts a new row into free
space of its page and leaves it there; PostgreSQL writes rows one after the other and numbers their transactions.

Nobody can write meanwhile. So a rewriting may be given a time, after which it is broken off; what it has done by then
harms nothing.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import OperationalError
from sqlmodel import SQLModel

from storage.tables import (
    Absence,
    Appointment,
    Ask,
    AuditRecord,
    Brief,
    ChannelPerson,
    CheckinAsked,
    CheckinChoice,
    CheckinExample,
    CheckinPerson,
    CheckinText,
    Disturbance,
    Draft,
    Entry,
    Member,
    Occurrence,
    Outgoing,
    PrivateItem,
    PulseAsked,
    PulseScore,
    Schedule,
)

LOCK_WITHIN = "500ms"
"""Shorter than PostgreSQL waits before it calls a wait a deadlock: never somebody else's work is given up."""

TELLING: tuple[type[SQLModel], ...] = (
    Entry,
    Ask,
    Outgoing,
    Schedule,
    Occurrence,
    AuditRecord,
    Draft,
    Member,
    Brief,
    Appointment,
    PulseScore,
    PulseAsked,
    CheckinAsked,
    CheckinChoice,
    CheckinText,
    CheckinExample,
    CheckinPerson,
    ChannelPerson,
    Disturbance,
    PrivateItem,
    Absence,
)
"""Tables whose rows are written, changed or deleted together with a side-only entry or a score, or to forget a name."""

OVERLONG = {
    "entries": ("title", "what_happened", "own_interest", "other_interest", "effect", "lesson"),
    "checkin_texts": ("text",),
}
"""Texts that PostgreSQL may keep beside their row, under numbers of their own that count up."""

WALK_BY_KEY = ("enable_seqscan", "enable_bitmapscan")
"""Without these it takes the rows by their key, so that all new numbers come in that order."""

STEPS = 20_000
"""After how many steps of its machine SQLite looks at the clock: every few milliseconds."""

BUILDING = 0.5
"""The part of the time SQLite takes to build the new file; putting it in place of the old one cannot be broken off."""

PATIENCE_SECONDS = 10
"""How long PostgreSQL's old rows wait to be seen by nobody any more. Nothing is locked meanwhile."""

SEEN_BY_SOMEBODY = """
    SELECT coalesce(bool_or(age(oldest) >= age(CAST(%(rewritten)s AS xid))), false) FROM (
        SELECT pg_snapshot_xmin(pg_current_snapshot())::xid
        UNION ALL
        SELECT backend_xmin FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()
    ) AS transactions (oldest) WHERE oldest IS NOT NULL
"""
"""Whether a transaction that began before the rows were rewritten is still open.

CLUSTER carries along what such a one might still look at, and that is not only one of this database: while anything
is written elsewhere on the server, our own snapshot reaches back to it.
"""


class TookTooLongError(Exception):
    """The rewriting was broken off: what was deleted, and the order of writing, can still be read."""


class Deadline:
    """`seconds` from now; None: whatever it takes."""

    def __init__(self, seconds: float | None) -> None:
        self._until = None if seconds is None else monotonic() + seconds

    @property
    def is_over(self) -> bool:
        return self._until is not None and monotonic() > self._until

    @property
    def milliseconds(self) -> int:
        """What is left of it, at least one; 0 is PostgreSQL's word for no end."""
        return 0 if self._until is None else max(1, round(1000 * (self._until - monotonic())))

    def stand_still(self, seconds: float) -> None:
        """That time does not count: nobody was held up in it."""
        self._until = None if self._until is None else self._until + seconds


def rewrite_sqlite(engine: Engine, seconds: float | None = None) -> None:
    """Build the file anew: every table in the order of its random keys, without free pages, and no log beside it.

    Raises:
        TookTooLongError: building it took longer than its part of `seconds`.
    """
    deadline = Deadline(None if seconds is None else BUILDING * seconds)
    try:
        with engine.connect() as connection, _broken_off(connection, deadline):
            connection.exec_driver_sql("VACUUM")
    finally:
        truncate_log(engine)


def truncate_log(engine: Engine) -> None:
    with engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")


def rewrite_postgresql(engine: Engine, seconds: float | None = None) -> None:
    """Give all rows one transaction number, then lay each table out anew by its random keys.

    Raises:
        TookTooLongError: it took longer than `seconds`, or an old transaction somewhere on the server does not end.
        OperationalError: somebody works with a table right now; nothing was changed that matters.
    """
    tables = [str(table.__tablename__) for table in TELLING]
    deadline = Deadline(seconds)
    with _limited(engine, deadline) as connection:
        connection.exec_driver_sql(f"LOCK TABLE {', '.join(tables)} IN EXCLUSIVE MODE")
        for walk in WALK_BY_KEY:
            connection.exec_driver_sql(f"SET LOCAL {walk} = off")
        for table in tables:
            key = next(iter(SQLModel.metadata.tables[table].primary_key)).name
            changes = ", ".join(f"{text} = {text} || ''" for text in OVERLONG.get(table, ())) or f"{key} = {key}"
            _give_time(connection, deadline)
            connection.exec_driver_sql(f"UPDATE {table} SET {changes} WHERE {key} >= ''")  # noqa: S608 our own names
        rewritten = connection.exec_driver_sql("SELECT pg_current_xact_id()::xid::text").scalar_one()
    _wait_until_unseen(engine, rewritten, deadline)
    for table in tables:
        with _limited(engine, deadline) as connection:
            connection.exec_driver_sql(f"CLUSTER {table} USING pk_{table}")


def _wait_until_unseen(engine: Engine, rewritten: str, deadline: Deadline) -> None:
    """Return when no transaction can look at what stood there before the one called `rewritten`."""
    started = monotonic()
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        while connection.exec_driver_sql(SEEN_BY_SOMEBODY, {"rewritten": rewritten}).scalar_one():
            if monotonic() - started > PATIENCE_SECONDS:
                raise TookTooLongError
            connection.exec_driver_sql("SELECT pg_sleep(0.02)")
    deadline.stand_still(monotonic() - started)


@contextmanager
def _broken_off(connection: Connection, deadline: Deadline) -> Iterator[None]:
    """What SQLite does here ends with the deadline."""
    file = connection.connection.driver_connection
    assert file is not None
    file.set_progress_handler(lambda: deadline.is_over, STEPS)
    try:
        yield
    except OperationalError as error:
        if deadline.is_over:
            raise TookTooLongError from error
        raise
    finally:
        file.set_progress_handler(None, 0)


@contextmanager
def _limited(engine: Engine, deadline: Deadline) -> Iterator[Connection]:
    """A transaction that waits for nobody for long, and ends with the deadline."""
    try:
        with engine.begin() as connection:
            connection.exec_driver_sql(f"SET LOCAL lock_timeout = '{LOCK_WITHIN}'")
            _give_time(connection, deadline)
            yield connection
    except OperationalError as error:
        if deadline.is_over:
            raise TookTooLongError from error
        raise


def _give_time(connection: Connection, deadline: Deadline) -> None:
    connection.exec_driver_sql(f"SET LOCAL statement_timeout = {deadline.milliseconds}")

"""Rewrite what could tell who wrote a side-only entry: what was deleted, and in which order rows were written.

Between two named rows, and beside somebody's habits, the order of writing is a name. SQLite puts a new row into free
space of its page and leaves it there; PostgreSQL writes rows one after the other and numbers their transactions.
"""

from sqlalchemy import Engine
from sqlmodel import SQLModel

from storage.tables import Ask, AuditRecord, Draft, Entry, Member, Occurrence, Outgoing, Schedule

LOCK_WITHIN = "500ms"
"""Shorter than PostgreSQL waits before it calls a wait a deadlock: never somebody else's work is given up."""

TELLING: tuple[type[SQLModel], ...] = (Entry, Ask, Outgoing, Schedule, Occurrence, AuditRecord, Draft, Member)
"""Tables whose rows are written, changed or deleted together with a side-only entry, or to forget a name."""

OVERLONG = {"entries": ("title", "what_happened", "own_interest", "other_interest", "effect", "lesson")}
"""Texts that PostgreSQL may keep beside their row, under numbers of their own that count up."""

WALK_BY_KEY = ("enable_seqscan", "enable_bitmapscan")
"""Without these it takes the rows by their key, so that all new numbers come in that order."""


def rewrite_sqlite(engine: Engine) -> None:
    """Build the file anew: every table in the order of its random keys, without free pages, and no log beside it."""
    with engine.connect() as connection:
        connection.exec_driver_sql("VACUUM")
    truncate_log(engine)


def truncate_log(engine: Engine) -> None:
    with engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")


def rewrite_postgresql(engine: Engine) -> None:
    """Give all rows one transaction number, then lay each table out anew by its random keys.

    Raises:
        OperationalError: somebody works with a table right now; nothing was changed that matters.
    """
    tables = [str(table.__tablename__) for table in TELLING]
    with engine.begin() as connection:
        connection.exec_driver_sql(f"SET LOCAL lock_timeout = '{LOCK_WITHIN}'")
        connection.exec_driver_sql(f"LOCK TABLE {', '.join(tables)} IN EXCLUSIVE MODE")
        for walk in WALK_BY_KEY:
            connection.exec_driver_sql(f"SET LOCAL {walk} = off")
        for table in tables:
            changes = ", ".join(f"{text} = {text} || ''" for text in OVERLONG.get(table, ())) or "id = id"
            connection.exec_driver_sql(f"UPDATE {table} SET {changes} WHERE id >= ''")  # noqa: S608 our own names
    for table in tables:
        with engine.begin() as connection:
            connection.exec_driver_sql(f"SET LOCAL lock_timeout = '{LOCK_WITHIN}'")
            connection.exec_driver_sql(f"CLUSTER {table} USING pk_{table}")

"""Looks at a database without changing anything: no file is made, no table, no setting of the file."""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import URL, Engine, create_engine, func, make_url
from sqlalchemy.pool import NullPool
from sqlmodel import Session, col, select

from storage.migrate import FOLDER
from storage.tables import Meeting, MeetingSeries, Member, Role, Workspace

CONNECT_WITHIN_SECONDS = 5
ZONED = {
    "workspaces": col(Workspace.timezone),
    "members": col(Member.timezone),
    "series": col(MeetingSeries.timezone),
    "meetings": col(Meeting.timezone),
}


@contextmanager
def look_into(url: str) -> Iterator[Session]:
    """A session that cannot write. Raises SQLAlchemyError when the database does not answer, or there is no file."""
    parsed = make_url(url)
    engine = _sqlite(parsed) if parsed.get_backend_name() == "sqlite" else _postgresql(parsed)
    try:
        with Session(engine) as session:
            yield session
    finally:
        engine.dispose()


def revision(session: Session) -> str | None:
    """The schema the tables have; None when there are none."""
    heads = MigrationContext.configure(session.connection()).get_current_heads()
    return heads[0] if heads else None


def known_revisions() -> Sequence[str]:
    """The schemas this program knows, oldest first."""
    found = [script.revision for script in ScriptDirectory(str(FOLDER)).walk_revisions()]
    return found[::-1]


def count_facilitators(session: Session, workspace_id: str) -> int:
    """Facilitators and admins who have not left."""
    leading = (col(Member.role).in_([Role.FACILITATOR, Role.ADMIN]), col(Member.active_to).is_(None))
    statement = select(func.count()).select_from(Member).where(Member.workspace_id == workspace_id, *leading)
    return session.exec(statement).one()


def list_zones(session: Session) -> Sequence[tuple[str, str, int]]:
    """Every time zone that is named, in what kind of rows ("members"), and in how many."""
    return [
        (zone, noun, count)
        for noun, zone_of in ZONED.items()
        for zone, count in session.exec(select(zone_of, func.count()).group_by(zone_of)).all()
    ]


def _sqlite(url: URL) -> Engine:
    file = Path(url.database or "")
    # Without a log beside it nobody has it open; then not even the log's own files may appear.
    untouched = "" if file.with_name(f"{file.name}-wal").exists() else "&immutable=1"

    def connect() -> sqlite3.Connection:
        return sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro{untouched}", uri=True)

    return create_engine("sqlite://", creator=connect, poolclass=NullPool, hide_parameters=True)


def _postgresql(url: URL) -> Engine:
    careful = {"connect_timeout": CONNECT_WITHIN_SECONDS, "options": "-c default_transaction_read_only=on"}
    return create_engine(url, connect_args=careful, poolclass=NullPool, hide_parameters=True)

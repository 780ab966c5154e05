"""The queries of the outbox stay cheap however much was sent."""

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event

from storage.database import Database
from storage.outbox import forget_old_rows
from tests.clock import T0
from tests.databases import SqliteFiles


@pytest.mark.sqlite
def test_looking_for_old_rows_reads_no_table_once_more_for_each(sqlite_files: SqliteFiles, tmp_path: Path) -> None:
    database = Database(sqlite_files.fresh_url(tmp_path))
    plans: list[str] = []

    @event.listens_for(database.engine, "before_cursor_execute")
    def explain(connection: Any, _cursor: Any, statement: str, values: Any, *_: Any) -> None:
        if statement.startswith("DELETE FROM outbox"):
            rows = connection.connection.driver_connection.execute(f"EXPLAIN QUERY PLAN {statement}", values)
            plans.extend(str(row[3]) for row in rows)

    with database.transaction() as session:
        forget_old_rows(session, T0, 1000)
    database.close()
    assert plans
    assert [step for step in plans if step.startswith("SCAN outbox")] == []

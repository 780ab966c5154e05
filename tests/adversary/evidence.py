"""All that somebody gets who takes the whole machine, but for the secret of the installation."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any, TypeAlias

from sqlalchemy import Connection, inspect, text

from bot.domain.tables_as_text import csv_text, json_text
from bot.services.exports import export_agreements, export_entries, export_members
from storage.database import Database
from storage.tables import Platform
from storage.workspaces import find_workspace

Row: TypeAlias = Mapping[str, Any]
"""One row, with `_table`, `_place` (where it lies) and, on PostgreSQL, `_transaction` (which wrote it)."""


@dataclass(frozen=True, eq=False)
class Evidence:
    """`tables` in the order their rows lie in the files; `seals_before` is how members were sealed at the start."""

    tables: Mapping[str, Sequence[Row]]
    files: Mapping[str, bytes]
    exports: Mapping[str, str]
    health: str
    log: str
    seals_before: Mapping[str, str] = field(default_factory=dict)

    def with_rows(self, table: str, rows: Sequence[Row]) -> "Evidence":
        return replace(self, tables={**self.tables, table: rows})

    def member(self, member_id: object) -> Row | None:
        return next((row for row in self.tables["members"] if row["id"] == member_id), None)


def gather(
    database: Database, team_id: str, health: str, log: str, seals_before: Mapping[str, str], today: date
) -> Evidence:
    with database.engine.connect() as connection:
        files = _sqlite_files(database) if database.is_sqlite else postgresql_files(connection)
        tables = {
            name: _rows(connection, name, None if not database.is_sqlite else files["ampersand.db"])
            for name in inspect(connection).get_table_names()
        }
    return Evidence(tables, files, _exports(database, team_id, today), health, log, seals_before)


def seals(database: Database) -> dict[str, str]:
    with database.engine.connect() as connection:
        return {
            row.id: row.sealed_default for row in connection.execute(text("SELECT id, sealed_default FROM members"))
        }


def _rows(connection: Connection, table: str, file: bytes | None) -> list[Row]:
    if file is None:
        hidden = "ctid::text AS _ctid, xmin::text::bigint AS _transaction, cmin::text::bigint AS _step"
        rows = [
            dict(row) for row in connection.execute(text(f'SELECT *, {hidden} FROM "{table}" ORDER BY ctid')).mappings()
        ]
        return [{**row, "_table": table, "_place": number} for number, row in enumerate(rows)]
    rows = [dict(row) for row in connection.execute(text(f'SELECT * FROM "{table}"')).mappings()]
    placed = ({**row, "_table": table, "_place": _place(row, file)} for row in rows)
    return sorted(placed, key=lambda row: row["_place"])


def _place(row: Row, file: bytes) -> tuple[int, int]:
    """Page and age on the page: SQLite fills a page from its end, so the older a row, the further back it lies."""
    begins = str(row.get("id", "")) + str(row.get("workspace_id", ""))
    offset = file.find(begins.encode()) if begins else -1
    page = int.from_bytes(file[16:18], "big")
    return offset // page, -(offset % page)


def _sqlite_files(database: Database) -> dict[str, bytes]:
    folder = Path(str(database.url.database)).parent
    return {file.name: file.read_bytes() for file in folder.glob("ampersand.db*")}


def postgresql_files(connection: Connection) -> dict[str, bytes]:
    """The files of our tables, their indexes and their overlong texts, as they lie on the disk."""
    connection.execution_options(isolation_level="AUTOCOMMIT").execute(text("CHECKPOINT"))
    folder = Path(connection.execute(text("SHOW data_directory")).scalar_one())
    paths = connection.execute(
        text(
            "SELECT c.relname, pg_relation_filepath(c.oid) FROM pg_class c WHERE c.relkind IN ('r', 'i', 't')"
            " AND (c.relnamespace = 'public'::regnamespace OR c.oid IN"
            " (SELECT reltoastrelid FROM pg_class WHERE relnamespace = 'public'::regnamespace))"
        )
    )
    return {name: (folder / path).read_bytes() for name, path in paths}


def _exports(database: Database, team_id: str, today: date) -> dict[str, str]:
    exports: dict[str, str] = {}
    with database.snapshot() as session:
        workspace = find_workspace(session, Platform.SLACK, team_id)
        assert workspace is not None
        for make in (export_entries, export_agreements, export_members):
            table = make(session, workspace, today)
            exports |= {f"{make.__name__}.csv": csv_text(table), f"{make.__name__}.json": json_text(table)}
    return exports


def marks(row: Row) -> set[str]:
    """What names something: ids, references, keys, tokens; not the words of the house."""
    return set(re.findall(r"[0-9a-f]{24,}|U0[A-Z0-9]+|C0[A-Z]+", json.dumps(row, default=str)))

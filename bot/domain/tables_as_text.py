"""A table as CSV or JSON text."""

import csv
import io
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

Cell: TypeAlias = str | int | None

FORMULA_STARTS: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""A spreadsheet computes a cell that begins so, also when somebody only quoted a customer."""


@dataclass(frozen=True, slots=True)
class Table:
    """Dates are ISO text; an empty cell is None."""

    columns: tuple[str, ...]
    rows: Sequence[tuple[Cell, ...]]


def csv_text(table: Table) -> str:
    """As RFC 4180 has it, lines ended by CRLF; text that a spreadsheet would compute begins with an apostrophe."""
    written = io.StringIO(newline="")
    writer = csv.writer(written)
    writer.writerow(table.columns)
    writer.writerows([_safe(cell) for cell in row] for row in table.rows)
    return written.getvalue()


def json_text(table: Table) -> str:
    """A list of objects, every text as it was typed."""
    objects = [dict(zip(table.columns, row, strict=True)) for row in table.rows]
    return json.dumps(objects, ensure_ascii=False, indent=2) + "\n"


def _safe(cell: Cell) -> Cell:
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA_STARTS) else cell

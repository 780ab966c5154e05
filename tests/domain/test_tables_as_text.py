"""Tables as CSV and JSON: nothing is computed by a spreadsheet, nothing is lost."""

import csv
import io
import json

import pytest

from bot.domain.tables_as_text import Table, csv_text, json_text


def test_csv_quotes_what_needs_it_and_leaves_empty_cells_empty() -> None:
    table = Table(("a", "b"), [('say "no", then', None), ("café\nnoord", -1900)])

    assert csv_text(table) == 'a,b\r\n"say ""no"", then",\r\n"café\nnoord",-1900\r\n'


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n", "＝", "＠"])
def test_text_that_a_spreadsheet_would_compute_begins_with_an_apostrophe(start: str) -> None:
    written = csv_text(Table(("a",), [(f"{start}HYPERLINK(1)",)]))

    assert list(csv.reader(io.StringIO(written, newline="")))[1] == [f"'{start}HYPERLINK(1)"]


def test_json_keeps_every_text_as_it_was_typed() -> None:
    written = json_text(Table(("a", "b"), [("=één", None)]))

    assert "één" in written
    assert json.loads(written) == [{"a": "=één", "b": None}]


def test_a_table_without_rows_still_names_its_columns() -> None:
    assert csv_text(Table(("a", "b"), [])) == "a,b\r\n"
    assert json_text(Table(("a", "b"), [])) == "[]\n"

"""Every mistake a person makes in a CSV file is told with its place, what is wrong and what is allowed."""

from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.csv_rows import (
    BadCell,
    BadRows,
    Problem,
    Problems,
    Row,
    among,
    known_in,
    one_of,
    parse_day,
    parse_key,
    parse_moment,
    parse_month,
    parse_number,
    parse_whole,
    parse_zone,
    read_rows,
)


class Colour(StrEnum):
    RED = "red"
    BLUE = "blue"


def rows_of(content: bytes, problems: Problems) -> list[Row]:
    return read_rows("a.csv", content, ["name", "day"], problems)


def problems_of(content: bytes) -> list[str]:
    problems = Problems()
    rows_of(content, problems)
    return [str(problem) for problem in problems.found]


def test_rows_know_their_line_even_after_line_breaks_in_cells_and_empty_lines() -> None:
    problems = Problems()
    content = b'\xef\xbb\xbfname,day\r\n"two\r\nlines",2026-01-02\r\n\r\n ,\r\nEls , 2026-01-03 \r\n'

    rows = rows_of(content, problems)

    assert [(row.line, row.text("name")) for row in rows] == [(2, "two\r\nlines"), (6, "Els")]
    assert rows[1].parse("day", parse_day, date.min) == date(2026, 1, 3)
    assert problems.found == []


def test_semicolons_separate_where_the_header_shows_them() -> None:
    rows = rows_of("name;day\nCafé, Gouda;2026-01-02\n".encode(), Problems())

    assert rows[0].text("name") == "Café, Gouda"


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"", "a.csv: is empty; its first line names the columns: name, day."),
        (b"name\nEls\n", "a.csv, line 1, column day: is missing; the file needs the columns name, day."),
        (b"\nname,day,name\n", "a.csv, line 2, column name: stands twice in the header."),
        (
            b"name,day\nEls, the planner,2026-01-02\n",
            "a.csv, line 2: has 3 cells where the header has 2; put text with a comma in quotes.",
        ),
        (b"name,day\nEls,x\nCaf\xe9,y\n", "a.csv, line 3: is not UTF-8; save the file as “CSV UTF-8”."),
        (
            b'name,day\nEls,x\n"Jan,y\nPiet,z\n',
            "a.csv, line 3: is not readable as CSV (unexpected end of data); look for a quote that is not closed.",
        ),
    ],
)
def test_a_file_that_is_wrong_as_a_whole(content: bytes, problem: str) -> None:
    assert problems_of(content) == [problem]


@pytest.mark.parametrize(
    ("parser", "cell", "what"),
    [
        (one_of(Colour), "green", "is not known; use red or blue."),
        (one_of(Colour), "Red", "is not known; use red or blue."),
        (among(["a", "b", "c"]), "d", "is not known; use a, b or c."),
        (among([]), "d", "is not known; use nothing yet."),
        (parse_key, "k7.m2", "is not a key; use letters, digits, - and _."),
        (parse_key, "a|b", "is not a key; use letters, digits, - and _."),
        (parse_day, "30-06-2026", "is not a date; write it as 2026-06-30."),
        (parse_day, "2026-02-29", "is not a date; write it as 2026-06-30."),
        (parse_month, "2026-13", "is not a month; write it as 2026-06."),
        (parse_moment, "2026-06-30T09:00:00", "is not a moment with a zone; write it as 2026-06-30T09:00:00Z."),
        (parse_moment, "tomorrow", "is not a moment with a zone; write it as 2026-06-30T09:00:00Z."),
        (parse_number, "3,5", "is not a number; write it as 1900 or 3.5."),
        (parse_number, "nan", "is not a number; write it as 1900 or 3.5."),
        (parse_number, "-inf", "is not a number; write it as 1900 or 3.5."),
        (parse_whole, "1.900", "is not a whole number; write it as 1900 or -300."),
        (parse_whole, "²", "is not a whole number; write it as 1900 or -300."),
        (parse_zone, "Amsterdam", "is not a time zone; use a name such as Europe/Amsterdam or Asia/Dubai."),
        (parse_zone, "europe/amsterdam", "is not a time zone; use a name such as Europe/Amsterdam or Asia/Dubai."),
        (parse_zone, "../etc/passwd", "is not a time zone; use a name such as Europe/Amsterdam or Asia/Dubai."),
    ],
)
def test_a_bad_cell_says_what_is_allowed(parser: Callable[[str], Any], cell: str, what: str) -> None:
    problems = Problems()
    placeholder = Row("a.csv", 7, {"it": cell}, problems).parse("it", parser, "placeholder")

    assert placeholder == "placeholder"
    assert [str(problem) for problem in problems.found] == [f"a.csv, line 7, column it: “{cell}” {what}"]


def test_good_cells() -> None:
    assert parse_moment("2026-06-11T09:00:00+02:00") == datetime(2026, 6, 11, 7, tzinfo=UTC)
    assert parse_month("2026-06") == date(2026, 6, 1)
    assert (parse_whole("-300"), parse_number("3.5")) == (-300, 3.5)
    assert parse_zone("Asia/Dubai") == "Asia/Dubai"


def test_an_empty_cell_is_a_problem_only_where_a_value_is_needed() -> None:
    problems = Problems()
    row = Row("a.csv", 2, {"name": ""}, problems)

    assert row.maybe("name", parse_day) is None
    assert row.optional("name") is None
    assert problems.found == []
    row.text("name")
    assert str(problems.found[0]) == "a.csv, line 2, column name: is empty; it needs a value."


def test_every_bad_part_of_a_list_is_named() -> None:
    problems = Problems()
    row = Row("meetings.csv", 2, {"invited": "M01; M99;M98"}, problems)

    assert row.many("invited", known_in("members.csv", {"M01"}, problems)) == ("M01",)
    assert [problem.what for problem in problems.found] == [
        "“M99” is not in members.csv.",
        "“M98” is not in members.csv.",
    ]


def test_what_points_at_an_unreadable_file_is_not_blamed() -> None:
    problems = Problems()
    problems.add_unreadable("members.csv", None, None, "is missing in the folder.")

    assert known_in("members.csv", set(), problems)("M01") == "M01"


def test_twenty_problems_are_shown_and_the_others_counted() -> None:
    error = BadRows([Problem("a.csv", line, None, "is wrong.") for line in range(2, 25)])

    shown = str(error).splitlines()
    assert len(shown) == 21
    assert shown[0] == "a.csv, line 2: is wrong."
    assert shown[-1] == "… and 3 more."
    assert len(error.problems) == 23


@given(st.binary(max_size=200))
def test_no_content_breaks_the_reader(content: bytes) -> None:
    problems = Problems()
    rows = rows_of(content, problems)
    for row in rows:
        row.parse("day", parse_day, date.min)


@given(st.text(max_size=30))
def test_parsers_refuse_in_one_way_only(cell: str) -> None:
    for parser in (parse_day, parse_month, parse_moment, parse_number, parse_whole, parse_zone, parse_key):
        with suppress(BadCell):  # any other error fails the test
            parser(cell)

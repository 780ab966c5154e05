"""CSV files as people make them, read with the same care for every mistake.

Nothing raises while rows are read: each bad cell becomes a `Problem` that names file, line and column, says what is
wrong and what is allowed, and a placeholder stands in its place. `Problems.check` then refuses the whole, so that
nothing is half loaded.
"""

import csv
import io
import re
from collections.abc import Callable, Container, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from enum import StrEnum
from functools import cache
from typing import Final, TypeVar
from zoneinfo import available_timezones

T = TypeVar("T")
W = TypeVar("W", bound=StrEnum)

PROBLEMS_SHOWN: Final = 20


class BadRows(Exception):  # noqa: N818
    """A file cannot be loaded as it stands. Nothing was changed. The text has one problem a line, at most twenty."""

    def __init__(self, problems: Sequence["Problem"]) -> None:
        self.problems = tuple(problems)
        shown = [str(problem) for problem in self.problems[:PROBLEMS_SHOWN]]
        hidden = len(self.problems) - len(shown)
        super().__init__("\n".join([*shown, f"… and {hidden} more."] if hidden else shown))


@dataclass(frozen=True, slots=True)
class Problem:
    """`line` counts from 1, the header included; a problem of the whole file has none."""

    file: str
    line: int | None
    column: str | None
    what: str

    def __str__(self) -> str:
        line = f", line {self.line}" if self.line else ""
        column = f", column {self.column}" if self.column else ""
        return f"{self.file}{line}{column}: {self.what}"


@dataclass(slots=True)
class Problems:
    """Collects what is wrong in any number of files."""

    found: list[Problem] = field(default_factory=list)
    unreadable: set[str] = field(default_factory=set)

    def add(self, file: str, line: int | None, column: str | None, what: str) -> None:
        self.found.append(Problem(file, line, column, what))

    def add_unreadable(self, file: str, line: int | None, column: str | None, what: str) -> None:
        """A problem that hides all rows of the file: what other files say about them cannot be checked."""
        self.unreadable.add(file)
        self.add(file, line, column, what)

    def check(self) -> None:
        """Raise `BadRows` when anything was found."""
        if self.found:
            raise BadRows(self.found)


class BadCell(ValueError):  # noqa: N818
    """What is wrong with a cell and what is allowed, as the end of a sentence."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row. A column that the file does not have reads as empty."""

    file: str
    line: int
    cells: dict[str, str]
    problems: Problems

    def text(self, column: str) -> str:
        """The cell; it may not be empty."""
        return self.parse(column, str, "")

    def optional(self, column: str) -> str | None:
        return self.cells.get(column, "") or None

    def parse(self, column: str, parser: Callable[[str], T], placeholder: T) -> T:
        """The cell as `parser` understands it; empty or refused, a problem and the placeholder."""
        cell = self.cells.get(column, "")
        if not cell:
            self.refuse(column, "is empty; it needs a value.")
            return placeholder
        try:
            return parser(cell)
        except BadCell as bad:
            self.refuse(column, f"“{cut(cell)}” {bad}")
            return placeholder

    def maybe(self, column: str, parser: Callable[[str], T]) -> T | None:
        """Like `parse`, but the cell may be empty."""
        return self.parse(column, parser, None) if self.cells.get(column) else None

    def many(self, column: str, parser: Callable[[str], str]) -> tuple[str, ...]:
        """The parts of a cell separated by semicolons, each as `parser` understands it; the bad ones are left out."""
        parts = []
        for part in filter(None, map(str.strip, self.cells.get(column, "").split(";"))):
            try:
                parts.append(parser(part))
            except BadCell as bad:
                self.refuse(column, f"“{cut(part)}” {bad}")
        return tuple(parts)

    def refuse(self, column: str | None, what: str) -> None:
        self.problems.add(self.file, self.line, column, what)


def read_rows(file: str, content: bytes, columns: Sequence[str], problems: Problems) -> list[Row]:
    """The rows of a CSV file that has at least these columns; spaces around cells and empty lines do not count.

    Commas separate, or semicolons where the header shows them (as Excel writes in Dutch).
    """
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        problems.add_unreadable(file, line, None, "is not UTF-8; save the file as “CSV UTF-8”.")
        return []
    return _named_rows(file, list(_numbered_lines(file, text, problems)), columns, problems)


def _numbered_lines(file: str, text: str, problems: Problems) -> Iterator[tuple[int, list[str]]]:
    """Each record with the line it begins on: a cell may hold line breaks."""
    header = text.partition("\n")[0]
    delimiter = ";" if ";" in header and "," not in header else ","
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    begins = 1
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield begins, [cell.strip() for cell in cells]
            begins = reader.line_num + 1
    except csv.Error as error:
        problems.add_unreadable(
            file, begins, None, f"is not readable as CSV ({error}); look for a quote that is not closed."
        )


def _named_rows(file: str, lines: list[tuple[int, list[str]]], columns: Sequence[str], problems: Problems) -> list[Row]:
    if file in problems.unreadable:
        return []
    if not lines:
        problems.add_unreadable(file, None, None, f"is empty; its first line names the columns: {', '.join(columns)}.")
        return []
    (header_line, header), *records = lines
    if not _check_header(file, header_line, header, columns, problems):
        return []
    rows = []
    for line, cells in records:
        if len(cells) == len(header):
            rows.append(Row(file, line, dict(zip(header, cells, strict=True)), problems))
        else:
            what = f"has {len(cells)} cells where the header has {len(header)}; put text with a comma in quotes."
            problems.add(file, line, None, what)
    return rows


def _check_header(file: str, line: int, header: list[str], columns: Sequence[str], problems: Problems) -> bool:
    missing = [column for column in columns if column not in header]
    twice = sorted({column for column in header if header.count(column) > 1})
    for column in missing:
        problems.add_unreadable(file, line, column, f"is missing; the file needs the columns {', '.join(columns)}.")
    for column in twice:
        problems.add_unreadable(file, line, column, "stands twice in the header.")
    return not missing and not twice


def cut(text: str, length: int = 40) -> str:
    """Enough of a cell to recognise it by."""
    return text if len(text) <= length else text[: length - 1] + "…"


def listed(words: Sequence[str]) -> str:
    """a, b or c."""
    return " or ".join(filter(None, [", ".join(words[:-1]), words[-1]])) if words else "nothing yet"


def one_of(kind: type[W]) -> Callable[[str], W]:
    """A parser for one of the words of `kind`."""

    def parse(cell: str) -> W:
        if cell not in {str(word) for word in kind}:
            raise BadCell(f"is not known; use {listed([str(word) for word in kind])}.")
        return kind(cell)

    return parse


def among(known: Sequence[str]) -> Callable[[str], str]:
    """A parser for one of a few words that exist in this company."""

    def parse(cell: str) -> str:
        if cell not in known:
            raise BadCell(f"is not known; use {listed(known)}.")
        return cell

    return parse


def known_in(file: str, keys: Container[str], problems: Problems) -> Callable[[str], str]:
    """A parser for a word that points at a row of another file; accepts all when that file could not be read."""

    def parse(cell: str) -> str:
        if cell not in keys and file not in problems.unreadable:
            raise BadCell(f"is not in {file}.")
        return cell

    return parse


def parse_key(cell: str) -> str:
    """A name for a row that is safe in a button and in a sentence."""
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_-]{0,39}", cell):
        raise BadCell("is not a key; use letters, digits, - and _.")
    return cell


def parse_day(cell: str) -> date:
    """2026-06-30; other ways to write a date mean different days to different people."""
    try:
        return datetime.strptime(cell, "%Y-%m-%d").replace(tzinfo=UTC).date()
    except ValueError:
        raise BadCell("is not a date; write it as 2026-06-30.") from None


def parse_month(cell: str) -> date:
    """2026-06 as its first day."""
    try:
        return datetime.strptime(cell, "%Y-%m").replace(tzinfo=UTC).date()
    except ValueError:
        raise BadCell("is not a month; write it as 2026-06.") from None


def parse_moment(cell: str) -> datetime:
    """2026-06-30T09:00:00Z, in UTC; without a zone nobody knows when it is."""
    try:
        moment = datetime.fromisoformat(cell)
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        raise BadCell("is not a moment with a zone; write it as 2026-06-30T09:00:00Z.")
    return moment.astimezone(UTC)


def parse_number(cell: str) -> float:
    try:
        number = float(cell)
    except ValueError:
        number = float("nan")
    if not abs(number) < 1e15:  # also refuses nan and inf, which float() understands
        raise BadCell("is not a number; write it as 1900 or 3.5.")
    return number


def parse_whole(cell: str) -> int:
    digits = cell.removeprefix("-")
    if not (digits.isascii() and digits.isdigit() and len(digits) <= 12):
        raise BadCell("is not a whole number; write it as 1900 or -300.")
    return int(cell)


def parse_zone(cell: str) -> str:
    """The name of an IANA time zone, letter by letter: some file systems would also find europe/amsterdam."""
    if cell not in _zones():
        raise BadCell("is not a time zone; use a name such as Europe/Amsterdam or Asia/Dubai.")
    return cell


@cache
def _zones() -> frozenset[str]:
    return frozenset(available_timezones())

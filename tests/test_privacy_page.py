"""docs/privacy.md says what the database holds and how long, column by column and day by day."""

import re
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Final

import pytest
from sqlmodel import SQLModel

import storage.tables  # noqa: F401  so that the metadata is whole
from bot.domain import retention
from bot.services import members, outbox_keeping
from storage.privacy import HELD

PAGE: Final = (Path(__file__).parents[1] / "docs" / "privacy.md").read_text(encoding="utf-8")
TABLES: Final = {table.name: table for table in SQLModel.metadata.sorted_tables}

KEPT: Final[Mapping[str, timedelta]] = {
    "Name, the chat's id": retention.LEFT_MEMBERS,
    "Your named examples": retention.NAMES_ON_ENTRIES,
    "Withdrawn examples": retention.GONE_ENTRIES,
    "What you were asked": retention.ENDED_ASKS,
    "What you objected to": retention.SAID_BEFORE_MEETINGS,
    "That you were asked in a check-in": retention.ASKED_IN_CHECKINS,
    "When you are away": retention.ABSENCES,
    "What Ampersand told you": retention.SAID_UNASKED,
    "What you changed for everybody": retention.CHANGES,
    "Messages from Ampersand to you": outbox_keeping.KEEP_ROWS,
    "What you typed before": members.DRAFT_LIFETIME,
}


def columns_on_the_page() -> dict[str, list[tuple[str, bool]]]:
    """By table: each column, and whether the page calls it about a person."""
    annex = PAGE.partition("## Every column")[2]
    lines = re.findall(r"^\| `(\w+)` \| (.*) \| (.*) \|$", annex, re.MULTILINE)
    return {
        table: [(column, about) for cell, about in ((person, True), (rest, False)) for column in _ticked(cell)]
        for table, person, rest in lines
    }


def _ticked(cell: str) -> list[str]:
    return re.findall(r"`(\w+)`", cell)


def test_it_is_read_in_five_minutes() -> None:
    """All but the list of columns, at 250 words a minute."""
    read, _, _ = PAGE.partition("## Every column")
    words = [word for word in read.split() if re.search(r"\w", word)]
    assert len(words) <= 5 * 250


@pytest.mark.parametrize(
    "said",
    [
        "that you joined, and your side",
        "an empty row with your side",
        "Restoring one brings back who was erased and what was withdrawn",
        "Only the user Ampersand runs as may read its files",
        "`/clash quietly …` too",
        "an *example* is an *entry* in commands",
    ],
)
def test_what_a_fresh_reader_missed_is_said(said: str) -> None:
    assert said in " ".join(PAGE.split())


def test_every_table_is_on_the_page() -> None:
    assert set(columns_on_the_page()) == set(TABLES)


@pytest.mark.parametrize("table", sorted(TABLES))
def test_every_column_is_on_the_page_once(table: str) -> None:
    listed = [column for column, _ in columns_on_the_page()[table]]
    assert sorted(listed) == sorted(column.name for column in TABLES[table].c)


def test_what_leads_to_a_person_is_called_so() -> None:
    page = columns_on_the_page()
    called = {(table, column) for table, columns in page.items() for column, about in columns if about}
    leading = {(str(held.table.__tablename__), column) for held in HELD.values() for column in held.by}
    assert leading - called - {("members", "id")} == set()


@pytest.mark.parametrize("what", KEPT)
def test_the_page_says_how_long_as_the_code_keeps_it(what: str) -> None:
    (line,) = [line for line in PAGE.splitlines() if line.startswith(f"| {what}")]
    assert f"**{_spelled(KEPT[what])}**" in line


def test_the_words_of_failed_messages_and_a_company_that_left() -> None:
    assert f"the words **{_spelled(outbox_keeping.KEEP_FAILED_TEXTS)}**" in PAGE
    assert f"has **{_spelled(retention.DISCONNECTED)}** to come back" in PAGE


def test_every_time_of_the_code_is_on_the_page() -> None:
    times = {value for name, value in vars(retention).items() if isinstance(value, timedelta) and name != "DAY"}
    assert times == {*KEPT.values(), retention.DISCONNECTED} - {outbox_keeping.KEEP_ROWS, members.DRAFT_LIFETIME} | {
        retention.DISCONNECTED
    }


@pytest.mark.parametrize("word", ["GDPR", "AVG", "compliant", "anonym", "guarantee"])
def test_it_claims_nothing_that_a_lawyer_would_have_to_prove(word: str) -> None:
    assert word.lower() not in PAGE.lower()


def _spelled(kept: timedelta) -> str:
    count, noun = (kept.days // 365, "year") if kept.days % 365 == 0 else (kept.days, "day")
    return f"{count} {noun}{'s' if count > 1 else ''}"

"""What an entry says, and what a side-only one may keep."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from bot.domain.entry import (
    counts_from,
    headline,
    is_partner,
    is_quiet,
    may_move,
    says_something,
    side_only,
    without_quiet,
)
from storage.tables import COMPANY, Entry, EntryStatus, Kind, Member, Visibility


def an_entry(**over: Any) -> Entry:
    defaults: dict[str, Any] = {
        "kind": Kind.CLASH,
        "visibility": Visibility.NAMED,
        "created_on": date(2026, 6, 10),
        "what_happened": "The sequence changed at 16:30. Two washes more.",
    }
    return Entry(**defaults | over)


def members(count: int, **over: Any) -> list[Member]:
    return [Member(name=f"Member {number}", side="operations", **over) for number in range(count)]


@pytest.mark.parametrize(
    "text", ["quietly the plan moved", "Stil: het plan schoof", "QUIETLY, again", " stil\nweekend"]
)
def test_quietly_is_the_first_word(text: str) -> None:
    assert is_quiet(text)
    assert not is_quiet(without_quiet(text))


@pytest.mark.parametrize("text", ["we quietly moved it", "stilstand op lijn 2", "quietly-run line", "still late", ""])
def test_quietly_inside_the_text_is_part_of_it(text: str) -> None:
    assert not is_quiet(text)
    assert without_quiet(text) == text


def test_the_word_quietly_is_taken_off_and_nothing_else() -> None:
    assert without_quiet("Quietly: on 3 June — stil — it broke.\nTwice.") == "on 3 June — stil — it broke.\nTwice."


@pytest.mark.parametrize(("text", "says"), [("", False), ("  \n", False), ("stil", False), ("quietly x", True)])
def test_quietly_alone_says_nothing(text: str, says: bool) -> None:
    assert says_something(text) is says


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("The sequence changed at 16:30. Two washes more.", "The sequence changed at 16:30."),
        ("Drop 1.9 pallets, was 0.8", "Drop 1.9 pallets, was 0.8"),
        ("\n  First line\nsecond line", "First line"),
        ("Why? Nobody knows", "Why?"),
    ],
)
def test_the_headline_is_the_first_sentence(text: str, first: str) -> None:
    assert headline(an_entry(what_happened=text)) == first


def test_a_title_is_the_headline() -> None:
    assert headline(an_entry(title="Three changes in one frozen day")) == "Three changes in one frozen day"


def test_a_side_of_five_keeps_what_all_five_share() -> None:
    kept = side_only(members(5, plant="Noord", language="nl"), "operations", "Noord", "nl")
    assert (kept.side, kept.plant, kept.language) == ("operations", "Noord", "nl")


def test_what_four_of_a_side_share_is_not_kept() -> None:
    side = members(4, plant="Zuid", language="nl") + members(3, plant="Noord", language="en")
    kept = side_only(side, "operations", "Zuid", "nl")
    assert (kept.side, kept.plant, kept.language) == ("operations", None, None)


@pytest.mark.parametrize(("elsewhere", "kept"), [(0, "Noord"), (1, None), (4, None), (5, "Noord")])
def test_a_plant_is_kept_only_when_its_absence_points_at_nobody(elsewhere: int, kept: str | None) -> None:
    side = members(5, plant="Noord", language="en") + members(elsewhere, plant="Zuid", language="en")
    assert side_only(side, "operations", "Noord", "en").plant == kept


def test_five_without_a_plant_do_not_share_one() -> None:
    assert side_only(members(5, plant=None), "operations", None, "en").plant is None


def test_a_side_of_four_reads_as_the_company() -> None:
    kept = side_only(members(4, plant="Noord", language="en"), "finance", "Noord", "en")
    assert (kept.side, kept.plant, kept.language) == (COMPANY, None, None)


def test_a_named_entry_is_known_from_its_moment_on() -> None:
    moment = datetime(2026, 6, 10, 14, tzinfo=UTC)
    known = counts_from(an_entry(created_at=moment), "Europe/Amsterdam")
    assert moment < known <= moment + timedelta(seconds=1)


def test_an_entry_without_a_time_is_known_when_its_day_is_over_in_the_company() -> None:
    known = counts_from(an_entry(created_at=None), "Europe/Amsterdam")
    assert known == datetime(2026, 6, 10, 22, tzinfo=UTC)


@pytest.mark.parametrize(
    ("status", "to", "may"),
    [
        (EntryStatus.OPEN, EntryStatus.RESOLVED, True),
        (EntryStatus.AGREED, EntryStatus.RESOLVED, True),
        (EntryStatus.PARKED, EntryStatus.OPEN, True),
        (EntryStatus.RESOLVED, EntryStatus.PARKED, False),
        (EntryStatus.ADOPTED, EntryStatus.RESOLVED, False),
        (EntryStatus.OPEN, EntryStatus.OPEN, False),
    ],
)
def test_what_is_done_is_opened_before_it_moves_elsewhere(status: EntryStatus, to: EntryStatus, may: bool) -> None:
    assert may_move(status, to) is may


@pytest.mark.parametrize(
    ("entry_side", "member_side", "partner"),
    [
        ("operations", "sales", True),
        ("operations", "operations", False),
        ("operations", "finance", False),
        ("finance", "sales", True),
        (COMPANY, "operations", True),
    ],
)
def test_the_partner_is_the_other_counterpart(entry_side: str, member_side: str, partner: bool) -> None:
    assert is_partner(entry_side, member_side, {"sales", "operations"}) is partner

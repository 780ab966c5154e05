"""Guesses about a text, measured on the sample company."""

import csv
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.suggestion import (
    EarlierEntry,
    TensionWords,
    detect_language,
    suggest_level,
    suggest_recurrence,
    suggest_tensions,
)

SAMPLE = Path(__file__).parents[2] / "bot" / "sample"
OWN_WORDS = ("name", "name_nl", "sales_interest", "operations_interest", "shared_interest", "metrics")
CHATTER = [
    "lunch was nice",
    "The lunch was nice today and the sun was shining",
    "Happy birthday to my colleague",
    "The new coffee machine is great",
    "I like the new logo",
    "The printer on the second floor jams again",
    "We went bowling with the team",
    "my laptop is broken",
    "internet was down this morning for an hour",
    "koffie was lekker vandaag",
    "Parkeerplaats was weer vol vanochtend",
    "de lift is kapot",
    "hello",
    "😀 ???",
    "",
]


def rows(name: str) -> list[dict[str, str]]:
    with (SAMPLE / name).open(encoding="utf-8") as lines:
        return list(csv.DictReader(lines))


TENSIONS = [
    TensionWords(row["tension_id"], ". ".join(row[column] for column in OWN_WORDS)) for row in rows("tensions.csv")
]
ENTRIES = [
    EarlierEntry(row["entry_id"], row["what_happened"], row["tension_id"], date.fromisoformat(row["created_on"]))
    for row in rows("entries.csv")
]


def before(entry: EarlierEntry) -> list[EarlierEntry]:
    return [other for other in ENTRIES if other.created_on < entry.created_on]


def guessed(text: str, earlier: list[EarlierEntry] | None = None) -> list[str]:
    return [suggestion.tension_id for suggestion in suggest_tensions(text, TENSIONS, earlier or [])]


def an_entry(entry_id: str = "a", text: str = "", tension_id: str | None = None, day: int = 1) -> EarlierEntry:
    return EarlierEntry(entry_id, text, tension_id, date(2026, 6, day))


def test_the_words_of_the_tensions_alone_find_most_entries() -> None:
    """An empty workspace. Asked for: half of the 120 among the first three; measured: 91 (76%; 73 the very first)."""
    found = [entry for entry in ENTRIES if entry.tension_id in guessed(entry.text)]
    assert len(found) >= 84


def test_with_earlier_entries_more_are_found() -> None:
    """Only what was written on an earlier day counts. Asked for: half; measured: 99 (83%; 79 the very first)."""
    found = [entry for entry in ENTRIES if entry.tension_id in guessed(entry.text, before(entry))]
    assert len(found) >= 92


def test_texts_the_word_lists_were_not_made_for_find_their_tension_too() -> None:
    """The 27 agreements, written in other words than the entries. Measured: 22 (81%)."""
    found = [row for row in rows("agreements.csv") if row["tension_id"] in guessed(f"{row['title']}. {row['text']}")]
    assert len(found) >= 19


@pytest.mark.parametrize(
    ("text", "tension_id"),
    [
        ("The supermarket wanted the promotion in two weeks, we heard it on Friday", "T04"),
        ("De actie voor week 20 kwam te laat bij inkoop binnen", "T04"),
        ("They asked us to release the yoghurt before the lab result", "T10"),
        ("Vrijgave duurde te lang, de uitslag kwam pas om elf uur", "T10"),
        ("Quarter end again: everything has to leave before the bonus date", "T11"),
        ("De prognose voor shampoo was 30% te hoog", "T01"),
        ("Too many short runs of slow articles on the filling line", "T03"),
        ("Te veel kleine orders, geen volle pallets voor de groothandel", "T08"),
        ("Not enough detergent for all customers, who gets the shortage?", "T06"),
        ("Weer overwerk in het weekend, de capaciteit is op", "T12"),
    ],
)
def test_another_company_is_understood_too(text: str, tension_id: str) -> None:
    assert guessed(text)[0] == tension_id


@pytest.mark.parametrize("text", CHATTER)
def test_chatter_is_no_tension_and_no_recurrence(text: str) -> None:
    assert guessed(text) == []
    assert guessed(text, ENTRIES) == []
    assert suggest_recurrence(text, ENTRIES) == []


def test_an_earlier_entry_tells_what_the_tension_does_not() -> None:
    tensions = [TensionWords("T1", "Promotions"), TensionWords("T2", "Allocation")]
    earlier = [
        an_entry("e1", "The egg peeler makes 420 kilograms of salad", "T2"),
        an_entry("e2", "Rain on the roof", "T1"),
    ]
    (guess,) = suggest_tensions(
        "The egg peeler stood still, so the salad was 300 kilograms behind plan", tensions, earlier
    )
    assert (guess.tension_id, guess.from_entry) == ("T2", "e1")


def test_a_guess_from_the_words_of_the_tension_names_no_entry() -> None:
    text = "The promotion of pea soup was known nine days ahead, the printed sleeves took twelve"
    earlier = [
        an_entry("e1", "Printed sleeves for the pea soup were nine days late", "T04"),
        an_entry("e2", "Rain on the roof of the depot", "T13"),
    ]
    guess = suggest_tensions(text, TENSIONS, earlier)[0]
    assert guess.score > suggest_tensions(text, TENSIONS, [])[0].score
    assert guess.tension_id == "T04"
    assert guess.from_entry is None


def test_an_earlier_entry_without_a_tension_supports_none() -> None:
    text = "The egg peeler stood still and the salad was late by 300 kilograms"
    assert suggest_tensions(text, [TensionWords("T1", "Promotions")], [an_entry(text=text)]) == []


def test_at_most_as_many_as_asked() -> None:
    text = "forecast, promotion, allocation, waste, capacity and margin in one meeting"
    assert len(guessed(text)) == 3
    assert len(suggest_tensions(text, TENSIONS, [], limit=1)) == 1
    assert suggest_tensions(text, [], []) == []


def test_what_came_back_is_found_among_the_earlier_entries() -> None:
    """Of the 16 entries that a person linked to an earlier one. Measured: 9 among the first three."""
    earlier_of = {row["entry_id"]: row["recurrence_of"] for row in rows("entries.csv") if row["recurrence_of"]}
    found = [
        entry
        for entry in ENTRIES
        if entry.entry_id in earlier_of
        and earlier_of[entry.entry_id]
        in [similar.entry_id for similar in suggest_recurrence(entry.text, before(entry))]
    ]
    assert len(earlier_of) == 16
    assert len(found) >= 8


def test_the_same_tension_comes_first() -> None:
    text = "Daily delivery to the wholesaler is back and the warehouse heard nothing about it"
    closer = an_entry("closer", text, "T13")
    tagged = an_entry(
        "tagged", "The wholesaler printed daily delivery in its catalogue, the warehouse was surprised", "T08"
    )
    other = an_entry("other", "Rain on the roof", "T08")
    assert [s.entry_id for s in suggest_recurrence(text, [closer, tagged, other])] == ["closer", "tagged"]
    assert [s.entry_id for s in suggest_recurrence(text, [closer, tagged, other], "T08")] == ["tagged", "closer"]


def test_of_two_the_same_the_newest_comes_first() -> None:
    text = "Daily delivery to the wholesaler is back and the warehouse heard nothing about it"
    entries = [an_entry("old", text, day=1), an_entry("new", text, day=9), an_entry("middle", text, day=5)]
    assert [s.entry_id for s in suggest_recurrence(text, entries, limit=2)] == ["new", "middle"]


def test_the_language_of_every_entry_is_known() -> None:
    wrong = [
        row["entry_id"]
        for row in rows("entries.csv")
        for column in ("title", "what_happened")
        if detect_language(row[column]) != row["language"]
    ]
    assert wrong == []


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("fine", "en"),
        ("prima", "nl"),
        ("Ging goed", "nl"),
        ("truck te laat", "nl"),
        ("truck late", "en"),
        ("The plan van maandag was weer anders dan vrijdag", "nl"),
        ("The order van Retailer A was late", "en"),
        ("wasbeurt vergeten", "nl"),
        ("changeover forgotten", "en"),
        ("Retailer A 620", "en"),
        ("", "en"),
    ],
)
def test_the_language_of_a_short_text(text: str, language: str) -> None:
    assert detect_language(text) == language


@pytest.mark.parametrize(
    ("text", "level"),
    [
        ("The budget grows 12% and nobody invests in capacity", "strategic"),
        ("De groei van volgend jaar past niet in de capaciteit", "strategic"),
        ("The forecast process has no rule for a promotion", "implementation"),
        ("De prognose voor de actie kwam weken te laat", "implementation"),
        ("At 15:10 the truck stood at the dock", "day_to_day"),
        ("De vrachtwagen stond vanochtend te wachten", "day_to_day"),
        ("lunch was nice", None),
        ("", None),
        ("the budget of the promotion", None),
    ],
)
def test_the_level_of_a_text(text: str, level: str | None) -> None:
    assert suggest_level(text) == level


def test_the_level_is_right_more_often_than_not_when_there_is_one() -> None:
    """Measured on the 120 of the sample: 65 right, 24 wrong, 31 without a guess."""
    guesses = [(row["level"], suggest_level(row["what_happened"])) for row in rows("entries.csv")]
    right = sum(level == guess for level, guess in guesses)
    wrong = sum(guess not in {level, None} for level, guess in guesses)
    assert right >= 60
    assert wrong <= 30


@given(st.text(max_size=500))
def test_any_text_is_answered_the_same_twice(text: str) -> None:
    earlier = [*ENTRIES[:20], an_entry("twin", text, "T05")]
    assert suggest_tensions(text, TENSIONS, earlier) == suggest_tensions(text, TENSIONS, earlier)
    assert suggest_recurrence(text, earlier) == suggest_recurrence(text, list(reversed(earlier)))
    assert detect_language(text) in {"en", "nl"}
    assert suggest_level(text) in {"strategic", "implementation", "day_to_day", None}

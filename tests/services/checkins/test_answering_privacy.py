"""No row holds both a person and what they scored, ticked, or said without their name; nor does any absence of one."""

from collections import Counter
from typing import Any

import pytest
from sqlalchemy import inspect, text

from bot.domain.chat import Message
from storage.database import Database
from storage.tables import (
    COMPANY,
    CheckinChoice,
    CheckinExample,
    CheckinText,
    Entry,
    Outgoing,
    PrivateItem,
    PulseScore,
    QuestionType,
    Source,
)
from tests.services.checkins.answer_world import (
    CHOICE,
    EXAMPLE,
    MULTI,
    PALLETS,
    SCORE,
    TEXT,
    AnswerWorld,
    refusal,
)
from tests.services.checkins.round_world import FRIDAY, at
from tests.services.entry_world import answer, buttons, words

QUIET = {"shown_with": "side_only"}


@pytest.fixture
def world(database: Database) -> AnswerWorld:
    return AnswerWorld(database)


def everything(world: AnswerWorld) -> dict[str, list[dict[str, Any]]]:
    """Every row of every table."""
    with world.database.snapshot() as session:
        tables = inspect(session.connection()).get_table_names()
        return {
            table: [dict(row) for row in session.execute(text(f'SELECT * FROM "{table}"')).mappings()]
            for table in tables
        }


def about(world: AnswerWorld, who: str) -> Counter[str]:
    """Every row that names them, without what is theirs by chance: ids, keys, names."""
    member = world.members[who]
    names = (member.id, member.external_id, member.name)
    found = Counter[str]()
    for table, rows in everything(world).items():
        for row in rows:
            if any(value in names or (isinstance(value, str) and member.id in value) for value in row.values()):
                theirs = {
                    column: value
                    for column, value in row.items()
                    if column
                    not in {
                        "id",
                        "name",
                        "member_id",
                        "external_id",
                        "target_id",
                        "key",
                        "outbox_id",
                        "sent_message_id",
                    }
                    and not column.endswith("_key")
                }
                found[f"{table} {theirs}"] += 1
    return found


def test_two_people_who_answered_the_opposite_look_the_same(world: AnswerWorld) -> None:
    """One early, in a hurry and angry; one late and happy: nothing of it stands beside either."""
    world.also_ask()
    world.ask()
    world.answers("els", **{SCORE: "1", CHOICE: "0", MULTI: ("0", "2"), TEXT: "One number.", EXAMPLE: PALLETS}, **QUIET)
    world.now = at(FRIDAY, "11:40")
    world.answers("olaf", **{SCORE: "5", CHOICE: "2"}, **QUIET)
    assert about(world, "els") == about(world, "olaf")
    assert "checkin_asked" in str(about(world, "els"))
    assert about(world, "els") != about(world, "oda")  # who has not answered


def test_what_has_no_name_holds_no_person_no_time_and_no_order(world: AnswerWorld) -> None:
    world.also_ask()
    world.ask()
    said: dict[str, Any] = {SCORE: "1", CHOICE: "0", MULTI: ("0", "2"), TEXT: "One number.", EXAMPLE: PALLETS}
    world.answers("els", **said, **QUIET)
    (score,), (words_,), (entry,) = world.rows(PulseScore), world.rows(CheckinText), world.rows(Entry)
    ticks = world.rows(CheckinChoice)
    assert (words_.author_id, entry.author_id, entry.created_at) == (None, None, None)
    assert world.rows(CheckinExample) == []
    hashes = [score.change_token_hash, words_.change_token_hash, entry.change_token_hash]
    hashes += [tick.change_token_hash for tick in ticks]
    assert None not in hashes
    assert len({*hashes}) == len(hashes) == 6  # nothing tells which of them are one person's
    columns = {*PulseScore.model_fields, *CheckinChoice.model_fields}
    assert not [name for name in columns if "member" in name or name.endswith(("_at", "_on"))]


def test_neither_token_nor_answer_is_written_anywhere(world: AnswerWorld) -> None:
    world.ask()
    card = world.answers("els", **{SCORE: "1", EXAMPLE: PALLETS}, **QUIET)
    _, token, handle = buttons(card)["Change"].value.split()
    kept = str(everything(world))
    assert token not in kept
    assert handle.partition(".")[2] not in kept
    assert kept.count(PALLETS) == 1
    assert PALLETS not in str([row.message for row in world.rows(Outgoing)])


def test_an_example_without_a_name_does_not_say_that_it_came_from_a_check_in(world: AnswerWorld) -> None:
    """Of three who answered one would be its author; of a side of six nobody is."""
    world.ask()
    world.answers("els", **{SCORE: "1", EXAMPLE: PALLETS}, **QUIET)
    (entry,) = world.rows(Entry)
    assert (entry.source, entry.side) == (Source.CAPTURE, "operations")


def test_words_without_a_name_alone_leave_no_note_that_they_answered(world: AnswerWorld) -> None:
    """Else whoever answered, and said nothing with their name, would be their author."""
    world.stop_asking("weekly-1")
    world.also_ask(QuestionType.TEXT)
    world.ask()
    before = about(world, "els")
    card = world.answers("els", **{TEXT: "One number.", EXAMPLE: PALLETS}, **QUIET)
    assert about(world, "els") == before == about(world, "olaf")
    assert "I do not note that you answered" in words(card)
    changed = world.sends("els", answer(world.opens_change("els", card), **{TEXT: "Two."}))
    assert [one.text for one in world.rows(CheckinText)] == ["Two."]
    assert about(world, "els") == before
    assert "I do not note that you answered" in words(changed)
    assert [item.is_open for item in world.rows(PrivateItem)] == [True] * 12


def test_a_word_with_the_name_beside_them_is_noted(world: AnswerWorld) -> None:
    world.stop_asking("weekly-1")
    world.ask()
    world.answers("els", **{EXAMPLE: PALLETS})
    assert world.turns()["els"].has_answered is True


def test_late_words_without_a_name_leave_no_note_either(world: AnswerWorld) -> None:
    world.ask()
    world.run(at(FRIDAY, "12:30"))
    before = about(world, "els")
    card = world.answers("els", **{EXAMPLE: PALLETS}, **QUIET)
    assert about(world, "els") == before
    assert world.answered("els") == "no"
    assert "Your example is saved." in words(card)


def test_a_group_under_five_is_never_written_beside_words_without_a_name(world: AnswerWorld) -> None:
    for name in ("otto", "okke"):
        world.change(world.members[name], side="sales")
    world.stop_asking("weekly-1")
    world.also_ask(QuestionType.TEXT)
    world.ask()
    world.answers("els", **{TEXT: "One number."}, **QUIET)
    world.answers("sam", **{TEXT: "Two numbers."}, **QUIET)
    assert {one.text: one.side for one in world.rows(CheckinText)} == {"One number.": COMPANY, "Two numbers.": "sales"}


def test_nobody_hides_behind_those_who_are_not_asked(world: AnswerWorld) -> None:
    """Six of a side, of whom four can have written it."""
    for name in ("otto", "okke"):
        world.change(world.members[name], undisturbed=True)
    world.also_ask(QuestionType.TEXT)
    world.ask()
    world.answers("els", **{SCORE: "2", TEXT: "One number."}, **QUIET)
    assert [one.side for one in world.rows(CheckinText)] == [COMPANY]


def test_nor_behind_those_who_were_never_reached(world: AnswerWorld) -> None:
    world.also_ask(QuestionType.TEXT)
    world.ask()
    world.answers("els", **{SCORE: "2", TEXT: "One number."}, **QUIET)
    world.answers("sam", **{SCORE: "2", TEXT: "Two numbers."}, **QUIET)
    for name in ("otto", "okke"):
        world.fails(world.members[name], "refused")
    world.run(at(FRIDAY, "12:30"))
    assert {one.text: one.side for one in world.rows(CheckinText)} == {"One number.": COMPANY, "Two numbers.": "sales"}


def test_after_the_close_nothing_belongs_to_anybody_any_more(world: AnswerWorld) -> None:
    world.also_ask()
    world.ask()
    cards: list[Message] = [
        world.answers(name, **{SCORE: score, CHOICE: "1", TEXT: "One number."}, **QUIET)
        for name, score in zip(("els", "olaf", "oda", "otto", "olga"), "12345", strict=True)
    ]
    world.answers("sam", **{SCORE: "1", CHOICE: "0"})
    world.run(at(FRIDAY, "12:30"))
    assert {score.change_token_hash for score in world.rows(PulseScore)} == {None}
    assert {one.change_token_hash for one in world.rows(CheckinText)} == {None}
    assert [score.side for score in world.rows(PulseScore)] == ["operations"] * 5
    assert "sales" not in {tick.side for tick in world.rows(CheckinChoice)}
    assert refusal(lambda: world.opens_change("els", cards[0])) == ("checkin_closed", None)


def test_no_button_or_notification_tells_the_score(world: AnswerWorld) -> None:
    """What stands on a lock screen names no score, no quote and no side."""
    world.ask()
    card = world.answers("els", **{SCORE: "1", EXAMPLE: PALLETS}, **QUIET)
    assert card.summary == "Thank you. Both are in."
    values = [button.value for button in buttons(card).values()]
    assert not [value for value in values if "operations" in value or "els" in value.lower()]

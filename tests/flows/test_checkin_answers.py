"""A check-in is answered by form or by a line in the chat, put off, skipped; in the message and from the Home."""

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.playground import labels, words
from bot.playground.errors import SlackError
from bot.playground.model import Message, View
from bot.playground.playground import no_faults
from storage.tables import Absence, CheckinAsked, CheckinExample, Entry, Outgoing, PulseScore, Source, Visibility
from tests.flows.world import (
    DUTCH_OPERATIONS,
    OPERATIONS,
    OTHER_SALES,
    SALES,
    World,
    filled_in,
    person_id,
    reference,
)

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
ASKED = datetime(2026, 6, 11, 10, 1, tzinfo=AMSTERDAM)
PALLETS = "On Tuesday 9 June at 15:10 Retailer A moved 12 pallets to Wednesday; line 2 stood still for 40 minutes."
CRATES = "On Wednesday the crates came back clean and an hour early."


async def question(world: World, who: str) -> Message:
    """Everybody was asked; the question in their chat."""
    await world.forward(ASKED)
    return await world.newest(who, None)


def names(form: View) -> Sequence[str]:
    """The fields of the form: score and example first."""
    return list(filled_in(form))


def scores(world: World) -> list[int]:
    """Those that a token can still change."""
    return sorted(score.score for score in world.rows(PulseScore) if score.change_token_hash)


def answered(world: World) -> int:
    return sum(turn.has_answered for turn in world.rows(CheckinAsked))


async def test_a_refused_form_keeps_what_was_typed_and_the_answer_stands_in_place(world: World) -> None:
    asked = await question(world, OPERATIONS)
    assert "How well did Sales and Operations work together this week?" in words(asked)
    assert labels(asked) == ["Answer", "Later today", "I'm away until…", "Skip"]
    form = await world.opens(OPERATIONS, asked, "Answer")
    score, example, *_ = names(form)
    assert [*await world.submits(OPERATIONS, **{example: PALLETS})] == [score]
    assert await world.submits(OPERATIONS, **{score: "4", example: PALLETS, "kind": "not_so_well"}) == {}

    card = await world.person(OPERATIONS).again(asked)
    assert "*Thank you. Both are in.*" in words(card)
    (told,) = [entry for entry in world.rows(Entry) if entry.what_happened == PALLETS]
    assert (told.source, told.kind) == (Source.CHECKIN, "not_so_well")
    assert [row.entry_id for row in world.rows(CheckinExample)].count(told.id) == 1
    assert PALLETS not in str([row.message for row in world.rows(Outgoing)])

    assert filled_in(await world.opens(OPERATIONS, card, "Change"))[score] == "4"
    assert await world.submits(OPERATIONS, **{score: "2"}) == {}
    assert (scores(world), answered(world)) == ([2], 1)
    assert labels(await world.person(OPERATIONS).again(asked)) == labels(card)


async def test_a_form_sent_twice_counts_once(world: World) -> None:
    await world.opens(OPERATIONS, await question(world, OPERATIONS), "Answer")
    score, example, *_ = names(await world.screen(OPERATIONS))
    await world.submits(OPERATIONS, **{score: "4", example: PALLETS})
    answer = await world.delivers_again(world.sent("view_submission"), timedelta(seconds=40))
    assert (answer.status, answer.text) == (200, "")
    assert scores(world) == [4]
    assert [entry.what_happened for entry in world.rows(Entry)].count(PALLETS) == 1


async def test_the_buttons_of_the_example_never_take_the_place_of_the_answer(world: World) -> None:
    asked = await question(world, OPERATIONS)
    score, example, *_ = names(await world.opens(OPERATIONS, asked, "Answer"))
    await world.submits(OPERATIONS, **{score: "4", example: PALLETS, "shown_with": "side_only"})
    card = await world.person(OPERATIONS).again(asked)
    assert "Your name is stored nowhere: change it here only." in words(card)

    window = await world.opens(OPERATIONS, card, f"Example #{reference(card)}")
    await world.opens(OPERATIONS, window, "Add details")
    assert await world.submits(OPERATIONS, effect="40 minutes") == {}
    assert "40 minutes" in words(await world.screen(OPERATIONS))
    await world.person(OPERATIONS).close(await world.screen(OPERATIONS), clear=True)

    await world.opens(OPERATIONS, card, "Ask the other side")
    assert await world.submits(OPERATIONS, whom="person", person=person_id(OTHER_SALES)) == {}
    assert "Asked: Key Account Manager" in words(await world.newest(OPERATIONS, None))
    assert labels(await world.person(OPERATIONS).again(asked)) == labels(card)
    (told,) = [entry for entry in world.rows(Entry) if entry.what_happened == PALLETS]
    assert (told.visibility, told.author_id, told.effect) == (Visibility.SIDE_ONLY, None, "40 minutes")


async def test_a_line_in_the_chat_is_an_example_and_the_score_follows(world: World) -> None:
    await question(world, OPERATIONS)
    await world.person(OPERATIONS).message(CRATES)
    await world.settle()
    await world.delivers_again(world.sent("crates came back"))
    card = await world.newest(OPERATIONS, None)
    assert "*Thank you. Your example is in.*" in words(card)
    assert [entry.what_happened for entry in world.rows(Entry)].count(CRATES) == 1
    await world.presses(OPERATIONS, card, "Change kind")
    kinds = await world.person(OPERATIONS).again(card)
    card = await world.presses(OPERATIONS, kinds, "Went well")
    assert "Went well · with your name" in words(card)
    (score,) = names(await world.opens(OPERATIONS, card, "Give the score"))
    assert await world.submits(OPERATIONS, **{score: "5"}) == {}
    assert "Both are in." in words(await world.person(OPERATIONS).again(card))
    assert scores(world) == [5]


async def test_where_slack_refuses_for_a_while_the_answer_to_a_line_follows(world: World) -> None:
    await question(world, OPERATIONS)
    world.playground.faults = lambda method, _: SlackError("internal_error") if method == "chat.postMessage" else None
    await world.person(OPERATIONS).message(CRATES)
    await world.settle()
    assert [entry.what_happened for entry in world.rows(Entry)].count(CRATES) == 1
    world.playground.faults = no_faults
    await world.forward(timedelta(minutes=2))
    assert len([text for text in await world.chat(OPERATIONS) if "Your example is in." in text]) == 1


async def test_a_line_beside_a_picture_is_kept_and_a_changed_line_is_no_other(world: World) -> None:
    await question(world, OPERATIONS)
    await world.person(OPERATIONS).message(CRATES)
    await world.settle()
    told = world.sent("crates came back")
    for number, (subtype, text) in enumerate((("file_share", "Here they stand at noon."), ("bot_message", PALLETS))):
        body = json.loads(told.body)
        body["event_id"] = f"Ev{number}"
        body["event"] |= {"subtype": subtype, "text": text}
        await world.delivers_again(replace(told, body=json.dumps(body)))
    texts = [entry.what_happened for entry in world.rows(Entry)]
    assert [texts.count(text) for text in (CRATES, "Here they stand at noon.", PALLETS)] == [1, 1, 0]


async def test_quiet_words_in_the_chat_are_not_kept_and_thanks_get_the_hint(world: World) -> None:
    await question(world, OPERATIONS)
    await world.person(OPERATIONS).message(f"quietly {CRATES}")
    await world.settle()
    card = await world.newest(OPERATIONS, None)
    assert "I did not keep your reply: you wrote quietly." in words(card)
    assert CRATES not in str([row.model_dump() for table in (Entry, Outgoing) for row in world.rows(table)])
    score, example, *_ = names(await world.opens(OPERATIONS, card, "Answer"))
    assert await world.submits(OPERATIONS, **{score: "3", example: CRATES, "shown_with": "side_only"}) == {}
    await world.person(OPERATIONS).message("thank you")
    await world.settle()
    assert "I read commands, not messages." in words(await world.newest(OPERATIONS, None))


async def test_later_away_and_skip_stand_in_place_and_can_be_undone(world: World) -> None:
    asked = await question(world, SALES)
    skipped = await world.presses(SALES, asked, "Skip")
    assert labels(skipped) == ["Undo"]
    assert labels(await world.presses(SALES, skipped, "Undo")) == labels(asked)

    await world.opens(SALES, asked, "I'm away until…")
    assert "until" in await world.submits(SALES, until=None)
    assert await world.submits(SALES, until="2026-06-15") == {}
    away = await world.person(SALES).again(asked)
    assert "Away until Mon 15 June" in words(away)
    back = await world.presses(SALES, away, "I'm back")
    assert labels(back) == labels(asked)
    assert world.rows(Absence) == []

    later = await world.presses(SALES, back, "Later today")
    assert "I ask again on Thu 11 June, 13:0" in words(later)
    await world.forward(timedelta(hours=3, minutes=1))
    reminder = await world.newest(SALES, None)
    assert reminder.ts != asked.ts
    assert "This is the only reminder." in words(reminder)
    await world.opens(SALES, reminder, "Answer")
    (score, *_) = names(await world.screen(SALES))
    assert await world.submits(SALES, **{score: "4"}) == {}
    assert "Your score is in." in words(await world.person(SALES).again(reminder))
    await world.forward(datetime(2026, 6, 12, 11, 50, tzinfo=AMSTERDAM))
    assert [text for text in await world.chat(SALES) if "only reminder" in text] == []


async def test_an_answer_keeps_its_place_beside_other_things_of_the_day(world: World) -> None:
    asked = await question(world, SALES)
    clash = await world.says(OPERATIONS, "/clash", PALLETS)
    await world.opens(OPERATIONS, clash, "Ask the other side")
    await world.submits(OPERATIONS, whom="person", person=person_id(SALES))
    both = await world.person(SALES).again(asked)
    assert "*For you on Thu 11 June: 2 things*" in words(both)
    assert labels(both) == ["Answer", "Tell my side"]

    (score, *_) = names(await world.opens(SALES, both, "Answer"))
    assert await world.submits(SALES, **{score: "4"}) == {}
    card = await world.person(SALES).again(asked)
    assert "Your score is in." in words(card)
    assert labels(card) == ["Change", "Add an example", "Tell my side"]
    await world.opens(SALES, card, "Tell my side")
    assert await world.submits(SALES, what_happened="They asked us at noon.") == {}
    assert labels(await world.person(SALES).again(asked)) == labels(card)
    await world.opens(SALES, card, "Change")
    assert await world.submits(SALES, **{score: "2"}) == {}
    assert scores(world) == [2]


async def test_from_the_home_it_is_answered_before_and_while_it_is_asked(world: World) -> None:
    await world.forward(ASKED - timedelta(hours=1))
    early = await world.person(DUTCH_OPERATIONS).open_home()
    assert early is not None
    assert "*Check-in* · Ik vraag het op do 11 juni, 10:00 (Amsterdam); antwoorden kan nu al" in words(early)
    (score, *_) = names(await world.opens(DUTCH_OPERATIONS, early, "Antwoorden"))
    assert await world.submits(DUTCH_OPERATIONS, **{score: "3"}) == {}
    window = await world.screen(DUTCH_OPERATIONS)
    assert "kun je alleen vanuit dit venster wijzigen" in words(window)
    home = await world.person(DUTCH_OPERATIONS).home()
    assert home is not None
    assert "*Check-in* · beantwoord" in words(home)
    before = len(await world.chat(DUTCH_OPERATIONS))
    await world.forward(ASKED)
    assert len(await world.chat(DUTCH_OPERATIONS)) == before

    home = await world.person(OPERATIONS).open_home()
    assert home is not None
    assert "*Check-in* · open until Fri 12 June, 12:00 (Amsterdam)" in words(home)
    (score, *_) = names(await world.opens(OPERATIONS, home, "Answer"))
    await world.submits(OPERATIONS, **{score: "5"})
    assert scores(world) == [3, 5]
    again = await world.newest(OPERATIONS, None)  # the question does not know, and says so when pressed
    await world.person(OPERATIONS).press(again, "Answer")
    await world.settle()
    assert scores(world) == [3, 5]


async def test_after_the_close_an_example_is_taken_and_no_score(world: World) -> None:
    asked = await question(world, OPERATIONS)
    await world.forward(datetime(2026, 6, 12, 14, 30, tzinfo=AMSTERDAM))  # closed in London too
    form = await world.opens(OPERATIONS, asked, "Answer")
    example, *others = names(form)
    assert others == ["kind", "shown_with"]
    assert "The result of 11 June is already out" in words(form)
    assert await world.submits(OPERATIONS, **{example: PALLETS}) == {}
    assert "Your example is saved." in words(await world.person(OPERATIONS).again(asked))
    assert answered(world) == 1

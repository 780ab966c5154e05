"""Slack delivers twice, people press twice, and a thief may send what was sent: each has one effect."""

import asyncio
from datetime import timedelta

import pytest

from bot.playground import labels, words
from bot.playground.dispatch import FORM, Request
from storage.tables import Ask, Draft, Entry
from tests.flows.world import CHANNEL, NEWCOMER, OPERATIONS, SALES, World, person_id

CLASH = "On Wednesday 10 June at 16:30 Retailer A doubled the football tapas box for Saturday."


@pytest.mark.parametrize("ago", [timedelta(0), timedelta(minutes=4)], ids=["at once", "four minutes later"])
async def test_the_same_command_delivered_again(world: World, ago: timedelta) -> None:
    await world.says(OPERATIONS, "/clash", CLASH)
    request = world.sent("/clash")
    answer = await world.delivers_again(request, ago)
    assert answer.status == 200
    assert answer.text == ""
    assert _saved(world) == 1


async def test_two_deliveries_at_the_same_moment(world: World) -> None:
    await world.says(OPERATIONS, "/win", "Something else.")
    fields = world.sent("/win").body.replace("Something+else.", "At+the+same+moment.")
    request = Request(fields.replace("trigger_id=", "trigger_id=9"), FORM)
    answers = await asyncio.gather(*(world.playground.dispatcher.post(request) for _ in range(4)))
    await world.settle()
    assert [answer.status for answer in answers] == [200] * 4
    assert sum(bool(answer.text) for answer in answers) == 1
    assert [entry.what_happened for entry in world.rows(Entry)].count("At the same moment.") == 1


async def test_the_same_words_typed_twice_are_two_examples(world: World) -> None:
    await world.says(OPERATIONS, "/clash", CLASH)
    await world.says(OPERATIONS, "/clash", CLASH)
    assert _saved(world) == 2


async def test_a_form_sent_twice_is_saved_once(world: World) -> None:
    await world.person(OPERATIONS).command("/clash", "", CHANNEL)
    await world.settle()
    await world.submits(OPERATIONS, what_happened=CLASH)
    for ago in (timedelta(0), timedelta(minutes=4)):
        answer = await world.delivers_again(world.sent("view_submission"), ago)
        assert (answer.status, answer.text) == (200, "")
    assert _saved(world) == 1


async def test_a_refused_form_may_be_sent_again_from_the_same_view(world: World) -> None:
    await world.person(OPERATIONS).command("/clash", "", CHANNEL)
    await world.settle()
    assert await world.submits(OPERATIONS, what_happened=" ")
    assert await world.submits(OPERATIONS, what_happened=CLASH) == {}
    assert _saved(world) == 1


async def test_a_press_that_is_replayed_does_not_undo_what_came_after(world: World) -> None:
    card = await world.says(OPERATIONS, "/clash", CLASH)
    await world.presses(OPERATIONS, card, "Undo")
    undo = world.sent("entry.undo")
    await world.presses(OPERATIONS, card, "Put back")
    await world.delivers_again(undo, timedelta(minutes=4))
    assert world.entry(card).withdrawn_on is None
    assert "Undo" in labels(await world.person(OPERATIONS).again(card))


async def test_share_pressed_twice_stands_there_once(world: World) -> None:
    card = await world.says(OPERATIONS, "/clash", CLASH)
    person = world.person(OPERATIONS)
    await person.press(card, "Share")
    await person.press(card, "Share")
    await world.settle()
    await world.delivers_again(world.sent("entry.share"), timedelta(minutes=4))
    assert sum("football" in text and "Read all" in text for text in await world.channel(SALES)) == 1


async def test_a_question_sent_twice_is_asked_once(world: World) -> None:
    card = await world.says(OPERATIONS, "/clash", CLASH)
    await world.opens(OPERATIONS, card, "Ask the other side")
    await world.submits(OPERATIONS, whom="person", person=person_id(SALES))
    await world.delivers_again(world.sent("view_submission"), timedelta(minutes=4))
    assert len(world.rows(Ask)) == 1
    assert len(await world.chat(SALES)) == 1
    question = await world.newest(SALES, None)
    await world.opens(SALES, question, "Tell my side")
    await world.submits(SALES, what_happened="They told us at four.")
    await world.delivers_again(world.sent("view_submission"))
    assert [entry.what_happened for entry in world.rows(Entry)].count("They told us at four.") == 1
    assert len(await world.chat(OPERATIONS)) == 1


async def test_settings_that_are_replayed_change_nothing(world: World) -> None:
    await world.person(OPERATIONS).command("/sop", "settings", CHANNEL)
    await world.settle()
    await world.submits(OPERATIONS, language="nl")
    first = world.sent("view_submission")
    await world.person(OPERATIONS).command("/sop", "settings", CHANNEL)
    await world.settle()
    await world.submits(OPERATIONS, language="en")
    await world.delivers_again(first, timedelta(minutes=4))
    assert "saved" in words(await world.says(OPERATIONS, "/clash", CLASH))


async def test_somebody_unknown_is_asked_once(world: World) -> None:
    await world.says(NEWCOMER, "/clash", CLASH)
    answer = await world.delivers_again(world.sent("/clash"), timedelta(minutes=4))
    assert answer.text == ""
    assert len(world.rows(Draft)) == 1


async def test_who_writes_to_the_bot_is_answered_once(world: World) -> None:
    await world.person(OPERATIONS).message("hello?")
    await world.settle()
    event = world.sent("event_callback")
    await world.delivers_again(event)
    await world.delivers_again(event)
    assert sum("I read commands" in text for text in await world.chat(OPERATIONS)) == 1


def _saved(world: World) -> int:
    return sum(entry.what_happened == CLASH for entry in world.rows(Entry))

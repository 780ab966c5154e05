"""A cry for help about today is no agenda: it goes to the channel of today, and is asked back on Thursday."""

import asyncio
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.playground import labels, words
from bot.playground.model import Message
from storage.tables import EntryStatus
from tests.flows.world import DISPATCH, OPERATIONS, SALES, World

TRUCK = "Truck 4 of Discounter D is late right now, who can help??"
AMSTERDAM = ZoneInfo("Europe/Amsterdam")


async def lesson_asked(world: World) -> Message:
    """What asks it back, among what else Thursday brings."""
    return next(message for message in await world.person(SALES).sees() if "needed somebody" in words(message))


async def test_shown_before_it_is_sent_and_asked_back_on_thursday(world: World) -> None:
    card = await world.says(SALES, "/clash", TRUCK)
    assert "Somebody needed today?" in words(card)
    assert len(labels(card)) <= 6
    assert not any("Truck 4" in text for text in await world.channel(OPERATIONS, DISPATCH))

    preview = await world.presses(SALES, card, "Ask for help")
    assert "This goes to #dispatch, with your name:" in words(preview)
    assert labels(preview) == ["Send it", "Back"]
    back = await world.presses(SALES, card, "Back")
    assert "Ask for help" in labels(back)
    assert not any("Truck 4" in text for text in await world.channel(OPERATIONS, DISPATCH))

    await world.presses(SALES, card, "Ask for help")
    sent = await world.presses(SALES, card, "Send it")
    assert "Sent to #dispatch." in words(sent)
    assert "On Thu 11 June I ask what we can learn from it." in words(sent)
    posts = [text for text in await world.channel(OPERATIONS, DISPATCH) if "Truck 4" in text]
    assert len(posts) == 1
    assert "Key Account Manager Retailer A (Sales) needs somebody today:" in posts[0]
    assert world.entry(card).status == EntryStatus.PARKED

    await world.forward(datetime(2026, 6, 11, 10, 1, tzinfo=AMSTERDAM))
    lesson = await lesson_asked(world)
    assert "On Wed 10 June you needed somebody at once. What can we learn from it?" in words(lesson)
    assert TRUCK in words(lesson)


async def test_the_lesson_puts_it_on_the_agenda(world: World) -> None:
    card = await world.says(SALES, "/clash", TRUCK)
    await world.presses(SALES, card, "Ask for help")
    await world.presses(SALES, card, "Send it")
    await world.forward(datetime(2026, 6, 11, 10, 1, tzinfo=AMSTERDAM))
    lesson = await lesson_asked(world)
    await world.opens(SALES, lesson, "Answer")
    assert await world.submits(SALES, lesson=" ") == {"lesson": "One line is enough: what can we learn from it?"}
    assert await world.submits(SALES, lesson="A second number for the dispatcher of the night.") == {}
    after = await world.person(SALES).again(lesson)
    assert "A second number for the dispatcher" in words(after)
    entry = world.entry(after)
    assert entry.lesson == "A second number for the dispatcher of the night."
    assert entry.status == EntryStatus.OPEN


async def test_sent_twice_it_stands_there_once(world: World) -> None:
    card = await world.says(SALES, "/clash", TRUCK)
    preview = await world.presses(SALES, card, "Ask for help")
    person = world.person(SALES)
    await asyncio.gather(*(person.press(preview, "Send it") for _ in range(2)))
    await world.settle()
    assert sum("Truck 4" in text for text in await world.channel(OPERATIONS, DISPATCH)) == 1


async def test_without_a_name_no_help_is_offered(world: World) -> None:
    card = await world.says(SALES, "/clash", f"quietly {TRUCK}")
    assert "Ask for help" not in labels(card)


async def test_what_was_sent_was_seen(world: World) -> None:
    card = await world.says(SALES, "/clash", TRUCK)
    await world.presses(SALES, card, "Ask for help")
    await world.presses(SALES, card, "Send it")
    await world.presses(SALES, card, "Back to the card")
    gone = await world.presses(SALES, card, "Undo")
    assert "nobody else saw it" not in words(gone)
    await world.forward(datetime(2026, 6, 11, 10, 1, tzinfo=AMSTERDAM))
    assert "needed somebody" not in "".join(await world.chat(SALES))

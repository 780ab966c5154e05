"""The weekly summary as people meet it: every Friday in the channel, looked into, moved, and put back."""

from datetime import UTC, datetime, timedelta
from html import unescape

from bot.playground import labels
from bot.playground import words as escaped_words
from bot.playground.model import Message, View
from storage.tables import Outgoing
from tests.flows.world import CHANNEL, DISPATCH, DUTCH_SALES, FACILITATOR, OPERATIONS, SALES, World, filled_in

FRIDAY = datetime(2026, 6, 12, 13, tzinfo=UTC)


def words(where: Message | View) -> str:
    return unescape(escaped_words(where))


async def summaries(world: World, channel: str = CHANNEL) -> list[Message]:
    return [post for post in await world.person(SALES).sees(channel) if words(post).startswith("Week ")]


async def test_every_friday_at_three_the_week_stands_in_the_channel(world: World) -> None:
    await world.says(SALES, "/clash", "Retailer B moved its order of Friday by 900 trays at noon.")
    await world.forward(FRIDAY - timedelta(minutes=1))
    assert await summaries(world) == []

    await world.forward(FRIDAY + timedelta(minutes=1))
    (post,) = await summaries(world)
    said = words(post)
    assert said.startswith("Week 24: ")
    assert len([line for line in said.splitlines() if line.strip()]) <= 10 + len(labels(post))
    assert labels(post) == ["All entries", "Agreements", "Add an example"]
    order = ["Last week", "Agreements.", "Pulse, four weeks.", "Heard from.", "Next."]
    assert [said.index(start) for start in order] == sorted(said.index(start) for start in order)


async def test_a_second_friday_tells_only_of_its_own_week(world: World) -> None:
    await world.forward(FRIDAY + timedelta(minutes=1))
    await world.says(SALES, "/win", "The swap of Monday took 20 minutes.")
    await world.forward(FRIDAY + timedelta(days=7, minutes=1))

    first, second = await summaries(world)
    assert "The swap of Monday" not in words(first)
    assert "The swap of Monday took 20 minutes." in words(second)
    assert words(second).startswith("Week 25: 1 entry")


async def test_all_entries_and_agreements_open_for_any_member(world: World) -> None:
    await world.says(SALES, "/clash", "Retailer B moved its order of Friday by 900 trays at noon.")
    await world.forward(FRIDAY + timedelta(minutes=1))
    (post,) = await summaries(world)

    entries = await world.opens(OPERATIONS, post, "All entries")
    assert "Retailer B moved its order of Friday by 900 trays at noon." in words(entries)
    agreements = await world.opens(DUTCH_SALES, post, "Agreements")
    assert "Datum voorbij." in words(agreements) or "Later." in words(agreements)
    form = await world.opens(OPERATIONS, post, "Add an example")
    assert "What happened?" in words(form)


async def test_a_member_looks_ahead_and_cannot_move_it(world: World) -> None:
    card = await world.says(OPERATIONS, "/sop", "summary")

    assert "what the summary of Fri 12 June, 15:00 (Amsterdam) would say now" in words(card)
    assert "When it comes" not in labels(card)


async def test_a_facilitator_moves_it_by_form_and_puts_it_back(world: World) -> None:
    card = await world.says(FACILITATOR, "/sop", "weekoverzicht")
    form = await world.opens(FACILITATOR, card, "When it comes")
    assert filled_in(form) == {"day": "4", "at": "15:00", "channel": CHANNEL}
    assert await world.submits(FACILITATOR, day="3", at="16:30", channel=DISPATCH) == {}
    card = await world.person(FACILITATOR).again(card)
    assert "The next weekly summary comes on Thu 11 June, 16:30 (Amsterdam), in #dispatch." in words(card)

    await world.forward(datetime(2026, 6, 11, 14, 31, tzinfo=UTC))
    (post,) = await summaries(world, DISPATCH)
    assert words(post).startswith("Week 24: ")
    card = await world.presses(FACILITATOR, card, "Undo")
    assert "It is as it was before. The next summary comes on Fri 12 June, 15:00 (Amsterdam)." in words(card)


async def test_a_time_that_is_none_is_said_beside_its_field_and_nothing_is_lost(world: World) -> None:
    card = await world.says(FACILITATOR, "/sop", "summary")
    await world.opens(FACILITATOR, card, "When it comes")
    errors = await world.submits(FACILITATOR, day="3", at="soon", channel=CHANNEL)

    assert list(errors) == ["at"]
    assert filled_in(await world.screen(FACILITATOR))["at"] == "soon"


async def test_while_it_is_off_nothing_comes(world: World) -> None:
    card = await world.says(FACILITATOR, "/sop", "summary")
    await world.opens(FACILITATOR, card, "When it comes")
    assert await world.submits(FACILITATOR, day="off", at="15:00", channel=CHANNEL) == {}
    await world.forward(FRIDAY + timedelta(days=8))

    assert await summaries(world) == []
    assert not [row for row in world.rows(Outgoing) if row.key.startswith("summary:")]

"""A change ahead, from the form of a facilitator to the examples that both sides link to it."""

from datetime import UTC, date, datetime
from typing import Final

from bot.playground import words
from storage.tables import DisturbanceEntry
from tests.flows.world import DUTCH_OPERATIONS, FACILITATOR, OPERATIONS, SALES, World, filled_in

WHAT: Final = "Retailer E takes 40 pallets of soup a week"
CHANGE: Final = {
    "kind": "new_customer",
    "what": WHAT,
    "from_on": date(2026, 6, 15),
    "sides": ("sales", "operations"),
}


async def announced(world: World) -> str:
    """What the facilitator reads after it."""
    card = await world.says(FACILITATOR, "/sop", "disturbance")
    assert "No change ahead is announced." in words(card)
    await world.opens(FACILITATOR, card, "Announce…")
    assert await world.submits(FACILITATOR, **CHANGE) == {}
    return words(await world.person(FACILITATOR).again(card))


async def test_it_is_announced_in_the_channel_and_asked_of_both_sides(world: World) -> None:
    assert "It goes to #sales-operations. 17 people are asked once" in await announced(world)
    post = await world.newest(SALES)
    assert f"*Change ahead from Mon 15 June: new customer*\n{WHAT}" in words(post)
    await world.forward(datetime(2026, 6, 11, 8, 5, tzinfo=UTC))
    for person, question in ((OPERATIONS, "One example"), (DUTCH_OPERATIONS, "Eén voorbeeld")):
        asked = next(text for text in await world.chat(person) if question in text)
        assert f"\n*{WHAT}* · " in asked


async def test_a_mistake_in_the_form_keeps_what_was_typed(world: World) -> None:
    await world.opens(FACILITATOR, await world.says(FACILITATOR, "/sop", "disturbance"), "Announce…")
    errors = await world.submits(FACILITATOR, **CHANGE | {"from_on": date(2026, 6, 1)})

    assert errors == {"from_on": "1 June has passed. Choose Wed 10 June or later."}
    assert filled_in(await world.screen(FACILITATOR))["what"] == WHAT


async def test_an_example_is_linked_from_the_post_and_read_there(world: World) -> None:
    await announced(world)
    post = await world.newest(SALES)
    form = await world.opens(SALES, post, "Add an example")
    assert WHAT in words(form)
    await world.submits(SALES, what_happened="On Wednesday at 16:30 the first order came without a slot.")

    card = await world.newest(SALES)
    assert f"*Change ahead:* {WHAT}" in words(card)
    window = await world.opens(OPERATIONS, post, "Open")
    assert "the first order came without a slot" in words(window)
    assert len(world.rows(DisturbanceEntry)) == 1


async def test_withdrawn_in_its_window_the_post_says_so(world: World) -> None:
    await announced(world)
    post = await world.newest(FACILITATOR)
    window = await world.opens(FACILITATOR, post, "Open")
    await world.opens(FACILITATOR, window, "Withdraw")

    assert "withdrawn" in words(await world.person(SALES).again(post))
    await world.opens(FACILITATOR, await world.screen(FACILITATOR), "Put back")
    assert "withdrawn" not in words(await world.person(SALES).again(post))


async def test_a_member_hears_who_may(world: World) -> None:
    said = words(await world.says(SALES, "/sop", "disturbance"))
    assert "Only a facilitator can do that." in said
    assert "Announce" not in said

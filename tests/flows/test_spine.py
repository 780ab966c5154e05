"""The main job: somebody notes a clash, the other side tells theirs, and the brief before the meeting has both."""

from datetime import UTC, datetime

from bot.playground import labels, words
from tests.flows.world import CHANNEL, OPERATIONS, SALES, World, reference

BRIEF_DUE = datetime(2026, 6, 11, 7, 0, tzinfo=UTC)


async def test_a_clash_is_saved_and_answered_privately(world: World) -> None:
    card = await world.says(OPERATIONS, "/clash", "Retailer A doubled the football tapas box at 16:30 for Saturday.")
    assert "saved, only you see this card" in words(card)
    assert "Undo" in labels(card)
    assert card.ephemeral_to is not None
    assert not any("football" in text for text in await world.channel(SALES))


async def test_both_sides_stand_in_the_brief_before_the_meeting_once(world: World) -> None:
    card = await world.says(OPERATIONS, "/clash", "Retailer A doubled the football tapas box at 16:30 for Saturday.")
    await world.presses(OPERATIONS, card, "Share")
    await world.opens(SALES, await world.newest(SALES), "Tell my side")
    await world.submits(SALES, what_happened="Retailer A told us at four.", kind="not_so_well")
    answer = await world.newest(SALES)

    await world.forward(BRIEF_DUE)

    seen = await world.person(SALES).sees(CHANNEL)
    (brief,) = [message for message in seen if "Brief for the pre-S&OP" in words(message)]
    assert "18 entries" in words(brief)
    thread = "\n".join(words(reply) for reply in await world.person(SALES).sees(thread=brief))
    clashes, not_so_well = (
        next(line for line in thread.split("\n") if f"(#{reference(told)})" in line) for told in (card, answer)
    )
    assert "Clashes." in clashes
    assert "Retailer A doubled the football tapas box" in clashes
    assert "Not so well." in not_so_well
    assert "Retailer A told us at four" in not_so_well

"""The answer card: every button does one thing, says so in place, and nothing is final."""

from bot.playground import labels, words
from storage.tables import Kind, Visibility
from tests.flows.world import CHANNEL, FINANCE, OPERATIONS, SALES, World, filled_in, reference

FOOTBALL = "On Wednesday 10 June at 16:30 Retailer A doubled the football tapas box for Saturday."


async def test_add_details_is_filled_in_and_comes_back_to_the_card(world: World) -> None:
    card = await world.says(OPERATIONS, "/clash", FOOTBALL)
    form = await world.opens(OPERATIONS, card, "Add details")
    assert form.payload["title"]["text"] == f"Details of #{reference(card)}"
    assert filled_in(form)["what_happened"] == FOOTBALL
    assert await world.submits(OPERATIONS, what_happened=f"{FOOTBALL} At 16:42.", effect="2 washes of 40 minutes") == {}
    changed = await world.person(OPERATIONS).again(card)
    assert "changed, only you see this card" in words(changed)
    assert "At 16:42." in words(changed)
    assert "2 washes of 40 minutes" in words(changed)
    assert world.entry(card).what_happened.endswith("At 16:42.")


async def test_change_kind_asks_in_place_and_may_go_back(world: World) -> None:
    card = await world.says(OPERATIONS, "/clash", FOOTBALL)
    choice = await world.presses(OPERATIONS, card, "Change kind")
    assert labels(choice) == ["Clash", "Went well", "Not so well", "Improve", "Back"]
    back = await world.presses(OPERATIONS, card, "Back")
    assert "Change kind" in labels(back)
    await world.presses(OPERATIONS, card, "Change kind")
    changed = await world.presses(OPERATIONS, card, "Improve")
    assert "💡" in words(changed)
    assert world.entry(card).kind == Kind.IMPROVE


async def test_another_tension_is_one_press_away(world: World) -> None:
    card = await world.says(OPERATIONS, "/clash", FOOTBALL)
    assert "My guess: " in words(card)
    form = await world.opens(OPERATIONS, card, "Other tension")
    assert filled_in(form)["tension"] == world.entry(card).tension_key
    assert await world.submits(OPERATIONS, tension="T10") == {}
    changed = await world.person(OPERATIONS).again(card)
    assert world.entry(card).tension_key == "T10"
    assert "Tension: " in words(changed)
    assert "My guess" not in words(changed)


async def test_what_happened_before_is_linked_with_one_press(world: World) -> None:
    first = await world.says(OPERATIONS, "/clash", FOOTBALL)
    again = await world.says(OPERATIONS, "/clash", "Retailer A doubled the football tapas box once more for Saturday.")
    assert f"Looks like #{reference(first)}" in words(again)
    linked = await world.presses(OPERATIONS, again, f"Link to #{reference(first)}")
    assert f"Linked to #{reference(first)}" in words(linked)
    assert f"Link to #{reference(first)}" not in labels(linked)
    assert world.entry(again).recurrence_of == world.entry(first).id


async def test_undo_and_put_back(world: World) -> None:
    card = await world.says(OPERATIONS, "/clash", FOOTBALL)
    gone = await world.presses(OPERATIONS, card, "Undo")
    assert labels(gone) == ["Put back"]
    assert "removed, nobody else saw it" in words(gone)
    listed = await world.says(SALES, "/sop", "entries football")
    assert reference(card) not in words(listed)
    back = await world.presses(OPERATIONS, card, "Put back")
    assert "put back, only you see this card" in words(back)
    assert reference(card) in words(await world.says(SALES, "/sop", "entries football"))


async def test_a_question_may_be_ignored(world: World) -> None:
    card = await world.says(OPERATIONS, "/clash", "Sales never sticks to the plan.")
    assert "saved word for word" in words(card)
    assert "which order or day was the last time, and what changed?" in words(card)
    assert labels(card) == ["Add details", "Change kind", "Ask the other side", "Share", "Undo"]
    assert world.entry(card).what_happened == "Sales never sticks to the plan."
    shared = await world.presses(OPERATIONS, card, "Share")
    assert "which order or day" not in words(shared)
    assert "Sales never sticks to the plan." in (await world.channel(SALES))[-1]


async def test_the_name_can_be_taken_off_and_the_old_card_cannot_bring_it_back(world: World) -> None:
    text = "I don't dare to say this in the retro but weekends are killing my crew"
    card = await world.says(OPERATIONS, "/clash", text)
    assert labels(card) == ["Take my name off", "Keep my name", "Undo"]
    off = await world.presses(OPERATIONS, card, "Take my name off")
    assert "your name is off" in words(off)
    entry = world.entry(card)
    assert (entry.visibility, entry.author_id, entry.created_at) == (Visibility.SIDE_ONLY, None, None)
    undone = await world.presses(OPERATIONS, card, "Undo")
    assert "removed" in words(undone)


async def test_the_name_can_stay(world: World) -> None:
    text = "I don't dare to say this in the retro but weekends are killing my crew"
    card = await world.says(OPERATIONS, "/clash", text)
    kept = await world.presses(OPERATIONS, card, "Keep my name")
    assert "Share" in labels(kept)
    assert world.entry(card).author_id is not None


async def test_a_small_side_is_offered_the_company(world: World) -> None:
    text = "I don't dare to say this in the retro but weekends are killing my people"
    card = await world.says(FINANCE, "/clash", text)
    assert 'it then reads "from the company"' in words(card)
    await world.presses(FINANCE, card, "Take my name off")
    assert world.entry(card).side == "company"


async def test_a_card_in_the_private_chat_works_the_same(world: World) -> None:
    answer = await world.person(OPERATIONS).command("/clash", FOOTBALL)
    assert answer is not None
    await world.settle()
    await world.opens(OPERATIONS, answer, "Add details")
    await world.submits(OPERATIONS, effect="40 minutes")
    assert "40 minutes" in words(await world.person(OPERATIONS).again(answer))
    assert await world.windows(OPERATIONS) == 0
    await world.presses(OPERATIONS, answer, "Share")
    assert "football" in (await world.channel(SALES, CHANNEL))[-1]

"""Capture from a message, or from anywhere."""

from bot.playground import words
from storage.tables import Kind, Visibility
from tests.flows.world import OPERATIONS, PLANNING, SALES, World, filled_in


async def test_a_message_fills_the_form_and_its_link_is_kept(world: World) -> None:
    message = (await world.person(OPERATIONS).sees(PLANNING))[0]
    await world.person(OPERATIONS).shortcut("capture_clash", message)
    await world.settle()
    form = await world.screen(OPERATIONS)
    assert "From #noord-planning, 10 June, 14:42. The link is kept." in words(form)
    assert filled_in(form)["what_happened"] == message.text
    assert filled_in(form)["kind"] == "clash"
    assert filled_in(form)["tension"]
    assert await world.submits(OPERATIONS, effect="900 trays") == {}
    card = await world.newest(OPERATIONS, PLANNING)
    entry = world.entry(card)
    assert entry.permalink == f"https://voorbeeldkeuken.slack.com/archives/{PLANNING}/p{message.ts.replace('.', '')}"
    assert (entry.what_happened, entry.effect) == (message.text, "900 trays")
    assert card.ephemeral_to is not None


async def test_as_went_well(world: World) -> None:
    message = (await world.person(OPERATIONS).sees(PLANNING))[0]
    await world.person(OPERATIONS).shortcut("capture_went_well", message)
    await world.settle()
    await world.submits(OPERATIONS)
    assert world.entry(await world.newest(OPERATIONS, PLANNING)).kind == Kind.WENT_WELL


async def test_without_a_name_no_link_is_kept(world: World) -> None:
    message = (await world.person(OPERATIONS).sees(PLANNING))[0]
    await world.person(OPERATIONS).shortcut("capture_clash", message)
    await world.settle()
    assert "Without your name no link is kept" in words(await world.screen(OPERATIONS))
    await world.submits(OPERATIONS, shown_with="side_only")
    entry = world.entry(await world.newest(OPERATIONS, PLANNING))
    assert (entry.visibility, entry.permalink, entry.author_id) == (Visibility.SIDE_ONLY, None, None)


async def test_a_reply_in_a_thread_is_linked_in_its_thread(world: World) -> None:
    message = (await world.person(SALES).sees(PLANNING))[0]
    reply = await world.person(SALES).message("We promised 900 trays.", PLANNING, message.ts)
    await world.person(OPERATIONS).shortcut("capture_clash", reply)
    await world.settle()
    await world.submits(OPERATIONS)
    seen = [*await world.person(OPERATIONS).sees(PLANNING), *await world.person(OPERATIONS).sees(thread=message)]
    card = next(one for one in reversed(seen) if "We promised 900 trays." in words(one) and one.ephemeral_to)
    assert f"thread_ts={message.ts}" in str(world.entry(card).permalink)


async def test_from_anywhere_the_form_opens_empty_and_shows_the_card(world: World) -> None:
    await world.person(OPERATIONS).shortcut("capture_anywhere")
    await world.settle()
    assert not filled_in(await world.screen(OPERATIONS))["what_happened"]
    await world.submits(OPERATIONS, what_happened="On 9 June line 2 stood still for 40 minutes.", kind="improve")
    card = await world.screen(OPERATIONS)
    assert "💡" in words(card)
    await world.opens(OPERATIONS, card, "Add details")
    await world.submits(OPERATIONS, effect="40 minutes of 14 people")
    assert "40 minutes of 14 people" in words(await world.screen(OPERATIONS))
    assert await world.windows(OPERATIONS) == 1


async def test_what_a_colleague_wrote_quietly_is_no_command_to_the_bot(world: World) -> None:
    message = await world.person(SALES).message("quietly hoping that the trucks leave at 05:00", PLANNING)
    await world.person(OPERATIONS).shortcut("capture_clash", message)
    await world.settle()
    form = filled_in(await world.screen(OPERATIONS))
    assert form["what_happened"] == "quietly hoping that the trucks leave at 05:00"
    assert form["shown_with"] == "named"

"""Somebody the bot does not know: one tap says where they work, and nothing they typed is lost."""

from datetime import timedelta

from bot.playground import labels, words
from storage.tables import Draft, Entry, Member, RequestKey
from tests.flows.world import CHANNEL, DISPATCH, NEWCOMER, PLANNING, SALES, World, filled_in, person_id

TRUCK = "The truck to Retailer A left at 05:10 without the 14 trays of line 2."
SIDES = ["Sales", "Operations", "Supply Planning", "Finance", "General management"]


async def test_one_tap_and_the_text_is_saved(world: World) -> None:
    question = await world.says(NEWCOMER, "/clash", TRUCK)
    assert "Your text is safe. Where do you work?" in words(question)
    assert labels(question) == SIDES
    card = await world.presses(NEWCOMER, question, "Operations")
    entry = world.entry(card)
    assert (entry.what_happened, entry.side) == (TRUCK, "operations")
    assert "Undo" in labels(card)
    assert world.rows(Draft) == []
    assert (await world.says(NEWCOMER, "/win", "It went well on 3 June.")).text.startswith("👍 Went well")


async def test_pressed_twice_it_is_saved_once(world: World) -> None:
    question = await world.says(NEWCOMER, "/clash", TRUCK)
    person = world.person(NEWCOMER)
    await person.press(question, "Operations")
    await person.press(question, "Sales")
    await world.settle()
    assert [entry.what_happened for entry in world.rows(Entry)].count(TRUCK) == 1
    assert [member.side for member in world.rows(Member) if member.external_id == person_id(NEWCOMER)] == ["operations"]
    assert "Undo" in labels(await person.again(question))


async def test_everything_typed_before_is_saved(world: World) -> None:
    await world.says(NEWCOMER, "/clash", TRUCK)
    await world.says(NEWCOMER, "/win", "On Tuesday the night shift swapped two batches by themselves.")
    question = await world.says(NEWCOMER, "/sop", "entries")
    await world.presses(NEWCOMER, question, "Operations")
    saved = [entry.what_happened for entry in world.rows(Entry)]
    assert saved.count(TRUCK) == 1
    assert saved.count("On Tuesday the night shift swapped two batches by themselves.") == 1
    seen = await world.channel(NEWCOMER)
    assert sum("saved, only you see this card" in text or "saved word for word" in text for text in seen) == 2
    assert "Only you see this list" in seen[-1]


async def test_a_quiet_text_is_repeated_back_and_stands_in_no_table(world: World) -> None:
    question = await world.says(NEWCOMER, "/clash", "quietly my shift lead wrote off 14 pallets on Monday")
    assert "I did not keep your text: you wrote quietly." in words(question)
    assert "quietly my shift lead wrote off 14 pallets on Monday" in words(question)
    assert world.rows(Draft) == []
    card = await world.presses(NEWCOMER, question, "Operations")
    assert "You work in Operations." in words(card)
    assert not any("14 pallets" in entry.what_happened for entry in world.rows(Entry))
    sent_again = await world.says(NEWCOMER, "/clash", "quietly my shift lead wrote off 14 pallets on Monday")
    assert world.entry(sent_again).author_id is None


async def test_a_long_quiet_text_comes_back_whole(world: World) -> None:
    text = "stil " + ('On Monday I had to throw away 14 pallets "again".\n' * 900)[:30_000] + "END"
    await world.person(NEWCOMER).command("/clash", text, CHANNEL)
    await world.settle()
    window = await world.screen(NEWCOMER)
    assert "END" in words(window)
    assert "(+" not in words(window)
    assert "You work in Operations." in words(await world.opens(NEWCOMER, window, "Operations"))


async def test_without_a_text_the_form_opens_after_the_tap(world: World) -> None:
    question = await world.says(NEWCOMER, "/win")
    assert "*Welcome. Where do you work?* I ask once." in words(question)
    form = await world.opens(NEWCOMER, question, "Sales")
    assert filled_in(form)["kind"] == "went_well"
    assert "You work in Sales." in words(await world.person(NEWCOMER).again(question))
    assert await world.submits(NEWCOMER, what_happened="On 3 June the plant took the swap at 10:05.") == {}
    assert "👍" in words(await world.person(NEWCOMER).again(question))


async def test_the_shortcut_on_a_message_keeps_its_words_and_its_link(world: World) -> None:
    message = (await world.person(NEWCOMER).sees(PLANNING))[0]
    await world.person(NEWCOMER).shortcut("capture_clash", message)
    await world.settle()
    question = await world.newest(NEWCOMER, PLANNING)
    form = await world.opens(NEWCOMER, question, "Operations")
    assert "football tapas box doubled" in str(filled_in(form)["what_happened"])
    await world.submits(NEWCOMER)
    entry = world.entry(await world.newest(NEWCOMER, PLANNING))
    assert entry.permalink is not None
    assert PLANNING in entry.permalink


async def test_the_shortcut_from_anywhere_asks_in_a_window(world: World) -> None:
    await world.person(NEWCOMER).shortcut("capture_anywhere")
    await world.settle()
    question = await world.screen(NEWCOMER)
    assert labels(question) == SIDES
    form = await world.opens(NEWCOMER, question, "Finance")
    assert "what_happened" in filled_in(form)
    await world.submits(NEWCOMER, what_happened=TRUCK)
    assert "saved, only you see this card" in words(await world.screen(NEWCOMER))


async def test_who_asked_for_help_gets_it(world: World) -> None:
    question = await world.says(NEWCOMER, "/sop", "setup")
    assert "*Welcome. Where do you work?* I ask once." in words(question)
    assert "is safe" not in words(question)
    question = await world.says(NEWCOMER, "/sop")
    card = await world.presses(NEWCOMER, question, "Operations")
    assert "/sop entries" in words(card)


async def test_a_draft_is_gone_after_a_day_and_says_so_by_being_gone(world: World) -> None:
    question = await world.says(NEWCOMER, "/clash", TRUCK)
    await world.forward(timedelta(days=1, minutes=1))
    await world.ampersand.jobs.purge()
    assert world.rows(Draft) == []
    assert world.rows(RequestKey) == []
    card = await world.presses(NEWCOMER, question, "Operations")
    assert "You work in Operations." in words(card)
    assert not any(entry.what_happened == TRUCK for entry in world.rows(Entry))


async def test_the_home_asks_too_and_becomes_theirs(world: World) -> None:
    home = await world.person(NEWCOMER).open_home()
    assert home is not None
    assert labels(home) == SIDES
    await world.person(NEWCOMER).press(home, "Operations")
    await world.settle()
    assert "You work in Operations." in words(await world.screen(NEWCOMER))
    mine = await world.person(NEWCOMER).home()
    assert mine is not None
    assert "Clash" in labels(mine)


async def test_a_text_that_waits_is_saved_from_the_home_too(world: World) -> None:
    await world.says(NEWCOMER, "/clash", TRUCK)
    home = await world.person(NEWCOMER).open_home()
    assert home is not None
    await world.person(NEWCOMER).press(home, "Operations")
    await world.settle()
    assert TRUCK in words(await world.screen(NEWCOMER))
    mine = await world.person(NEWCOMER).home()
    assert mine is not None
    assert "The truck to Retailer A" in words(mine)


async def test_a_button_in_the_channel_asks_first_and_does_no_harm(world: World) -> None:
    card = await world.says(SALES, "/clash", TRUCK)
    await world.presses(SALES, card, "Share")
    post = await world.newest(NEWCOMER)
    await world.person(NEWCOMER).press(post, "Tell my side")
    await world.settle()
    question = await world.newest(NEWCOMER)
    assert labels(question) == SIDES
    assert question.ephemeral_to is not None
    assert labels(await world.person(SALES).again(post)) == ["Tell my side", "Read all"]
    await world.presses(NEWCOMER, question, "Operations")
    form = await world.opens(NEWCOMER, post, "Tell my side")
    assert "what_happened" in filled_in(form)


async def test_who_writes_to_the_bot_hears_how_to_reach_it(world: World) -> None:
    await world.person(NEWCOMER).message("hello?")
    await world.settle()
    assert "I read commands, not messages." in (await world.chat(NEWCOMER))[-1]
    await world.person(SALES).message("the truck is late", DISPATCH)
    await world.settle()
    assert "the truck is late" in (await world.channel(SALES, DISPATCH))[-1]

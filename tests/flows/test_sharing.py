"""An example in the channel: who told it, the other side beside it, and taking it back."""

import json
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.playground import labels, words
from tests.flows.world import CHANNEL, FACILITATOR, OPERATIONS, OTHER_SALES, SALES, World, reference

CLASH = "On Wednesday 10 June at 16:30 Retailer A doubled the football tapas box for Saturday."
TOLD = "Retailer A only told us at four; a fast yes was worth 2,000 trays."


async def test_it_stands_in_the_channel_once_with_who_told_it(world: World) -> None:
    card = await world.says(OPERATIONS, "/clash", CLASH)
    person = world.person(OPERATIONS)
    await person.press(card, "Share")
    await person.press(card, "Share")
    await world.settle()
    shared = await person.again(card)
    assert "shared, only you see this card" in words(shared)
    assert "Shared in #sales-operations." in words(shared)
    assert "Share" not in labels(shared)
    posts = [message for message in await world.person(SALES).sees(CHANNEL) if "football" in words(message)]
    assert len(posts) == 1
    assert "Plant Manager Midden (Operations)" in words(posts[0])
    assert labels(posts[0]) == ["Tell my side", "Read all"]
    assert "football" not in posts[0].text
    assert "Plant Manager" not in posts[0].text


async def test_the_other_side_tells_theirs_by_name(world: World) -> None:
    card = await world.says(OPERATIONS, "/clash", CLASH)
    await world.presses(OPERATIONS, card, "Share")
    post = await world.newest(SALES)
    form = await world.opens(SALES, post, "Tell my side")
    assert CLASH in words(form)
    assert await world.submits(SALES, what_happened="") == {"what_happened": "Please complete this required field."}
    assert await world.submits(SALES, what_happened=TOLD, kind="went_well") == {}
    mine = await world.newest(SALES)
    assert mine.ephemeral_to is not None
    assert f"Stands beside #{reference(card)}." in words(mine)
    both = await world.person(FACILITATOR).again(post)
    assert f"both sides told (#{reference(mine)})" in words(both)
    assert TOLD not in words(both)
    window = words(await world.opens(OTHER_SALES, both, "Read all"))
    assert CLASH in window
    assert TOLD in window


async def test_the_other_side_may_tell_it_without_a_name(world: World) -> None:
    card = await world.says(OPERATIONS, "/clash", CLASH)
    await world.presses(OPERATIONS, card, "Share")
    post = await world.newest(SALES)
    before = words(post)
    await world.opens(SALES, post, "Tell my side")
    assert await world.submits(SALES, what_happened=TOLD, shown_with="side_only") == {}
    mine = await world.newest(SALES)
    assert world.entry(mine.text).author_id is None
    assert words(await world.person(FACILITATOR).again(post)) == before
    assert await world.presses(SALES, mine, "Undo")


async def test_ones_own_side_has_told_it_already(world: World) -> None:
    card = await world.says(SALES, "/clash", CLASH)
    await world.presses(SALES, card, "Share")
    post = await world.newest(OTHER_SALES)
    await world.person(OTHER_SALES).press(post, "Tell my side")
    await world.settle()
    assert "was told by your own side" in words(await world.newest(OTHER_SALES))


async def test_taken_back_the_post_says_so_and_comes_back(world: World) -> None:
    card = await world.says(OPERATIONS, "/clash", CLASH)
    await world.presses(OPERATIONS, card, "Share")
    post = await world.newest(SALES)
    gone = await world.presses(OPERATIONS, card, "Undo")
    assert "the post in the channel now says so" in words(gone)
    there = await world.person(SALES).again(post)
    assert "withdrawn by its author" in words(there)
    assert labels(there) == []
    assert "football" not in json.dumps(there.blocks)
    await world.presses(OPERATIONS, card, "Put back")
    back = await world.person(SALES).again(post)
    assert CLASH in words(back)
    assert labels(back) == ["Tell my side", "Read all"]


async def test_a_change_of_the_example_changes_its_post(world: World) -> None:
    card = await world.says(OPERATIONS, "/clash", CLASH)
    shared = await world.presses(OPERATIONS, card, "Share")
    post = await world.newest(SALES)
    await world.opens(OPERATIONS, shared, "Add details")
    await world.submits(OPERATIONS, what_happened="On Thursday 11 June the order was halved again.")
    there = words(await world.person(SALES).again(post))
    assert "halved again" in there
    assert "football" not in there


async def test_without_a_name_it_waits_for_the_full_hour(world: World) -> None:
    card = await world.says(OPERATIONS, "/clash", f"quietly {CLASH}")
    shared = await world.presses(OPERATIONS, card, "Share")
    assert "It goes to #sales-operations on Wed 10 June, 17:00 (Amsterdam)" in words(shared)
    assert not any("football" in text for text in await world.channel(SALES))
    await world.forward(timedelta(hours=1))
    post = await world.newest(SALES)
    assert CLASH in words(post)
    assert "Plant Manager" not in words(post)
    assert "· Operations" in words(post)


async def test_taken_back_before_it_left_it_never_appears(world: World) -> None:
    card = await world.says(OPERATIONS, "/clash", f"quietly {CLASH}")
    before = await world.channel(SALES)
    await world.presses(OPERATIONS, card, "Share")
    await world.presses(OPERATIONS, card, "Undo")
    await world.forward(timedelta(hours=1))
    assert await world.channel(SALES) == before
    back = await world.presses(OPERATIONS, card, "Put back")
    await world.presses(OPERATIONS, back, "Share")
    await world.forward(timedelta(hours=1))
    assert CLASH in (await world.channel(SALES))[-1]


async def test_hidden_by_a_facilitator_the_post_is_empty(world: World) -> None:
    card = await world.says(OPERATIONS, "/clash", CLASH)
    await world.presses(OPERATIONS, card, "Share")
    post = await world.newest(FACILITATOR)
    window = await world.opens(FACILITATOR, post, "Read all")
    await world.opens(FACILITATOR, window, "Hide…")
    await world.submits(FACILITATOR, reason="It names a customer's employee.")
    there = words(await world.person(SALES).again(post))
    assert "hidden by a facilitator" in there
    assert "football" not in there


async def test_a_brief_that_has_it_keeps_it(world: World) -> None:
    card = await world.says(OPERATIONS, "/clash", CLASH)
    await world.forward(datetime(2026, 6, 11, 9, 1, tzinfo=ZoneInfo("Europe/Amsterdam")))
    await world.person(OPERATIONS).press(card, "Undo")
    await world.settle()
    answer = await world.newest(OPERATIONS)
    assert "is in the brief of 11 June and no longer changes." in words(answer)
    form = await world.opens(OPERATIONS, answer, f"Add to #{reference(card)}")
    assert f"This adds to #{reference(card)}." in words(form)
    assert await world.submits(OPERATIONS, what_happened="The crew came on Saturday after all.") == {}
    added = world.entry((await world.newest(OPERATIONS)).text)
    assert added.pair_id is not None
    assert added.pair_id == world.entry(card).pair_id

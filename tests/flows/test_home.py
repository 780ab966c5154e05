"""App Home: two buttons to capture, what comes next, what is mine; its windows stack and come back."""

from datetime import UTC, datetime

from bot.playground import labels, words
from bot.playground.model import View
from tests.flows.world import DUTCH_OPERATIONS, OPERATIONS, World, filled_in

LONG = (
    "On Monday 8 June Retailer A doubled the order of the football tapas box for Saturday without a word to the plant."
)


async def test_what_stands_there(world: World) -> None:
    await world.says(OPERATIONS, "/clash", LONG)
    home = await _home(world, OPERATIONS)
    assert labels(home)[:2] == ["Clash", "Went well"]
    text = words(home)
    assert (
        "*Next meeting* · pre-S&amp;OP, Mon 15 June, 13:30 (Amsterdam); the brief comes on Thu 11 June, 09:00" in text
    )
    assert "My entries" in text
    assert "Operations · Midden · Amsterdam · English" in text
    (line,) = [line for line in text.splitlines() if "Retailer A doubled" in line]
    assert len(line.split(") · ", 1)[1]) <= 60
    assert line.endswith("…")


async def test_a_brief_that_is_out_does_not_come_any_more(world: World) -> None:
    await world.forward(datetime(2026, 6, 11, 7, 5, tzinfo=UTC))
    text = words(await _home(world, OPERATIONS))
    assert "*Next meeting* · pre-S&amp;OP, Mon 15 June, 13:30 (Amsterdam)" in text
    assert "the brief comes" not in text


async def test_captured_from_home_it_stands_there_at_once(world: World) -> None:
    home = await _home(world, OPERATIONS)
    form = await world.opens(OPERATIONS, home, "Went well")
    assert filled_in(form)["kind"] == "went_well"
    assert await world.submits(OPERATIONS, what_happened="The swap of 10:05 was answered at 10:20.") == {}
    assert "👍" in words(await world.screen(OPERATIONS))
    fresh = await world.person(OPERATIONS).home()
    assert fresh is not None
    assert "The swap of 10:05 was answered" in words(fresh)


async def test_the_windows_stack_and_what_is_saved_shows_below(world: World) -> None:
    await world.says(OPERATIONS, "/clash", LONG)
    listed = await world.opens(OPERATIONS, await _home(world, OPERATIONS), "All my entries")
    assert await world.windows(OPERATIONS) == 1
    window = await world.opens(OPERATIONS, listed, "Open")
    assert await world.windows(OPERATIONS) == 2
    assert LONG in words(window)
    await world.opens(OPERATIONS, window, "Change")
    assert await world.windows(OPERATIONS) == 3
    assert await world.submits(OPERATIONS, what_happened="The order was doubled on Monday.") == {}
    assert await world.windows(OPERATIONS) == 2
    assert "The order was doubled on Monday." in words(await world.screen(OPERATIONS))
    await world.person(OPERATIONS).close(await world.screen(OPERATIONS))
    assert "All my entries" not in labels(await world.screen(OPERATIONS))


async def test_where_slack_takes_no_more_windows_the_top_one_changes(world: World) -> None:
    await world.says(OPERATIONS, "/clash", "A long story. " * 60)
    listed = await world.opens(OPERATIONS, await _home(world, OPERATIONS), "All my entries")
    window = await world.opens(OPERATIONS, listed, "Open")
    await world.opens(OPERATIONS, window, "Change")
    await world.submits(OPERATIONS, effect="40 minutes")
    card = await world.screen(OPERATIONS)
    whole = await world.opens(OPERATIONS, card, "Read all")
    assert await world.windows(OPERATIONS) == 3
    form = await world.opens(OPERATIONS, whole, "Change")
    assert await world.windows(OPERATIONS) == 3
    assert filled_in(form)["effect"] == "40 minutes"
    assert await world.submits(OPERATIONS, effect="80 minutes") == {}
    assert "80 minutes" in words(await world.screen(OPERATIONS))
    again = await world.opens(OPERATIONS, await world.screen(OPERATIONS), "Add details")
    assert filled_in(again)["effect"] == "80 minutes"
    assert await world.submits(OPERATIONS, effect="90 minutes") == {}
    assert "90 minutes" in words(await world.screen(OPERATIONS))


async def test_the_filter_from_home_changes_the_window_of_the_list(world: World) -> None:
    await world.says(OPERATIONS, "/clash", LONG)
    listed = await world.opens(OPERATIONS, await _home(world, OPERATIONS), "All my entries")
    await world.opens(OPERATIONS, listed, "Filter…")
    await world.submits(OPERATIONS, kind="went_well", whose="everyone")
    assert await world.windows(OPERATIONS) == 1
    assert "Went well" in words(await world.screen(OPERATIONS))
    await world.person(OPERATIONS).press(await world.screen(OPERATIONS), "Older")
    await world.settle()
    assert "Newest" in labels(await world.screen(OPERATIONS))


async def test_what_one_can_do_opens_from_home(world: World) -> None:
    window = await world.opens(OPERATIONS, await _home(world, OPERATIONS), "What you can do")
    assert "/clash or /win" in words(window)


async def test_a_dutch_home(world: World) -> None:
    home = words(await _home(world, DUTCH_OPERATIONS))
    assert "*Volgend overleg* · pre-S&amp;OP, ma 15 juni, 13:30 (Amsterdam)" in home
    assert "Nederlands" in home


async def test_nothing_of_mine_yet(world: World) -> None:
    assert "Nothing waits for you." in words(await _home(world, "M23"))


async def _home(world: World, key: str) -> View:
    home = await world.person(key).open_home()
    assert home is not None
    return home

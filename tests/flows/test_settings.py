"""Settings: language, side, and how my examples are shown unless I say otherwise."""

from bot.playground import words
from bot.playground.model import View
from storage.tables import Visibility
from tests.flows.world import CHANNEL, FINANCE, OPERATIONS, World, filled_in

CLASH = "On Wednesday 10 June at 16:30 Retailer A doubled the football tapas box for Saturday."


async def test_another_language_holds_from_the_next_card_on(world: World) -> None:
    form = await _settings(world, OPERATIONS)
    days = {"plant": "Midden", "zone": None, "working_days": list("12345")}
    away = {"away_from": None, "until": None}
    assert filled_in(form) == {"side": "operations", "language": "en", "shown_with": "named", **days, **away}
    assert await world.submits(OPERATIONS, language="nl") == {}
    assert "Je instellingen zijn opgeslagen." in words(await world.newest(OPERATIONS))
    card = await world.says(OPERATIONS, "/clash", CLASH)
    assert "Botsing" in words(card)
    assert "opgeslagen, alleen jij ziet deze kaart" in words(card)


async def test_without_my_name_unless_i_say_otherwise(world: World) -> None:
    await _settings(world, OPERATIONS)
    await world.submits(OPERATIONS, shown_with="side_only")
    card = await world.says(OPERATIONS, "/clash", CLASH)
    assert world.entry(card).visibility == Visibility.SIDE_ONLY
    await world.person(OPERATIONS).command("/clash", "", CHANNEL)
    await world.settle()
    assert filled_in(await world.screen(OPERATIONS))["shown_with"] == "side_only"
    await world.submits(OPERATIONS, what_happened=CLASH, shown_with="named")
    assert world.entry((await world.newest(OPERATIONS)).text).visibility == Visibility.NAMED


async def test_another_side_holds_for_what_comes(world: World) -> None:
    before = await world.says(OPERATIONS, "/clash", CLASH)
    await _settings(world, OPERATIONS)
    await world.submits(OPERATIONS, side="supply_planning")
    after = await world.says(OPERATIONS, "/clash", CLASH)
    assert world.entry(before).side == "operations"
    assert world.entry(after).side == "supply_planning"


async def test_a_small_side_reads_what_without_a_name_means_for_it(world: World) -> None:
    form = words(await _settings(world, FINANCE))
    assert "Without my name (from the company)" in form
    assert "Only my side" not in form


async def test_from_home_the_home_speaks_the_new_language(world: World) -> None:
    home = await world.person(OPERATIONS).open_home()
    assert home is not None
    await world.opens(OPERATIONS, home, "Settings")
    await world.submits(OPERATIONS, language="nl")
    fresh = await world.person(OPERATIONS).home()
    assert fresh is not None
    assert "Volgend overleg" in words(fresh)


async def _settings(world: World, key: str) -> View:
    await world.person(key).command("/sop", "settings", CHANNEL)
    await world.settle()
    return await world.screen(key)

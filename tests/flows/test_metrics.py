"""What monitoring sees of a conversation: that there was one."""

from datetime import timedelta

from tests.flows.world import FACILITATOR, OPERATIONS, SALES, World
from tests.handlers.test_metrics import series


async def page(world: World) -> str:
    async with world.ampersand.session.get(f"{world.playground.settings.origin}/metrics") as answer:
        assert answer.status == 200
        return await answer.text()


async def test_requests_are_counted_by_kind_and_outcome(world: World) -> None:
    card = await world.says(OPERATIONS, "/clash", "On Wednesday Retailer A doubled the order.")
    await world.says(SALES, "/sop", "breif")
    await world.presses(OPERATIONS, card, "Undo")
    await world.delivers_again(world.sent("doubled"), timedelta(seconds=1))

    text = await page(world)
    found = series(text.encode())
    assert found["ampersand_requests_total[command][answered]"] >= 1
    assert found["ampersand_requests_total[command][repeated]"] == 1
    assert found["ampersand_requests_total[action][answered]"] == 1
    assert found["ampersand_request_seconds_count[action]"] == 1
    assert found["ampersand_database_up"] == 1
    assert found["ampersand_last_tick_age_seconds"] >= 0
    assert sum(found[f"ampersand_requests_total[{kind}][failed]"] for kind in ("command", "action", "view")) == 0


async def test_nothing_of_a_person_is_told(world: World) -> None:
    await world.says(OPERATIONS, "/clash", "quietly Sales doubled the order again.")
    await world.says(FACILITATOR, "/sop", "entries")

    text = await page(world)
    for word in ("doubled", "quietly", "U0M", "M12", "C0", "T0VERS", "Noord", "clash", "sop"):
        assert word not in text

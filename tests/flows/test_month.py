"""One month in one run: decisions asked, a brief, a correction, a moved meeting, answers, the second brief."""

from collections.abc import Awaitable, Callable
from datetime import UTC, date, datetime

from bot.playground import words
from storage.tables import Brief
from tests.flows.world import FACILITATOR, OPERATIONS, SALES, World

Look = Callable[[str, str], Awaitable[None]]
"""Takes a picture called so, as that person."""

CLASH = "On Wednesday 10 June at 15:40 Retailer A doubled the football tapas box for Saturday; the crew was planned."
QUESTION = {
    "question": "Which days does line 2 wash at noon?",
    "kind": "decide",
    "option_a": "Monday and Thursday; 40 trays less",
    "option_b": "every day; 90 minutes of line time a week",
    "recommendation": "A",
    "owner": "U0M12",
    "co_owner": "U0M02",
    "objective": "O5",
}


async def no_look(_name: str, _person: str) -> None:
    """The test only reads."""


async def posts(world: World, start: str) -> list[str]:
    return [text for text in await world.channel(SALES) if text.startswith(start)]


async def a_month(world: World, look: Look) -> None:
    await world.says(OPERATIONS, "/clash", CLASH)
    page = await world.says(FACILITATOR, "/sop", "decisions")
    await world.opens(FACILITATOR, page, "Ask a decision")
    assert await world.submits(FACILITATOR, **QUESTION) == {}
    await look("month-1-decision-asked", FACILITATOR)

    await world.forward(datetime(2026, 6, 11, 7, 5, tzinfo=UTC))
    (brief,) = await posts(world, "Brief for the pre-S")
    assert QUESTION["question"] in brief
    assert "17 entries" in brief
    await look("month-2-brief", SALES)

    await world.opens(FACILITATOR, await world.says(FACILITATOR, "/sop", "brief"), "Correct")
    assert await world.submits(FACILITATOR, reason="the wash of line 2 is asked as well.") == {}
    assert len(await posts(world, "Brief for the pre-S")) == 2
    await look("month-3-corrected", SALES)

    card = await world.says(FACILITATOR, "/sop", "meetings")
    on_thursday = (block for block in card.blocks or [] if "Thu 18 June, 09:00" in str(block.get("text")))
    card = await world.presses(FACILITATOR, card, next(on_thursday)["accessory"]["action_id"])
    await world.opens(FACILITATOR, card, "Move…")
    assert await world.submits(FACILITATOR, day=date(2026, 6, 19), at="10:00") == {}
    await look("month-4-meeting-moved", FACILITATOR)

    await world.forward(datetime(2026, 6, 15, 13, 30, tzinfo=UTC))
    card = await world.says(FACILITATOR, "/sop", "decisions")
    card = await world.presses(FACILITATOR, card, "Answer")
    card = await world.presses(FACILITATOR, card, "Taken: A")
    assert "1 taken" in words(card)
    await look("month-5-answered", FACILITATOR)

    await world.forward(datetime(2026, 6, 16, 7, 5, tzinfo=UTC))
    assert not await posts(world, "Brief for the executive S")  # its meeting is a day later, and so is the brief
    await world.forward(datetime(2026, 7, 10, 14, 0, tzinfo=UTC))
    (second,) = await posts(world, "Brief for the executive S")
    assert "Fri 19 June, 10:00 (Amsterdam)" in second
    await look("month-6-second-brief", SALES)


async def test_a_month_has_two_briefs_a_correction_a_moved_meeting_and_answers(world: World) -> None:
    await a_month(world, no_look)
    assert len(world.rows(Brief)) == 3

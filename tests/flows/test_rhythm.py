"""Two weeks in one run, over the change to summer time: asked, answered, the result, the Friday summary, and again."""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

import pytest

from bot.cli.common import parse_moment
from bot.playground import words
from bot.playground.model import Message
from storage.tables import CheckinExample, Entry, PulseScore, Source
from tests.flows.world import DUTCH_OPERATIONS, OPERATIONS, SALES, World, filled_in, open_world

Look = Callable[[str, str], Awaitable[None]]
"""Takes a picture called so, as that person."""

START: Final = parse_moment("2026-03-23")
MINUTE: Final = timedelta(minutes=1)
DUBAI, WARSAW, LONDON, MADRID, BRUSSELS = "M09", "M20", "M06", "M17", "M05"
LEAVER, SUCCESSOR = "M14", "M24"

FIRST_THURSDAY: Final = {
    datetime(2026, 3, 26, 6, tzinfo=UTC): {DUBAI: "Dubai"},
    datetime(2026, 3, 26, 9, tzinfo=UTC): {
        OPERATIONS: "Amsterdam", DUTCH_OPERATIONS: "Amsterdam", LEAVER: "Amsterdam", WARSAW: "Warsaw",
        MADRID: "Madrid", BRUSSELS: "Brussels",
    },
    datetime(2026, 3, 26, 10, tzinfo=UTC): {LONDON: "London"},
}  # fmt: skip
"""Who is asked when, in winter time."""

SECOND_THURSDAY: Final = {
    datetime(2026, 4, 2, 6, tzinfo=UTC): {DUBAI: "Dubai"},
    datetime(2026, 4, 2, 8, tzinfo=UTC): {
        OPERATIONS: "Amsterdam", DUTCH_OPERATIONS: "Amsterdam", SUCCESSOR: "Amsterdam", WARSAW: "Warsaw",
        MADRID: "Madrid", BRUSSELS: "Brussels",
    },
    datetime(2026, 4, 2, 9, tzinfo=UTC): {LONDON: "London"},
}  # fmt: skip
"""In Europe an hour earlier, after the change of 29 March; in Dubai not."""

SCORES: Final = {4: ("M03", "M04", "M05", "M06", "M07", "M08"), 3: ("M11", "M13", "M15", "M16", "M17")}
"""What most of Sales and of Operations score."""

OBSERVERS: Final = ("M01", "M10", "M18", "M21", "M22", "M23")

EXAMPLE: Final = "On Tuesday 24 March at 15:10 the buyer doubled the spring promotion; the line was set by four."
REPLY: Final = "On Wednesday 25 March at 11:00 the truck of Retailer B came an hour early; dock two was full."


async def no_look(_name: str, _person: str) -> None:
    """The test only reads."""


def says(language: str) -> str:
    return "Hoe goed werkten Sales en Operations" if language == "nl" else "How well did Sales and Operations"


async def questions(world: World, person: str) -> list[str]:
    """What the check-in asked them so far, in either language."""
    return [text for text in await world.chat(person) if says("en") in text or says("nl") in text]


async def asked_at_ten(world: World, moments: Mapping[datetime, Mapping[str, str]]) -> None:
    """Nobody a minute before their ten o'clock, everybody a minute after it, with the end in their own city."""
    before = {person: await questions(world, person) for people in moments.values() for person in people}
    for moment, people in moments.items():
        await world.forward(moment - MINUTE)
        for person in people:
            assert await questions(world, person) == before[person], person
        await world.forward(moment + MINUTE)
        for person, city in people.items():
            *earlier, new = await questions(world, person)
            assert earlier == before[person], person
            assert f"12:00 ({city})" in new


async def question(world: World, person: str) -> Message:
    """The last one in their private chat."""
    asked = [m for m in await world.person(person).sees() if says("en") in words(m) or says("nl") in words(m)]
    return asked[-1]


async def answers(world: World, person: str, score: int, example: str = "") -> None:
    """Fill in the form that is open on their screen and send it."""
    form = await world.screen(person)
    asked_score, asked_example = (name for name in filled_in(form) if name.startswith("q"))
    values = {asked_score: str(score)} | ({asked_example: example} if example else {})
    assert await world.submits(person, **values) == {}


async def scores(world: World, person: str, score: int) -> None:
    card = await question(world, person)
    await world.opens(person, card, "Antwoorden" if says("nl") in words(card) else "Answer")
    await answers(world, person, score)


async def everybody_scores(world: World) -> None:
    for score, people in SCORES.items():
        for person in people:
            await scores(world, person, score)


async def posts(world: World, start: str) -> list[str]:
    return [text for text in await world.channel() if text.startswith(start)]


async def first_week(world: World, look: Look) -> None:
    await asked_at_ten(world, FIRST_THURSDAY)
    assert says("nl") in words(await question(world, DUTCH_OPERATIONS))
    await look("rhythm-1-question", OPERATIONS)
    await look("rhythm-1-dutch", DUTCH_OPERATIONS)
    await look("rhythm-6-home", SALES)

    await world.opens(SALES, await question(world, SALES), "Answer")
    await look("rhythm-2-form", SALES)
    await answers(world, SALES, 4, EXAMPLE)
    assert "Thank you." in words(await world.newest(SALES, None))
    await look("rhythm-3-answered", SALES)

    await world.person(OPERATIONS).message(REPLY)
    await world.settle()
    await everybody_scores(world)
    told = {entry.what_happened: entry for entry in world.rows(Entry)}
    assert {told[EXAMPLE].source, told[REPLY].source} == {Source.CHECKIN}
    assert len(world.rows(CheckinExample)) == 2

    await world.forward(datetime(2026, 3, 27, 12, 5, tzinfo=UTC))
    (result,) = await posts(world, "How well did we work together?")
    assert "Check-in of 26 March" in result
    assert "Sales 7 of 8" in result
    await look("rhythm-4-result", SALES)

    await world.forward(datetime(2026, 3, 27, 14, 5, tzinfo=UTC))
    (summary,) = await posts(world, "Week 13")
    assert summary
    await look("rhythm-5-summary", SALES)


async def second_week(world: World) -> None:
    await asked_at_ten(world, SECOND_THURSDAY)
    assert len(await questions(world, LEAVER)) == 1  # their last day was 31 March
    assert "Tue 7 April, 12:00 (London)" in (await questions(world, LONDON))[-1]  # Good Friday and Easter are days off
    await everybody_scores(world)
    await world.forward(datetime(2026, 4, 7, 11, 5, tzinfo=UTC))
    (second,) = await posts(world, "How well did we work together? Check-in of 2 April")
    assert "Sales 6 of 8" in second
    assert len(await posts(world, "Week 1")) == 2


async def a_rhythm(world: World, look: Look) -> None:
    await first_week(world, look)
    await second_week(world)
    for person in OBSERVERS:
        assert await questions(world, person) == []


@pytest.fixture
async def march(database_url: str, tmp_path: Path) -> AsyncIterator[World]:
    """`ampersand demo --at 2026-03-23`."""
    async with open_world(database_url, tmp_path, start=START) as opened:
        yield opened


async def test_two_weeks_of_check_ins_results_and_summaries_over_the_change_of_clocks(march: World) -> None:
    await a_rhythm(march, no_look)
    assert len({score.id for score in march.rows(PulseScore)}) == len(march.rows(PulseScore))

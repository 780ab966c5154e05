"""Whoever waits sees a sign in time, the answer follows, and nothing is lost or doubled."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from sqlmodel import select
from structlog.testing import capture_logs

from bot.domain.errors import DuplicateRequest
from bot.playground import labels, words
from bot.playground.model import Message
from handlers import actions, commands
from handlers.request import PATIENCE, Request
from storage.tables import Entry, MeetingSeries, Member
from tests.flows.slow import HURRY, delayed, locked, slowly, stuck
from tests.flows.world import (
    CHANNEL,
    DUTCH_OPERATIONS,
    DUTCH_SALES,
    FACILITATOR,
    FINANCE,
    NEWCOMER,
    OPERATIONS,
    OTHER_SALES,
    PLANNING,
    SALES,
    World,
    filled_in,
    person_id,
    reference,
)

CLASH = "On Wednesday 10 June at 16:30 Retailer A doubled the football tapas box for Saturday."
LINE = "One moment, I am still busy. The answer follows here."
TRUCK = "The truck to Retailer A left at 05:10 without the 14 trays of line 2."
WINDOW = "One moment, I am still busy. Leave this window open: the answer follows in it."
LATE = "That took too long: Slack no longer opens the window."


@pytest.fixture
async def hurried(world: World) -> World:
    """Everybody has been here before, and their language is known."""
    for key in (SALES, OPERATIONS, FACILITATOR, DUTCH_SALES):
        await world.says(key, "/sop", "help")
    return world


def entries(world: World) -> list[str]:
    return [entry.what_happened for entry in world.rows(Entry)]


async def test_a_text_is_acknowledged_with_a_line_and_its_card_follows(hurried: World) -> None:
    async with stuck(hurried):
        answer = await hurried.person(OPERATIONS).command("/clash", CLASH, CHANNEL)
        assert answer
        assert answer.text == LINE
    await hurried.settle()
    seen = await hurried.channel(OPERATIONS)
    assert LINE in seen[-2]
    assert "saved, only you see this card" in seen[-1]
    assert "Undo" in labels(await hurried.newest(OPERATIONS))
    assert entries(hurried).count(CLASH) == 1


async def test_the_line_is_in_the_language_of_who_was_here_before(hurried: World) -> None:
    async with stuck(hurried):
        answer = await hurried.person(DUTCH_SALES).command("/clash", CLASH, CHANNEL)
        assert answer
        assert answer.text == "Een moment, ik ben nog bezig. Het antwoord volgt hier."
        stranger = await hurried.person(NEWCOMER).command("/clash", CLASH, CHANNEL)
        assert stranger
        assert stranger.text == LINE


async def test_a_form_is_announced_by_a_window_and_comes_into_it(hurried: World) -> None:
    async with stuck(hurried):
        assert await hurried.person(OPERATIONS).command("/clash", "", CHANNEL) is None
        waiting = await hurried.screen(OPERATIONS)
        assert waiting.payload["title"]["text"] == "One moment…"
        assert WINDOW in words(waiting)
    await hurried.settle()
    form = await hurried.screen(OPERATIONS)
    assert form.id == waiting.id
    assert await hurried.submits(OPERATIONS, what_happened=CLASH) == {}
    assert entries(hurried).count(CLASH) == 1


async def test_a_card_that_was_pressed_says_a_line_and_changes_later(hurried: World) -> None:
    card = await hurried.says(OPERATIONS, "/clash", CLASH)
    async with stuck(hurried):
        await hurried.person(OPERATIONS).press(card, "Undo")
        assert words(await hurried.person(OPERATIONS).waits_for(LINE, CHANNEL))
        assert "Undo" in labels(await hurried.person(OPERATIONS).again(card))
    await hurried.settle()
    assert "Put back" in labels(await hurried.person(OPERATIONS).again(card))
    assert (await hurried.channel(OPERATIONS))[-1].startswith(LINE)


async def test_a_button_that_opens_a_form_opens_a_window_first(hurried: World) -> None:
    card = await hurried.says(OPERATIONS, "/clash", CLASH)
    async with stuck(hurried):
        await hurried.person(OPERATIONS).press(card, "Add details")
        assert WINDOW in words(await hurried.screen(OPERATIONS))
    await hurried.settle()
    assert "effect" in filled_in(await hurried.screen(OPERATIONS))
    assert await hurried.submits(OPERATIONS, effect="40 minutes of line time") == {}
    assert "40 minutes of line time" in words(await hurried.person(OPERATIONS).again(card))
    assert LINE not in "".join(await hurried.channel(OPERATIONS))


async def test_what_is_refused_comes_into_the_window_that_waits(hurried: World) -> None:
    card = await hurried.says(OPERATIONS, "/clash", CLASH)
    withdraw(hurried, card)
    async with stuck(hurried):
        await hurried.person(OPERATIONS).press(card, "Add details")
        assert WINDOW in words(await hurried.screen(OPERATIONS))
    await hurried.settle()
    assert "was withdrawn" in words(await hurried.screen(OPERATIONS))


async def test_a_form_that_was_saved_says_so_in_its_place(hurried: World) -> None:
    card = await hurried.says(OPERATIONS, "/clash", CLASH)
    form = await hurried.opens(OPERATIONS, card, "Add details")
    async with stuck(hurried):
        assert await submits(hurried, effect="40 minutes of line time") == {}
        assert WINDOW in words(await hurried.screen(OPERATIONS))
    await hurried.settle()
    assert (await hurried.screen(OPERATIONS)).id == form.id
    assert "The answer stands where you began." in words(await hurried.screen(OPERATIONS))
    assert "40 minutes of line time" in words(await hurried.person(OPERATIONS).again(card))


async def test_a_refused_form_comes_back_with_all_that_was_entered(hurried: World) -> None:
    card = await hurried.says(OPERATIONS, "/clash", CLASH)
    await hurried.opens(OPERATIONS, card, "Add details")
    withdraw(hurried, card)
    entered = {"level": "strategic", "what_happened": f"{CLASH} At 17:00 too.", "effect": "40 minutes & a wash"}
    async with stuck(hurried):
        await submits(hurried, **entered)
        assert WINDOW in words(await hurried.screen(OPERATIONS))
    await hurried.settle()
    form = await hurried.screen(OPERATIONS)
    assert "was withdrawn" in words(form)
    assert {name: filled_in(form)[name] for name in entered} == entered
    withdraw(hurried, card, back=True)
    assert await hurried.submits(OPERATIONS) == {}
    assert hurried.entry(card).what_happened == entered["what_happened"]
    assert "was withdrawn" not in words(await hurried.person(OPERATIONS).again(card))


async def test_a_look_before_saving_stands_above_the_form(hurried: World) -> None:
    series = {"type": "demand_review", "title": "Review UK", "rule": "third Thursday 13:30", "minutes": "75"}
    await hurried.opens(FACILITATOR, await hurried.says(FACILITATOR, "/sop", "meetings"), "Add a meeting")
    async with stuck(hurried):
        await submits(hurried, FACILITATOR, **series, people=[person_id(SALES)], chair=person_id(SALES))
        assert await hurried.windows(FACILITATOR) == 2
    await hurried.settle()
    assert "Nothing is saved yet." in words(await hurried.screen(FACILITATOR))
    async with stuck(hurried):
        await submits(hurried, FACILITATOR)
    await hurried.settle()
    assert [one.title for one in hurried.rows(MeetingSeries)] == ["Review UK"]
    stack = hurried.playground.workspace.views.stack(person_id(FACILITATOR))
    assert ["The answer stands where you began." in words(view) for view in stack] == [True, True]


async def test_a_shortcut_opens_its_window_in_time(hurried: World) -> None:
    message = (await hurried.person(SALES).sees(PLANNING))[0]
    async with stuck(hurried):
        await hurried.person(SALES).shortcut("capture_clash", message)
        assert WINDOW in words(await hurried.screen(SALES))
    await hurried.settle()
    assert "football tapas box doubled" in str(filled_in(await hurried.screen(SALES))["what_happened"])


async def test_home_is_acknowledged_and_comes_when_it_can(hurried: World) -> None:
    async with stuck(hurried):
        assert await hurried.person(SALES).open_home() is None
    await hurried.settle()
    home = await hurried.person(SALES).home()
    assert home
    async with stuck(hurried):
        await hurried.person(SALES).press(home, "Clash")
        assert WINDOW in words(await hurried.screen(SALES))
    await hurried.settle()
    assert "what_happened" in filled_in(await hurried.screen(SALES))
    assert len([one for one in hurried.playground.dispatcher.sent if "app_home_opened" in one.body]) == 1


async def test_a_first_contact_loses_no_text(hurried: World) -> None:
    async with stuck(hurried):
        answer = await hurried.person(NEWCOMER).command("/clash", CLASH, CHANNEL)
        assert answer
        assert answer.text == LINE
    await hurried.settle()
    question = await hurried.newest(NEWCOMER)
    slowly(hurried, 0.5)
    await hurried.person(NEWCOMER).press(question, "Operations")
    await hurried.person(NEWCOMER).waits_for(LINE, CHANNEL)
    assert [one for one in hurried.rows(Member) if one.external_id == person_id(NEWCOMER)] == []
    await hurried.settle()
    assert "Undo" in labels(await hurried.person(NEWCOMER).again(question))
    assert entries(hurried).count(CLASH) == 1


async def test_a_slow_slack_opens_the_form_after_a_line(hurried: World) -> None:
    slowly(hurried, 0.6)
    answer = await hurried.person(OPERATIONS).command("/clash", "", CHANNEL)
    assert answer
    assert answer.text == LINE
    await hurried.settle()
    assert "what_happened" in filled_in(await hurried.screen(OPERATIONS))


async def test_what_goes_wrong_after_the_sign_ends_in_a_sentence(
    hurried: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def breaks(request: Request) -> None:
        hurried.ampersand.house.patience = HURRY
        await request.house.pause(0.3)
        raise ZeroDivisionError(CLASH)

    card = await hurried.says(OPERATIONS, "/clash", CLASH)
    monkeypatch.setitem(commands.COMMANDS, "/win", breaks)
    monkeypatch.setitem(actions.ACTIONS, "entry.undo", breaks)
    with capture_logs() as log:
        await hurried.person(OPERATIONS).command("/win", CLASH, CHANNEL)
        await hurried.person(OPERATIONS).press(card, "Undo")
        await hurried.settle()
    seen = await hurried.channel(OPERATIONS)
    assert sum("That went wrong on my side. Here is your text." in text and CLASH in text for text in seen) == 1
    assert "That went wrong on my side." in seen[-1]
    assert CLASH not in str(log)


async def test_a_window_of_waiting_never_stays(hurried: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """A handler that opens nothing after all: somebody pressed twice."""

    async def done_before(request: Request) -> None:
        hurried.ampersand.house.patience = HURRY
        request.ack.opens = "window"
        await request.house.pause(0.3)
        raise DuplicateRequest

    monkeypatch.setitem(commands.COMMANDS, "/win", done_before)
    await hurried.person(OPERATIONS).command("/win", "", CHANNEL)
    assert WINDOW in words(await hurried.screen(OPERATIONS))
    await hurried.settle()
    assert "The answer stands where you began." in words(await hurried.screen(OPERATIONS))


async def test_everybody_at_once_while_the_database_is_locked_and_slack_is_slow(world: World) -> None:
    """As it is in earnest: two seconds for the one, five for the other, and three for Slack's patience."""
    world.ampersand.house.patience = PATIENCE
    card = await world.says(OPERATIONS, "/clash", CLASH)
    other = await world.says(OTHER_SALES, "/clash", CLASH)
    message = (await world.person(SALES).sees(PLANNING))[0]
    await world.person(FACILITATOR).command("/clash", "", CHANNEL)
    await world.settle()
    world.playground.faults = delayed(5)
    acts: list[Callable[[], Awaitable[Any]]] = [
        lambda: world.person("M13").command("/clash", f"{CLASH} Again.", CHANNEL),
        lambda: world.person(FINANCE).command("/clash", "", CHANNEL),
        lambda: sees_line_after(world, OPERATIONS, card, "Undo"),
        lambda: sees_line_after(world, OTHER_SALES, other, "Add details"),
        lambda: submits(world, FACILITATOR, what_happened=f"{CLASH} By form."),
        lambda: world.person(SALES).shortcut("capture_clash", message),
        lambda: world.person(DUTCH_OPERATIONS).shortcut("capture_anywhere"),
        lambda: world.person(DUTCH_SALES).open_home(),
        lambda: world.person(NEWCOMER).command("/clash", TRUCK, CHANNEL),
    ]
    with locked(world.ampersand.database):
        waiting = asyncio.gather(*(timed(act()) for act in acts), lag())
        await asyncio.sleep(2)
    *took, late = await waiting
    assert [seconds for seconds in took if seconds > 2.5 + late] == []
    await world.settle()
    assert "Put back" in labels(await world.person(OPERATIONS).again(card))
    assert LATE in words(await world.newest(OTHER_SALES))
    assert LATE in words(await world.newest(FINANCE))
    assert LATE in words(await world.newest(SALES, PLANNING))
    assert "Dat ging mis aan mijn kant." in (await world.chat(DUTCH_OPERATIONS))[-1]
    assert "Where do you work?" in words(await world.newest(NEWCOMER))
    assert (await world.person(DUTCH_SALES).home()) is not None
    assert [entries(world).count(f"{CLASH} {end}") for end in ("Again.", "By form.")] == [1, 1]


async def submits(world: World, key: str = OPERATIONS, **values: object) -> dict[str, str]:
    """Send the form on their screen, and see what Slack shows then."""
    person = world.person(key)
    return await person.submit(await person.modal(), values)


def withdraw(world: World, card: Message, *, back: bool = False) -> None:
    """Behind the back of everybody who looks at its card."""
    ref = reference(card)
    with world.ampersand.database.transaction() as session:
        entry = session.exec(select(Entry).where(Entry.ref == ref)).one()
        entry.withdrawn_on = None if back else entry.created_on


async def sees_line_after(world: World, key: str, card: Message, label: str) -> None:
    await world.person(key).press(card, label)
    await world.person(key).waits_for(LINE, CHANNEL, seconds=10)


async def timed(act: Awaitable[object]) -> float:
    began = time.monotonic()
    await act
    return time.monotonic() - began


async def lag() -> float:
    """By how much this machine, busy as it is, wakes late within four seconds."""
    worst = 0.0
    for _ in range(80):
        began = time.monotonic()
        await asyncio.sleep(0.05)
        worst = max(worst, time.monotonic() - began - 0.05)
    return worst

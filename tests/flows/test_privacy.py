"""/sop privacy: what is stored about me, my data as a file, no more questions, and gone."""

import json
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import aiohttp
import pytest

from bot.playground import SlackError, labels, words
from bot.playground.model import Message
from storage.tables import Ask, Member
from tests.flows.world import DISPATCH, DUTCH_SALES, OPERATIONS, OTHER_SALES, SALES, World, person_id

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
CLASH = "On Wednesday 10 June at 16:30 Retailer A doubled the football tapas box for Saturday."


async def privacy(world: World, key: str = OPERATIONS) -> Message:
    return await world.says(key, "/sop", "privacy")


def member(world: World, key: str) -> Member:
    return next(one for one in world.rows(Member) if one.external_id == person_id(key))


async def test_what_is_stored_in_counts_and_what_never_is(world: World) -> None:
    card = await privacy(world)
    assert (
        words(card)
        .splitlines()[1]
        .startswith(
            "*What I store about you:* your side, zone and working days, 4 named entries, 0 agreements, 3 decisions"
        )
    )
    assert "Never: who wrote side-only, your scores, your votes after a retro." in words(card)
    assert labels(card) == ["Export my data", "Delete what is mine", "Stop asking me"]
    assert card.ephemeral_to == person_id(OPERATIONS)


async def test_the_same_word_and_the_same_card_in_dutch(world: World) -> None:
    card = await privacy(world, DUTCH_SALES)
    assert "Wat ik over je bewaar:" in words(card)
    assert labels(card) == ["Mijn data downloaden", "Mijn data wissen", "Vraag mij niets meer"]


async def test_my_data_comes_as_a_file_into_my_own_chat(world: World) -> None:
    await world.says(OPERATIONS, "/clash", CLASH)
    await world.says(OPERATIONS, "/clash", "quietly The truck waited 40 minutes for order 4711.")
    card = await world.presses(OPERATIONS, await privacy(world), "Export my data")
    assert "Your data is in our private chat" in words(card)
    told = await _downloaded(world, OPERATIONS)
    assert told["you"]["external_id"] == person_id(OPERATIONS)
    assert CLASH in {entry["what_happened"] for entry in told["entries"]}
    assert "4711" not in json.dumps(told)
    assert not [message for message in await world.person(SALES).sees() if message.files]


async def test_a_press_that_is_delivered_twice_sends_one_file(world: World) -> None:
    await world.presses(OPERATIONS, await privacy(world), "Export my data")
    await world.delivers_again(world.sent("privacy.export"))
    assert len([message for message in await world.person(OPERATIONS).sees() if message.files]) == 1


@pytest.mark.parametrize(
    ("method", "error", "said"),
    [
        ("files.getUploadURLExternal", "missing_scope", "ask your facilitator to install it again"),
        ("files.completeUploadExternal", "internal_error", "Try again in a minute"),
    ],
)
async def test_a_file_that_slack_does_not_take_is_said_and_can_be_sent_again(
    world: World, method: str, error: str, said: str
) -> None:
    card = await privacy(world)
    world.playground.faults = lambda called, _: SlackError(error) if called == method else None
    failed = await world.presses(OPERATIONS, card, "Export my data")
    assert "Slack did not take the file." in words(failed)
    assert said in words(failed)
    world.playground.faults = lambda _called, _arguments: None
    assert "Your data is in our private chat" in words(await world.presses(OPERATIONS, failed, "Export my data"))


async def test_whoever_does_not_want_to_be_asked_is_not(world: World) -> None:
    stopped = await world.presses(OPERATIONS, await privacy(world), "Stop asking me")
    assert "I no longer ask you anything." in words(stopped)
    clash = await world.says(SALES, "/clash", CLASH)
    await world.opens(SALES, clash, "Ask the other side")
    errors = await world.submits(SALES, whom="person", person=person_id(OPERATIONS), show_words="yes")
    assert errors == {"person": "They would rather not be asked. Choose somebody else, or anyone of that side."}
    again = await world.presses(OPERATIONS, stopped, "Ask me again")
    assert "I ask you again" in words(again)
    assert await world.submits(SALES, whom="person", person=person_id(OPERATIONS), show_words="yes") == {}


async def test_the_card_says_that_they_asked_for_silence(world: World) -> None:
    await world.presses(OPERATIONS, await privacy(world), "Stop asking me")
    card = await privacy(world)
    assert "You asked me not to ask you anything." in words(card)
    assert labels(card)[-1] == "Ask me again"


async def test_what_can_be_learnt_is_not_asked_of_them_either(world: World) -> None:
    await _calls_for_help(world, SALES)
    await world.presses(SALES, await privacy(world, SALES), "Stop asking me")
    await world.forward(datetime(2026, 6, 11, 10, 1, tzinfo=AMSTERDAM))
    assert "What can we learn from it?" not in "\n".join(await world.chat(SALES))


async def test_the_call_for_help_of_the_erased_names_a_former_colleague(world: World) -> None:
    name = member(world, SALES).name
    await _calls_for_help(world, SALES)
    assert name in "\n".join(await world.channel(OPERATIONS, DISPATCH))
    offered = await world.presses(SALES, await privacy(world, SALES), "Delete what is mine")
    await world.presses(SALES, offered, "Delete it")
    await world.forward(timedelta(hours=1))
    posts = "\n".join(await world.channel(OPERATIONS, DISPATCH))
    assert "a former colleague (Sales) needs somebody today:" in posts
    assert name not in posts


async def test_what_is_mine_goes_after_one_screen_and_one_press(world: World) -> None:
    shared = await world.says(OPERATIONS, "/clash", CLASH)
    await world.presses(OPERATIONS, shared, "Share")
    assert member(world, OPERATIONS).name in "\n".join(await world.channel())
    offered = await world.presses(OPERATIONS, await privacy(world), "Delete what is mine")
    assert "5 named entries" in words(offered)
    assert "It cannot be undone." in words(offered)
    assert labels(offered) == ["Back", "All my entries", "Delete it"]
    gone = await world.presses(OPERATIONS, offered, "Delete it")
    assert "Your name is gone from Ampersand." in words(gone)
    await world.forward(timedelta(hours=1))
    post = next(message for message in reversed(await world.channel()) if "football tapas box" in message)
    assert "Operations" in post
    assert "Production Scheduler Noord" not in post
    back = await world.says(OPERATIONS, "/sop", "privacy")
    assert "Where do you work?" in words(back)


async def test_the_channel_no_longer_says_who_took_the_question(world: World) -> None:
    name = member(world, OPERATIONS).name
    clash = await world.says(SALES, "/clash", CLASH)
    await world.opens(SALES, clash, "Ask the other side")
    await world.submits(SALES, whom="operations", show_words="yes")
    asked = await world.newest(OPERATIONS)
    await world.opens(OPERATIONS, asked, "Tell my side")
    assert f"{name} tells" in "\n".join(await world.channel())
    offered = await world.presses(OPERATIONS, await privacy(world), "Delete what is mine")
    await world.presses(OPERATIONS, offered, "Delete it")
    assert f"{name} tells" not in "\n".join(await world.channel())
    assert world.rows(Ask) == []


async def test_back_from_the_brink(world: World) -> None:
    offered = await world.presses(OPERATIONS, await privacy(world), "Delete what is mine")
    assert "What I store about you:" in words(await world.presses(OPERATIONS, offered, "Back"))
    assert member(world, OPERATIONS).name


async def test_from_home_it_opens_as_a_window(world: World) -> None:
    home = await world.person(OTHER_SALES).open_home()
    assert home is not None
    window = await world.opens(OTHER_SALES, home, "What is stored")
    assert "What I store about you:" in words(window)
    stopped = await world.opens(OTHER_SALES, window, "Stop asking me")
    assert "I no longer ask you anything." in words(stopped)
    assert member(world, OTHER_SALES).undisturbed


async def _calls_for_help(world: World, key: str) -> None:
    card = await world.says(key, "/clash", "Truck 4 of Discounter D is late right now, who can help??")
    await world.presses(key, card, "Ask for help")
    await world.presses(key, card, "Send it")


async def _downloaded(world: World, key: str) -> dict[str, Any]:
    (message,) = [message for message in await world.person(key).sees() if message.files]
    async with aiohttp.ClientSession() as http, http.get(message.files[0]["url_private_download"]) as answer:
        told: dict[str, Any] = json.loads(await answer.read())
    return told

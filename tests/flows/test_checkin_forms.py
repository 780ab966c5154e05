"""The forms of a check-in in Slack: when and whom it asks, what; and a channel that it follows."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.playground import SlackError, words
from bot.playground.model import Message
from bot.playground.playground import no_faults
from storage.checkins import list_audience
from storage.tables import ChannelPerson, Checkin, Member
from tests.flows.slow import slowly
from tests.flows.world import (
    CHANNEL,
    DISPATCH,
    FACILITATOR,
    OPERATIONS,
    OTHER_SALES,
    PLANNING,
    SALES,
    World,
    filled_in,
    open_world,
    person_id,
)

MONDAY = datetime(2026, 6, 15, 7, tzinfo=UTC)
THURSDAY = datetime(2026, 6, 18, 9, 30, tzinfo=UTC)
"""Later than 10:00 in every zone of theirs."""


@pytest.fixture
async def world(database_url: str, tmp_path: Path) -> AsyncIterator[World]:
    """The sample company on Monday 15 June, between two rounds; two of sales are not in the channel of the planners."""
    async with open_world(database_url, tmp_path) as opened:
        workspace = opened.playground.workspace
        for who in (SALES, OTHER_SALES):
            workspace.leave(workspace.find_channel(PLANNING), person_id(who))
        await opened.forward(MONDAY)
        yield opened


async def the_card(world: World) -> Message:
    """That of the weekly check-in."""
    return await world.presses(FACILITATOR, await world.says(FACILITATOR, "/sop", "checkins"), "Open")


async def ask_channel(world: World, channel: str, **values: object) -> tuple[Message, dict[str, str]]:
    """Ask everybody in that channel and no side; the card, and the sentences beside fields."""
    card = await the_card(world)
    await world.opens(FACILITATOR, card, "Whom")
    errors = await world.submits(FACILITATOR, **{"sides": None, "people": None, "channel": channel, **values})
    return await world.person(FACILITATOR).again(card), errors


def checkin(world: World) -> Checkin:
    (found,) = world.rows(Checkin)
    return found


def asked(world: World) -> set[str]:
    """The ids of those who would be asked now."""
    with world.ampersand.database.snapshot() as session:
        day = world.clock.now().date()
        return {one.external_id for one in list_audience(session, checkin(world), day)}


def members_of(world: World, channel: str) -> set[str]:
    return set(world.playground.workspace.find_channel(channel).members)


async def test_when_it_is_asked_is_changed_on_its_card_and_put_back(world: World) -> None:
    card = await the_card(world)
    form = await world.opens(FACILITATOR, card, "Change")
    assert filled_in(form) == {
        "name": "Weekly check-in",
        "rule": "every Thursday 10:00",
        "days": "1",
        "close_at": "12:00",
        "nudge": "75",
        "channel": CHANNEL,
    }

    wrong = await world.submits(FACILITATOR, rule="every Friday 19:00", days="0", close_at="16:00")
    assert wrong == {"rule": "Choose a time from 08:00 to 17:00: nobody is asked outside their hours."}
    assert filled_in(await world.screen(FACILITATOR))["close_at"] == "16:00"
    assert await world.submits(FACILITATOR, rule="every Friday 9:00", channel=DISPATCH) == {}

    card = await world.person(FACILITATOR).again(card)
    assert "every Friday 09:00" in words(card)
    assert "until 16:00 the same day" in words(card)
    assert "in #dispatch" in words(card)
    card = await world.presses(FACILITATOR, card, "Undo")
    assert "every Thursday 10:00" in words(card)
    assert "in #sales-operations" in words(card)


async def test_a_channel_is_asked_and_followed(world: World) -> None:
    members = members_of(world, PLANNING)
    card, errors = await ask_channel(world, PLANNING, observers=[person_id(OPERATIONS)])

    assert errors == {}
    assert "#noord-planning" in words(card)
    assert asked(world) < members, "the bot is no member, and an observer is never asked"
    assert person_id(OPERATIONS) in members - asked(world)
    assert {row.external_id for row in world.rows(ChannelPerson)} == asked(world) | {person_id(OPERATIONS)}

    somebody = person_id(SALES)
    assert somebody not in members
    await world.person(SALES).join(PLANNING)
    await world.settle()
    assert somebody in asked(world)
    await world.person(SALES).command("/leave", "", PLANNING)
    await world.settle()
    assert somebody not in asked(world)


async def test_what_was_not_told_is_read_once_an_hour(world: World) -> None:
    await ask_channel(world, PLANNING)
    workspace = world.playground.workspace
    workspace.join(workspace.find_channel(PLANNING), person_id(OTHER_SALES))  # and nobody tells the bot
    assert person_id(OTHER_SALES) not in asked(world)

    await world.ampersand.jobs.read_channels()
    assert person_id(OTHER_SALES) in asked(world)


async def test_a_channel_the_bot_is_not_in_is_said_beside_its_field(world: World) -> None:
    workspace = world.playground.workspace
    room = workspace.find_channel(PLANNING)
    (bot,) = (one for one in room.members if workspace.find_person(one).is_bot)
    workspace.leave(room, bot)
    before = asked(world)

    _, errors = await ask_channel(world, PLANNING)
    assert errors == {"channel": "I am not in that channel yet. Type /invite @Ampersand there first, then save again."}
    assert asked(world) == before

    workspace.join(workspace.find_channel(PLANNING), bot)
    assert await world.submits(FACILITATOR) == {}
    assert asked(world) != before


@pytest.mark.parametrize(
    ("method", "sentence"),
    [
        ("conversations.info", "Slack did not answer in time. Nothing was changed; do it once more."),
        ("conversations.members", "Slack did not say who is in #noord-planning. Save once more, or choose people."),
    ],
)
async def test_where_slack_is_silent_nothing_is_changed_and_nothing_typed_is_lost(
    world: World, method: str, sentence: str
) -> None:
    before = asked(world)
    world.playground.faults = lambda called, _: SlackError("internal_error") if called == method else None
    _, errors = await ask_channel(world, PLANNING, people=[person_id(SALES)])
    world.playground.faults = no_faults

    assert errors == {"channel": sentence}
    assert asked(world) == before
    assert filled_in(await world.screen(FACILITATOR))["people"] == [person_id(SALES)]
    assert await world.submits(FACILITATOR) == {}
    assert person_id(SALES) in asked(world)


async def test_a_slow_slack_is_waited_for(world: World) -> None:
    card = await the_card(world)
    await world.opens(FACILITATOR, card, "Whom")
    slowly(world, 0.3)
    await world.submits(FACILITATOR, sides=None, channel=PLANNING)
    await world.settle()

    assert checkin(world).audience_channel_name == "noord-planning"
    there = {row.external_id for row in world.rows(ChannelPerson)}
    assert asked(world) <= there == members_of(world, PLANNING) & {row.external_id for row in world.rows(Member)}


async def test_a_question_is_added_changed_and_taken_out(world: World) -> None:
    page = await world.presses(FACILITATOR, await the_card(world), "Questions")
    await world.opens(FACILITATOR, page, "Add a question")
    typed = {"type": "multi", "text": "What helped?", "options": "Stock", "required": "yes"}
    assert await world.submits(FACILITATOR, **typed) == {"options": "Write at least two choices, each on its own line."}
    assert filled_in(await world.screen(FACILITATOR))["text"] == "What helped?"
    assert await world.submits(FACILITATOR, options="Stock\nTime") == {}

    page = await world.person(FACILITATOR).again(page)
    assert "3 What helped? · several choices" in words(page)
    await world.opens(FACILITATOR, page, "checkin.question#3")
    assert await world.submits(FACILITATOR, place="out") == {}
    page = await world.person(FACILITATOR).again(page)
    assert "What helped?" not in words(page)
    page = await world.presses(FACILITATOR, page, "Undo")
    assert "What helped?" in words(page)


async def test_the_next_round_asks_who_is_in_the_channel_then(world: World) -> None:
    await ask_channel(world, PLANNING, observers=None)
    await world.person(SALES).join(PLANNING)
    await world.settle()
    before = {who: len(await world.chat(who)) for who in (SALES, OTHER_SALES)}
    await world.forward(THURSDAY)

    assert "How well did" in (await world.chat(SALES))[-1]
    assert {who: len(await world.chat(who)) - number for who, number in before.items()} == {SALES: 1, OTHER_SALES: 0}

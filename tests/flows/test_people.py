"""Guests and people of other companies are refused kindly; who leaves has no access at once; taken away, all stops."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlmodel import select

from bot.main import Identity, connect
from bot.playground import PersonSeed, labels, words
from bot.playground.errors import SlackError
from bot.playground.model import Json, Message
from bot.playground.playground import no_faults
from storage.tables import Draft, Entry, Member, Outgoing, Workspace
from tests.databases import SqliteFiles
from tests.flows.world import (
    CHANNEL,
    FACILITATOR,
    NEWCOMER,
    OPERATIONS,
    SALES,
    World,
    open_world,
    person_id,
    reference,
)

TRUCK = "The truck to Retailer A left at 05:10 without the 14 trays of line 2."
REFUSED = (
    "Ampersand is for colleagues of Voorbeeldkeuken Vers; you are a guest here. Nothing was saved. Ask your contact to "
    "note it for you."
)
REFUSED_NL = (
    "Ampersand is voor collega's van Voorbeeldkeuken Vers; jij bent hier te gast. Er is niets opgeslagen. Vraag je "
    "contact om het te noteren."
)
STRANGERS = (
    PersonSeed("U0GUEST", "gus", "Gus Guest", is_restricted=True),
    PersonSeed("U0ONLY", "only", "One Channel Guest", is_ultra_restricted=True),
    PersonSeed("U0OTHER", "other", "Other Company", team_id="T0OTHER"),
    PersonSeed("U0STRANGE", "strange", "Stranger", team_id="T0OTHER", is_stranger=True),
)
KEYS = [seed.id.removeprefix("U0") for seed in STRANGERS]


@pytest.fixture
async def world(sqlite_files: SqliteFiles, tmp_path: Path) -> AsyncIterator[World]:
    """The sample company, and in its channel guests and people of another company."""
    async with open_world(sqlite_files.fresh_url(tmp_path), tmp_path) as opened:
        workspace = opened.playground.workspace
        for seed in STRANGERS:
            workspace.join(workspace.find_channel(CHANNEL), workspace.add_person(seed).id)
        yield opened


def plain(text: str) -> str:
    return text.replace("*", "").replace("\n", " ")


def kept(world: World) -> tuple[int, int, int]:
    return len(world.rows(Draft)), len(world.rows(Member)), len(world.rows(Entry))


@pytest.mark.parametrize("key", KEYS)
async def test_they_are_refused_on_every_way_in_and_nothing_is_kept(world: World, key: str) -> None:
    before = kept(world)
    stranger, post = world.person(key), await _shared(world)
    for command in ("/clash", "/win", "/sop"):
        assert plain((await world.says(key, command, TRUCK)).text) == REFUSED
    await stranger.press(post, "Tell my side")
    await world.settle()
    assert plain((await world.newest(key)).text) == REFUSED
    await stranger.shortcut("capture_clash", post)
    await world.settle()
    assert plain((await world.newest(key)).text) == REFUSED
    await stranger.shortcut("capture_anywhere")
    await world.settle()
    assert plain(words(await world.screen(key))).endswith(REFUSED)
    await stranger.message("hello?")
    await world.settle()
    assert plain((await world.newest(key, None)).text) == REFUSED
    home = await stranger.open_home()
    assert home is not None
    assert plain(words(home)).endswith(REFUSED)
    assert labels(home) == []
    drafts, members, entries = kept(world)
    assert (drafts, members, entries) == (before[0], before[1], before[2] + 1)  # the one that was shared


async def _shared(world: World) -> Message:
    """A post in the channel with a button on it."""
    card = await world.says(SALES, "/clash", TRUCK)
    await world.presses(SALES, card, "Share")
    return await world.newest(SALES)


async def test_they_are_refused_in_the_companys_language(world: World) -> None:
    with world.ampersand.database.transaction() as session:
        (workspace,) = session.exec(select(Workspace)).all()
        workspace.language = "nl"
        session.add(workspace)
    assert plain((await world.says("GUEST", "/clash", TRUCK)).text) == REFUSED_NL


async def test_a_draft_goes_when_they_turn_out_to_be_a_guest(world: World) -> None:
    question = await world.says(NEWCOMER, "/clash", TRUCK)
    assert len(world.rows(Draft)) == 1
    _becomes(world, NEWCOMER, is_restricted=True)
    await world.person(NEWCOMER).press(question, "Operations")
    await world.settle()
    assert plain((await world.newest(NEWCOMER)).text) == REFUSED
    assert world.rows(Draft) == []
    assert person_id(NEWCOMER) not in {member.external_id for member in world.rows(Member)}


async def test_a_member_is_not_looked_up(world: World) -> None:
    """Slack is asked about people we do not know, and about nobody else."""
    called = _calls(world)
    await world.says(OPERATIONS, "/clash", TRUCK)
    await world.person(OPERATIONS).open_home()
    await world.person(OPERATIONS).message("hello?")
    await world.settle()
    assert "users.info" not in called
    await world.says(NEWCOMER, "/clash", TRUCK)
    assert "users.info" in called


async def test_while_slack_does_not_say_who_it_is_nothing_is_lost(world: World) -> None:
    world.playground.faults = lambda method, _: SlackError("internal_error") if method == "users.info" else None
    question = await world.says(NEWCOMER, "/clash", TRUCK)
    assert len(world.rows(Draft)) == 1
    await world.person(NEWCOMER).press(question, "Operations")
    await world.settle()
    assert "I could not ask Slack who you are. Your text is safe." in plain((await world.newest(NEWCOMER)).text)
    world.playground.faults = no_faults
    await world.presses(NEWCOMER, question, "Operations")
    assert [entry.what_happened for entry in world.rows(Entry)].count(TRUCK) == 1


def _calls(world: World) -> list[str]:
    """The methods of the Web API that the bot calls from now on."""
    called: list[str] = []

    def note(method: str, _arguments: Json) -> None:
        called.append(method)

    world.playground.faults = note
    return called


def _becomes(world: World, key: str, **over: object) -> None:
    workspace = world.playground.workspace
    workspace.change_person(replace(workspace.find_person(person_id(key)), **over))  # type: ignore[arg-type]


async def _slack_tells(world: World, key: str, **over: object) -> None:
    """The person is another now, and Slack says so."""
    _becomes(world, key, **over)
    world.playground.events.person_changed(world.playground.workspace.find_person(person_id(key)))
    await world.playground.dispatcher.idle()
    await world.settle()


@pytest.mark.parametrize("now", [{"deleted": True}, {"is_restricted": True}])
async def test_who_leaves_has_no_access_at_once_and_is_back_when_they_are(world: World, now: dict[str, bool]) -> None:
    card = await world.says(OPERATIONS, "/clash", TRUCK)
    await _slack_tells(world, OPERATIONS, **now)
    left = await world.slack_sends(OPERATIONS, "/clash", TRUCK)
    assert "You are no longer a member here." in left.text
    form = await world.slack_sends(OPERATIONS, "/sop", "entries")
    assert "You are no longer a member here." in form.text
    assert world.entry(card).what_happened == TRUCK
    await _slack_tells(world, OPERATIONS, **dict.fromkeys(now, False))
    assert reference(await world.says(OPERATIONS, "/clash", TRUCK))


async def test_slack_tells_twice_and_it_counts_once(world: World) -> None:
    await _slack_tells(world, OPERATIONS, deleted=True)
    told = world.sent("user_change")
    await _slack_tells(world, OPERATIONS, deleted=False)
    await world.delivers_again(told)
    assert "saved" in words(await world.says(OPERATIONS, "/clash", TRUCK))


async def test_a_new_zone_is_followed(world: World) -> None:
    question = await world.says(NEWCOMER, "/clash", TRUCK)
    await world.presses(NEWCOMER, question, "Operations")
    await _slack_tells(world, NEWCOMER, tz="Asia/Tokyo")
    (member,) = [row for row in world.rows(Member) if row.external_id == person_id(NEWCOMER)]
    assert member.timezone == "Asia/Tokyo"


async def test_taken_away_everything_stops_and_put_back_it_goes_on(world: World) -> None:
    world.playground.events.uninstalled()
    await world.playground.dispatcher.idle()
    await world.settle()
    refused = await world.slack_sends(OPERATIONS, "/clash", TRUCK)
    assert "Ampersand was taken away from this workspace." in refused.text
    entries, sent = len(world.rows(Entry)), len(world.rows(Outgoing))
    await world.forward(timedelta(hours=20))
    assert (len(world.rows(Entry)), len(world.rows(Outgoing))) == (entries, sent)
    assert not any("brief" in text.lower() for text in await world.channel())

    (workspace,) = world.rows(Workspace)
    identity = Identity(workspace.external_id, workspace.name, "B0AMPERSAND", "U0AMPERSAND")
    ampersand = world.ampersand
    connect(ampersand.database, ampersand.house.context(), identity, ampersand.settings)
    await world.settle()
    assert any("Brief" in text for text in await world.channel(FACILITATOR))
    assert "saved" in words(await world.says(OPERATIONS, "/clash", TRUCK))


async def test_tokens_of_people_are_none_of_ours(world: World) -> None:
    world.playground.events._emit("tokens_revoked", {"type": "tokens_revoked", "tokens": {"oauth": ["U1"], "bot": []}})
    await world.playground.dispatcher.idle()
    assert "saved" in words(await world.says(OPERATIONS, "/clash", TRUCK))

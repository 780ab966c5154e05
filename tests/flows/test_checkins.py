"""Check-ins are made and looked after from one card: begun, tried, changed, paused, copied, run, deleted, put back."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlmodel import select

from bot.playground import labels, words
from bot.playground.model import Message
from storage.tables import AuditRecord, Checkin, CheckinAsked, CheckinQuestion, CheckinState, Member, Outcome
from tests.flows.world import FACILITATOR, SALES, World, filled_in, open_world, person_id

THURSDAY_10 = datetime(2026, 6, 11, 8, 2, tzinfo=UTC)
"""In Amsterdam; in Dubai and Warsaw it was earlier, in London it is to come."""

PROMOTION = "checkin.new#2"
BLANK = "checkin.new#4"


@pytest.fixture
async def world(database_url: str, tmp_path: Path) -> AsyncIterator[World]:
    """The sample company on Wednesday 10 June: Thursday has begun on the first islands, so its round is open."""
    async with open_world(database_url, tmp_path) as opened:
        await opened.forward(timedelta(minutes=1))
        yield opened


async def the_list(world: World) -> Message:
    return await world.says(FACILITATOR, "/sop", "checkins")


async def the_card(world: World) -> Message:
    """That of the weekly check-in."""
    return await world.presses(FACILITATOR, await the_list(world), "Open")


async def home(world: World, who: str) -> str:
    view = await world.person(who).open_home()
    assert view is not None
    return words(view)


def only_checkin(world: World) -> Checkin:
    (checkin,) = world.rows(Checkin)
    return checkin


async def test_the_list_and_the_card_say_when_everybody_is_asked_in_their_own_zone(world: World) -> None:
    listed = words(await the_list(world))
    assert "*Weekly check-in*" in listed
    assert "every Thursday 10:00 · 17 people · open until Fri 12 June, 13:00 (Amsterdam)" in listed

    card = words(await the_card(world))
    assert "*Round of Thu 11 June* · 0 asked, 17 to come" in card
    assert "*Next: Thu 18 June* · asked at 10:00, each in their own zone" in card
    assert "Dubai 10:00 (08:00 here)" in card
    assert "London 10:00 (11:00 here)" in card
    assert "6 observers see the result only" in card


async def test_a_member_hears_who_may(world: World) -> None:
    said = words(await world.says(SALES, "/sop", "checkins"))
    assert "Only a facilitator can do that." in said
    assert "Weekly" not in said


async def test_what_became_of_asking_is_told_by_name_on_the_card_and_in_counts_on_home(world: World) -> None:
    await world.forward(THURSDAY_10)

    window = words(await world.opens(FACILITATOR, await the_card(world), "Who was asked"))
    assert "*To come: 1*" in window
    assert "Thu 11 June, 10:00 (London)\nExport Manager UK and Ireland" in window
    assert "Who answered is told nowhere." in window
    theirs = await home(world, FACILITATOR)
    assert "16 asked, 1 to come" in theirs
    assert "Weekly check-in · Thu 18 June, 10:00, each in their own zone" in theirs
    assert "to come" not in await home(world, SALES)


async def test_paused_and_resumed_in_place(world: World) -> None:
    card = await world.presses(FACILITATOR, await the_card(world), "Pause")
    assert "*Paused.*" in words(card)
    assert only_checkin(world).state is CheckinState.PAUSED
    assert {turn.outcome for turn in world.rows(CheckinAsked)} == {Outcome.STOPPED}

    card = await world.presses(FACILITATOR, card, "Undo")
    assert "*It runs again.*" in words(card)
    await world.forward(THURSDAY_10)
    assert sum(turn.outcome is Outcome.ASKED for turn in world.rows(CheckinAsked)) == 16


async def test_deleted_the_usual_one_is_offered_and_it_can_be_put_back(world: World) -> None:
    page = await world.presses(FACILITATOR, await the_card(world), "Delete")
    assert "*Deleted: Weekly check-in.*" in words(page)
    assert "*No check-in yet.*" in words(page)
    assert labels(page) == ["Start the weekly one", "Add a check-in", "Put back"]

    card = await world.presses(FACILITATOR, page, "Put back")
    assert "*Next: Thu 18 June*" in words(card)
    assert only_checkin(world).state is CheckinState.ACTIVE


async def test_a_copy_is_paused_and_taken_back_by_undo(world: World) -> None:
    card = await world.presses(FACILITATOR, await the_card(world), "Duplicate")
    assert "*Weekly check-in (copy)* · every Thursday 10:00 · paused" in words(card)
    page = await world.presses(FACILITATOR, card, "Undo")
    assert words(page).count("Open") == 1


async def test_the_preview_opens_the_form_and_keeps_nothing(world: World) -> None:
    window = await world.opens(FACILITATOR, await the_card(world), "Preview")
    assert "A preview, only for you: nothing is asked or saved." in words(window)
    assert "Open until Fri 19 June, 12:00 (Amsterdam)." in words(window)

    form = await world.opens(FACILITATOR, window, "Answer")
    assert "A preview, only for you: nothing is asked or saved." in words(form)
    score, *_ = (name for name in filled_in(form) if name.startswith("q"))
    assert await world.submits(FACILITATOR, **{score: "4"}) == {}
    assert "A preview" in words(await world.screen(FACILITATOR))
    assert not any(turn.has_answered for turn in world.rows(CheckinAsked))


async def test_one_for_after_a_promotion_is_made_and_run(world: World) -> None:
    page = await the_list(world)
    choices = await world.presses(FACILITATOR, page, "Add a check-in")
    assert "*What should it be about?*" in words(choices)
    form = await world.opens(FACILITATOR, choices, PROMOTION)
    assert filled_in(form)["name"] == "After a promotion"
    assert await world.submits(FACILITATOR, name="After the soup promotion", sides=["sales", "operations"]) == {}

    card = await world.person(FACILITATOR).again(page)
    assert "*After the soup promotion* · when you press Run now" in words(card)
    assert "What would help next time? · several choices" in words(card)

    card = await world.presses(FACILITATOR, card, "Run now")
    assert "*Started.*" in words(card)
    assert "Run now" not in labels(card)
    with world.ampersand.database.snapshot() as session:
        noted = set(session.exec(select(AuditRecord.action)).all())
    assert {"checkin.add", "checkin.run"} <= noted


async def test_what_is_wrong_stands_beside_its_field_and_nothing_typed_is_lost(world: World) -> None:
    choices = await world.presses(FACILITATOR, await the_list(world), "Add a check-in")
    await world.opens(FACILITATOR, choices, BLANK)
    typed = {"name": "Lines", "sides": ["operations"], "text": "Which line stood still?", "type": "choice"}

    assert set(await world.submits(FACILITATOR, **typed, rule="every Thursday 22:00")) == {"rule"}
    assert set(await world.submits(FACILITATOR, rule="every Monday 9:00")) == {"options"}
    assert filled_in(await world.screen(FACILITATOR))["text"] == "Which line stood still?"
    assert len(world.rows(Checkin)) == 1

    assert await world.submits(FACILITATOR, options="Line 1\nLine 2\nNone") == {}
    lines = next(one for one in world.rows(CheckinQuestion) if one.text == "Which line stood still?")
    assert (lines.options, lines.position) == (["Line 1", "Line 2", "None"], 0)
    made = next(one for one in world.rows(Checkin) if one.id == lines.checkin_id)
    assert (made.rule, made.local_time.hour) == ("every Monday", 9)


async def test_a_dutch_facilitator_reads_dutch(world: World) -> None:
    with world.ampersand.database.transaction() as session:
        lead = session.exec(select(Member).where(Member.external_id == person_id(FACILITATOR))).one()
        lead.language = "nl"

    page = await world.says(FACILITATOR, "/sop", "check-ins")
    assert "elke donderdag 10:00 · 17 mensen" in words(page)
    card = words(await world.presses(FACILITATOR, page, "Openen"))
    assert "*Volgende: do 18 juni*" in card
    assert "Hoe goed werkten" in card
    assert "in their own zone" not in card

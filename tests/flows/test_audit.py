"""/sop audit: an admin reads who changed what; everybody else is told kindly who may."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlmodel import select

from bot.playground import labels, words
from storage.tables import Member, Role
from tests.databases import SqliteFiles
from tests.flows.world import FACILITATOR, FINANCE, OPERATIONS, World, filled_in, open_world, person_id


@pytest.fixture
async def world(sqlite_files: SqliteFiles, tmp_path: Path) -> AsyncIterator[World]:
    """The sample company, where the controller is an admin."""
    async with open_world(sqlite_files.fresh_url(tmp_path), tmp_path) as opened:
        with opened.ampersand.database.transaction() as session:
            admin = session.exec(select(Member).where(Member.external_id == person_id(FINANCE))).one()
            admin.role = Role.ADMIN
            session.add(admin)
        yield opened


async def _cancels_a_meeting(world: World) -> None:
    page = await world.says(FACILITATOR, "/sop", "meetings")
    card = await world.presses(FACILITATOR, page, "Change")
    await world.presses(FACILITATOR, card, "Cancel this one")


async def test_an_admin_reads_who_changed_what(world: World) -> None:
    empty = await world.says(FINANCE, "/sop", "audit")
    assert "Nothing was changed yet." in words(empty)
    await _cancels_a_meeting(world)
    card = await world.says(FINANCE, "/sop", "logboek")
    assert "S&amp;OP Manager cancelled the meeting" in words(card)
    assert "status: planned → cancelled" in words(card)
    assert labels(card) == ["Filter…"]


async def test_a_filter_is_chosen_in_a_form_and_taken_off_again(world: World) -> None:
    await _cancels_a_meeting(world)
    card = await world.says(FINANCE, "/sop", "audit")
    await world.opens(FINANCE, card, "Filter…")
    assert await world.submits(FINANCE, kind="entries", person=person_id(FACILITATOR)) == {}
    filtered = await world.person(FINANCE).again(card)
    assert "Nothing was changed there." in words(filtered)
    assert "Status of entries, entries hidden · S&amp;OP Manager." in words(filtered)
    form = await world.opens(FINANCE, filtered, "Filter…")
    assert filled_in(form) == {"kind": "entries", "person": person_id(FACILITATOR)}
    assert await world.submits(FINANCE, person=person_id("NEW")) == {
        "person": "I do not know where they work yet. Choose somebody else, or anyone of a side above."
    }
    assert await world.submits(FINANCE, person=person_id(FINANCE)) == {}
    everything = await world.presses(FINANCE, await world.person(FINANCE).again(card), "Show all")
    assert "cancelled the meeting" in words(everything)


@pytest.mark.parametrize("key", [FACILITATOR, OPERATIONS])
async def test_others_are_told_who_may(world: World, key: str) -> None:
    refused = await world.says(key, "/sop", "audit")
    assert "Only an admin can do that." in words(refused)

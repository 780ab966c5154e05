"""The brief as people meet it: posted on time, looked into, corrected, found again; one reminder, and a count."""

from datetime import UTC, datetime, timedelta
from html import unescape

from sqlmodel import col, select

from bot.playground import labels
from bot.playground import words as escaped_words
from bot.playground.model import Message, View
from storage.tables import AuditRecord, Brief, BriefOpening, BriefReach, ItemKind, ObjectiveActual, PrivateItem
from tests.flows.world import CHANNEL, DUTCH_OPERATIONS, FACILITATOR, FINANCE, OPERATIONS, SALES, World

BRIEF_DUE = datetime(2026, 6, 11, 7, tzinfo=UTC)
REMINDED = datetime(2026, 6, 12, 7, tzinfo=UTC)
MEETING = datetime(2026, 6, 15, 11, 30, tzinfo=UTC)


def words(where: Message | View) -> str:
    return unescape(escaped_words(where))


async def posted(world: World) -> Message:
    """The brief in the channel, on time."""
    await world.forward(BRIEF_DUE)
    return await the_post(world)


async def the_post(world: World, having: str = "Brief for the pre-S&OP") -> Message:
    found = [message for message in await world.person(SALES).sees(CHANNEL) if having in words(message)]
    return found[-1]


async def test_the_post_has_decisions_first_a_chart_and_its_details_in_the_thread(world: World) -> None:
    post = await posted(world)
    said = words(post)
    order = [
        "In short.",
        "Decide 1:",
        "Decide 2:",
        "Agreed unless",
        "Objectives in May",
        "Since the brief",
        "Came back",
    ]
    places = [
        said.index(start) for start in [*order, "Agreements.", "Went well", "Pulse, four", "Not for this", "As known"]
    ]
    assert places == sorted(places)
    assert labels(post) == [
        "Options and price",
        "Options and price",
        "Object",
        "Details",
        "Decisions",
        "Agreements",
        "Add to the agenda",
    ]
    (chart,) = [block for block in post.blocks or [] if block["type"] == "data_visualization"]
    assert chart["title"] == "Clash and went well per cycle"
    assert [point["value"] for point in chart["chart"]["series"][0]["data"]] == [13, 8, 11, 4, 4]
    thread = "\n".join(words(reply) for reply in await world.person(SALES).sees(thread=post))
    assert "Decision 1: options and price." in thread
    assert "Mean of the answers of weeks 20 to 23 (11 May to 7 June), against weeks 16 to 19." in thread


async def test_everybody_looks_behind_its_buttons_in_their_own_language(world: World) -> None:
    post = await posted(world)
    assert "Entries from Wed 13 May, 09:00" in words(await world.opens(OPERATIONS, post, "Details"))
    assert "Besluit 1: opties en prijs." in words(await world.opens(DUTCH_OPERATIONS, post, "Decisions"))
    assert "Kept: Eight days of life" in words(await world.opens(SALES, post, "Agreements"))
    options = words(await world.opens(FINANCE, post, "Options and price"))
    assert "two of the three late changes in May would have been normal" in options


async def test_what_was_decided_later_does_not_change_what_the_brief_says(world: World) -> None:
    post = await posted(world)
    page = await world.says(FACILITATOR, "/sop", "decisions")
    await world.opens(FACILITATOR, page, "Change")
    assert await world.submits(FACILITATOR, question="Something else altogether?") == {}
    assert "which rule for airline menus?" in words(await world.opens(SALES, post, "Decisions"))
    assert "Something else" not in words(await world.says(SALES, "/sop", "brief"))


async def test_a_facilitator_corrects_it_and_both_versions_can_be_read(world: World) -> None:
    post = await posted(world)
    await change_growth(world, 6.9)
    await world.forward(BRIEF_DUE + timedelta(hours=2, minutes=5))
    assert "Correct" not in labels(await world.says(SALES, "/sop", "brief"))
    card = await world.says(FACILITATOR, "/sop", "brief")
    form = await world.opens(FACILITATOR, card, "Correct")
    assert "The figures are taken again, as of the same minute." in words(form)
    assert await world.submits(FACILITATOR, reason="   ") == {"reason": "One line is enough: what is different now?"}
    assert await world.submits(FACILITATOR, reason="growth in May 6.9%, was 6.4% in version 1.") == {}

    new = await the_post(world, "Version 2,")
    assert "Version 2, Thu 11 June, 11:05 (Amsterdam): growth in May 6.9%, was 6.4% in version 1." in words(new)
    assert "growth 6.9% (8.0)" in words(new)
    old = await world.person(SALES).again(post)
    assert words(old).split("\n")[1] == "*Replaced by version 2.*"
    assert "growth 6.4% (8.0)" in words(old)
    window = await world.opens(SALES, old, "Open version 2")
    assert "growth 6.9% (8.0)" in words(window)
    assert "growth 6.4% (8.0)" in words(await world.opens(SALES, window, "Open version 1"))
    assert [record.action for record in world.rows(AuditRecord)] == ["brief.correct"]
    assert len(world.rows(Brief)) == 2


async def change_growth(world: World, value: float) -> None:
    with world.ampersand.database.transaction() as session:
        growth = select(ObjectiveActual).where(col(ObjectiveActual.objective_key) == "O4")
        last = session.exec(growth.order_by(col(ObjectiveActual.month).desc()).limit(1)).one()
        last.value = value
        session.add(last)


async def test_past_briefs_are_found_again_as_they_were(world: World) -> None:
    await posted(world)
    await change_growth(world, 1.0)
    await world.forward(MEETING + timedelta(hours=2))
    card = await world.says(SALES, "/sop", "briefing")
    assert "Past briefs." in words(card)
    assert "pre-S&OP of Mon 15 June, 13:30 (Amsterdam)" in words(card)
    shown = words(await world.opens(SALES, card, "Open"))
    assert "Version 1, as it was posted; only you see this copy." in shown
    assert "growth 6.4% (8.0)" in shown


async def test_one_reminder_to_the_invited_who_have_not_opened_it(world: World) -> None:
    post = await posted(world)
    await world.opens(OPERATIONS, post, "Details")
    assert len(world.rows(BriefOpening)) == 1
    await world.forward(REMINDED)
    reminder = (await world.chat(FINANCE))[-1]
    assert "The brief for Mon 15 June, 13:30 (Amsterdam) is ready: 3 decisions." in reminder
    assert "For you on Fri 12 June: 2 things" in "".join(await world.chat(SALES))  # beside the check-in
    assert not any("is ready" in text for text in await world.chat(OPERATIONS))
    await world.forward(MEETING - timedelta(minutes=1))
    assert len(_reminded(world)) == 12
    await world.forward(MEETING)
    assert sum("is ready" in text for text in await world.chat(FINANCE)) == 1
    assert _reminded(world) == [], "who was reminded had not opened it"
    window = await world.opens(FINANCE, (await world.person(FINANCE).sees())[-1], "Decisions")
    assert "Decision 1: options and price." in words(window)


def _reminded(world: World) -> list[str]:
    return [item.member_id for item in world.rows(PrivateItem) if item.kind is ItemKind.BRIEF]


async def test_when_the_meeting_begins_the_count_stays_and_the_names_go(world: World) -> None:
    post = await posted(world)
    for person in (OPERATIONS, SALES, FACILITATOR):
        await world.opens(person, post, "Details")
    await world.forward(MEETING)
    assert world.rows(BriefOpening) == []
    reach = [row for row in world.rows(BriefReach) if row.posted_at == BRIEF_DUE]
    assert [(row.opened, row.invited) for row in reach] == [(3, 13)]
    await world.opens(FINANCE, post, "Details")
    assert world.rows(BriefOpening) == []
    card = await world.says(SALES, "/sop", "brief")
    shown = words(await world.opens(SALES, card, "Open"))
    assert "Opened before the meeting: 3 of 13 invited." in shown


async def test_a_brief_that_is_late_says_so_and_its_figures_are_those_of_its_minute(world: World) -> None:
    world.clock.set(BRIEF_DUE + timedelta(hours=2, minutes=20))
    await world.says(
        OPERATIONS, "/clash", "Too late for this brief: the truck of Discounter D left half empty at nine."
    )
    post = await the_post(world)
    assert (
        "Planned for Thu 11 June, 09:00 (Amsterdam), posted at 11:20: I was not running. "
        "The figures are those of 09:00; nothing is missing." in words(post)
    )
    assert "16 entries." in words(post)

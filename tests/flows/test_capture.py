"""Ten seconds, when it happens: with a text it is saved at once, without one the form asks."""

import pytest

from bot.playground import labels, words
from storage.tables import Entry, Kind, Level, Visibility
from tests.flows.world import FINANCE, OPERATIONS, SALES, World, filled_in

FOOTBALL = "On Wednesday 10 June at 16:30 Retailer A doubled the football tapas box for Saturday."


@pytest.mark.parametrize(("command", "kind"), [("/clash", Kind.CLASH), ("/win", Kind.WENT_WELL)])
async def test_with_a_text_it_is_saved_at_once(world: World, command: str, kind: Kind) -> None:
    card = await world.says(OPERATIONS, command, FOOTBALL)
    entry = world.entry(card)
    assert (entry.kind, entry.what_happened, entry.visibility) == (kind, FOOTBALL, Visibility.NAMED)
    assert FOOTBALL in words(card)
    assert labels(card)[-5:] == ["Add details", "Change kind", "Ask the other side", "Share", "Undo"]
    assert card.ephemeral_to is not None
    assert not any("football" in text for text in await world.channel(SALES))


async def test_without_a_text_the_form_asks_and_its_answer_is_a_card(world: World) -> None:
    await world.person(OPERATIONS).command("/win", "", "C0SALESOPS")
    await world.settle()
    form = await world.screen(OPERATIONS)
    assert form.payload["title"]["text"] == "What happened?"
    assert filled_in(form)["kind"] == "went_well"
    errors = await world.submits(
        OPERATIONS,
        what_happened="The joint message at 07:45 gave the time of the next update.",
        kind="not_so_well",
        effect="Calls fell from 31 to 6.",
        own_interest="A quiet dispatch desk",
        other_interest="Something to tell the customer",
        lesson="Send it every morning",
        shown_with="named",
        tension="T02",
        objective="O1",
        level="day_to_day",
    )
    assert errors == {}
    card = await world.newest(OPERATIONS)
    entry = world.entry(card)
    assert entry.kind == Kind.NOT_SO_WELL
    assert entry.what_happened == "The joint message at 07:45 gave the time of the next update."
    assert (entry.effect, entry.own_interest) == ("Calls fell from 31 to 6.", "A quiet dispatch desk")
    assert (entry.other_interest, entry.lesson) == ("Something to tell the customer", "Send it every morning")
    assert (entry.tension_key, entry.objective_key, entry.level) == ("T02", "O1", Level.DAY_TO_DAY)
    for text in ("saved, only you see this card", "Calls fell from 31 to 6.", "A quiet dispatch desk"):
        assert text in words(card)


async def test_the_form_opened_by_a_command_answers_where_it_was_typed(world: World) -> None:
    await world.person(OPERATIONS).command("/clash", "  ", "C0SALESOPS")
    await world.settle()
    await world.submits(OPERATIONS, what_happened=FOOTBALL)
    card = await world.newest(OPERATIONS)
    assert FOOTBALL in words(card)
    assert card.ephemeral_to is not None
    assert await world.windows(OPERATIONS) == 0


async def test_a_form_that_says_nothing_stays_open_with_one_sentence(world: World) -> None:
    await world.person(OPERATIONS).command("/clash", "", "C0SALESOPS")
    await world.settle()
    before = len(world.rows(Entry))
    assert await world.submits(OPERATIONS, what_happened="  \n ") == {
        "what_happened": "One line is enough: what happened?"
    }
    assert len(world.rows(Entry)) == before
    assert await world.submits(OPERATIONS, what_happened=FOOTBALL) == {}
    assert len(world.rows(Entry)) == before + 1


async def test_quietly_leaves_the_name_out(world: World) -> None:
    card = await world.says(OPERATIONS, "/clash", f"quietly {FOOTBALL}")
    entry = world.entry(card)
    assert (entry.visibility, entry.author_id, entry.created_at) == (Visibility.SIDE_ONLY, None, None)
    assert entry.what_happened == FOOTBALL
    assert "as “Operations”" in words(card) or 'as "Operations"' in words(card)
    assert "Your name is stored nowhere" in words(card)


async def test_quietly_alone_opens_the_form_with_the_name_left_out(world: World) -> None:
    await world.person(OPERATIONS).command("/clash", "quietly", "C0SALESOPS")
    await world.settle()
    form = await world.screen(OPERATIONS)
    assert filled_in(form)["shown_with"] == "side_only"
    assert not filled_in(form)["what_happened"]


async def test_a_small_side_is_told_that_it_reads_from_the_company(world: World) -> None:
    card = await world.says(FINANCE, "/clash", f"quietly: {FOOTBALL}")
    assert "from the company" in words(card)
    assert world.entry(card).side == "company"


async def test_the_form_says_what_side_only_means_before_it_is_saved(world: World) -> None:
    await world.person(OPERATIONS).command("/clash", "", "C0SALESOPS")
    await world.settle()
    form = words(await world.screen(OPERATIONS))
    assert "Only my side (Operations)" in form
    assert "what you write can still give you away" in form
    await world.submits(OPERATIONS, what_happened=FOOTBALL, shown_with="side_only", tension="T02")
    card = await world.newest(OPERATIONS)
    assert world.entry(card).author_id is None
    assert "removed" in words(await world.presses(OPERATIONS, card, "Undo"))

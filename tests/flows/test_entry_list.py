"""/sop entries: look back, filter, open one, and set what may be set."""

from datetime import timedelta

import pytest

from bot.playground import labels, words
from bot.playground.model import Message, View
from storage.tables import AuditRecord, EntryStatus
from tests.flows.world import (
    DUTCH_OPERATIONS,
    FACILITATOR,
    FINANCE,
    OPERATIONS,
    OTHER_SALES,
    SALES,
    World,
    filled_in,
    reference,
)

CLASH = "On Monday 8 June Retailer A doubled the football tapas box at 16:30."


async def test_the_list_shows_the_newest_day_first_and_leads_to_the_rest(world: World) -> None:
    card = await world.says(SALES, "/clash", CLASH)
    page = await world.says(OPERATIONS, "/sop", "entries")
    assert page.ephemeral_to is not None
    assert words(page).count("#") >= 8
    assert reference(card) in words(page)
    assert "Only you see this list" in words(page)
    older = await world.presses(OPERATIONS, page, "Older")
    assert reference(card) not in words(older)
    assert "Newest" in labels(older)
    newest = await world.presses(OPERATIONS, page, "Newest")
    assert reference(card) in words(newest)


async def test_the_pages_show_every_entry_once(world: World) -> None:
    page = await world.says(OPERATIONS, "/sop", "entries")
    seen = _references(page)
    while "Older" in labels(page):
        page = await world.presses(OPERATIONS, page, "Older")
        seen += _references(page)
    assert len(seen) == len(set(seen)) > 90


FILTERS = {
    OPERATIONS: (
        ("clash open", "Clash · open", "Clash"),
        ("went well", "Went well", "Went well"),
        ("not so well", "Not so well", "Not so well"),
        ("improve adopted", "Improve · adopted", "adopted"),
        ("supply planning", "Supply Planning", "(Supply Planning)"),
        ("Sales clash", "Clash · Sales", "(Sales)"),
        ("mine", "mine", "Plant Manager Midden"),
        ("tension:T02", "Fast response against a stable schedule", "#"),
    ),
    DUTCH_OPERATIONS: (
        ("botsing open", "Botsing · open", "Botsing"),
        ("ging goed", "Ging goed", "Ging goed"),
        ("kan beter overgenomen", "Kan beter · overgenomen", "overgenomen"),
        ("mijn opgelost", "van mij · opgelost", "Plant Manager Noord"),
    ),
}


@pytest.mark.parametrize(("key", "word"), [(OPERATIONS, "entries"), (DUTCH_OPERATIONS, "voorbeelden")])
async def test_filters_are_typed_in_both_languages(world: World, key: str, word: str) -> None:
    await world.says(key, "/clash", "On Monday 8 June the order changed at 16:30.")
    for typed, says, every in FILTERS[key]:
        page = await world.says(key, "/sop", f"{word} {typed}")
        assert f"· {says}".lower() in words(page).lower()
        lines = _lines(page)
        assert lines
        assert all(every in line for line in lines)


async def test_the_filter_is_a_form_too_and_keeps_what_was_chosen(world: World) -> None:
    card = await world.says(SALES, "/clash", "The open order of Retailer A was mine to answer.")
    page = await world.says(OPERATIONS, "/sop", "entries")
    form = await world.opens(OPERATIONS, page, "Filter…")
    assert filled_in(form)["whose"] == "everyone"
    assert await world.submits(OPERATIONS, kind="clash", text="open order") == {}
    filtered = await world.person(OPERATIONS).again(page)
    assert _references(filtered) == [reference(card)]
    assert "“open order”" in words(filtered)
    again = await world.opens(OPERATIONS, filtered, "Filter…")
    assert filled_in(again)["text"] == "open order"
    assert filled_in(again)["kind"] == "clash"
    await world.submits(OPERATIONS, text="no such words")
    nothing = await world.person(OPERATIONS).again(page)
    assert "Nothing fits this filter." in words(nothing)
    everything = await world.presses(OPERATIONS, nothing, "Show all")
    assert len(_references(everything)) == 8


async def test_far_too_many_words_find_nothing_and_break_nothing(world: World) -> None:
    page = await world.says(OPERATIONS, "/sop", "entries " + "allergen " * 900)
    assert "Nothing fits this filter." in words(page)
    line_break = await world.says(OPERATIONS, "/sop", "entries\nclash")
    assert "Clash" in words(line_break)


async def test_a_long_text_is_one_line_of_the_list(world: World) -> None:
    await world.says(SALES, "/clash", "without an end " * 600)
    page = await world.says(OPERATIONS, "/sop", "entries without an end")
    assert len(words(page)) < 900
    assert "(+" not in words(page)


async def test_the_author_opens_their_own_and_may_change_it(world: World) -> None:
    await world.says(SALES, "/clash", CLASH)
    window = await _opened(world, SALES, "entries mine football tapas box at 16:30")
    assert CLASH in words(window)
    assert labels(window) == ["Change", "Share", "Withdraw", "Set to resolved", "Park", "Adopt"]
    await world.opens(SALES, window, "Change")
    assert await world.windows(SALES) == 2
    assert await world.submits(SALES, what_happened=f"{CLASH} The crew stayed.") == {}
    changed = await world.screen(SALES)
    assert await world.windows(SALES) == 1
    assert "The crew stayed." in words(changed)


async def test_the_other_side_tells_theirs_and_may_resolve_it(world: World) -> None:
    await world.says(SALES, "/clash", CLASH)
    window = await _opened(world, OPERATIONS, "entries football tapas box at 16:30")
    assert labels(window) == ["Tell my side", "Set to resolved", "Park", "Adopt"]
    await world.person(OPERATIONS).press(window, "Set to resolved")
    await world.settle()
    resolved = await world.screen(OPERATIONS)
    assert world.entry(window).status == EntryStatus.RESOLVED
    assert "resolved (10 June)" in words(resolved)
    assert labels(resolved) == ["Tell my side", "Open again"]
    await world.person(OPERATIONS).press(resolved, "Open again")
    await world.settle()
    assert world.entry(window).status == EntryStatus.OPEN
    await world.person(OPERATIONS).press(await world.screen(OPERATIONS), "Park")
    await world.settle()
    assert world.entry(window).status == EntryStatus.PARKED


@pytest.mark.parametrize("key", [OTHER_SALES, FINANCE])
async def test_colleagues_and_bridges_only_read(world: World, key: str) -> None:
    await world.says(SALES, "/clash", CLASH)
    window = await _opened(world, key, "entries football tapas box at 16:30")
    assert "Set to resolved" not in labels(window)
    assert "Change" not in labels(window)


async def test_withdrawn_from_the_list_it_is_gone_until_it_is_put_back(world: World) -> None:
    await world.says(SALES, "/clash", CLASH)
    window = await _opened(world, SALES, "entries mine football tapas box at 16:30")
    await world.person(SALES).press(window, "Withdraw")
    await world.settle()
    gone = await world.screen(SALES)
    assert labels(gone) == ["Put back"]
    await world.person(SALES).press(gone, "Put back")
    await world.settle()
    assert CLASH in words(await world.screen(SALES))
    assert world.entry(window).withdrawn_on is None


async def test_a_facilitator_hides_what_names_a_person(world: World) -> None:
    await world.says(SALES, "/clash", "On Monday Pietje was too lazy to answer the football order.")
    window = await _opened(world, FACILITATOR, "entries football order")
    assert "Hide…" in labels(window)
    await world.opens(FACILITATOR, window, "Hide…")
    assert await world.submits(FACILITATOR, reason="  ") == {"reason": "One line is enough: what should be left out?"}
    assert await world.submits(FACILITATOR, reason="It names a colleague.") == {}
    assert "hidden" in words(await world.screen(FACILITATOR))
    assert [(row.action, row.after) for row in world.rows(AuditRecord)] == [("entry.hide", "hidden")]
    assert "Nothing fits this filter." in words(await world.says(OPERATIONS, "/sop", "entries football order"))


async def test_a_side_only_entry_shows_its_side_and_nothing_else(world: World) -> None:
    card = await world.says(SALES, "/clash", f"quietly {CLASH}")
    assert "Add details" in labels(card)
    early = await world.says(SALES, "/sop", "entries football tapas box at 16:30")
    assert "Nothing fits this filter." in words(early), "who looks twice would see when it was written"
    await world.forward(timedelta(days=1))
    page = await world.says(SALES, "/sop", "entries football tapas box at 16:30")
    (line,) = [line for line in _lines(page) if reference(card) in line]
    assert "Sales" in line
    assert "Key Account" not in line
    window = await world.opens(SALES, page, "Open")
    assert "Change" not in labels(window)
    assert "Withdraw" not in labels(window)
    mine = await world.says(SALES, "/sop", "entries mine football tapas box at 16:30")
    assert "Nothing fits this filter." in words(mine)


async def _opened(world: World, key: str, words_typed: str) -> View:
    page = await world.says(key, "/sop", words_typed)
    return await world.opens(key, page, "Open")


def _lines(page: Message) -> list[str]:
    """The entries of a page as one reads them."""
    return [
        "".join(_plain(block))
        for block in page.blocks or []
        if "Open" in str(block.get("accessory")) or _is_rich(block)
    ]


def _is_rich(block: dict[str, object]) -> bool:
    return block["type"] == "rich_text"


def _plain(value: object) -> list[str]:
    if isinstance(value, list):
        return [text for item in value for text in _plain(item)]
    if isinstance(value, dict):
        return [value["text"]] if isinstance(value.get("text"), str) else [t for v in value.values() for t in _plain(v)]
    return []


def _references(page: Message) -> list[str]:
    return [reference(line) for line in _lines(page)]

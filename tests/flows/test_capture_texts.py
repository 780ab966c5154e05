"""What people really type: quotes, line breaks, emoji, links, names, everybody at once, and far too much."""

import json

import pytest

from bot.playground import labels, words
from bot.playground.errors import ActError
from storage.tables import Entry
from tests.flows.world import CHANNEL, FACILITATOR, OPERATIONS, SALES, World, filled_in

AS_TYPED = (
    "“Frozen, no” at ten past three – that’s all I got",
    "Line one.\nLine two.\n\nLine four.",
    "The truck left 🚚 too early 😀 on Monday 👩🏽‍🏭",
    "See https://example.com/orders?id=1&line=2 of Monday",
    "Less than 5 < 6 & more > 4: *all* of _it_ `stays` ~here~",
    "Retailer A (Zaandam) [week 23] cost \\ 3 \\* 4 {{ ref }} {% x %}",
    "> quoted by hand\n• and a list",
    "Ordre modifié à Liège, naïve façade, Łódź, 東京",
)


async def test_every_sign_is_kept_and_shown_as_it_was_typed(world: World) -> None:
    for text in AS_TYPED:
        card = await world.says(OPERATIONS, "/clash", text)
        assert world.entry(card).what_happened == text
        assert "".join(_quoted(card.blocks)) == text
        assert "shared" in words(await world.presses(OPERATIONS, card, "Share"))
        whole = await world.opens(SALES, await world.newest(SALES), "Read all")
        assert "".join(_quoted(whole.payload)) == text


async def test_nobody_is_called_by_what_somebody_wrote(world: World) -> None:
    for everybody in ("<!channel>", "@here", "@channel", "@everyone"):
        text = f"{everybody} the forecast of week 24 was 900 trays too high"
        card = await world.says(OPERATIONS, "/clash", text)
        await world.presses(OPERATIONS, card, "Share")
        post = await world.newest(SALES)
        assert world.entry(card).what_happened == text
        assert "forecast of week 24" in words(post)
        assert "<!" not in json.dumps([post.text, post.blocks])
        assert '"broadcast"' not in json.dumps(post.blocks)
        assert "@" not in post.text


async def test_a_person_who_is_mentioned_reads_as_a_name(world: World) -> None:
    card = await world.says(OPERATIONS, "/clash", "@newcomer called at 16:30 about the tapas box")
    assert world.entry(card).what_happened == "@newcomer called at 16:30 about the tapas box"
    await world.slack_sends(OPERATIONS, "/clash", "<@U0M02> called about <#C0DISPATCH|dispatch> &amp; the tapas box")
    texts = [entry.what_happened for entry in world.rows(Entry)]
    assert "@Key Account Manager Retailer A called about #dispatch & the tapas box" in texts


@pytest.mark.parametrize("length", [10_000, 39_000])
async def test_a_long_text_is_kept_whole_and_shown_cut(world: World, length: int) -> None:
    text = ("On Monday the order of Retailer A came late, again. " * 800)[: length - 1] + "Z"
    card = await world.says(OPERATIONS, "/clash", text)
    assert world.entry(card).what_happened == text
    assert len(words(card)) < 1200
    assert "Read all" in labels(card)
    whole = await world.opens(OPERATIONS, card, "Read all")
    assert "".join(_quoted(whole.payload)) == text
    await world.presses(OPERATIONS, card, "Share")
    assert len(words(await world.newest(SALES))) < 600
    read = await world.opens(SALES, await world.newest(SALES), "Read all")
    assert "".join(_quoted(read.payload)) == text


async def test_more_than_can_be_kept_is_refused_and_nothing_is_lost_silently(world: World) -> None:
    answer = await world.says(OPERATIONS, "/clash", "x" * 40_001)
    assert "longer than I can keep whole (40,000 characters)" in words(answer)


async def test_a_text_that_is_too_long_for_the_form_stays_out_of_it_and_as_it_is(world: World) -> None:
    text = "Retailer A changed the order of Saturday. " * 100
    card = await world.says(OPERATIONS, "/clash", text)
    form = await world.opens(OPERATIONS, card, "Add details")
    assert "what_happened" not in filled_in(form)
    assert "longer than a form holds" in words(form)
    assert await world.submits(OPERATIONS, effect="1,900 trays") == {}
    entry = world.entry(await world.person(OPERATIONS).again(card))
    assert (entry.what_happened, entry.effect) == (text.strip(), "1,900 trays")


async def test_a_long_message_fills_the_form_with_what_it_holds(world: World) -> None:
    message = await world.person(SALES).message("The delivery of week 23 was late. " * 300, CHANNEL)
    await world.person(FACILITATOR).shortcut("capture_clash", message)
    await world.settle()
    form = await world.screen(FACILITATOR)
    assert 2_500 < len(str(filled_in(form)["what_happened"])) <= 3_000
    assert "its end is cut here, the link leads to the rest" in words(form)
    assert await world.submits(FACILITATOR) == {}


async def test_an_empty_message_is_no_message(world: World) -> None:
    with pytest.raises(ActError):
        await world.person(SALES).message(" ", CHANNEL)


def _quoted(value: object) -> list[str]:
    """The texts inside the quotes of a view, in their order."""
    if isinstance(value, list):
        return [text for item in value for text in _quoted(item)]
    if not isinstance(value, dict):
        return []
    if value.get("type") == "rich_text_quote":
        return [_said(element) for element in value["elements"]]
    return [text for item in value.values() for text in _quoted(item)]


def _said(element: dict[str, str]) -> str:
    return f":{element['name']}:" if element["type"] == "emoji" else element["text"]

"""A Dutch member reads Dutch everywhere; what people wrote stays as they wrote it; the channel speaks the company's."""

import re

from bot.playground import labels, words
from bot.playground.model import Message, View
from tests.flows.world import (
    CHANNEL,
    DUTCH_OPERATIONS,
    DUTCH_SALES,
    FACILITATOR,
    World,
    person_id,
)

BOTSING = "Woensdag 10 juni om 16.30 verdubbelde Retailer A de voetbaltapas voor zaterdag."
ENGLISH = re.compile(
    r"\b(the|your|you|with|saved|shown|only|what|other|press|until|nobody|please|which|save|cancel|share|undo)\b",
    re.IGNORECASE,
)


async def test_the_card_and_its_buttons(world: World) -> None:
    card = await world.says(DUTCH_OPERATIONS, "/clash", BOTSING)
    assert labels(card)[-5:] == ["Aanvullen", "Soort wijzigen", "Vraag de andere kant", "Delen", "Ongedaan maken"]
    _is_dutch(card)
    _is_dutch(await world.presses(DUTCH_OPERATIONS, card, "Soort wijzigen"))
    _is_dutch(await world.presses(DUTCH_OPERATIONS, card, "Terug"))
    _is_dutch(await world.presses(DUTCH_OPERATIONS, card, "Delen"))
    _is_dutch(await world.opens(DUTCH_OPERATIONS, await world.person(DUTCH_OPERATIONS).again(card), "Aanvullen"))
    await world.person(DUTCH_OPERATIONS).close(await world.screen(DUTCH_OPERATIONS))
    _is_dutch(await world.presses(DUTCH_OPERATIONS, card, "Ongedaan maken"))
    _is_dutch(await world.presses(DUTCH_OPERATIONS, card, "Terugzetten"))


async def test_stil_leaves_the_name_out(world: World) -> None:
    card = await world.says(DUTCH_OPERATIONS, "/clash", f"stil: {BOTSING}")
    assert world.entry(card).author_id is None
    assert world.entry(card).what_happened == BOTSING
    assert "Je naam staat nergens" in words(card)


async def test_every_form(world: World) -> None:
    await world.person(DUTCH_OPERATIONS).command("/clash", "", CHANNEL)
    await world.settle()
    form = await world.screen(DUTCH_OPERATIONS)
    assert form.payload["title"]["text"] == "Wat gebeurde er?"
    _is_dutch(form)
    await world.submits(DUTCH_OPERATIONS, what_happened=BOTSING)
    card = await world.newest(DUTCH_OPERATIONS)
    _is_dutch(await world.opens(DUTCH_OPERATIONS, card, "Vraag de andere kant"))
    await world.submits(DUTCH_OPERATIONS, person=person_id(DUTCH_SALES))
    _is_dutch(await world.person(DUTCH_OPERATIONS).again(card))
    question = await world.newest(DUTCH_SALES, None)
    _is_dutch(question)
    _is_dutch(await world.opens(DUTCH_SALES, question, "Mijn kant vertellen"))
    assert await world.submits(DUTCH_SALES, what_happened=" ") == {
        "what_happened": "Eén regel is genoeg: wat gebeurde er?"
    }
    await world.submits(DUTCH_SALES, what_happened="Retailer A belde pas om vier uur.")
    _is_dutch(await world.person(DUTCH_SALES).again(question))
    news = await world.newest(DUTCH_OPERATIONS, None)
    _is_dutch(news)
    _is_dutch(await world.opens(DUTCH_OPERATIONS, news, "Beide kanten lezen"))


async def test_help_list_settings_and_home(world: World) -> None:
    _is_dutch(await world.says(DUTCH_OPERATIONS, "/sop", "hulp"))
    page = await world.says(DUTCH_OPERATIONS, "/sop", "voorbeelden mijn")
    _is_dutch(await world.opens(DUTCH_OPERATIONS, page, "Filter…"))
    await world.person(DUTCH_OPERATIONS).command("/sop", "instellingen", CHANNEL)
    await world.settle()
    _is_dutch(await world.screen(DUTCH_OPERATIONS))
    home = await world.person(DUTCH_OPERATIONS).open_home()
    assert home is not None
    assert "Botsing" in labels(home)


async def test_the_channel_speaks_the_language_of_the_company(world: World) -> None:
    card = await world.says(DUTCH_OPERATIONS, "/clash", BOTSING)
    await world.presses(DUTCH_OPERATIONS, card, "Delen")
    post = await world.newest(FACILITATOR)
    assert labels(post) == ["Tell my side", "Read all"]
    assert BOTSING in words(post)
    _is_dutch(await world.opens(DUTCH_SALES, post, "Tell my side"))


async def test_a_question_about_a_dutch_text_is_asked_in_dutch(world: World) -> None:
    card = await world.says(FACILITATOR, "/clash", "Sales houdt zich nooit aan het plan.")
    assert "Eén vraag, als je wilt" in words(card)
    assert "Add details" in labels(card)


def _is_dutch(shown: Message | View) -> None:
    """No English word that Dutch does not have, but in names of people and sides and in the sample's own texts."""
    text = re.sub(
        r"S&OP Manager|Key Account Manager|Supply and|Plant Manager \w+|Customer Service and Order Desk Lead",
        "",
        words(shown),
    )
    assert ENGLISH.findall(text) == []

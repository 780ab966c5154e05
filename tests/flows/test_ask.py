"""Ask the other side: one question, to a person or to anyone; refusing is fine, and it ends by itself."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.playground import labels, words
from bot.playground.model import Message
from storage.tables import Ask, AskState
from tests.flows.world import (
    CHANNEL,
    DUTCH_SALES,
    OPERATIONS,
    OTHER_SALES,
    SALES,
    World,
    person_id,
    reference,
)

CLASH = "On Wednesday 10 June at 16:30 Retailer A doubled the football tapas box for Saturday."
AMSTERDAM = ZoneInfo("Europe/Amsterdam")


async def test_a_person_is_asked_and_both_views_stand_side_by_side(world: World) -> None:
    card = await world.says(OPERATIONS, "/clash", CLASH)
    await _asks(world, card, whom="person", person=person_id(SALES))
    asked = await world.person(OPERATIONS).again(card)
    assert "Asked: Key Account Manager Retailer A." in words(asked)
    assert "You hear from me when the answer is there." in words(asked)

    question = await world.newest(SALES, None)
    assert "Plant Manager Midden asks: how did you see this?" in words(question)
    assert CLASH in words(question)
    assert "I ask once, until Wed 17 June." in words(question)
    assert "football" not in question.text
    assert labels(question) == ["Tell my side", "Later today", "Rather not"]

    await world.opens(SALES, question, "Tell my side")
    assert await world.submits(SALES, what_happened=" ") == {"what_happened": "One line is enough: what happened?"}
    told = "Retailer A only told us at four; a fast yes was worth 2,000 trays."
    assert await world.submits(SALES, what_happened=told, kind="went_well", own_interest="a fast yes") == {}
    thanks = await world.person(SALES).again(question)
    assert "Thank you." in words(thanks)
    assert labels(thanks) == ["Read both sides", "Add details", "Undo"]

    news = await world.newest(OPERATIONS, None)
    assert f"The other side of #{reference(card)} is told." in words(news)
    assert told in words(news)
    both = words(await world.opens(OPERATIONS, news, "Read both sides"))
    assert CLASH in both
    assert told in both
    theirs = words(await world.opens(SALES, thanks, "Read both sides"))
    assert CLASH in theirs


async def test_anyone_may_take_it_and_the_first_has_it(world: World) -> None:
    card = await world.says(OPERATIONS, "/clash", CLASH)
    await _asks(world, card, whom="sales")
    assert "Asked: anyone in Sales, in the channel." in words(await world.person(OPERATIONS).again(card))
    question = await world.newest(SALES)
    assert "Sales, who was there?" in words(question)
    assert labels(question) == ["Tell my side"]

    await world.person(OPERATIONS).press(question, "Tell my side")
    await world.settle()
    assert "This question is for Sales." in words(await world.newest(OPERATIONS))

    await world.opens(SALES, question, "Tell my side")
    taken = await world.person(SALES).again(question)
    assert "Key Account Manager Retailer A tells it." in words(taken)
    await world.person(OTHER_SALES).press(taken, "Tell my side")
    await world.settle()
    assert "Somebody tells it already." in words(await world.newest(OTHER_SALES))
    assert await world.windows(OTHER_SALES) == 0

    await world.person(SALES).close(await world.screen(SALES))
    await world.opens(SALES, taken, "Tell my side")
    assert await world.submits(SALES, what_happened="They told us at four.") == {}
    assert "Thank you." in words(await world.newest(SALES))
    told = await world.person(OTHER_SALES).again(question)
    assert labels(told) == []
    assert "Key Account Manager Retailer A told it" in words(told)
    assert not any("They told us at four." in text for text in await world.channel(OTHER_SALES))


async def test_rather_not_ends_it_without_a_word_to_the_asker(world: World) -> None:
    card = await world.says(OPERATIONS, "/clash", CLASH)
    await _asks(world, card, whom="person", person=person_id(SALES))
    before = len(await world.chat(OPERATIONS))
    refused = await world.presses(SALES, await world.newest(SALES, None), "Rather not")
    assert "That is fine." in words(refused)
    assert labels(refused) == []
    assert len(await world.chat(OPERATIONS)) == before
    await world.presses(OPERATIONS, card, "Back to the card")
    await _asks(world, await world.person(OPERATIONS).again(card), whom="person", person=person_id(OTHER_SALES))
    assert "asks: how did you see this?" in words(await world.newest(OTHER_SALES, None))


async def test_later_today_shows_it_again_as_often_as_asked(world: World) -> None:
    card = await world.says(OPERATIONS, "/clash", CLASH)
    await _asks(world, card, whom="person", person=person_id(SALES))
    later = await world.presses(SALES, await world.newest(SALES, None), "Later today")
    assert "I show it again on Wed 10 June, 19:0" in words(later)
    assert labels(later) == []
    await world.forward(timedelta(hours=3, minutes=1))
    again = await world.newest(SALES, None)
    assert labels(again) == ["Tell my side", "Later today", "Rather not"]
    await world.presses(SALES, again, "Later today")
    await world.forward(timedelta(hours=3, minutes=1))
    third = await world.newest(SALES, None)
    assert third.ts != again.ts
    assert labels(third) == ["Tell my side", "Later today", "Rather not"]
    await world.presses(OPERATIONS, card, "Withdraw")
    for shown in await world.person(SALES).sees():
        assert labels(shown) == []


async def test_a_question_taken_back_says_so_where_it_was_asked(world: World) -> None:
    card = await world.says(OPERATIONS, "/clash", CLASH)
    await _asks(world, card, whom="person", person=person_id(SALES))
    question = await world.newest(SALES, None)
    form = await world.opens(SALES, question, "Tell my side")
    withdrawn = await world.presses(OPERATIONS, card, "Withdraw")
    assert "The question is withdrawn." in words(withdrawn)
    there = await world.person(SALES).again(question)
    assert "The question was withdrawn; nothing is needed." in words(there)
    assert labels(there) == []
    errors = await world.person(SALES).submit(form, {"what_happened": "Too late, but it stays in the form."})
    assert "This question has ended." in errors["what_happened"]


async def test_after_five_working_days_it_ends_by_itself(world: World) -> None:
    card = await world.says(OPERATIONS, "/clash", CLASH)
    await _asks(world, card, whom="person", person=person_id(SALES))
    question = await world.newest(SALES, None)
    await world.forward(datetime(2026, 6, 17, 23, 50, tzinfo=AMSTERDAM))
    assert labels(await world.person(SALES).again(question))
    await world.forward(datetime(2026, 6, 18, 0, 1, tzinfo=AMSTERDAM))
    ended = await world.person(SALES).again(question)
    assert labels(ended) == []
    assert "This question has ended; the first view stands alone." in words(ended)
    assert world.rows(Ask)[0].state == AskState.EXPIRED


async def test_without_a_name_a_colleague_asks(world: World) -> None:
    card = await world.says(OPERATIONS, "/clash", f"quietly {CLASH}")
    await _asks(world, card, whom="person", person=person_id(SALES))
    asked = words(await world.person(OPERATIONS).again(card))
    assert "Your name is stored nowhere, so I cannot tell you when the answer is there" in asked
    await world.forward(timedelta(hours=1))
    question = await world.newest(SALES, None)
    assert "A colleague of Operations asks" in words(question)
    assert "Plant Manager" not in words(question)
    chats = await world.chat(OPERATIONS)
    await world.opens(SALES, question, "Tell my side")
    await world.submits(SALES, what_happened="They told us at four.")
    assert await world.chat(OPERATIONS) == chats
    entry = world.entry(card)
    assert entry.author_id is None


async def test_words_that_may_not_be_shown_are_not(world: World) -> None:
    card = await world.says(OPERATIONS, "/clash", CLASH)
    await world.opens(OPERATIONS, card, "Ask the other side")
    errors = await world.submits(OPERATIONS, whom="person", person=person_id(DUTCH_SALES), show_words="no")
    assert errors == {"about": "Say in a few words which event it is, or show your words."}
    assert await world.submits(OPERATIONS, about="the Saturday order of Retailer A") == {}
    question = await world.newest(DUTCH_SALES, None)
    assert "vraagt: hoe zag jij dit?" in words(question)
    assert "wo 10 juni · the Saturday order of Retailer A" in words(question)
    assert "football" not in words(question)


async def test_the_form_says_who_cannot_be_asked(world: World) -> None:
    card = await world.says(OPERATIONS, "/clash", CLASH)
    form = await world.opens(OPERATIONS, card, "Ask the other side")
    assert "Anyone in Operations" not in words(form)
    assert await world.submits(OPERATIONS) == {"person": "Choose the person, or anyone of a side above."}
    myself = await world.submits(OPERATIONS, person=person_id(OPERATIONS))
    assert myself == {"person": "That is you. Choose somebody of another side."}
    same = await world.submits(OPERATIONS, person=person_id("M11"))
    assert "They are on the same side as this example." in same["person"]
    unknown = await world.submits(OPERATIONS, person=person_id("NEW"))
    assert "I do not know where they work yet." in unknown["person"]
    assert world.rows(Ask) == []


async def test_nobody_is_asked_twice(world: World) -> None:
    card = await world.says(OPERATIONS, "/clash", CLASH)
    await _asks(world, card, whom="person", person=person_id(SALES))
    back = await world.presses(OPERATIONS, card, "Back to the card")
    await world.person(OPERATIONS).press(back, "Ask the other side")
    await world.settle()
    assert "was asked already" in words(await world.newest(OPERATIONS))
    assert len(await world.chat(SALES)) == 1


async def test_an_example_that_is_undone_takes_its_question_along(world: World) -> None:
    card = await world.says(OPERATIONS, "/clash", CLASH)
    await _asks(world, card, whom="person", person=person_id(SALES))
    question = await world.newest(SALES, None)
    back = await world.presses(OPERATIONS, card, "Back to the card")
    gone = await world.presses(OPERATIONS, back, "Undo")
    assert "nobody else saw it" not in words(gone)
    there = await world.person(SALES).again(question)
    assert labels(there) == []
    assert CLASH not in words(there)


async def test_the_answer_may_be_undone(world: World) -> None:
    card = await world.says(OPERATIONS, "/clash", CLASH)
    await _asks(world, card, whom="person", person=person_id(SALES))
    question = await world.newest(SALES, None)
    await world.opens(SALES, question, "Tell my side")
    await world.submits(SALES, what_happened="They told us at four.")
    gone = await world.presses(SALES, question, "Undo")
    assert "removed" in words(gone)
    window = await world.opens(OPERATIONS, await world.newest(OPERATIONS, None), "Read both sides")
    assert "They told us at four." not in words(window)
    assert "They told us at four." in words(await world.presses(SALES, question, "Put back"))


async def _asks(world: World, card: Message, **fields: object) -> None:
    await world.opens(OPERATIONS, card, "Ask the other side")
    assert await world.submits(OPERATIONS, **fields) == {}
    assert card.channel == CHANNEL


async def test_two_questions_on_one_day_stand_in_one_message(world: World) -> None:
    """What was answered from the list stands beside it; the list stays."""
    first = await world.says(OPERATIONS, "/clash", CLASH)
    await _asks(world, first, whom="person", person=person_id(SALES))
    question = await world.newest(SALES, None)
    second = await world.says(OPERATIONS, "/win", "Three in, three out: the sleeve stock was stable.")
    await _asks(world, second, whom="person", person=person_id(SALES))

    both = await world.person(SALES).again(question)
    assert "2 things" in both.text
    assert words(both).count("Plant Manager Midden asks how you saw it") == 2
    assert labels(both) == ["Tell my side", "Tell my side"]

    await world.opens(SALES, both, "Tell my side")
    assert await world.submits(SALES, what_happened="They told us at four.") == {}
    assert "Thank you." in words(await world.newest(SALES, None))
    assert words(await world.person(SALES).again(question)) == words(both)


async def test_a_question_that_was_answered_keeps_what_joined_it(world: World) -> None:
    """The form was open when the second came."""
    first = await world.says(OPERATIONS, "/clash", CLASH)
    await _asks(world, first, whom="person", person=person_id(SALES))
    question = await world.newest(SALES, None)
    await world.opens(SALES, question, "Tell my side")
    second = await world.says(OPERATIONS, "/win", "Three in, three out: the sleeve stock was stable.")
    await _asks(world, second, whom="person", person=person_id(SALES))
    assert await world.submits(SALES, what_happened="They told us at four.") == {}

    answered = await world.person(SALES).again(question)
    assert "Thank you." in words(answered)
    assert "Plant Manager Midden asks how you saw it" in words(answered)
    assert labels(answered)[-1] == "Tell my side"


async def test_a_question_that_is_withdrawn_leaves_the_other(world: World) -> None:
    first = await world.says(OPERATIONS, "/clash", CLASH)
    await _asks(world, first, whom="person", person=person_id(SALES))
    question = await world.newest(SALES, None)
    second = await world.says(OPERATIONS, "/win", "Three in, three out: the sleeve stock was stable.")
    await _asks(world, second, whom="person", person=person_id(SALES))
    await world.person(OPERATIONS).press(await world.person(OPERATIONS).again(first), "Withdraw")
    await world.settle()

    left = await world.person(SALES).again(question)
    assert "1 thing" in left.text
    assert "The question was withdrawn; nothing is needed." in words(left)
    assert labels(left) == ["Tell my side"]

"""A line in the private chat is an example, with the name: nothing of it is lost, nothing quiet is kept."""

from collections.abc import Sequence

import pytest
from sqlmodel import Session

from bot.domain.chat import Part, Text
from bot.domain.chat_json import from_json
from bot.domain.entry import LONGEST_TEXT
from bot.domain.markup import strip_markup
from bot.services.access import Sender, access_actor
from bot.services.checkins.answering import answer_form
from bot.services.checkins.on_home import my_checkins
from bot.services.checkins.putting_off import skip
from bot.services.checkins.replying import kind_of_reply, set_kind_of_reply
from bot.services.context import Context
from storage.database import Database
from storage.tables import CheckinChoice, CheckinExample, Entry, Outgoing, PulseScore, QuestionType, Source
from tests.services.checkins.answer_world import CHOICE, EXAMPLE, PALLETS, SCORE, AnswerWorld, refusal
from tests.services.checkins.round_world import FRIDAY, THURSDAY, at
from tests.services.entry_world import answer, buttons, fields, words


@pytest.fixture
def world(database: Database) -> AnswerWorld:
    return AnswerWorld(database)


def home_says(world: AnswerWorld, who: str) -> tuple[str, str | None]:
    def read(session: Session, context: Context, sender: Sender) -> Sequence[Part]:
        return my_checkins(session, context, access_actor(session, context, sender))

    (line,) = world.does(who, read)
    assert isinstance(line, Text)
    return strip_markup(line.text), line.button.label if line.button else None


def test_it_is_an_example_with_the_name_and_counts_as_an_answer(world: AnswerWorld) -> None:
    world.ask()
    card = world.replies("els", PALLETS)
    assert card is not None
    (entry,) = world.rows(Entry)
    assert (entry.author_id, entry.source, entry.what_happened) == (world.members["els"].id, Source.CHECKIN, PALLETS)
    assert [told.round_id for told in world.rows(CheckinExample)] == [world.round().id]
    assert (world.turns()["els"].has_answered, world.answered("els")) == (True, "no")
    assert words(card).startswith("Thank you. Your example is in.")
    assert [*buttons(card)] == ["Change kind", "Give the score", f"Example #{entry.ref}", "Ask the other side"]


def test_the_score_follows_from_the_answer_and_only_once(world: AnswerWorld) -> None:
    world.ask()
    card = world.replies("els", PALLETS)
    assert card is not None
    form = world.does("els", answer_form, buttons(card)["Give the score"].value)
    assert [*fields(form)] == [SCORE]
    both = world.sends("els", answer(form, **{SCORE: "3"}))
    assert words(both).startswith("Thank you. Both are in.")
    assert world.answered("els") == "in_time"
    again = answer(world.opens_change("els", both), **{SCORE: "4"})
    world.sends("els", again)
    assert [score.score for score in world.rows(PulseScore)] == [4]


def test_after_a_score_by_form_a_line_in_the_chat_is_one_more_example(world: AnswerWorld) -> None:
    world.ask()
    world.answers("els", **{SCORE: "3", EXAMPLE: PALLETS})
    card = world.replies("els", "The crates came back clean on Wednesday, an hour early.")
    assert card is not None
    assert len(world.rows(CheckinExample)) == 2
    assert not {"Change", "Give the score", "Answer"} & {*buttons(card)}


def test_the_question_takes_the_score_too(world: AnswerWorld) -> None:
    world.ask()
    card = world.replies("els", PALLETS)
    assert card is not None
    form = world.does("els", answer_form, given := buttons(card)["Give the score"].value)
    world.answers("els", **{SCORE: "3"})
    assert refusal(lambda: world.sends("els", answer(form, **{SCORE: "5"}))) == ("checkin_answered", SCORE)
    assert refusal(lambda: world.does("els", answer_form, given)) == ("checkin_answered", None)
    assert [score.score for score in world.rows(PulseScore)] == [3]


def test_quiet_words_are_not_kept(world: AnswerWorld) -> None:
    world.ask()
    for text in (f"quietly {PALLETS}", f"stil {PALLETS}"):
        card = world.replies("els", text)
        assert card is not None
        assert "I did not keep your reply: you wrote quietly." in words(card)
        assert [*buttons(card)] == ["Answer"]
        assert PALLETS not in words(card)
    assert (world.rows(Entry), world.turns()["els"].has_answered) == ([], False)


def test_a_word_of_thanks_is_no_example(world: AnswerWorld) -> None:
    world.ask()
    assert world.replies("els", "thank you") is None
    assert world.rows(Entry) == []


def test_who_was_not_asked_yet_or_never_is_answers_nothing(world: AnswerWorld) -> None:
    world.plan()
    world.run(at(THURSDAY, "08:00"))
    assert world.replies("els", PALLETS) is None
    assert world.replies("fin", PALLETS) is None


def test_a_late_line_is_an_example_of_the_round_that_closed_last(world: AnswerWorld) -> None:
    world.ask()
    world.run(at(FRIDAY, "12:30"))
    card = world.replies("els", PALLETS)
    assert card is not None
    assert words(card).startswith("Thank you. The result of 18 June is already out. Your example is saved.")
    assert world.answered("els") == "late"
    assert not {"Change", "Give the score"} & {*buttons(card)}
    world.now = at(THURSDAY.replace(month=7), "12:00")
    assert world.replies("els", PALLETS) is None


def test_where_more_is_asked_a_line_does_not_stand_for_all_of_it(world: AnswerWorld) -> None:
    world.also_ask(QuestionType.CHOICE)
    world.ask()
    card = world.replies("els", PALLETS)
    assert card is not None
    assert world.turns()["els"].has_answered is False
    assert [*buttons(card)][1] == "Answer"
    form = world.does("els", answer_form, buttons(card)["Answer"].value)
    assert [*fields(form)] == [SCORE, CHOICE]
    whole = world.sends("els", answer(form, **{SCORE: "2", CHOICE: "1"}))
    assert ([tick.option for tick in world.rows(CheckinChoice)], world.answered("els")) == ([1], "in_time")
    (entry,) = world.rows(Entry)
    assert words(whole).startswith("Thank you. Your answers are in.")
    assert f"example #{entry.ref} until the next brief" in words(whole)
    assert f"Example #{entry.ref}" in buttons(whole)


def test_a_check_in_without_an_example_hears_nothing(world: AnswerWorld) -> None:
    world.stop_asking("weekly-2")
    world.ask()
    assert world.replies("els", PALLETS) is None


def test_what_came_of_it_is_told_even_where_slack_refuses_for_a_while(world: AnswerWorld) -> None:
    """It waits with other messages, in the transaction that saved the example; nothing in it changes an answer."""
    world.ask()
    card = world.replies("els", PALLETS)
    assert card is not None
    (row,) = [one for one in world.rows(Outgoing) if one.key.startswith("reply:")]
    assert (row.target_id, from_json(row.message or {})) == (world.members["els"].external_id, card)
    assert PALLETS not in str(row.message)
    assert [len(button.value.split()) for button in buttons(card).values()] == [2, 2, 1, 1]


def test_what_was_written_quietly_waits_nowhere(world: AnswerWorld) -> None:
    world.ask()
    before = len(world.rows(Outgoing))
    assert world.replies("els", f"quietly {PALLETS}") is not None
    assert len(world.rows(Outgoing)) == before


def test_quiet_words_after_an_answer_are_sent_to_no_form_that_refuses_them(world: AnswerWorld) -> None:
    world.ask()
    world.answers("els", **{SCORE: "3"})
    assert world.replies("els", f"quietly {PALLETS}") is None


def test_the_home_waits_for_the_score_only(world: AnswerWorld) -> None:
    world.ask()
    world.replies("els", PALLETS)
    assert home_says(world, "els") == ("Check-in · answered", "Give the score")
    world.answers("els", **{SCORE: "3"})
    assert home_says(world, "els") == ("Check-in · answered; your score is stored with your side, not your name", None)


def test_its_kind_is_chosen_on_the_card(world: AnswerWorld) -> None:
    world.ask()
    card = world.replies("els", "The crates came back clean on Wednesday, an hour early.")
    assert card is not None
    kinds = world.does("els", kind_of_reply, buttons(card)["Change kind"].value)
    assert [*buttons(kinds)] == ["Clash", "Went well", "Not so well", "Improve", "Back"]
    assert words(world.does("els", set_kind_of_reply, buttons(kinds)["Back"].value)) == words(card)
    changed = world.does("els", set_kind_of_reply, buttons(kinds)["Went well"].value)
    assert world.rows(Entry)[0].kind == "went_well"
    assert "Went well · with your name" in words(changed)
    assert [*buttons(changed)] == [*buttons(card)]


def test_a_text_that_is_too_long_is_said_to_be(world: AnswerWorld) -> None:
    world.ask()
    card = world.replies("els", "so long " * LONGEST_TEXT)
    assert card is not None
    assert "longer than I can keep whole" in words(card)
    assert (world.rows(Entry), world.turns()["els"].has_answered) == ([], False)


def test_a_question_to_the_bot_is_no_example(world: AnswerWorld) -> None:
    world.ask()
    assert world.replies("els", "Where do I change my time zone?") is None


def test_after_the_close_only_who_has_not_answered_is_taken_for_late(world: AnswerWorld) -> None:
    world.ask()
    world.answers("els", **{SCORE: "3"})
    world.run(at(FRIDAY, "12:30"))
    assert world.replies("els", PALLETS) is None
    world.now = at(FRIDAY.replace(day=22), "12:30")
    assert world.replies("olaf", PALLETS) is None
    world.now = at(FRIDAY.replace(day=22), "11:30")
    assert world.replies("olaf", PALLETS) is not None
    assert world.replies("olaf", PALLETS) is None
    assert len(world.rows(CheckinExample)) == 1


def test_who_skipped_is_left_in_peace(world: AnswerWorld) -> None:
    world.ask()
    world.does("els", skip, world.round().id)
    assert world.replies("els", PALLETS) is None

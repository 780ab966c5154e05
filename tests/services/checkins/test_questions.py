"""The questions of a check-in are added, put in other words, ordered and taken out; what was answered stays."""

from collections.abc import Callable
from typing import Any

import pytest

from bot.domain.chat import Message
from bot.domain.errors import Refused
from bot.services.checkins import changing, questions
from bot.services.checkins.planning import run_now
from storage.checkins import list_questions
from storage.database import Database
from storage.tables import (
    Checkin,
    CheckinChoice,
    CheckinQuestion,
    CheckinRound,
    PulseQuestion,
    QuestionType,
    RoundState,
    Workspace,
)
from tests.builders import WORKSPACE, a_context
from tests.services.entry_world import EntryWorld, answer, build_world, buttons, fields, words

PLAN = {"type": "choice", "text": "Is the plan clear?", "options": "Yes\nPartly\nNo"}
WEEKLY = "How well did Sales and Operations work together this week?"


@pytest.fixture
def world(database: Database) -> EntryWorld:
    world = build_world(database)
    world.does("lead", changing.start_weekly)
    return world


def checkin(world: EntryWorld) -> Checkin:
    (found,) = world.rows(Checkin)
    return found


def asked(world: EntryWorld) -> list[CheckinQuestion]:
    with world.database.snapshot() as session:
        return list(list_questions(session, checkin(world).id))


def texts(world: EntryWorld) -> list[str]:
    return [one.text for one in asked(world)]


def add(world: EntryWorld, who: str = "lead", **values: Any) -> Message:
    form = world.does("lead", questions.new_question_form, checkin(world).id)
    return world.does(who, questions.save_question, world.request(), answer(form, **values))


def change(world: EntryWorld, question: CheckinQuestion, **values: Any) -> Message:
    form = world.does("lead", questions.question_form, question.id)
    return world.does("lead", questions.save_question, world.request(), answer(form, **values))


def called(world: EntryWorld, text: str) -> CheckinQuestion:
    return next(one for one in asked(world) if one.text == text)


def run(world: EntryWorld) -> CheckinRound:
    with world.database.transaction() as session:
        workspace, held = session.get_one(Workspace, WORKSPACE), session.get_one(Checkin, checkin(world).id)
        round_ = run_now(session, a_context(world.now), workspace, held)
        assert round_
        return round_


def close(world: EntryWorld, round_: CheckinRound) -> None:
    with world.database.transaction() as session:
        session.get_one(CheckinRound, round_.id).state = RoundState.CLOSED


def tick(world: EntryWorld, round_: CheckinRound, question: CheckinQuestion, option: int) -> None:
    """Somebody of sales ticked that."""
    with world.database.transaction() as session:
        session.add(CheckinChoice(id="c1", round_id=round_.id, question_id=question.id, side="sales", option=option))


# Adding


def test_a_question_is_added_at_the_end_or_where_it_belongs(world: EntryWorld) -> None:
    first, second = texts(world)
    add(world, **PLAN)
    assert texts(world) == [first, second, "Is the plan clear?"]

    page = words(add(world, text="What do you need?", place="2"))
    assert texts(world) == [first, "What do you need?", second, "Is the plan clear?"]
    assert "2 What do you need? · short text" in page


def test_choices_stand_one_a_line_and_in_dutch_beside_them(world: EntryWorld) -> None:
    add(
        world,
        **PLAN | {"options": " Yes \n\nNo\nYes"},
        text_nl="Is het plan helder?",
        options_nl="Ja\nNee",
        required="yes",
    )

    question = called(world, "Is the plan clear?")
    assert (question.options, question.options_nl) == (["Yes", "No"], ["Ja", "Nee"])
    assert (question.text_nl, question.required, question.pulse_key) == ("Is het plan helder?", True, None)


def test_another_scale_is_a_pulse_of_its_own_and_never_the_weekly_one(world: EntryWorld) -> None:
    add(world, type="scale", text="How calm was it?", options="hectic\ncalm")

    weekly, own = called(world, WEEKLY), called(world, "How calm was it?")
    assert weekly.pulse_key != own.pulse_key
    scale = next(one for one in world.rows(PulseQuestion) if one.key == own.pulse_key)
    assert (scale.text, scale.lowest_words, scale.highest_words) == ("How calm was it?", "hectic", "calm")
    first = min(world.rows(PulseQuestion), key=lambda one: one.position)
    assert first.key == weekly.pulse_key


@pytest.mark.parametrize(
    ("values", "sentence", "field"),
    [
        ({"text": " "}, "checkin_question_empty", "text"),
        (PLAN | {"options": "Yes"}, "checkin_options_few", "options"),
        (PLAN | {"type": "multi", "options": None}, "checkin_options_few", "options"),
        (PLAN | {"options": "\n".join(map(str, range(11)))}, "checkin_options_many", "options"),
        (PLAN | {"options": f"Yes\n{'n' * 76}"}, "checkin_option_long", "options"),
        (PLAN | {"options_nl": "Ja\nNee"}, "checkin_options_differ", "options_nl"),
        ({"type": "scale", "text": "How calm?", "options": "calm"}, "checkin_ends", "options"),
        ({"type": "text", "text": "What?", "options": "Yes\nNo"}, "checkin_options_not_here", "options"),
        ({"type": "example", "text": "Another one?"}, "checkin_one_example", "type"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field_and_nothing_is_added(
    world: EntryWorld, values: dict[str, Any], sentence: str, field: str
) -> None:
    before = texts(world)
    with pytest.raises(Refused, match=sentence) as refused:
        add(world, **values)
    assert (refused.value.field, texts(world)) == (field, before)


def test_there_are_no_more_than_fit_into_two_minutes(world: EntryWorld) -> None:
    form = world.does("lead", questions.new_question_form, checkin(world).id)
    for number in range(4):
        add(world, text=f"Question {number}?")

    with pytest.raises(Refused, match="checkin_questions_many"):
        world.does("lead", questions.new_question_form, checkin(world).id)
    with pytest.raises(Refused, match="checkin_questions_many"):  # a form that was open before
        world.does("lead", questions.save_question, world.request(), answer(form, text="One more?"))


# Changing


def test_the_form_opens_as_it_stands_and_saved_unchanged_changes_nothing(world: EntryWorld) -> None:
    add(world, **PLAN, text_nl="Is het plan helder?", options_nl="Ja\nDeels\nNee", required="yes")
    for question in asked(world):
        change(world, question)
        assert called(world, question.text).model_dump() == question.model_dump()


def test_in_better_words_it_is_the_same_question_and_so_is_its_pulse(world: EntryWorld) -> None:
    before = called(world, WEEKLY)
    change(world, before, text="How well did we do?", text_nl="Hoe ging het?")

    after = called(world, "How well did we do?")
    assert (after.id, after.pulse_key) == (before.id, before.pulse_key)
    (scale,) = world.rows(PulseQuestion)
    assert (scale.text, scale.text_nl) == ("How well did we do?", "Hoe ging het?")


def test_the_kind_of_a_question_stays(world: EntryWorld) -> None:
    form = world.does("lead", questions.question_form, called(world, WEEKLY).id)
    assert "type" not in fields(form)
    change(world, called(world, WEEKLY), type="text")
    assert called(world, WEEKLY).type is QuestionType.SCALE


def test_with_other_choices_it_is_another_question_and_what_was_answered_stays(world: EntryWorld) -> None:
    add(world, **PLAN)
    before = called(world, "Is the plan clear?")
    round_ = run(world)
    tick(world, round_, before, 2)
    close(world, round_)

    change(world, before, options="No\nPartly\nYes")

    after = called(world, "Is the plan clear?")
    assert after.id != before.id
    old = next(one for one in world.rows(CheckinQuestion) if one.id == before.id)
    assert (old.options[world.rows(CheckinChoice)[0].option], old.position) == ("No", None)
    assert [one.position for one in asked(world)] == [0, 1, 2]


def test_a_choice_added_at_the_end_is_of_the_same_question(world: EntryWorld) -> None:
    add(world, **PLAN)
    before = called(world, "Is the plan clear?")
    close(world, run(world))

    change(world, before, options="Yes\nPartly\nNo\nI do not know")
    assert called(world, "Is the plan clear?").id == before.id


def test_they_are_put_in_another_order(world: EntryWorld) -> None:
    first, second = asked(world)
    change(world, second, place="1")
    assert texts(world) == [second.text, first.text]


def test_one_is_taken_out_and_put_back_where_it_stood(world: EntryWorld) -> None:
    add(world, **PLAN)
    before = [one.model_dump() for one in asked(world)]
    page = change(world, asked(world)[1], place="out")
    assert [one.id for one in asked(world)] == [before[0]["id"], before[2]["id"]]
    assert "Earlier answers stay." in words(page)

    world.does("lead", changing.undo_change, buttons(page)["Undo"].value)
    assert [one.model_dump() for one in asked(world)] == before


def test_the_last_question_stays(world: EntryWorld) -> None:
    first, second = asked(world)
    change(world, second, place="out")
    with pytest.raises(Refused, match="checkin_last_question") as refused:
        change(world, first, place="out")
    assert refused.value.field == "place"


def test_undo_takes_the_pulse_back_to_its_words_too(world: EntryWorld) -> None:
    page = change(world, called(world, WEEKLY), text="How well did we do?")
    world.does("lead", changing.undo_change, buttons(page)["Undo"].value)
    (scale,) = world.rows(PulseQuestion)
    assert scale.text == WEEKLY


def test_a_later_change_of_somebody_else_is_not_undone(world: EntryWorld) -> None:
    old = buttons(change(world, called(world, WEEKLY), text="First words?"))["Undo"].value
    change(world, called(world, "First words?"), text="Second words?")
    with pytest.raises(Refused, match="checkin_changed_since"):
        world.does("lead", changing.undo_change, old)
    assert "Second words?" in texts(world)


# While a round runs


def test_while_a_round_runs_only_words_and_order_change(world: EntryWorld) -> None:
    add(world, **PLAN)
    page = add(world, text="What do you need?")
    plan = called(world, "Is the plan clear?")
    round_ = run(world)

    refused: tuple[Callable[[], Message], ...] = (
        lambda: add(world, text="And this?"),
        lambda: change(world, plan, place="out"),
        lambda: change(world, plan, options="No\nYes"),
        lambda: world.does("lead", changing.undo_change, buttons(page)["Undo"].value),
    )
    for attempt in refused:
        with pytest.raises(Refused, match="checkin_questions_run"):
            attempt()
    change(world, plan, text="Is the plan clear to you?", place="1")
    assert texts(world)[0] == "Is the plan clear to you?"

    close(world, round_)
    add(world, text="And this?")
    assert texts(world)[-1] == "And this?"


def test_a_choice_that_was_offered_is_not_taken_back_by_undo(world: EntryWorld) -> None:
    add(world, **PLAN)
    page = change(world, called(world, "Is the plan clear?"), options="Yes\nPartly\nNo\nI do not know")
    close(world, run(world))

    with pytest.raises(Refused, match="checkin_changed_since"):
        world.does("lead", changing.undo_change, buttons(page)["Undo"].value)
    assert called(world, "Is the plan clear?").options[3] == "I do not know"


# Who may


def test_it_is_for_facilitators(world: EntryWorld) -> None:
    question = called(world, WEEKLY)
    for use_case, value in (
        (questions.list_questions_card, checkin(world).id),
        (questions.new_question_form, checkin(world).id),
        (questions.question_form, question.id),
    ):
        with pytest.raises(Refused, match="facilitators_only"):
            world.does("sam", use_case, value)
    with pytest.raises(Refused, match="facilitators_only"):
        add(world, who="sam", **PLAN)


def test_one_that_is_gone_says_so(world: EntryWorld) -> None:
    first, second = asked(world)
    form = world.does("lead", questions.question_form, second.id)
    change(world, second, place="out")

    with pytest.raises(Refused, match="checkin_question_gone"):
        world.does("lead", questions.question_form, second.id)
    with pytest.raises(Refused, match="checkin_question_gone"):
        world.does("lead", questions.save_question, world.request(), answer(form))
    with pytest.raises(Refused, match="checkin_question_gone"):
        world.does("lead", questions.question_form, "nothing")
    assert texts(world) == [first.text]

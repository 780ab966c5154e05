"""What is typed into the forms of a check-in: understood, or refused beside its field with the cure."""

from datetime import time

import pytest

from bot.domain.chat import Submission
from bot.domain.checkin.questions import options_of, text_of
from bot.domain.checkin.settings import (
    LONGEST_OPTION,
    Openness,
    Rhythm,
    Wording,
    read_name,
    read_rhythm,
    read_window,
    read_wording,
)
from bot.domain.errors import Refused
from storage.tables import CheckinQuestion, QuestionType

TEN = time(10)


def wording(**values: str) -> Wording:
    return read_wording(Submission("checkin.question_save", {"text": "How was it?", **values}, {}), None)


def refused_at(field: str, sentence: str, **values: str) -> None:
    with pytest.raises(Refused, match=f"^{sentence}$") as refused:
        wording(**values)
    assert refused.value.field == field


@pytest.mark.parametrize(
    ("typed", "rhythm"),
    [
        ("every Thursday 10:00", Rhythm("every Thursday", TEN)),
        ("elke donderdag 8:00", Rhythm("every Thursday", time(8))),
        ("last Friday 17:00", Rhythm("last Friday", time(17))),
        ("every two weeks on Monday", Rhythm("every two weeks on Monday", TEN)),
        ("  ", Rhythm(None, TEN)),
    ],
)
def test_a_rhythm_is_read_in_both_languages_and_without_a_time_keeps_the_one_it_had(typed: str, rhythm: Rhythm) -> None:
    assert read_rhythm(typed, TEN) == rhythm


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("every Thursday 7:59", "checkin_hours"),
        ("every Thursday 17:01", "checkin_hours"),
        ("once 10:00", "checkin_once"),
        ("now and then", "checkin_rule_unknown"),
    ],
)
def test_a_rhythm_outside_everybodys_hours_or_of_one_day_is_refused(typed: str, sentence: str) -> None:
    with pytest.raises(Refused, match=f"^{sentence}$") as refused:
        read_rhythm(typed, TEN)
    assert refused.value.field == "rule"


def test_a_window_of_the_same_day_leaves_an_hour_at_least() -> None:
    assert read_window("0", "11:00", "75", TEN) == Openness(0, time(11), 75)
    assert read_window("1", "9", "no", TEN) == Openness(1, time(9), None)
    for closes in ("10:59", "9:00"):
        with pytest.raises(Refused, match=r"^checkin_closes_early$") as refused:
            read_window("0", closes, "75", TEN)
        assert refused.value.field == "close_at"
    with pytest.raises(Refused, match=r"^time_unknown$") as refused:
        read_window("1", "noon-ish", "75", TEN)
    assert refused.value.field == "close_at"


def test_a_name_is_one_line_and_never_empty() -> None:
    assert read_name("  After \n the promotion ") == "After the promotion"
    with pytest.raises(Refused, match=r"^checkin_name_empty$"):
        read_name(" \n ")


def test_choices_stand_one_a_line_each_once() -> None:
    read = wording(type="choice", options=" Yes \n\nNo\nYes", options_nl="Ja\nNee", required="yes", text_nl=" ")
    assert (read.options, read.options_nl, read.required, read.text_nl) == (["Yes", "No"], ["Ja", "Nee"], True, None)


def test_what_does_not_belong_to_its_kind_is_refused_beside_its_field() -> None:
    refused_at("text", "checkin_question_empty", text=" ")
    refused_at("options", "checkin_options_not_here", type="text", options="Yes\nNo")
    refused_at("options", "checkin_options_not_here", type="example", options="Yes")
    refused_at("options", "checkin_ends", type="scale", options="good")
    refused_at("options", "checkin_options_few", type="multi", options="Yes\nYes")
    refused_at("options", "checkin_options_many", type="choice", options="\n".join(map(str, range(11))))
    refused_at("options_nl", "checkin_options_differ", type="choice", options="Yes\nNo", options_nl="Ja")
    long = "x" * (LONGEST_OPTION + 1)
    refused_at("options", "checkin_option_long", type="choice", options=f"Yes\n{long}")
    refused_at("options_nl", "checkin_option_long", type="choice", options="Yes\nNo", options_nl=f"Ja\n{long}")


def test_a_scale_may_say_what_its_ends_mean() -> None:
    assert wording(type="scale").options == []
    assert wording(type="scale", options="not at all\nfully").options == ["not at all", "fully"]


def test_everybody_reads_their_own_language_where_there_is_one() -> None:
    question = CheckinQuestion(
        id="q",
        workspace_id="w",
        checkin_id="c",
        position=0,
        type=QuestionType.CHOICE,
        text="Was it?",
        text_nl="Was het zo?",
        options=["Yes", "No"],
        options_nl=["Ja", "Nee"],
    )
    assert (text_of(question, "nl"), options_of(question, "nl")) == ("Was het zo?", ("Ja", "Nee"))
    assert (text_of(question, "en"), options_of(question, "en")) == ("Was it?", ("Yes", "No"))
    question.text_nl, question.options_nl = None, []
    assert (text_of(question, "nl"), options_of(question, "nl")) == ("Was it?", ("Yes", "No"))

"""A form that was sent comes back as it was, with what was entered."""

from datetime import date
from typing import Any

import pytest

from bot.domain.chat import (
    ChannelField,
    ChoiceField,
    DateField,
    Field,
    Form,
    Option,
    PeopleField,
    PersonField,
    TextField,
    Values,
)
from bot.platforms.slack_forms import parse_submission, render_form
from bot.platforms.slack_views import filled_again, with_line
from bot.playground.inputs import initial_state
from bot.playground.limits import check_view

KINDS = (Option("clash", "Clash"), Option("went_well", "Went well"))
FIELDS: tuple[tuple[Field, Field, Any], ...] = (
    (TextField("it", "What?"), TextField("it", "What?", initial="two\nlines & <more>"), "two\nlines & <more>"),
    (TextField("it", "What?", initial="before"), TextField("it", "What?", initial="after"), "after"),
    (ChoiceField("it", "Kind", KINDS), ChoiceField("it", "Kind", KINDS, initial="went_well"), "went_well"),
    (
        ChoiceField("it", "Kind", KINDS, initial="clash", shown_open=True),
        ChoiceField("it", "Kind", KINDS, initial="went_well", shown_open=True),
        "went_well",
    ),
    (PersonField("it", "Who?"), PersonField("it", "Who?", initial="U1"), "U1"),
    (PeopleField("it", "Who?"), PeopleField("it", "Who?", initial=("U1", "U2")), ("U1", "U2")),
    (ChannelField("it", "Where?"), ChannelField("it", "Where?", initial="C1"), "C1"),
    (DateField("it", "When?"), DateField("it", "When?", initial=date(2026, 6, 11)), date(2026, 6, 11)),
    (TextField("it", "What?", initial="before"), TextField("it", "What?"), None),
)


def form(*fields: Field) -> dict[str, Any]:
    return render_form(Form("entry.save", "What happened?", "Save", "Cancel", fields, payload={"return": "x"}))


def sent(shown: dict[str, Any], entered: dict[str, Any]) -> dict[str, Any]:
    """As Slack sends it: with its own ids, and everything that is in it."""
    ours = {**shown, "id": "V1", "hash": "1.a", "team_id": "T1", "external_id": "", "root_view_id": "V1"}
    return {**ours, "state": {"values": initial_state(entered["blocks"])}}


def values(view: dict[str, Any]) -> Values:
    return parse_submission({**view, "state": {"values": initial_state(view["blocks"])}}).values


@pytest.mark.parametrize(("shown", "entered", "value"), FIELDS)
def test_what_was_entered_is_in_it_again(shown: Field, entered: Field, value: object) -> None:
    again = filled_again(sent(form(shown), form(entered)), {"it": "One line is enough."})
    check_view(again, "modal")
    assert values(again).get("it") == value
    assert parse_submission({**again, "state": {"values": {}}}).payload == {"return": "x"}


def test_the_sentence_stands_on_top_and_names_its_field() -> None:
    view = form(TextField("it", "What *happened*?"))
    again = filled_again(sent(view, view), {"it": "One line_is_enough."})
    said, field = again["blocks"]
    assert [run["text"] for run in said["elements"][0]["elements"]] == ["What *happened*?", " One line_is_enough."]
    assert field["block_id"] == "it"


def test_a_second_sentence_takes_the_place_of_the_first() -> None:
    view = form(TextField("it", "What?"))
    once = filled_again(sent(view, view), {"it": "The first."})
    twice = filled_again(sent(once, once), {"it": "The second."})
    assert len(twice["blocks"]) == 2
    assert "The second." in str(twice["blocks"][0])


def test_a_line_keeps_all_that_stands_below_it() -> None:
    view = form(TextField("it", "What?"))
    lined = with_line(sent(view, view), "One moment.")
    check_view(lined, "modal")
    assert lined["blocks"][1:] == view["blocks"]
    assert {name: lined[name] for name in ("title", "submit", "callback_id")} == {
        name: view[name] for name in ("title", "submit", "callback_id")
    }

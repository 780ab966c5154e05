"""Forms as modals, and what a person entered."""

from datetime import date
from typing import Any

import pytest
from syrupy.assertion import SnapshotAssertion

from bot.domain.chat import (
    ChannelField,
    ChoiceField,
    DateField,
    Field,
    Form,
    MultiChoiceField,
    Option,
    PeopleField,
    PersonField,
    TextField,
)
from bot.platforms.slack_forms import field_errors, parse_submission, render_form
from bot.playground.inputs import initial_state
from tests.platforms.slack_limits import refusals

KINDS = (
    Option("clash", "Clash"),
    Option("win", "Went well"),
    Option("side", "Only my side", "your name is stored nowhere"),
)
WHAT_HAPPENED = Form(
    action="entry.save",
    title="What happened?",
    submit="Save",
    close="Cancel",
    notice="From #noord-planning, 10 June, 16:42. **The link is kept.**",
    payload={"draft": "d1"},
    fields=(
        TextField("text", "What happened?", "One example is enough.", required=True, initial="a & b", multiline=True),
        ChoiceField("kind", "Kind", KINDS, required=True, initial="clash", shown_open=True),
        ChoiceField("tension", "Tension", KINDS, initial="win"),
        ChoiceField("objective", "Objective", ()),
        PersonField("whom", "Whom shall I ask?", initial="U2"),
        PeopleField("invited", "Who is invited?", initial=("U1", "U2")),
        ChannelField("posts", "Where do posts go?", initial="C1"),
        DateField("due", "Due", initial=date(2026, 6, 12)),
    ),
)


def a_form(*fields: Field, **over: Any) -> Form:
    return Form(**{"action": "entry.save", "title": "T", "submit": "S", "close": "C", "fields": fields} | over)


def submitted(form: Form, **entered: dict[str, Any]) -> dict[str, Any]:
    """The view as Slack sends it: the full state, initial values of untouched inputs included."""
    view = render_form(form)
    state = initial_state(view["blocks"])
    for name, value in entered.items():
        state[name]["value"].update(value)
    return view | {"id": "V1", "hash": "1.h", "state": {"values": state}}


def test_a_form_as_a_modal(snapshot: SnapshotAssertion) -> None:
    view = render_form(WHAT_HAPPENED)

    assert view == snapshot
    assert refusals(view) == []


def test_an_untouched_form_comes_back_with_what_was_filled_in() -> None:
    answer = parse_submission(submitted(WHAT_HAPPENED))

    assert answer.action == "entry.save"
    assert answer.payload == {"draft": "d1"}
    assert answer.values == {
        "text": "a & b",
        "kind": "clash",
        "tension": "win",
        "whom": "U2",
        "invited": ("U1", "U2"),
        "posts": "C1",
        "due": date(2026, 6, 12),
    }


def test_what_was_emptied_is_missing() -> None:
    answer = parse_submission(
        submitted(
            WHAT_HAPPENED,
            text={"value": " \n"},
            tension={"selected_option": None},
            whom={"selected_user": None},
            invited={"selected_users": []},
            posts={"selected_conversation": None},
            due={"selected_date": None},
        )
    )

    assert answer.values == {"kind": "clash"}
    assert answer.text("text") == ""
    assert answer.people("invited") == ()
    assert answer.day("due") is None


def test_people_come_back_in_the_order_they_were_chosen() -> None:
    answer = parse_submission(submitted(WHAT_HAPPENED, invited={"selected_users": ["U3", "U1"]}))

    assert answer.people("invited") == ("U3", "U1")
    assert answer.text("invited") == ""


@pytest.mark.parametrize(("count", "element"), [(10, "checkboxes"), (11, "multi_static_select")])
def test_of_several_all_that_were_ticked_come_back(count: int, element: str) -> None:
    options = tuple(Option(str(number), f"Option {number}") for number in range(count))
    form = a_form(MultiChoiceField("days", "Days", options, initial=("3", "1", "3", "gone"), shown_open=True))
    assert render_form(form)["blocks"][0]["element"]["type"] == element
    assert refusals(render_form(form)) == []
    assert parse_submission(submitted(form)).choices("days") == ("3", "1")
    chosen = [{"text": {"type": "plain_text", "text": "Option 2"}, "value": "2"}]
    assert parse_submission(submitted(form, days={"selected_options": chosen})).choices("days") == ("2",)
    assert parse_submission(submitted(form, days={"selected_options": []})).choices("days") == ()


def test_of_several_without_options_nothing_is_asked() -> None:
    assert render_form(a_form(MultiChoiceField("days", "Days", ())))["blocks"] == []


def test_what_was_typed_arrives_as_typed_but_for_what_no_database_takes() -> None:
    typed = " “smart” 😀\r\n*x* <!channel> &amp; \x00"

    assert parse_submission(submitted(WHAT_HAPPENED, text={"value": typed})).values["text"] == (
        " “smart” 😀\n*x* <!channel> &amp; "
    )


def test_a_choice_shown_open_becomes_a_list_when_it_has_more_than_ten() -> None:
    options = tuple(Option(str(n), f"Option {n}") for n in range(11))

    few, many = (
        render_form(a_form(ChoiceField("kind", "Kind", options[:count], shown_open=True)))["blocks"][0]["element"][
            "type"
        ]
        for count in (10, 11)
    )

    assert (few, many) == ("radio_buttons", "static_select")


def test_what_is_too_long_is_cut_and_never_refused() -> None:
    long = "word " * 1000
    form = a_form(
        TextField("text", long, long, initial=long),
        TextField("short", "Short", initial=long, max_length=50),
        ChoiceField("kind", "Kind", tuple(Option(str(n), long, long) for n in range(130)), initial="3"),
        title=long,
        submit=long,
        close=long,
        notice=long,
    )

    view = render_form(form)

    assert refusals(view) == []
    assert len(view["blocks"][-3]["element"]["initial_value"]) == 3000
    assert len(view["blocks"][-1]["element"]["options"]) == 100


def test_a_payload_that_cannot_be_carried_is_a_programmers_error() -> None:
    assert refusals(render_form(a_form(payload={"draft": "d" * 2980}))) == []
    with pytest.raises(ValueError, match=r"payload of form 'entry\.save' takes 3012 characters"):
        render_form(a_form(payload={"draft": "d" * 3000}))


@pytest.mark.parametrize("value", ["", "v" * 151])
def test_an_option_value_that_cannot_be_carried_is_a_programmers_error(value: str) -> None:
    with pytest.raises(ValueError, match="1 to 150 characters"):
        render_form(a_form(ChoiceField("kind", "Kind", (Option(value, "Kind"),))))


def test_errors_stand_beside_their_fields() -> None:
    assert field_errors({"text": "One line is enough: what happened?"}) == {
        "response_action": "errors",
        "errors": {"text": "One line is enough: what happened?"},
    }

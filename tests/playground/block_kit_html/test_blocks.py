"""Block Kit as HTML: every block and element, filled in as Slack would, each value inside its own control."""

from typing import Any

import pytest
from hypothesis import given

from tests.playground.block_kit_html.drawing import (
    NASTY,
    RENDERER,
    a_canvas,
    an_input,
    an_option,
    drawn,
    plain,
)


def test_a_section_shows_its_text_fields_and_accessory() -> None:
    seen = drawn({
        "type": "section", "block_id": "s", "text": {"type": "mrkdwn", "text": "*Due*"},
        "fields": [plain("Partner"), {"type": "mrkdwn", "text": "_Planner_"}],
        "accessory": {"type": "button", "action_id": "open", "text": plain("Open"), "value": "7", "style": "primary"},
    })  # fmt: skip
    assert "Due" in seen.text
    assert "Partner" in seen.text
    assert {"strong", "em"} <= {tag for tag, _ in seen.tags}
    assert seen.first("button") == {"type": "button", "class": "button primary", "data-press": None, "data-value": "7"}


def test_a_button_with_an_address_is_a_link_that_is_pressed_too() -> None:
    button = {"type": "button", "action_id": "a", "text": plain("Read"), "url": "https://a.nl/"}
    link = drawn({"type": "actions", "elements": [button]}).first("a")
    assert (link["href"], "data-press" in link) == ("https://a.nl/", True)
    unsafe = drawn({"type": "actions", "elements": [{**button, "url": "javascript:alert(1)"}]})
    assert not unsafe.all("a")


def test_a_confirmation_waits_in_a_template() -> None:
    confirm = {"title": plain("Remove?"), "text": plain("It goes."), "confirm": plain("Remove"), "deny": plain("Keep")}
    seen = drawn(
        {"type": "actions", "elements": [{"type": "button", "action_id": "a", "text": plain("x"), "confirm": confirm}]}
    )
    assert "data-confirm" in seen.first("template")
    assert "Remove?It goes.KeepRemove" in seen.text


@pytest.mark.parametrize(
    ("block", "tag"),
    [
        ({"type": "header", "text": plain("Brief")}, "h3"),
        ({"type": "divider"}, "hr"),
        ({"type": "context", "elements": [plain("small")]}, "span"),
        ({"type": "image", "image_url": "https://a.nl/x.png", "alt_text": "chart", "title": plain("Chart")}, "img"),
    ],
)
def test_each_block_has_its_element(block: dict[str, Any], tag: str) -> None:
    assert drawn(block).all(tag)


def test_an_unknown_block_says_so_instead_of_vanishing() -> None:
    assert "A block of type carousel is not shown here." in drawn({"type": "carousel"}).text


def test_rich_text_nests_styles_and_lists() -> None:
    text = {"type": "text", "text": "both", "style": {"bold": True, "italic": True}}
    html = str(RENDERER.blocks([{"type": "rich_text", "elements": [
        {"type": "rich_text_section", "elements": [text, {"type": "user", "user_id": "U1"}]},
        {"type": "rich_text_list", "style": "ordered", "elements": [{"type": "rich_text_section", "elements": [text]}]},
        {"type": "rich_text_quote", "elements": [{"type": "link", "url": "javascript:x", "text": "bad"}]},
        {"type": "rich_text_preformatted", "elements": [{"type": "text", "text": "<raw>"}]},
    ]}], a_canvas()))  # fmt: skip
    assert "<em><strong>both</strong></em>" in html
    assert '<ol class="indent-0"><li><em><strong>both</strong></em></li></ol>' in html
    assert "<blockquote>bad</blockquote>" in html
    assert "<pre>&lt;raw&gt;</pre>" in html
    assert "@Account Manager North" in html


def test_a_field_names_its_label_hint_and_future_error() -> None:
    seen = drawn(an_input({"type": "plain_text_input"}, hint=plain("When, where")))
    control, label, hint = seen.first("input"), seen.first("label"), seen.first("p")
    assert label["for"] == control["id"]
    assert control["aria-describedby"] == f"{hint['id']} {control['id']}-error"
    assert "required" in control
    assert "required" not in drawn(an_input({"type": "plain_text_input"}, optional=True)).first("input")


def test_a_dutch_reader_sees_dutch_words_around_a_form() -> None:
    block = an_input({"type": "users_select"}, optional=True)
    html = str(RENDERER.blocks([block], a_canvas(locale="nl-NL")))
    assert "(optioneel)" in html
    assert ">Kies</option>" in html
    assert a_canvas(locale="nl-NL").replies(2) == "2 antwoorden"
    assert a_canvas(locale="de-DE").replies(1) == "1 reply"


def test_a_group_is_named_by_its_label() -> None:
    seen = drawn(an_input({"type": "radio_buttons", "options": [an_option("a", description="first")]}))
    group = next(attributes for _, attributes in seen.tags if attributes.get("role") == "radiogroup")
    assert group["aria-labelledby"] == seen.first("span")["id"]
    assert seen.first("input")["aria-describedby"] == seen.first("small")["id"]


OPTIONS = [an_option("a"), an_option("b")]
GROUPS = [{"label": plain("g"), "options": OPTIONS}]


@pytest.mark.parametrize(
    ("element", "tag", "mark", "value"),
    [
        ({"type": "plain_text_input", "initial_value": "old"}, "input", "value", "old"),
        ({"type": "number_input", "is_decimal_allowed": False, "initial_value": "4"}, "input", "value", "4"),
        ({"type": "datepicker", "initial_date": "2026-06-12"}, "input", "value", "2026-06-12"),
        ({"type": "timepicker", "initial_time": "09:30"}, "input", "value", "09:30"),
        ({"type": "datetimepicker", "initial_date_time": 1781100000}, "input", "value", "2026-06-10T16:00"),
        ({"type": "external_select", "initial_option": OPTIONS[1]}, "input", "value", "B"),
    ],
)
def test_initial_values_are_filled_in(element: dict[str, Any], tag: str, mark: str, value: str) -> None:
    assert drawn(an_input(element)).first(tag)[mark] == value


@pytest.mark.parametrize(
    ("element", "chosen"),
    [
        ({"type": "static_select", "options": OPTIONS, "initial_option": OPTIONS[1]}, ["b"]),
        ({"type": "static_select", "option_groups": GROUPS, "initial_option": OPTIONS[0]}, ["a"]),
        ({"type": "radio_buttons", "options": OPTIONS, "initial_option": OPTIONS[1]}, ["b"]),
        ({"type": "checkboxes", "options": OPTIONS, "initial_options": OPTIONS}, ["a", "b"]),
        ({"type": "multi_static_select", "options": OPTIONS, "initial_options": OPTIONS[:1]}, ["a"]),
        ({"type": "users_select", "initial_user": "U2"}, ["U2"]),
        ({"type": "multi_users_select", "initial_users": ["U1"]}, ["U1"]),
        ({"type": "conversations_select", "initial_conversation": "C1"}, ["C1"]),
    ],
)  # fmt: skip
def test_initial_choices_are_chosen(element: dict[str, Any], chosen: list[str]) -> None:
    marked = [
        attributes["value"]
        for _, attributes in drawn(an_input(element)).tags
        if {"selected", "checked"} & set(attributes)
    ]
    assert marked == chosen


def test_what_was_entered_wins_over_what_was_filled_in() -> None:
    state = {"b": {"a": {"type": "static_select", "selected_option": OPTIONS[0]}}}
    seen = drawn(an_input({"type": "static_select", "options": OPTIONS, "initial_option": OPTIONS[1]}), state=state)
    assert [option["value"] for option in seen.all("option") if "selected" in option] == ["a"]
    emptied = {"b": {"a": {"type": "plain_text_input", "value": None}}}
    assert (
        drawn(an_input({"type": "plain_text_input", "initial_value": "old"}), state=emptied).first("input")["value"]
        == ""
    )


def test_a_text_keeps_its_first_line_break() -> None:
    html = str(
        RENDERER.blocks(
            [an_input({"type": "plain_text_input", "multiline": True, "initial_value": "\none"})], a_canvas()
        )
    )
    assert ">\n\none</textarea>" in html


def test_a_dispatching_input_says_when() -> None:
    text = an_input({"type": "plain_text_input"}, dispatch_action=True)
    assert drawn(text).tags[3][1]["data-dispatch"] == "on_enter_pressed"
    often = {"trigger_actions_on": ["on_character_entered"]}
    typed = an_input({"type": "plain_text_input", "dispatch_action_config": often}, dispatch_action=True)
    assert drawn(typed).tags[3][1]["data-dispatch"] == "on_character_entered"
    assert drawn(an_input({"type": "users_select"}, dispatch_action=True)).tags[3][1]["data-dispatch"] == "change"
    assert "data-dispatch" not in drawn(an_input({"type": "users_select"})).tags[3][1]


def test_people_to_choose_are_the_members_by_name() -> None:
    options = drawn(an_input({"type": "users_select", "placeholder": plain("Whom?")})).all("option")
    assert [option["value"] for option in options] == ["", "U1", "U2"]


@given(NASTY, NASTY)
def test_what_is_entered_stays_inside_its_control(value: str, label: str) -> None:
    state = {"b": {"a": {"type": "plain_text_input", "value": value}}}
    for multiline in (False, True):
        block = an_input(
            {"type": "plain_text_input", "multiline": multiline, "placeholder": plain(label)}, label=plain(label)
        )
        seen = drawn(block, state=state)
        assert {tag for tag, _ in seen.tags} <= {"div", "label", "input", "textarea"}
        assert all(name in CONTROL_ATTRIBUTES for _, attributes in seen.tags for name in attributes)


CONTROL_ATTRIBUTES = {
    *("class", "id", "for", "type", "value", "placeholder", "required", "autocomplete", "rows", "aria-describedby"),
    *("data-key", "data-block-id", "data-action-id", "data-type", "data-field", "data-limit"),
}


@given(NASTY)
def test_ids_and_options_of_the_bot_stay_inside_their_attributes(value: str) -> None:
    option = {"text": plain(value), "value": value}
    block = {"type": "actions", "block_id": value, "elements": [
        {"type": "static_select", "action_id": value, "options": [option], "initial_option": option},
        {"type": "button", "action_id": value, "text": plain("x"), "value": value, "url": value},
        {"type": "image", "image_url": value, "alt_text": value},
    ]}  # fmt: skip
    seen = drawn(block)
    assert {tag for tag, _ in seen.tags} <= {"div", "select", "option", "button", "a", "span", "img"}
    assert not [name for _, attributes in seen.tags for name in attributes if name.startswith("on")]

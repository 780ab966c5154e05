"""What Slack refuses, the playground refuses: one row for every rule."""

from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.playground.errors import SlackError
from bot.playground.limits import check_blocks, check_suggestions, check_text, check_view

Json = dict[str, Any]


def plain(text: str = "x") -> Json:
    return {"type": "plain_text", "text": text}


def mrkdwn(text: str = "x") -> Json:
    return {"type": "mrkdwn", "text": text}


def option(text: str = "x", value: str = "v", **over: Any) -> Json:
    return {"text": plain(text), "value": value, **over}


def options(count: int) -> list[Json]:
    return [option(value=f"v{n}") for n in range(count)]


def section(**over: Any) -> Json:
    return {"type": "section", "text": mrkdwn(), **over}


def button(**over: Any) -> Json:
    return {"type": "button", "text": plain(), **over}


def actions(*elements: Json) -> Json:
    return {"type": "actions", "elements": list(elements)}


def an_input(element: Json | None = None, **over: Any) -> Json:
    return {"type": "input", "label": plain(), "element": element or {"type": "plain_text_input"}, **over}


def a_select(**over: Any) -> Json:
    return {"type": "static_select", "options": options(2), **over}


def a_chart(kind: str = "bar", series: int = 1, **over: Any) -> Json:
    data = [{"label": "May", "value": 3}, {"label": "June", "value": 4.5}]
    chart = {
        "type": kind,
        "series": [{"name": f"s{n}", "data": data} for n in range(series)],
        "axis_config": {"categories": ["May", "June"]},
    }
    return {"type": "data_visualization", "title": "Clashes", "chart": {**chart, **over}}


def a_pie(count: int) -> Json:
    segments = [{"label": f"l{n}", "value": 1} for n in range(count)]
    return {"type": "data_visualization", "title": "Clashes", "chart": {"type": "pie", "segments": segments}}


def a_modal(*blocks: Json, **over: Any) -> Json:
    return {"type": "modal", "title": plain(), "submit": plain(), "blocks": list(blocks), **over}


TAKEN_IN_MESSAGES = {
    "no blocks": [],
    "fifty blocks": [{"type": "divider"}] * 50,
    "section of 3,000": [section(text=mrkdwn("x" * 3000))],
    "ten fields of 2,000": [{"type": "section", "fields": [mrkdwn("x" * 2000)] * 10}],
    "header of 150": [{"type": "header", "text": plain("x" * 150)}],
    "ten in a context": [{"type": "context", "elements": [mrkdwn()] * 10}],
    "twenty-five actions": [actions(*[button(action_id=f"a{n}") for n in range(25)])],
    "the same action id in two blocks": [actions(button(action_id="a")), actions(button(action_id="a"))],
    "button of 75 with 2,000": [actions(button(text=plain("x" * 75), value="v" * 2000, style="primary"))],
    "a hundred options": [actions(a_select(options=options(100)))],
    "option 75, 150, 75": [actions(a_select(options=[option("x" * 75, "v" * 150, description=plain("d" * 75))]))],
    "ten radio buttons": [section(accessory={"type": "radio_buttons", "options": options(10)})],
    "five in an overflow": [section(accessory={"type": "overflow", "options": options(5)})],
    "an input": [an_input()],
    "an input with a prefilled 3,000": [an_input({"type": "plain_text_input", "initial_value": "x" * 3000})],
    "option groups": [actions({"type": "static_select", "option_groups": [{"label": plain(), "options": options(1)}]})],
    "an image": [{"type": "image", "image_url": "https://x.example/a.png", "alt_text": "a"}],
    "two charts": [a_chart(), a_chart("line")],
    "six series": [a_chart("area", 6)],
    "six segments": [a_pie(6)],
    "rich text": [
        {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": [{"type": "text", "text": "x"}]}]}
    ],
    "a table": [{"type": "table", "rows": [[{"type": "raw_text", "text": "x"}] * 20] * 100}],
    "markdown": [{"type": "markdown", "text": "x" * 12_000}],
    "a confirmation": [actions(button(confirm={"title": plain("x" * 100), "text": mrkdwn("x" * 300)}))],
    "a date": [actions({"type": "datepicker", "initial_date": "2026-06-10"})],
    "a number": [an_input({"type": "number_input", "is_decimal_allowed": False, "min_value": "1"})],
    "a card": [{"type": "card", "title": mrkdwn(), "actions": [button()]}],
    "feedback": [
        {
            "type": "context_actions",
            "elements": [
                {
                    "type": "feedback_buttons",
                    "positive_button": {"text": plain(), "value": "1"},
                    "negative_button": {"text": plain(), "value": "0"},
                }
            ],
        }
    ],
}

REFUSED_IN_MESSAGES: dict[str, tuple[Any, str]] = {
    "not a list": ({"type": "divider"}, "must be an array [json-pointer:/blocks]"),
    "fifty-one blocks": ([{"type": "divider"}] * 51, "no more than 50 items allowed [json-pointer:/blocks]"),
    "no type": ([{}], "missing required field: type [json-pointer:/blocks/0]"),
    "unknown block": ([{"type": "sectoin"}], "unsupported type: sectoin [json-pointer:/blocks/0/type]"),
    "unknown field": ([section(color="red")], "invalid additional property: color [json-pointer:/blocks/0]"),
    "alert outside a modal": ([{"type": "alert", "text": plain()}], "unsupported type: alert"),
    "same block id": (
        [section(block_id="a"), section(block_id="a")],
        'block_id "a" already exists [json-pointer:/blocks/1/block_id]',
    ),
    "block id of 256": ([section(block_id="x" * 256)], "must be less than 256 characters"),
    "same action id": (
        [actions(button(action_id="a"), button(action_id="a"))],
        'action_id "a" already exists [json-pointer:/blocks/0/elements/1/action_id]',
    ),
    "action id of 256": ([actions(button(action_id="x" * 256))], "must be less than 256 characters"),
    "empty section": ([{"type": "section"}], "must provide at least one of: text, fields"),
    "empty text": ([section(text=mrkdwn(""))], "must be more than 0 characters [json-pointer:/blocks/0/text/text]"),
    "a string as text": ([section(text="x")], "must provide an object [json-pointer:/blocks/0/text]"),
    "a number as text": ([section(text={"type": "mrkdwn", "text": 1})], "must be a string"),
    "emoji on mrkdwn": ([section(text={**mrkdwn(), "emoji": True})], "invalid additional property: emoji"),
    "section of 3,001": (
        [section(text=mrkdwn("x" * 3001))],
        "must be less than 3001 characters [json-pointer:/blocks/0/text/text]",
    ),
    "eleven fields": ([{"type": "section", "fields": [mrkdwn()] * 11}], "no more than 10 items allowed"),
    "field of 2,001": ([{"type": "section", "fields": [mrkdwn("x" * 2001)]}], "must be less than 2001 characters"),
    "header of 151": ([{"type": "header", "text": plain("x" * 151)}], "must be less than 151 characters"),
    "header in mrkdwn": ([{"type": "header", "text": mrkdwn()}], "unsupported type: mrkdwn"),
    "eleven in a context": ([{"type": "context", "elements": [mrkdwn()] * 11}], "no more than 10 items allowed"),
    "nothing in a context": ([{"type": "context", "elements": []}], "no fewer than 1 items allowed"),
    "a button in a context": ([{"type": "context", "elements": [button()]}], "unsupported type: button"),
    "no actions": ([actions()], "no fewer than 1 items allowed"),
    "twenty-six actions": ([actions(*[button()] * 26)], "no more than 25 items allowed"),
    "a text field in actions": ([actions({"type": "plain_text_input"})], "unsupported type: plain_text_input"),
    "button of 76": ([actions(button(text=plain("x" * 76)))], "must be less than 76 characters"),
    "button in mrkdwn": ([actions(button(text=mrkdwn()))], "unsupported type: mrkdwn"),
    "value of 2,001": ([actions(button(value="v" * 2001))], "must be less than 2001 characters"),
    "a number as value": ([actions(button(value=7))], "must be a string [json-pointer:/blocks/0/elements/0/value]"),
    "unknown style": ([actions(button(style="blue"))], "must be one of: primary, danger"),
    "unknown field of an element": ([actions(button(colour="x"))], "invalid additional property: colour"),
    "101 options": ([actions(a_select(options=options(101)))], "no more than 100 items allowed"),
    "no options": ([actions(a_select(options=[]))], "no fewer than 1 items allowed"),
    "options and groups": (
        [actions(a_select(option_groups=[{"label": plain(), "options": options(1)}]))],
        "must provide exactly one of: options, option_groups",
    ),
    "option text of 76": ([actions(a_select(options=[option("x" * 76)]))], "must be less than 76 characters"),
    "option value of 151": ([actions(a_select(options=[option(value="v" * 151)]))], "must be less than 151"),
    "description of 76": (
        [actions(a_select(options=[option(description=plain("x" * 76))]))],
        "must be less than 76 characters",
    ),
    "mrkdwn in a select": ([actions(a_select(options=[{"text": mrkdwn(), "value": "v"}]))], "unsupported type: mrkdwn"),
    "another initial option": ([actions(a_select(initial_option=option(value="other")))], "among the options"),
    "eleven radio buttons": (
        [section(accessory={"type": "radio_buttons", "options": options(11)})],
        "no more than 10 items allowed",
    ),
    "eleven checkboxes": (
        [section(accessory={"type": "checkboxes", "options": options(11)})],
        "no more than 10 items allowed",
    ),
    "six in an overflow": (
        [section(accessory={"type": "overflow", "options": options(6)})],
        "no more than 5 items allowed",
    ),
    "placeholder of 151": ([actions(a_select(placeholder=plain("x" * 151)))], "must be less than 151 characters"),
    "label of 2,001": ([an_input(label=plain("x" * 2001))], "must be less than 2001 characters"),
    "max_length of 3,001": ([an_input({"type": "plain_text_input", "max_length": 3001})], "between 1 and 3000"),
    "prefilled 3,001": ([an_input({"type": "plain_text_input", "initial_value": "x" * 3001})], "less than 3001"),
    "prefilled more than max_length": (
        [an_input({"type": "plain_text_input", "initial_value": "abc", "max_length": 2})],
        "must be less than 3 characters [json-pointer:/blocks/0/element/initial_value]",
    ),
    "min over max": ([an_input({"type": "plain_text_input", "min_length": 5, "max_length": 2})], "must not be greater"),
    "a button as input": ([an_input(button())], "unsupported type: button"),
    "two in focus": (
        [an_input({"type": "plain_text_input", "focus_on_load": True}) for _ in range(2)],
        "only one element may have focus_on_load",
    ),
    "a date as people write it": ([actions({"type": "datepicker", "initial_date": "10-6-2026"})], "YYYY-MM-DD"),
    "a time with seconds": ([actions({"type": "timepicker", "initial_time": "09:00:00"})], "HH:mm"),
    "an image without words": (
        [{"type": "image", "image_url": "https://x.example"}],
        "missing required field: alt_text",
    ),
    "an image without source": ([{"type": "image", "alt_text": "a"}], "exactly one of: image_url, slack_file"),
    "three charts": ([a_chart()] * 3, "no more than 2 blocks of type data_visualization allowed"),
    "seven series": ([a_chart(series=7)], "no more than 6 items allowed"),
    "seven segments": ([a_pie(7)], "no more than 6 items allowed"),
    "chart title of 51": ([{**a_pie(1), "title": "x" * 51}], "must be less than 51 characters"),
    "chart label of 21": (
        [a_chart(axis_config={"categories": ["x" * 21, "June"]})],
        "must be less than 21 characters",
    ),
    "points that miss a category": ([a_chart(axis_config={"categories": ["May"]})], "one point for each category"),
    "an empty segment": (
        [{**a_pie(1), "chart": {"type": "pie", "segments": [{"label": "l", "value": 0}]}}],
        "must be greater than 0",
    ),
    "two tables": ([{"type": "table", "rows": [[{"type": "raw_text", "text": "x"}]]}] * 2, "no more than 1 blocks"),
    "an empty option": ([section(accessory=a_select(options=[option(text="")]))], "must be more than 0 characters"),
}


@pytest.mark.parametrize("blocks", TAKEN_IN_MESSAGES.values(), ids=TAKEN_IN_MESSAGES.keys())
def test_a_message_may_have(blocks: Any) -> None:
    check_blocks(blocks)


@pytest.mark.parametrize(("blocks", "reason"), REFUSED_IN_MESSAGES.values(), ids=REFUSED_IN_MESSAGES.keys())
def test_a_message_may_not_have(blocks: Any, reason: str) -> None:
    with pytest.raises(SlackError) as refused:
        check_blocks(blocks)
    assert refused.value.code == "invalid_blocks"
    assert any(reason in message for message in refused.value.messages), refused.value.messages


REFUSED_MODALS: dict[str, tuple[Any, str]] = {
    "no modal": ("x", "must provide an object [json-pointer:/view]"),
    "a home": ({"type": "home", "blocks": []}, "unsupported type: home [json-pointer:/view/type]"),
    "no title": ({"type": "modal", "blocks": []}, "missing required field: title"),
    "title of 25": (a_modal(title=plain("x" * 25)), "must be less than 25 characters [json-pointer:/view/title/text]"),
    "submit of 25": (a_modal(submit=plain("x" * 25)), "must be less than 25 characters"),
    "close of 25": (a_modal(close=plain("x" * 25)), "must be less than 25 characters"),
    "title in mrkdwn": (a_modal(title=mrkdwn()), "unsupported type: mrkdwn"),
    "101 blocks": (a_modal(*[{"type": "divider"}] * 101), "no more than 100 items allowed"),
    "private_metadata of 3,001": (a_modal(private_metadata="x" * 3001), "must be less than 3001 characters"),
    "callback_id of 256": (a_modal(callback_id="x" * 256), "must be less than 256 characters"),
    "an input without submit": ({"type": "modal", "title": plain(), "blocks": [an_input()]}, "needs a submit button"),
    "a chart": (a_modal(a_chart()), "unsupported type: data_visualization [json-pointer:/view/blocks/0/type]"),
    "an unknown field": (a_modal(width="wide"), "invalid additional property: width [json-pointer:/view]"),
}


@pytest.mark.parametrize(("view", "reason"), REFUSED_MODALS.values(), ids=REFUSED_MODALS.keys())
def test_a_modal_may_not_be(view: Any, reason: str) -> None:
    with pytest.raises(SlackError) as refused:
        check_view(view, "modal")
    assert refused.value.code == "invalid_arguments"
    assert any(reason in message for message in refused.value.messages), refused.value.messages


def test_a_modal_may_be_full() -> None:
    blocks = [an_input(block_id=f"b{n}") for n in range(100)]
    check_view(a_modal(*blocks, private_metadata="x" * 3000, title=plain("x" * 24), notify_on_close=True), "modal")


def test_a_home_has_no_title() -> None:
    check_view({"type": "home", "blocks": [section()] * 100}, "home")
    with pytest.raises(SlackError, match="invalid additional property: title"):
        check_view({"type": "home", "blocks": [], "title": plain()}, "home")


def test_a_text_of_4000_is_taken_whole_and_no_longer_one() -> None:
    check_text("x" * 4000)
    with pytest.raises(SlackError, match="msg_too_long"):
        check_text("x" * 4001)


def test_suggestions_are_options_or_groups() -> None:
    check_suggestions({"options": options(100)})
    check_suggestions({"option_groups": [{"label": plain(), "options": options(1)}]})
    for answer in ("", {}, {"options": options(101)}):
        with pytest.raises(SlackError, match="invalid_arguments"):
            check_suggestions(answer)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["type", "text", "options"]), inner),
    max_leaves=5,
)


@st.composite
def spoilt_blocks(draw: st.DrawFn) -> Any:
    """Blocks that are fine but for one part, which is something else."""

    def spoil(value: Any) -> Any:
        if isinstance(value, dict | list) and value and draw(st.integers(0, 3)):
            key = draw(st.sampled_from(sorted(value) if isinstance(value, dict) else range(len(value))))
            copy = dict(value) if isinstance(value, dict) else list(value)
            copy[key] = spoil(value[key])
            return copy
        return draw(JSON)

    return spoil(draw(st.sampled_from([blocks for blocks in TAKEN_IN_MESSAGES.values() if blocks])))


@given(spoilt_blocks())
def test_nonsense_is_refused_and_never_breaks_the_check(blocks: Any) -> None:
    with suppress(SlackError):
        check_blocks(blocks)
    with suppress(SlackError):
        check_view({"type": "modal", "title": plain(), "blocks": blocks}, "modal")

"""The elements that stand in blocks, as the reference of Block Kit lists them, and in which block each may stand."""

from collections.abc import Iterator, Mapping
from typing import Any

from bot.playground.limits.objects import (
    CHOICE,
    CONFIRM,
    DISPATCH,
    FILTER,
    IMAGE_SOURCE,
    LINK_OPTION,
    OPTION,
    OPTIONS,
    RICH_TEXT,
    STYLE,
    WORKFLOW,
    among_options,
    plain,
)
from bot.playground.limits.rules import Rule, Shape, by_type, exactly_one, flag, listing, matching, string, whole, wrong

_IDS = listing(string(255), 1000)
_ACTION: dict[str, Rule] = {"action_id": string(255)}
_CONFIRM: dict[str, Rule] = {**_ACTION, "confirm": CONFIRM}
_INPUT: dict[str, Rule] = {**_CONFIRM, "focus_on_load": flag}
_SELECT: dict[str, Rule] = {**_INPUT, "placeholder": plain(150)}
_MULTI: dict[str, Rule] = {**_SELECT, "max_selected_items": whole(1, 10_000)}
_TYPED: dict[str, Rule] = {
    **_ACTION,
    "focus_on_load": flag,
    "placeholder": plain(150),
    "dispatch_action_config": DISPATCH,
    "initial_value": string(3000, 0),
}
_DATE = matching(r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])", "must be a date in the format YYYY-MM-DD")
_TIME = matching(r"([01]\d|2[0-3]):[0-5]\d", "must be a time in the format HH:mm")
_NUMBER = matching(r"-?\d+(\.\d+)?", "must be a number as a string")
_LABEL: dict[str, Rule] = {"accessibility_label": string(75)}
_ONE_SOURCE = exactly_one("options", "option_groups")
_FEEDBACK = Shape({"text": plain(75), "value": string(2000)}, _LABEL)


def _min_before_max(value: Any, at: str) -> Iterator[str]:
    least, most = value.get("min_length", 0), value.get("max_length", 3000)
    if isinstance(least, int) and isinstance(most, int) and least > most:
        yield wrong("min_length must not be greater than max_length", at)
    initial = value.get("initial_value")
    if isinstance(initial, str) and isinstance(most, int) and len(initial) > most:
        yield wrong(f"must be less than {most + 1} characters", f"{at}/initial_value")


ELEMENTS: Mapping[str, Rule] = {
    "button": Shape(
        {"text": plain(75)}, {**_CONFIRM, **_LABEL, "value": string(2000), "url": string(3000), "style": STYLE}
    ),
    "workflow_button": Shape({"text": plain(75), "workflow": WORKFLOW}, {**_CONFIRM, **_LABEL, "style": STYLE}),
    "icon_button": Shape(
        {"icon": string(255), "text": plain(75)},
        {**_CONFIRM, **_LABEL, "value": string(2000), "visible_to_user_ids": _IDS},
    ),
    "feedback_buttons": Shape({"positive_button": _FEEDBACK, "negative_button": _FEEDBACK}, _ACTION),
    "overflow": Shape({"options": listing(LINK_OPTION, 5)}, _CONFIRM),
    "checkboxes": Shape(
        {"options": listing(CHOICE, 10)},
        {**_INPUT, "initial_options": listing(CHOICE, 10)},
        [among_options("initial_options")],
    ),
    "radio_buttons": Shape(
        {"options": listing(CHOICE, 10)}, {**_INPUT, "initial_option": CHOICE}, [among_options("initial_option")]
    ),
    "static_select": Shape(
        {}, {**_SELECT, **OPTIONS, "initial_option": OPTION}, [_ONE_SOURCE, among_options("initial_option")]
    ),
    "multi_static_select": Shape(
        {},
        {**_MULTI, **OPTIONS, "initial_options": listing(OPTION, 100)},
        [_ONE_SOURCE, among_options("initial_options")],
    ),
    "external_select": Shape({}, {**_SELECT, "initial_option": OPTION, "min_query_length": whole(0, 255)}),
    "multi_external_select": Shape(
        {}, {**_MULTI, "initial_options": listing(OPTION, 100), "min_query_length": whole(0, 255)}
    ),
    "users_select": Shape({}, {**_SELECT, "initial_user": string(255)}),
    "multi_users_select": Shape({}, {**_MULTI, "initial_users": _IDS}),
    "channels_select": Shape({}, {**_SELECT, "initial_channel": string(255), "response_url_enabled": flag}),
    "multi_channels_select": Shape({}, {**_MULTI, "initial_channels": _IDS}),
    "conversations_select": Shape(
        {},
        {
            **_SELECT,
            "initial_conversation": string(255),
            "default_to_current_conversation": flag,
            "response_url_enabled": flag,
            "filter": FILTER,
        },
    ),
    "multi_conversations_select": Shape(
        {}, {**_MULTI, "initial_conversations": _IDS, "default_to_current_conversation": flag, "filter": FILTER}
    ),
    "datepicker": Shape({}, {**_SELECT, "initial_date": _DATE}),
    "timepicker": Shape({}, {**_SELECT, "initial_time": _TIME, "timezone": string(255)}),
    "datetimepicker": Shape({}, {**_INPUT, "initial_date_time": whole(10**9, 10**10 - 1)}),
    "plain_text_input": Shape(
        {},
        {**_TYPED, "multiline": flag, "min_length": whole(0, 3000), "max_length": whole(1, 3000)},
        [_min_before_max],
    ),
    "email_text_input": Shape({}, _TYPED),
    "url_text_input": Shape({}, _TYPED),
    "number_input": Shape(
        {"is_decimal_allowed": flag}, {**_TYPED, "initial_value": _NUMBER, "min_value": _NUMBER, "max_value": _NUMBER}
    ),
    "rich_text_input": Shape(
        {}, {**_TYPED, "initial_value": RICH_TEXT, "min_lines": whole(1, 1000), "max_lines": whole(1, 1000)}
    ),
    "file_input": Shape({}, {**_ACTION, "filetypes": listing(string(255), 100), "max_files": whole(1, 10)}),
    "image": Shape({"alt_text": string(2000)}, IMAGE_SOURCE, [exactly_one("image_url", "slack_file")]),
    "plain_text": Shape({"text": string(3000)}, {"emoji": flag}),
    "mrkdwn": Shape({"text": string(3000)}, {"verbatim": flag}),
}

_SELECTS = {name for name in ELEMENTS if name.endswith("_select")}
_PICKERS = {"datepicker", "timepicker"}
_CHOICES = {"checkboxes", "radio_buttons", *_SELECTS, *_PICKERS}
_TEXTS = {"plain_text_input", "email_text_input", "url_text_input", "number_input", "rich_text_input"}


def _only(names: set[str]) -> Rule:
    return by_type({name: rule for name, rule in ELEMENTS.items() if name in names})


ACCESSORY = _only({"button", "workflow_button", "overflow", "image", *_CHOICES})
ACTION = _only({"button", "workflow_button", "overflow", "datetimepicker", "rich_text_input", *_CHOICES})
INPUT = _only({"datetimepicker", "file_input", *_TEXTS, *_CHOICES})
CONTEXT = _only({"image", "plain_text", "mrkdwn"})
CONTEXT_ACTION = _only({"feedback_buttons", "icon_button"})
BUTTON = _only({"button"})
IMAGE = _only({"image"})

"""What a person can press or fill in: finding it in blocks, its state, and what Slack itself checks on submit."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.playground.errors import ActError
from bot.playground.model import Json

State = dict[str, dict[str, Json]]


@dataclass(frozen=True)
class Kind:
    """How the state of an element type is called, what it starts from, and what it is when nothing is entered."""

    field: str
    initial: str
    empty: object = None


_TEXT = Kind("value", "initial_value")
_OPTION = Kind("selected_option", "initial_option")
_OPTIONS = Kind("selected_options", "initial_options", ())
KINDS: Mapping[str, Kind] = {
    "plain_text_input": _TEXT,
    "email_text_input": _TEXT,
    "url_text_input": _TEXT,
    "number_input": _TEXT,
    "rich_text_input": Kind("rich_text_value", "initial_value"),
    "static_select": _OPTION,
    "external_select": _OPTION,
    "radio_buttons": _OPTION,
    "multi_static_select": _OPTIONS,
    "multi_external_select": _OPTIONS,
    "checkboxes": _OPTIONS,
    "users_select": Kind("selected_user", "initial_user"),
    "conversations_select": Kind("selected_conversation", "initial_conversation"),
    "channels_select": Kind("selected_channel", "initial_channel"),
    "multi_users_select": Kind("selected_users", "initial_users", ()),
    "multi_conversations_select": Kind("selected_conversations", "initial_conversations", ()),
    "multi_channels_select": Kind("selected_channels", "initial_channels", ()),
    "datepicker": Kind("selected_date", "initial_date"),
    "timepicker": Kind("selected_time", "initial_time"),
    "datetimepicker": Kind("selected_date_time", "initial_date_time"),
    "file_input": Kind("files", "initial_files", ()),
}
_TEXT_DEFAULTS: Mapping[str, Json] = {"plain_text": {"emoji": True}, "mrkdwn": {"verbatim": False}}
STATELESS = frozenset({"button", "overflow", "workflow_button", "icon_button", "feedback_buttons"})


def elements(blocks: Sequence[Json]) -> Iterator[tuple[Json, Json]]:
    """Every (block, element) with which a person can do something."""
    for block in blocks:
        found = [block.get("accessory"), block.get("element"), *block.get("elements", []), *block.get("actions", [])]
        for element in found:
            if element and element.get("type") in KINDS.keys() | STATELESS:
                yield block, element
            elif element and element.get("type") == "card":
                yield from elements([element])
        yield from elements(block.get("child_blocks", []))


def find(blocks: Sequence[Json], action_id: str, block_id: str | None = None) -> tuple[Json, Json]:
    """The (block, element) with that action id; raises ActError when there is none."""
    for block, element in elements(blocks):
        if element["action_id"] == action_id and block_id in (None, block["block_id"]):
            return block, element
    offered = ", ".join(element["action_id"] for _, element in elements(blocks)) or "nothing"
    raise ActError(f"There is no {action_id} here; one can use: {offered}.")


def named(blocks: Sequence[Json], new_id: Callable[[], str]) -> list[Json]:
    """The blocks as Slack stores them: ids made up where the bot gave none, defaults of texts spelt out."""
    return [_named(_with_defaults(block), new_id) for block in blocks]


def _with_defaults(value: Any) -> Any:
    if isinstance(value, list):
        return [_with_defaults(item) for item in value]
    if not isinstance(value, dict):
        return value
    default = _TEXT_DEFAULTS.get(value.get("type", ""), {}) if isinstance(value.get("type", ""), str) else {}
    return {**default, **{name: _with_defaults(item) for name, item in value.items()}}


def _named(block: Json, new_id: Callable[[], str]) -> Json:
    filled = {**block, "block_id": block.get("block_id") or new_id()[:5]}
    for key in ("accessory", "element"):
        if key in filled:
            filled[key] = _with_action_id(filled[key], new_id)
    for key in ("elements", "actions"):
        if key in filled:
            filled[key] = [_with_action_id(element, new_id) for element in filled[key]]
    if "child_blocks" in filled:
        filled["child_blocks"] = named(filled["child_blocks"], new_id)
    return filled


def _with_action_id(element: Json, new_id: Callable[[], str]) -> Json:
    if element["type"] == "card":
        return _named(element, new_id)
    if element["type"] in KINDS.keys() | STATELESS:
        return {**element, "action_id": element.get("action_id") or new_id()[:5]}
    return element


def initial_state(blocks: Sequence[Json]) -> State:
    """The state of every input before anybody touched it."""
    state: State = {}
    for block, element in elements(blocks):
        if element["type"] in KINDS:
            state.setdefault(block["block_id"], {})[element["action_id"]] = _untouched(element)
    return state


def merged_state(
    blocks: Sequence[Json], current: State, entered: Mapping[str, Mapping[str, Mapping[str, Any]]]
) -> State:
    """The full state: what was entered just now, else what was before, else the initial values.

    Raises ActError for an input that is not there or a choice that is not offered.
    """
    state = initial_state(blocks)
    for block_id, actions in entered.items():
        for action_id in actions:
            find(blocks, action_id, block_id)
    for block, element in elements(blocks):
        if element["type"] not in KINDS:
            continue
        block_id, action_id = block["block_id"], element["action_id"]
        if action_id in entered.get(block_id, {}):
            state[block_id][action_id] = value_of(element, entered[block_id][action_id])
        elif action_id in current.get(block_id, {}):
            state[block_id][action_id] = current[block_id][action_id]
    return state


def value_of(element: Json, entered: Mapping[str, Any]) -> Json:
    """What a person entered, in the shape Slack sends it. Raises ActError for a choice that is not offered."""
    kind = KINDS[element["type"]]
    value = entered.get(kind.field)
    if value in ("", None, []):
        value = _empty(kind)
    elif kind is _OPTION:
        value = _offered(element, value)
    elif kind is _OPTIONS:
        value = [_offered(element, option) for option in value]
    return {"type": element["type"], kind.field: value}


def options_of(element: Json) -> list[Json]:
    """The choices that stand in the element itself."""
    groups = [group["options"] for group in element.get("option_groups", [])]
    return [*element.get("options", []), *(option for group in groups for option in group)]


def _offered(element: Json, chosen: Any) -> Json:
    if not isinstance(chosen, Mapping):
        raise ActError(f"{chosen} is not a choice of {element['action_id']}.")
    if element["type"].endswith("external_select"):
        return dict(chosen)
    for option in options_of(element):
        if option.get("value") == chosen.get("value"):
            return option
    raise ActError(f"{chosen.get('value')} is not a choice of {element['action_id']}.")


def _untouched(element: Json) -> Json:
    kind = KINDS[element["type"]]
    return {"type": element["type"], kind.field: element.get(kind.initial) or _empty(kind)}


def _empty(kind: Kind) -> object:
    return [] if kind.empty == () else kind.empty


def problems(blocks: Sequence[Json], state: State) -> dict[str, str]:
    """What Slack itself refuses on submit, a sentence by block id; the bot is not asked before this is empty."""
    found = {}
    for block, element in elements(blocks):
        if block["type"] == "input":
            value = state[block["block_id"]][element["action_id"]][KINDS[element["type"]].field]
            sentence = _problem(block, element, value)
            if sentence:
                found[block["block_id"]] = sentence
    return found


def _problem(block: Json, element: Json, value: Any) -> str | None:
    if value in (None, []):
        return None if block.get("optional") else "Please complete this required field."
    check = _CHECKS.get(element["type"])
    return check(element, value) if check else None


def _text_problem(element: Json, value: str) -> str | None:
    least, most = element.get("min_length", 0), element.get("max_length", 3000)
    if len(value) < least:
        return f"This must be at least {least} characters."
    if len(value) > most:
        return f"This must be less than {most + 1} characters."
    return None


def _number_problem(element: Json, value: str) -> str | None:
    pattern = r"-?\d+(\.\d+)?" if element["is_decimal_allowed"] else r"-?\d+"
    if not re.fullmatch(pattern, value):
        return "Please enter a valid number." if element["is_decimal_allowed"] else "Please enter a whole number."
    if "min_value" in element and float(value) < float(element["min_value"]):
        return f"Please enter a number that is {element['min_value']} or more."
    if "max_value" in element and float(value) > float(element["max_value"]):
        return f"Please enter a number that is {element['max_value']} or less."
    return None


def _email_problem(_: Json, value: str) -> str | None:
    return None if re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", value) else "Please enter a valid email address."


def _url_problem(_: Json, value: str) -> str | None:
    return None if re.fullmatch(r"https?://\S+", value) else "Please enter a valid URL."


def _count_problem(element: Json, value: list[Any]) -> str | None:
    most = element.get("max_selected_items", len(value))
    return f"Please choose at most {most}." if len(value) > most else None


_CHECKS: Mapping[str, Callable[[Json, Any], str | None]] = {
    "plain_text_input": _text_problem,
    "number_input": _number_problem,
    "email_text_input": _email_problem,
    "url_text_input": _url_problem,
    **{name: _count_problem for name in KINDS if name.startswith("multi_")},
}

"""A `Form` as a Slack modal, and what a person entered in it. Pure."""

import json
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

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
    Submission,
    TextField,
)
from bot.domain.errors import Refused
from bot.platforms.slack_blocks import paragraphs, plain
from bot.platforms.slack_text import Block, clean, cut, size

LONGEST_TEXT = 3000
MOST_OPTIONS, MOST_OPEN_OPTIONS = 100, 10
METADATA = 3000
_CHANNEL_SELECT: Block = {
    "type": "conversations_select",
    "filter": {"include": ["public", "private"], "exclude_external_shared_channels": True, "exclude_bot_users": True},
}
ELEMENT = "value"  # the action id in every field: block and action id together name a value, and the block has the name


class _Carried(dict[str, str]):
    """What a form carried with it; one that was opened before an upgrade may lack what is asked for now."""

    def __missing__(self, name: str) -> str:
        raise Refused("old_button")


def render_form(form: Form) -> dict[str, Any]:
    """The modal for views.open, views.push, views.update or a response action.

    Raises ValueError when the payload is longer than Slack carries.
    """
    return {
        "type": "modal",
        "callback_id": form.action,
        "private_metadata": _metadata(form),
        "title": plain(form.title, 24),
        "submit": plain(form.submit, 24),
        "close": plain(form.close, 24),
        "blocks": [*_notice(form.notice), *(_input(field) for field in form.fields if _offers(field))],
    }


def parse_submission(view: Mapping[str, Any]) -> Submission:
    """The answer in the `view` of a view_submission; what was left empty is missing from its values."""
    answers = ((name, _value(next(iter(block.values())))) for name, block in view["state"]["values"].items())
    return Submission(
        action=view["callback_id"],
        values={name: value for name, value in answers if value},
        payload=_Carried(json.loads(view.get("private_metadata") or "{}")),
    )


def field_errors(errors: Mapping[str, str]) -> dict[str, Any]:
    """The acknowledgement that keeps the form open with a sentence beside each named field."""
    return {"response_action": "errors", "errors": {name: clean(sentence) for name, sentence in errors.items()}}


def _metadata(form: Form) -> str:
    metadata = json.dumps(dict(form.payload), separators=(",", ":"))
    if len(metadata) > METADATA:
        raise ValueError(
            f"The payload of form {form.action!r} takes {len(metadata)} characters, Slack carries {METADATA}: "
            "keep what is long in the database and pass its id."
        )
    return metadata


def _notice(markup: str) -> Iterator[Block]:
    for number, block in enumerate(paragraphs(markup), 1):
        yield {**block, "block_id": f"notice#{number}"}


def _offers(field: Field) -> bool:
    """Slack refuses a list of nothing."""
    return not isinstance(field, ChoiceField | MultiChoiceField) or bool(field.options)


def _input(field: Field) -> Block:
    block: Block = {
        "type": "input",
        "block_id": field.name,
        "label": plain(field.label, 2000),
        "element": {**_element(field), "action_id": ELEMENT},
        "optional": not field.required,
    }
    return block | ({"hint": plain(field.hint, 2000)} if field.hint.strip() else {})


def _element(field: Field) -> Block:  # noqa: PLR0911 one line per kind of field
    match field:
        case TextField():
            return _text_input(field)
        case ChoiceField():
            return _choice(field)
        case MultiChoiceField():
            return _choices(field)
        case PersonField(initial=person):
            return {"type": "users_select"} | ({"initial_user": person} if person else {})
        case PeopleField(initial=people):
            return {"type": "multi_users_select"} | ({"initial_users": list(people)} if people else {})
        case ChannelField(initial=channel):
            return _CHANNEL_SELECT | ({"initial_conversation": channel} if channel else {})
        case DateField(initial=day):
            return {"type": "datepicker"} | ({"initial_date": day.isoformat()} if day else {})


def _text_input(field: TextField) -> Block:
    most = min(field.max_length, LONGEST_TEXT)
    initial = cut(clean(field.initial), most)
    element: Block = {"type": "plain_text_input", "multiline": field.multiline, "max_length": most}
    return element | ({"initial_value": initial} if initial else {})


def _choice(field: ChoiceField) -> Block:
    as_radio = field.shown_open and len(field.options) <= MOST_OPEN_OPTIONS
    options = {option.value: _option(option) for option in field.options[:MOST_OPTIONS]}
    element: Block = {"type": "radio_buttons" if as_radio else "static_select", "options": list(options.values())}
    chosen = options.get(field.initial or "")
    return element | ({"initial_option": chosen} if chosen else {})


def _choices(field: MultiChoiceField) -> Block:
    as_boxes = field.shown_open and len(field.options) <= MOST_OPEN_OPTIONS
    options = {option.value: _option(option) for option in field.options[:MOST_OPTIONS]}
    element: Block = {"type": "checkboxes" if as_boxes else "multi_static_select", "options": list(options.values())}
    chosen = [options[value] for value in dict.fromkeys(field.initial) if value in options]
    return element | ({"initial_options": chosen} if chosen else {})


def _option(option: Option) -> Block:
    if not 1 <= size(option.value) <= 150:
        raise ValueError(f"An option's value has 1 to 150 characters, not {option.value!r}: use an id.")
    rendered: Block = {"text": plain(option.label, 75), "value": option.value}
    return rendered | ({"description": plain(option.hint, 75)} if option.hint.strip() else {})


def _value(state: Mapping[str, Any]) -> str | tuple[str, ...] | date | None:  # noqa: PLR0911 one line per kind
    match state:
        case {"type": "plain_text_input", "value": str(text)}:
            return clean(text) if text.strip() else None
        case {"type": "static_select" | "radio_buttons", "selected_option": {"value": str(value)}}:
            return value
        case {"type": "users_select", "selected_user": str(chosen)} | {
            "type": "conversations_select",
            "selected_conversation": str(chosen),
        }:
            return chosen
        case {"type": "multi_users_select", "selected_users": [*people]}:
            return tuple(map(str, people))
        case {"type": "checkboxes" | "multi_static_select", "selected_options": [*chosen]}:
            return tuple(str(option["value"]) for option in chosen)
        case {"type": "datepicker", "selected_date": str(day)}:
            return date.fromisoformat(day)
    return None

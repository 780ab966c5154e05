"""A reference validator, written from the limits in Slack's reference: what it names, real Slack refuses whole."""

import json
from collections import Counter
from collections.abc import Iterator
from typing import Any

from bot.playground.errors import SlackError
from bot.playground.limits import check_blocks, check_text, check_view

ACTIVE = {"user", "usergroup", "channel", "broadcast", "team"}
PINGS = ("<!", "<@", "<#")


def refusals(payload: dict[str, Any]) -> list[str]:
    """Everything Slack would refuse in a message or a view; both validators have to agree that there is nothing."""
    if "type" in payload:
        return [*_view(payload), *_playground(lambda: check_view(payload, payload["type"]))]
    return [
        *_message(payload),
        *_playground(lambda: check_blocks(payload["blocks"])),
        *_playground(lambda: check_text(payload["text"])),
    ]


def texts(node: Any) -> Iterator[str]:
    """Every text a reader sees, in order."""
    if isinstance(node, list):
        for item in node:
            yield from texts(item)
    elif isinstance(node, dict):
        if isinstance(node.get("text"), str):
            yield node["text"]
        elif node.get("type") == "emoji":
            yield f":{node['name']}:"
        else:
            for item in node.values():
                yield from texts(item)


def nodes(node: Any) -> Iterator[dict[str, Any]]:
    if isinstance(node, list):
        for item in node:
            yield from nodes(item)
    elif isinstance(node, dict):
        yield node
        for item in node.values():
            yield from nodes(item)


def pings(payload: dict[str, Any]) -> list[str]:
    """Everything in the payload that could call somebody."""
    found = [node["type"] for node in nodes(payload) if node.get("type") in ACTIVE]
    marked = [node["text"] for node in nodes(payload) if node.get("type") == "mrkdwn"]
    found += [text for text in [*marked, payload.get("text", "")] if any(sign in text for sign in PINGS)]
    found += [node["text"] for node in nodes(payload) if node.get("type") == "mrkdwn" and not node.get("verbatim")]
    return found


def _playground(check: Any) -> list[str]:
    try:
        check()
    except SlackError as error:
        return [str(error)]
    return []


def _units(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def _message(message: dict[str, Any]) -> Iterator[str]:
    yield from _length("text", message["text"], 4000)
    yield from _blocks(message["blocks"], 50)
    if len(json.dumps(message["blocks"], ensure_ascii=False)) > 13_200:
        yield "msg_blocks_too_long"


def _view(view: dict[str, Any]) -> Iterator[str]:
    if len(view.get("private_metadata", "")) > 3000 or len(view.get("callback_id", "")) > 255:
        yield "metadata or callback id too long"
    for name in ("title", "submit", "close"):
        if name in view:
            yield from _length(name, view[name]["text"], 24)
    yield from _blocks(view["blocks"], 100)
    if any(block["type"] == "input" for block in view["blocks"]) and "submit" not in view:
        yield "an input without submit"


def _blocks(blocks: list[dict[str, Any]], most: int) -> Iterator[str]:
    if len(blocks) > most:
        yield f"{len(blocks)} blocks"
    yield from _unique([block["block_id"] for block in blocks])
    yield from _unique([node["action_id"] for block in blocks if block["type"] != "input" for node in nodes(block)
                        if "action_id" in node])  # fmt: skip
    for block in blocks:
        yield from BLOCK[block["type"]](block)
        for node in nodes(block):
            yield from ELEMENT.get(node.get("type", ""), lambda _: [])(node)


def _length(name: str, text: str, most: int, least: int = 1) -> Iterator[str]:
    if not least <= _units(text) <= most or (least and not text.strip()):
        yield f"{name}: {_units(text)} characters, at most {most}: {text[:40]!r}"


def _unique(ids: list[str]) -> Iterator[str]:
    for name, count in Counter(ids).items():
        if count > 1 or not 1 <= len(name) <= 255:
            yield f"id {name!r} {count} times"


def _section(block: dict[str, Any]) -> Iterator[str]:
    yield from _length("section", block["text"]["text"], 3000)


def _header(block: dict[str, Any]) -> Iterator[str]:
    yield from _length("header", block["text"]["text"], 150)


def _context(block: dict[str, Any]) -> Iterator[str]:
    if not 1 <= len(block["elements"]) <= 10:
        yield "context elements"
    for element in block["elements"]:
        yield from _length("context", element["text"], 3000)


def _actions(block: dict[str, Any]) -> Iterator[str]:
    if not 1 <= len(block["elements"]) <= 25:
        yield "actions elements"


def _input(block: dict[str, Any]) -> Iterator[str]:
    yield from _length("label", block["label"]["text"], 2000)
    if "hint" in block:
        yield from _length("hint", block["hint"]["text"], 2000)


def _rich_text(block: dict[str, Any]) -> Iterator[str]:
    for node in nodes(block):
        if node.get("type") in ("text", "link") and not node["text"]:
            yield "empty rich text element"


def _button(element: dict[str, Any]) -> Iterator[str]:
    yield from _length("button", element["text"]["text"], 75)
    yield from _length("value", element.get("value", "-"), 2000)


def _options(element: dict[str, Any]) -> Iterator[str]:
    most = 10 if element["type"] == "radio_buttons" else 100
    if not 1 <= len(element["options"]) <= most:
        yield f"{len(element['options'])} options"
    for option in element["options"]:
        yield from _length("option", option["text"]["text"], 75)
        yield from _length("option value", option["value"], 150)
        if "description" in option:
            yield from _length("description", option["description"]["text"], 75)
    if "initial_option" in element and element["initial_option"] not in element["options"]:
        yield "initial option is none of the options"


def _text_input(element: dict[str, Any]) -> Iterator[str]:
    if not 1 <= element["max_length"] <= 3000:
        yield "max_length"
    yield from _length("initial_value", element.get("initial_value", "-"), element["max_length"], least=0)


BLOCK = {
    "section": _section,
    "header": _header,
    "context": _context,
    "actions": _actions,
    "input": _input,
    "rich_text": _rich_text,
}
ELEMENT = {
    "button": _button,
    "static_select": _options,
    "radio_buttons": _options,
    "plain_text_input": _text_input,
}

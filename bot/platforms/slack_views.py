"""Views that stand already, as Slack tells of them, made anew. Pure."""

from collections.abc import Iterator, Mapping
from typing import Any

from bot.domain.markup import escape
from bot.platforms.slack_blocks import paragraphs
from bot.platforms.slack_text import Block

OURS = ("type", "title", "submit", "close", "callback_id", "private_metadata", "clear_on_close", "notify_on_close")
SAYS = "says#"
"""How the blocks begin that were put on top of a view."""


def with_line(view: Mapping[str, Any], markup: str) -> dict[str, Any]:
    """The same view with a text on top, in place of what was put there before."""
    said = [{**block, "block_id": f"{SAYS}{number}"} for number, block in enumerate(paragraphs(markup), 1)]
    stays = [block for block in view["blocks"] if not block["block_id"].startswith(SAYS)]
    kept = {name: view[name] for name in OURS if view.get(name) not in (None, "")}
    return {**kept, "blocks": [*said, *stays]}


def filled_again(view: Mapping[str, Any], errors: Mapping[str, str]) -> dict[str, Any]:
    """A form that was sent, with all that was entered still in it and on top what is wrong with which field."""
    refused = with_line(view, "\n\n".join(_named(view, errors)))
    entered = view["state"]["values"]
    return {**refused, "blocks": [_with_entered(block, entered) for block in refused["blocks"]]}


def _named(view: Mapping[str, Any], errors: Mapping[str, str]) -> Iterator[str]:
    labels = {block["block_id"]: block["label"]["text"] for block in view["blocks"] if block["type"] == "input"}
    for field, sentence in errors.items():
        yield f"**{escape(labels.get(field, field))}** {escape(sentence)}"


def _with_entered(block: Block, entered: Mapping[str, Mapping[str, Mapping[str, Any]]]) -> Block:
    if block["type"] != "input":
        return block
    element = {name: value for name, value in block["element"].items() if not name.startswith("initial_")}
    state = entered.get(block["block_id"], {}).get(element["action_id"], {})
    initial = {_initial(name): value for name, value in state.items() if name != "type" and value}
    return {**block, "element": element | initial}


def _initial(name: str) -> str:
    """`selected_date` is chosen again by `initial_date`, a `value` by `initial_value`."""
    return f"initial_{name.removeprefix('selected_')}"

"""A `Message` as Block Kit, and what Slack says when one of its buttons is pressed. Pure.

Nothing is rejected for its length: texts are split or cut at a word, surplus blocks are folded into one line.
Headings, labels and the summary are plain; `Text`, `Small` and `Facts` carry the markup of `bot.domain.markup`.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from typing import Any, Literal, TypeAlias

from bot.domain.chat import Button, Buttons, Chart, Facts, Heading, Message, Part, Quote, Sent, Small, Text
from bot.domain.markup import Span, escape, parse_markup, strip_markup
from bot.platforms.slack_text import (
    Block,
    clean,
    cut,
    fits_mrkdwn,
    is_address,
    mrkdwn,
    notification,
    pages,
    rich_text,
    shown,
    size,
)

TEXT = 3000
PARAGRAPH = 40  # less room than that is not worth beginning one
MESSAGE_BLOCKS, VIEW_BLOCKS = 50, 100
# Undocumented: Slack answers msg_blocks_too_long when all blocks of a message exceed about 13,200 characters of JSON
# (github.com/slackapi/bolt-js/issues/2509). Views have no such limit.
MESSAGE_JSON, VIEW_JSON = 12_000, 200_000
BUTTONS_A_ROW = 5
BUTTON_VALUE = 2000
CHARTS, CHART_TITLE, CHART_LABELS, CHART_LABEL, CHART_SERIES = 2, 50, 20, 20, 6
CHART_TYPES = {"bars": "bar", "lines": "line"}
_NUMBERED = re.compile(r"#\d+\Z")

Surface: TypeAlias = Literal["message", "ephemeral", "modal", "home"]


@dataclass(frozen=True, slots=True)
class Press:
    """A pressed button. `place` is its message and `thread` the parent it stands under, None in a modal or Home.

    `response_url` is "" in views, `view_id` is "" in messages.
    """

    action: str
    value: str
    user_id: str
    workspace_id: str
    trigger_id: str
    surface: Surface
    place: Sent | None = None
    thread: Sent | None = None
    response_url: str = ""
    view_id: str = ""


def render_message(message: Message) -> dict[str, Any]:
    """`text` (the notification) and `blocks`: for chat.postMessage, chat.update and answers to a command or press."""
    return {"text": _notification(message), "blocks": _blocks(message, MESSAGE_BLOCKS, MESSAGE_JSON)}


def render_plain(message: Message) -> dict[str, Any]:
    """Words alone, for what Slack refuses to show otherwise. "… (+3)" at the end: three more paragraphs."""
    lines = [line for part in message.parts for line in _lines(part) if clean(line).strip()] or [message.summary]
    kept: list[str] = []
    room = TEXT - len(_more(len(lines)))
    for line in lines:
        kept.append(notification(line, room))
        room -= size(kept[-1]) + 1
        if room < PARAGRAPH:
            break
    left_out = len(lines) - len(kept)
    return {"text": "\n".join([*kept, *([_more(left_out)] if left_out else [])]), "mrkdwn": False}


def fits_message(message: Message) -> bool:
    """Whether a message of the chat shows it whole; a window holds more."""
    blocks = [block for part in message.parts for block in _part(part)]
    return len(blocks) <= MESSAGE_BLOCKS and _json_size(blocks) <= MESSAGE_JSON


def without_charts(message: Message) -> Message:
    """What is left where Slack draws none: the text beside a chart says the same."""
    return replace(message, parts=tuple(part for part in message.parts if not isinstance(part, Chart)))


def has_chart(message: Message) -> bool:
    return any(isinstance(part, Chart) for part in message.parts)


def render_home(message: Message) -> dict[str, Any]:
    """The App Home that shows the message."""
    return {"type": "home", "blocks": _blocks(without_charts(message), VIEW_BLOCKS, VIEW_JSON)}


def render_message_view(message: Message, title: str, close: str) -> dict[str, Any]:
    """A modal that shows the message, buttons included, and asks nothing."""
    return {
        "type": "modal",
        "title": plain(title, 24),
        "close": plain(close, 24),
        "blocks": _blocks(without_charts(message), VIEW_BLOCKS, VIEW_JSON),
    }


def parse_press(payload: Mapping[str, Any]) -> Press:
    """The press in a `block_actions` request."""
    pressed = payload["actions"][0]
    view = payload.get("view") or {}
    return Press(
        action=_NUMBERED.sub("", pressed["action_id"]),
        value=pressed.get("value") or "",
        user_id=payload["user"]["id"],
        workspace_id=(payload.get("team") or {}).get("id") or payload["user"].get("team_id") or "",
        trigger_id=payload.get("trigger_id") or "",
        surface=_surface(payload),
        **_places(payload),
        response_url=payload.get("response_url") or "",
        view_id=view.get("id") or "",
    )


def _surface(payload: Mapping[str, Any]) -> Surface:
    if view := payload.get("view"):
        return "home" if view["type"] == "home" else "modal"
    return "ephemeral" if payload["container"].get("is_ephemeral") else "message"


def _places(payload: Mapping[str, Any]) -> dict[str, Sent]:
    container = payload.get("container") or {}
    channel, own = container.get("channel_id"), container.get("message_ts")
    if not channel or not own:
        return {}
    parent = container.get("thread_ts") or (payload.get("message") or {}).get("thread_ts")
    place = {"place": Sent(channel, own)}
    return place | ({"thread": Sent(channel, parent)} if parent and parent != own else {})


def plain(text: str, most: int) -> dict[str, Any]:
    """A plain_text object, cut at a word; Slack refuses an empty one."""
    return {"type": "plain_text", "text": cut(clean(text), most).strip() or "…", "emoji": True}


def paragraphs(markup: str) -> list[Block]:
    """The blocks that show a text of any length."""
    return [_paragraph(page) for page in pages(shown(parse_markup(markup)), TEXT)]


def _notification(message: Message) -> str:
    texts = chain([message.summary], (_words(part) for part in message.parts))
    return notification(next((text for text in texts if clean(text).strip()), "…"), TEXT)


def _words(part: Part) -> str:
    match part:
        case Heading(text):
            return text
        case Text(text) | Small(text):
            return strip_markup(text)
    return ""


def _lines(part: Part) -> list[str]:
    match part:
        case Quote(text):
            return text.splitlines()
        case Facts(rows):
            return [strip_markup(f"{label}: {value}") for label, value in rows]
    return _words(part).splitlines()


def _blocks(message: Message, most: int, json_size: int) -> list[Block]:
    charts = [part for part in message.parts if isinstance(part, Chart)]
    blocks = [block for part in message.parts if part not in charts[CHARTS:] for block in _part(part)]
    return _identified(_folded(blocks or paragraphs(escape(message.summary)), most, json_size))


def _part(part: Part) -> list[Block]:  # noqa: PLR0911 one line per kind of part
    match part:
        case Heading(text):
            return [{"type": "header", "text": plain(" ".join(text.split()), 150)}] if clean(text).strip() else []
        case Text(text, button):
            return _text(text, button)
        case Quote(text):
            return [_rich("rich_text_quote", page) for page in pages(shown([Span(text)]), TEXT)]
        case Facts(rows):
            return [_paragraph(page) for page in pages(shown(_fact_lines(rows)), TEXT)]
        case Small(text):
            return [_small(page) for page in pages(shown(parse_markup(text)), TEXT)]
        case Chart():
            return _chart(part)
        case Buttons(buttons):
            return list(_rows(buttons))


def _chart(chart: Chart) -> list[Block]:
    """Slack wants a value for every label of every series: a label at which one is not shown is left out."""
    shown = [at for at in range(len(chart.labels)) if all(one.values[at] is not None for one in chart.series)]
    newest = shown[-CHART_LABELS:]
    labels = [cut(clean(chart.labels[at]), CHART_LABEL).strip() or "…" for at in newest]
    series = [
        {
            "name": cut(clean(one.name), CHART_LABEL).strip() or "…",
            "data": [{"label": label, "value": one.values[at]} for label, at in zip(labels, newest, strict=True)],
        }
        for one in chart.series[:CHART_SERIES]
    ]
    names = [one["name"] for one in series]
    if not (labels and series) or len(set(labels)) < len(labels) or len(set(names)) < len(names):
        return []  # two things of one name could not be told apart
    drawn = {"type": CHART_TYPES[chart.kind], "series": series, "axis_config": {"categories": labels}}
    return [{"type": "data_visualization", "title": plain(chart.title, CHART_TITLE)["text"], "chart": drawn}]


def _text(text: str, button: Button | None) -> list[Block]:
    blocks = paragraphs(text)
    row = list(_rows([button] if button else []))
    if not row or not blocks or blocks[0]["type"] != "section":
        return [*blocks, *row]  # rich text has no place for a button beside it
    return [blocks[0] | {"accessory": row[0]["elements"][0]}, *blocks[1:]]


def _fact_lines(rows: Iterable[tuple[str, str]]) -> Iterator[Span]:
    """Lines, not columns: two columns stand in one on a phone, in another order than they are read on a desktop."""
    for index, (label, value) in enumerate(rows):
        yield Span("\n" if index else "")
        yield Span(f"{strip_markup(label)}:", bold=True)
        yield from (Span(" "), *parse_markup(value))


def _paragraph(page: list[Span]) -> Block:
    if fits_mrkdwn(page):
        return {"type": "section", "text": _mrkdwn(page)}
    return _rich("rich_text_section", page)


def _small(page: list[Span]) -> Block:
    if fits_mrkdwn(page):
        return {"type": "context", "elements": [_mrkdwn(page)]}
    if not any(span.bold or span.address for span in page):
        return {"type": "context", "elements": [plain("".join(span.text for span in page), TEXT)]}
    return _rich("rich_text_section", page)


def _mrkdwn(page: list[Span]) -> dict[str, Any]:
    # verbatim: Slack adds no links and no mentions of its own
    return {"type": "mrkdwn", "text": mrkdwn(page), "verbatim": True}


def _rich(kind: str, page: list[Span]) -> Block:
    return {"type": "rich_text", "elements": [{"type": kind, "elements": rich_text(page)}]}


def _rows(buttons: Sequence[Button]) -> Iterator[Block]:
    elements = [_button(button) for button in buttons if button.url is None or is_address(button.url)]
    for start in range(0, len(elements), BUTTONS_A_ROW):
        yield {"type": "actions", "elements": elements[start : start + BUTTONS_A_ROW]}


def _button(button: Button) -> dict[str, Any]:
    if len(button.value) > BUTTON_VALUE:
        raise ValueError(f"The value of button {button.action!r} exceeds {BUTTON_VALUE} characters: pass an id.")
    element = {"type": "button", "action_id": button.action, "text": plain(button.label, 75)}
    if button.value:
        element["value"] = button.value
    if button.url:
        element["url"] = button.url
    if button.style != "normal":
        element["style"] = button.style
    return element


def _folded(blocks: list[Block], most: int, json_size: int) -> list[Block]:
    """As many blocks as Slack takes; a last row of buttons stays, as it is what the reader can do."""
    if len(blocks) <= most and _json_size(blocks) <= json_size:
        return blocks
    tail = blocks[-1:] if blocks[-1]["type"] == "actions" else []
    body = blocks[: len(blocks) - len(tail)]
    room = json_size - _json_size([_fold_line(len(body)), *tail])
    kept: list[Block] = []
    for block in body[: most - 1 - len(tail)]:
        room -= _json_size([block])
        if room < 0:
            break
        kept.append(block)
    return [*kept, _fold_line(len(body) - len(kept)), *tail]


def _fold_line(count: int) -> Block:
    return {"type": "context", "elements": [{"type": "plain_text", "text": _more(count), "emoji": True}]}


def _more(count: int) -> str:
    # No words: the renderer does not know the reader's language.
    return f"… (+{count})"


def _json_size(blocks: list[Block]) -> int:
    return len(json.dumps(blocks, ensure_ascii=False))


def _identified(blocks: list[Block]) -> list[Block]:
    """Every block with an id by its place, every repeated action numbered: ids have to be unique."""
    seen: dict[str, int] = {}
    for number, block in enumerate(blocks, 1):
        block["block_id"] = f"b{number}"
        for element in [*block.get("elements", []), block.get("accessory", {})]:
            if action := element.get("action_id"):
                seen[action] = seen.get(action, 0) + 1
                element["action_id"] = action if seen[action] == 1 else f"{action}#{seen[action]}"
    return blocks

"""The blocks, as the reference of Block Kit lists them, and on which surface each may stand."""

from collections.abc import Iterator, Mapping
from typing import Any

from bot.playground.limits.elements import ACCESSORY, ACTION, BUTTON, CONTEXT, CONTEXT_ACTION, IMAGE, INPUT
from bot.playground.limits.objects import (
    ANY_LENGTH,
    CELL,
    IMAGE_SOURCE,
    RICH_TEXT,
    RICH_TEXT_ELEMENT,
    mrkdwn,
    plain,
    text,
)
from bot.playground.limits.rules import (
    Rule,
    Shape,
    at_least_one,
    by_type,
    exactly_one,
    flag,
    listing,
    number,
    one_of,
    string,
    unique,
    whole,
    wrong,
)

_ID: dict[str, Rule] = {"block_id": string(255)}
_URL = string(3000)
_ACTION_IDS = unique("elements", "action_id")


def _positive(value: Any, at: str) -> Iterator[str]:
    yield from number(value, at)
    if isinstance(value, int | float) and value <= 0:
        yield wrong("must be greater than 0", at)


_POINT = Shape({"label": string(20), "value": number})
_SERIES = listing(Shape({"name": string(20), "data": listing(_POINT, 20)}), 6)
_AXIS = Shape({"categories": listing(string(20), 20)}, {"x_label": string(50), "y_label": string(50)})


def _points_match_categories(chart: Any, at: str) -> Iterator[str]:
    categories = chart["axis_config"]["categories"]
    for index, series in enumerate(chart["series"]):
        if [point["label"] for point in series["data"]] != categories:
            yield wrong("data must have one point for each category, in their order", f"{at}/series/{index}/data")
    names = [series["name"] for series in chart["series"]]
    if len(set(names)) < len(names):
        yield wrong("names of series must be unique", f"{at}/series")


def _axes(value: Any, at: str) -> Iterator[str]:
    found = list(Shape({"series": _SERIES, "axis_config": _AXIS})(value, at))
    yield from found or _points_match_categories(value, at)


CHART = by_type(
    {
        "pie": Shape({"segments": listing(Shape({"label": string(20), "value": _positive}), 6)}),
        "bar": _axes,
        "line": _axes,
        "area": _axes,
    }
)
_CARD = Shape(
    {},
    {
        **_ID,
        "hero_image": IMAGE,
        "icon": IMAGE,
        "title": mrkdwn(150),
        "subtitle": mrkdwn(150),
        "body": mrkdwn(200),
        "actions": listing(BUTTON, 5),
    },
    [at_least_one("hero_image", "title", "actions", "body"), unique("actions", "action_id")],
)
_TASK = Shape(
    {"task_id": string(255), "title": string(3000), "status": one_of("pending", "in_progress", "complete", "error")},
    {
        **_ID,
        "details": RICH_TEXT,
        "output": RICH_TEXT,
        "sources": listing(by_type({"url": Shape({"url": _URL, "text": string(3000)})}), 100),
    },
)

_SIMPLE: Mapping[str, Rule] = {
    "actions": Shape({"elements": listing(ACTION, 25)}, _ID, [_ACTION_IDS]),
    "context": Shape({"elements": listing(CONTEXT, 10)}, _ID),
    "divider": Shape({}, _ID),
    "file": Shape({"source": one_of("remote"), "external_id": string(255)}, _ID),
    "header": Shape({"text": plain(150)}, {**_ID, "level": whole(1, 4)}),
    "image": Shape(
        {"alt_text": string(2000)},
        {**_ID, **IMAGE_SOURCE, "title": plain(2000)},
        [exactly_one("image_url", "slack_file")],
    ),
    "input": Shape(
        {"label": plain(2000), "element": INPUT},
        {**_ID, "hint": plain(2000), "optional": flag, "dispatch_action": flag},
    ),
    "rich_text": Shape({"elements": listing(RICH_TEXT_ELEMENT, 1000, 0)}, _ID),
    "section": Shape(
        {},
        {**_ID, "text": text(3000), "fields": listing(text(2000), 10), "accessory": ACCESSORY, "expand": flag},
        [at_least_one("text", "fields")],
    ),
    "table": Shape(
        {"rows": listing(listing(CELL, 20), 100)},
        {
            **_ID,
            "column_settings": listing(
                Shape(optional={"align": one_of("left", "center", "right"), "is_wrapped": flag}), 20
            ),
        },
    ),
    "video": Shape(
        {"video_url": _URL, "thumbnail_url": _URL, "alt_text": string(2000), "title": plain(199)},
        {
            **_ID,
            "title_url": _URL,
            "author_name": string(49),
            "provider_name": string(255),
            "provider_icon_url": _URL,
            "description": plain(200),
        },
    ),
}
BLOCKS: Mapping[str, Rule] = {
    **_SIMPLE,
    "alert": Shape({"text": text(200)}, {**_ID, "level": one_of("default", "info", "warning", "error", "success")}),
    "card": _CARD,
    "carousel": Shape({"elements": listing(by_type({"card": _CARD}), 10)}, _ID),
    "container": Shape(
        {"child_blocks": listing(by_type(_SIMPLE), 10)},
        {
            **_ID,
            "title": plain(150),
            "rich_text_title": RICH_TEXT,
            "subtitle": text(150),
            "width": one_of("narrow", "standard", "wide", "full"),
            "icon": IMAGE,
            "is_collapsible": flag,
            "default_collapsed": flag,
            "has_header_divider": flag,
        },
        [exactly_one("title", "rich_text_title")],
    ),
    "context_actions": Shape({"elements": listing(CONTEXT_ACTION, 5)}, _ID, [_ACTION_IDS]),
    "data_table": Shape(
        {"rows": listing(listing(CELL, 20), 100), "caption": string(ANY_LENGTH)},
        {**_ID, "page_size": whole(1, 100), "row_header_column_index": whole(0, 19)},
    ),
    "data_visualization": Shape({"title": string(50), "chart": CHART}, _ID),
    "markdown": Shape({"text": string(12_000)}, _ID),
    "plan": Shape({"title": string(3000)}, {**_ID, "tasks": listing(by_type({"task_card": _TASK}), 50, 0)}),
    "task_card": _TASK,
}

_EVERYWHERE = {"actions", "context", "divider", "header", "image", "input", "rich_text", "section", "video"}
_MESSAGES_ONLY = {
    "card",
    "carousel",
    "container",
    "context_actions",
    "data_table",
    "data_visualization",
    "file",
    "markdown",
    "plan",
    "table",
    "task_card",
}
SURFACES: Mapping[str, set[str]] = {
    "message": _EVERYWHERE | _MESSAGES_ONLY,
    "modal": _EVERYWHERE | {"alert"},
    "home": _EVERYWHERE,
}
MOST_BLOCKS: Mapping[str, int] = {"message": 50, "modal": 100, "home": 100}
MOST_OF_A_TYPE: Mapping[str, int] = {"data_visualization": 2, "table": 1}


def blocks_for(surface: str) -> Rule:
    """The rule for the `blocks` of a message, a modal or a Home."""
    each = by_type({name: rule for name, rule in BLOCKS.items() if name in SURFACES[surface]})
    whole_list = listing(each, MOST_BLOCKS[surface], 0)

    def rule(value: Any, at: str) -> Iterator[str]:
        yield from whole_list(value, at)
        for check in (_unique_block_ids, _not_too_many, _one_focus):
            yield from check(
                [block for block in value if isinstance(block, dict)] if isinstance(value, list) else [], at
            )

    return rule


def _unique_block_ids(blocks: list[dict[str, Any]], at: str) -> Iterator[str]:
    yield from unique("blocks", "block_id")({"blocks": blocks}, at.removesuffix("/blocks"))


def _not_too_many(blocks: list[dict[str, Any]], at: str) -> Iterator[str]:
    for name, most in MOST_OF_A_TYPE.items():
        if sum(block.get("type") == name for block in blocks) > most:
            yield wrong(f"no more than {most} blocks of type {name} allowed", at)


def _one_focus(blocks: list[dict[str, Any]], at: str) -> Iterator[str]:
    inputs = [block.get("element") for block in blocks]
    if sum(isinstance(element, dict) and element.get("focus_on_load") is True for element in inputs) > 1:
        yield wrong("only one element may have focus_on_load", at)

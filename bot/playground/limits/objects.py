"""Texts, options, confirmations, rich text: what blocks and elements are composed of."""

from collections.abc import Iterator
from typing import Any

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
    whole,
    wrong,
)

ANY_LENGTH = 100_000
STYLE = one_of("primary", "danger")


def plain(most: int) -> Rule:
    """A plain_text object of so many characters."""
    return by_type({"plain_text": Shape({"text": string(most)}, {"emoji": flag})})


def mrkdwn(most: int) -> Rule:
    """A mrkdwn object of so many characters."""
    return by_type({"mrkdwn": Shape({"text": string(most)}, {"verbatim": flag})})


def text(most: int) -> Rule:
    """A plain_text or mrkdwn object of so many characters."""
    return by_type(
        {
            "plain_text": Shape({"text": string(most)}, {"emoji": flag}),
            "mrkdwn": Shape({"text": string(most)}, {"verbatim": flag}),
        }
    )


CONFIRM = Shape({"text": text(300)}, {"title": plain(100), "confirm": plain(30), "deny": plain(30), "style": STYLE})

OPTION = Shape({"text": plain(75), "value": string(150)}, {"description": plain(75)})
LINK_OPTION = Shape({"text": plain(75), "value": string(150)}, {"description": plain(75), "url": string(3000)})
CHOICE = Shape({"text": text(75), "value": string(150)}, {"description": text(75)})
OPTION_GROUP = Shape({"label": plain(75), "options": listing(OPTION, 100)})
OPTIONS: dict[str, Rule] = {"options": listing(OPTION, 100), "option_groups": listing(OPTION_GROUP, 100)}

FILTER = Shape(
    optional={
        "include": listing(one_of("im", "mpim", "private", "public"), 4),
        "exclude_external_shared_channels": flag,
        "exclude_bot_users": flag,
    },
    also=[at_least_one("include", "exclude_external_shared_channels", "exclude_bot_users")],
)
DISPATCH = Shape({"trigger_actions_on": listing(one_of("on_enter_pressed", "on_character_entered"), 2)})
WORKFLOW = Shape(
    {
        "trigger": Shape(
            {"url": string(3000)},
            {
                "customizable_input_parameters": listing(
                    Shape({"name": string(255), "value": string(ANY_LENGTH)}), 100, 0
                )
            },
        )
    }
)
SLACK_FILE = Shape(optional={"url": string(3000), "id": string(255)}, also=[exactly_one("url", "id")])
IMAGE_SOURCE: dict[str, Rule] = {"image_url": string(3000), "slack_file": SLACK_FILE}

_FACE = Shape(optional=dict.fromkeys(("bold", "code", "italic", "strike", "underline"), flag))
_STYLED = {"style": _FACE}
_INLINE = {
    "text": Shape({"text": string(ANY_LENGTH)}, _STYLED),
    "link": Shape({"url": string(3000)}, {"text": string(ANY_LENGTH), "unsafe": flag, **_STYLED}),
    "emoji": Shape({"name": string(255)}, {"unicode": string(255), "url": string(3000), **_STYLED}),
    "user": Shape({"user_id": string(255)}, _STYLED),
    "usergroup": Shape({"usergroup_id": string(255)}, _STYLED),
    "team": Shape({"team_id": string(255)}, _STYLED),
    "channel": Shape({"channel_id": string(255)}, _STYLED),
    "broadcast": Shape({"range": one_of("here", "channel", "everyone")}, _STYLED),
    "color": Shape({"value": string(255)}, _STYLED),
    "date": Shape(
        {"timestamp": whole(0, 10**11), "format": string(255)},
        {"url": string(3000), "fallback": string(255), **_STYLED},
    ),
}
_BORDER = {"border": whole(0, 1)}
_ELEMENTS = {"elements": listing(by_type(_INLINE), 1000, 0)}
_SECTION = Shape(_ELEMENTS)
RICH_TEXT_ELEMENT = by_type(
    {
        "rich_text_section": _SECTION,
        "rich_text_quote": Shape(_ELEMENTS, _BORDER),
        "rich_text_preformatted": Shape(_ELEMENTS, {**_BORDER, "language": string(255)}),
        "rich_text_list": Shape(
            {
                "elements": listing(by_type({"rich_text_section": _SECTION}), 1000),
                "style": one_of("bullet", "ordered"),
            },
            {**_BORDER, "indent": whole(0, 8), "offset": whole(0, 10_000)},
        ),
    }
)
_RICH_TEXT = Shape({"elements": listing(RICH_TEXT_ELEMENT, 1000, 0)}, {"block_id": string(255)})
RICH_TEXT = by_type({"rich_text": _RICH_TEXT})
CELL = by_type(
    {
        "rich_text": _RICH_TEXT,
        "raw_text": Shape({"text": string(ANY_LENGTH)}),
        "raw_number": Shape({"value": number}, {"text": string(ANY_LENGTH)}),
    }
)


def among_options(initial: str) -> Rule:
    """What is chosen at first is one of the options, exactly as it stands there."""

    def rule(value: Any, at: str) -> Iterator[str]:
        chosen = value.get(initial)
        for option in chosen if isinstance(chosen, list) else [chosen] if chosen else []:
            if option not in _offered(value):
                yield wrong("must be an option that is among the options", f"{at}/{initial}")

    return rule


def _offered(element: Any) -> list[Any]:
    groups = [group for group in _items(element.get("option_groups")) if isinstance(group, dict)]
    return _items(element.get("options")) + [option for group in groups for option in _items(group.get("options"))]


def _items(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []

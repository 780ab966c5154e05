"""What Slack refuses to take: Block Kit's structure and limits, as tables of rules.

Source: the TypeScript types of npm @slack/types and Slack's reference (https://docs.slack.dev/reference/block-kit).
"""

from collections.abc import Iterator, Sequence
from typing import Any

from bot.playground.errors import SlackError
from bot.playground.limits.blocks import blocks_for
from bot.playground.limits.objects import OPTION, OPTION_GROUP, plain
from bot.playground.limits.rules import Rule, Shape, by_type, exactly_one, flag, listing, string, wrong

TEXT_LIMIT = 4000
_COMMON = {"callback_id": string(255), "private_metadata": string(3000, 0), "external_id": string(255)}


def _input_needs_submit(view: Any, at: str) -> Iterator[str]:
    blocks = view.get("blocks")
    has_input = any(
        isinstance(b, dict) and b.get("type") == "input" for b in (blocks if isinstance(blocks, list) else [])
    )
    if has_input and "submit" not in view:
        yield wrong("missing required field: submit (a modal with an input block needs a submit button)", at)


_MODAL = Shape(
    {"title": plain(24), "blocks": blocks_for("modal")},
    {
        **_COMMON,
        "submit": plain(24),
        "close": plain(24),
        "clear_on_close": flag,
        "notify_on_close": flag,
        "submit_disabled": flag,
    },
    [_input_needs_submit],
)
_HOME = Shape({"blocks": blocks_for("home")}, _COMMON)
_VIEWS: dict[str, Rule] = {"modal": _MODAL, "home": _HOME}
_MESSAGE_BLOCKS = blocks_for("message")
_SUGGESTIONS = Shape(
    {},
    {"options": listing(OPTION, 100, 0), "option_groups": listing(OPTION_GROUP, 100, 0)},
    [exactly_one("options", "option_groups")],
)


def check_blocks(blocks: object) -> None:
    """Raises invalid_blocks, with everything that is wrong, unless a message may have these blocks."""
    _refuse("invalid_blocks", list(_MESSAGE_BLOCKS(blocks, "/blocks")))


def check_view(view: object, kind: str) -> None:
    """Raises invalid_arguments, with everything that is wrong, unless this is a `modal` or `home` that Slack shows."""
    _refuse("invalid_arguments", list(by_type({kind: _VIEWS[kind]})(view, "/view")))


def check_suggestions(answer: object) -> None:
    """Raises invalid_arguments unless this answers a request for options."""
    _refuse("invalid_arguments", list(_SUGGESTIONS(answer, "")))


def check_text(text: str) -> None:
    """Raises msg_too_long for a message that Slack would not take whole."""
    if len(text) > TEXT_LIMIT:
        raise SlackError("msg_too_long")


def _refuse(code: str, found: Sequence[str]) -> None:
    if found:
        raise SlackError(code, sorted(found))

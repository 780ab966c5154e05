"""The arguments of a Web API call: from a query, a form or JSON, always read the same way."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as Base64Error
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from bot.playground.errors import SlackError
from bot.playground.model import Json

T = TypeVar("T")
MOST_PER_PAGE = 1000


@dataclass(frozen=True)
class Arguments:
    """What the bot sent; in forms, structures are JSON in a string."""

    values: Mapping[str, Any]

    def text(self, name: str) -> str:
        """The argument, or an empty text."""
        value = self.values.get(name)
        return "" if value is None else str(value)

    def required(self, name: str, error: str = "invalid_arguments") -> str:
        """The argument; raises `error` when it is missing."""
        value = self.text(name)
        if not value:
            raise SlackError(error, [f"[ERROR] missing required field: {name}"])
        return value

    def optional(self, name: str) -> str | None:
        """The argument, or None."""
        return self.text(name) or None

    def flag(self, name: str) -> bool:
        """Whether the argument is given as true."""
        return self.text(name).lower() in {"1", "true"}

    def structure(self, name: str, error: str) -> Any:
        """The list or object, None when it is not given; raises `error` when it is no JSON."""
        value = self.values.get(name)
        if not isinstance(value, str) or not value:
            return value or None if not isinstance(value, list) else value
        try:
            return json.loads(value)
        except ValueError as broken:
            raise SlackError(error, [f"[ERROR] {name} is not valid JSON"]) from broken

    def limit(self, default: int = 100) -> int:
        """How many items a page may have; raises invalid_limit."""
        text = self.text("limit") or str(default)
        if not text.isdecimal():
            raise SlackError("invalid_limit")
        return min(int(text), MOST_PER_PAGE) or default


def page(items: Sequence[T], arguments: Arguments, default: int = 100) -> tuple[list[T], Json]:
    """One page of a list, and its response_metadata; raises invalid_cursor."""
    start = _offset(arguments.text("cursor"))
    end = start + arguments.limit(default)
    following = urlsafe_b64encode(f"next:{end}".encode()).decode() if end < len(items) else ""
    return list(items[start:end]), {"next_cursor": following}


def _offset(cursor: str) -> int:
    if not cursor:
        return 0
    try:
        word, _, number = urlsafe_b64decode(cursor).decode().partition(":")
    except (Base64Error, UnicodeDecodeError) as broken:
        raise SlackError("invalid_cursor") from broken
    if word != "next" or not number.isdecimal():
        raise SlackError("invalid_cursor")
    return int(number)

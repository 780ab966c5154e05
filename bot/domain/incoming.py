"""What a chat sends back into what the person saw: names instead of ids, addresses instead of link codes."""

import re
from collections.abc import Mapping
from typing import Final

_CODE: Final = re.compile(r"<((?:[@#!]|[a-z][a-z0-9+.-]*:)[^<>\n]+)>", re.IGNORECASE)
_SCHEME: Final = re.compile(r"(?:https?://|mailto:|tel:)", re.IGNORECASE)
_MENTION: Final = re.compile(r"@([UW][A-Z0-9]{2,})\b")
_ENTITIES: Final = (("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&"))


def plain_text(text: str) -> str:
    """Slack's escaped text (of a command or a message, never of a form) as the person saw it; nothing in it pings."""
    seen = _CODE.sub(lambda code: _seen(code[1]), text)
    for entity, character in _ENTITIES:
        seen = seen.replace(entity, character)
    return seen


def mentioned(text: str) -> set[str]:
    """Ids of people that a plain text names because the chat told no name: "@U024BE7LH"."""
    return set(_MENTION.findall(text))


def with_names(text: str, names: Mapping[str, str]) -> str:
    """The text with the names of those whose id is known."""
    return _MENTION.sub(lambda mention: f"@{names.get(mention[1], mention[1])}", text)


def _seen(code: str) -> str:
    target, _, label = code.partition("|")
    if target.startswith("@"):
        return f"@{label.removeprefix('@') or target[1:]}"
    if target.startswith("#"):
        return f"#{label.removeprefix('#') or target[1:]}"
    if target.startswith("!"):
        return label or f"@{target[1:].partition('^')[0]}"
    return _link(target, label)


def _link(address: str, label: str) -> str:
    """What was typed as an address stays that; a word with a link behind it keeps both."""
    bare = _SCHEME.sub("", address, count=1)
    if not label:
        return bare if address.lower().startswith(("mailto:", "tel:")) else address
    return label if label.rstrip("/") in {bare.rstrip("/"), address.rstrip("/")} else f"{label} ({address})"

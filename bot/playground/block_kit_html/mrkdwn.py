"""Slack's mrkdwn as safe HTML.

What must not be touched by formatting (code, links, mentions) is taken out first and put back last, so that an
underscore in an address never becomes italics. All other text is escaped: markup comes from this module only.
"""

import re
from collections.abc import Callable
from itertools import groupby
from typing import Final

from markupsafe import Markup, escape

from .dates import shown_date
from .emoji import EMOJI
from .links import safe_url
from .reader import Reader

_HELD: Final = re.compile("\ue000(\\d+)\ue001")
_PRIVATE: Final = re.compile("[\ue000\ue001]")
_CODE_BLOCK: Final = re.compile(r"\n?```\n?(.+?)\n?```\n?", re.DOTALL)
_CODE: Final = re.compile(r"`([^`\n]+)`")
_ENTITY: Final = re.compile(r"<([^<>\n]+)>")
_BARE_URL: Final = re.compile(
    r"(?<![\w/@])https?://(?:(?!&[lg]t;)[^\s<>\"\ue000])*(?!&[lg]t;)[^\s<>\"'*_~.,;:!?)\]\ue000]", re.IGNORECASE
)
_QUOTE: Final = re.compile(r"^(?:&gt;|>) ?")
_EMOJI: Final = re.compile(r":([a-z0-9_+\-]+):")
_STYLES: Final = re.compile(
    r"(?<![\w*])\*(?P<strong>[^\s*](?:[^*\n]*[^\s*])?)\*(?![\w*])"
    r"|(?<![\w_])_(?P<em>[^\s_](?:[^_\n]*[^\s_])?)_(?![\w_])"
    r"|(?<![\w~])~(?P<s>[^\s~](?:[^~\n]*[^\s~])?)~(?![\w~])"
)
_BROADCASTS: Final = frozenset({"here", "channel", "everyone"})


def unescape(text: str) -> str:
    """Slack escapes three characters and no others; any other entity is what somebody typed."""
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def plain(text: str) -> Markup:
    """A plain_text: emoji codes shown, everything else as typed."""
    return _leaf(text)


def mrkdwn(text: str, reader: Reader) -> Markup:
    """Text with paragraphs, quotes and code blocks (block elements: not for inside a label)."""
    held = _Held(reader)
    rest = _BARE_URL.sub(
        held.url, _ENTITY.sub(held.entity, _CODE.sub(held.code, _CODE_BLOCK.sub(held.pre, held.bare(text))))
    )
    lines = groupby(rest.split("\n"), key=lambda line: bool(_QUOTE.match(line)))
    return Markup("").join(_group(quoted, list(group), held) for quoted, group in lines)


def inline(text: str, reader: Reader) -> Markup:
    """The same without block elements: for labels, options and context."""
    held = _Held(reader)
    rest = _BARE_URL.sub(held.url, _ENTITY.sub(held.entity, _CODE.sub(held.code, held.bare(text))))
    return held.put_back(_styled(rest))


def link(url: str, label: str | Markup) -> Markup:
    """A link that opens elsewhere; the label alone where the address may not be followed."""
    safe = safe_url(url)
    if safe is None:
        return Markup("{}").format(label)
    return Markup('<a href="{}" target="_blank" rel="noopener noreferrer">{}</a>').format(safe, label)


def person(user: str, reader: Reader, label: str = "") -> Markup:
    """A mention of a person by the name the workspace knows."""
    name = reader.people.get(user) or label.removeprefix("@") or user
    return Markup('<span class="mention">@{}</span>').format(name)


def channel(channel_id: str, reader: Reader, label: str = "") -> Markup:
    """A mention of a channel, leading there when the reader can see it."""
    name = reader.channels.get(channel_id)
    if name is None:
        return Markup('<span class="mention">#{}</span>').format(label.removeprefix("#") or channel_id)
    return Markup('<a class="mention" href="#channel={}">#{}</a>').format(channel_id, name)


def broadcast(name: str) -> Markup:
    """`@channel` and its like."""
    return Markup('<span class="mention">@{}</span>').format(name)


def _group(quoted: bool, lines: list[str], held: "_Held") -> Markup:
    if quoted:
        return _wrapped("blockquote", [_QUOTE.sub("", line) for line in lines], held)
    while lines and not lines[0].strip():
        lines.pop(0)
    while lines and not lines[-1].strip():
        lines.pop()
    return _wrapped("div", lines, held) if lines else Markup("")


def _wrapped(tag: str, lines: list[str], held: "_Held") -> Markup:
    body = held.put_back(Markup("\n").join(_styled(line) for line in lines))
    return Markup("<{0}>{1}</{0}>").format(Markup(tag), body)  # noqa: S704 - the tag is ours


def _styled(text: str) -> Markup:
    found = _STYLES.search(text)
    if found is None:
        return _leaf(text)
    tag = str(found.lastgroup)
    middle = Markup("<{0}>{1}</{0}>").format(Markup(tag), _styled(found[tag]))  # noqa: S704 - the tag is ours
    return _leaf(text[: found.start()]) + middle + _styled(text[found.end() :])


def _leaf(text: str) -> Markup:
    return escape(_EMOJI.sub(lambda code: EMOJI.get(code[1], code[0]), unescape(text)))


class _Held:
    """The pieces taken out of a text, and the marks that stand in their place."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._pieces: list[Markup] = []

    @staticmethod
    def bare(text: str) -> str:
        """The text without the two characters this module uses as marks."""
        return _PRIVATE.sub("", text)

    def _hold(self, piece: Markup) -> str:
        self._pieces.append(piece)
        return f"\ue000{len(self._pieces) - 1}\ue001"

    def put_back(self, text: Markup) -> Markup:
        """The marks replaced by the pieces; a piece may hold marks itself (code inside a link's label)."""
        return Markup(_HELD.sub(lambda mark: str(self.put_back(self._pieces[int(mark[1])])), str(text)))  # noqa: S704 - pieces are escaped

    def pre(self, found: re.Match[str]) -> str:
        return self._hold(Markup("<pre>{}</pre>").format(self._raw(found[1])))

    def code(self, found: re.Match[str]) -> str:
        return self._hold(Markup("<code>{}</code>").format(self._raw(found[1])))

    def url(self, found: re.Match[str]) -> str:
        address = unescape(found[0])
        return self._hold(link(address, address))

    def entity(self, found: re.Match[str]) -> str:
        target, _, label = found[1].partition("|")
        shown = self._shown(target, label)
        return self._hold(Markup("{}").format(unescape(found[0])) if shown is None else shown)

    def _raw(self, text: str) -> str:
        """Code shows an address or a mention as it is written, never as a link."""
        return unescape(_ENTITY.sub(lambda found: found[1].rpartition("|")[2], text))

    def _shown(self, target: str, label: str) -> Markup | None:
        """None for what is no link or mention; code in a target would put markup into an attribute."""
        if _PRIVATE.search(target):
            return None
        if target[:1] in _SPECIAL:
            return _SPECIAL[target[0]](target[1:], label, self._reader)
        address = unescape(target)
        return link(address, _leaf(label) if label else address) if safe_url(address) else None


def _command(target: str, label: str, reader: Reader) -> Markup | None:
    name, *rest = target.split("^")
    if name in _BROADCASTS:
        return broadcast(name)
    if name == "subteam" and rest:
        return broadcast(label.removeprefix("@") or rest[0])
    if name == "date" and len(rest) >= 2:
        shown = escape(shown_date(rest[0], unescape(rest[1]), unescape(label), reader))
        return link(unescape(rest[2]), shown) if len(rest) > 2 else shown
    return None


_SPECIAL: Final[dict[str, Callable[[str, str, Reader], Markup | None]]] = {
    "@": lambda target, label, reader: person(target, reader, unescape(label)),
    "#": lambda target, label, reader: channel(target, reader, unescape(label)),
    "!": _command,
}

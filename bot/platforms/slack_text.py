"""Texts on their way to and from Slack: escapes, links, emoji, lengths.

Slack has no escape for `* _ ~ `` ` and a line that begins with `>`. So mrkdwn is used only where nothing a person typed
could be taken for formatting (`fits_mrkdwn`); everything else goes as rich text, which Slack never interprets.
Invisible characters beside the signs would depend on undocumented behaviour and stay in what people copy.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from itertools import pairwise
from typing import Any

from bot.domain.markup import Span

Block = dict[str, Any]

LONGEST_ADDRESS = 1500
MOST_INLINE = 100

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_TOKEN = re.compile(
    r"<(?:(?P<sign>[@#])(?P<id>[UWBCDG][A-Z0-9]+)"
    r"|!(?P<all>channel|here|everyone)|!subteam\^(?P<group>\w+)|!date\^(?P<date>[^<>|]*)"
    r"|(?P<address>(?:https?://|mailto:|tel:)[^<>|\s]+))(?:\|(?P<label>[^<>]*))?>"
)
_LINE_QUOTE = re.compile(r"^\s*[>＞]", re.MULTILINE)  # the full-width one quotes too
_FORMATTING = re.compile(r"[*_~`]")
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?"
_ADDRESS = re.compile(
    rf"(?:https?://{_LABEL}(?:\.{_LABEL})*(?::\d{{1,5}})?(?:[/?#][^\s<>\"|]*)?|(?:mailto:|slack://)[^\s<>\"|]+)\Z"
)
_BARE_LINK = re.compile(r"https?://(?:\([^\s<>()\"|]*\)|[^\s<>()\"|])+")
_TRAILING = ".,;:!?'*_~`]}…"
_EMOJI = re.compile(r"(?<!\w):(?!skin-tone)((?:[a-z0-9_+'-]*[a-z+-][a-z0-9_+'-]*|100)):(?!\w|:skin-tone)")
_BROADCAST = re.compile(r"@(?=(?:channel|here|everyone|group)\b)", re.IGNORECASE)


def clean(text: str) -> str:
    """A text without what no database and no reader can use: control characters, halves of characters, `\\r`."""
    whole = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return _CONTROL.sub("", whole.replace("\r\n", "\n").replace("\r", "\n"))


def plain_words(text: str) -> str:
    """What a person typed, from the text of a command, event or message: Slack's escapes are words again.

    A mention becomes "@name", a channel "#name", a link its label and address. Idempotent but for typed entities.
    """
    words = _TOKEN.sub(_word, clean(text))
    return words.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def _word(token: re.Match[str]) -> str:
    label = token["label"] or ""
    if token["sign"]:
        return token["sign"] + (label.lstrip("@#") or token["id"])
    if token["all"] or token["group"]:
        return "@" + (token["all"] or label.lstrip("@") or token["group"])
    if token["date"] is not None:
        return label
    return _link_words(token["address"], label)


def _link_words(address: str, label: str) -> str:
    if not label or label == address:
        return address
    # Slack links what people type: "shop.example" arrives as <https://shop.example|shop.example>.
    typed_so = address.rstrip("/").endswith(label.rstrip("/"))
    return label if typed_so else f"{label} ({address})"


def size(text: str) -> int:
    """Characters as Slack may count them: one beyond the basic plane is two."""
    return sum(map(_units, text))


def _units(character: str) -> int:
    return 2 if character > "\uffff" else 1


def _escaped_units(character: str) -> int:
    return len(_entities(character)) if character in "&<>" else _units(character)


def cut(text: str, most: int, weigh: Callable[[str], int] = _units) -> str:
    """The text in at most `most` characters: cut at a word, with "…"."""
    if _fitting(text, most, weigh) == len(text):
        return text
    end = _fitting(text, most - 1, weigh)
    at_word = re.match(r"(?s)(.*\S)\s+\S*\Z", text[: end + 1])
    head = at_word[1] if at_word and len(at_word[1]) > end // 2 else text[:end]
    return head.rstrip() + "…"


def _fitting(text: str, room: int, weigh: Callable[[str], int]) -> int:
    """How many of the first characters fit."""
    for index, character in enumerate(text):
        room -= weigh(character)
        if room < 0:
            return index
    return len(text)


def notification(text: str, most: int) -> str:
    """A plain text for the `text` of a message, where Slack would take `<!channel>` for a ping."""
    shortened = cut(" ".join(clean(text).split()), most, _escaped_units)
    # Unlike a block, `text` cannot be told to leave names alone: a word joiner keeps "@channel" a word.
    return _entities(_BROADCAST.sub("@\u2060", shortened))


def _entities(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def is_address(address: str) -> bool:
    """Whether Slack takes this as the address of a link."""
    return size(_entities(address)) <= LONGEST_ADDRESS and _ADDRESS.match(address) is not None


def shown(spans: Iterable[Span]) -> list[Span]:
    """The spans as Slack shall show them: Slack's escapes as words, addresses as links, no link that is none."""
    return [piece for span in spans for piece in _linked(_safe(span))]


def _safe(span: Span) -> Span:
    address = span.address if is_address(span.address) else ""
    return replace(span, text=plain_words(span.text), address=address)


def _linked(span: Span) -> Iterator[Span]:
    if span.address:
        yield span
        return
    end = 0
    for found in _BARE_LINK.finditer(span.text):
        address = found[0].rstrip(_TRAILING)
        if is_address(address):
            yield replace(span, text=span.text[end : found.start()])
            yield replace(span, text=address, address=address)
            end = found.start() + len(address)
    yield replace(span, text=span.text[end:])


def pages(spans: Iterable[Span], most: int) -> Iterator[list[Span]]:
    """The spans in portions of at most `most` characters of mrkdwn, broken between words; blank ones are left out."""
    page: list[Span] = []
    room = most
    for span in spans:
        rest = span
        while rest.text:
            head, rest = _broken(rest, room, must=not page)
            if head.text:
                page.append(head)
                room -= _cost(head)
            if rest.text:
                yield from _unless_blank(page)
                page, room = [], most
    yield from _unless_blank(page)


def _unless_blank(page: list[Span]) -> Iterator[list[Span]]:
    if "".join(span.text for span in page).strip():
        yield page


def _cost(span: Span) -> int:
    frame = size(_entities(span.address)) + 3 if span.address else 0
    return sum(map(_escaped_units, span.text)) + frame + 2 * span.bold


def _broken(span: Span, room: int, must: bool) -> tuple[Span, Span]:
    """What fits into the room, and the rest; within a word only where it `must` be."""
    if _cost(span) <= room:
        return span, replace(span, text="")
    end = _fitting(span.text, room - _cost(replace(span, text="")), _escaped_units)
    spaces = [found.end() for found in re.finditer(r"\s", span.text[:end])]
    at = spaces[-1] if spaces else end if must else 0
    return replace(span, text=span.text[:at]), replace(span, text=span.text[at:])


def fits_mrkdwn(spans: list[Span]) -> bool:
    """Whether mrkdwn shows exactly these spans: no sign of a person formats, and every bold is taken for one."""
    text = "".join(span.text for span in spans)
    signs = any(_FORMATTING.search(span.text) for span in spans if span.text != span.address)
    broken_link = any(span.address and "\n" in span.text for span in spans)
    framed = [Span(""), *spans, Span("")]
    bold_works = all(_bold_works(framed[at - 1], framed[at], framed[at + 1]) for at in range(1, len(framed) - 1))
    return not signs and not broken_link and bold_works and not _LINE_QUOTE.search(text)


def _bold_works(before: Span, span: Span, after: Span) -> bool:
    """Slack takes `*` for bold at the edge of a word only, and within one line."""
    if not span.bold:
        return True
    alone = not before.bold and not after.bold and not before.text[-1:].isalnum() and not after.text[:1].isalnum()
    return alone and "\n" not in span.text and span.text == span.text.strip()


def mrkdwn(spans: Iterable[Span]) -> str:
    """The spans as mrkdwn; only for what `fits_mrkdwn`."""
    return "".join(_marked(span) for span in spans)


def _marked(span: Span) -> str:
    marked = _entities(span.text)
    if span.address:
        address = _entities(span.address)
        marked = f"<{address}>" if span.text == span.address else f"<{address}|{marked}>"
    return f"*{marked}*" if span.bold else marked


def rich_text(spans: list[Span]) -> list[Block]:
    """The spans as elements of a rich text: never interpreted, so nothing in them can format or ping."""
    elements = [element for span in spans for element in _inline(span)]
    if len(elements) <= MOST_INLINE:
        return elements
    return [{"type": "text", "text": "".join(span.text for span in spans)}]


def _inline(span: Span) -> Iterator[Block]:
    style: Block = {"style": {"bold": True}} if span.bold else {}
    if span.address:
        yield {"type": "link", "url": span.address, "text": span.text, **style}
        return
    edges = [0, *(edge for found in _EMOJI.finditer(span.text) for edge in found.span()), len(span.text)]
    for index, (start, end) in enumerate(pairwise(edges)):
        piece = span.text[start:end]
        if index % 2:
            yield {"type": "emoji", "name": piece[1:-1]}
        elif piece:
            yield {"type": "text", "text": piece, **style}

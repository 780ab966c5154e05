"""Texts of unknown length in lines of limited length: names are cut first, then counted instead of named."""

import re
from collections.abc import Callable, Iterable, Iterator
from typing import Final, TypeVar

from bot.domain.markup import strip_markup
from bot.templates import Rich
from bot.templates.formats import cut

AnyText = TypeVar("AnyText", bound=str)

LINE: Final = 195
"""Characters of a line in a channel: about three lines on a phone."""

_BREAKS: Final = re.compile(r"[\r\n\v\f\u0085\u2028\u2029]+")
_MOST: Final = 6
_CUTS: Final = (80, 60, 48, 40, 32, 24)


def fit_line(render: Callable[[int, int], Rich], items: int) -> Rich:
    """The fullest line that fits. `render` gets how many of the items it may name, and how long a name may be."""
    return first_that_fits(_attempts(render, items))


def _attempts(render: Callable[[int, int], Rich], items: int) -> Iterator[Rich]:
    for named in range(min(items, _MOST), 0, -1):
        for length in _CUTS:
            yield render(named, length)
    yield render(0, 0)


def pack(paragraphs: Iterable[AnyText], limit: int) -> list[list[AnyText]]:
    """The paragraphs, in their order, in groups of at most `limit` characters; a longer one stands alone."""
    groups: list[list[AnyText]] = []
    room = 0
    for paragraph in paragraphs:
        if not groups or len(paragraph) > room:
            groups.append([])
            room = limit
        groups[-1].append(paragraph)
        room -= len(paragraph)
    return groups


def first_that_fits(lines: Iterable[Rich]) -> Rich:
    """The first of the lines that is short enough, else the last.

    It stays one line whatever is in the names, and what was cut ends its sentence by itself.
    """
    line = Rich()
    for said in lines:
        line = Rich(_BREAKS.sub(" ", said).replace("….", "…"))
        if len(strip_markup(line)) <= LINE:
            break
    return line


def cut_clause(text: str, length: int) -> str:
    """At most `length` characters, cut where a clause ends when that leaves half of them, else after a word."""
    if len(text) <= length:
        return text
    clause = max(text.rfind(sign, 0, length) for sign in (", ", "; ", " ("))
    if clause >= length // 2:
        return text[:clause].rstrip(" ,;:.") + "…"
    whole = cut(text, length)
    return whole if closed(whole) == whole else closed(cut(text, length - 1))


def closed(text: str) -> str:
    """The text with its last bracket closed, where it was cut inside one."""
    return text + ")" if text.count("(") > text.count(")") else text

"""Texts of unknown length in lines of limited length: names are cut first, then counted instead of named."""

from collections.abc import Callable, Iterable, Iterator
from typing import Final, TypeVar

from bot.domain.markup import strip_markup
from bot.templates import Rich

AnyText = TypeVar("AnyText", bound=str)

LINE: Final = 195
"""Characters of a line in a channel: about three lines on a phone."""

_MOST: Final = 6
_CUTS: Final = (80, 60, 48, 40, 32, 24)


def fit_line(render: Callable[[int, int], Rich], items: int) -> Rich:
    """The fullest line that fits. `render` gets how many of the items it may name, and how long a name may be."""
    line = Rich()
    for line in _attempts(render, items):
        if len(strip_markup(line)) <= LINE:
            break
    return line


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

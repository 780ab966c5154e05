"""Which entries somebody wants to see: typed words, a form, or a button's value, all in one readable notation.

"clash open mine sales allergen wash" and what a button carries
("kind:clash status:open side:sales mine:yes after:2026-05-27/k7m2 text:allergen wash") read the same.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TypeVar

from storage.tables import EntryStatus, Kind

Word = TypeVar("Word", Kind, EntryStatus)

WORDS: Mapping[str, tuple[str, str]] = {
    "clash": ("kind", "clash"),
    "clashes": ("kind", "clash"),
    "botsing": ("kind", "clash"),
    "botsingen": ("kind", "clash"),
    "win": ("kind", "went_well"),
    "wins": ("kind", "went_well"),
    "went well": ("kind", "went_well"),
    "ging goed": ("kind", "went_well"),
    "goed": ("kind", "went_well"),
    "not so well": ("kind", "not_so_well"),
    "ging minder goed": ("kind", "not_so_well"),
    "minder goed": ("kind", "not_so_well"),
    "improve": ("kind", "improve"),
    "kan beter": ("kind", "improve"),
    "beter": ("kind", "improve"),
    "open": ("status", "open"),
    "resolved": ("status", "resolved"),
    "opgelost": ("status", "resolved"),
    "parked": ("status", "parked"),
    "geparkeerd": ("status", "parked"),
    "agreed": ("status", "agreed"),
    "afgesproken": ("status", "agreed"),
    "adopted": ("status", "adopted"),
    "overgenomen": ("status", "adopted"),
    "mine": ("mine", "yes"),
    "mijn": ("mine", "yes"),
}


LONGEST_TEXT = 80
"""Characters of the words that are searched."""

_NAMES = ("kind", "status", "side", "tension", "mine", "after")


@dataclass(frozen=True, slots=True)
class EntryFilter:
    """Empty fields do not filter. `after` is the last row of the page before: (date, ref)."""

    kind: Kind | None = None
    status: EntryStatus | None = None
    side: str | None = None
    tension: str | None = None
    mine: bool = False
    text: str = ""
    after: tuple[date, str] | None = None

    def page_after(self, on: date, ref: str) -> "EntryFilter":
        return replace(self, after=(on, ref))

    @property
    def is_empty(self) -> bool:
        return replace(self, after=None) == EntryFilter()


def parse_filter(words: str, sides: Mapping[str, str]) -> EntryFilter:
    """Read typed words; `sides` maps keys to names, both understood. What is no filter word is searched as text.

    What follows "text:" is text to its end, whatever it says.
    """
    names = {name.lower(): key for key, name in sides.items()} | {key: key for key in sides}
    phrases = {**WORDS, **{name: ("side", key) for name, key in names.items()}}
    head, _, tail = words.partition("text:")
    found: dict[str, str] = {}
    text: list[str] = []
    rest = head.split()
    while rest:
        length, meaning = _first_phrase(rest, phrases)
        word = rest[0]
        name, colon, value = word.partition(":")
        if meaning:
            found.update([meaning])
        elif colon and name in _NAMES:
            found[name] = value
        else:
            text.append(word)
        rest = rest[length:]
    return EntryFilter(
        kind=_known(Kind, found.get("kind")),
        status=_known(EntryStatus, found.get("status")),
        side=found.get("side"),
        tension=found.get("tension"),
        mine=found.get("mine") == "yes",
        text=" ".join([*text, *tail.split()])[:LONGEST_TEXT].strip(),
        after=_after(found.get("after")),
    )


def write_filter(wanted: EntryFilter) -> str:
    """The filter in the notation `parse_filter` reads."""
    named = {"kind": wanted.kind, "status": wanted.status, "side": wanted.side, "tension": wanted.tension}
    words = [f"{name}:{value}" for name, value in named.items() if value]
    if wanted.mine:
        words.append("mine:yes")
    if wanted.after:
        words.append(f"after:{wanted.after[0].isoformat()}/{wanted.after[1]}")
    if wanted.text:
        words.append(f"text:{wanted.text}")
    return " ".join(words)


def _first_phrase(words: Sequence[str], phrases: Mapping[str, tuple[str, str]]) -> tuple[int, tuple[str, str] | None]:
    """How many of the first words say one thing, and what: "not so well" is no "well"."""
    for length in (3, 2, 1):
        phrase = " ".join(words[:length]).lower()
        if phrase in phrases:
            return length, phrases[phrase]
    return 1, None


def _known(words: type[Word], value: str | None) -> Word | None:
    return words(value) if value in set(words) else None


def _after(value: str | None) -> tuple[date, str] | None:
    if not value:
        return None
    on, _, ref = value.partition("/")
    try:
        return date.fromisoformat(on), ref
    except ValueError:
        return None

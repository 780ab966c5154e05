"""An entry as one line in a post: its title, and who else told the same event; the most useful come first."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from bot.domain.brief.entries import short_headline
from storage.tables import Entry, Kind, Side, SideKind

KINDS: Final = (Kind.CLASH, Kind.NOT_SO_WELL, Kind.IMPROVE, Kind.WENT_WELL)


@dataclass(frozen=True, slots=True)
class Beside:
    """Another entry of the same event. `side` is what the company calls the side it is from, None = "the company".

    `both` = the two counterparts told it.
    """

    ref: str
    side: str | None
    both: bool


@dataclass(frozen=True, slots=True)
class Example:
    """An entry by its title, with who else told it."""

    kind: Kind
    ref: str
    headline: str
    beside: Beside | None = None


def example_of(entry: Entry, partners: Iterable[Entry], sides: Sequence[Side]) -> Example:
    """`partners` tell the same event, the entry itself may be among them."""
    return Example(entry.kind, entry.ref, short_headline(entry), _beside(entry, partners, sides))


def use_of(entry: Entry, example: Example) -> tuple[bool, bool, bool, bool]:
    """Sorts by use: both told it, somebody else did, it has a number, it is about a tension."""
    beside = example.beside
    return bool(beside and beside.both), bool(beside), has_number(entry), bool(entry.tension_key)


def has_number(entry: Entry) -> bool:
    """Whether its effect says how much."""
    return entry.effect_eur is not None or any(sign.isdigit() for sign in entry.effect or "")


def _beside(entry: Entry, partners: Iterable[Entry], sides: Sequence[Side]) -> Beside | None:
    names = {side.key: side.name for side in sides}
    counterparts = {side.key for side in sides if side.kind is SideKind.COUNTERPART}
    others = [one for one in partners if one.side != entry.side]
    both = next((one for one in others if {one.side, entry.side} <= counterparts), None)
    found = both or next(iter(others), None)
    return Beside(found.ref, names.get(found.side), both=found is both) if found else None

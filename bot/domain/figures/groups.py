"""Who may be shown as a group: one partition of the sides for everything that is shown.

Each counterpart is a group, the bridges together are one. A group under five is not shown, and nothing is shown from
which it could be subtracted. Every rule here looks at how many people a group has, never at what they said, with one
exception: answers so much alike that their mean would tell each of them (`pulse.counts`).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from storage.tables import COMPANY, Side, SideKind

SMALLEST_GROUP: Final = 5
"""People. A figure about fewer would point at persons."""

BRIDGES: Final = "bridges"
"""The bridges are one group: apart they are often under five."""


@dataclass(frozen=True, slots=True)
class Group:
    """What is counted of a group of `people`."""

    key: str
    people: int
    count: int


def may_show_apart(groups: Iterable[Group]) -> bool:
    """Whether the counts of the groups may stand beside their total.

    One group under five hides them all: whoever subtracts what is shown from the total would find it. A group without
    people and without a count is no group.
    """
    return all(group.people >= SMALLEST_GROUP or group.people == group.count == 0 for group in groups)


def shown_apart(groups: Sequence[Group]) -> dict[str, int] | None:
    """Counts by group beside their total (votes, silence, read receipts), or None when they may not be shown."""
    return {group.key: group.count for group in groups} if may_show_apart(groups) else None


def may_show_total(people: Iterable[int]) -> bool:
    """Whether a total over groups of so many people may stand beside those that are shown.

    Only when no group is hidden, or the hidden ones together have five: then subtracting finds no smaller group.
    """
    hidden = sum(number for number in people if number < SMALLEST_GROUP)
    return hidden == 0 or hidden >= SMALLEST_GROUP


@dataclass(frozen=True, slots=True)
class Partition:
    """The sides of a workspace as groups. `first` and `second` are the two that have a gap; "" = there is none."""

    counterparts: tuple[str, ...]
    bridge_sides: tuple[str, ...]

    @property
    def first(self) -> str:
        return self.counterparts[0] if self.counterparts else ""

    @property
    def second(self) -> str:
        return self.counterparts[1] if len(self.counterparts) > 1 else ""

    @property
    def groups(self) -> tuple[str, ...]:
        return (*self.counterparts, BRIDGES)

    def group_of(self, side: str) -> str:
        """The group that a side is shown in; an entry "from the company" belongs to none that has a name."""
        return side if side in self.counterparts or side == COMPANY else BRIDGES


def partition(sides: Sequence[Side]) -> Partition:
    ordered = sorted(sides, key=lambda side: (side.position, side.key))
    return Partition(
        counterparts=tuple(side.key for side in ordered if side.kind is SideKind.COUNTERPART),
        bridge_sides=tuple(side.key for side in ordered if side.kind is SideKind.BRIDGE),
    )

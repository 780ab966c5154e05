"""The rules of an entry: what it says, when a brief knows it, what a side-only one may keep, who may move it."""

import re
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from bot.domain.figures import SMALLEST_GROUP
from storage.tables import COMPANY, Entry, EntryStatus, Member

LONGEST_TEXT: Final = 40_000
"""More than any chat lets a person type: what comes is kept whole."""

LONGEST_PREFILL: Final = 3_000
"""What a field of a form holds on the platforms."""

_QUIET: Final = re.compile(r"\s*(?:quietly|stil)(?=[\s:,.;]|$)[\s:,.;–—-]*", re.IGNORECASE)
_FIRST_SENTENCE: Final = re.compile(r"\s*(.+?(?:[.!?](?=\s)|$))", re.MULTILINE)

_MOVES: Final = {
    EntryStatus.OPEN: {EntryStatus.AGREED, EntryStatus.RESOLVED, EntryStatus.PARKED, EntryStatus.ADOPTED},
    EntryStatus.AGREED: {EntryStatus.OPEN, EntryStatus.RESOLVED, EntryStatus.PARKED, EntryStatus.ADOPTED},
    EntryStatus.PARKED: {EntryStatus.OPEN, EntryStatus.AGREED, EntryStatus.RESOLVED, EntryStatus.ADOPTED},
    EntryStatus.RESOLVED: {EntryStatus.OPEN, EntryStatus.AGREED},
    EntryStatus.ADOPTED: {EntryStatus.OPEN, EntryStatus.AGREED},
}


def is_quiet(text: str) -> bool:
    """Whether the first word asks to leave the name out."""
    return _QUIET.match(text) is not None


def without_quiet(text: str) -> str:
    """The text without that first word, which is said to the bot and is no part of the example."""
    return _QUIET.sub("", text, count=1).strip() if is_quiet(text) else text.strip()


def says_something(text: str) -> bool:
    """Whether there is an example in it; "quietly" alone is none."""
    return bool(without_quiet(text))


def headline(entry: Entry) -> str:
    """The title, else the first sentence of what happened."""
    if entry.title:
        return entry.title
    first = _FIRST_SENTENCE.match(entry.what_happened)
    return first[1].strip() if first else entry.what_happened.strip()


@dataclass(frozen=True, slots=True)
class SideOnly:
    """What a side-only entry may keep beside its words."""

    side: str
    plant: str | None
    language: str | None


def side_only(side_members: Sequence[Member], side: str, plant: str | None, language: str | None) -> SideOnly:
    """`side_members` are the active members of the author's side.

    A side under five reads "the company"; plant and language stay only when five or more of the side share them. A
    plant stays only when its absence would not find the few of the other plants; a language its text shows anyway.
    Customer and product family are never known to be shared, so they are never kept.
    """
    plants = Counter(member.plant for member in side_members)
    same_language = sum(member.language == language for member in side_members)
    return SideOnly(
        side=side if len(side_members) >= SMALLEST_GROUP else COMPANY,
        plant=plant if plants[plant] >= SMALLEST_GROUP and _few_elsewhere(plants) in {0, SMALLEST_GROUP} else None,
        language=language if same_language >= SMALLEST_GROUP else None,
    )


def _few_elsewhere(plants: Counter[str | None]) -> int:
    """How many would have no plant to their entry, counted up to the smallest group that is one."""
    return min(sum(count for count in plants.values() if count < SMALLEST_GROUP), SMALLEST_GROUP)


def may_move(status: EntryStatus, to: EntryStatus) -> bool:
    return to in _MOVES[status]


def is_partner(entry_side: str, member_side: str, counterparts: Collection[str]) -> bool:
    """Whether the member stands on a counterpart side other than the one the entry came from."""
    return member_side in counterparts and member_side != entry_side


def counts_from(entry: Entry, zone: str) -> datetime:
    """The first as-of moment that knows the entry; one without a time is known when its day is over in `zone`."""
    if entry.created_at is not None:
        return entry.created_at + timedelta(microseconds=1)
    return datetime.combine(entry.created_on + timedelta(days=1), time(), ZoneInfo(zone))

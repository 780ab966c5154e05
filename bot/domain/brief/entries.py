"""What a brief and a weekly summary tell of the entries of their time: how many, of which groups, what came back."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final

from bot.domain.brief.snapshot import EntryFacts, Repeat, SideCount, Words
from bot.domain.brief.window import Window
from bot.domain.entry import headline
from bot.domain.figures import BRIDGES, SMALLEST_GROUP, Group, may_show_apart
from storage.tables import COMPANY, Entry, Kind, Level, Side, SideKind, Tension

HEADLINE: Final = 60
"""Characters of the first sentence that stand for an entry without a title."""


def short_headline(entry: Entry) -> str:
    """The title whole; the first sentence of what happened cut after a word."""
    text = " ".join(headline(entry).split())
    if entry.title or len(text) <= HEADLINE:
        return text
    return text[: HEADLINE - 1].rsplit(None, 1)[0].rstrip(" ,;:.") + "…"


def age(entry: Entry) -> tuple[date, float, str]:
    """Sorts by age; a side-only entry has no time and comes first on its day."""
    return entry.created_on, entry.created_at.timestamp() if entry.created_at else 0.0, entry.ref


def entry_facts(new: Sequence[Entry], sides: Sequence[Side], people: Mapping[str, int]) -> EntryFacts:
    """Counts of the entries; `people` are the active members of each side."""
    kinds, levels = Counter(entry.kind for entry in new), Counter(entry.level for entry in new)
    by_side = _counts_by_side(new, sides, people)
    company = any(entry.side == COMPANY for entry in new)
    # An entry "from the company" may be a bridge's: then nobody can say that the bridges were silent.
    silent = [side.key for side in by_side or () if not side.entries and not (company and side.key == BRIDGES)]
    return EntryFacts(
        total=len(new),
        by_kind={kind: kinds[kind] for kind in Kind},
        by_level={level: levels[level] for level in Level},
        without_level=levels[None],
        by_side=by_side,
        silent=tuple(silent),
    )


def repeats(
    new: Sequence[Entry], known: Mapping[str, Entry], tensions: Sequence[Tension], window: Window
) -> tuple[Repeat, ...]:
    """Clashes that repeat an entry that can still be read: what is not resolved first, the newest first."""
    names = {tension.key: Words(tension.name, tension.name_nl) for tension in tensions}
    pairs = ((entry, known.get(entry.recurrence_of or "")) for entry in new if entry.kind is Kind.CLASH)
    found = [
        Repeat(
            ref=entry.ref,
            headline=short_headline(entry),
            earlier_ref=earlier.ref,
            tension_key=entry.tension_key,
            tension=names.get(entry.tension_key or ""),
            resolved_on=entry.resolved_on if window.over(entry.resolved_on) else None,
        )
        for entry, earlier in pairs
        if earlier is not None
    ]
    return tuple(sorted(found, key=lambda repeat: repeat.resolved_on is not None))


def _counts_by_side(
    new: Sequence[Entry], sides: Sequence[Side], people: Mapping[str, int]
) -> tuple[SideCount, ...] | None:
    """The counterparts and the bridges together; None when one of them is under five."""
    names = {side.key: side.name for side in sides if side.kind is SideKind.COUNTERPART}
    bridges = [side.key for side in sides if side.kind is SideKind.BRIDGE]
    groups = [_group(key, [key], new, people) for key in names]
    groups.append(_group(BRIDGES, bridges, new, people))
    rest = len(new) - sum(group.count for group in groups)
    if not may_show_apart([*groups, *_unattributed(rest, people)]):
        return None
    return tuple(SideCount(group.key, names.get(group.key), group.count) for group in groups if group.people)


def _group(key: str, sides: Sequence[str], new: Sequence[Entry], people: Mapping[str, int]) -> Group:
    return Group(key, sum(people.get(side, 0) for side in sides), sum(entry.side in sides for entry in new))


def _unattributed(count: int, people: Mapping[str, int]) -> list[Group]:
    """Entries "from the company": anybody of a side under five may have written them."""
    candidates = sum(number for number in people.values() if number < SMALLEST_GROUP)
    return [Group(COMPANY, candidates, count)] if count else []

"""Rounds of the weekly question, written short: `a_round(3, sales=[4, 4, 5, 3, 4])` is that of week 3."""

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta

from bot.domain.figures import GroupResult, Round
from storage.tables import Side, SideKind

START = datetime(2026, 1, 8, 9, tzinfo=UTC)
"""A Thursday."""


def closes(week: int) -> datetime:
    return datetime(2026, 1, 11, 23, tzinfo=UTC) + timedelta(weeks=week - 1)


def a_round(
    week: int, *, asked: dict[str, int] | None = None, late: dict[str, int] | None = None, **scores: Sequence[int]
) -> Round:
    """Each group's scores in time, by its first members; `asked` counts people, else everybody asked answered."""
    groups = set(scores) | set(asked or {})
    return Round(
        label=f"W{week:02d}",
        asked_at=START + timedelta(weeks=week - 1),
        closes_at=closes(week),
        lowest=1,
        highest=5,
        groups={
            group: GroupResult(
                scores=dict(Counter(scores.get(group, ()))),
                asked=(asked or {}).get(group, len(scores.get(group, ()))),
                answered=len(scores.get(group, ())) + (late or {}).get(group, 0),
                in_time=frozenset(f"{group}{number}" for number in range(len(scores.get(group, ())))),
            )
            for group in groups
        },
    )


def sides(**kinds: SideKind) -> list[Side]:
    """In that order; without any the two counterparts and a bridge."""
    kinds = kinds or {
        "sales": SideKind.COUNTERPART,
        "operations": SideKind.COUNTERPART,
        "finance": SideKind.BRIDGE,
    }
    return [
        Side(workspace_id="w", key=key, name=key.title(), kind=kind, position=position)
        for position, (key, kind) in enumerate(kinds.items())
    ]


def day_of(week: int) -> date:
    return (START + timedelta(weeks=week - 1)).date()

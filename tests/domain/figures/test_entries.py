from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from bot.domain.figures import AsOf, Period, end_of
from bot.domain.figures.entries import (
    EntryFact,
    Resolution,
    Share,
    clash_share,
    known_entries,
    level_mix,
    recurrence,
    recurrence_per_tension,
    resolution,
    told_by_both,
)
from storage.tables import EntryStatus, Kind, Level

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
JUNE = Period(date(2026, 6, 1), date(2026, 6, 30))
AS_OF = AsOf(end_of(date(2026, 6, 30), AMSTERDAM), AMSTERDAM)


def entry(number: int = 0, kind: Kind = Kind.CLASH, **changes: object) -> EntryFact:
    fact = EntryFact(
        id=f"e{number}",
        kind=kind,
        side="sales",
        level=None,
        tension_key="T01",
        created_on=date(2026, 6, 10),
        created_at=datetime(2026, 6, 10, 12, tzinfo=UTC),
        status=EntryStatus.OPEN,
        resolved_on=None,
        pair_id=None,
        recurrence_of=None,
    )
    return replace(fact, **changes)  # type: ignore[arg-type]


def several(number: int, kind: Kind = Kind.CLASH, **changes: object) -> list[EntryFact]:
    return [entry(n, kind, **changes) for n in range(number)]


def test_only_entries_of_the_period_that_are_known() -> None:
    late = datetime(2026, 6, 30, 22, 30, tzinfo=UTC)
    found = [
        entry(1, created_on=date(2026, 5, 31)),
        entry(2, created_on=date(2026, 6, 1)),
        entry(3, created_on=date(2026, 6, 30), created_at=late),
        entry(4, created_on=date(2026, 6, 30), created_at=None),
    ]

    assert [e.id for e in known_entries(found, JUNE, AS_OF)] == ["e2", "e4"]


def test_clash_share_is_shown_from_ten() -> None:
    nine = several(6) + several(3, Kind.WENT_WELL)

    assert clash_share([*nine, entry(kind=Kind.IMPROVE)]) == Share(6, 9, None)
    assert clash_share([*nine, entry(kind=Kind.WENT_WELL)]) == Share(6, 10, Decimal("60.0"))


def test_levels_and_those_without() -> None:
    mix = level_mix(several(7, level=Level.STRATEGIC) + several(3))

    assert mix[Level.STRATEGIC] == Share(7, 10, Decimal("70.0"))
    assert mix[Level.DAY_TO_DAY] == Share(0, 10, Decimal("0.0"))
    assert mix[None] == Share(3, 10, Decimal("30.0"))
    assert level_mix(several(9))[None] == Share(9, 9, None)


def test_what_came_back_counts_for_the_tension_of_the_clash_while_the_earlier_one_can_be_read() -> None:
    clashes = [
        entry(1, recurrence_of="old"),
        entry(2, recurrence_of="hidden"),
        entry(3),
        entry(4, tension_key="T02", recurrence_of="old"),
        entry(5, tension_key=None, recurrence_of="old"),
        entry(6, Kind.WENT_WELL, tension_key="T03", recurrence_of="old"),
    ]

    assert recurrence(clashes, {"old"}) == Share(3, 5, Decimal("60.0"))
    assert recurrence_per_tension(clashes, {"old"}) == {"T01": Share(1, 3, Decimal("33.3")), "T02": Share(1, 1, None)}


@pytest.mark.parametrize(("resolved", "days"), [(4, None), (5, 10)])
def test_time_to_resolution_is_shown_from_five(resolved: int, days: int | None) -> None:
    done = several(resolved, status=EntryStatus.RESOLVED, resolved_on=date(2026, 6, 20))
    waiting = [entry(9, created_on=date(2026, 6, 1)), entry(10, status=EntryStatus.PARKED)]

    assert resolution([*done, *waiting], AS_OF) == Resolution(resolved, days, 2, Decimal("24.5"))


def test_what_is_resolved_later_was_open() -> None:
    """On 20 June at nine, what is resolved on that day is not known yet."""
    as_of = AsOf(datetime(2026, 6, 20, 7, tzinfo=UTC), AMSTERDAM)

    assert resolution([entry(status=EntryStatus.RESOLVED, resolved_on=date(2026, 6, 20))], as_of) == Resolution(
        0, None, 1, 10
    )


def test_told_by_both_needs_another_side() -> None:
    clashes = [*several(3), entry(3, pair_id="with a bridge"), entry(4, pair_id="alone"), entry(5, pair_id="same side")]
    sides = {"with a bridge": ["sales", "finance"], "alone": ["sales"], "same side": ["sales", "sales"]}

    assert told_by_both(clashes, sides) == Share(1, 6, Decimal("16.7"))
    assert told_by_both(clashes[:4], sides) == Share(1, 4, None)

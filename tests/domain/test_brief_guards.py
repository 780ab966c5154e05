"""What slips between two meetings: each told once, with no group that can be singled out."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from bot.domain.brief import BRIDGES, Guard, GuardKind, Silence
from storage.tables import AgreementStatus, Meeting, MeetingStatus, MeetingType
from tests.domain.test_brief import DUE, ENOUGH, an_agreement, an_entry, snapshot

CLOSED: dict[str, Any] = {"status": AgreementStatus.KEPT, "closed_on": date(2026, 5, 20), "tension_key": "T"}


def a_retro(key: str, starts_at: datetime, status: MeetingStatus = MeetingStatus.PLANNED) -> Meeting:
    return Meeting(
        id=key,
        workspace_id="w",
        key=key,
        cycle="2026-05",
        type=MeetingType.DIALOG_RETRO,
        title="Retro",
        starts_at=starts_at,
        duration_minutes=120,
        timezone="Europe/Amsterdam",
        status=status,
    )


MAY = datetime(2026, 5, 28, 12, tzinfo=UTC)
JUNE = datetime(2026, 6, 24, 12, tzinfo=UTC)


def guards(*entries: Any, **over: Any) -> tuple[Guard, ...]:
    return snapshot(entries, **over).guards


def came_back(*entries: Any, **over: Any) -> list[Guard]:
    return [guard for guard in guards(*entries, **over) if guard.kind is GuardKind.CAME_BACK]


def test_a_side_that_was_quiet_is_told_with_the_day_of_its_last_entry() -> None:
    silences = [Silence("operations", date(2026, 5, 11)), Silence(BRIDGES, None)]

    quiet = guards(an_entry(1), silences=silences)

    assert [(one.names, one.day) for one in quiet] == [(("Operations",), date(2026, 5, 11)), ((), None)]
    assert {one.kind for one in quiet} == {GuardKind.QUIET}


@pytest.mark.parametrize("small", ["sales", "operations", "finance"])
def test_with_a_small_group_nobody_is_told_to_be_quiet(small: str) -> None:
    people = ENOUGH | {"supply_planning": 0, "general": 0} | {small: 4}

    assert guards(an_entry(1), people=people, silences=[Silence("operations", None)]) == ()


def test_where_nobody_wrote_anything_nobody_is_named() -> None:
    assert guards(silences=[Silence("sales", None), Silence("operations", None)]) == ()


def test_a_retro_that_was_cancelled_is_told_with_the_next_one() -> None:
    retros = [a_retro("may", MAY, MeetingStatus.CANCELLED), a_retro("june", JUNE)]

    (guard,) = guards(dialogs=retros)

    assert (guard.kind, guard.day, guard.next_day) == (GuardKind.NOT_HELD, date(2026, 5, 28), date(2026, 6, 24))


def test_a_retro_that_nobody_marked_counts_only_where_retros_are_marked() -> None:
    earlier = a_retro("earlier", datetime(2026, 5, 14, 12, tzinfo=UTC), MeetingStatus.HELD)

    assert guards(dialogs=[a_retro("may", MAY)]) == ()
    assert [guard.keys for guard in guards(dialogs=[earlier, a_retro("may", MAY)])] == [("not_held:may",)]
    assert guards(dialogs=[a_retro("june", JUNE, MeetingStatus.CANCELLED)]) == (), "it is still ahead"


def test_a_tension_that_came_back_after_its_agreement_was_kept_is_told_once_with_the_newest_clash() -> None:
    earlier = an_entry(1, created_at=datetime(2026, 4, 1, tzinfo=UTC), created_on=date(2026, 4, 1))
    clashes = [
        an_entry(
            n,
            recurrence_of="e1",
            tension_key="T",
            created_on=date(2026, 6, n),
            created_at=datetime(2026, 6, n, 8, tzinfo=UTC),
        )
        for n in (2, 3)
    ]
    kept = an_agreement("a", date(2026, 5, 20), **CLOSED, evaluated_on=date(2026, 6, 1))

    (guard,) = came_back(earlier, *clashes, closed_agreements=[kept])

    assert (guard.names, guard.ref) == (("a",), "3")


@pytest.mark.parametrize(
    "over",
    [
        {"status": AgreementStatus.NOT_KEPT},
        {"closed_on": date(2026, 6, 2)},
        {"tension_key": "other"},
        {"tension_key": None},
    ],
)
def test_what_was_not_kept_or_closed_later_or_is_about_something_else_does_not_count(over: dict[str, Any]) -> None:
    earlier = an_entry(1, created_at=datetime(2026, 4, 1, tzinfo=UTC), created_on=date(2026, 4, 1))
    clash = an_entry(2, recurrence_of="e1", tension_key="T", created_on=date(2026, 6, 2))
    agreement = an_agreement("a", date(2026, 5, 20), **CLOSED | over, evaluated_on=date(2026, 6, 1))

    assert came_back(earlier, clash, closed_agreements=[agreement]) == []


@pytest.mark.parametrize(
    ("closed_on", "evaluated_on", "told"),
    [
        (date(2026, 5, 13), None, True),
        (date(2026, 5, 14), None, False),
        (date(2026, 5, 13), date(2026, 6, 10), False),
        (date(2026, 5, 13), date(2026, 6, 11), True),
    ],
)
def test_what_was_closed_over_four_weeks_ago_and_not_evaluated_is_told(
    closed_on: date, evaluated_on: date | None, told: bool
) -> None:
    agreement = an_agreement("a", closed_on, **CLOSED | {"closed_on": closed_on}, evaluated_on=evaluated_on)

    assert bool(guards(closed_agreements=[agreement])) == told


def test_what_an_earlier_brief_said_is_not_said_again() -> None:
    waiting = [
        an_agreement(key, date(2026, 3, 1), **CLOSED | {"closed_on": date(2026, 3, 1)}) for key in ("a", "b", "c")
    ]
    retros = [a_retro("may", MAY, MeetingStatus.CANCELLED)]

    (guard,) = guards(closed_agreements=waiting, dialogs=retros, said={"not_evaluated:a", "not_held:may"})

    assert (guard.names, guard.keys) == (("b", "c"), ("not_evaluated:b", "not_evaluated:c"))
    assert guards(closed_agreements=waiting[:1], said={"not_evaluated:a"}) == ()


def test_a_silence_that_goes_on_is_not_said_again_and_a_new_one_is() -> None:
    silence = [Silence("operations", date(2026, 4, 1))]

    assert (
        guards(an_entry(1), an_entry(2, side="finance"), silences=silence, said={"quiet:operations:2026-04-01"}) == ()
    )
    assert guards(an_entry(1), an_entry(2, side="finance"), silences=silence, said={"quiet:operations:2026-03-01"})


def test_guards_know_nothing_later_than_the_brief() -> None:
    later = an_agreement("a", date(2026, 7, 1), **CLOSED | {"closed_on": DUE.date()})

    assert guards(closed_agreements=[later], dialogs=[a_retro("july", JUNE)]) == ()

"""How late each kind still helps, what the facilitators hear when it does not, and what the ledger forgets."""

from collections.abc import Sequence

import pytest
from sqlmodel import Session, select

from bot.domain.chat_json import from_json
from bot.main import KINDS
from bot.services import scheduling
from bot.services.context import Context
from bot.services.scheduling import HELPS_FOR, materialise_due
from storage.database import Database
from storage.tables import Occurrence, OccurrenceState, Outgoing, Role, Schedule, ScheduleKind
from tests.builders import WORKSPACE, a_context, a_member, a_side, a_workspace, an_entry
from tests.clock import T


@pytest.fixture(autouse=True)
def els(database: Database) -> None:
    """Els facilitates, Bram wrote an entry."""
    with database.transaction() as session:
        a_workspace(session, id=WORKSPACE)
        a_side(session)
        a_member(session, external_id="U-ELS", role=Role.FACILITATOR)
        a_member(session, id="bram", external_id="U-BRAM")
        an_entry(session, id="e1", author_id="bram")


def plan(database: Database, kind: ScheduleKind, subject: str = "e1") -> None:
    with database.transaction() as session:
        scheduling.plan(session, a_context(), WORKSPACE, kind, subject, T())


def tick(database: Database, **later: float) -> None:
    with database.transaction() as session:
        materialise_due(session, a_context(T(**later)), KINDS)


def told(database: Database) -> list[tuple[str, str]]:
    """To whom, and the opening of what they are told."""
    with database.snapshot() as session:
        rows: Sequence[Outgoing] = session.exec(select(Outgoing)).all()
    return sorted((row.target_id, from_json(row.message or {}).summary) for row in rows)


def states(database: Database) -> list[str]:
    with database.snapshot() as session:
        return [str(state) for state in session.exec(select(Occurrence.state)).all()]


@pytest.mark.sqlite
def test_every_kind_has_its_window_and_stands_in_the_table() -> None:
    assert HELPS_FOR.keys() == KINDS.keys() == set(ScheduleKind)
    assert [kind for kind in ScheduleKind if f"`{kind}`" not in (scheduling.__doc__ or "")] == []


def test_a_lesson_is_asked_up_to_a_week_late(database: Database) -> None:
    plan(database, ScheduleKind.HELP_LESSON)

    tick(database, days=7)

    assert [target for target, _ in told(database)] == ["U-BRAM"]
    assert states(database) == ["done"]


def test_after_that_els_hears_that_it_was_not(database: Database) -> None:
    plan(database, ScheduleKind.HELP_LESSON)

    tick(database, days=7, minutes=1)
    tick(database, days=8)

    sentence = "What can be learnt from a call for help was not asked on Wed 10 June: I was not running."
    assert told(database) == [("U-ELS", sentence)]
    assert states(database) == ["skipped"]


def test_what_became_needless_is_skipped_without_a_word(database: Database) -> None:
    plan(database, ScheduleKind.HELP_LESSON, "withdrawn long ago")
    plan(database, ScheduleKind.ASK_AGAIN, "answered long ago")

    tick(database, days=30)

    assert told(database) == []
    assert states(database) == ["skipped", "skipped"]


@pytest.mark.parametrize("kind", [kind for kind in ScheduleKind if kind != ScheduleKind.BRIEF])
def test_what_goes_wrong_for_a_day_is_given_up_and_els_hears_where_to_look(
    database: Database, kind: ScheduleKind
) -> None:
    def poison(_session: Session, _context: Context, _schedule: Schedule, _due_at: object) -> OccurrenceState:
        raise ZeroDivisionError

    plan(database, kind)
    for hours in (0, 24, 48):
        with database.transaction() as session:
            materialise_due(session, a_context(T(hours=hours)), {kind: poison})

    sentence = "What was planned for Wed 10 June, 16:00 (Amsterdam) was not done: something goes wrong on my side."
    assert told(database) == [("U-ELS", sentence)]
    with database.snapshot() as session:
        schedule, row = session.exec(select(Schedule)).one(), session.exec(select(Outgoing)).one()
    assert schedule.id in str(row.message), "the code that stands in the log"
    assert states(database) == ["failed"]


def test_a_brief_that_cannot_be_made_is_told_too(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    def poison(*_args: object) -> OccurrenceState:
        raise ZeroDivisionError

    monkeypatch.setitem(KINDS, ScheduleKind.BRIEF, poison)
    plan(database, ScheduleKind.BRIEF, "no meeting")

    tick(database, days=2)

    assert [target for target, _ in told(database)] == ["U-ELS"]


def test_what_was_done_90_days_ago_is_forgotten_with_what_nothing_is_left_of(database: Database) -> None:
    plan(database, ScheduleKind.HELP_LESSON)
    plan(database, ScheduleKind.ASK_END, "a1")
    tick(database)
    with database.transaction() as session:
        scheduling.plan(session, a_context(), WORKSPACE, ScheduleKind.ASK_END, "a1", T(days=200))

    assert purge(database, days=89) == 0
    assert purge(database, days=90) == 3, "two occurrences, and the schedule that has nothing more to come"

    with database.snapshot() as session:
        assert [schedule.kind for schedule in session.exec(select(Schedule))] == [ScheduleKind.ASK_END]


def purge(database: Database, **later: float) -> int:
    with database.transaction() as session:
        return scheduling.purge(session, a_context(T(**later)))

"""The sample company has its weekly check-in running: who is asked, who only sees the result, and from when on."""

from datetime import UTC, date, datetime
from typing import TypeVar

import pytest
from sqlmodel import SQLModel, select

from bot.services.checkins.planning import next_round_day, open_due
from bot.services.sample_checkins import start_weekly
from bot.services.samples import load_sample, read_sample
from bot.services.scheduling import materialise_due
from bot.services.workspaces import ensure_workspace
from storage.checkins import list_audience
from storage.database import Database
from storage.tables import (
    Checkin,
    CheckinAsked,
    CheckinQuestion,
    CheckinRound,
    Member,
    Platform,
    PulseQuestion,
    QuestionType,
    ScheduleKind,
    Workspace,
    ZoneFrom,
)
from tests.builders import a_context

Row = TypeVar("Row", bound=SQLModel)

MARCH, JUNE = datetime(2026, 3, 22, 23, tzinfo=UTC), datetime(2026, 6, 10, 14, tzinfo=UTC)
DIRECTORS_AND_FACILITATOR = {"M01", "M10", "M18", "M21", "M22", "M23"}


def start(database: Database, moment: datetime) -> None:
    sample, context = read_sample(), a_context(moment)
    with database.transaction() as session:
        workspace = ensure_workspace(session, context, Platform.SLACK, "T1", "Voorbeeldkeuken Vers")
        load_sample(session, context, workspace, sample, as_of=moment)
        start_weekly(session, context, workspace, [row.key for row in sample.members if not row.pulse_from])


def rows(database: Database, table: type[Row]) -> list[Row]:
    with database.snapshot() as session:
        return list(session.exec(select(table)).all())


def asked_on(database: Database, day: date) -> set[str]:
    with database.snapshot() as session:
        (checkin,) = session.exec(select(Checkin)).all()
        return {member.external_id for member in list_audience(session, checkin, day)}


def test_the_question_is_that_of_the_history(database: Database) -> None:
    start(database, MARCH)

    scale = [question for question in rows(database, CheckinQuestion) if question.type is QuestionType.SCALE]
    assert [question.pulse_key for question in scale] == ["Q1"]
    assert len(rows(database, PulseQuestion)) == 4


def test_who_was_never_asked_only_sees_the_result(database: Database) -> None:
    start(database, MARCH)

    everybody = {row.key for row in read_sample().members}
    assert asked_on(database, date(2026, 3, 26)) == everybody - DIRECTORS_AND_FACILITATOR - {"M24"}
    assert asked_on(database, date(2026, 4, 2)) == everybody - DIRECTORS_AND_FACILITATOR - {"M14"}


@pytest.mark.parametrize(("moment", "day"), [(MARCH, date(2026, 3, 26)), (JUNE, date(2026, 6, 11))])
def test_the_first_round_is_the_next_thursday(database: Database, moment: datetime, day: date) -> None:
    start(database, moment)

    with database.snapshot() as session:
        (checkin,), (workspace,) = session.exec(select(Checkin)).all(), session.exec(select(Workspace)).all()
        assert next_round_day(session, a_context(moment), workspace, checkin) == day


def test_the_first_round_asks_at_ten_in_six_zones(database: Database) -> None:
    start(database, MARCH)
    with database.transaction() as session:
        materialise_due(session, a_context(datetime(2026, 3, 25, 10, tzinfo=UTC)), {ScheduleKind.CHECKIN: open_due})

    (round_,) = rows(database, CheckinRound)
    moments = {turn.ask_at for turn in rows(database, CheckinAsked)}
    assert round_.label == "2026-W13"
    assert moments == {datetime(2026, 3, 26, hour, tzinfo=UTC) for hour in (6, 9, 10)}  # Dubai, the middle, London


def test_who_lives_by_the_companys_clock_moves_with_it(database: Database) -> None:
    start(database, MARCH)

    own = {member.timezone for member in rows(database, Member) if member.timezone_from is ZoneFrom.OWN}
    assert own == {"Europe/Brussels", "Europe/London", "Asia/Dubai", "Europe/Madrid", "Europe/Warsaw"}

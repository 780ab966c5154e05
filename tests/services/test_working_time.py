"""Whose days are whose: the calendar of where they are, their own week, their absences, and nobody else's."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

import pytest
from sqlalchemy import event

from bot.domain.working_time import WorkingTime
from bot.services.working_time import working_time, working_times
from storage.database import Database
from storage.tables import Absence, Holiday, Member, Outcome, Site, SiteHoliday, Workspace
from tests.builders import WORKSPACE, a_member, a_side, a_workspace

THURSDAY, FRIDAY, SATURDAY, SUNDAY = (date(2026, 4, day) for day in (23, 24, 25, 26))
KINGS_DAY = date(2026, 4, 27)
ONE_DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def _company(database: Database) -> None:
    """Of the Netherlands, with a plant in Poland and an office in Dubai."""
    a_workspace(database)
    a_side(database)
    save(
        database,
        Site(workspace_id=WORKSPACE, key="Poznan", country="PL", timezone="Europe/Warsaw"),
        Site(workspace_id=WORKSPACE, key="Dubai", country="AE", timezone="Asia/Dubai"),
        Site(workspace_id=WORKSPACE, key="Breda"),
    )


def save(database: Database, *rows: object) -> None:
    with database.transaction() as session:
        session.add_all(rows)


def of(database: Database, members: Sequence[Member], first: date, last: date) -> Mapping[str, WorkingTime]:
    with database.snapshot() as session:
        return working_times(session, session.get_one(Workspace, WORKSPACE), members, first, last)


def works_on(database: Database, day: date, *plants: str | None) -> list[bool]:
    members = [a_member(database, plant=plant) for plant in plants]
    found = of(database, members, day, day)
    return [found[member.id].is_working(day) for member in members]


def absence(member: Member, first: date, last: date) -> Absence:
    return Absence(
        id=f"{member.id}-{first}", workspace_id=member.workspace_id, member_id=member.id, first_day=first, last_day=last
    )


def site_day(site: str, day: date, *, is_working: bool = False) -> SiteHoliday:
    return SiteHoliday(workspace_id=WORKSPACE, site=site, day=day, name="Fair", is_working=is_working)


def test_holidays_are_those_of_the_country_of_the_site(database: Database) -> None:
    plants = (None, "Breda", "somewhere else", "Poznan", "Dubai")
    assert works_on(database, KINGS_DAY, *plants) == [False, False, False, True, True]
    assert works_on(database, date(2026, 11, 11), *plants) == [True, True, True, False, True]


def test_a_day_off_of_the_company_is_one_everywhere(database: Database) -> None:
    save(database, Holiday(workspace_id=WORKSPACE, day=THURSDAY, name="Stocktaking"))
    assert works_on(database, THURSDAY, None, "Breda", "Poznan") == [False, False, False]


def test_a_holiday_the_company_works_is_worked_in_its_country(database: Database) -> None:
    """Easter Monday is one in Poland too; who works on it in the Netherlands does not decide for Poland."""
    easter = date(2026, 4, 6)
    save(database, Holiday(workspace_id=WORKSPACE, day=easter, name="", is_working=True))
    assert works_on(database, easter, None, "Breda", "Poznan") == [True, True, False]


def test_a_site_has_days_of_its_own_and_the_last_word(database: Database) -> None:
    save(
        database,
        site_day("Breda", THURSDAY),
        site_day("Breda", KINGS_DAY, is_working=True),
        Holiday(workspace_id=WORKSPACE, day=FRIDAY, name="Bridge day"),
        site_day("Poznan", FRIDAY, is_working=True),
    )
    assert works_on(database, THURSDAY, None, "Breda", "Poznan") == [True, False, True]
    assert works_on(database, KINGS_DAY, None, "Breda") == [False, True]
    assert works_on(database, FRIDAY, None, "Breda", "Poznan") == [False, False, True]


def test_their_own_zone_week_and_absences(database: Database) -> None:
    part_time = a_member(database, timezone="Asia/Dubai", plant="Poznan", working_days="146")
    away = a_member(database)
    save(database, absence(away, THURSDAY, FRIDAY), absence(away, KINGS_DAY, KINGS_DAY))
    found = of(database, [part_time, away], THURSDAY, FRIDAY)
    assert found[part_time.id].zone == "Asia/Dubai"
    assert found[part_time.id].weekdays == frozenset({0, 3, 5})
    days = [THURSDAY, FRIDAY, SATURDAY, SUNDAY, KINGS_DAY]
    assert [day for day in days if found[part_time.id].is_working(day)] == [THURSDAY, SATURDAY, KINGS_DAY]
    assert [found[away.id].why_not(day) for day in days] == [
        Outcome.AWAY, Outcome.AWAY, Outcome.DAY_OFF, Outcome.DAY_OFF, Outcome.AWAY,
    ]  # fmt: skip


def test_an_absence_that_is_over_is_not_read_and_one_that_runs_is(database: Database) -> None:
    member = a_member(database)
    save(
        database,
        absence(member, THURSDAY - 30 * ONE_DAY, THURSDAY - ONE_DAY),
        absence(member, THURSDAY - 90 * ONE_DAY, THURSDAY),
    )
    assert of(database, [member], THURSDAY, THURSDAY)[member.id].away == ((THURSDAY - 90 * ONE_DAY, THURSDAY),)


def test_it_holds_for_a_quarter_to_come(database: Database) -> None:
    """Of one member, asked about the last day of the year."""
    member = a_member(database, plant="Breda")
    save(database, absence(member, date(2027, 1, 4), date(2027, 1, 8)), site_day("Breda", date(2027, 2, 1)))
    with database.snapshot() as session:
        works = working_time(session, session.get_one(Workspace, WORKSPACE), member, date(2026, 12, 31))
    days = [date(2026, 12, 31), date(2027, 1, 1), date(2027, 1, 4), date(2027, 2, 1), date(2027, 2, 2)]
    reasons = [works.why_not(day) for day in days]
    assert reasons == [None, Outcome.DAY_OFF, Outcome.AWAY, Outcome.DAY_OFF, None]


def test_another_workspace_has_no_say(database: Database) -> None:
    other = a_workspace(database, country="DE")
    a_side(database, workspace_id=other.id)
    save(database, Site(workspace_id=other.id, key="Breda", country="PL"))
    save(
        database,
        Holiday(workspace_id=other.id, day=THURSDAY, name="Theirs"),
        SiteHoliday(workspace_id=other.id, site="Breda", day=THURSDAY, name="Theirs"),
    )
    assert works_on(database, THURSDAY, None, "Breda") == [True, True]


def test_many_members_take_no_more_statements_than_one(database: Database) -> None:
    members = [a_member(database, plant=("Poznan", "Breda", None)[number % 3]) for number in range(12)]
    save(database, *(absence(member, THURSDAY, FRIDAY) for member in members))
    statements: list[str] = []
    event.listen(database.engine, "before_cursor_execute", lambda *args: statements.append(args[2]))
    of(database, members[:1], THURSDAY, FRIDAY)
    alone = len(statements)
    found = of(database, members, THURSDAY, FRIDAY)
    assert len(statements) == 2 * alone
    assert alone <= 6
    assert {works.why_not(THURSDAY) for works in found.values()} == {Outcome.AWAY}


def test_more_members_than_a_statement_takes(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("storage.absences.ROWS_AT_ONCE", 2)
    members = [a_member(database) for _ in range(5)]
    save(database, *(absence(member, THURSDAY, FRIDAY) for member in members))
    found = of(database, members, THURSDAY, FRIDAY)
    assert [found[member.id].why_not(FRIDAY) for member in members] == [Outcome.AWAY] * 5

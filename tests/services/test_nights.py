"""What holds everybody up is done at night, when nothing is due."""

from datetime import datetime

import pytest
from sqlmodel import Session

from bot.services.context import Context
from bot.services.nights import is_quiet_night
from storage.database import Database
from storage.tables import Schedule, ScheduleKind, Workspace
from tests.builders import a_context, a_workspace


@pytest.mark.parametrize(
    ("moment", "zone", "is_night"),
    [
        ("2026-06-10T00:00Z", "Europe/Amsterdam", True),
        ("2026-06-10T01:59Z", "Europe/Amsterdam", True),
        ("2026-06-10T02:00Z", "Europe/Amsterdam", False),
        ("2026-06-09T23:59Z", "Europe/Amsterdam", False),
        ("2026-12-10T01:00Z", "Europe/Amsterdam", True),
        ("2026-06-10T00:00Z", "America/New_York", False),
        ("2026-06-10T06:30Z", "America/New_York", True),
    ],
)
async def test_night_is_by_the_clock_of_the_company(database: Database, moment: str, zone: str, is_night: bool) -> None:
    a_workspace(database, timezone=zone)
    assert await database.read(is_quiet_night, at(moment)) == is_night


@pytest.mark.parametrize(("due", "is_quiet"), [("2026-06-10T01:09Z", False), ("2026-06-10T01:11Z", True)])
async def test_nothing_falls_due_within_ten_minutes(database: Database, due: str, is_quiet: bool) -> None:
    workspace = a_workspace(database)
    await database.write(plan, workspace, datetime.fromisoformat(due))
    assert await database.read(is_quiet_night, at("2026-06-10T01:00Z")) == is_quiet


@pytest.mark.parametrize(("zone", "is_quiet"), [("Asia/Tokyo", False), ("Africa/Lagos", True)])
async def test_where_one_company_works_it_is_no_night(database: Database, zone: str, is_quiet: bool) -> None:
    a_workspace(database)
    a_workspace(database, external_id="T2", timezone=zone)
    assert await database.read(is_quiet_night, at("2026-06-10T01:00Z")) == is_quiet


async def test_without_a_company_there_is_no_night(database: Database) -> None:
    assert not await database.read(is_quiet_night, at("2026-06-10T01:00Z"))


def at(moment: str) -> Context:
    return a_context(now=datetime.fromisoformat(moment))


def plan(session: Session, workspace: Workspace, due: datetime) -> None:
    session.add(
        Schedule(id="s", workspace_id=workspace.id, kind=ScheduleKind.BRIEF, subject_id="meeting", next_due_at=due)
    )

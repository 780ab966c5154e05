"""Looking at a database leaves it as it is, on both."""

from pathlib import Path

import pytest
from sqlalchemy import delete
from sqlalchemy.exc import DBAPIError

from storage.database import Database
from storage.inspection import count_facilitators, list_zones, look_into, revision
from storage.tables import Member, Role
from tests.builders import WORKSPACE, a_meeting, a_member, a_side, a_workspace
from tests.clock import T0
from tests.databases import make_tables


def test_it_cannot_write(database: Database, database_url: str) -> None:
    a_workspace(database)

    with look_into(database_url) as session, pytest.raises(DBAPIError, match=r"readonly|read-only"):
        session.execute(delete(Member))


def test_a_file_that_is_not_there_is_not_made(tmp_path: Path) -> None:
    with pytest.raises(DBAPIError), look_into(f"sqlite:///{tmp_path}/missing.db") as session:
        revision(session)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_with_signs_of_an_address_in_its_name(tmp_path: Path) -> None:
    folder = tmp_path / "what now#100%"
    url = f"sqlite:///{folder}/ampersand.db"
    make_tables(url)

    with look_into(url) as session:
        assert list_zones(session) == []


def test_tables_without_a_note_have_no_revision(database_url: str) -> None:
    with look_into(database_url) as session:
        assert revision(session) is None


def test_facilitators_are_those_who_are_here(database: Database, database_url: str) -> None:
    a_workspace(database)
    a_side(database)
    a_member(database, role=Role.FACILITATOR)
    a_member(database, role=Role.ADMIN)
    a_member(database, role=Role.MEMBER)
    a_member(database, role=Role.FACILITATOR, active_to=T0.date())

    with look_into(database_url) as session:
        assert count_facilitators(session, WORKSPACE) == 2
        assert count_facilitators(session, "another") == 0


def test_every_zone_is_told_with_what_it_belongs_to(database: Database, database_url: str) -> None:
    a_workspace(database, timezone="Europe/Paris")
    a_side(database)
    for zone in ("Europe/Paris", "Europe/Paris", "Asia/Tokyo"):
        a_member(database, timezone=zone)
    a_meeting(database, timezone="Asia/Tokyo")

    with look_into(database_url) as session:
        assert sorted(list_zones(session)) == [
            ("Asia/Tokyo", "meetings", 1),
            ("Asia/Tokyo", "members", 1),
            ("Europe/Paris", "members", 2),
            ("Europe/Paris", "workspaces", 1),
        ]

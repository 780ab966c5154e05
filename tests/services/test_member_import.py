"""Members from a CSV file: created, updated, and every mistake named."""

from collections.abc import Sequence
from datetime import date

import pytest
from sqlmodel import select

from bot.domain.csv_rows import BadRows
from bot.domain.tables_as_text import csv_text
from bot.services.exports import export_members
from bot.services.member_import import Imported, import_members
from bot.services.workspaces import ensure_workspace
from storage.database import Database
from storage.tables import Member, Platform, Role, Workspace
from tests.builders import a_context, a_member
from tests.clock import T0

HEADER = "user_id,name,side,role,timezone,language,plant,active_from,active_to\n"
ELS = "U1,Els,Sales,,,,,,\n"


@pytest.fixture
def company(database: Database) -> Workspace:
    with database.transaction() as session:
        return ensure_workspace(session, a_context(), Platform.SLACK, "T1", "Saladine Foods", language="nl")


def imported(database: Database, company: Workspace, text: str) -> Imported:
    with database.transaction() as session:
        return import_members(session, a_context(), company, "members.csv", text.encode())


def members(database: Database) -> Sequence[Member]:
    with database.snapshot() as session:
        return session.exec(select(Member).order_by(Member.external_id)).all()


def problems_of(database: Database, company: Workspace, text: str) -> list[str]:
    with pytest.raises(BadRows) as caught:
        imported(database, company, text)
    return [str(problem) for problem in caught.value.problems]


def test_a_new_member_with_everything(database: Database, company: Workspace) -> None:
    text = HEADER + "U1,Els de Wit,Supply Planning,facilitator,Europe/Warsaw,en,Zuid,2026-01-05,2026-12-31\n"

    assert imported(database, company, text) == Imported(1, 0, 0)
    (els,) = members(database)
    assert (els.external_id, els.name, els.side, els.role) == ("U1", "Els de Wit", "supply_planning", Role.FACILITATOR)
    assert (els.timezone, els.language, els.plant) == ("Europe/Warsaw", "en", "Zuid")
    assert (els.active_from, els.active_to) == (date(2026, 1, 5), date(2026, 12, 31))
    assert a_context().secrets.unseal(els.sealed_default) == "named"


def test_what_is_not_said_comes_from_the_workspace(database: Database, company: Workspace) -> None:
    imported(database, company, "user_id,name,side\nU1,Els,operations\n")

    (els,) = members(database)
    assert (els.role, els.timezone, els.language) == (Role.MEMBER, "Europe/Amsterdam", "nl")
    assert (els.plant, els.active_from, els.active_to) == (None, date(2026, 6, 10), None)


def test_new_changed_and_unchanged_are_counted(database: Database, company: Workspace) -> None:
    imported(database, company, HEADER + ELS + "U2,Jan,operations,,,,Noord,,\nU3,Piet,finance,,,,,,\n")
    again = HEADER + ELS + "U2,Jan,operations,,,,Zuid,,\nU3,Pieter,finance,,,,,,\nU4,Noor,sales,,,,,,\n"

    summary = imported(database, company, again)

    assert str(summary) == "1 new, 2 changed, 1 unchanged"
    assert [(member.name, member.plant) for member in members(database)] == [
        ("Els", None),
        ("Jan", "Zuid"),
        ("Pieter", None),
        ("Noor", None),
    ]


def test_a_column_left_out_changes_nothing_an_empty_cell_ends_a_plant_or_a_leave(
    database: Database, company: Workspace
) -> None:
    a_member(
        database,
        workspace_id=company.id,
        external_id="U1",
        role=Role.ADMIN,
        language="en",
        plant="Noord",
        active_to=date(2026, 7, 1),
    )

    assert imported(database, company, "user_id,name,side\nU1,Member1,sales\n") == Imported(0, 0, 1)
    assert members(database)[0].plant == "Noord"
    assert imported(database, company, HEADER + "U1,Member1,sales,,,,,,\n") == Imported(0, 1, 0)
    (member,) = members(database)
    assert (member.plant, member.active_to, member.role, member.language) == (None, None, Role.ADMIN, "en")


def test_a_plant_is_as_long_as_a_list_takes(database: Database, company: Workspace) -> None:
    (problem,) = problems_of(database, company, f"user_id,name,side,plant\nU1,Els,Sales,{'x' * 41}\n")
    assert "too long for a plant" in problem


def test_members_the_file_does_not_name_stay(database: Database, company: Workspace) -> None:
    imported(database, company, HEADER + ELS)
    imported(database, company, HEADER + "U2,Jan,operations,,,,,,\n")

    assert [member.name for member in members(database)] == ["Els", "Jan"]


def test_an_export_comes_in_again_unchanged(database: Database, company: Workspace) -> None:
    imported(database, company, HEADER + ELS + "U2,Jan,Finance,admin,Asia/Dubai,en,Noord,2026-01-01,2026-09-01\n")
    with database.snapshot() as session:
        text = csv_text(export_members(session, company, T0.date()))

    assert imported(database, company, text) == Imported(0, 0, 2)


@pytest.mark.parametrize(
    ("cells", "problem"),
    [
        (",Els,sales,,,,,,", "column user_id: is empty; it needs a value."),
        (
            "@els,Els,sales,,,,,,",
            "column user_id: “@els” is not an id; use the member ID of the chat, such as U012AB3CD",
        ),
        ("U1,,sales,,,,,,", "column name: is empty; it needs a value."),
        (
            "U1,Els,Marketing,,,,,,",
            "column side: “Marketing” is not a side; use Sales, Operations, Supply Planning, Finance or General m",
        ),
        ("U1,Els,sales,boss,,,,,", "column role: “boss” is not known; use member, facilitator or admin."),
        ("U1,Els,sales,,CET+1,,,,", "column timezone: “CET+1” is not a time zone"),
        ("U1,Els,sales,,,fr,,,", "column language: “fr” is not known; use en or nl."),
        ("U1,Els,sales,,,,,1-6-2026,", "column active_from: “1-6-2026” is not a date; write it as 2026-06-30."),
        ("U1,Els,sales,,,,,2026-06-01,2026-05-01", "column active_to: “2026-05-01” is before active_from, 2026-06-01"),
    ],
)
def test_a_bad_row_is_named(database: Database, company: Workspace, cells: str, problem: str) -> None:
    found = problems_of(database, company, f"{HEADER}{cells}\n")

    assert found[0].startswith(f"members.csv, line 2, {problem}")
    assert len(found) == 1


def test_the_same_person_twice(database: Database, company: Workspace) -> None:
    assert problems_of(database, company, HEADER + ELS + ELS) == [
        "members.csv, line 3, column user_id: “U1” stands in the file already; one row per person."
    ]


def test_leaving_before_having_joined_is_seen_against_what_is_known(database: Database, company: Workspace) -> None:
    a_member(database, workspace_id=company.id, external_id="U1", active_from=date(2026, 3, 1))

    (problem,) = problems_of(database, company, "user_id,name,side,active_to\nU1,Els,sales,2026-02-01\n")
    assert "is before active_from, 2026-03-01" in problem


def test_one_bad_row_and_nobody_is_changed(database: Database, company: Workspace) -> None:
    problems_of(database, company, HEADER + ELS + "U2,Jan,nowhere,,,,,,\n")

    assert members(database) == []

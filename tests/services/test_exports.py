"""What leaves the product: only what every member may see."""

from datetime import date
from typing import Any

import pytest

from bot.domain.tables_as_text import Table
from bot.services.exports import export_agreements, export_entries, export_members
from bot.services.samples import load_sample, read_sample
from bot.services.workspaces import ensure_workspace
from storage.database import Database
from storage.tables import COMPANY, Level, Platform, Visibility, Workspace
from tests.builders import a_context, a_member, a_side, a_tension, a_workspace, an_agreement, an_entry
from tests.clock import T0

LATER = date(2026, 7, 1)


def rows(table: Table) -> list[dict[str, Any]]:
    return [dict(zip(table.columns, row, strict=True)) for row in table.rows]


@pytest.fixture
def company(database: Database) -> Workspace:
    workspace = a_workspace(database)
    a_side(database)
    a_tension(database, key="T02", name="Late changes", name_nl="Late wijzigingen")
    a_member(database, name="Els", sealed_default="gAAAA-sealed")
    return workspace


def exported_entries(database: Database, workspace: Workspace) -> list[dict[str, Any]]:
    with database.snapshot() as session:
        return rows(export_entries(session, workspace, LATER))


def test_a_named_entry_with_its_author_and_day(database: Database, company: Workspace) -> None:
    earlier = an_entry(database, author_id="member1", ref="aaaa", created_on=date(2026, 6, 1))
    an_entry(database, author_id="member1", tension_key="T02", effect_eur=-300, recurrence_of=earlier.id, plant="Noord")

    row = next(row for row in exported_entries(database, company) if row["ref"] == "k7m2")
    assert {name: value for name, value in row.items() if value is not None} == {
        "ref": "k7m2",
        "date": "2026-06-10",
        "kind": "clash",
        "visibility": "named",
        "side": "Sales",
        "author": "Els",
        "what_happened": "The order was changed on Friday at four.",
        "tension": "Late changes",
        "status": "open",
        "effect_eur": -300,
        "plant": "Noord",
        "recurrence_of": "aaaa",
    }


def test_a_side_only_entry_has_its_side_kind_day_and_words_and_nothing_else(
    database: Database, company: Workspace
) -> None:
    an_entry(
        database,
        visibility=Visibility.SIDE_ONLY,
        tension_key="T02",
        title="Two truths",
        lesson="One measure",
        level=Level.STRATEGIC,
        language="nl",
        plant="Noord",
        effect_eur=100,
        change_token_hash="0" * 64,
    )

    (row,) = exported_entries(database, company)
    assert {name: value for name, value in row.items() if value is not None} == {
        "ref": "k7m1",
        "date": "2026-06-10",
        "kind": "clash",
        "visibility": "side_only",
        "side": "Sales",
        "title": "Two truths",
        "what_happened": "The order was changed on Friday at four.",
        "lesson": "One measure",
        "tension": "Late changes",
    }


def test_a_side_under_five_is_the_company_in_the_language_of_the_workspace(
    database: Database, company: Workspace
) -> None:
    an_entry(database, visibility=Visibility.SIDE_ONLY, side=COMPANY, tension_key="T02")

    (row,) = exported_entries(database, company)
    assert (row["side"], row["tension"]) == ("the company", "Late changes")
    company.language = "nl"
    (row,) = exported_entries(database, company)
    assert (row["side"], row["tension"]) == ("het bedrijf", "Late wijzigingen")


def test_hidden_and_withdrawn_entries_stay_inside(database: Database, company: Workspace) -> None:
    an_entry(database, author_id="member1", hidden_reason="names a person")
    an_entry(database, author_id="member1", withdrawn_on=date(2026, 6, 10))

    assert exported_entries(database, company) == []


def test_rows_come_in_the_order_of_their_random_ids_not_as_they_were_written(
    database: Database, company: Workspace
) -> None:
    for name in ("f3", "0a", "9c"):
        an_entry(database, id=name, ref=name, author_id="member1")

    assert [row["ref"] for row in exported_entries(database, company)] == ["0a", "9c", "f3"]


def test_no_entry_of_another_company(database: Database, company: Workspace) -> None:
    an_entry(database, author_id="member1")
    other = a_workspace(database)

    assert exported_entries(database, other) == []


def test_the_whole_sample_leaves_without_a_time_or_a_score(database: Database) -> None:
    with database.transaction() as session:
        workspace = ensure_workspace(session, a_context(), Platform.SLACK, "T1", "Vers")
        load_sample(session, a_context(), workspace, read_sample())
        entries = export_entries(session, workspace, LATER)
        agreements = export_agreements(session, workspace, LATER)
        members = export_members(session, workspace, LATER)

    assert (len(entries.rows), len(agreements.rows), len(members.rows)) == (120, 27, 24)
    assert not any("T" in str(row["date"]) or row["date"] is None for row in rows(entries))
    assert not {column for column in agreements.columns if "score" in column or column.endswith("id")}
    first = rows(agreements)[1]
    assert (first["key"], first["owner"], first["partner"], first["entries"]) == (
        "A01",
        "Production Scheduler Noord",
        "Customer Service and Order Desk Lead",
        "1;109;110;120;2;24;47;48;71",
    )


def test_agreements_name_no_side_only_or_hidden_entry(database: Database) -> None:
    with database.transaction() as session:
        workspace = ensure_workspace(session, a_context(), Platform.SLACK, "T1", "Vers")
        load_sample(session, a_context(), workspace, read_sample())
        side_only = {
            row["ref"] for row in rows(export_entries(session, workspace, LATER)) if row["visibility"] == "side_only"
        }
        linked = {
            ref for row in rows(export_agreements(session, workspace, LATER)) for ref in row["entries"].split(";")
        }

    assert len(side_only) == 7
    assert "109" in linked
    assert not side_only & linked


def test_members_leave_with_the_columns_the_import_reads(database: Database, company: Workspace) -> None:
    with database.snapshot() as session:
        table = export_members(session, company, LATER)

    assert rows(table) == [
        {
            "user_id": "U1",
            "name": "Els",
            "side": "sales",
            "role": "member",
            "timezone": "Europe/Amsterdam",
            "language": "en",
            "plant": None,
            "working_days": None,
            "active_from": "2026-03-02",
            "active_to": None,
        }
    ]
    assert "sealed" not in str(table)


def test_a_side_only_entry_is_there_from_the_next_day_on(database: Database, company: Workspace) -> None:
    """Two exports of one day would tell the minute between them in which it was written."""
    an_entry(database, ref="aaaa", author_id="member1")
    an_entry(database, ref="bbbb", visibility=Visibility.SIDE_ONLY)

    with database.snapshot() as session:
        today, tomorrow = (export_entries(session, company, day) for day in (T0.date(), LATER))
        assert [row["ref"] for row in rows(today)] == ["aaaa"]
        assert {row["ref"] for row in rows(tomorrow)} == {"aaaa", "bbbb"}
        agreements = export_agreements(session, company, T0.date())
    assert rows(agreements) == []


def test_who_was_erased_is_not_among_the_members_and_owns_as_a_former_colleague(
    database: Database, company: Workspace
) -> None:
    gone = a_member(database, name="", external_id="erased:1")
    an_agreement(database, owner_id="member1", partner_id=gone.id)

    with database.snapshot() as session:
        assert [row["name"] for row in rows(export_members(session, company, LATER))] == ["Els"]
        agreement = rows(export_agreements(session, company, LATER))[0]
    assert (agreement["owner"], agreement["partner"]) == ("Els", "a former colleague")

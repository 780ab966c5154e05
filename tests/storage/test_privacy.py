"""What stands beside a member is known column by column, so that no export and no erasure forgets a table."""

import pytest
from sqlalchemy import Column, Table
from sqlmodel import SQLModel

import storage.tables  # noqa: F401  so that the metadata is whole
from storage.privacy import HELD, Held

CHAT_IDS = {"external_id", "target_id"}
OF_THE_WORKSPACE = {("workspaces", "external_id")}


def leads_to_a_person(table: Table, column: "Column[object]") -> bool:
    if (table.name, column.name) in OF_THE_WORKSPACE:
        return False
    return column.name in CHAT_IDS or any(key.column.table.name == "members" for key in column.foreign_keys)


def test_every_column_that_leads_to_a_person_is_known() -> None:
    leading = {
        (table.name, column.name)
        for table in SQLModel.metadata.sorted_tables
        for column in table.c
        if leads_to_a_person(table, column)
    }
    known = {(str(held.table.__tablename__), column) for held in HELD.values() for column in held.by}
    assert leading - known - {("members", "external_id")} == set()


@pytest.mark.parametrize("name", HELD)
def test_of_each_table_it_is_said_what_a_person_may_take_along(name: str) -> None:
    held: Held = HELD[name]
    assert not set(held.tells) & set(held.keeps)
    said = {*held.tells, *held.keeps, *held.by}
    assert said == set(held.table.model_fields)


def test_nobody_takes_along_a_score_or_a_token() -> None:
    told = {column for held in HELD.values() for column in held.tells}
    assert not [column for column in told if "score" in column or "token" in column or "hash" in column]

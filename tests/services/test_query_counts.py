"""A list asks the database as often for many as for one."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import event

from bot.services.access import Sender
from bot.services.audit import note_from_outside
from bot.services.audit_list import list_audit
from bot.services.decisions import list_decisions_card
from bot.services.meetings import list_upcoming
from storage.database import Database
from storage.tables import Decision, MeetingType, Member, Platform, Role
from tests.builders import WORKSPACE, a_context, a_meeting, a_member, a_side, a_workspace
from tests.clock import T

LEAD = Sender(Platform.SLACK, "T1", "U1")


@pytest.fixture
def lead(database: Database) -> Member:
    with database.transaction() as session:
        a_workspace(session)
        a_side(session)
        return a_member(session, name="Lead", role=Role.ADMIN)


@contextmanager
def counted(database: Database) -> Iterator[list[str]]:
    asked: list[str] = []

    @event.listens_for(database.engine, "after_cursor_execute")
    def on_execute(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        asked.append(statement)

    yield asked
    event.remove(database.engine, "after_cursor_execute", on_execute)


def queries(database: Database, use_case: Callable[..., object]) -> int:
    with counted(database) as asked, database.snapshot() as session:
        use_case(session, a_context(), LEAD)
    return len([statement for statement in asked if statement.startswith("SELECT")])


def add_meeting(database: Database, lead: Member, number: int) -> None:
    """With a chair of its own, and a question that another meeting asked before."""
    with database.transaction() as session:
        chair = a_member(session, name=f"Chair {number}")
        kind = (MeetingType.PRE_SOP, MeetingType.EXECUTIVE_SOP)[number % 2]
        asked_before = a_meeting(
            session, type=kind, key=f"b{number}", starts_at=T(days=-20 - number), chair_id=chair.id
        )
        coming = a_meeting(session, type=kind, key=f"c{number}", starts_at=T(days=5 + number), chair_id=chair.id)
        for which, its in (("b", asked_before), ("c", coming)):
            facts = {"rank": 1, "question": "Which rule?", "owner_id": chair.id, "entered_at": T(days=-30)}
            follows = {"follows_id": f"b{number}"} if which == "c" else {}
            key = f"{which}{number}"
            row: dict[str, Any] = facts | follows | {"id": key, "key": key, "meeting_id": its.id, "kind": "decide"}
            session.add(Decision(workspace_id=WORKSPACE, **row))
            session.flush()


def add_record(database: Database, lead: Member, number: int) -> None:
    with database.transaction() as session:
        context = a_context(T(minutes=number))
        note_from_outside(session, context, WORKSPACE, "member.change", lead.id, "a", str(number))


@pytest.mark.parametrize(
    ("use_case", "add"),
    [(list_upcoming, add_meeting), (list_decisions_card, add_meeting), (list_audit, add_record)],
)
def test_a_list_of_many_takes_no_more_queries_than_one_of_one(
    database: Database, lead: Member, use_case: Callable[..., object], add: Callable[..., None]
) -> None:
    add(database, lead, 0)
    add(database, lead, 1)
    few = queries(database, use_case)
    for number in range(2, 6):
        add(database, lead, number)
    assert queries(database, use_case) == few

"""A request has one effect, and leaves nothing that leads to anybody."""

import pytest
from sqlmodel import Session, select

from bot.domain.errors import DuplicateRequest
from bot.services.requests import claim_request, purge
from storage.database import Database
from storage.tables import Draft, RequestKey
from tests.builders import a_context, a_workspace
from tests.clock import T


def claim(database: Database, request_id: str, **later: float) -> None:
    with database.transaction() as session:
        claim_request(session, a_context(T(**later)), request_id)


def keys(session: Session) -> list[str]:
    return [row.key for row in session.exec(select(RequestKey))]


def test_the_same_request_is_done_once(database: Database) -> None:
    claim(database, "trigger-1")
    claim(database, "trigger-2")

    with pytest.raises(DuplicateRequest):
        claim(database, "trigger-1", minutes=4)


def test_what_was_refused_may_be_tried_again(database: Database) -> None:
    with database.transaction() as session:
        savepoint = session.begin_nested()
        claim_request(session, a_context(), "trigger-1")
        savepoint.rollback()

    claim(database, "trigger-1")


def test_the_key_leads_to_no_request_and_tells_no_moment(database: Database) -> None:
    claim(database, "trigger-1", seconds=17)

    with database.snapshot() as session:
        row = session.exec(select(RequestKey)).one()
    assert "trigger-1" not in row.key
    assert row.expires_at == T(minutes=11)


def test_keys_and_drafts_are_forgotten_when_their_time_is_over(database: Database) -> None:
    workspace = a_workspace(database)
    claim(database, "trigger-1")
    claim(database, "trigger-2", minutes=5)
    with database.transaction() as session:
        for number, hours in ((1, 1), (2, 30)):
            session.add(
                Draft(
                    id=f"d{number}",
                    workspace_id=workspace.id,
                    external_id=f"U{number}",
                    command="clash",
                    text="x",
                    expires_at=T(hours=hours),
                )
            )

    with database.transaction() as session:
        assert purge(session, a_context(T(minutes=10))) == 1
        assert purge(session, a_context(T(hours=2))) == 2
        assert keys(session) == []
        assert [draft.id for draft in session.exec(select(Draft))] == ["d2"]
    claim(database, "trigger-1", minutes=20)

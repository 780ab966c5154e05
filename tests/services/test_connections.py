"""Taken away from a workspace everything stops and is kept; put back, it goes on."""

from datetime import timedelta

import pytest

from bot.domain.errors import DuplicateRequest, Refused
from bot.services.access import access_actor
from bot.services.connections import disconnect, is_disconnected, reconnect
from bot.services.entries import capture_text
from bot.services.outbox import enqueue, ready_workspaces
from bot.services.scheduling import materialise_due, next_due, plan
from storage.database import Database
from storage.tables import AuditRecord, Entry, Kind, OccurrenceState, Schedule, ScheduleKind, Workspace
from tests.builders import a_context, a_message
from tests.clock import T0
from tests.services.entry_world import TAPAS, EntryWorld, build_world

HOUR = timedelta(hours=1)


@pytest.fixture
def world(database: Database) -> EntryWorld:
    world = build_world(database)
    connects(world)
    return world


def connects(world: EntryWorld) -> None:
    """A process starts with a token that is right."""
    with world.database.transaction() as session:
        reconnect(session, a_context(world.now), session.get_one(Workspace, "workspace1"))


def is_taken_away(world: EntryWorld, request: str = "Ev1") -> None:
    world.does("els", disconnect, request, world.now)


def something_waits(world: EntryWorld) -> None:
    """A message to send, and a schedule that is due."""
    with world.database.transaction() as session:
        context = a_context(world.now)
        enqueue(session, context, workspace_id="workspace1", key="m", target_id="C-SOP", message=a_message())
        plan(session, context, "workspace1", ScheduleKind.ASK_END, "ask", world.now)


def done(world: EntryWorld) -> tuple[list[str], int]:
    """The workspaces that would be written to, and how much of what is due is done now."""

    def do(*_: object) -> OccurrenceState:
        return OccurrenceState.DONE

    with world.database.transaction() as session:
        ready = list(ready_workspaces(session, world.now))
        return ready, materialise_due(session, a_context(world.now), {ScheduleKind.ASK_END: do})


def test_nothing_is_sent_done_or_answered(world: EntryWorld) -> None:
    something_waits(world)
    world.does("els", capture_text, world.request(), Kind.CLASH, TAPAS)
    is_taken_away(world)
    assert done(world) == ([], 0)
    with world.database.snapshot() as session:
        assert next_due(session) is None
        assert is_disconnected(session)
    with pytest.raises(Refused, match="disconnected"):
        world.does("els", access_actor)
    assert len(world.rows(Entry)) == 1


def test_put_back_it_goes_on_from_there(world: EntryWorld) -> None:
    something_waits(world)
    is_taken_away(world)
    world.later(days=3)
    connects(world)
    assert done(world) == (["workspace1"], 1)
    with world.database.snapshot() as session:
        assert not is_disconnected(session)
    world.does("els", access_actor)
    trail = [(row.action, row.before, row.after, row.actor_id) for row in world.rows(AuditRecord)]
    assert sorted(trail) == [
        ("workspace.connect", "disconnected", "connected", None),
        ("workspace.disconnect", "connected", "disconnected", None),
    ]


def test_it_is_told_twice_and_done_once(world: EntryWorld) -> None:
    is_taken_away(world)
    with pytest.raises(DuplicateRequest):
        is_taken_away(world)
    is_taken_away(world, "Ev2")
    assert len(world.rows(AuditRecord)) == 1


def test_what_was_told_before_it_was_put_back_is_out_of_date(world: EntryWorld) -> None:
    """Slack tells again for an hour what it could not deliver."""
    told_at = world.now - HOUR
    world.does("els", disconnect, "Ev1", told_at)
    world.does("els", access_actor)
    assert world.rows(AuditRecord) == []


def test_one_that_was_never_connected_is_taken_away_too(database: Database) -> None:
    world = build_world(database)
    world.does("els", disconnect, "Ev1", T0 - HOUR)
    assert world.rows(Workspace)[0].disconnected_at == T0


def test_an_installation_without_a_workspace_is_not_disconnected(database: Database) -> None:
    with database.snapshot() as session:
        assert not is_disconnected(session)


def test_the_ledger_keeps_what_is_due(world: EntryWorld) -> None:
    something_waits(world)
    is_taken_away(world)
    done(world)
    kept = {row.kind: row.next_due_at for row in world.rows(Schedule)}
    assert kept.pop(ScheduleKind.WEEKLY_SUMMARY)  # from the connection on
    assert list(kept.values()) == [T0]

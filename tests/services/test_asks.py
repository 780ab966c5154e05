"""A question ends once, reaches nobody who has left, and a cry for help leaves alone what is over."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlmodel import select

from bot.domain.chat import Message
from bot.domain.errors import Refused
from bot.services import asks, entries, help_today
from storage.database import Database
from storage.tables import Ask, AskState, Entry, EntryStatus, Kind, Member, Schedule, ScheduleKind
from tests.builders import a_context
from tests.clock import T0
from tests.services.entry_world import TAPAS, EntryWorld, answer, build_world

TODAY = T0.date()


@pytest.fixture
def world(database: Database) -> EntryWorld:
    return build_world(database, channel_id="C1", help_channel_id="C2", help_channel_name="dispatch")


def asks_sam(world: EntryWorld) -> Message:
    world.does("els", entries.capture_text, world.request(), Kind.CLASH, TAPAS)
    form = world.does("els", asks.ask_form, world.entry().ref)
    sam = world.people["sam"].external_id
    return world.does("els", asks.send_ask, world.request(), answer(form, whom="person", person=sam))


def leaves(world: EntryWorld, who: str, days_ago: int) -> None:
    with world.database.transaction() as session:
        session.get_one(Member, world.people[who].id).active_to = TODAY - timedelta(days=days_ago)


def tells(world: EntryWorld, ask: Ask) -> None:
    form = world.does("sam", asks.tell_form, ask.id)
    world.does("sam", asks.save_tell, world.request(), answer(form, what_happened="They called at four."))


def rather_not(world: EntryWorld, ask: Ask) -> None:
    world.does("sam", asks.refuse_ask, ask.id)


@pytest.mark.parametrize("ends", [tells, rather_not])
def test_a_question_that_ended_in_the_same_moment_is_not_ended_again(
    world: EntryWorld, monkeypatch: pytest.MonkeyPatch, ends: Callable[[EntryWorld, Ask], None]
) -> None:
    asks_sam(world)
    (ask,) = world.rows(Ask)
    with monkeypatch.context() as patched:
        patched.setattr(asks, "move_ask", lambda *_: False)
        with pytest.raises(Refused) as refused:
            ends(world, ask)
    assert refused.value.sentence == "ask_over"
    assert len(world.entries()) == 1
    assert ask_end(world).next_due_at is not None

    ends(world, ask)
    assert world.rows(Ask)[0].state in {AskState.ANSWERED, AskState.REFUSED}


def ask_end(world: EntryWorld) -> Schedule:
    (end,) = [row for row in world.rows(Schedule) if row.kind == ScheduleKind.ASK_END]
    return end


def test_who_has_left_cannot_be_asked(world: EntryWorld) -> None:
    leaves(world, "sam", days_ago=1)
    with pytest.raises(Refused) as refused:
        asks_sam(world)
    assert (refused.value.sentence, refused.value.field) == ("person_left", "person")
    assert world.rows(Ask) == []


def test_on_the_last_day_one_can_still_be_asked(world: EntryWorld) -> None:
    leaves(world, "sam", days_ago=0)
    asks_sam(world)
    assert [ask.asked_id for ask in world.rows(Ask)] == [world.people["sam"].id]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (EntryStatus.OPEN, EntryStatus.PARKED),
        (EntryStatus.RESOLVED, EntryStatus.RESOLVED),
        (EntryStatus.ADOPTED, EntryStatus.ADOPTED),
    ],
)
def test_a_cry_for_help_parks_only_what_is_not_over(world: EntryWorld, before: EntryStatus, after: EntryStatus) -> None:
    world.does("els", entries.capture_text, world.request(), Kind.CLASH, TAPAS)
    resolved_on = TODAY if before == EntryStatus.RESOLVED else None
    with world.database.transaction() as session:
        entry = session.exec(select(Entry)).one()
        entry.status, entry.resolved_on = before, resolved_on
        help_today.send_help(session, a_context(world.now), world.sender("els"), entry.ref)
    assert (world.entry().status, world.entry().resolved_on) == (after, resolved_on)

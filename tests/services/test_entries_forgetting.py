"""What led to the author is gone with the name, and what would lead there is not written: one leak at a time."""

import pytest
from sqlmodel import SQLModel

from bot.domain.chat import Message
from bot.services import asks, entries, members
from bot.services.outbox import enqueue
from bot.services.scheduling import materialise_due, plan
from storage.database import Database
from storage.tables import (
    Ask,
    Entry,
    Kind,
    Member,
    Occurrence,
    OccurrenceState,
    OutboxState,
    Outgoing,
    Schedule,
    ScheduleKind,
    Visibility,
)
from tests.builders import SECRETS, WORKSPACE, a_context
from tests.clock import T0
from tests.services.entry_world import TAPAS, EntryWorld, answer, build_world, buttons, words


@pytest.fixture
def world(database: Database) -> EntryWorld:
    return build_world(database, channel_id="C1")


def tells(world: EntryWorld, who: str, text: str = TAPAS) -> Message:
    return world.does(who, entries.capture_text, world.request(), Kind.CLASH, text)


def asks_(world: EntryWorld, who: str, handle: str, **values: str) -> Message:
    form = world.does(who, asks.ask_form, handle)
    return world.does(who, asks.send_ask, world.request(), answer(form, **values))


def rows_about(world: EntryWorld, *tables: type[SQLModel]) -> str:
    return str([row for table in tables for row in world.rows(table)])


def test_a_withdrawn_answer_does_not_lead_to_who_asked(world: EntryWorld) -> None:
    tells(world, "els")
    ref, sam = world.entry().ref, world.people["sam"]
    asks_(world, "els", ref, whom="person", person=sam.external_id)
    form = world.does("sam", asks.tell_form, world.rows(Ask)[0].id)
    thanks = world.does("sam", asks.save_tell, world.request(), answer(form, what_happened="The customer called late."))
    assert world.people["els"].external_id in rows_about(world, Outgoing)
    world.does("sam", entries.undo_entry, buttons(thanks)["Undo"].value)
    world.does("els", entries.take_name_off, ref)
    assert world.people["els"].external_id not in rows_about(world, Outgoing)


def test_what_one_added_to_an_own_entry_is_no_pair_without_the_name(world: EntryWorld) -> None:
    tells(world, "els")
    first = world.entry()
    form = world.does("els", entries.new_form, f"clash|{first.ref}")
    world.does("els", entries.save_form, world.request(), answer(form, what_happened="Again.", shown_with="named"))
    (second,) = [entry for entry in world.entries() if entry.id != first.id]
    assert second.pair_id is not None
    world.does("els", entries.take_name_off, second.ref)
    assert {entry.visibility: entry.pair_id is None for entry in world.entries()} == {"named": False, "side_only": True}


def test_a_call_for_help_that_failed_forgets_the_name(world: EntryWorld) -> None:
    tells(world, "els")
    entry, els = world.entry(), world.people["els"]
    with world.database.transaction() as session:
        message = Message(f"{els.name} needs somebody today", ())
        enqueue(session, a_context(), workspace_id=WORKSPACE, key=f"help:{entry.id}", target_id="C2", message=message)
    with world.database.transaction() as session:
        session.merge(world.rows(Outgoing)[0]).state = OutboxState.FAILED
    world.does("els", entries.take_name_off, entry.ref)
    assert els.name not in rows_about(world, Outgoing)


def test_no_moment_in_the_authors_own_zone_is_left(world: EntryWorld) -> None:
    """Ten o'clock in Dubai is a name where one person works in Dubai."""
    tells(world, "els")
    entry = world.entry()
    with world.database.transaction() as session:
        plan(session, a_context(), WORKSPACE, ScheduleKind.HELP_LESSON, entry.id, T0)
    with world.database.transaction() as session:
        assert materialise_due(session, a_context(), {ScheduleKind.HELP_LESSON: lambda *_: OccurrenceState.DONE}) == 1
    assert len(world.rows(Occurrence)) == 1
    world.does("els", entries.take_name_off, entry.ref)
    assert (world.rows(Schedule), world.rows(Occurrence)) == ([], [])


@pytest.mark.parametrize(("asked", "is_pair"), [("sam", False), (None, True)])
def test_a_view_without_a_name_is_no_pair_beside_a_question_to_its_side(
    world: EntryWorld, asked: str | None, is_pair: bool
) -> None:
    tells(world, "els")
    first = world.entry()
    if asked:
        asks_(world, "els", first.ref, whom="person", person=world.people[asked].external_id)
    form = world.does("sam", entries.tell_form, first.ref)
    card = world.does(
        "sam", entries.save_tell, world.request(), answer(form, what_happened="It was late.", shown_with="side_only")
    )
    (told,) = [entry for entry in world.entries() if entry.id != first.id]
    assert (told.pair_id is not None) == is_pair
    assert (f"#{first.ref}" in words(card)) == is_pair


def test_a_question_without_a_name_waits_for_the_full_hour(world: EntryWorld) -> None:
    handle = buttons(tells(world, "els", f"quietly {TAPAS}"))["Undo"].value
    world.later(minutes=17)
    card = asks_(world, "els", handle, whom="sales", show_words="yes")
    (question,) = world.rows(Outgoing)
    assert question.not_before.minute == question.not_before.second == 0
    assert question.not_before > world.now
    assert "It goes out on Wed 10 June, 17:00 (Amsterdam)" in words(card)


def test_a_question_that_is_taken_back_before_the_hour_never_goes(world: EntryWorld) -> None:
    handle = buttons(tells(world, "els", f"quietly {TAPAS}"))["Undo"].value
    asks_(world, "els", handle, whom="sales", show_words="yes")
    world.does("els", asks.withdraw_ask, handle)
    assert [(row.state, row.message) for row in world.rows(Outgoing)] == [(OutboxState.FAILED, None)]


def test_who_changes_their_default_is_not_seen(world: EntryWorld) -> None:
    with world.database.transaction() as session:
        for number, member in enumerate(world.people.values()):
            member.sealed_default = SECRETS.seal(Visibility.SIDE_ONLY if number % 2 else Visibility.NAMED)
            session.merge(member)
    form = world.does("els", members.settings_form)
    world.does("els", members.save_settings, world.request(), answer(form, shown_with="side_only"))
    after = {member.name: member.sealed_default for member in world.rows(Member)}
    for number, member in enumerate(world.people.values()):
        before = "side_only" if number % 2 or member.name == "Els" else "named"
        assert after[member.name] != member.sealed_default
        assert SECRETS.unseal(after[member.name]) == before
        assert len(after[member.name]) == len(member.sealed_default)


def test_a_seal_of_another_secret_is_left_for_the_right_one(world: EntryWorld) -> None:
    with world.database.transaction() as session:
        session.merge(world.people["sam"]).sealed_default = "sealed elsewhere"
    form = world.does("els", members.settings_form)
    world.does("els", members.save_settings, world.request(), answer(form, shown_with="named"))
    assert [member.sealed_default for member in world.rows(Member) if member.name == "Sam"] == ["sealed elsewhere"]


def test_the_name_is_off_although_nothing_else_was_there(world: EntryWorld) -> None:
    tells(world, "els")
    world.does("els", entries.take_name_off, world.entry().ref)
    assert world.people["els"].id not in rows_about(world, Entry, Outgoing, Schedule, Ask)

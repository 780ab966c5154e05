"""What facilitators do with check-ins: start, pause, run, stop, delete, put back, copy; nobody else does."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlalchemy import event

from bot.domain.chat import Message
from bot.domain.errors import Refused
from bot.services.access import Sender
from bot.services.checkins import audience, changing, copying, listing, previewing, questions, running
from bot.services.checkins.changing import start_weekly
from storage.checkins import list_audience, list_questions
from storage.database import Database
from storage.tables import (
    Checkin,
    CheckinAsked,
    CheckinPerson,
    CheckinQuestion,
    CheckinRound,
    CheckinState,
    Member,
    Outcome,
    Outgoing,
    Platform,
    Role,
    ScheduleKind,
    Workspace,
)
from tests.builders import a_context, a_member, a_side, a_workspace
from tests.services.checkins.manage_world import PEOPLE, THURSDAY_10, actions, audited, planned, the_checkin, tick
from tests.services.entry_world import EntryWorld, answer, build_world, words


@pytest.fixture
def world(database: Database) -> EntryWorld:
    return build_world(database)


@pytest.fixture
def weekly(world: EntryWorld) -> str:
    """The id of the weekly check-in."""
    world.does("lead", start_weekly)
    return the_checkin(world).id


# ---------------------------------------------------------------- who may


@pytest.mark.parametrize(
    "use_case",
    [
        listing.list_checkins_card,
        listing.open_checkin,
        start_weekly,
        running.preview_checkin,
        previewing.preview_form,
        running.pause_checkin,
        running.resume_checkin,
        running.run_checkin,
        running.stop_round,
        running.go_on,
        running.delete_checkin,
        running.restore_checkin,
        copying.duplicate_checkin,
    ],
)
def test_nobody_else_sees_or_changes_anything(world: EntryWorld, weekly: str, use_case: Callable[..., Message]) -> None:
    before = audited(world)
    with pytest.raises(Refused, match="facilitators_only"):
        world.does("els", use_case, weekly)
    assert (audited(world), the_checkin(world).state) == (before, CheckinState.ACTIVE)


def test_nor_the_outcomes_of_a_round(world: EntryWorld, weekly: str) -> None:
    world.does("lead", running.run_checkin, weekly)
    (round_,) = world.rows(CheckinRound)
    with pytest.raises(Refused, match="facilitators_only"):
        world.does("els", listing.show_outcomes, round_.id)


@pytest.mark.parametrize(
    "use_case",
    [
        listing.open_checkin,
        running.preview_checkin,
        previewing.preview_form,
        running.pause_checkin,
        running.resume_checkin,
        running.run_checkin,
        running.stop_round,
        running.go_on,
        running.delete_checkin,
        running.restore_checkin,
        copying.duplicate_checkin,
        changing.settings_form,
        audience.audience_form,
        questions.list_questions_card,
        questions.new_question_form,
    ],
)
def test_a_facilitator_of_another_company_reaches_nothing(world: EntryWorld, weekly: str, use_case: Any) -> None:
    with pytest.raises(Refused, match="checkin_gone"):
        elsewhere(world, use_case, weekly)
    assert (audited(world), the_checkin(world).state) == (["checkin.add"], CheckinState.ACTIVE)


def test_nor_a_round_a_question_a_note_or_what_a_form_carries(world: EntryWorld, weekly: str) -> None:
    world.does("lead", running.run_checkin, weekly)
    (round_,), question = world.rows(CheckinRound), world.rows(CheckinQuestion)[0]
    card = save_settings(world, weekly, name="Other")
    named = answer(world.does("lead", changing.settings_form, weekly), name="Taken over")
    asked = answer(world.does("lead", questions.question_form, question.id), text="Taken over")

    for use_case, *values in (
        (listing.show_outcomes, round_.id),
        (questions.question_form, question.id),
        (changing.undo_change, actions(card)["checkin.undo_change"].value),
        (changing.save_settings, "r1", named, {}),
        (audience.save_audience, "r2", named, {}, ()),
        (questions.save_question, "r3", asked),
        (previewing.end_preview, named),
    ):
        with pytest.raises(Refused, match=r"checkin_gone|old_button"):
            elsewhere(world, use_case, *values)
    assert the_checkin(world).name == "Other"


def elsewhere(world: EntryWorld, use_case: Any, *values: Any) -> Any:
    """The use case by who facilitates another company."""
    with world.database.transaction() as session:
        if session.get(Workspace, "other") is None:
            a_workspace(session, id="other", external_id="T2")
            a_side(session, workspace_id="other", key="sales", name="Sales")
            a_member(session, workspace_id="other", external_id="U-OTHER", role=Role.FACILITATOR)
        session.flush()
        return use_case(session, a_context(world.now), Sender(Platform.SLACK, "T2", "U-OTHER"), *values)


def save_settings(world: EntryWorld, checkin_id: str, **values: str) -> Message:
    form = world.does("lead", changing.settings_form, checkin_id)
    return world.does("lead", changing.save_settings, world.request(), answer(form, **values), {})


# ---------------------------------------------------------------- the list and the start


def test_an_empty_list_offers_the_weekly_round_by_one_button(world: EntryWorld) -> None:
    page = world.does("lead", listing.list_checkins_card)

    assert "No check-in yet." in words(page)
    assert set(actions(page)) == {"checkin.start", "checkin.templates"}


def test_one_press_starts_it_and_one_takes_it_back(world: EntryWorld) -> None:
    card = world.does("lead", start_weekly)

    assert "It runs by itself from the next round on." in words(card)
    assert "Next: Thu 11 June" in words(card)
    assert planned(world) == [ScheduleKind.CHECKIN]
    assert actions(card)["checkin.delete"].value == the_checkin(world).id

    world.does("lead", running.delete_checkin, the_checkin(world).id)
    assert planned(world) == []
    assert audited(world) == ["checkin.add", "checkin.delete"]


def test_a_second_press_shows_the_one_that_runs(world: EntryWorld, weekly: str) -> None:
    card = world.does("lead", start_weekly)

    assert actions(card)["checkin.pause"].value == weekly
    assert the_checkin(world).id == weekly
    assert "checkin.start" not in actions(world.does("lead", listing.list_checkins_card))


def test_pressed_by_two_at_once_there_is_one(world: EntryWorld) -> None:
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: world.does("lead", start_weekly), range(4)))
    assert the_checkin(world).state is CheckinState.ACTIVE
    assert audited(world) == ["checkin.add"]


def test_list_and_card_count_people_without_reading_them(world: EntryWorld, weekly: str) -> None:
    """In a company of ten thousand."""
    read: list[object] = []
    note = event.listens_for(Member, "load")(lambda member, _: read.append(member))
    for use_case in (listing.list_checkins_card, listing.open_checkin):
        assert f"{PEOPLE} people" in words(world.does("lead", use_case, weekly))
    event.remove(Member, "load", note)
    assert len(read) == 2, "who asks"


# ---------------------------------------------------------------- pause, resume, run, stop


def test_paused_it_asks_nobody_until_it_is_resumed(world: EntryWorld, weekly: str) -> None:
    card = world.does("lead", running.pause_checkin, weekly)
    assert "Paused." in words(card)
    assert planned(world) == []
    assert the_checkin(world).state is CheckinState.PAUSED
    assert actions(card)["checkin.resume"].value == weekly
    assert "paused" in words(world.does("lead", listing.list_checkins_card))

    card = world.does("lead", running.resume_checkin, weekly)
    assert "It runs again." in words(card)
    assert planned(world) == [ScheduleKind.CHECKIN]
    assert audited(world) == ["checkin.add", "checkin.pause", "checkin.resume"]


def test_what_is_asked_already_is_counted_and_a_pause_stops_the_rest(world: EntryWorld, weekly: str) -> None:
    a_member(world.database, name="Nora", timezone="America/New_York")
    tick(world, THURSDAY_10)
    assert f"{PEOPLE} asked, 1 to come" in words(world.does("lead", listing.open_checkin, weekly))

    world.does("lead", running.pause_checkin, weekly)
    outcomes = {turn.outcome for turn in world.rows(CheckinAsked)}
    assert Outcome.WAITING not in outcomes
    assert Outcome.STOPPED in outcomes


def test_run_now_asks_everybody_once_and_not_again_while_it_runs(world: EntryWorld, weekly: str) -> None:
    card = world.does("lead", running.run_checkin, weekly)

    assert f"{PEOPLE} people are asked, each in their own hours" in words(card)
    assert "checkin.run_now" not in actions(card)
    tick(world, world.now)
    assert len(world.rows(Outgoing)) == PEOPLE
    with pytest.raises(Refused, match="checkin_runs"):
        world.does("lead", running.run_checkin, weekly)
    assert audited(world) == ["checkin.add", "checkin.run"]


def test_a_round_is_stopped_and_goes_on_without_the_next_one(world: EntryWorld, weekly: str) -> None:
    a_member(world.database, name="Nora", timezone="America/New_York")
    tick(world, THURSDAY_10)

    card = world.does("lead", running.stop_round, weekly)
    assert "Stopped." in words(card)
    assert the_checkin(world).state is CheckinState.ACTIVE
    assert {turn.outcome for turn in world.rows(CheckinAsked)} >= {Outcome.STOPPED}

    world.does("lead", running.go_on, actions(card)["checkin.go_on"].value)
    assert Outcome.WAITING in {turn.outcome for turn in world.rows(CheckinAsked)}
    assert audited(world) == ["checkin.add", "checkin.go_on", "checkin.stop"]


def test_an_old_button_of_a_pause_lets_no_stopped_round_go_on(world: EntryWorld, weekly: str) -> None:
    a_member(world.database, name="Nora", timezone="America/New_York")
    tick(world, THURSDAY_10)
    world.does("lead", running.stop_round, weekly)

    world.does("lead", running.resume_checkin, weekly)
    assert Outcome.WAITING not in {turn.outcome for turn in world.rows(CheckinAsked)}
    assert audited(world) == ["checkin.add", "checkin.stop"]


def test_paused_it_is_neither_run_nor_goes_on(world: EntryWorld, weekly: str) -> None:
    """Nobody would be asked in such a round."""
    world.does("lead", running.pause_checkin, weekly)
    assert "checkin.run_now" not in actions(world.does("lead", listing.open_checkin, weekly))
    for use_case in (running.run_checkin, running.go_on):
        with pytest.raises(Refused, match="checkin_paused"):
            world.does("lead", use_case, weekly)
    assert world.rows(CheckinRound) == []


def test_where_nobody_can_be_asked_it_says_so(world: EntryWorld, weekly: str) -> None:
    with world.database.transaction() as session:
        for person in world.people.values():
            member = session.merge(person)
            member.undisturbed = True

    card = world.does("lead", running.run_checkin, weekly)
    assert "Nobody can be asked now." in words(card)
    outcomes = words(world.does("lead", listing.show_outcomes, actions(card)["checkin.outcomes"].value))
    assert f"Not asked, at their own wish: {PEOPLE}" in outcomes


# ---------------------------------------------------------------- delete, put back, duplicate


@pytest.mark.parametrize("state", [CheckinState.ACTIVE, CheckinState.PAUSED])
def test_deleted_it_is_gone_and_comes_back_as_it_was(world: EntryWorld, weekly: str, state: CheckinState) -> None:
    if state is CheckinState.PAUSED:
        world.does("lead", running.pause_checkin, weekly)

    page = world.does("lead", running.delete_checkin, weekly)
    assert "Deleted: Weekly check-in." in words(page)
    assert planned(world) == []
    with pytest.raises(Refused, match="checkin_gone"):
        world.does("lead", listing.open_checkin, weekly)

    world.does("lead", running.restore_checkin, actions(page)["checkin.restore"].value)
    assert the_checkin(world).state is state
    assert planned(world) == ([ScheduleKind.CHECKIN] if state is CheckinState.ACTIVE else [])


def test_a_paused_one_that_comes_back_asks_nobody(world: EntryWorld, weekly: str) -> None:
    a_member(world.database, name="Nora", timezone="America/New_York")
    tick(world, THURSDAY_10)
    world.does("lead", running.pause_checkin, weekly)

    page = world.does("lead", running.delete_checkin, weekly)
    world.does("lead", running.restore_checkin, actions(page)["checkin.restore"].value)
    assert {turn.outcome for turn in world.rows(CheckinAsked)} == {Outcome.STOPPED}
    world.does("lead", running.resume_checkin, weekly)
    assert {turn.outcome for turn in world.rows(CheckinAsked)} == {Outcome.WAITING}


def test_one_whose_score_another_asks_by_now_does_not_come_back(world: EntryWorld, weekly: str) -> None:
    page = world.does("lead", running.delete_checkin, weekly)
    world.does("lead", start_weekly)
    with pytest.raises(Refused, match="checkin_scale_taken"):
        world.does("lead", running.restore_checkin, actions(page)["checkin.restore"].value)
    assert sorted(one.state for one in world.rows(Checkin)) == [CheckinState.ACTIVE, CheckinState.DELETED]


def test_one_put_back_twice_is_put_back_once(world: EntryWorld, weekly: str) -> None:
    page = world.does("lead", running.delete_checkin, weekly)
    value = actions(page)["checkin.restore"].value
    world.does("lead", running.restore_checkin, value)
    world.does("lead", running.pause_checkin, weekly)

    world.does("lead", running.restore_checkin, value)  # an old button
    assert the_checkin(world).state is CheckinState.PAUSED
    assert audited(world).count("checkin.restore") == 1


def test_of_a_deleted_one_what_was_asked_stays(world: EntryWorld, weekly: str) -> None:
    tick(world, THURSDAY_10)
    asked = len(world.rows(CheckinAsked))

    world.does("lead", running.delete_checkin, weekly)
    assert len(world.rows(CheckinAsked)) == asked == PEOPLE


def test_a_copy_asks_the_same_people_the_same_and_waits(world: EntryWorld, weekly: str) -> None:
    with world.database.transaction() as session:
        session.add(CheckinPerson(checkin_id=weekly, member_id=world.people["fin"].id, is_observer=True))

    card = world.does("lead", copying.duplicate_checkin, weekly)
    assert "Copied, and paused." in words(card)
    copy = next(one for one in world.rows(Checkin) if one.id != weekly)
    assert (copy.name, copy.state) == ("Weekly check-in (copy)", CheckinState.PAUSED)
    with world.database.snapshot() as session:
        first, second = (session.get_one(Checkin, one) for one in (weekly, copy.id))
        audiences = [list_audience(session, one, world.now.date()) for one in (first, second)]
        asked = [list_questions(session, one.id) for one in (first, second)]
    assert audiences[0] == audiences[1]
    assert [one.text for one in asked[0]] == [one.text for one in asked[1]]
    keys = {one.pulse_key for one in (*asked[0], *asked[1]) if one.pulse_key}
    assert len(keys) == 2, "each has a figure of its own"

    world.does("lead", running.delete_checkin, actions(card)["checkin.delete"].value)
    assert {one.state for one in world.rows(Checkin)} == {CheckinState.ACTIVE, CheckinState.DELETED}

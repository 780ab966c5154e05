"""Each person is asked once, in their own hours, and reminded at most once."""

from collections import Counter
from datetime import date, time, timedelta

import pytest
from sqlmodel import select

from bot.domain.chat import Text
from bot.services.checkins import asking
from bot.services.checkins.people import end_turns, replan_member
from bot.services.checkins.planning import run_now
from bot.services.outbox import EXPIRED, PERSON_GONE
from bot.services.unasked import Item, settle, tell
from storage.tables import (
    Absence,
    CheckinAsked,
    ItemKind,
    Member,
    OutboxState,
    Outcome,
    Outgoing,
    PulseAsked,
    Workspace,
)
from tests.builders import WORKSPACE, a_message
from tests.services.checkins.round_world import BEGIN, FRIDAY, THURSDAY, WEDNESDAY, RoundWorld, at, local


def question_to(world: RoundWorld, member: Member) -> Outgoing:
    with world.database.snapshot() as session:
        rows = select(Outgoing).where(Outgoing.target_id == member.external_id)
        return session.exec(rows).one()


def open_thursday(world: RoundWorld) -> None:
    world.plan()
    world.run(at(THURSDAY, "09:00"))


def test_asked_at_their_own_ten_o_clock_and_counted_only_then(world: RoundWorld) -> None:
    world.person("Dubai", timezone="Asia/Dubai")
    world.person("Amsterdam")
    world.plan()

    world.run(at(THURSDAY, "09:59"))
    assert world.sent("checkin") == [("Dubai", at(THURSDAY, "10:00", "Asia/Dubai"))]
    assert world.counted() == 1
    world.run(at(FRIDAY, "08:00"))

    assert world.sent("checkin") == [
        ("Amsterdam", at(THURSDAY, "10:00")),
        ("Dubai", at(THURSDAY, "10:00", "Asia/Dubai")),
    ]
    assert world.counted() == 2
    assert set(world.outcomes().values()) == {Outcome.ASKED}


def test_no_more_at_a_time_than_a_minute_sends(world: RoundWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asking, "BATCH", 3)
    world.people(7)
    world.plan()

    world.run(at(THURSDAY, "10:30"))

    moments = Counter(local(moment) for _, moment in world.sent("checkin"))
    assert moments == {"Thu 10:00": 3, "Thu 10:01": 3, "Thu 10:02": 1}


def test_while_the_chat_takes_nothing_only_so_many_wait(world: RoundWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asking, "BATCH", 3)
    world.people(7)
    open_thursday(world)

    for minute in range(4):
        world.tick(at(THURSDAY, f"10:0{minute}"))
    assert len(world.sent("checkin")) == 3
    world.send()
    world.tick(at(THURSDAY, "10:10"))

    assert len(world.sent("checkin")) == 6


def test_who_answered_before_is_not_asked_and_nobody_sees_it_before_their_moment(world: RoundWorld) -> None:
    world.person("Early")
    world.person("Other")
    open_thursday(world)
    world.answer("Early")
    assert world.outcomes()["Early"] is Outcome.WAITING

    world.run(at(FRIDAY, "11:00"))

    assert world.outcomes()["Early"] is Outcome.ASKED
    assert [name for name, _ in world.sent("checkin")] == ["Other"]


def test_who_has_left_or_wants_no_questions_by_then_is_not_asked(world: RoundWorld) -> None:
    left, quiet, here = world.person("Left"), world.person("Quiet"), world.person("Here")
    open_thursday(world)
    world.change(left, active_to=WEDNESDAY)
    world.change(quiet, undisturbed=True)

    world.run(at(THURSDAY, "11:00"))

    assert [name for name, _ in world.sent("checkin")] == [here.name]
    assert world.outcomes() == {"Left": Outcome.LEFT, "Quiet": Outcome.UNDISTURBED, "Here": Outcome.ASKED}
    assert world.counted() == 1


def test_they_count_in_the_side_they_are_on_when_asked(world: RoundWorld) -> None:
    mover = world.person("Mover")
    open_thursday(world)
    world.change(mover, side="operations")

    world.run(at(THURSDAY, "11:00"))

    assert world.turns()["Mover"].side == "operations"
    with world.database.snapshot() as session:
        assert session.exec(select(PulseAsked.side)).all() == ["operations"]


# ---------------------------------------------------------------- reminders


def test_who_has_not_answered_is_reminded_once_the_next_day(world: RoundWorld) -> None:
    world.person("Silent")
    world.person("Answered")
    world.plan()
    world.run(at(THURSDAY, "10:00"))
    world.answer("Answered")
    assert {name: turn.nudge_at is None for name, turn in world.turns().items()} == {"Silent": False, "Answered": False}

    world.run(at(FRIDAY, "11:59"))

    ((name, moment),) = world.sent("checkin_nudge")
    assert (name, local(moment)) == ("Silent", "Fri 08:00")
    assert [turn.nudge_at for turn in world.turns().values()] == [None, None]


def test_no_reminder_on_a_day_off_or_where_none_is_wanted(world: RoundWorld) -> None:
    world.person("Not on Fridays", working_days="1234")
    world.person("Here")
    world.plan()
    world.run(at(THURSDAY, "10:00"))

    world.run(at(FRIDAY, "11:59"))

    assert [name for name, _ in world.sent("checkin_nudge")] == ["Here"]


def test_a_check_in_without_reminders_has_none(world: RoundWorld) -> None:
    world.checkin_id = world.add_checkin("c7", nudge_share_pct=None).id
    world.people(2)
    world.plan()

    world.run(at(FRIDAY, "11:59"))

    assert len(world.sent("checkin")) == 2
    assert world.sent("checkin_nudge") == []


def test_a_reminder_missed_in_the_day_waits_for_the_morning(world: RoundWorld) -> None:
    world.checkin_id = world.add_checkin("c7", close_after_days=5).id  # until Tuesday; the reminder is Monday's
    world.people(1)
    world.plan()
    world.run(at(THURSDAY, "12:00"))

    world.tick(at(FRIDAY + timedelta(days=3), "21:00"))
    assert world.sent("checkin_nudge") == []
    world.run(at(FRIDAY + timedelta(days=4), "11:00"))

    assert [local(moment) for _, moment in world.sent("checkin_nudge")] == ["Tue 08:00"]


def test_a_question_missed_in_the_day_waits_for_the_morning(world: RoundWorld) -> None:
    world.people(1)
    open_thursday(world)

    world.tick(at(THURSDAY, "21:00"))
    assert (local(world.turns()["sales 0"].ask_at), world.sent("checkin")) == ("Fri 08:00", [])
    world.run(at(FRIDAY, "09:00"))

    assert [local(moment) for _, moment in world.sent("checkin")] == ["Fri 08:00"]


# ---------------------------------------------------------------- what does not arrive


def test_a_question_that_could_not_leave_today_is_asked_tomorrow(world: RoundWorld) -> None:
    world.checkin_id = world.add_checkin("c7", nudge_share_pct=None).id
    person = world.person("Offline")
    world.plan()
    world.run(at(THURSDAY, "09:59"))
    world.tick(at(THURSDAY, "10:00"))
    row = question_to(world, person)
    assert row.expires_at == at(THURSDAY, "18:00")

    world.tick(at(THURSDAY, "18:01"))
    assert (world.outcomes()["Offline"], local(world.turns()["Offline"].ask_at)) == (Outcome.WAITING, "Fri 08:00")
    assert world.counted() == 0

    world.run(at(FRIDAY, "11:00"))
    assert world.outcomes()["Offline"] is Outcome.ASKED
    assert [local(moment) for _, moment in world.sent("checkin")] == ["Thu 10:00", "Fri 08:00"]
    assert world.counted() == 1


def test_a_question_that_could_not_leave_at_all_was_not_asked(world: RoundWorld) -> None:
    person = world.person("Not on Fridays", working_days="1234")
    world.person("Here")
    world.plan()
    world.run(at(THURSDAY, "10:00"))

    world.now = at(THURSDAY, "18:01")
    world.fails(person, EXPIRED)

    turn = world.turns()["Not on Fridays"]
    assert (turn.outcome, turn.ask_at, turn.nudge_at) == (Outcome.NO_TIME, None, None)
    assert world.counted() == 1


def test_a_question_that_failed_for_good_was_not_asked(world: RoundWorld) -> None:
    person = world.person("Closed account")
    world.person("Here")
    world.plan()
    world.run(at(THURSDAY, "10:00"))

    world.fails(person, PERSON_GONE)
    world.run(at(FRIDAY, "11:59"))

    assert world.outcomes() == {"Closed account": Outcome.NOT_DELIVERED, "Here": Outcome.ASKED}
    assert world.counted() == 1
    assert [name for name, _ in world.sent("checkin_nudge")] == ["Here"]


@pytest.mark.parametrize("reason", [EXPIRED, PERSON_GONE])
def test_who_answered_elsewhere_stays_asked_whatever_becomes_of_the_message(world: RoundWorld, reason: str) -> None:
    person = world.person("Answered at Home")
    world.plan()
    world.run(at(THURSDAY, "10:00"))
    world.answer("Answered at Home")

    world.fails(person, reason)

    assert world.outcomes() == {"Answered at Home": Outcome.ASKED}
    assert world.counted() == 1


def has_had_their_message(world: RoundWorld, member: Member, brief: str = "brief1") -> None:
    """Something else was told on that day, and acted upon."""
    item = Item(ItemKind.BRIEF, brief, f"{brief}:{member.id}", a_message(), Text("The brief"))
    with world.database.transaction() as session:
        tell(session, world.context(), session.get_one(Workspace, WORKSPACE), member, item)
    world.send()
    with world.database.transaction() as session:
        settle(session, member.id, ItemKind.BRIEF, brief)


def test_whose_day_had_its_message_is_asked_on_their_next_and_not_reminded_before(world: RoundWorld) -> None:
    person = world.person("Busy")
    open_thursday(world)
    has_had_their_message(world, person)

    world.run(at(THURSDAY, "23:00"))
    assert world.sent("checkin") == []
    assert world.turns()["Busy"].nudge_at is None
    world.run(at(FRIDAY, "11:59"))

    assert [local(moment) for _, moment in world.sent("checkin")] == ["Fri 09:00"]
    assert (world.outcomes()["Busy"], world.counted()) == (Outcome.ASKED, 1)


def test_nobody_is_reminded_of_a_question_that_still_waits_for_another_day(world: RoundWorld) -> None:
    world.checkin_id = world.add_checkin("c7", close_after_days=4).id  # until Monday
    person = world.person("Busy")
    open_thursday(world)
    has_had_their_message(world, person)
    world.run(at(FRIDAY, "08:00"))
    has_had_their_message(world, person, "brief2")

    world.run(at(date(2026, 6, 22), "11:59"))

    assert [local(moment) for _, moment in world.sent("checkin")] == ["Mon 09:00"]
    assert world.sent("checkin_nudge") == []


def test_what_waited_for_another_day_leaves_before_their_window_ends_or_not_at_all(world: RoundWorld) -> None:
    person = world.person("Busy")
    open_thursday(world)
    has_had_their_message(world, person)
    world.run(at(THURSDAY, "23:00"))

    world.tick(at(FRIDAY, "09:00"))

    with world.database.snapshot() as session:
        rows = select(Outgoing).where(Outgoing.target_id == person.external_id, Outgoing.state == OutboxState.PENDING)
        assert session.exec(rows).one().expires_at == at(FRIDAY, "12:00")


def test_who_waits_for_another_day_and_moves_is_asked_in_their_new_hours(world: RoundWorld) -> None:
    world.checkin_id = world.add_checkin("c7", close_after_days=4).id  # until Monday
    person = world.person("Busy")
    open_thursday(world)
    has_had_their_message(world, person)
    world.run(at(THURSDAY, "23:00"))

    world.using(replan_member, world.change(person, timezone="America/New_York"))
    world.run(at(FRIDAY, "23:00"))

    ((_, moment),) = world.sent("checkin")
    assert local(moment, "America/New_York") == "Fri 09:00"
    assert world.outcomes() == {"Busy": Outcome.ASKED}


def test_whose_day_had_its_message_and_who_has_no_other_day_was_not_asked(world: RoundWorld) -> None:
    world.checkin_id = world.add_checkin("c7", close_after_days=0, close_at=time(17)).id  # until that evening
    person = world.person("Busy")
    world.person("Here")
    open_thursday(world)
    has_had_their_message(world, person)

    world.run(at(THURSDAY, "16:00"))

    assert world.outcomes() == {"Busy": Outcome.NO_TIME, "Here": Outcome.ASKED}
    assert world.counted() == 1


# ---------------------------------------------------------------- people change


def test_a_turn_follows_its_person_to_another_zone(world: RoundWorld) -> None:
    person = world.person("Traveller")
    world.person("Stays", timezone="America/New_York")
    open_thursday(world)

    moved = world.change(person, timezone="America/New_York")
    world.using(replan_member, moved)
    world.run(at(FRIDAY, "09:00"))

    assert dict(world.sent("checkin"))["Traveller"] == at(THURSDAY, "10:00", "America/New_York")
    assert world.round().closes_at == at(FRIDAY, "12:00", "America/New_York")


def test_nobody_s_window_outlives_the_round(world: RoundWorld) -> None:
    person = world.person("Traveller")
    open_thursday(world)
    closes_at = world.round().closes_at

    world.using(replan_member, world.change(person, timezone="Pacific/Honolulu"))

    assert (world.turns()["Traveller"].until, world.round().closes_at) == (closes_at, closes_at)


def test_who_is_away_is_asked_when_they_are_back_in_time(world: RoundWorld) -> None:
    person = world.person("Away")
    world.people(1)
    absence = Absence(
        id="a1", workspace_id=WORKSPACE, member_id=person.id, first_day=WEDNESDAY, last_day=date(2026, 6, 30)
    )
    world.add(absence)
    open_thursday(world)
    assert world.outcomes()["Away"] is Outcome.AWAY

    with world.database.transaction() as session:
        session.get_one(Absence, "a1").last_day = WEDNESDAY
    world.using(replan_member, person)
    assert local(world.turns()["Away"].ask_at) == "Thu 10:00"

    world.run(at(THURSDAY, "11:00"))
    assert "Away" in dict(world.sent("checkin"))


def test_who_goes_away_is_not_asked_and_not_reminded(world: RoundWorld) -> None:
    person, asked = world.person("Away"), world.person("Asked")
    open_thursday(world)
    world.add(
        Absence(id="a1", workspace_id=WORKSPACE, member_id=person.id, first_day=THURSDAY, last_day=date(2026, 6, 30)),
        Absence(id="a2", workspace_id=WORKSPACE, member_id=asked.id, first_day=FRIDAY, last_day=date(2026, 6, 30)),
    )
    world.using(replan_member, person)
    world.run(at(THURSDAY, "11:00"))
    world.using(replan_member, asked)

    world.run(at(FRIDAY, "11:59"))

    assert world.outcomes() == {"Away": Outcome.AWAY, "Asked": Outcome.ASKED}
    assert world.sent("checkin_nudge") == []


def test_a_turn_that_moves_holds_up_nobody(world: RoundWorld) -> None:
    person = world.person("Traveller")
    world.person("Stays")
    world.plan()
    world.tick(BEGIN)

    world.using(replan_member, world.change(person, timezone="America/New_York"))
    world.run(at(THURSDAY, "11:00"))

    assert world.sent("checkin") == [("Stays", at(THURSDAY, "10:00"))]


def test_who_was_asked_and_said_they_are_away_is_not_asked_again_when_back(world: RoundWorld) -> None:
    person = world.person("Away after all")
    world.plan()
    world.run(at(THURSDAY, "10:00"))
    with world.database.transaction() as session:
        session.get_one(CheckinAsked, (world.round().id, person.id)).outcome = Outcome.AWAY

    world.using(replan_member, person)

    assert world.outcomes() == {"Away after all": Outcome.AWAY}


def test_a_moment_that_was_done_already_comes_a_second_later(world: RoundWorld) -> None:
    world.person("Asked")
    person = world.person("Quiet", undisturbed=True)
    world.plan()
    world.run(at(THURSDAY, "10:00"))

    world.now = at(THURSDAY, "09:30")  # a clock was put back
    world.using(replan_member, world.change(person, undisturbed=False))
    world.run(at(THURSDAY, "10:05"))

    assert sorted(name for name, _ in world.sent("checkin")) == ["Asked", "Quiet"]


def test_who_was_asked_is_not_asked_again_by_any_change(world: RoundWorld) -> None:
    person = world.person("Asked")
    world.plan()
    world.run(at(THURSDAY, "10:30"))

    world.using(replan_member, world.change(person, timezone="America/New_York"))
    world.run(at(FRIDAY, "20:00"))

    assert len(world.sent("checkin")) == 1


def test_who_leaves_before_the_message_left_was_not_asked(world: RoundWorld) -> None:
    left, asked = world.person("Left"), world.person("Asked")
    world.plan()
    world.run(at(THURSDAY, "09:59"))
    world.tick(at(THURSDAY, "10:00"))

    with world.database.transaction() as session:
        end_turns(session, session.get_one(Member, left.id), Outcome.LEFT)
    world.send()
    with world.database.transaction() as session:
        end_turns(session, session.get_one(Member, asked.id), Outcome.LEFT)

    assert world.outcomes() == {"Left": Outcome.LEFT, "Asked": Outcome.ASKED}
    assert world.counted() == 1
    assert question_to(world, left).state is OutboxState.FAILED
    assert [turn.nudge_at for turn in world.turns().values()] == [None, None]


def test_who_comes_back_in_time_is_asked(world: RoundWorld) -> None:
    person = world.person("Back")
    world.people(1)
    open_thursday(world)
    with world.database.transaction() as session:
        end_turns(session, session.get_one(Member, person.id), Outcome.UNDISTURBED)
    assert world.outcomes()["Back"] is Outcome.UNDISTURBED

    world.using(replan_member, person)
    world.run(at(THURSDAY, "11:00"))

    assert world.outcomes()["Back"] is Outcome.ASKED


def test_a_clock_that_was_put_back_asks_nobody_twice_and_forgets_nobody(world: RoundWorld) -> None:
    world.person("Dubai", timezone="Asia/Dubai")
    world.person("Amsterdam")
    world.person("New York", timezone="America/New_York")
    world.plan()
    world.run(at(THURSDAY, "10:00"))
    assert len(world.sent("checkin")) == 2

    world.now = BEGIN
    world.run(at(THURSDAY, "23:00"))

    assert sorted(name for name, _ in world.sent("checkin")) == ["Amsterdam", "Dubai", "New York"]


def test_a_round_by_hand_goes_out_at_once(world: RoundWorld) -> None:
    world.people(3)
    world.now = at(WEDNESDAY, "14:30")
    world.using(run_now)

    world.tick(world.now)

    assert [local(moment) for _, moment in world.sent("checkin")] == ["Wed 14:30"] * 3

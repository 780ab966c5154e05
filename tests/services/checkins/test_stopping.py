"""Pausing or deleting in the middle of a round stops what is not sent; resuming goes on where it helps."""

from concurrent.futures import ThreadPoolExecutor, wait
from datetime import date, datetime, timedelta

import pytest
from sqlmodel import select

from bot.services import outbox
from bot.services.checkins import asking
from bot.services.checkins.people import replan_member
from bot.services.checkins.planning import run_now
from bot.services.checkins.stopping import delete, go_on, pause, resume, stop
from bot.services.scheduling import materialise_due
from storage.tables import (
    Checkin,
    CheckinAsked,
    CheckinState,
    Member,
    OutboxState,
    Outcome,
    Outgoing,
    PulseRound,
    RoundState,
)
from tests.builders import WORKSPACE
from tests.services.checkins.round_world import BEGIN, FRIDAY, KINDS, THURSDAY, WEDNESDAY, RoundWorld, at, local


def pulse_labels(world: RoundWorld) -> list[str]:
    with world.database.snapshot() as session:
        return list(session.exec(select(PulseRound.label)).all())


def reached(world: RoundWorld, member: Member) -> list[datetime]:
    """When something of the chat reached them."""
    with world.database.snapshot() as session:
        rows = select(Outgoing).where(Outgoing.target_id == member.external_id, Outgoing.state == OutboxState.SENT)
        return [row.not_before for row in session.exec(rows).all()]


def state(world: RoundWorld) -> CheckinState:
    with world.database.snapshot() as session:
        return session.get_one(Checkin, world.checkin_id).state


@pytest.mark.parametrize("ended", [pause, delete])
def test_what_is_not_sent_is_stopped_and_what_was_asked_runs_on(
    world: RoundWorld, monkeypatch: pytest.MonkeyPatch, ended: object
) -> None:
    monkeypatch.setattr(asking, "BATCH", 2)
    for name in ("a", "b", "c", "d", "e"):
        world.person(name)
    world.plan()
    world.run(at(THURSDAY, "10:00"))  # two are asked
    world.tick(at(THURSDAY, "10:01"))  # two more are on their way
    sent = {name for name, outcome in world.outcomes().items() if outcome is Outcome.ASKED}
    assert len(sent) == 4

    world.using(ended)
    assert world.next_due() == at(FRIDAY, "12:00")
    world.send()
    world.run(at(FRIDAY, "11:59"))

    outcomes = list(world.outcomes().values())
    assert (outcomes.count(Outcome.ASKED), outcomes.count(Outcome.STOPPED)) == (2, 3)
    assert world.counted() == 2
    assert world.sent("checkin_nudge") == []
    world.run(at(FRIDAY, "13:00"))
    assert world.round().state is RoundState.CLOSED


def test_a_reminder_that_has_not_left_does_not_leave(world: RoundWorld) -> None:
    world.people(1)
    world.plan()
    world.run(at(THURSDAY, "23:00"))
    world.tick(at(FRIDAY, "08:00"))
    assert len(world.sent("checkin_nudge")) == 1

    world.using(pause)
    with world.database.snapshot() as session:
        states = {row.key.partition(":")[0]: row.error for row in session.exec(select(Outgoing)).all()}
    assert states["checkin_nudge"] == "taken_back"


def test_a_reminder_that_was_wished_does_not_leave_either(world: RoundWorld) -> None:
    person = world.person("Later today")
    world.plan()
    world.run(at(THURSDAY, "10:30"))
    with world.database.transaction() as session:
        session.get_one(CheckinAsked, (world.round().id, person.id)).nudge_at = at(THURSDAY, "13:30")
    world.using(resume)  # plans the look
    world.tick(at(THURSDAY, "13:30"))
    assert len(world.sent("checkin_nudge")) == 1

    world.using(pause)

    with world.database.snapshot() as session:
        states = {row.key.partition(":")[0]: row.error for row in session.exec(select(Outgoing)).all()}
    assert states == {"checkin": None, "checkin_nudge": "taken_back"}


@pytest.mark.parametrize("tried", [{"state": OutboxState.PENDING}, {}])
def test_what_was_tried_in_vain_is_not_tried_again_while_it_is_stopped(
    world: RoundWorld, tried: dict[str, object]
) -> None:
    """A sender had it in hand, or nobody has: the chat was out of reach, and comes back."""
    world.person("Asked")
    person = world.person("Unlucky")
    world.plan()
    world.run(at(THURSDAY, "09:59"))
    world.tick(at(THURSDAY, "10:00"))
    world.on_its_way(person, **tried)

    world.using(pause)
    with world.database.transaction() as session:
        for row in session.exec(select(Outgoing).where(Outgoing.state == OutboxState.SENDING)).all():
            row.state = OutboxState.PENDING
    world.tick(at(THURSDAY, "10:10"))
    world.send()

    assert reached(world, person) == []
    assert (world.outcomes()["Unlucky"], world.counted()) == (Outcome.STOPPED, 0)
    world.using(resume)
    world.run(at(THURSDAY, "11:00"))
    assert [*map(local, reached(world, person))] == ["Thu 10:10"]
    assert set(world.outcomes().values()) == {Outcome.ASKED}


def test_what_may_have_arrived_is_looked_for_and_not_sent_again(world: RoundWorld) -> None:
    person = world.person("Perhaps")
    world.plan()
    world.run(at(THURSDAY, "09:59"))
    world.tick(at(THURSDAY, "10:00"))
    world.on_its_way(person, state=OutboxState.PENDING, ambiguous=True)

    world.using(delete)

    with world.database.transaction() as session:
        claimed = outbox.claim(session, world.context(), WORKSPACE)
    assert isinstance(claimed, outbox.Claimed)
    assert (claimed.ambiguous, claimed.has_expired(world.now)) == (True, True)
    assert world.outcomes() == {"Perhaps": Outcome.ASKED}


@pytest.mark.parametrize("database_url", [pytest.param("postgres", marks=pytest.mark.postgres)], indirect=True)
def test_a_round_that_is_just_being_opened_is_stopped_too(world: RoundWorld) -> None:
    world.people(2)
    world.plan()
    world.now = BEGIN

    with ThreadPoolExecutor(1) as other:
        with world.database.transaction() as opening:
            assert materialise_due(opening, world.context(), KINDS)
            stopping = other.submit(world.using, pause)
            assert not wait([stopping], timeout=0.3).done
        stopping.result()

    assert world.round().state is RoundState.CANCELLED
    assert world.next_due() is None


def test_a_round_that_nobody_was_asked_in_yet_is_cancelled(world: RoundWorld) -> None:
    world.people(3)
    world.plan()
    world.tick(BEGIN)

    world.using(pause)
    world.run(at(FRIDAY, "14:00"))

    assert world.round().state is RoundState.CANCELLED
    assert set(world.outcomes().values()) == {Outcome.STOPPED}
    assert pulse_labels(world) == []
    assert world.next_due() is None
    assert world.sent("checkin_result") == []


def test_an_early_answer_keeps_the_round_alive(world: RoundWorld) -> None:
    world.person("Early")
    world.person("Other")
    world.plan()
    world.tick(BEGIN)
    world.answer("Early")

    world.using(delete)

    assert world.outcomes() == {"Early": Outcome.ASKED, "Other": Outcome.STOPPED}
    assert world.round().state is RoundState.OPEN


@pytest.mark.parametrize("ended", [pause, delete])
def test_undone_before_anybody_was_asked_it_is_as_if_nothing_was(world: RoundWorld, ended: object) -> None:
    world.people(3)
    world.plan()
    world.tick(BEGIN)
    planned = {name: turn.ask_at for name, turn in world.turns().items()}

    world.using(ended)
    world.now += timedelta(minutes=2)
    world.using(resume)

    assert state(world) is CheckinState.ACTIVE
    assert {name: turn.ask_at for name, turn in world.turns().items()} == planned
    assert pulse_labels(world) == ["2026-W25"]
    world.run(at(FRIDAY, "13:00"))
    assert set(world.outcomes().values()) == {Outcome.ASKED}
    assert len(world.sent("checkin")) == 3
    assert len(world.sent("checkin_result")) == 1


def test_resumed_in_the_middle_the_others_are_asked_and_nobody_twice(
    world: RoundWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(asking, "BATCH", 2)
    world.people(4)
    world.plan()
    world.run(at(THURSDAY, "10:00"))
    world.tick(at(THURSDAY, "10:01"))
    world.using(pause)
    world.send()

    world.now = at(THURSDAY, "19:00")
    world.using(resume)
    world.run(at(FRIDAY, "11:00"))

    assert set(world.outcomes().values()) == {Outcome.ASKED}
    asked = [name for name, moment in world.sent("checkin") if local(moment) == "Fri 08:00"]
    assert len(asked) == 2
    assert world.counted() == 4


def test_resumed_in_time_who_was_asked_is_reminded_once(world: RoundWorld) -> None:
    world.people(2)
    world.plan()
    world.run(at(THURSDAY, "10:30"))
    world.using(pause)
    world.run(at(FRIDAY, "09:00"))
    assert world.sent("checkin_nudge") == []

    world.using(resume)
    world.run(at(FRIDAY, "11:00"))

    assert [local(moment) for _, moment in world.sent("checkin_nudge")] == ["Fri 09:00"] * 2


def test_while_it_is_paused_nobody_is_asked_whatever_changes(world: RoundWorld) -> None:
    world.person("Asked")
    away = world.person("Away", undisturbed=True)
    world.plan()
    world.run(at(THURSDAY, "10:30"))
    world.using(pause)

    world.using(replan_member, world.change(away, undisturbed=False))
    world.run(at(THURSDAY, "15:00"))
    assert len(world.sent("checkin")) == 1

    world.using(resume)
    world.run(at(THURSDAY, "16:00"))
    assert sorted(name for name, _ in world.sent("checkin")) == ["Asked", "Away"]


def test_resumed_when_the_window_is_over_it_goes_on_with_the_next(world: RoundWorld) -> None:
    world.people(2)
    world.plan()
    world.tick(BEGIN)
    world.using(pause)

    world.now = at(FRIDAY, "12:30")
    world.using(resume)
    world.run(at(date(2026, 6, 25), "11:00"))

    assert [(one.day, one.state) for one in world.rounds()] == [
        (THURSDAY, RoundState.CANCELLED),
        (date(2026, 6, 25), RoundState.OPEN),
    ]


def test_a_label_that_was_taken_meanwhile_is_not_used_twice(world: RoundWorld) -> None:
    world.people(2)
    world.plan()
    world.tick(BEGIN)
    world.using(pause)
    world.now = at(WEDNESDAY, "14:00")
    world.using(run_now)

    world.using(resume)

    assert sorted(pulse_labels(world)) == ["2026-W25", "2026-W25-2"]


def test_a_round_that_was_stopped_by_itself_stays_so_when_the_check_in_is_paused_and_resumed(world: RoundWorld) -> None:
    world.person("Stopped")
    world.plan()
    world.run(at(THURSDAY, "09:00"))
    with world.database.transaction() as session:
        stop(session, session.get_one(Checkin, world.checkin_id))

    world.using(pause)
    world.using(resume)
    world.run(at(THURSDAY, "10:30"))
    assert world.outcomes() == {"Stopped": Outcome.STOPPED}

    world.using(go_on)
    world.run(at(THURSDAY, "10:40"))
    assert world.outcomes() == {"Stopped": Outcome.ASKED}

"""When a round closes its answers say only what they may, and its result is posted once."""

from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import select

from bot.services.checkins import closing
from bot.services.checkins.planning import run_now
from bot.services.context import hash_token
from bot.services.outbox import EXPIRED
from storage.checkins import lock_round
from storage.tables import (
    Checkin,
    CheckinChoice,
    CheckinQuestion,
    CheckinState,
    CheckinText,
    Occurrence,
    OccurrenceState,
    Outcome,
    Outgoing,
    PrivateItem,
    PulseAsked,
    PulseRound,
    PulseScore,
    QuestionType,
    RoundState,
)
from tests.builders import WORKSPACE
from tests.services.checkins.round_world import FRIDAY, THURSDAY, RoundWorld, at

CLOSED = at(FRIDAY, "12:00")


def scores(world: RoundWorld, side: str, *values: int) -> None:
    with world.database.transaction() as session:
        round_id = session.exec(select(PulseRound.id)).one()
        for number, value in enumerate(values):
            hashed = hash_token(f"{side}{number}")
            score = PulseScore(
                id=f"{side}{number}", round_id=round_id, side=side, score=value, change_token_hash=hashed
            )
            session.add(score)


def kept(world: RoundWorld, table: Any) -> list[tuple[str, str | None]]:
    with world.database.snapshot() as session:
        return sorted((row.id, row.change_token_hash) for row in session.exec(select(table)).all())


def told(world: RoundWorld, about: str) -> list[str]:
    with world.database.snapshot() as session:
        rows = session.exec(select(Outgoing)).all()
        return [str(row.message) for row in rows if row.key.startswith(about)]


def run_without_sending(world: RoundWorld, moments: list[Any]) -> None:
    for moment in moments:
        world.tick(moment)


def test_the_scores_of_a_group_under_five_go_and_nobody_changes_the_others(world: RoundWorld) -> None:
    world.people(6)
    world.people(4, side="operations")
    world.plan()
    world.run(at(THURSDAY, "11:00"))
    scores(world, "sales", 3, 4, 4, 5, 2)
    scores(world, "operations", 3, 3, 2, 1)

    world.run(CLOSED - timedelta(seconds=1))
    assert len(kept(world, PulseScore)) == 9
    world.run(CLOSED)

    assert kept(world, PulseScore) == [(f"sales{number}", None) for number in range(5)]
    assert world.round().state is RoundState.CLOSED


def test_ticks_are_kept_where_five_people_certainly_ticked_something(world: RoundWorld) -> None:
    texts: dict[str, Any] = {"workspace_id": WORKSPACE, "checkin_id": world.checkin_id, "options": ["a", "b", "c"]}
    world.add(
        CheckinQuestion(id="choice", position=2, type=QuestionType.CHOICE, text="Which?", **texts),
        CheckinQuestion(id="multi", position=3, type=QuestionType.MULTI, text="Which ones?", **texts),
    )
    people = world.people(8)
    world.plan()
    world.run(at(THURSDAY, "11:00"))
    for person in people[:6]:
        world.answer(person.name)
    round_id = world.round().id

    def ticks(question: str, side: str, *options: int) -> list[CheckinChoice]:
        names = [f"{question}-{side}-{number}" for number in range(len(options))]
        return [
            CheckinChoice(
                id=name, round_id=round_id, question_id=question, side=side, option=option, change_token_hash="h"
            )
            for name, option in zip(names, options, strict=True)
        ]

    world.add(
        *ticks("choice", "sales", 0, 0, 1, 1, 2),
        *ticks("choice", "operations", 0, 1, 2, 2),
        *ticks("multi", "sales", 0, 0, 0, 0, 0, 1),
        *ticks("multi", "operations", 0, 0, 1, 1, 2, 2),  # six ticks, perhaps of two people
        CheckinText(id="quiet", round_id=round_id, question_id="choice", side="sales", text="t", change_token_hash="h"),
    )

    world.run(CLOSED)

    assert {name.rpartition("-")[0] for name, _ in kept(world, CheckinChoice)} == {"choice-sales", "multi-sales"}
    assert len(kept(world, CheckinChoice)) == 11
    assert {hashed for _, hashed in (*kept(world, CheckinChoice), *kept(world, CheckinText))} == {None}


def test_who_was_reminded_is_forgotten(world: RoundWorld) -> None:
    world.people(3)
    world.plan()
    world.run(at(FRIDAY, "11:00"))
    assert len(world.sent("checkin_nudge")) == 3

    world.run(CLOSED)

    assert world.sent("checkin_nudge") == []
    with world.database.snapshot() as session:
        assert [item.kind for item in session.exec(select(PrivateItem)).all() if item.kind != "checkin"] == []


def test_when_somebody_was_to_be_reminded_is_forgotten(world: RoundWorld) -> None:
    world.people(1)
    world.plan()
    world.run(at(THURSDAY, "12:00"))
    assert world.turns()["sales 0"].nudge_at is not None

    world.tick(CLOSED + timedelta(hours=1))  # nothing ran since

    assert world.turns()["sales 0"].nudge_at is None


def test_the_result_is_posted_once_when_the_last_window_has_ended(world: RoundWorld) -> None:
    world.people(2)
    world.person("Honolulu", timezone="Pacific/Honolulu")
    world.plan()

    world.run(at(FRIDAY, "11:59", "Pacific/Honolulu"))
    assert told(world, "checkin_result:") == []
    world.run(at(FRIDAY, "18:00", "Pacific/Honolulu"))

    with world.database.snapshot() as session:
        keys = session.exec(select(Outgoing.key, Outgoing.target_id).where(Outgoing.target_id == "C-SOP")).all()
    assert keys == [(f"checkin_result:{world.round().id}", "C-SOP")]


def test_a_late_result_is_late_and_after_a_week_told_instead(world: RoundWorld) -> None:
    world.people(2)
    world.facilitator()
    world.plan()
    world.run(at(THURSDAY, "11:00"))
    with world.database.transaction() as session:
        session.get_one(Checkin, world.checkin_id).rule = None

    world.tick(CLOSED + timedelta(days=8))

    assert world.round().state is RoundState.CLOSED
    assert told(world, "checkin_result:") == []
    (notice,) = told(world, "skipped:")
    assert "The result of the check-in that closed on Fri 19 June was not posted" in notice


def test_a_result_that_cannot_be_written_does_not_leave_the_answers_open(
    world: RoundWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    def poison(*_: object) -> None:
        raise ValueError

    monkeypatch.setattr(closing, "post_result", poison)
    world.people(5)
    world.plan()
    world.run(at(THURSDAY, "11:00"))
    scores(world, "sales", 3, 4, 4, 5, 2)
    scores(world, "operations", 1)

    world.tick(CLOSED)

    assert world.round().state is RoundState.CLOSED
    assert kept(world, PulseScore) == [(f"sales{number}", None) for number in range(5)]

    monkeypatch.undo()
    world.tick(CLOSED + timedelta(minutes=10))
    assert len(told(world, "checkin_result:")) == 1


def test_a_round_that_nobody_could_be_asked_in_is_none(world: RoundWorld) -> None:
    world.person("Offline")
    world.facilitator()
    world.plan()
    run_without_sending(world, [at(THURSDAY, "09:00"), at(THURSDAY, "10:00")])

    world.tick(at(FRIDAY, "12:30"))

    assert world.round().state is RoundState.CANCELLED
    assert world.outcomes() == {"Offline": Outcome.NO_TIME}
    with world.database.snapshot() as session:
        assert session.exec(select(PulseRound)).all() == []
        assert session.exec(select(PulseAsked)).all() == []
        states = {row.state for row in session.exec(select(Occurrence)).all()}
    assert OccurrenceState.FAILED not in states
    (notice,) = told(world, "skipped:")
    assert "The check-in of Thu 18 June was not asked: Slack took no message until it was over." in notice
    assert told(world, "checkin_result:") == []


def test_nothing_ran_from_the_opening_to_the_close(world: RoundWorld) -> None:
    world.people(2)
    world.facilitator()
    world.plan()
    world.tick(at(THURSDAY, "09:00"))

    world.tick(at(FRIDAY, "12:30"))

    assert set(world.outcomes().values()) == {Outcome.NO_TIME}
    (notice,) = told(world, "skipped:")
    assert "The check-in of Thu 18 June was not asked: I was not running until it was over." in notice


def test_what_has_not_left_when_the_round_closes_never_does(world: RoundWorld) -> None:
    world.people(2)
    world.person("Late", timezone="America/New_York")
    world.plan()
    world.run(at(THURSDAY, "11:00"))
    world.tick(at(THURSDAY, "10:00", "America/New_York"))
    world.now = at(FRIDAY, "12:00", "America/New_York")

    world.materialise()  # before anybody looks what has expired

    assert world.outcomes()["Late"] is Outcome.NO_TIME
    assert len(world.sent("checkin")) == 3
    world.send()
    with world.database.snapshot() as session:
        states = [row.state for row in session.exec(select(Outgoing)).all() if row.key.startswith("checkin:")]
        assert sorted(states) == ["failed", "sent", "sent"]
        assert len(session.exec(select(PulseAsked)).all()) == 2


def test_what_was_on_its_way_when_it_closed_and_never_arrived_does_not_count(world: RoundWorld) -> None:
    world.people(2)
    late = world.person("Late", timezone="America/New_York")
    world.plan()
    world.run(at(THURSDAY, "11:00"))
    world.tick(at(THURSDAY, "10:00", "America/New_York"))
    world.on_its_way(late)
    world.now = at(FRIDAY, "12:00", "America/New_York")
    world.materialise()
    assert world.round().state is RoundState.CLOSED

    world.fails(late, EXPIRED)

    assert (world.outcomes()["Late"], world.counted()) == (Outcome.NO_TIME, 2)


def test_where_everybody_has_left_there_is_nothing_to_tell(world: RoundWorld) -> None:
    person = world.person("Left")
    world.facilitator()
    world.plan()
    world.tick(at(THURSDAY, "09:00"))
    world.change(person, active_to=THURSDAY - timedelta(days=1))

    world.run(at(FRIDAY, "12:30"))

    assert world.round().state is RoundState.CANCELLED
    assert told(world, "skipped:") == []


def test_who_was_never_reached_does_not_count_and_early_answers_do(world: RoundWorld) -> None:
    world.person("Early")
    world.person("Never")
    world.plan()
    world.tick(at(THURSDAY, "09:00"))
    world.answer("Early")

    world.tick(at(FRIDAY, "12:30"))

    assert world.outcomes() == {"Early": Outcome.ASKED, "Never": Outcome.NO_TIME}
    assert world.round().state is RoundState.CLOSED


def test_a_deleted_check_in_closes_without_a_post(world: RoundWorld) -> None:
    world.people(2)
    world.plan()
    world.run(at(THURSDAY, "11:00"))
    with world.database.transaction() as session:
        session.get_one(Checkin, world.checkin_id).state = CheckinState.DELETED

    world.run(at(FRIDAY, "12:30"))

    assert world.round().state is RoundState.CLOSED
    assert told(world, "checkin_result:") == []


@pytest.mark.parametrize("database_url", [pytest.param("postgres", marks=pytest.mark.postgres)], indirect=True)
def test_while_somebody_answers_it_closes_a_minute_later(world: RoundWorld) -> None:
    world.people(2)
    world.plan()
    world.run(at(THURSDAY, "11:00"))

    with world.database.transaction() as answering:
        lock_round(answering, world.round().id, shared=True)
        world.tick(CLOSED)
        assert world.round().state is RoundState.OPEN
    world.tick(CLOSED + timedelta(minutes=1))

    assert world.round().state is RoundState.CLOSED
    assert len(told(world, "checkin_result:")) == 1


def test_a_round_by_hand_closes_too(world: RoundWorld) -> None:
    world.people(2)
    world.now = at(THURSDAY, "14:00")
    world.using(run_now)

    world.run(at(FRIDAY, "12:30"))

    assert world.round().state is RoundState.CLOSED
    assert len(told(world, "checkin_result:")) == 1

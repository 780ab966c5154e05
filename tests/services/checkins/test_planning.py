"""The round of a day: everybody has a moment in their own hours, or a reason."""

from concurrent.futures import ThreadPoolExecutor, wait
from datetime import date, datetime, time, timedelta

import pytest
from sqlalchemy import event
from sqlmodel import Session, select

from bot.domain.errors import Refused
from bot.services.checkins.planning import next_round_day, open_round, run_now
from bot.services.context import Context
from bot.services.scheduling import materialise_due
from storage.tables import (
    Absence,
    ChannelPerson,
    Checkin,
    CheckinPerson,
    CheckinRound,
    CheckinSide,
    CheckinState,
    Holiday,
    Occurrence,
    OccurrenceState,
    Outcome,
    Outgoing,
    PulseRound,
    RoundState,
    Workspace,
)
from tests.builders import WORKSPACE
from tests.services.checkins.round_world import (
    BEGIN,
    FRIDAY,
    KINDS,
    MONDAY,
    THURSDAY,
    WEDNESDAY,
    RoundWorld,
    at,
    local,
)

ZONES = (
    "Pacific/Auckland",
    "Asia/Dubai",
    "Europe/Warsaw",
    "Europe/Amsterdam",
    "America/New_York",
    "Pacific/Honolulu",
)


def away(member_id: str, first: date, last: date) -> Absence:
    return Absence(id=f"away-{member_id}", workspace_id=WORKSPACE, member_id=member_id, first_day=first, last_day=last)


def open_on_thursday(session: Session, context: Context, workspace: Workspace, checkin: Checkin) -> CheckinRound | None:
    return open_round(session, context, workspace, checkin, THURSDAY)


def pulse_rounds(world: RoundWorld) -> list[PulseRound]:
    with world.database.snapshot() as session:
        return list(session.exec(select(PulseRound)).all())


def notices(world: RoundWorld) -> list[str]:
    with world.database.snapshot() as session:
        rows = session.exec(select(Outgoing)).all()
        return sorted(str(row.message) for row in rows if row.key.startswith("skipped:"))


def ledger(world: RoundWorld) -> list[OccurrenceState]:
    with world.database.snapshot() as session:
        return [row.state for row in session.exec(select(Occurrence)).all()]


def test_everybody_gets_ten_in_the_morning_of_their_own_zone(world: RoundWorld) -> None:
    for zone in ZONES:
        world.person(zone, timezone=zone)

    assert world.plan() == THURSDAY
    world.tick(BEGIN)

    turns = world.turns()
    assert {zone: local(turns[zone].ask_at, zone) for zone in ZONES} == dict.fromkeys(ZONES, "Thu 10:00")
    assert {zone: local(turns[zone].until, zone) for zone in ZONES} == dict.fromkeys(ZONES, "Fri 12:00")
    assert world.round().closes_at == at(FRIDAY, "12:00", "Pacific/Honolulu")
    assert [(one.label, one.closes_at) for one in pulse_rounds(world)] == [("2026-W25", world.round().closes_at)]
    assert pulse_rounds(world)[0].asked_at == at(THURSDAY, "10:00", "Pacific/Auckland")


def test_a_round_opens_once_when_its_day_begins_and_the_next_is_planned(world: RoundWorld) -> None:
    world.people(2)
    world.plan()

    world.tick(BEGIN - timedelta(seconds=1))
    assert world.rounds() == []
    world.tick(BEGIN)
    world.tick(BEGIN + timedelta(hours=3))

    assert [one.day for one in world.rounds()] == [THURSDAY]
    world.run(at(date(2026, 6, 24), "12:00"))
    assert [one.day for one in world.rounds()] == [THURSDAY, date(2026, 6, 25)]


def test_sides_people_and_a_channel_are_asked_observers_leavers_and_newcomers_are_not(world: RoundWorld) -> None:
    world.person("Sales", side="sales")
    observer = world.person("Observer", side="sales")
    world.person("Left", side="sales", active_to=WEDNESDAY)
    world.person("Not yet", side="sales", active_from=FRIDAY)
    named = world.person("Named", side="finance")
    member = world.person("In the channel", side="finance")
    world.person("Finance", side="finance")
    quiet = world.person("Quiet", side="operations", undisturbed=True)
    world.add(
        CheckinPerson(checkin_id=world.checkin_id, member_id=observer.id, is_observer=True),
        CheckinPerson(checkin_id=world.checkin_id, member_id=named.id),
        ChannelPerson(workspace_id=WORKSPACE, channel_id="C-PLANT", external_id=member.external_id),
        ChannelPerson(workspace_id=WORKSPACE, channel_id="C-PLANT", external_id="U-GUEST"),
        ChannelPerson(workspace_id=WORKSPACE, channel_id="C-OTHER", external_id=observer.external_id),
    )
    with world.database.transaction() as session:
        session.get_one(Checkin, world.checkin_id).audience_channel_id = "C-PLANT"

    world.plan()
    world.tick(BEGIN)

    assert world.outcomes() == {
        "Sales": Outcome.WAITING,
        "Named": Outcome.WAITING,
        "In the channel": Outcome.WAITING,
        quiet.name: Outcome.UNDISTURBED,
    }
    assert {name: turn.side for name, turn in world.turns().items()} == {
        "Sales": "sales",
        "Named": "bridges",
        "In the channel": "bridges",
        "Quiet": "operations",
    }
    assert world.turns()["Quiet"].ask_at is None


def test_a_day_off_moves_the_question_inside_the_window_or_says_why_not(world: RoundWorld) -> None:
    world.person("Fridays only", working_days="5")
    world.person("Mondays only", working_days="1")
    there = world.person("Back on Friday")
    gone = world.person("On holiday")
    world.person("Here")
    world.add(away(there.id, THURSDAY, THURSDAY), away(gone.id, WEDNESDAY, FRIDAY))

    world.plan()
    world.tick(BEGIN)

    turns = world.turns()
    assert {name: (turn.outcome, local(turn.ask_at)) for name, turn in turns.items()} == {
        "Fridays only": (Outcome.WAITING, "Fri 10:00"),
        "Mondays only": (Outcome.DAY_OFF, "-"),
        "Back on Friday": (Outcome.WAITING, "Fri 10:00"),
        "On holiday": (Outcome.AWAY, "-"),
        "Here": (Outcome.WAITING, "Thu 10:00"),
    }


def test_late_whoever_can_still_be_asked_is_asked_in_their_hours(world: RoundWorld) -> None:
    world.person("Amsterdam")
    world.person("Auckland", timezone="Pacific/Auckland")
    world.person("New York", timezone="America/New_York")
    world.plan()

    world.tick(at(FRIDAY, "09:30"))

    turns = world.turns()
    assert local(turns["Amsterdam"].ask_at) == "Fri 09:30"
    assert turns["Auckland"].outcome is Outcome.NO_TIME
    assert local(turns["New York"].ask_at, "America/New_York") == "Fri 08:00"
    assert notices(world) == []


def test_over_for_everybody_it_is_skipped_and_each_facilitator_hears_so(world: RoundWorld) -> None:
    world.people(2)
    world.facilitator()
    world.facilitator(language="nl")
    world.plan()

    world.tick(at(FRIDAY, "14:00"))

    assert world.round().state is RoundState.CANCELLED
    assert set(world.outcomes().values()) == {Outcome.NO_TIME}
    assert pulse_rounds(world) == []
    dutch, english = notices(world)
    assert (
        "**The check-in of Thu 18 June was not asked: I was not running until it was over.** Nobody counts as missing. "
        "Next: Thu 25 June, 10:00, each in their own zone." in english
    )
    assert (
        "**De check-in van do 18 juni is niet gevraagd: ik stond uit tot hij voorbij was.** Bij niemand telt dit als "
        "gemist. Volgende: do 25 juni, 10:00, ieder in de eigen tijdzone." in dutch
    )
    assert "checkin.run_now" in english
    assert "Nu versturen" in dutch
    assert ledger(world) == [OccurrenceState.SKIPPED]


def test_weeks_that_were_missed_are_told_in_one_message(world: RoundWorld) -> None:
    world.people(1)
    world.facilitator()
    world.plan()

    world.tick(at(date(2026, 7, 6), "09:00"))

    (told,) = notices(world)
    assert "The check-in was not asked 3 times, from Thu 18 June to Thu 2 July" in told
    assert "Next: Thu 9 July, 10:00" in told


def test_another_check_in_is_told_by_its_name(world: RoundWorld) -> None:
    world.people(1)
    world.facilitator()
    world.checkin_id = world.add_checkin("c7", name="Promotion *week*").id
    world.plan()

    world.tick(at(FRIDAY, "14:00"))

    assert "“Promotion \\\\*week\\\\*” of Thu 18 June was not asked" in notices(world)[0]


def test_a_week_in_which_everybody_is_off_passes_without_a_word(world: RoundWorld) -> None:
    world.people(2)
    world.facilitator()
    world.add(
        *(
            Holiday(workspace_id=WORKSPACE, day=day, name="Closed")
            for day in (THURSDAY + timedelta(days=n) for n in range(6))
        )
    )
    world.plan()

    world.run(at(FRIDAY, "14:00"))

    assert world.round().state is RoundState.CANCELLED
    assert set(world.outcomes().values()) == {Outcome.DAY_OFF}
    assert notices(world) == []
    assert world.sent("checkin") == []


def test_rounds_of_one_week_have_labels_of_their_own(world: RoundWorld) -> None:
    world.people(1)
    week = {"question_key": "weekly", "label": "2026-W25"}
    earlier = PulseRound(id="imported", workspace_id=WORKSPACE, asked_at=MONDAY, closes_at=MONDAY, **week)
    world.add(earlier)
    world.now = at(WEDNESDAY, "09:00")
    assert world.using(run_now).label == "2026-W25-2"

    world.run(at(FRIDAY, "14:00"))
    world.now = at(FRIDAY, "14:00")
    assert world.using(run_now).label == "2026-W25-3"


def test_run_now_asks_as_soon_as_their_own_hours_allow(world: RoundWorld) -> None:
    world.person("Amsterdam")
    world.person("New York", timezone="America/New_York")
    world.person("Sydney", timezone="Australia/Sydney")
    world.now = at(WEDNESDAY, "09:10")

    round_ = world.using(run_now)

    turns = world.turns()
    assert (round_.day, round_.starts_at, round_.number) == (WEDNESDAY, world.now, 0)
    assert local(turns["Amsterdam"].ask_at) == "Wed 09:10"
    assert local(turns["New York"].ask_at, "America/New_York") == "Wed 08:00"
    assert local(turns["Sydney"].ask_at, "Australia/Sydney") == "Wed 17:10"
    assert local(turns["Amsterdam"].until) == "Thu 12:00"


def test_run_now_leaves_time_to_answer(world: RoundWorld) -> None:
    world.people(1)
    with world.database.transaction() as session:
        session.get_one(Checkin, world.checkin_id).close_after_days = 0
    world.now = at(WEDNESDAY, "09:00")

    assert local(world.using(run_now).closes_at) == "Thu 12:00"


def test_run_now_waits_for_the_round_that_runs(world: RoundWorld) -> None:
    world.people(1)
    world.now = at(WEDNESDAY, "09:00")
    world.using(run_now)

    with pytest.raises(Refused, match="checkin_runs"):
        world.using(run_now)

    world.run(at(FRIDAY, "09:00"))
    assert world.using(run_now) is not None


def test_run_now_with_nobody_to_ask_says_so(world: RoundWorld) -> None:
    world.person("Quiet", undisturbed=True)

    assert world.using(run_now) is None
    assert world.round().state is RoundState.CANCELLED


def test_a_round_by_hand_does_not_take_the_place_of_the_weekly_one(world: RoundWorld) -> None:
    world.people(1)
    world.plan()
    world.now = at(WEDNESDAY, "09:00")
    world.using(run_now)

    world.run(at(THURSDAY, "13:00"))

    assert [(one.day, one.number, one.label) for one in world.rounds()] == [
        (WEDNESDAY, 0, "2026-W25"),
        (THURSDAY, 0, "2026-W25-2"),
    ]


@pytest.mark.parametrize("over", [{"state": CheckinState.PAUSED}, {"state": CheckinState.DELETED}, {"rule": None}])
def test_what_is_not_to_be_asked_falls_due_no_more(world: RoundWorld, over: dict[str, object]) -> None:
    world.people(1)
    world.plan()
    with world.database.transaction() as session:
        session.get_one(Checkin, world.checkin_id).sqlmodel_update(over)

    assert world.plan() is None
    assert world.next_due() is None


@pytest.mark.parametrize("database_url", [pytest.param("postgres", marks=pytest.mark.postgres)], indirect=True)
def test_saved_while_a_round_is_being_opened_the_next_is_planned(world: RoundWorld) -> None:
    world.people(1)
    world.plan()
    world.now = BEGIN

    with ThreadPoolExecutor(1) as other:
        with world.database.transaction() as opening:
            assert materialise_due(opening, world.context(), KINDS)
            saving = other.submit(world.plan)
            assert not wait([saving], timeout=0.3).done
        assert saving.result() == date(2026, 6, 25)

    world.tick(BEGIN)
    world.run(at(date(2026, 6, 25), "09:00"))
    assert [one.day for one in world.rounds()] == [THURSDAY, date(2026, 6, 25)]


def test_a_day_that_has_begun_is_not_begun_again_by_saving(world: RoundWorld) -> None:
    world.people(1)
    world.now = at(THURSDAY, "10:01")
    assert world.plan() == date(2026, 6, 25)

    world.now = at(THURSDAY, "09:59")
    assert world.plan() == THURSDAY
    world.tick(world.now)
    assert world.plan() == date(2026, 6, 25)
    assert world.using(next_round_day) == date(2026, 6, 25)


def test_its_first_day_is_respected(world: RoundWorld) -> None:
    with world.database.transaction() as session:
        session.get_one(Checkin, world.checkin_id).starts_on = date(2026, 7, 1)

    assert world.plan() == date(2026, 7, 2)


def test_a_large_round_takes_no_more_statements_than_a_small_one(world: RoundWorld) -> None:
    counts = []
    for more in (2, 60):
        world.people(more)
        statements: list[str] = []

        def note(_c: object, _u: object, statement: str, *_: object, seen: list[str] = statements) -> None:
            seen.append(statement)

        event.listen(world.database.engine, "before_cursor_execute", note)
        world.using(open_on_thursday)
        event.remove(world.database.engine, "before_cursor_execute", note)
        counts.append(len(statements))

    assert len(world.turns()) == 60
    assert counts[1] <= counts[0]


def test_when_it_falls_due_is_the_first_midnight_on_earth(world: RoundWorld) -> None:
    world.plan()

    assert world.next_due() == datetime.combine(WEDNESDAY, time(10), BEGIN.tzinfo)
    assert world.next_due() == BEGIN


def test_without_an_audience_there_is_no_round_to_ask(world: RoundWorld) -> None:
    with world.database.transaction() as session:
        for side in session.exec(select(CheckinSide)).all():
            session.delete(side)
    world.people(2)

    world.plan()
    world.tick(BEGIN)

    assert world.outcomes() == {}
    assert world.round().state is RoundState.CANCELLED

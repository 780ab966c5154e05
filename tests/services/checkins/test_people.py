"""Who leaves, comes back or wants no questions while a round runs, and a side that has nobody left."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import event
from sqlmodel import select

from bot.domain.chat import Submission
from bot.services.access import Profile, Sender
from bot.services.checkins.people import replan_members
from bot.services.meetings import save_days_off, toggle_day_off
from bot.services.member_import import import_members
from bot.services.members import save_settings, settings_form
from bot.services.people import person_changed, tell_sides_emptied
from bot.services.privacy.telling import ask_again, stop_asking
from storage.tables import Holiday, Member, Outcome, Outgoing, Platform, Workspace
from tests.builders import WORKSPACE, a_context
from tests.services.checkins.round_world import FRIDAY, THURSDAY, RoundWorld, at, local
from tests.services.entry_world import answer
from tests.services.test_people import profile


def sender(member: Member) -> Sender:
    return Sender(Platform.SLACK, "T1", member.external_id)


def hears(world: RoundWorld, member: Member, said: Profile) -> None:
    with world.database.transaction() as session:
        person_changed(session, world.context(), sender(member), f"{member.id}-{world.now}-{said}", said)


def told(world: RoundWorld, about: str) -> list[str]:
    with world.database.snapshot() as session:
        rows = session.exec(select(Outgoing)).all()
        return sorted(str(row.message) for row in rows if row.key.startswith(about))


@pytest.fixture
def person(world: RoundWorld) -> Member:
    world.person("Stays")
    somebody = world.person("Els")
    world.plan()
    world.run(at(THURSDAY, "09:00"))
    return somebody


def test_who_leaves_is_not_asked_and_is_when_they_are_back_in_time(world: RoundWorld, person: Member) -> None:
    hears(world, person, profile(is_gone=True))
    world.run(at(THURSDAY, "12:00"))
    assert world.outcomes()["Els"] is Outcome.LEFT
    assert dict(world.sent("checkin")).keys() == {"Stays"}

    hears(world, person, profile())
    world.run(at(THURSDAY, "13:00"))

    assert world.outcomes()["Els"] is Outcome.ASKED
    assert dict(world.sent("checkin"))["Els"] == at(THURSDAY, "12:00")


def test_another_zone_in_the_profile_moves_the_question(world: RoundWorld, person: Member) -> None:
    world.change(person, platform_timezone="Europe/Amsterdam")
    hears(world, person, profile(timezone="Atlantic/Azores"))

    world.run(at(FRIDAY, "09:00"))

    assert dict(world.sent("checkin"))["Els"] == at(THURSDAY, "10:00", "Atlantic/Azores")


def test_who_wants_no_questions_is_not_asked_until_they_do(world: RoundWorld, person: Member) -> None:
    with world.database.transaction() as session:
        stop_asking(session, world.context(), sender(person))
    world.run(at(THURSDAY, "12:00"))
    assert world.outcomes()["Els"] is Outcome.UNDISTURBED

    with world.database.transaction() as session:
        ask_again(session, world.context(), sender(person))
    world.run(at(THURSDAY, "13:00"))

    assert world.outcomes()["Els"] is Outcome.ASKED


def test_a_day_off_of_the_company_moves_the_question_and_taken_back_it_stays(world: RoundWorld, person: Member) -> None:
    lead = sender(world.facilitator())
    gone = world.person("Gone", active_to=THURSDAY)
    world.change(gone, active_to=THURSDAY - timedelta(days=7))
    off = Submission("", {"name": "Strike", "first": THURSDAY, "last": THURSDAY}, {})
    with world.database.transaction() as session:
        save_days_off(session, world.context(), lead, "r1", off)
    assert {local(turn.ask_at) for turn in world.turns().values()} == {"Fri 10:00"}

    with world.database.transaction() as session:
        toggle_day_off(session, world.context(), lead, THURSDAY.isoformat())
    world.run(at(THURSDAY, "10:30"))

    assert dict(world.sent("checkin")) == dict.fromkeys(["Els", "Stays"], at(THURSDAY, "10:00"))


def test_nobody_is_asked_on_a_day_off_that_came_in_between(world: RoundWorld, person: Member) -> None:
    days = (THURSDAY, FRIDAY)
    world.add(*(Holiday(workspace_id=WORKSPACE, day=day, name="Strike") for day in days))

    world.run(at(FRIDAY, "13:00"))

    assert set(world.outcomes().values()) == {Outcome.DAY_OFF}
    assert (world.sent("checkin"), world.counted()) == ([], 0)


def test_many_are_planned_anew_with_as_few_statements_as_one(world: RoundWorld) -> None:
    members = world.people(40)
    world.plan()
    world.run(at(THURSDAY, "09:00"))
    counts = []
    for number in (1, 40):
        statements: list[str] = []

        def note(_c: object, _u: object, statement: str, *_: object, seen: list[str] = statements) -> None:
            seen.append(statement)

        ids = [world.change(member, timezone="America/New_York").id for member in members[:number]]
        event.listen(world.database.engine, "before_cursor_execute", note)
        with world.database.transaction() as session:
            replan_members(session, world.context(), session.get_one(Workspace, WORKSPACE), ids)
        event.remove(world.database.engine, "before_cursor_execute", note)
        counts.append(len(statements))

    assert {turn.ask_at for turn in world.turns().values()} == {at(THURSDAY, "10:00", "America/New_York")}
    assert counts[1] <= counts[0] + 1


def test_the_last_of_a_side_to_leave_is_told_once_to_each_facilitator(world: RoundWorld) -> None:
    first, last = world.people(2, side="operations")
    world.facilitator()
    world.facilitator(language="nl")

    hears(world, first, profile(is_gone=True))
    assert told(world, "side_empty:") == []
    hears(world, last, profile(is_gone=True))

    dutch, english = told(world, "side_empty:operations:")
    assert "**Nobody works in Operations any more.** What its people wrote stays" in english
    assert "**Niemand werkt nog bij Operations.** Wat de mensen daar schreven blijft" in dutch


def test_a_last_day_set_ahead_is_told_once_when_it_is_over(world: RoundWorld) -> None:
    last = world.person("Last", side="operations")
    world.facilitator()
    with world.database.transaction() as session:
        session.get_one(Member, last.id).active_to = THURSDAY

    def hours_pass(moment: datetime) -> list[str]:
        with world.database.transaction() as session:
            tell_sides_emptied(session, a_context(moment))
        return told(world, "side_empty:operations:")

    assert hours_pass(at(THURSDAY, "17:00")) == []
    assert hours_pass(at(FRIDAY, "00:30")) == [], "nobody is woken up"
    assert len(hours_pass(at(FRIDAY, "08:10"))) == 1
    assert len(hours_pass(at(FRIDAY, "09:10"))) == 1
    assert len(hours_pass(at(FRIDAY, "09:10") + timedelta(days=3))) == 1

    with world.database.transaction() as session:
        session.get_one(Member, last.id).active_to = FRIDAY
    assert len(hours_pass(at(FRIDAY, "09:10") + timedelta(days=4))) == 2


def test_what_was_told_when_they_left_is_not_told_again(world: RoundWorld) -> None:
    last = world.person("Last", side="operations")
    world.facilitator()
    hears(world, last, profile(is_gone=True))
    with world.database.transaction() as session:
        tell_sides_emptied(session, a_context(world.now + timedelta(hours=12)))
    assert len(told(world, "side_empty:operations:")) == 1


def test_a_side_that_a_file_empties_is_told(world: RoundWorld) -> None:
    mover = world.person("Mover", side="operations")
    world.facilitator()
    file = f"user_id,name,side\n{mover.external_id},Mover,sales\n"
    with world.database.transaction() as session:
        for _ in range(2):
            import_members(session, world.context(), session.get_one(Workspace, WORKSPACE), "m.csv", file.encode())
    assert len(told(world, "side_empty:operations:")) == 1


def test_the_last_to_change_side_is_told_too(world: RoundWorld) -> None:
    mover = world.person("Mover", side="operations")
    world.facilitator()

    with world.database.transaction() as session:
        form = settings_form(session, world.context(), sender(mover))
        save_settings(session, world.context(), sender(mover), "r1", answer(form, side="sales"))

    assert len(told(world, "side_empty:operations:")) == 1

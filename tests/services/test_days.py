"""Somebody's days change while a round runs: it is asked when and where they work then, or not at all."""

from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import select

from bot.domain.chat import ChoiceField
from bot.domain.errors import Refused
from bot.services.absences import end_absence, set_away
from bot.services.access import Actor, Profile, Sender
from bot.services.days import working_days_of
from bot.services.members import save_settings, settings_form
from bot.services.people import person_changed
from bot.services.privacy import erase_member
from bot.services.sites import save_site, site_form
from storage.database import Database
from storage.tables import Member, Outcome, Platform, Site, Workspace, ZoneFrom
from tests.builders import WORKSPACE
from tests.services.checkins.round_world import BEGIN, FRIDAY, THURSDAY, WEDNESDAY, RoundWorld, local
from tests.services.entry_world import answer, fields, words


@pytest.fixture
def world(database: Database) -> RoundWorld:
    """The round of Thursday is open since Wednesday noon; nobody was asked yet."""
    world = RoundWorld(database)
    world.person("Els", side="operations", plant="Noord")
    world.person("Sam", plant="Noord", timezone_from=ZoneFrom.WORKSPACE)
    world.facilitator()
    world.plan()
    world.run(BEGIN)
    assert world.outcomes() == {"Els": Outcome.WAITING, "Sam": Outcome.WAITING}
    return world


def member(world: RoundWorld, name: str) -> Member:
    with world.database.snapshot() as session:
        return session.exec(select(Member).where(Member.name == name)).one()


def sender(world: RoundWorld, name: str) -> Sender:
    return Sender(Platform.SLACK, "T1", member(world, name).external_id)


def saves(world: RoundWorld, name: str, **values: Any) -> str:
    """Their settings; what is said."""
    with world.database.transaction() as session:
        form = settings_form(session, world.context(), sender(world, name))
        said = save_settings(session, world.context(), sender(world, name), f"{name}{values}", answer(form, **values))
    return words(said)


def acts(world: RoundWorld, name: str, use_case: Any, *args: Any) -> Any:
    with world.database.transaction() as session:
        workspace = session.exec(select(Workspace)).one()
        them = session.exec(select(Member).where(Member.name == name)).one()
        return use_case(session, world.context(), Actor(workspace, them), them, *args)


def test_away_through_the_window_is_not_asked_and_counts_as_nothing(world: RoundWorld) -> None:
    acts(world, "Els", set_away, FRIDAY)
    assert world.outcomes() == {"Els": Outcome.AWAY, "Sam": Outcome.WAITING}
    acts(world, "Els", end_absence)
    assert world.outcomes()["Els"] is Outcome.WAITING
    assert local(world.turns()["Els"].ask_at) == "Thu 10:00"


def test_away_for_a_day_is_asked_on_the_next(world: RoundWorld) -> None:
    saves(world, "Els", away_from=WEDNESDAY, until=THURSDAY)
    assert local(world.turns()["Els"].ask_at) == "Fri 10:00"


def test_who_does_not_work_on_thursdays_is_asked_on_friday(world: RoundWorld) -> None:
    said = saves(world, "Els", working_days=("1", "2", "3", "5"))
    assert "Your working days: Mon-Wed, Fri." in said
    assert member(world, "Els").working_days == "1235"
    assert local(world.turns()["Els"].ask_at) == "Fri 10:00"
    saves(world, "Els", working_days=tuple("12345"))
    assert member(world, "Els").working_days is None
    assert local(world.turns()["Els"].ask_at) == "Thu 10:00"


def test_some_day_has_to_be_worked(world: RoundWorld) -> None:
    with pytest.raises(Refused) as refused:
        saves(world, "Els", working_days=None)
    assert (refused.value.sentence, refused.value.field) == ("no_working_day", "working_days")


def test_a_zone_typed_in_the_settings_moves_the_question(world: RoundWorld) -> None:
    assert "Your zone: Lisbon, 11:00 there now." in saves(world, "Els", zone="lisbon")
    turn = world.turns()["Els"]
    assert local(turn.ask_at, "Europe/Lisbon") == "Thu 10:00"
    assert member(world, "Els").timezone_from is ZoneFrom.OWN


def test_a_zone_of_the_site_moves_the_questions_of_its_followers(world: RoundWorld) -> None:
    lead = sender(world, "Coordinator")
    with world.database.transaction() as session:
        form = site_form(session, world.context(), lead, "Noord")
        save_site(session, world.context(), lead, "r1", answer(form, zone="Lisbon"))
    assert local(world.turns()["Sam"].ask_at) == "Thu 11:00"
    assert local(world.turns()["Els"].ask_at) == "Thu 10:00"


def test_a_day_off_of_the_site_moves_the_question(world: RoundWorld) -> None:
    lead = sender(world, "Coordinator")
    with world.database.transaction() as session:
        form = site_form(session, world.context(), lead, "Noord")
        save_site(session, world.context(), lead, "r1", answer(form, country="Austria"))
    assert {local(turn.ask_at) for turn in world.turns().values()} == {"Thu 10:00"}
    assert working_days_of_els(world) == "12345"


def working_days_of_els(world: RoundWorld) -> str:
    with world.database.snapshot() as session:
        workspace = session.exec(select(Workspace)).one()
        return working_days_of(session, workspace, session.exec(select(Member).where(Member.name == "Els")).one())


def test_the_usual_week_is_that_of_the_country_of_the_site(world: RoundWorld) -> None:
    lead = sender(world, "Coordinator")
    with world.database.transaction() as session:
        form = site_form(session, world.context(), lead, "Noord")
        save_site(session, world.context(), lead, "r1", answer(form, country="Egypt"))
    assert working_days_of_els(world) == "12347"
    with world.database.transaction() as session:
        form = settings_form(session, world.context(), sender(world, "Els"))
    assert fields(form)["working_days"].initial == ("1", "2", "3", "4", "7")


def test_who_moves_to_a_site_with_another_week_works_as_they_do_there(world: RoundWorld) -> None:
    lead = sender(world, "Coordinator")
    with world.database.transaction() as session:
        form = site_form(session, world.context(), lead)
        save_site(session, world.context(), lead, "r1", answer(form, name="Cairo", country="Egypt"))
    saves(world, "Els", plant="Cairo")
    assert (member(world, "Els").working_days, working_days_of_els(world)) == (None, "12347")
    saves(world, "Els", plant="Noord", working_days=("1", "2", "3", "4"))
    saves(world, "Els", plant="Cairo", language="en")
    assert member(world, "Els").working_days == "1234", "their own go with them"


def test_saved_unchanged_nobody_loses_their_site(world: RoundWorld) -> None:
    """Where there are more than a list takes."""
    with world.database.transaction() as session:
        session.add_all(Site(workspace_id=WORKSPACE, key=f"A{number:03}") for number in range(120))
    with world.database.snapshot() as session:
        sites = fields(settings_form(session, world.context(), sender(world, "Els")))["plant"]
    assert isinstance(sites, ChoiceField)
    assert (len(sites.options), "Noord" in {option.value for option in sites.options}) == (100, True)
    saves(world, "Els")
    assert member(world, "Els").plant == "Noord"


def hears(world: RoundWorld, name: str, zone: str) -> None:
    them = member(world, name)
    profile = Profile(name, zone, "en", is_guest=False, team_ids=frozenset({"T1"}))
    with world.database.transaction() as session:
        person_changed(
            session, world.context(), Sender(Platform.SLACK, "T1", them.external_id), f"{name}{zone}", profile
        )


def test_a_zone_changed_in_the_chat_profile_is_picked_up_also_by_who_had_none_of_their_own(world: RoundWorld) -> None:
    hears(world, "Sam", "Europe/Lisbon")
    assert (member(world, "Sam").timezone, member(world, "Sam").timezone_from) == (
        "Europe/Amsterdam",
        ZoneFrom.WORKSPACE,
    )
    hears(world, "Sam", "Asia/Dubai")
    assert (member(world, "Sam").timezone, member(world, "Sam").timezone_from) == ("Asia/Dubai", ZoneFrom.OWN)
    assert local(world.turns()["Sam"].ask_at, "Asia/Dubai") == "Thu 10:00"


def test_a_form_that_does_not_ask_for_days_changes_none(world: RoundWorld) -> None:
    """One that was opened before an upgrade."""
    with world.database.transaction() as session:
        form = settings_form(session, world.context(), sender(world, "Els"))
        old = answer(form, zone=None, working_days=None, plant=None)
        object.__setattr__(old, "payload", {})
        save_settings(session, world.context(), sender(world, "Els"), "r1", old)
    els = member(world, "Els")
    assert (els.plant, els.timezone, els.timezone_from, els.working_days) == (
        "Noord",
        "Europe/Amsterdam",
        ZoneFrom.OWN,
        None,
    )


def test_who_is_erased_before_their_turn_is_not_asked_and_leaves_no_time(world: RoundWorld) -> None:
    with world.database.transaction() as session:
        workspace = session.exec(select(Workspace)).one()
        erase_member(session, world.context(), workspace, session.get_one(Member, member(world, "Els").id))
    turn = world.turns()[""]
    assert (turn.outcome, turn.ask_at, turn.until) == (Outcome.LEFT, None, None)
    world.run(BEGIN + timedelta(days=3))
    assert [name for name, _ in world.sent("checkin")] == ["Sam"]

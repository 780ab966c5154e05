"""What facilitators see of check-ins: the card, the preview, what became of asking, Home; never who answered."""

from datetime import time

import pytest

from bot.domain.chat import Message, Submission
from bot.services.access import access_actor
from bot.services.checkins import listing, previewing, running
from bot.services.checkins.changing import start_weekly
from storage.database import Database
from storage.setup import mark_answered
from storage.tables import (
    AuditRecord,
    Checkin,
    CheckinAsked,
    CheckinQuestion,
    CheckinRound,
    Disturbance,
    DisturbanceKind,
    Outcome,
    Outgoing,
    RoundState,
    SetupQuestion,
)
from tests.builders import WORKSPACE, a_context, a_member
from tests.services.checkins.manage_world import PEOPLE, THURSDAY_10, actions, the_checkin, tick
from tests.services.entry_world import EntryWorld, build_world, words


@pytest.fixture
def world(database: Database) -> EntryWorld:
    return build_world(database)


@pytest.fixture
def weekly(world: EntryWorld) -> str:
    """The id of the weekly check-in."""
    world.does("lead", start_weekly)
    return the_checkin(world).id


def home(world: EntryWorld, who: str = "lead") -> Message:
    """What of the check-ins stands on the Home of that person."""
    with world.database.snapshot() as session:
        context = a_context(world.now)
        actor = access_actor(session, context, world.sender(who))
        return Message("Home", listing.running_parts(session, context, actor))


# ---------------------------------------------------------------- the card


def test_where_it_is_another_day_here_the_day_is_said(world: EntryWorld, weekly: str) -> None:
    a_member(world.database, name="Lani", timezone="Pacific/Kiritimati")
    card = words(world.does("lead", listing.open_checkin, weekly))
    assert "Kiritimati 10:00 (Wed 10 June, 22:00 here) · Amsterdam 10:00" in card


def test_the_card_tells_whom_it_asks_and_when_that_is_in_each_zone(world: EntryWorld, weekly: str) -> None:
    a_member(world.database, name="Dina", timezone="Asia/Dubai")
    a_member(world.database, name="Lou", timezone="Europe/London")

    card = words(world.does("lead", listing.open_checkin, weekly))

    assert "Weekly check-in · every Thursday 10:00" in card
    assert "1 How well did Sales and Operations work together this week? · score 1-5" in card
    assert f"{PEOPLE + 2} people (Sales, Operations, Finance)" in card
    assert "until 12:00 the day after · one reminder after 75% of that time" in card
    assert "in #sales-operations" in card
    assert "Dubai 10:00 (08:00 here) · Amsterdam 10:00 · London 10:00 (11:00 here)" in card


def test_a_round_that_takes_minutes_says_between_which(world: EntryWorld, weekly: str) -> None:
    assert "asked at 10:00, each in their own zone" in words(world.does("lead", listing.open_checkin, weekly))
    with world.database.transaction() as session:
        for number in range(500):
            a_member(session, name=f"Colleague {number}")

    assert "asked between 10:00 and 10:03" in words(world.does("lead", listing.open_checkin, weekly))
    tick(world, THURSDAY_10)
    assert "Asked between 10:00 and 10:03" in words(world.does("lead", listing.open_checkin, weekly))


def test_the_check_in_of_a_change_ahead_is_listed_only_while_it_runs(world: EntryWorld, weekly: str) -> None:
    with world.database.transaction() as session:
        checkin = session.get_one(Checkin, weekly)
        change = Disturbance(
            id="change",
            workspace_id=WORKSPACE,
            kind=DisturbanceKind.NEW_CUSTOMER,
            what="Retailer E",
            from_on=world.now.date(),
            announced_on=world.now.date(),
            linked_until=world.now.date(),
            checkin_id=checkin.id,
        )
        session.add(change)

    assert "Weekly check-in" not in words(world.does("lead", listing.list_checkins_card))
    world.does("lead", running.run_checkin, weekly)
    assert "Weekly check-in" in words(world.does("lead", listing.list_checkins_card))


# ---------------------------------------------------------------- the preview


def test_a_preview_shows_the_question_and_its_form_and_keeps_nothing(world: EntryWorld, weekly: str) -> None:
    before = {table: len(world.rows(table)) for table in (CheckinRound, CheckinAsked, Outgoing, AuditRecord)}

    shown = world.does("lead", running.preview_checkin, weekly)
    assert "nothing is asked or saved" in words(shown)
    assert "How well did Sales and Operations work together this week?" in words(shown)
    assert "Open until Fri 12 June, 12:00 (Amsterdam)." in words(shown)
    assert set(actions(shown)) == {"checkin.preview_form"}

    form = world.does("lead", previewing.preview_form, actions(shown)["checkin.preview_form"].value)
    assert form.title == "This week's check-in"
    assert "nothing is asked or saved" in form.notice
    assert form.action == "checkin.preview_send"
    scale = next(question for question in world.rows(CheckinQuestion) if question.pulse_key)
    sent = Submission(form.action, {f"q{scale.id}": "4"}, dict(form.payload))
    assert words(world.does("lead", previewing.end_preview, sent)) == words(shown)
    assert {table: len(world.rows(table)) for table in before} == before


def test_of_one_started_by_hand_it_is_as_if_that_were_now(world: EntryWorld, weekly: str) -> None:
    with world.database.transaction() as session:
        checkin = session.get_one(Checkin, weekly)
        checkin.rule, checkin.close_after_days, checkin.close_at = None, 0, time(17)  # in an hour

    shown = words(world.does("lead", running.preview_checkin, weekly))
    assert "Open until Thu 11 June, 17:00 (Amsterdam)." in shown


# ---------------------------------------------------------------- what became of asking


def test_the_outcome_is_told_by_name_and_who_answered_never(world: EntryWorld, weekly: str) -> None:
    nora = a_member(world.database, name="Nora", timezone="America/New_York")
    tick(world, THURSDAY_10)
    (round_,) = world.rows(CheckinRound)
    with world.database.transaction() as session:
        lost, wish = (session.get_one(CheckinAsked, (round_.id, world.people[who].id)) for who in ("sam", "els"))
        lost.outcome, wish.outcome = Outcome.NOT_DELIVERED, Outcome.AWAY

    def told() -> tuple[str, str, str]:
        card = world.does("lead", listing.open_checkin, weekly)
        shown = world.does("lead", listing.show_outcomes, actions(card)["checkin.outcomes"].value)
        return words(shown), words(card), words(home(world))

    outcomes, card, at_home = told()
    assert f"Asked: {PEOPLE - 2}\n" in outcomes
    assert "To come: 1\nThu 11 June, 10:00 (New York)\nNora\n" in outcomes
    assert "Not reached, the chat took no message: 1\nSam" in outcomes
    assert "Not asked, away: 1\nEls" in outcomes
    assert f"{PEOPLE - 2} asked, 1 to come, 1 not asked, 1 not reached" in card
    assert nora.name not in at_home

    with world.database.transaction() as session:
        answered = session.get_one(CheckinAsked, (round_.id, world.people["suus"].id))
        skipped = session.get_one(CheckinAsked, (round_.id, world.people["saar"].id))
        answered.has_answered, skipped.outcome = True, Outcome.DECLINED
    assert told() == (outcomes, card, at_home)


def test_of_a_round_that_is_over_the_card_opens_the_last(world: EntryWorld, weekly: str) -> None:
    tick(world, THURSDAY_10)
    (round_,) = world.rows(CheckinRound)
    with world.database.transaction() as session:
        session.get_one(CheckinRound, round_.id).state = RoundState.CLOSED

    card = world.does("lead", listing.open_checkin, weekly)
    assert actions(card)["checkin.outcomes"].value == round_.id
    assert "asked," not in words(card)


# ---------------------------------------------------------------- Home


def test_home_offers_it_once_the_set_up_is_done_and_then_says_what_comes(world: EntryWorld) -> None:
    assert home(world).parts == ()
    with world.database.transaction() as session:
        mark_answered(session, WORKSPACE, *SetupQuestion)
    assert set(actions(home(world))) == {"checkin.start"}

    world.does("lead", start_weekly)
    assert "Weekly check-in · Thu 11 June, 10:00, each in their own zone" in words(home(world))
    assert set(actions(home(world))) == {"checkin.list"}


def test_the_home_of_members_shows_none_of_it(world: EntryWorld, weekly: str) -> None:
    assert home(world).parts
    assert home(world, "els").parts == ()

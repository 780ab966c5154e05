"""Away until: by oneself or by a facilitator; it ends by itself."""

from datetime import UTC, date, datetime

import pytest

from bot.domain.errors import Refused
from bot.services.absences import (
    away_form,
    end_mine,
    on_home,
    running_absence,
    save_away,
    set_away,
)
from bot.services.access import Actor, access_actor
from bot.services.member_list import list_members_card, member_form, save_member
from storage.database import Database
from storage.tables import Absence, AuditRecord, Member
from tests.builders import a_context
from tests.services.entry_world import EntryWorld, answer, build_world, buttons, fields, words

TODAY = date(2026, 6, 10)
"""A Wednesday."""


@pytest.fixture
def world(database: Database) -> EntryWorld:
    return build_world(database)


def away(world: EntryWorld, who: str = "els") -> list[tuple[date, date]]:
    """Their absences, first and last day."""
    mine = [one for one in world.rows(Absence) if one.member_id == world.people[who].id]
    return sorted((one.first_day, one.last_day) for one in mine)


def sets_away(world: EntryWorld, until: date, first: date | None = None, who: str = "els") -> None:
    with world.database.transaction() as session:
        context = a_context(world.now)
        actor = access_actor(session, context, world.sender(who))
        set_away(session, context, actor, actor.member, until, first)


def is_away(world: EntryWorld, who: str = "els") -> bool:
    with world.database.snapshot() as session:
        member = session.get_one(Member, world.people[who].id)
        return running_absence(session, a_context(world.now), member) is not None


def home(world: EntryWorld, who: str = "els") -> str:
    with world.database.snapshot() as session:
        context = a_context(world.now)
        actor = access_actor(session, context, world.sender(who))
        parts = on_home(session, context, Actor(actor.workspace, actor.member))
    return "\n".join(str(part) for part in parts)


def test_until_a_day_from_today_on_and_back_by_itself(world: EntryWorld) -> None:
    form = world.does("els", away_form)
    assert (form.title, form.action) == ("Away until", "away.save")
    assert (fields(form)["away_from"].initial, fields(form)["until"].initial) == (TODAY, None)
    said = world.does("els", save_away, world.request(), answer(form, until=date(2026, 6, 19)))
    assert "Away until Fri 19 June, that day included." in words(said)
    assert away(world) == [(TODAY, date(2026, 6, 19))]
    world.now = datetime(2026, 6, 19, 21, 59, tzinfo=UTC)
    assert is_away(world)
    world.now = datetime(2026, 6, 19, 22, 0, tzinfo=UTC)
    assert not is_away(world)
    assert home(world) == ""


def test_it_is_counted_in_their_own_zone(world: EntryWorld) -> None:
    with world.database.transaction() as session:
        session.get_one(Member, world.people["els"].id).timezone = "Asia/Tokyo"
    world.now = datetime(2026, 6, 10, 15, 0, tzinfo=UTC)
    sets_away(world, date(2026, 6, 11))
    assert away(world) == [(date(2026, 6, 11), date(2026, 6, 11))]


def test_the_home_tells_it_and_ends_it(world: EntryWorld) -> None:
    sets_away(world, date(2026, 6, 19))
    assert "My absence" in home(world)
    assert "until Fri 19 June, that day included" in home(world)
    (absence,) = world.rows(Absence)
    assert "not away any more" in words(world.does("els", end_mine, absence.id))
    assert away(world) == []
    assert "not away any more" in words(world.does("els", end_mine, absence.id))


def test_back_early_keeps_the_days_that_were(world: EntryWorld) -> None:
    sets_away(world, date(2026, 6, 19))
    world.later(days=2)
    (absence,) = world.rows(Absence)
    world.does("els", end_mine, absence.id)
    assert away(world) == [(TODAY, date(2026, 6, 11))]
    assert not is_away(world)


def test_nobody_ends_the_absence_of_somebody_else(world: EntryWorld) -> None:
    sets_away(world, date(2026, 6, 19))
    (absence,) = world.rows(Absence)
    world.does("sam", end_mine, absence.id)
    assert away(world) == [(TODAY, date(2026, 6, 19))]


@pytest.mark.parametrize(
    ("before", "first", "until", "after"),
    [
        (("06-08", "06-19"), None, "06-12", [("06-08", "06-12")]),
        (("06-08", "06-12"), None, "06-19", [("06-08", "06-19")]),
        (("06-15", "06-19"), None, "06-16", [("06-10", "06-19")]),
        (("06-15", "06-19"), None, "06-14", [("06-10", "06-19")]),
        (("06-15", "06-19"), None, "06-12", [("06-10", "06-12"), ("06-15", "06-19")]),
        (("06-01", "06-09"), None, "06-12", [("06-01", "06-09"), ("06-10", "06-12")]),
        (("06-15", "06-19"), "06-22", "06-26", [("06-15", "06-19"), ("06-22", "06-26")]),
    ],
    ids=["sooner", "longer", "joined", "right before", "apart", "over already", "later"],
)
def test_days_that_meet_are_one_absence(
    world: EntryWorld, before: tuple[str, str], first: str | None, until: str, after: list[tuple[str, str]]
) -> None:
    with world.database.transaction() as session:
        begins, ends = map(day, before)
        member = world.people["els"]
        row = Absence(id="a", workspace_id=member.workspace_id, member_id=member.id, first_day=begins, last_day=ends)
        session.add(row)
    sets_away(world, day(until), day(first) if first else None)
    assert away(world) == [(day(one), day(other)) for one, other in after]


def day(said: str) -> date:
    return date.fromisoformat(f"2026-{said}")


@pytest.mark.parametrize(
    ("first", "until", "sentence"),
    [
        (None, date(2026, 6, 9), "away_over"),
        (date(2026, 6, 20), date(2026, 6, 19), "away_order"),
        (None, date(2027, 6, 12), "away_too_long"),
    ],
)
def test_what_cannot_be_is_said_beside_the_last_day(
    world: EntryWorld, first: date | None, until: date, sentence: str
) -> None:
    with pytest.raises(Refused) as refused:
        sets_away(world, until, first)
    assert (refused.value.sentence, refused.value.field) == (sentence, "until")
    assert away(world) == []


def test_a_first_day_without_a_last_one_is_asked_for(world: EntryWorld) -> None:
    form = world.does("els", away_form)
    with pytest.raises(Refused) as refused:
        world.does("els", save_away, world.request(), answer(form, away_from=date(2026, 6, 15)))
    assert (refused.value.sentence, refused.value.field) == ("away_until_missing", "until")


def test_the_form_is_filled_in_and_emptied_it_ends(world: EntryWorld) -> None:
    sets_away(world, date(2026, 6, 19), date(2026, 6, 15))
    form = world.does("els", away_form)
    assert (fields(form)["away_from"].initial, fields(form)["until"].initial) == (day("06-15"), day("06-19"))
    world.does("els", save_away, world.request(), answer(form, away_from=day("06-17"), until=day("06-18")))
    assert away(world) == [(day("06-17"), day("06-18"))]
    form = world.does("els", away_form)
    assert "not away" in words(world.does("els", save_away, world.request(), answer(form, until=None)))
    assert away(world) == []


def test_another_absence_takes_nothing_away_from_the_one_that_is_filled_in(world: EntryWorld) -> None:
    sets_away(world, date(2026, 7, 24), date(2026, 7, 6))
    form = world.does("els", away_form)
    world.does("els", save_away, world.request(), answer(form, away_from=day("06-15"), until=day("06-19")))
    assert away(world) == [(day("06-15"), day("06-19")), (day("07-06"), day("07-24"))]

    assert "from Mon 15 June until Fri 19 June" in home(world)
    assert "from Mon 6 July until Fri 24 July" in home(world)


def test_a_facilitator_sees_and_sets_it_and_the_trail_keeps_no_days(world: EntryWorld) -> None:
    form = world.does("lead", member_form, world.people["els"].id)
    world.does("lead", save_member, world.request(), answer(form, until=date(2026, 6, 19), away_from=TODAY))
    assert away(world) == [(TODAY, date(2026, 6, 19))]
    card = world.does("lead", list_members_card, "els")
    assert "Els · Operations · Noord · away until 19 June" in words(card)
    (noted,) = world.rows(AuditRecord)
    assert (noted.action, noted.subject, noted.before, noted.after) == (
        "member.away",
        world.people["els"].id,
        None,
        None,
    )
    form = world.does("lead", member_form, world.people["els"].id)
    assert fields(form)["until"].initial == date(2026, 6, 19)
    world.does("lead", save_member, world.request(), answer(form))
    assert len(world.rows(AuditRecord)) == 1
    world.does("lead", save_member, world.request(), answer(form, until=None, away_from=None))
    assert away(world) == []


def test_what_i_do_myself_is_not_noted(world: EntryWorld) -> None:
    sets_away(world, date(2026, 6, 19))
    assert world.rows(AuditRecord) == []


def test_one_that_is_to_come_can_be_withdrawn(world: EntryWorld) -> None:
    form = world.does("els", away_form)
    said = world.does("els", save_away, world.request(), answer(form, away_from=day("06-15"), until=day("06-19")))
    assert "Away from Mon 15 June until Fri 19 June, that day included." in words(said)
    assert "not away" in words(world.does("els", end_mine, buttons(said)["Withdraw"].value))
    assert away(world) == []

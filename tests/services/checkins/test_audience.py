"""Whom a check-in asks: sides, people, everybody in a channel who is a member; observers are never asked."""

from collections.abc import Collection
from typing import Any

import pytest

from bot.domain.chat import ChannelInfo, Message
from bot.domain.errors import DuplicateRequest, Refused
from bot.services.access import Sender
from bot.services.checkins import audience
from bot.services.checkins.changing import start_weekly, undo_change
from bot.services.messages.setup_forms import field_of
from bot.services.privacy import erase_member
from bot.services.setup.sides import NEW, save_sides, sides_form
from storage.checkin_settings import list_side_keys
from storage.checkins import list_audience
from storage.database import Database
from storage.tables import ChannelPerson, Checkin, CheckinPerson, CheckinState, Platform, Workspace
from tests.builders import WORKSPACE, a_context, a_member
from tests.services.entry_world import EntryWorld, answer, build_world, buttons, fields, words

PLANNING = ChannelInfo("C-PLAN", "planning", is_member=True, is_archived=False, is_shared=False)
SALES = {"Sam", "Suus", "Stef", "Sara", "Siem", "Saar"}
OPERATIONS = {"Els", "Olaf", "Oda", "Otto", "Olga", "Okke", "Lead"}


@pytest.fixture
def world(database: Database) -> EntryWorld:
    world = build_world(database)
    world.does("lead", start_weekly)
    return world


def checkin(world: EntryWorld) -> Checkin:
    (found,) = world.rows(Checkin)
    return found


def save(
    world: EntryWorld,
    there: Collection[str] = (),
    info: ChannelInfo | None = PLANNING,
    who: str = "lead",
    **values: Any,
) -> Message:
    """The form as it stands, with these values in it; the platform says that `there` are in the channel."""
    form = world.does("lead", audience.audience_form, checkin(world).id)
    seen = {values["channel"]: info} if values.get("channel") else {}
    return world.does(who, audience.save_audience, world.request(), answer(form, **values), seen, there)


def ids(world: EntryWorld, *who: str) -> tuple[str, ...]:
    return tuple(world.people[one].external_id for one in who)


def asked(world: EntryWorld) -> set[str]:
    """Who would be asked today, by name."""
    with world.database.snapshot() as session:
        return {one.name for one in list_audience(session, checkin(world), a_context(world.now).now.date())}


def there(world: EntryWorld) -> set[str]:
    return {person.external_id for person in world.rows(ChannelPerson)}


def moves(world: EntryWorld, use_case: Any, user: str, channel: str = "C-PLAN") -> None:
    """The platform tells that somebody came into a channel, or left it."""
    with world.database.transaction() as session:
        sender = Sender(Platform.SLACK, "T1", user)
        use_case(session, a_context(world.now), sender, world.request(), channel)


# Choosing


def test_the_form_opens_as_it_stands_and_saved_unchanged_asks_the_same(world: EntryWorld) -> None:
    form = world.does("lead", audience.audience_form, checkin(world).id)
    assert fields(form)["sides"].initial == ("finance", "operations", "sales")
    before = asked(world)

    save(world)
    assert asked(world) == before == SALES | OPERATIONS | {"Fin"}


def test_sides_and_people_are_asked_and_observers_never(world: EntryWorld) -> None:
    card = words(save(world, sides=("sales",), people=ids(world, "els", "fin"), observers=ids(world, "sam", "fin")))

    assert asked(world) == (SALES | {"Els"}) - {"Sam"}
    assert "6 people (Sales, Els) · 2 observers see the result only" in card


def test_the_form_shows_again_what_was_chosen(world: EntryWorld) -> None:
    wished: dict[str, Any] = {
        "sides": ("sales",),
        "people": ids(world, "els"),
        "observers": ids(world, "sam"),
        "channel": "C-PLAN",
    }
    save(world, **wished)

    form = world.does("lead", audience.audience_form, checkin(world).id)
    assert {name: field.initial for name, field in fields(form).items()} == wished


def test_of_a_channel_those_are_asked_who_are_members(world: EntryWorld) -> None:
    card = words(save(world, {*ids(world, "els", "fin"), "U-GUEST", "U-BOT"}, sides=None, channel="C-PLAN"))

    assert asked(world) == {"Els", "Fin"}
    assert "2 people (#planning)" in card
    assert there(world) == set(ids(world, "els", "fin")), "of others nothing is kept"
    a_member(world.database, name="Guest", external_id="U-GUEST")  # they are one now
    with world.database.transaction() as session:
        audience.keep_people(session, WORKSPACE, "C-PLAN", {*ids(world, "els", "fin"), "U-GUEST", "U-BOT"})
    assert asked(world) == {"Els", "Fin", "Guest"}


def test_who_was_erased_or_is_no_member_is_not_noted_when_they_come(world: EntryWorld) -> None:
    save(world, ids(world, "els", "fin"), sides=None, channel="C-PLAN")
    els = world.people["els"].external_id
    with world.database.transaction() as session:
        erase_member(session, a_context(world.now), session.get_one(Workspace, WORKSPACE), world.people["els"])

    for somebody in (els, "U-NEW"):
        moves(world, audience.joined_channel, somebody)
    with world.database.transaction() as session:
        audience.keep_people(session, WORKSPACE, "C-PLAN", {els, "U-NEW", *ids(world, "fin")})
    assert there(world) == set(ids(world, "fin"))


def test_a_channel_that_cannot_be_seen_any_more_is_told_once_a_week(world: EntryWorld) -> None:
    save(world, ids(world, "els"), sides=None, channel="C-PLAN")

    def hour_passes() -> list[str]:
        with world.database.transaction() as session:
            audience.tell_unread(session, a_context(world.now), WORKSPACE, "C-PLAN")
        return [words(message) for target, message in world.posts() if target == world.people["lead"].external_id]

    (told,) = (hour_passes(), hour_passes())[1]
    assert told == (
        "I cannot see who is in #planning any more. Until I can, those who were there last are asked by Weekly "
        "check-in. Type /invite @Ampersand there, or choose people instead: /sop checkins."
    )
    world.later(days=7)
    assert len(hour_passes()) == 2


def test_without_the_channel_its_people_are_asked_no_more(world: EntryWorld) -> None:
    save(world, ids(world, "fin"), sides=("sales",), channel="C-PLAN")
    save(world, sides=("sales",), channel=None)

    assert asked(world) == SALES
    assert checkin(world).audience_channel_name is None


# What is refused


@pytest.mark.parametrize(
    ("info", "sentence"),
    [
        (None, "channel_not_in"),
        (ChannelInfo("C-PLAN", "planning", is_member=False, is_archived=False, is_shared=False), "channel_not_in"),
        (ChannelInfo("C-PLAN", "planning", is_member=True, is_archived=True, is_shared=False), "channel_archived"),
        (ChannelInfo("C-PLAN", "planning", is_member=True, is_archived=False, is_shared=True), "channel_shared"),
    ],
)
def test_a_channel_it_cannot_use_is_refused_beside_its_field(
    world: EntryWorld, info: ChannelInfo | None, sentence: str
) -> None:
    before = asked(world)
    with pytest.raises(Refused, match=sentence) as refused:
        save(world, {"U-NEW"}, info, sides=("sales",), channel="C-PLAN")

    assert refused.value.field == "channel"
    assert (asked(world), there(world)) == (before, set())


@pytest.mark.parametrize(
    ("values", "sentence", "field"),
    [
        ({"sides": None}, "checkin_nobody", "sides"),
        ({"sides": ("nowhere",)}, "checkin_nobody", "sides"),
        ({"people": ("U-GUEST",)}, "checkin_person_unknown", "people"),
        ({"observers": ("U-GUEST",)}, "checkin_person_unknown", "observers"),
    ],
)
def test_what_asks_nobody_or_a_stranger_is_refused_beside_its_field(
    world: EntryWorld, values: dict[str, Any], sentence: str, field: str
) -> None:
    before = asked(world)
    with pytest.raises(Refused, match=sentence) as refused:
        save(world, **values)

    assert (refused.value.field, asked(world)) == (field, before)


def test_who_is_asked_and_observes_is_nobody_to_ask(world: EntryWorld) -> None:
    with pytest.raises(Refused, match="checkin_nobody"):
        save(world, sides=None, people=ids(world, "els"), observers=ids(world, "els"))


def test_who_has_left_cannot_be_chosen(world: EntryWorld) -> None:
    with world.database.transaction() as session:
        session.merge(world.people["els"]).active_to = world.now.date().replace(day=1)

    with pytest.raises(Refused, match="checkin_person_unknown"):
        save(world, people=ids(world, "els"))


def test_who_left_since_is_not_filled_in_and_so_hinders_nobody(world: EntryWorld) -> None:
    save(world, people=ids(world, "els", "sam"), observers=ids(world, "oda"))
    with world.database.transaction() as session:
        for who in ("els", "oda"):
            session.merge(world.people[who]).active_to = world.now.date().replace(day=1)

    form = fields(world.does("lead", audience.audience_form, checkin(world).id))
    assert (form["people"].initial, form["observers"].initial) == (ids(world, "sam"), ())
    save(world, sides=("sales",))
    assert asked(world) == SALES


def test_undo_brings_nobody_back_who_was_erased(world: EntryWorld) -> None:
    save(world, people=ids(world, "els"))
    undo = buttons(save(world, people=None))["Undo"].value
    with world.database.transaction() as session:
        erase_member(session, a_context(world.now), session.get_one(Workspace, WORKSPACE), world.people["els"])

    world.does("lead", undo_change, undo)
    assert world.rows(CheckinPerson) == []


def test_it_is_for_facilitators_and_counts_once(world: EntryWorld) -> None:
    with pytest.raises(Refused, match="facilitators_only"):
        world.does("sam", audience.audience_form, checkin(world).id)
    with pytest.raises(Refused, match="facilitators_only"):
        save(world, who="sam", sides=("sales",))

    form = answer(world.does("lead", audience.audience_form, checkin(world).id), sides=("sales",))
    world.does("lead", audience.save_audience, "twice", form, {}, ())
    with pytest.raises(DuplicateRequest):
        world.does("lead", audience.save_audience, "twice", form, {}, ())


def test_undo_asks_whom_it_asked_before_unless_it_was_changed_since(world: EntryWorld) -> None:
    before = asked(world)
    first = save(world, ids(world, "fin"), sides=("sales",), channel="C-PLAN")
    world.does("lead", undo_change, buttons(first)["Undo"].value)
    assert asked(world) == before

    old = buttons(save(world, sides=("sales",)))["Undo"].value
    save(world, sides=("operations",))
    with pytest.raises(Refused, match="checkin_changed_since"):
        world.does("lead", undo_change, old)
    assert asked(world) == OPERATIONS


def test_who_asks_everybody_asks_a_new_side_too_and_nobody_one_that_is_gone(world: EntryWorld) -> None:
    def names_sides(**names: str | None) -> set[str]:
        world.does("lead", save_sides, world.request(), answer(world.does("lead", sides_form), **names))
        with world.database.snapshot() as session:
            return set(list_side_keys(session, checkin(world).id))

    another = field_of(NEW)
    assert names_sides(**{another: "Quality"}) == {"finance", "operations", "quality", "sales"}
    assert names_sides(**{field_of("quality"): None}) == {"finance", "operations", "sales"}

    save(world, sides=("sales", "operations"))
    assert names_sides(**{another: "Quality"}) == {"operations", "sales"}, "it was not for everybody"


# Who comes and goes


def test_who_comes_into_the_channel_is_asked_and_who_leaves_it_is_not(world: EntryWorld) -> None:
    save(world, ids(world, "els"), sides=None, channel="C-PLAN")

    moves(world, audience.joined_channel, world.people["fin"].external_id)
    moves(world, audience.joined_channel, world.people["fin"].external_id)
    assert asked(world) == {"Els", "Fin"}
    moves(world, audience.left_channel, world.people["els"].external_id)
    assert asked(world) == {"Fin"}


def test_of_channels_that_are_not_asked_nothing_is_kept(world: EntryWorld) -> None:
    save(world, ids(world, "els"), sides=("sales",), channel="C-PLAN")

    moves(world, audience.joined_channel, "U-NEW", channel="C-OTHER")
    with world.database.transaction() as session:
        audience.keep_people(session, WORKSPACE, "C-OTHER", {"U-NEW"})
    assert there(world) == set(ids(world, "els"))


def test_the_channels_to_read_are_those_asked_where_we_are(world: EntryWorld) -> None:
    def to_read() -> list[tuple[str, str]]:
        with world.database.snapshot() as session:
            return list(audience.channels_to_read(session))

    assert to_read() == []
    save(world, ids(world, "els"), sides=("sales",), channel="C-PLAN")
    assert to_read() == [(WORKSPACE, "C-PLAN")]

    with world.database.transaction() as session:
        session.get_one(Workspace, WORKSPACE).disconnected_at = world.now
    assert to_read() == []
    with world.database.transaction() as session:
        session.get_one(Workspace, WORKSPACE).disconnected_at = None
        session.get_one(Checkin, checkin(world).id).state = CheckinState.DELETED
    assert to_read() == []

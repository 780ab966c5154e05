"""Changes ahead: announced by facilitators, asked about once, linked to examples, withdrawn and put back."""

from collections.abc import Mapping
from datetime import date, timedelta

import pytest

from bot.domain.chat import Message, MultiChoiceField, Submission
from bot.domain.errors import Refused
from bot.services.disturbances.announcing import announce_change, announce_form, restore_change, withdraw_change
from bot.services.disturbances.linking import link_by_round
from bot.services.disturbances.listing import list_changes, open_change
from bot.services.entries import (
    capture_text,
    details_form,
    new_form,
    open_entry,
    save_details,
    save_form,
    take_name_off,
)
from storage.database import Database
from storage.tables import (
    AuditRecord,
    Checkin,
    CheckinAsked,
    CheckinQuestion,
    CheckinRound,
    CheckinState,
    Disturbance,
    DisturbanceEntry,
    Entry,
    Kind,
    Member,
    Outcome,
    QuestionType,
    RoundState,
)
from tests.services.entry_world import EntryWorld, answer, build_world, buttons, words

TODAY = date(2026, 6, 10)
WHAT = "Retailer E takes 40 pallets a week"
UNTIL = "until Fri 12 June, 17:00 (Amsterdam)"
ASKED_ONCE = f"They are asked once, {UNTIL}: one example, and what they need from the other side."


@pytest.fixture
def world(database: Database) -> EntryWorld:
    return build_world(database)


def announce(world: EntryWorld, who: str = "lead", **over: object) -> Message:
    values: Mapping[str, object] = {
        "kind": "new_customer",
        "what": WHAT,
        "from_on": date(2026, 6, 15),
        "sides": ("sales",),
        "people": (world.people["fin"].external_id,),
    }
    submission = Submission("disturbance.save", {**values, **over}, {})  # type: ignore[dict-item]
    return world.does(who, announce_change, world.request(), submission)


def the_change(world: EntryWorld) -> Disturbance:
    (change,) = world.rows(Disturbance)
    return change


def asked(world: EntryWorld) -> dict[str, Outcome]:
    """What became of whose turn, by name."""
    names = {member.id: member.name for member in world.rows(Member)}
    return {names[turn.member_id]: turn.outcome for turn in world.rows(CheckinAsked)}


def posted(world: EntryWorld) -> list[str]:
    """The post, and what it is changed into."""
    return [words(message) for target, message in world.posts() if target == "C-SOP"]


def entry_about(world: EntryWorld, who: str = "sam") -> Entry:
    """An example captured in a line."""
    before = {entry.id for entry in world.entries()}
    world.does(who, capture_text, world.request(), Kind.CLASH, "On Wednesday at 16:30 40 pallets came without a slot.")
    return next(entry for entry in world.entries() if entry.id not in before)


# Announcing


def test_it_is_posted_once_and_asked_of_those_it_touches(world: EntryWorld) -> None:
    card = words(announce(world))

    assert (
        "Announced. It goes to #sales-operations. 7 people are asked once, until Fri 12 June, 17:00 (Amsterdam)."
        in card
    )
    assert "From Mon 15 June: new customer" in card
    assert set(asked(world)) == {"Sam", "Suus", "Stef", "Sara", "Siem", "Saar", "Fin"}
    ((target, post),) = world.posts()
    assert target == "C-SOP"
    assert words(post).splitlines() == [
        "Change ahead from Mon 15 June: new customer",
        WHAT,
        f"Touches Sales, Fin. {ASKED_ONCE}",
        "Announced by Lead. Examples until Mon 13 July can be linked to it.",
        "[Add an example] [Open]",
    ]


def test_the_extra_round_asks_for_an_example_and_a_line(world: EntryWorld) -> None:
    announce(world)

    (checkin,) = world.rows(Checkin)
    questions = sorted(world.rows(CheckinQuestion), key=lambda question: question.position or 0)
    assert (checkin.rule, checkin.name) == (None, WHAT)
    assert [question.type for question in questions] == [QuestionType.EXAMPLE, QuestionType.TEXT]
    assert questions[1].text_nl == "Wat heb je nodig van de andere kant?"


def test_the_form_touches_both_sides_until_it_says_otherwise(world: EntryWorld) -> None:
    form = world.does("lead", announce_form)

    sides = next(field for field in form.fields if isinstance(field, MultiChoiceField))
    assert [option.label for option in sides.options] == ["Sales", "Operations", "Finance"]
    assert sides.initial == ("sales", "operations")


@pytest.mark.parametrize("use_case", [announce_form, list_changes])
def test_it_is_for_facilitators(world: EntryWorld, use_case: object) -> None:
    with pytest.raises(Refused, match="facilitators_only"):
        world.does("sam", use_case)  # type: ignore[arg-type]
    with pytest.raises(Refused, match="facilitators_only"):
        announce(world, "sam")
    assert world.rows(Disturbance) == []


@pytest.mark.parametrize(
    ("over", "field"),
    [
        ({"what": "  "}, "what"),
        ({"from_on": None}, "from_on"),
        ({"from_on": date(2026, 6, 9)}, "from_on"),
        ({"sides": (), "people": ()}, "sides"),
        ({"people": ("U-NOBODY",)}, "people"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field_and_nothing_happens(
    world: EntryWorld, over: dict[str, object], field: str
) -> None:
    with pytest.raises(Refused) as refused:
        announce(world, "lead", **over)
    assert refused.value.field == field
    assert [*world.rows(Disturbance), *world.rows(Checkin), *world.posts()] == []


def test_without_a_channel_it_is_still_asked(database: Database) -> None:
    world = build_world(database, channel_id=None, channel_name=None)

    assert "There is no channel to post it in yet" in words(announce(world))
    assert len(asked(world)) == 7
    assert world.posts() == []


def test_a_person_who_does_not_want_to_be_asked_is_not(world: EntryWorld) -> None:
    with world.database.transaction() as session:
        session.get_one(Member, world.people["fin"].id).undisturbed = True

    card = words(announce(world, sides=()))
    assert "Nobody could be asked" in card
    assert "They are asked once" not in words(world.posts()[0][1])


# The list


def test_the_list_shows_what_examples_of_today_can_be_linked_to(world: EntryWorld) -> None:
    assert "No change ahead is announced." in words(world.does("lead", list_changes))
    announce(world)

    world.later(days=33)  # its last day
    assert WHAT in words(world.does("lead", list_changes))
    world.later(days=1)
    assert WHAT not in words(world.does("lead", list_changes))


def test_everybody_reads_one_with_its_examples(world: EntryWorld) -> None:
    announce(world)
    world.later(minutes=10)
    linked, other = entry_about(world), entry_about(world, "els")
    link(world, "sam", linked)

    card = world.does("els", open_change, the_change(world).id)
    assert f"#{linked.ref} · On Wednesday at 16:30" in words(card)
    assert other.ref not in words(card)
    assert "Withdraw" not in buttons(card)
    assert "Withdraw" in buttons(world.does("lead", open_change, the_change(world).id))


# Withdrawing


def test_withdrawn_it_stops_asking_and_the_post_says_so(world: EntryWorld) -> None:
    announce(world)
    card = world.does("lead", withdraw_change, the_change(world).id)

    assert words(card).startswith(f"Withdrawn: {WHAT}")
    assert set(asked(world).values()) == {Outcome.STOPPED}
    assert [found.state for found in world.rows(Checkin)] == [CheckinState.DELETED]
    assert f"Change ahead from Mon 15 June: new customer · withdrawn\n{WHAT}" in posted(world)
    assert "No change ahead is announced." in words(card)

    world.does("lead", restore_change, the_change(world).id)
    assert set(asked(world).values()) == {Outcome.WAITING}
    assert [found.state for found in world.rows(CheckinRound)] == [RoundState.OPEN]
    assert [text for text in posted(world) if "withdrawn" in text] == []


def test_a_second_press_changes_nothing(world: EntryWorld) -> None:
    announce(world)
    for use_case in (withdraw_change, withdraw_change, restore_change, restore_change):
        world.does("lead", use_case, the_change(world).id)

    actions = sorted(record.action for record in world.rows(AuditRecord))
    assert actions == ["disturbance.announce", "disturbance.restore", "disturbance.withdraw"]


def test_only_a_facilitator_withdraws(world: EntryWorld) -> None:
    announce(world)
    for use_case in (withdraw_change, restore_change):
        with pytest.raises(Refused, match="facilitators_only"):
            world.does("sam", use_case, the_change(world).id)
    assert not the_change(world).withdrawn


# Examples


def link(world: EntryWorld, who: str, entry: Entry, change: str | None = None) -> Message:
    form = world.does(who, details_form, entry.ref)
    submission = answer(form, change_ahead=change or the_change(world).id)
    return world.does(who, save_details, world.request(), submission)


def test_an_example_is_linked_and_says_so(world: EntryWorld) -> None:
    announce(world)
    entry = entry_about(world)

    assert f"Change ahead: {WHAT}" in words(link(world, "sam", entry))
    assert f"Change ahead: {WHAT}" in words(world.does("els", open_entry, entry.ref))
    assert "1 example" in words(world.does("lead", list_changes))
    assert "Change ahead" not in words(link(world, "sam", entry, "none"))
    assert world.rows(DisturbanceEntry) == []


def test_saving_other_details_keeps_the_link(world: EntryWorld) -> None:
    announce(world)
    entry = entry_about(world)
    link(world, "sam", entry)

    form = world.does("sam", details_form, entry.ref)
    world.does("sam", save_details, world.request(), answer(form, effect="90 minutes"))
    assert [row.entry_id for row in world.rows(DisturbanceEntry)] == [entry.id]


def test_without_a_change_ahead_the_form_does_not_ask(world: EntryWorld) -> None:
    entry = entry_about(world)
    assert "change_ahead" not in {field.name for field in world.does("sam", details_form, entry.ref).fields}
    announce(world)
    assert "change_ahead" in {field.name for field in world.does("sam", details_form, entry.ref).fields}
    world.does("lead", withdraw_change, the_change(world).id)
    assert "change_ahead" not in {field.name for field in world.does("sam", details_form, entry.ref).fields}


def test_an_example_of_before_or_long_after_is_not_about_it(world: EntryWorld) -> None:
    before = entry_about(world)
    world.later(days=1)
    announce(world)
    world.later(days=40)
    after = entry_about(world)
    for entry in (before, after):
        link(world, "sam", entry)
    assert world.rows(DisturbanceEntry) == []


def test_from_the_post_an_example_is_linked_when_it_carries_the_name(world: EntryWorld) -> None:
    announce(world)
    value = buttons(world.posts()[0][1])["Add an example"].value
    for shown_with in ("named", "side_only"):
        form = world.does("sam", new_form, value)
        assert WHAT in form.notice
        said = answer(form, what_happened="On Friday at 07:00 the slot was gone.", shown_with=shown_with)
        world.does("sam", save_form, world.request(), said)

    named = next(entry for entry in world.entries() if entry.author_id)
    assert [row.entry_id for row in world.rows(DisturbanceEntry)] == [named.id]


def test_a_name_that_goes_takes_the_link_along(world: EntryWorld) -> None:
    announce(world)
    entry = entry_about(world)
    link(world, "sam", entry)
    world.does("sam", take_name_off, entry.ref)
    assert world.rows(DisturbanceEntry) == []


def test_what_was_told_in_its_round_is_about_it(world: EntryWorld) -> None:
    announce(world)
    named, nameless = entry_about(world), entry_about(world)
    world.does("sam", take_name_off, nameless.ref)
    (round_,) = world.rows(CheckinRound)
    with world.database.transaction() as session:
        for entry in (named, nameless):
            link_by_round(session, session.get_one(Entry, entry.id), round_.id)
    assert [row.entry_id for row in world.rows(DisturbanceEntry)] == [named.id]


def test_a_change_of_another_company_is_unknown(world: EntryWorld) -> None:
    with pytest.raises(Refused, match="disturbance_gone"):
        world.does("sam", open_change, "elsewhere")


def test_four_weeks_are_counted_from_the_day_it_begins(world: EntryWorld) -> None:
    announce(world, from_on=TODAY + timedelta(days=20))
    assert the_change(world).linked_until == TODAY + timedelta(days=48)

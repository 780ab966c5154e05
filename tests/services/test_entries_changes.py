"""What is saved can be changed, taken back and put back, until a brief has it."""

from datetime import timedelta
from typing import Any

import pytest

from bot.domain.chat import Message
from bot.domain.errors import DuplicateRequest, Refused
from bot.services import entries
from bot.services.messages import errors
from bot.templates import speaker
from storage.database import Database
from storage.tables import Agreement, AgreementEntry, AgreementStatus, AuditRecord, Brief, EntryStatus, Kind, Level
from tests.builders import WORKSPACE, a_meeting, an_entry
from tests.clock import T0
from tests.services.entry_world import TAPAS, EntryWorld, answer, build_world, buttons, fields, plan_meetings, words


@pytest.fixture
def world(database: Database) -> EntryWorld:
    world = build_world(database)
    world.does("els", entries.capture_text, world.request(), Kind.CLASH, TAPAS)
    return world


def freeze(world: EntryWorld, **after: float) -> None:
    """A brief that knows what was written until that long after T0."""
    meeting = a_meeting(world.database)
    with world.database.transaction() as session:
        session.add(
            Brief(
                id="brief1", workspace_id=WORKSPACE, meeting_id=meeting.id, as_of=T0 + timedelta(**after), snapshot={}
            )
        )


def handle(world: EntryWorld) -> str:
    return world.entry().ref


def test_details_come_filled_in_and_are_kept(world: EntryWorld) -> None:
    form = world.does("els", entries.details_form, handle(world))
    assert fields(form)["what_happened"].initial == TAPAS
    assert fields(form)["tension"].initial == "T02"
    card = world.does(
        "els", entries.save_details, world.request(), answer(form, effect="80 minutes", level="day_to_day")
    )
    assert (world.entry().effect, world.entry().level, world.entry().what_happened) == (
        "80 minutes",
        Level.DAY_TO_DAY,
        TAPAS,
    )
    assert "changed, only you see this card" in words(card)
    assert "Effect: 80 minutes" in words(card)
    again = world.does("els", entries.details_form, handle(world))
    assert fields(again)["effect"].initial == "80 minutes"


def test_an_emptied_field_is_empty(world: EntryWorld) -> None:
    form = world.does("els", entries.details_form, handle(world))
    world.does("els", entries.save_details, world.request(), answer(form, effect="80 minutes"))
    form = world.does("els", entries.details_form, handle(world))
    world.does("els", entries.save_details, world.request(), answer(form, effect=None, tension="none"))
    assert (world.entry().effect, world.entry().tension_key) == (None, None)


def test_the_text_itself_cannot_be_emptied(world: EntryWorld) -> None:
    form = world.does("els", entries.details_form, handle(world))
    with pytest.raises(Refused, match="what_happened_empty"):
        world.does("els", entries.save_details, world.request(), answer(form, what_happened=None))
    assert world.entry().what_happened == TAPAS


def test_a_text_too_long_for_a_form_stays_as_it_is(world: EntryWorld) -> None:
    text = "thirty trays " * 400
    an_entry(world.database, ref="long", author_id=world.people["els"].id, what_happened=text)
    form = world.does("els", entries.details_form, "long")
    assert "what_happened" not in fields(form)
    assert "stays as it is" in form.notice
    world.does("els", entries.save_details, world.request(), answer(form, effect="40 minutes"))
    (entry,) = (entry for entry in world.entries() if entry.ref == "long")
    assert (entry.what_happened, entry.effect) == (text, "40 minutes")


def test_details_saved_twice_are_saved_once(world: EntryWorld) -> None:
    form = world.does("els", entries.details_form, handle(world))
    world.does("els", entries.save_details, "view 1", answer(form, effect="80 minutes"))
    with pytest.raises(DuplicateRequest):
        world.does("els", entries.save_details, "view 1", answer(form, effect="90 minutes"))
    assert world.entry().effect == "80 minutes"


def test_the_kind_is_changed_in_place(world: EntryWorld) -> None:
    choice = world.does("els", entries.kind_choice, handle(world))
    assert list(buttons(choice)) == ["Clash", "Went well", "Not so well", "Improve", "Back"]
    card = world.does("els", entries.set_kind, buttons(choice)["Not so well"].value)
    assert world.entry().kind == Kind.NOT_SO_WELL
    assert f"⛅ Not so well #{handle(world)} · changed" in words(card)
    back = world.does("els", entries.show_card, buttons(choice)["Back"].value)
    assert "Add details" in buttons(back)


def test_another_tension_is_one_press_away(world: EntryWorld) -> None:
    form = world.does("els", entries.tension_form, handle(world))
    assert [option.label for option in fields(form)["tension"].options] == [
        "Fast response against a stable schedule",
        "Growth against margin",
        "None of these",
    ]
    card = world.does("els", entries.save_tension, world.request(), answer(form, tension="T12"))
    assert "Tension: Growth against margin" in words(card)
    assert world.entry().tension_key == "T12"


def test_undo_and_put_back(world: EntryWorld) -> None:
    removed = world.does("els", entries.undo_entry, handle(world))
    assert words(removed) == f"⚡ Clash #{handle(world)} · removed, nobody else saw it [Put back]"
    assert world.entry().withdrawn_on == T0.date()
    assert words(world.does("els", entries.undo_entry, handle(world))) == words(removed)
    card = world.does("els", entries.restore_entry, buttons(removed)["Put back"].value)
    world.does("els", entries.restore_entry, handle(world))
    assert world.entry().withdrawn_on is None
    assert "put back, only you see this card" in words(card)


def test_nobody_else_saw_it_is_said_only_when_it_can_be_known(world: EntryWorld) -> None:
    world.later(days=1)
    assert "nobody else saw it" not in words(world.does("els", entries.undo_entry, handle(world)))


def test_what_was_withdrawn_is_not_changed_and_not_read(world: EntryWorld) -> None:
    world.does("els", entries.undo_entry, handle(world))
    for use_case in (entries.kind_choice, entries.share_entry, entries.read_entry, entries.resolve_entry):
        with pytest.raises(Refused, match="entry_removed"):
            world.does("els", use_case, handle(world))


@pytest.mark.parametrize("who", ["olaf", "sam", "lead"])
def test_only_its_author_changes_a_named_entry(world: EntryWorld, who: str) -> None:
    for use_case in (entries.details_form, entries.kind_choice, entries.undo_entry, entries.share_entry):
        with pytest.raises(Refused, match="not_yours"):
            world.does(who, use_case, handle(world))


def test_an_entry_of_another_workspace_is_unknown(world: EntryWorld) -> None:
    with pytest.raises(Refused, match="entry_unknown"):
        world.does("els", entries.read_entry, "zzzz")


def test_what_a_brief_has_no_longer_changes(world: EntryWorld) -> None:
    freeze(world, hours=17)
    for use_case in (entries.details_form, entries.kind_choice, entries.undo_entry):
        with pytest.raises(Refused, match="frozen"):
            world.does("els", use_case, handle(world))
    assert world.entry().withdrawn_on is None


def test_the_cure_is_to_add_what_is_new(world: EntryWorld) -> None:
    freeze(world, hours=17)
    with pytest.raises(Refused) as refused:
        world.does("els", entries.kind_choice, handle(world))
    said = errors.refused(speaker("en", "Europe/Amsterdam"), refused.value)
    ref = handle(world)
    assert words(said) == (
        f"#{ref} is in the brief of 11 June and no longer changes. Add what is new; I link the two.\n[Add to #{ref}]"
    )
    form = world.does("els", entries.new_form, buttons(said)[f"Add to #{ref}"].value)
    world.does("els", entries.save_form, world.request(), answer(form, what_happened="It cost 900 euro in the end."))
    assert len({entry.pair_id for entry in world.entries()} - {None}) == 1
    assert len(world.entries()) == 2


def test_a_brief_that_was_made_before_does_not_freeze(world: EntryWorld) -> None:
    freeze(world, hours=0)
    world.does("els", entries.kind_choice, handle(world))


def test_the_card_of_a_frozen_entry_promises_no_next_brief(world: EntryWorld) -> None:
    freeze(world, hours=17)
    card = world.does("els", entries.share_entry, handle(world))
    assert "It is in the brief of 11 June and no longer changes." in words(card)


def test_the_reader_of_a_frozen_entry_is_offered_no_change(world: EntryWorld) -> None:
    freeze(world, hours=17)
    assert list(buttons(world.does("els", entries.read_entry, handle(world)))) == [
        "Share",
        "Set to resolved",
        "Park",
        "Adopt",
    ]


def test_a_brief_that_was_missed_is_not_next(world: EntryWorld) -> None:
    plan_meetings(world)
    world.later(days=1)
    card = words(world.does("els", entries.show_card, handle(world)))
    assert "Next: the summary of Fri 12 June and the retro of 24 June" in card


def reads(world: EntryWorld, who: str) -> Message:
    return world.does(who, entries.open_entry, handle(world))


def test_the_reader_sees_the_whole_and_what_they_may_do(world: EntryWorld) -> None:
    assert f"⚡ Clash #{handle(world)} · Els (Operations) · Wed 10 June" in words(reads(world, "sam"))
    assert f"> {TAPAS}" in words(reads(world, "sam"))
    assert "Tension: Fast response against a stable schedule" in words(reads(world, "sam"))
    assert list(buttons(reads(world, "els"))) == [
        "Change",
        "Share",
        "Withdraw",
        "Set to resolved",
        "Park",
        "Adopt",
    ]
    assert list(buttons(reads(world, "sam"))) == ["Tell my side", "Set to resolved", "Park", "Adopt"]
    assert list(buttons(reads(world, "olaf"))) == []
    assert list(buttons(reads(world, "fin"))) == ["Tell my side"]
    assert list(buttons(reads(world, "lead"))) == ["Hide…", "Set to resolved", "Park", "Adopt"]


@pytest.mark.parametrize("who", ["els", "sam", "lead"])
def test_author_partner_and_facilitator_resolve_it_once(world: EntryWorld, who: str) -> None:
    for _ in range(2):
        said = world.does(who, entries.resolve_entry, handle(world))
    assert "resolved (10 June)" in words(said)
    assert world.entry().resolved_on == T0.date()
    (record,) = world.rows(AuditRecord)
    assert (record.actor_id, record.before, record.after) == (world.people[who].id, "open", "resolved")


@pytest.mark.parametrize("who", ["olaf", "fin"])
def test_colleagues_and_bridges_do_not_close_it(world: EntryWorld, who: str) -> None:
    for use_case in (entries.resolve_entry, entries.park_entry, entries.adopt_entry, entries.reopen_entry):
        with pytest.raises(Refused, match="status_rights"):
            world.does(who, use_case, handle(world))


def test_a_resolved_entry_opens_again_before_it_is_parked(world: EntryWorld) -> None:
    world.does("els", entries.resolve_entry, handle(world))
    with pytest.raises(Refused, match="status_move"):
        world.does("els", entries.park_entry, handle(world))
    opened = world.does("els", entries.reopen_entry, handle(world))
    assert world.entry().resolved_on is None
    assert "Park" in buttons(opened)


def test_an_entry_with_an_agreement_opens_again_as_agreed(world: EntryWorld) -> None:
    els, sam = world.people["els"].id, world.people["sam"].id
    with world.database.transaction() as session:
        day = T0.date()
        made: dict[str, Any] = {
            "made_on": day,
            "due_on": day,
            "owner_id": els,
            "partner_id": sam,
            "status": AgreementStatus.OPEN,
        }
        words_ = {"id": "a1", "workspace_id": WORKSPACE, "key": "A01", "title": "Swap rule", "text": "Swap"}
        session.add(Agreement(**words_ | made))
        session.flush()
        session.add(AgreementEntry(agreement_id="a1", entry_id=world.entry().id))
    world.does("els", entries.resolve_entry, handle(world))
    world.does("els", entries.reopen_entry, handle(world))
    assert world.entry().status == EntryStatus.AGREED


def hides(world: EntryWorld, who: str = "lead", reason: str | None = "It names a colleague") -> Message:
    form = world.does(who, entries.hide_form, handle(world))
    return world.does(who, entries.hide_entry, world.request(), answer(form, reason=reason))


def test_a_facilitator_hides_what_names_a_person(world: EntryWorld) -> None:
    hides(world)
    with pytest.raises(Refused, match="entry_hidden"):
        world.does("sam", entries.read_entry, handle(world))
    assert "Hidden by a facilitator: It names a colleague" in words(reads(world, "els"))
    (record,) = world.rows(AuditRecord)
    assert (record.action, record.actor_id, record.after) == (
        "entry.hide",
        world.people["lead"].id,
        "hidden",
    )


def test_hiding_needs_a_reason_and_a_facilitator(world: EntryWorld) -> None:
    with pytest.raises(Refused, match="reason_empty"):
        hides(world, reason=None)
    for who in ("els", "sam"):
        with pytest.raises(Refused, match="facilitators_only"):
            hides(world, who)
    assert world.entry().hidden_reason is None


def test_hidden_twice_is_audited_once(world: EntryWorld) -> None:
    hides(world)
    hides(world, reason="another reason")
    assert len(world.rows(AuditRecord)) == 1
    assert world.entry().hidden_reason == "It names a colleague"

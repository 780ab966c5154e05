"""Capture: what is typed becomes an entry at once, and the card says what was understood."""

from datetime import timedelta
from typing import Any

import pytest

from bot.domain.chat import Message, Quote
from bot.domain.errors import DuplicateRequest, Refused, UnknownMember
from bot.services import entries
from bot.services.access import Sender
from storage.database import Database
from storage.tables import Draft, EntryStatus, Kind, Level, Platform, Visibility
from tests.builders import a_context, a_member, an_entry, an_objective
from tests.clock import T0
from tests.services.entry_world import TAPAS, EntryWorld, answer, build_world, buttons, fields, plan_meetings, words


@pytest.fixture
def world(database: Database) -> EntryWorld:
    return build_world(database)


def captures(world: EntryWorld, text: str, who: str = "els", kind: Kind = Kind.CLASH, **more: Any) -> Message:
    return world.does(who, entries.capture_text, world.request(), kind, text, **more)


def test_a_clash_is_saved_word_for_word_with_its_author(world: EntryWorld) -> None:
    captures(world, TAPAS, permalink="https://chat.example/p1")
    entry = world.entry()
    assert (entry.kind, entry.what_happened, entry.side) == (Kind.CLASH, TAPAS, "operations")
    assert (entry.author_id, entry.created_at, entry.permalink) == (
        world.people["els"].id,
        T0,
        "https://chat.example/p1",
    )
    assert (entry.status, entry.language, entry.plant) == (EntryStatus.OPEN, "en", "Noord")


def test_the_card_says_what_was_understood_and_what_comes_next(world: EntryWorld) -> None:
    plan_meetings(world)
    card = captures(world, TAPAS)
    ref = world.entry().ref
    said = words(card)
    assert f"⚡ Clash #{ref} · saved, only you see this card" in said
    assert "My guess: Fast response against a stable schedule [Other tension]" in said
    assert "Next: the brief of Thu 11 June and the retro of 24 June, with your name." in said
    assert said.endswith("[Add details] [Change kind] [Ask the other side] [Share] [Undo]")
    assert world.entry().tension_key == "T02"


def test_without_a_meeting_the_summary_is_next_and_without_a_name_nothing_is_promised(world: EntryWorld) -> None:
    assert "Next: the summary of Fri 12 June, with your name." in words(captures(world, TAPAS))
    assert "no meeting is planned yet" in words(captures(world, f"quietly {TAPAS}"))


def test_a_brief_that_is_out_already_is_not_next(world: EntryWorld) -> None:
    plan_meetings(world)
    world.later(hours=17, minutes=1)
    assert "Next: the summary of Fri 12 June and the retro of 24 June, with your name." in words(captures(world, TAPAS))


def test_a_long_text_is_kept_whole_and_shown_cut(world: EntryWorld) -> None:
    text = "Twelve trays short on line two, a retailer waiting. " * 200
    card = captures(world, text)
    quote = next(part for part in card.parts if isinstance(part, Quote))
    assert world.entry().what_happened == text.strip()
    assert len(quote.text) <= 150
    assert buttons(card)["Read all"].value == world.entry().ref


def test_a_short_text_needs_no_link_to_the_rest(world: EntryWorld) -> None:
    assert "Read all" not in buttons(captures(world, "12 trays short at Retailer A on Friday."))


def test_what_was_typed_cannot_become_markup_or_a_ping(world: EntryWorld) -> None:
    text = "“Smart” **bold** [x](https://evil.example) <!channel> 😀\non Friday 12 June, 30 trays"
    captures(world, text)
    assert world.entry().what_happened == text
    reading = world.does("sam", entries.read_entry, world.entry().ref)
    assert any(isinstance(part, Quote) and part.text == text for part in reading.parts)


def test_somebody_who_was_mentioned_is_called_by_name(world: EntryWorld) -> None:
    a_member(world.database, external_id="U024BE7LH", name="Planner Zuid")
    captures(world, "Told @U024BE7LH and @U000NOBODY on Friday: 40 trays.")
    assert world.entry().what_happened == "Told @Planner Zuid and @U000NOBODY on Friday: 40 trays."


def test_a_repeated_delivery_has_one_effect(world: EntryWorld) -> None:
    world.does("els", entries.capture_text, "same request", Kind.CLASH, TAPAS)
    world.later(minutes=4)
    with pytest.raises(DuplicateRequest):
        world.does("els", entries.capture_text, "same request", Kind.CLASH, TAPAS)
    assert len(world.entries()) == 1


def test_nothing_is_saved_for_somebody_unknown(world: EntryWorld) -> None:
    stranger = Sender(Platform.SLACK, "T1", "U404")
    with pytest.raises(UnknownMember), world.database.transaction() as session:
        entries.capture_text(session, a_context(), stranger, "r", Kind.CLASH, TAPAS)
    assert world.entries() == []
    assert world.rows(Draft) == []


@pytest.mark.parametrize("text", ["", "  \n ", "quietly", "stil:"])
def test_a_text_that_says_nothing_is_refused_kindly(world: EntryWorld, text: str) -> None:
    with pytest.raises(Refused) as refused:
        captures(world, text)
    assert (refused.value.sentence, refused.value.field) == ("what_happened_empty", "what_happened")


def test_something_like_it_happened_before(world: EntryWorld) -> None:
    captures(world, TAPAS)
    earlier = world.entry()
    card = captures(
        world, "Retailer A doubled the tapas box again, inside the frozen zone: 1,800 trays, two changeovers."
    )
    link = buttons(card)[f"Link to #{earlier.ref}"]
    assert f"Looks like #{earlier.ref} of 10 June." in words(card)
    linked = world.does("els", entries.link_recurrence, link.value)
    again = world.does("els", entries.link_recurrence, link.value)
    assert f"Linked to #{earlier.ref} of 10 June." in words(linked) == words(again)
    assert [entry.recurrence_of for entry in world.entries() if entry.id != earlier.id] == [earlier.id]


def test_what_was_told_without_a_name_is_suggested_from_the_next_day_on(world: EntryWorld) -> None:
    captures(world, f"quietly {TAPAS}")
    ref = world.entry().ref
    same_day = captures(world, TAPAS)
    world.does("els", entries.undo_entry, buttons(same_day)["Undo"].value)
    assert "Looks like" not in words(same_day)
    world.later(days=1)
    assert f"Looks like #{ref} of 10 June." in words(captures(world, TAPAS))


def test_only_what_everybody_may_see_is_suggested(world: EntryWorld) -> None:
    captures(world, TAPAS)
    world.does("els", entries.undo_entry, world.entry().ref)
    assert "Looks like" not in words(captures(world, TAPAS))


def test_a_generalisation_gets_one_question_in_its_own_language(world: EntryWorld) -> None:
    card = captures(world, "Sales houdt zich nooit aan het plan.")
    assert "saved word for word" in words(card)
    assert "Eén vraag, als je wilt: over welke order of dag ging het de laatste keer" in words(card)
    assert "[Add details] [Change kind] [Ask the other side] [Share] [Undo]" in words(card)


def test_a_guess_that_is_not_shown_is_not_filled_in(world: EntryWorld) -> None:
    card = captures(world, "Sales never sticks to the stable schedule, always a late change.")
    assert "My guess" not in words(card)
    assert world.entry().tension_key is None
    form = world.does("els", entries.details_form, world.entry().ref)
    assert fields(form)["tension"].initial == "T02"


def test_the_question_is_asked_once(world: EntryWorld) -> None:
    captures(world, "Sales never sticks to the plan.")
    assert "One question" not in words(world.does("els", entries.show_card, world.entry().ref))


def test_a_cry_for_help_is_offered_help_where_there_is_a_channel_for_it(database: Database) -> None:
    text = "Truck 4 of Discounter D is late right now, who can help??"
    world = build_world(database, help_channel_id="C-DISPATCH")
    offer = buttons(captures(world, text))["Ask for help"]
    assert (offer.action, offer.value) == ("entry.help", world.entry().ref)


def test_without_such_a_channel_no_help_is_promised(world: EntryWorld) -> None:
    assert "Somebody needed today?" not in words(captures(world, "Truck 4 is late right now, who can help??"))


def test_the_form_asks_one_thing_and_fills_in_the_rest(world: EntryWorld) -> None:
    an_objective(world.database, key="O1")
    form = world.does("els", entries.capture_form, Kind.WENT_WELL)
    assert [name for name, each in fields(form).items() if each.required and not each.initial] == ["what_happened"]
    assert fields(form)["kind"].initial == Kind.WENT_WELL
    assert fields(form)["shown_with"].initial == Visibility.NAMED
    assert fields(form)["lesson"].hint == "What made it go well?"
    assert list(fields(form)) == [
        "what_happened",
        "kind",
        "effect",
        "own_interest",
        "other_interest",
        "lesson",
        "shown_with",
        "tension",
        "objective",
        "level",
    ]


def test_a_saved_form_keeps_every_field(world: EntryWorld) -> None:
    an_objective(world.database, key="O1", name="Reliable supply")
    form = world.does("els", entries.capture_form, Kind.CLASH)
    said = {"effect": "80 minutes", "own_interest": "rest", "other_interest": "a yes", "lesson": "swap"}
    chosen = {"tension": "T12", "objective": "O1", "level": "implementation", "kind": "improve"}
    card = world.does("els", entries.save_form, world.request(), answer(form, what_happened=TAPAS, **said, **chosen))
    entry = world.entry()
    assert {name: getattr(entry, name) for name in said} == said
    assert (entry.tension_key, entry.objective_key, entry.level, entry.kind) == (
        "T12",
        "O1",
        Level.IMPLEMENTATION,
        Kind.IMPROVE,
    )
    assert "Effect: 80 minutes" in words(card)
    assert "Tension: Growth against margin [Other tension]" in words(card)
    assert "Objective: Reliable supply" in words(card)


def test_a_form_opened_empty_still_gets_a_guess(world: EntryWorld) -> None:
    form = world.does("els", entries.capture_form, Kind.CLASH)
    card = world.does("els", entries.save_form, world.request(), answer(form, what_happened=TAPAS))
    assert "My guess: Fast response" in words(card)


def test_a_guess_that_was_emptied_stays_empty(world: EntryWorld) -> None:
    form = world.does("els", entries.capture_form, Kind.CLASH, text=TAPAS)
    assert fields(form)["tension"].initial == "T02"
    world.does("els", entries.save_form, world.request(), answer(form, tension="none"))
    assert world.entry().tension_key is None


def test_a_form_without_a_text_is_refused_at_its_field_and_can_be_sent_again(world: EntryWorld) -> None:
    form = world.does("els", entries.capture_form, Kind.CLASH)
    with pytest.raises(Refused) as refused:
        world.does("els", entries.save_form, "view 1", answer(form, what_happened="  "))
    assert refused.value.field == "what_happened"
    world.does("els", entries.save_form, "view 1", answer(form, what_happened=TAPAS))
    assert len(world.entries()) == 1


def test_a_form_from_a_message_keeps_the_link_and_says_so(world: EntryWorld) -> None:
    said = ("noord-planning", T0 + timedelta(minutes=42))
    form = world.does("els", entries.capture_form, Kind.CLASH, TAPAS, "https://chat.example/p1", said)
    assert form.notice == "From #noord-planning, 10 June, 16:42. The link is kept."
    assert fields(form)["what_happened"].initial == TAPAS
    world.does("els", entries.save_form, world.request(), answer(form))
    assert world.entry().permalink == "https://chat.example/p1"


def test_what_a_colleague_wrote_is_not_read_as_a_command(world: EntryWorld) -> None:
    text = "Quietly, line 2 lost 40 minutes on Friday"
    form = world.does("els", entries.capture_form, Kind.CLASH, text, "https://chat.example/p1", ("noord", T0))
    assert fields(form)["what_happened"].initial == text
    assert fields(form)["shown_with"].initial == Visibility.NAMED


def test_a_form_is_never_filled_with_more_than_it_holds(world: EntryWorld) -> None:
    text = "a" * 3_500
    form = world.does("els", entries.capture_form, Kind.CLASH, text, "https://chat.example/p1", ("noord", T0))
    assert fields(form)["what_happened"].initial == text[:3_000]
    assert "the link leads to the rest" in form.notice


def test_a_private_chat_is_not_called_by_its_code(world: EntryWorld) -> None:
    form = world.does("els", entries.capture_form, Kind.CLASH, TAPAS, "https://x.example/1", ("directmessage", T0))
    assert form.notice == "From a private chat, 10 June, 16:00. The link is kept."


def test_an_imported_title_counts_for_what_looks_alike(world: EntryWorld) -> None:
    an_entry(
        world.database, ref="old1", title="Football tapas box doubled", what_happened="See title.", tension_key="T02"
    )
    card = captures(world, "The football tapas box was doubled on Friday, 900 trays.")
    assert "Looks like #old1" in words(card)

"""What must not be known is never written: side-only entries, however they came about."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import inspect, text

from bot.domain.chat import Message
from bot.domain.errors import DuplicateRequest, Refused
from bot.services import entries
from bot.services.scheduling import next_due, plan
from storage.database import Database
from storage.tables import COMPANY, AuditRecord, Kind, Outgoing, ScheduleKind, Source, Visibility
from tests.builders import SECRETS, a_context, an_entry
from tests.clock import T0
from tests.services.entry_world import TAPAS, EntryWorld, answer, build_world, buttons, fields, plan_meetings, words

MAY_STAND = {
    "id",
    "workspace_id",
    "ref",
    "kind",
    "visibility",
    "side",
    "created_on",
    "source",
    "language",
    "what_happened",
    "own_interest",
    "other_interest",
    "effect",
    "lesson",
    "level",
    "tension_key",
    "objective_key",
    "plant",
    "status",
    "change_token_hash",
}


@pytest.fixture
def world(database: Database) -> EntryWorld:
    return build_world(database)


def whispers(world: EntryWorld, who: str = "els", words_: str = TAPAS) -> Message:
    return world.does(
        who, entries.capture_text, world.request(), Kind.CLASH, f"quietly {words_}", "https://x.example/1"
    )


def by_form(world: EntryWorld, who: str = "els") -> Message:
    form = world.does(who, entries.capture_form, Kind.CLASH, TAPAS, "https://x.example/1", ("noord", T0))
    return world.does(who, entries.save_form, world.request(), answer(form, shown_with="side_only"))


def by_default(world: EntryWorld, who: str = "els") -> Message:
    with world.database.transaction() as session:
        member = session.merge(world.people[who])
        member.sealed_default = SECRETS.seal(Visibility.SIDE_ONLY)
    return world.does(who, entries.capture_text, world.request(), Kind.CLASH, TAPAS, "https://x.example/1")


def by_taking_the_name_off(world: EntryWorld, who: str = "els") -> Message:
    world.does(who, entries.capture_text, world.request(), Kind.CLASH, TAPAS, "https://x.example/1")
    return world.does(who, entries.take_name_off, world.entry().ref)


WAYS = [whispers, by_form, by_default, by_taking_the_name_off]


@pytest.mark.parametrize("way", WAYS)
def test_only_what_may_be_known_is_written(world: EntryWorld, way: Callable[[EntryWorld], Message]) -> None:
    way(world)
    entry = world.entry()
    written = {name for name, value in entry.model_dump().items() if value is not None}
    assert written <= MAY_STAND
    assert (entry.visibility, entry.side, entry.source) == (Visibility.SIDE_ONLY, "operations", Source.CAPTURE)
    assert (entry.plant, entry.language) == ("Noord", "en")
    assert entry.what_happened == TAPAS


@pytest.mark.parametrize("way", WAYS)
def test_nothing_else_in_the_database_leads_to_the_author(
    world: EntryWorld, way: Callable[[EntryWorld], Message]
) -> None:
    way(world)
    entry, author = world.entry(), world.people["els"]
    assert world.rows(AuditRecord) == []
    assert world.rows(Outgoing) == []
    named = {entry.id, entry.ref, entry.change_token_hash}
    for table, rows in everything(world.database).items():
        for row in rows:
            seen = " ".join(str(value) for value in row)
            assert table == "entries" or not any(name in seen for name in named if name), table
            assert table == "members" or author.id not in seen.split(), table


def everything(database: Database) -> dict[str, list[Any]]:
    with database.engine.connect() as connection:
        tables = inspect(connection).get_table_names()
        return {table: list(connection.execute(text(f'SELECT * FROM "{table}"'))) for table in tables}


@pytest.mark.parametrize("way", WAYS)
def test_the_card_alone_can_change_it(world: EntryWorld, way: Callable[[EntryWorld], Message]) -> None:
    card = way(world)
    undo = buttons(card)["Undo"]
    ref, _, token = undo.value.partition(".")
    assert token
    assert token not in str(everything(world.database))
    for wrong in (ref, f"{ref}.", f"{ref}.{'0' * len(token)}"):
        with pytest.raises(Refused, match="token_needed"):
            world.does("els", entries.undo_entry, wrong)
    world.does("els", entries.undo_entry, undo.value)
    assert world.entry().withdrawn_on == T0.date()


def test_the_card_says_so(world: EntryWorld) -> None:
    plan_meetings(world)
    said = words(whispers(world))
    assert (
        'Next: the brief of Thu 11 June and the retro of 24 June, as "Operations". '
        "Your name is stored nowhere: change or undo it on this card only."
    ) in said
    assert "Els" not in said


def test_a_brief_of_the_same_day_will_not_have_it(world: EntryWorld) -> None:
    plan_meetings(world)
    world.later(hours=16)  # Thursday 11 June, 08:00; the brief is due at 09:00 and knows whole days only
    assert 'Next: the retro of 24 June, as "Operations".' in words(whispers(world))


def test_a_side_under_five_reads_from_the_company(world: EntryWorld) -> None:
    plan_meetings(world)
    card = whispers(world, "fin")
    entry = world.entry()
    assert (entry.side, entry.plant, entry.language) == (COMPANY, None, None)
    assert 'as "from the company"' in words(card)
    assert "Finance" not in words(card)
    form = world.does("fin", entries.capture_form, Kind.CLASH)
    assert [option.label for option in fields(form)["shown_with"].options] == [
        "My name",
        "Without my name (from the company)",
    ]


def test_no_help_and_no_second_thoughts_are_offered_without_a_name(database: Database) -> None:
    world = build_world(database, help_channel_id="C-DISPATCH")
    help_ = whispers(world, words_="truck 4 of Discounter D is late right now, who can help??")
    afraid = whispers(world, words_="I don't dare to say this in the retro but weekends are killing my crew")
    assert "Ask for help" not in buttons(help_)
    assert "Take my name off" not in buttons(afraid)


def test_what_is_not_safe_to_say_is_offered_without_a_name(world: EntryWorld) -> None:
    text_ = "I don't dare to say this in the retro but weekends are killing my crew"
    card = world.does("els", entries.capture_text, world.request(), Kind.CLASH, text_)
    assert list(buttons(card)) == ["Take my name off", "Keep my name", "Undo"]
    assert 'it then reads "Operations". Backups keep it for 30 days.' in words(card)
    kept = world.does("els", entries.keep_name, buttons(card)["Keep my name"].value)
    assert "Share" in buttons(kept)
    assert world.entry().author_id == world.people["els"].id


def test_the_small_side_is_told_how_it_would_read(world: EntryWorld) -> None:
    text_ = "I don't dare to say this in the retro but weekends are killing my crew"
    card = world.does("fin", entries.capture_text, world.request(), Kind.CLASH, text_)
    assert 'it then reads "from the company"' in words(card)


def test_a_second_press_on_the_old_card_does_nothing(world: EntryWorld) -> None:
    by_taking_the_name_off(world)
    before = world.entry().change_token_hash
    with pytest.raises(DuplicateRequest):
        world.does("els", entries.take_name_off, world.entry().ref)
    assert world.entry().change_token_hash == before


def test_nobody_takes_off_the_name_of_another(world: EntryWorld) -> None:
    world.does("els", entries.capture_text, world.request(), Kind.CLASH, TAPAS)
    for who in ("olaf", "lead", "sam"):
        with pytest.raises(Refused, match="not_yours"):
            world.does(who, entries.take_name_off, world.entry().ref)


def test_taking_the_name_off_forgets_what_its_author_did_with_it(world: EntryWorld) -> None:
    world.does("els", entries.capture_text, world.request(), Kind.CLASH, TAPAS)
    ref = world.entry().ref
    world.does("els", entries.resolve_entry, ref)
    world.does("sam", entries.reopen_entry, ref)
    world.does("els", entries.take_name_off, ref)
    assert [record.actor_id for record in world.rows(AuditRecord)] == [world.people["sam"].id]


def test_customer_and_family_go_with_the_name(world: EntryWorld) -> None:
    els = world.people["els"]
    an_entry(
        world.database,
        ref="k7m9",
        side="operations",
        author_id=els.id,
        plant="Zuid",
        customer="Retailer A",
        product_family="ready_meals",
    )
    world.does("els", entries.take_name_off, "k7m9")
    entry = world.entry()
    assert (entry.plant, entry.customer, entry.product_family) == (None, None, None)


def test_the_card_says_that_the_name_is_off(world: EntryWorld) -> None:
    assert "your name is off, only you see this card" in words(by_taking_the_name_off(world))


def test_the_post_of_a_shared_entry_loses_the_name_too(world: EntryWorld) -> None:
    world.does("els", entries.capture_text, world.request(), Kind.CLASH, TAPAS)
    world.does("els", entries.share_entry, world.entry().ref)
    world.does("els", entries.take_name_off, world.entry().ref)
    (post,) = world.posts()
    assert "Els" not in str(post)
    assert "· Operations" in words(post[1])
    assert "Els" not in str(everything(world.database)["outbox"])


def test_a_shared_side_only_entry_waits_for_the_full_hour(world: EntryWorld) -> None:
    card = whispers(world)
    world.later(minutes=17)
    shared = world.does("els", entries.share_entry, buttons(card)["Share"].value)
    (row,) = world.rows(Outgoing)
    assert (row.not_before.minute, row.not_before.second) == (0, 0)
    assert row.not_before > world.now
    assert "on Wed 10 June, 17:00 (Amsterdam): later, so that the moment does not point at you." in words(shared)


def test_what_the_author_does_to_it_leaves_no_trail(world: EntryWorld) -> None:
    handle = buttons(whispers(world))["Undo"].value
    world.does("els", entries.resolve_entry, handle)
    assert world.rows(AuditRecord) == []


def test_it_is_edited_with_its_token(world: EntryWorld) -> None:
    handle = buttons(whispers(world))["Add details"].value
    form = world.does("els", entries.details_form, handle)
    card = world.does("els", entries.save_details, world.request(), answer(form, effect="80 minutes of line time"))
    assert world.entry().effect == "80 minutes of line time"
    assert buttons(card)["Undo"].value == handle


def test_adding_to_a_named_entry_without_a_name_links_nothing(world: EntryWorld) -> None:
    world.does("els", entries.capture_text, world.request(), Kind.CLASH, TAPAS)
    ref = world.entry().ref
    form = world.does("els", entries.new_form, f"clash|{ref}")
    world.does(
        "els", entries.save_form, world.request(), answer(form, what_happened="More of it", shown_with="side_only")
    )
    assert [entry.pair_id for entry in world.entries()] == [None, None]


def test_a_help_reminder_of_an_entry_without_a_name_is_off(database: Database) -> None:
    world = build_world(database, help_channel_id="C-DISPATCH")
    world.does("els", entries.capture_text, world.request(), Kind.CLASH, TAPAS)
    entry = world.entry()
    with database.transaction() as session:
        plan(session, a_context(), entry.workspace_id, ScheduleKind.HELP_LESSON, entry.id, T0)
    world.does("els", entries.take_name_off, entry.ref)
    with database.snapshot() as session:
        assert next_due(session) is None

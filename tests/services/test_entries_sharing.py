"""An entry in the channel: one post, kept true, and the other side beside it."""

import pytest
from sqlmodel import select

from bot.domain.chat import Message
from bot.domain.chat_json import from_json
from bot.domain.errors import DuplicateRequest, Refused
from bot.services import entries
from storage.database import Database
from storage.tables import Entry, Kind, OutboxState, Outgoing, Visibility
from tests.services.entry_world import TAPAS, EntryWorld, answer, build_world, buttons, fields, words


@pytest.fixture
def world(database: Database) -> EntryWorld:
    world = build_world(database)
    world.does("els", entries.capture_text, world.request(), Kind.CLASH, TAPAS)
    return world


def first(world: EntryWorld) -> Entry:
    return next(entry for entry in world.entries() if entry.what_happened == TAPAS)


def shares(world: EntryWorld) -> Message:
    return world.does("els", entries.share_entry, first(world).ref)


def arrives(world: EntryWorld) -> None:
    """What waits stands in the channel now."""
    with world.database.transaction() as session:
        for row in session.exec(select(Outgoing)):
            row.state, row.message = OutboxState.SENT, None
            row.sent_channel_id, row.sent_message_id = row.target_id, "1.0"


def in_channel(world: EntryWorld) -> str:
    (post,) = world.posts()
    assert post[0] == "C-SOP"
    return words(post[1])


def tells(world: EntryWorld, who: str, text: str, **values: str) -> Message:
    form = world.does(who, entries.tell_form, first(world).ref)
    return world.does(who, entries.save_tell, world.request(), answer(form, what_happened=text, **values))


def test_it_stands_in_the_channel_once_with_who_told_it(world: EntryWorld) -> None:
    card = shares(world)
    shares(world)
    ref = first(world).ref
    assert in_channel(world).splitlines()[0] == f"⚡ Clash #{ref} · Els (Operations)"
    assert in_channel(world).splitlines()[-1] == "[Tell my side] [Read all]"
    assert "Shared in #sales-operations." in words(card)
    assert "Share" not in buttons(card)


def test_the_notification_of_the_post_says_neither_text_nor_name(world: EntryWorld) -> None:
    shares(world)
    ((_, post),) = world.posts()
    assert post.summary == f"⚡ Clash #{first(world).ref}"


def test_the_buttons_of_the_post_carry_no_token(world: EntryWorld) -> None:
    card = world.does("els", entries.capture_text, world.request(), Kind.CLASH, "stil 40 trays on Friday")
    world.does("els", entries.share_entry, buttons(card)["Share"].value)
    ((_, post),) = world.posts()
    assert all("." not in button.value for button in buttons(post).values())


def test_without_a_channel_the_cure_is_told(database: Database) -> None:
    world = build_world(database, channel_id=None)
    world.does("els", entries.capture_text, world.request(), Kind.CLASH, TAPAS)
    with pytest.raises(Refused, match="no_share_channel"):
        shares(world)
    assert world.entry().shared_channel_id is None


def test_the_post_follows_a_change(world: EntryWorld) -> None:
    shares(world)
    arrives(world)
    world.does("els", entries.set_kind, f"{first(world).ref}|improve")
    assert "💡 Improve" in in_channel(world)


def test_a_post_that_has_not_left_yet_is_written_again(world: EntryWorld) -> None:
    shares(world)
    world.does("els", entries.set_kind, f"{first(world).ref}|improve")
    assert "💡 Improve" in in_channel(world)
    assert len(world.rows(Outgoing)) == 1


def test_a_withdrawn_post_says_so_and_comes_back(world: EntryWorld) -> None:
    shares(world)
    arrives(world)
    removed = world.does("els", entries.withdraw_entry, first(world).ref)
    assert "removed; the post in the channel now says so" in words(removed)
    assert in_channel(world) == f"⚡ Clash #{first(world).ref} · withdrawn by its author"
    world.does("els", entries.restore_entry, first(world).ref)
    assert "Els (Operations)" in in_channel(world)


def test_what_is_withdrawn_before_it_was_posted_is_never_posted(world: EntryWorld) -> None:
    shares(world)
    removed = world.does("els", entries.undo_entry, first(world).ref)
    assert world.rows(Outgoing) == []
    assert "removed, nobody else saw it" in words(removed)
    card = world.does("els", entries.restore_entry, first(world).ref)
    world.does("els", entries.share_entry, buttons(card)["Share"].value)
    assert "Els (Operations)" in in_channel(world)


def test_a_hidden_post_is_gone_too(world: EntryWorld) -> None:
    shares(world)
    arrives(world)
    form = world.does("lead", entries.hide_form, first(world).ref)
    world.does("lead", entries.hide_entry, world.request(), answer(form, reason="It names a colleague"))
    assert in_channel(world) == f"⚡ Clash #{first(world).ref} · hidden by a facilitator"


def test_all_changes_go_to_the_one_post(world: EntryWorld) -> None:
    shares(world)
    arrives(world)
    for kind in ("improve", "not_so_well"):
        world.does("els", entries.set_kind, f"{first(world).ref}|{kind}")
    roots = [row for row in world.rows(Outgoing) if row.replaces is None]
    assert len(roots) == 1
    assert {row.replaces for row in world.rows(Outgoing)} == {None, roots[0].id}
    assert "⛅" in in_channel(world)


def test_the_other_side_stands_beside_it(world: EntryWorld) -> None:
    shares(world)
    arrives(world)
    card = tells(world, "sam", "A fast yes is good; I want to see its price.", kind="went_well")
    told = next(entry for entry in world.entries() if entry.id != first(world).id)
    assert (told.side, told.author_id, told.kind) == ("sales", world.people["sam"].id, Kind.WENT_WELL)
    assert told.pair_id == first(world).pair_id is not None
    assert f"Stands beside #{first(world).ref}." in words(card)
    assert f"both sides told (#{told.ref})" in in_channel(world)
    both = words(world.does("olaf", entries.read_entry, first(world).ref))
    assert TAPAS in both
    assert "A fast yes is good; I want to see its price." in both


def test_a_bridge_is_named_as_such(world: EntryWorld) -> None:
    shares(world)
    arrives(world)
    tells(world, "fin", "It cost 900 euro.")
    assert "also told by Finance (#" in in_channel(world)


def test_the_form_shows_what_it_stands_beside(world: EntryWorld) -> None:
    form = world.does("sam", entries.tell_form, first(world).ref)
    assert form.notice.startswith(f"Beside #{first(world).ref}, Els \\(Operations\\): “On Wednesday 10 June")
    assert list(fields(form)) == ["what_happened", "kind", "own_interest", "shown_with"]
    assert dict(form.payload) == {"entry": first(world).ref}


def test_the_other_side_may_be_told_without_a_name_and_moves_no_post(world: EntryWorld) -> None:
    shares(world)
    arrives(world)
    tells(world, "sam", "I could only tell the buyer no.", shown_with="side_only")
    told = next(entry for entry in world.entries() if entry.id != first(world).id)
    assert (told.visibility, told.author_id, told.created_at) == (Visibility.SIDE_ONLY, None, None)
    assert told.pair_id == first(world).pair_id
    assert world.posts() == []


def test_ones_own_side_is_told_already(world: EntryWorld) -> None:
    for who in ("els", "olaf"):
        with pytest.raises(Refused, match="own_side"):
            world.does(who, entries.tell_form, first(world).ref)


def test_told_twice_by_a_double_press_is_told_once(world: EntryWorld) -> None:
    form = world.does("sam", entries.tell_form, first(world).ref)
    world.does("sam", entries.save_tell, "view 1", answer(form, what_happened="I said yes at 16:40."))
    with pytest.raises(DuplicateRequest):
        world.does("sam", entries.save_tell, "view 1", answer(form, what_happened="I said yes at 16:40."))
    assert len(world.entries()) == 2


def test_a_post_survives_the_outbox_as_it_was_made(world: EntryWorld) -> None:
    shares(world)
    (row,) = world.rows(Outgoing)
    assert row.message is not None
    assert row.key == f"share:{first(world).id}"
    assert words(from_json(row.message)) == in_channel(world)

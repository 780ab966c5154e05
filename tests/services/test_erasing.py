"""A person disappears, and what the company learnt from them stays."""

import asyncio
import json
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import select

from bot.domain.chat import Button, Message, Text
from bot.domain.errors import Refused, UnknownMember
from bot.services.access import Profile, Sender, access_actor
from bot.services.briefs import brief_decisions
from bot.services.decisions import list_decisions_card
from bot.services.entries import capture_text, open_entry
from bot.services.figures import as_json, period_figures
from bot.services.members import choose_side, save_settings, settings_form
from bot.services.outbox import enqueue
from bot.services.privacy import Erased, erase_me, erase_member, export_mine, show_privacy
from bot.services.samples import load_sample, read_sample
from bot.services.workspaces import ensure_workspace
from storage.database import Database
from storage.members import find_member
from storage.privacy import HELD, count_held
from storage.tables import (
    COMPANY,
    Agreement,
    Ask,
    AuditRecord,
    Brief,
    CheckinAsked,
    CheckinExample,
    CheckinText,
    Decision,
    DecisionObjection,
    Disturbance,
    Kind,
    Meeting,
    Member,
    Outgoing,
    Platform,
    PrivateItem,
    PulseAsked,
    Role,
    Visibility,
    Workspace,
    ZoneFrom,
)
from tests.brief_text import text_of
from tests.builders import WORKSPACE, a_context, a_member
from tests.clock import T0
from tests.services.a_life import CHAT_ID, NAME, everything, lives, spelled
from tests.services.brief_company import DUE, Company
from tests.services.entry_world import TAPAS, EntryWorld, answer, build_world, words
from tests.services.test_appointments import chooses, comes
from tests.services.test_figures import END, HALF_YEAR


@pytest.fixture
def world(database: Database) -> EntryWorld:
    return build_world(database)


def erase(world: EntryWorld, who: str = "els") -> Erased:
    with world.database.transaction() as session:
        workspace = session.exec(select(Workspace)).one()
        member = session.get_one(Member, world.people[who].id)
        return erase_member(session, a_context(world.now), workspace, member)


def row(world: EntryWorld, table: type[Any]) -> Any:
    (only,) = world.rows(table)
    return only


def test_the_life_of_the_tests_fills_every_table_there_is(world: EntryWorld) -> None:
    member = lives(world)
    with world.database.snapshot() as session:
        assert [name for name, count in count_held(session, member).items() if not count] == []


def test_neither_name_nor_id_is_left_anywhere_in_the_files(world: EntryWorld) -> None:
    lives(world)
    words = {*spelled(NAME), CHAT_ID}
    assert [word for word in words if word in everything(world.database)]
    erase(world)
    asyncio.run(world.database.scrub())
    left = everything(world.database)
    assert "Retailer A doubled" in left
    assert [word for word in words if word in left] == []


def test_of_somebody_chosen_before_they_came_nothing_is_left_either(world: EntryWorld) -> None:
    chooses(world, CHAT_ID)
    comes(world, CHAT_ID)
    with world.database.transaction() as session:
        workspace, member = session.exec(select(Workspace)).one(), find_member(session, WORKSPACE, CHAT_ID)
        assert member
        assert member.role == Role.FACILITATOR
        erase_member(session, a_context(world.now), workspace, member)
    asyncio.run(world.database.scrub())
    left = everything(world.database)
    assert "member.role" in left
    assert [word for word in (*spelled(NAME), CHAT_ID) if word in left] == []


def test_what_they_told_stays_and_reads_as_their_side(world: EntryWorld) -> None:
    member = lives(world)
    written = [entry.id for entry in world.entries() if entry.author_id == member.id]
    erased = erase(world)
    assert erased.held["entries"] == len(written) == 2
    for entry in world.entries():
        if entry.id in written:
            assert (entry.visibility, entry.side) == (Visibility.SIDE_ONLY, "operations")
            assert (entry.author_id, entry.created_at, entry.permalink) == (None, None, None)
            assert entry.change_token_hash  # like any other: without one they would be known as theirs
            assert entry.what_happened


def test_a_side_that_is_too_small_without_them_reads_the_company(world: EntryWorld) -> None:
    lives(world)
    with world.database.transaction() as session:
        for name in ("olaf", "oda"):
            colleague = session.get_one(Member, world.people[name].id)
            colleague.active_to = T0.date() - timedelta(days=3)
            session.add(colleague)
    erase(world)
    assert {entry.side for entry in world.entries() if entry.visibility == Visibility.SIDE_ONLY} == {COMPANY}


def test_what_they_told_in_a_check_in_is_their_sides_and_that_they_were_asked_keeps_no_time(world: EntryWorld) -> None:
    member = lives(world)
    erase(world)
    asked = row(world, CheckinAsked)
    assert (asked.member_id, asked.side, asked.has_answered) == (member.id, "operations", True)
    assert (asked.ask_at, asked.nudge_at, asked.until) == (None, None, None)
    assert {(text.author_id, text.side) for text in world.rows(CheckinText)} == {(None, "operations"), (None, "sales")}
    assert world.rows(CheckinExample) == []
    announced = row(world, Disturbance)
    assert (announced.announced_by_id, announced.what) == (None, "Retailer G from July on")
    gone = next(one for one in world.rows(Member) if one.id == member.id)
    assert (gone.timezone_from, gone.working_days) == (ZoneFrom.WORKSPACE, None)


def test_what_was_said_to_others_about_them_names_them_no_more(world: EntryWorld) -> None:
    lives(world)
    erase(world)
    said = row(world, PrivateItem)
    assert said.member_id == world.people["sam"].id
    assert "a former colleague asks" in json.dumps(said.line)
    assert "a former colleague asks" in json.dumps(said.message)


def test_what_they_owned_is_owned_by_nobody_one_knows(world: EntryWorld) -> None:
    member = lives(world)
    erase(world)
    gone = next(one for one in world.rows(Member) if one.id == member.id)
    assert (gone.name, gone.role, gone.plant) == ("", Role.MEMBER, None)
    assert gone.external_id.startswith("erased:")
    assert row(world, Agreement).owner_id == row(world, Decision).owner_id == member.id
    assert row(world, DecisionObjection).reason == "Too soon"
    assert row(world, PulseAsked).member_id == member.id
    assert row(world, Brief).snapshot["decisions"][0]["owner"] == ""
    assert {meeting.chair_id for meeting in world.rows(Meeting)} == {None}


def test_nothing_about_nobody_else_is_left(world: EntryWorld) -> None:
    member = lives(world)
    erase(world)
    with world.database.snapshot() as session:
        left = {name for name, count in count_held(session, session.get_one(Member, member.id)).items() if count}
    kept = {"you", "agreements", "decisions", "objections", "agenda", "changes_by_you", "changes_to_you"}
    kept |= {"checkins", "checkin_turns"}
    assert left == kept
    assert world.rows(Ask) == []


def test_a_message_to_others_says_a_former_colleague(world: EntryWorld) -> None:
    lives(world)
    erase(world)
    about = next(one for one in world.rows(Outgoing) if one.key == "about-them")
    assert about.message
    assert about.message["parts"][0]["text"] == "**a former colleague tells it**"


def test_a_shared_example_loses_the_name_in_the_channel_too(world: EntryWorld) -> None:
    lives(world)
    assert NAME in str(world.posts())
    erase(world)
    (shared,) = [message for target, message in world.posts() if "Retailer A doubled" in str(message)]
    assert "Operations" in str(shared)
    assert NAME not in str(shared)


def test_the_audit_trail_says_that_somebody_was_erased_and_not_who(world: EntryWorld) -> None:
    lives(world)
    erase(world)
    trail = world.rows(AuditRecord)
    (told,) = [record for record in trail if record.action == "member.erase"]
    assert (told.actor_id, told.before, told.after) == (None, None, None)
    assert [record.after for record in trail if record.action == "decision.ask"] == ["owner: a former colleague"]


def test_what_people_wrote_is_left_and_counted(world: EntryWorld) -> None:
    lives(world)
    world.does("sam", capture_text, world.request(), Kind.CLASH, f"{NAME} moved the order on Friday.")
    with world.database.transaction() as session:
        session.get_one(CheckinText, "text2").text = f"A call from {NAME} before noon"
    assert erase(world).mentions == {"entries": 1, "checkin_texts": 1}
    assert [entry for entry in world.entries() if NAME in entry.what_happened]


def test_part_of_a_word_is_nobodys_name(world: EntryWorld) -> None:
    with world.database.transaction() as session:
        els = session.get_one(Member, world.people["els"].id)
        els.name = "An"
        session.add(els)
    world.does("sam", capture_text, world.request(), Kind.CLASH, "Answer the customer at once, and plan another truck.")
    assert erase(world).mentions == {}


def test_a_button_called_by_a_name_goes_on_working_and_accents_are_found(world: EntryWorld) -> None:
    said = Message("José left", (Text("José left", Button("entry.open", "José", "José")),))
    with world.database.transaction() as session:
        els = session.get_one(Member, world.people["els"].id)
        els.name = "José"
        session.add(els)
        enqueue(session, a_context(), workspace_id=WORKSPACE, key="left", target_id="U-lead", message=said)
    erase(world)
    (waiting,) = [row.message for row in world.rows(Outgoing) if row.key == "left"]
    assert waiting is not None
    assert waiting["summary"] == "a former colleague left"
    button = waiting["parts"][0]["button"]
    assert (button["label"], button["value"]) == ("a former colleague", "José")


def test_who_comes_back_is_somebody_new(world: EntryWorld) -> None:
    lives(world)
    erase(world)
    sender = Sender(Platform.SLACK, "T1", CHAT_ID)
    with world.database.transaction() as session, pytest.raises(UnknownMember):
        access_actor(session, a_context(), sender)
    with world.database.transaction() as session:
        profile = Profile("Élodie", None, None, False, frozenset({"T1"}))
        actor, _ = choose_side(session, a_context(), sender, "sales", profile)
        held = count_held(session, actor.member)
        assert actor.member.id != world.people["els"].id
    assert {kind for kind, count in held.items() if count} == {"you", "changes_to_you"}


def test_joining_and_moving_to_another_side_is_no_change_for_everybody(world: EntryWorld) -> None:
    comes(world, CHAT_ID)
    with world.database.transaction() as session:
        member = find_member(session, WORKSPACE, CHAT_ID)
        assert member
        world.people["els"] = member
    assert "change you made" not in words(world.does("els", show_privacy))
    world.does("els", save_settings, world.request(), answer(world.does("els", settings_form), side="operations"))
    assert "made for everybody" not in words(world.does("els", show_privacy))
    told = json.loads(world.does("els", export_mine).content)
    assert [change["action"] for change in told["changes_to_you"]] == ["member.join", "member.side"]
    assert "changes_by_you" not in told
    chooses(world, "U0OTHER", who="lead")
    assert "1 change you made for everybody" in words(world.does("lead", show_privacy))


def test_nobody_can_change_what_lost_its_name(world: EntryWorld) -> None:
    lives(world)
    ref = next(entry.ref for entry in world.entries() if "Retailer A" in entry.what_happened)
    erase(world)
    assert "Withdraw" not in str(world.does("sam", open_entry, ref))


def test_the_last_facilitator_stays_until_there_is_another(world: EntryWorld) -> None:
    with pytest.raises(Refused, match="last_facilitator"):
        world.does("lead", erase_me)
    with world.database.transaction() as session:
        a_member(session, role=Role.FACILITATOR)
    world.does("lead", erase_me)
    assert "" in {member.name for member in world.rows(Member)}


def test_no_figure_of_the_half_year_changes(database: Database) -> None:
    def figures() -> Mapping[str, Any]:
        with database.snapshot() as session:
            return as_json(period_figures(session, session.exec(select(Workspace)).one(), HALF_YEAR, END))

    with database.transaction() as session:
        workspace = ensure_workspace(session, a_context(), Platform.SLACK, "T1", "Voorbeeldkeuken Vers")
        load_sample(session, a_context(), workspace, read_sample())
    before = figures()
    with database.transaction() as session:
        workspace = session.exec(select(Workspace)).one()
        later = a_context(T0 + timedelta(days=40))
        for member in session.exec(select(Member)).all()[::4]:
            erase_member(session, later, workspace, member)
    assert figures() == before


def test_an_export_has_all_that_is_mine_and_nothing_of_others(world: EntryWorld) -> None:
    lives(world)
    world.does("els", capture_text, world.request(), Kind.CLASH, "quietly The truck waited for order 77.")
    mine = world.does("els", export_mine)
    told = json.loads(mine.content)
    assert set(told) == {"company", *HELD}
    assert told["you"]["name"] == NAME
    assert told["you"]["examples_shown_with"] == "named"
    assert {entry["visibility"] for entry in told["entries"]} == {"named"}
    assert TAPAS in {entry["what_happened"] for entry in told["entries"]}
    assert told["agreements"][0]["your_part"] == ["owner", "original_owner"]
    assert "order 77" not in mine.content.decode()
    assert not [name for name in ("Sam", "score", "token", "sealed") if name in mine.content.decode()]


@pytest.mark.parametrize(("reader", "nobody"), [("M18", "a former colleague"), ("M11", "een oud-collega")])
def test_a_brief_that_was_posted_says_a_former_colleague_in_the_language_of_the_reader(
    company: Company, reader: str, nobody: str
) -> None:
    company.materialise(DUE)
    session = company.session
    brief = session.exec(select(Brief)).one()
    owner = brief.snapshot["decisions"][0]["owner"]
    asked = DUE + timedelta(hours=1)
    before = text_of(brief_decisions(session, a_context(asked), company.sender(reader), brief.id))
    assert owner in before
    member = session.exec(select(Member).where(Member.name == owner)).one()
    erase_member(session, a_context(asked), session.exec(select(Workspace)).one(), member)

    after = text_of(brief_decisions(session, a_context(asked), company.sender(reader), brief.id))
    assert owner not in after
    assert nobody in after
    listed = text_of(list_decisions_card(session, a_context(asked), company.sender(reader)))
    assert owner not in listed
    assert nobody in listed

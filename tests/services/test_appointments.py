"""Roles that wait for people who are no members yet, and who leads a workspace nobody leads."""

from typing import Final

import pytest
from sqlmodel import select

from bot.domain.chat import Submission
from bot.services.access import Profile, Sender
from bot.services.appointments import appoint_operators
from bot.services.audit_list import list_audit
from bot.services.member_import import import_members
from bot.services.members import choose_side
from bot.services.privacy import erase_member
from bot.services.setup.facilitators import facilitators_form, people_to_ask_about, save_facilitators
from storage.database import Database
from storage.members import find_member
from storage.setup import list_appointments
from storage.tables import Appointment, AuditRecord, Member, Platform, Role, Workspace
from tests.builders import WORKSPACE, a_context, a_member, a_side, a_workspace
from tests.services.a_life import CHAT_ID, NAME
from tests.services.entry_world import EntryWorld, build_world, words

PROFILE: Final = Profile(NAME, None, None, is_guest=False, team_ids=frozenset({"T1"}))


def test_a_member_leads_at_once_and_somebody_unknown_from_their_first_contact(database: Database) -> None:
    workspace = _workspace(database)
    a_member(database, external_id="U1", role=Role.MEMBER)
    _appoint(database, workspace, "U1", "U2")
    assert _role(database, workspace, "U1") == Role.ADMIN
    _joins(database, workspace, "U2")
    assert _role(database, workspace, "U2") == Role.ADMIN
    with database.transaction() as session:
        assert list_appointments(session, workspace.id) == []
        noted = session.exec(select(AuditRecord).where(AuditRecord.action == "member.role")).all()
        assert [(row.actor_id, row.before, row.after) for row in noted] == [(None, "member", "admin")] * 2


def test_where_somebody_leads_the_operator_changes_nothing(database: Database) -> None:
    workspace = _workspace(database)
    a_member(database, external_id="U1", role=Role.FACILITATOR)
    a_member(database, external_id="U2", role=Role.MEMBER)
    _appoint(database, workspace, "U2", "U3")
    assert _role(database, workspace, "U2") == Role.MEMBER
    with database.transaction() as session:
        assert list_appointments(session, workspace.id) == []


def test_who_is_named_no_longer_is_no_longer_awaited(database: Database) -> None:
    workspace = _workspace(database)
    _appoint(database, workspace, "U8")
    _appoint(database, workspace, "U9")
    _joins(database, workspace, "U8")
    assert _role(database, workspace, "U8") == Role.MEMBER
    _joins(database, workspace, "U9")
    assert _role(database, workspace, "U9") == Role.ADMIN


def test_whom_somebody_chose_in_the_chat_the_trail_names_with_whoever_did_it(database: Database) -> None:
    world = _led_by_an_admin(database)
    chooses(world, CHAT_ID)
    assert "Boss changed the role of somebody who has not come yet (U0ELODIE77)\nfacilitator" in _trail(world)
    comes(world, CHAT_ID)
    said = _trail(world)
    assert f"Boss changed the role of {NAME}\nfacilitator" in said
    assert "Whoever runs Ampersand" not in said
    assert "former colleague" not in said
    assert "U0ELODIE77" not in said


def test_whoever_is_not_chosen_any_more_before_they_come_is_not_called_a_former_colleague(database: Database) -> None:
    world = _led_by_an_admin(database)
    chooses(world, CHAT_ID)
    chooses(world)
    assert _trail(world).count("changed the role of somebody who has not come yet") == 2
    comes(world, CHAT_ID)
    assert _trail(world).count(f"changed the role of {NAME}") == 2
    assert {member.role for member in world.rows(Member) if member.name == NAME} == {Role.MEMBER}


def test_whoever_was_erased_is_a_former_colleague(database: Database) -> None:
    world = _led_by_an_admin(database)
    chooses(world, CHAT_ID)
    comes(world, CHAT_ID)
    with database.transaction() as session:
        workspace, member = session.exec(select(Workspace)).one(), find_member(session, WORKSPACE, CHAT_ID)
        assert member
        erase_member(session, a_context(world.now), workspace, member)
    assert "Boss changed the role of a former colleague\nfacilitator" in _trail(world)


@pytest.mark.parametrize(
    ("awaited_as", "file_says", "becomes"),
    [
        (Role.FACILITATOR, "", Role.FACILITATOR),
        (Role.ADMIN, "facilitator", Role.ADMIN),
        (Role.FACILITATOR, "admin", Role.ADMIN),
    ],
)
def test_who_comes_with_a_file_takes_up_what_waited(
    database: Database, awaited_as: Role, file_says: str, becomes: Role
) -> None:
    workspace = _workspace(database)
    with database.transaction() as session:
        session.add(Appointment(workspace_id=workspace.id, external_id="U5", role=awaited_as))
        file = f"user_id,name,side,role\nU5,Nel,sales,{file_says}\n"
        import_members(session, a_context(), workspace, "people.csv", file.encode())
        assert list_appointments(session, workspace.id) == []
    assert _role(database, workspace, "U5") == becomes


def chooses(world: EntryWorld, *external_ids: str, who: str = "lead") -> None:
    """Question 4 of the set-up, by that person: those people beside whoever leads already."""
    form = world.does(who, facilitators_form)
    leads = [member.external_id for member in world.rows(Member) if member.role != Role.MEMBER]
    submission = Submission(form.action, {"people": (*leads, *external_ids)}, form.payload)
    new = world.does(who, people_to_ask_about, submission)
    world.does(who, save_facilitators, world.request(), submission, dict.fromkeys(new, PROFILE))
    world.later(minutes=1)


def comes(world: EntryWorld, external_id: str) -> None:
    with world.database.transaction() as session:
        choose_side(session, a_context(world.now), Sender(Platform.SLACK, "T1", external_id), "sales", PROFILE)
    world.later(minutes=1)


def _led_by_an_admin(database: Database) -> EntryWorld:
    world = build_world(database)
    world.people["lead"] = world.people["boss"] = a_member(database, name="Boss", side="finance", role=Role.ADMIN)
    return world


def _trail(world: EntryWorld) -> str:
    return words(world.does("boss", list_audit, ""))


def _workspace(database: Database) -> Workspace:
    workspace = a_workspace(database)
    a_side(database)
    return workspace


def _appoint(database: Database, workspace: Workspace, *external_ids: str) -> None:
    with database.transaction() as session:
        appoint_operators(session, a_context(), workspace, external_ids)


def _joins(database: Database, workspace: Workspace, external_id: str) -> None:
    sender = Sender(Platform.SLACK, workspace.external_id, external_id)
    profile = Profile("Somebody", None, None, is_guest=False, team_ids=frozenset({workspace.external_id}))
    with database.transaction() as session:
        choose_side(session, a_context(), sender, "sales", profile)


def _role(database: Database, workspace: Workspace, external_id: str) -> Role:
    with database.transaction() as session:
        member: Member | None = find_member(session, workspace.id, external_id)
        assert member is not None
        return member.role

"""Somebody leads the workspace at any moment, also when two people act in the same one."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from bot.domain.chat import Submission
from bot.domain.errors import Refused
from bot.services.access import company_day
from bot.services.member_list import member_form, save_member
from bot.services.privacy import erase_me
from bot.services.setup.facilitators import facilitators_form, save_facilitators
from storage.database import Database
from storage.members import list_facilitators
from storage.tables import Role, Workspace
from tests.builders import a_context, a_member
from tests.services.entry_world import EntryWorld, answer, build_world

Going = tuple[Any, ...]
"""A use case by which somebody no longer leads, and what it is called with."""


@pytest.fixture
def world(database: Database) -> EntryWorld:
    """`lead` and `deputy` facilitate."""
    world = build_world(database)
    with database.transaction() as session:
        world.people["deputy"] = a_member(session, name="Deputy", side="sales", role=Role.FACILITATOR)
    return world


def erases(_world: EntryWorld, _who: str, _stays: str) -> Going:
    return (erase_me,)


def steps_down(world: EntryWorld, who: str, _stays: str) -> Going:
    form = world.does(who, member_form, world.people[who].id)
    return save_member, world.request(), answer(form, role="member")


def leaves_it_to(world: EntryWorld, who: str, stays: str) -> Going:
    form = world.does(who, facilitators_form)
    people = {"people": (world.people[stays].external_id,)}
    return save_facilitators, world.request(), Submission(form.action, people, form.payload), {}


@pytest.mark.parametrize("goes", [erases, steps_down, leaves_it_to])
def test_of_two_who_go_at_once_one_stays(world: EntryWorld, goes: Callable[..., Going]) -> None:
    first, *of_first = goes(world, "lead", "deputy")
    second = goes(world, "deputy", "lead")
    with ThreadPoolExecutor(1) as meanwhile:
        with world.database.transaction() as session:
            first(session, a_context(), world.sender("lead"), *of_first)
            outcome = meanwhile.submit(lambda: world.does("deputy", *second))
            with pytest.raises(TimeoutError):
                outcome.result(timeout=0.5)  # it waits for the first
        with pytest.raises(Refused, match=r"last_facilitator|facilitator_must_stay"):
            outcome.result()
    assert leading(world) == ["Deputy"]


def leading(world: EntryWorld) -> list[str]:
    (workspace,) = world.rows(Workspace)
    with world.database.snapshot() as session:
        day = company_day(workspace, a_context())
        return [member.name for member in list_facilitators(session, workspace.id, day)]

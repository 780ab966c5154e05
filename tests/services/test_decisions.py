"""Decisions where a conversation does not reach: the edges of their life, and two facilitators at once."""

import threading
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlmodel import col, select

from bot.domain.brief import AgreementFacts, BriefSnapshot, EntryFacts, to_json
from bot.domain.decision import decision_facts
from bot.domain.errors import Refused
from bot.services.decisions import (
    agenda_form,
    answer_card,
    ask_form,
    carry_over,
    change_form,
    escalate,
    list_decisions_card,
    object_form,
    remove_agenda_item,
    remove_decision,
    restore_decision,
    save_agenda_item,
    save_decision,
    save_objection,
    show_options,
    take_option,
    undo_answer,
    withdraw_objection,
)
from bot.services.decisions.records import records_of
from storage.database import Database
from storage.tables import (
    AgendaItem,
    AuditRecord,
    Brief,
    Decision,
    DecisionKind,
    DecisionStatus,
    Meeting,
    MeetingType,
    Role,
)
from tests.builders import a_meeting, an_entry
from tests.clock import T
from tests.services.entry_world import EntryWorld, answer, build_world, words

PRE_SOP, EXECUTIVE = MeetingType.PRE_SOP, MeetingType.EXECUTIVE_SOP
OVER = {"days": 5, "hours": 2}
"""From now to the end of the pre-S&OP."""


@pytest.fixture
def world(database: Database) -> EntryWorld:
    """A pre-S&OP in five days, an executive S&OP in eight, and the next pre-S&OP in 35."""
    world = build_world(database)
    with database.transaction() as session:
        a_meeting(session, id="ps1", key="2026-06-PS")
        a_meeting(session, id="ex1", key="2026-06-EX", type=EXECUTIVE, starts_at=T(days=8), brief_due_at=T(days=6))
        a_meeting(session, id="ps2", key="2026-07-PS", starts_at=T(days=35), brief_due_at=T(days=33))
    return world


def asks(world: EntryWorld, who: str = "lead", **over: Any) -> Decision:
    """Ask a question; the newest row."""
    form = world.does(who, ask_form, "")
    values: dict[str, str] = {
        "question": f"Question {world.requests}?",
        "kind": "decide",
        "option_a": "keep; no work",
        "option_b": "stop; a Saturday",
        "owner": world.people["els"].external_id,
        "co_owner": world.people["sam"].external_id,
        "meeting": "ps1",
    }
    world.does(who, save_decision, world.request(), answer(form, **values | over))
    newest = {decision.question: decision for decision in world.rows(Decision) if decision.removed_at is None}
    return newest[over.get("question", values["question"])]


def the(world: EntryWorld, decision: Decision) -> Decision:
    return next(row for row in world.rows(Decision) if row.id == decision.id)


def refusal(world: EntryWorld, who: str, use_case: Any, *args: Any) -> Refused:
    with pytest.raises(Refused) as refused:
        world.does(who, use_case, *args)
    return refused.value


def test_two_facilitators_at_once_do_not_ask_a_fourth(world: EntryWorld) -> None:
    asks(world), asks(world)
    with world.database.transaction() as session:
        sam = session.get_one(type(world.people["sam"]), world.people["sam"].id)
        sam.role = Role.FACILITATOR
        session.add(sam)
    outcomes: list[str] = []
    ready = threading.Barrier(2)

    def ask(who: str) -> None:
        ready.wait()
        try:
            asks(world, who, question=f"Of {who}?")
            outcomes.append("asked")
        except Refused as refused:
            outcomes.append(refused.sentence)

    both = [threading.Thread(target=ask, args=(who,)) for who in ("lead", "sam")]
    for thread in both:
        thread.start()
    for thread in both:
        thread.join()
    assert sorted(outcomes) == ["asked", "decision_fourth"]
    assert sum(row.kind is DecisionKind.DECIDE for row in world.rows(Decision)) == 3


@pytest.mark.parametrize(
    "use_case",
    [ask_form, change_form, remove_decision, restore_decision, answer_card, carry_over, escalate, undo_answer],
)
def test_only_facilitators_ask_change_and_answer(world: EntryWorld, use_case: Any) -> None:
    assert refusal(world, "els", use_case, asks(world).id).sentence == "facilitators_only"


def test_an_answer_to_a_form_of_another_who_lost_the_role_is_refused(world: EntryWorld) -> None:
    form = world.does("lead", ask_form, "ps1")
    assert refusal(world, "sam", save_decision, world.request(), answer(form)).sentence == "facilitators_only"
    assert world.rows(Decision) == []


def test_a_question_moves_to_another_meeting_and_finds_its_place_there(world: EntryWorld) -> None:
    first, second = asks(world), asks(world, kind="ratify", recommendation="A")
    asks(world, meeting="ex1")
    form = world.does("lead", change_form, second.id)
    world.does("lead", save_decision, world.request(), answer(form, meeting="ex1", kind="decide"))
    assert (the(world, first).rank, the(world, second).meeting_id, the(world, second).rank) == (1, "ex1", 2)


def test_what_was_removed_comes_back_only_where_there_is_room(world: EntryWorld) -> None:
    removed = asks(world)
    world.does("lead", remove_decision, removed.id)
    for _ in range(3):
        asks(world)
    assert refusal(world, "lead", restore_decision, removed.id).sentence == "decision_fourth"
    assert the(world, removed).removed_at is not None
    world.later(**OVER)
    assert refusal(world, "lead", restore_decision, removed.id).sentence == "decision_meeting_over"


def test_no_answer_before_the_meeting_begins_and_only_one(world: EntryWorld) -> None:
    asked = asks(world)
    assert refusal(world, "lead", take_option, f"{asked.id}|A").sentence == "decision_not_begun"
    world.later(days=5)
    assert refusal(world, "lead", take_option, f"{asked.id}|C").sentence == "old_button"
    world.does("lead", take_option, f"{asked.id}|A")
    assert the(world, asked).answered_at == world.now
    assert refusal(world, "lead", take_option, f"{asked.id}|B").sentence == "decision_answered"
    assert refusal(world, "lead", change_form, asked.id).sentence == "decision_closed"


def test_a_full_next_meeting_says_so_and_nothing_is_answered(world: EntryWorld) -> None:
    asked = asks(world)
    for _ in range(3):
        asks(world, meeting="ps2")
    world.later(**OVER)
    full = refusal(world, "lead", carry_over, asked.id)
    assert (full.sentence, full.facts["when"]) == ("decision_next_is_full", T(days=35))
    assert the(world, asked).status is DecisionStatus.ASKED


def test_without_a_next_meeting_nothing_is_carried_over(world: EntryWorld) -> None:
    asked = asks(world, meeting="ex1")
    world.later(days=9)
    assert refusal(world, "lead", carry_over, asked.id).sentence == "decision_no_next_meeting"


def test_a_question_keeps_its_history_through_meetings(world: EntryWorld) -> None:
    with world.database.transaction() as session:
        a_meeting(session, id="ps3", key="2026-08-PS", starts_at=T(days=65), brief_due_at=T(days=63))
        an_entry(session, ref="101")
    asked = asks(world, entries="#101")
    world.later(**OVER)
    world.does("lead", carry_over, asked.id)
    second = next(row for row in world.rows(Decision) if row.follows_id == asked.id)
    world.later(days=30)
    world.does("lead", carry_over, second.id)
    third = next(row for row in world.rows(Decision) if row.follows_id == second.id)
    assert third.meeting_id == "ps3"
    shown = words(world.does("els", show_options, third.id))
    assert "Carried over from the pre-S&OP of 15 July." in shown
    assert "Carried over from the pre-S&OP of 15 June." in shown
    assert "Comes from: #101" in shown


def test_what_the_executive_meeting_answered_is_not_undone_from_below(world: EntryWorld) -> None:
    asked = asks(world, kind="escalate")
    world.later(**OVER)
    world.does("lead", escalate, asked.id)
    follower = next(row for row in world.rows(Decision) if row.follows_id == asked.id)
    assert (follower.kind, follower.meeting_id) == (DecisionKind.DECIDE, "ex1")
    world.later(days=4)
    world.does("lead", take_option, f"{follower.id}|B")
    assert refusal(world, "lead", undo_answer, asked.id).sentence == "decision_followed"
    world.does("lead", undo_answer, follower.id)
    world.does("lead", undo_answer, asked.id)
    assert the(world, follower).removed_at == world.now
    trail = [
        (row.action, row.subject == follower.id) for row in sorted(world.rows(AuditRecord), key=lambda row: row.at)
    ]
    assert ("decision.ask", True) in trail
    assert ("decision.remove", True) in trail


def test_an_answer_is_final_once_the_next_brief_of_that_meeting_has_it(world: EntryWorld) -> None:
    asked = asks(world)
    world.later(**OVER)
    world.does("lead", take_option, f"{asked.id}|A")
    a_brief(world, "ex1", T(days=6))
    world.does("lead", undo_answer, asked.id)
    world.does("lead", take_option, f"{asked.id}|A")
    a_brief(world, "ps2", T(days=33))
    world.later(days=30)
    refused = refusal(world, "lead", undo_answer, asked.id)
    assert (refused.sentence, refused.facts["when"]) == ("decision_in_brief", T(days=33))
    assert "[Undo]" not in words(world.does("lead", answer_card, "ps1"))


def test_a_brief_shows_the_question_as_it_was_frozen(world: EntryWorld) -> None:
    asked = asks(world)
    brief_id = a_brief(world, "ps1", T(hours=17), asked)
    form = world.does("lead", change_form, asked.id)
    world.does("lead", save_decision, world.request(), answer(form, option_a="keep it all; a night shift"))
    frozen = words(world.does("els", show_options, f"{asked.id}|{brief_id}"))
    assert "A keep · no work" in frozen
    assert "As the brief of Thu 11 June, 09:00 (Amsterdam) has it." in frozen
    assert "A keep it all · a night shift" in words(world.does("els", show_options, asked.id))
    assert "A keep it all · a night shift" in words(world.does("els", show_options, f"{asked.id}|unknown"))


def test_an_objection_ends_with_its_meeting_and_is_told_to_the_other_facilitators(world: EntryWorld) -> None:
    asked = asks(world, kind="ratify", recommendation="A")
    form = world.does("lead", object_form, asked.id)
    world.does("lead", save_objection, world.request(), answer(form, reason="It costs a Saturday."))
    assert world.posts() == []
    assert "1 objection." in words(world.does("els", list_decisions_card))
    world.later(**OVER)
    assert "Lead objects: It costs a Saturday." in words(world.does("lead", answer_card, "ps1"))
    assert refusal(world, "els", object_form, asked.id).sentence == "decision_closed"
    assert refusal(world, "lead", withdraw_objection, asked.id).sentence == "decision_closed"


def test_what_was_removed_is_not_objected_to(world: EntryWorld) -> None:
    asked = asks(world, kind="ratify", recommendation="A")
    world.does("lead", remove_decision, asked.id)
    assert refusal(world, "els", object_form, asked.id).sentence == "decision_gone"


def test_the_agenda_is_changed_by_who_added_to_it_or_by_a_facilitator(world: EntryWorld) -> None:
    form = world.does("els", agenda_form, "ps1")
    world.does("els", save_agenda_item, world.request(), answer(form, what="The noon wash"))
    (item,) = world.rows(AgendaItem)
    assert refusal(world, "sam", remove_agenda_item, item.id).sentence == "agenda_not_yours"
    world.does("lead", remove_agenda_item, item.id)
    assert world.rows(AgendaItem) == []
    (noted,) = world.rows(AuditRecord)
    assert (noted.action, noted.before) == ("agenda.remove", "The noon wash")
    world.does("els", remove_agenda_item, item.id)
    world.later(**OVER)
    assert (
        refusal(world, "els", save_agenda_item, world.request(), answer(form, what="Late")).sentence == "agenda_closed"
    )


def test_an_entry_that_was_withdrawn_is_named_nowhere(world: EntryWorld) -> None:
    with world.database.transaction() as session:
        entry = an_entry(session, ref="k7m2")
    asked = asks(world, entries="#k7m2")
    form = world.does("els", agenda_form, "ps1")
    world.does("els", save_agenda_item, world.request(), answer(form, what="The noon wash", entry="k7m2"))
    with world.database.transaction() as session:
        session.get_one(type(entry), entry.id).withdrawn_on = T().date()
    assert "k7m2" not in words(world.does("sam", list_decisions_card))
    assert "k7m2" not in words(world.does("sam", show_options, asked.id))


def test_without_a_meeting_there_is_nothing_to_ask(database: Database) -> None:
    world = build_world(database)
    assert "No pre-S&OP or executive S&OP is planned." in words(world.does("lead", list_decisions_card))
    assert refusal(world, "lead", ask_form, "").sentence == "decision_no_meeting"


def a_brief(world: EntryWorld, meeting_id: str, as_of: datetime, *decisions: Decision) -> str:
    """Freeze a brief of the meeting that has these questions."""
    with world.database.transaction() as session:
        meeting = session.get_one(Meeting, meeting_id)
        rows = session.exec(select(Decision).where(col(Decision.id).in_([each.id for each in decisions]))).all()
        facts = tuple(decision_facts(record, lambda _entry: True) for record in records_of(session, rows))
        snapshot = replace(an_empty_snapshot(meeting, as_of), decisions=facts)
        brief_id = f"brief of {meeting_id}"
        session.add(
            Brief(
                id=brief_id,
                workspace_id=meeting.workspace_id,
                meeting_id=meeting.id,
                as_of=as_of,
                snapshot=to_json(snapshot),
            )
        )
    return brief_id


def an_empty_snapshot(meeting: Meeting, as_of: datetime) -> BriefSnapshot:
    return BriefSnapshot(
        meeting_id=meeting.id,
        meeting_type=meeting.type,
        starts_at=meeting.starts_at,
        since=as_of - timedelta(days=28),
        as_of=as_of,
        entries=EntryFacts(0, {}, {}, 0, None, ()),
        month=None,
        objectives=(),
        came_back=(),
        agreements=AgreementFacts(0, (), (), (), (), (), ()),
        went_well=(),
    )

"""The audit trail: every change leaves one record with before and after, what people do to their own leaves none."""

import ast
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any, TypeAlias

import pytest
from sqlmodel import col, select

from bot.domain.chat import Submission
from bot.domain.errors import Refused
from bot.services import decisions, entries, meetings
from bot.services.access import Profile, Sender
from bot.services.audit import note, note_from_outside
from bot.services.audit_list import KINDS, audit_filter_form, export_audit, filter_audit, list_audit
from bot.services.entries import capture_text
from bot.services.meetings import save_series
from bot.services.member_import import import_members
from bot.services.member_list import member_form, save_member
from bot.services.members import choose_side, save_settings, settings_form
from bot.services.messages.audit import SENTENCES
from bot.services.people import person_changed
from bot.services.setup.place import place_form, save_place
from bot.services.setup.sides import save_sides, sides_form
from storage.database import Database
from storage.tables import (
    AgendaItem,
    AuditRecord,
    Decision,
    Entry,
    Kind,
    Meeting,
    MeetingSeries,
    MeetingType,
    Member,
    Platform,
    Role,
    Workspace,
)
from tests.builders import a_context, a_meeting, a_member
from tests.clock import T
from tests.services.entry_world import TAPAS, EntryWorld, answer, build_world, buttons, words
from tests.services.test_decisions import asks

Act: TypeAlias = Callable[[EntryWorld], Any]
Noted: TypeAlias = tuple[str, bool, bool]
"""The action, and whether it has a state before and after."""

ROOT = Path(__file__).parents[2]
OVER = {"days": 5, "hours": 2}


@pytest.fixture
def world(database: Database) -> EntryWorld:
    """Two pre-S&OPs, an executive S&OP, and an admin beside the facilitator."""
    world = build_world(database)
    with database.transaction() as session:
        a_meeting(session, id="ps1", key="2026-06-PS", title="Pre-S&OP")
        a_meeting(
            session,
            id="ex1",
            key="2026-06-EX",
            type=MeetingType.EXECUTIVE_SOP,
            starts_at=T(days=8),
            brief_due_at=T(days=6),
        )
        a_meeting(session, id="ps2", key="2026-07-PS", starts_at=T(days=35), brief_due_at=T(days=33))
        world.people["boss"] = a_member(session, name="Boss", side="finance", role=Role.ADMIN)
    return world


def trail(world: EntryWorld) -> list[AuditRecord]:
    with world.database.snapshot() as session:
        return list(session.exec(select(AuditRecord).order_by(col(AuditRecord.at), col(AuditRecord.id))).all())


def saves(world: EntryWorld, use_case: Any, form: Any, who: str = "lead", **values: str | None) -> Any:
    return world.does(who, use_case, world.request(), answer(form, **values))


def presses(world: EntryWorld, use_case: Any, value: str, who: str = "lead") -> Any:
    return world.does(who, use_case, value)


# What changes something


def adds_series(world: EntryWorld, payload: dict[str, str] | None = None, **over: str) -> Any:
    wish = {"type": "demand_review", "rule": "third Thursday 13:30", "starts_on": world.now.date(), **over}
    looked_at = world.does("lead", meetings.preview_series, Submission("", wish, payload or {}))  # type: ignore[arg-type]
    return world.does("lead", save_series, world.request(), Submission("", {}, looked_at.payload))


def of_series(world: EntryWorld) -> str:
    """A meeting of the series."""
    return min((meeting.starts_at, meeting.id) for meeting in world.rows(Meeting) if meeting.series_id)[1]


def moves(world: EntryWorld) -> Any:
    return saves(world, meetings.save_move, world.does("lead", meetings.move_form, "ps1"), at="15:00")


def adds_days_off(world: EntryWorld) -> Any:
    return saves(world, meetings.save_days_off, world.does("lead", meetings.day_off_form), name="Inventory")


def changes_brief_rule(world: EntryWorld) -> Any:
    form = world.does("lead", meetings.brief_rule_form)
    return saves(world, meetings.save_brief_rule, form, type="pre_sop", lead="3", at="10:00")


def undoes(act: Act) -> Act:
    def undo(world: EntryWorld) -> Any:
        return presses(world, meetings.undo_change, buttons(act(world))["Undo"].value)

    return undo


def writes(world: EntryWorld, who: str = "sam", text: str = TAPAS) -> Entry:
    world.does(who, capture_text, world.request(), Kind.CLASH, text)
    return world.entry()


def hides(world: EntryWorld) -> Any:
    form = world.does("lead", entries.hide_form, writes(world).ref)
    return saves(world, entries.hide_entry, form, reason="It names a colleague.")


def imports(world: EntryWorld, row: str) -> Any:
    with world.database.transaction() as session:
        workspace = session.get_one(Workspace, "workspace1")
        return import_members(
            session, a_context(world.now), workspace, "people.csv", f"user_id,name,side\n{row}".encode()
        )


def joins(world: EntryWorld) -> Any:
    profile = Profile("Nel", "Europe/Amsterdam", "en", is_guest=False, team_ids=frozenset({"T1"}))
    with world.database.transaction() as session:
        return choose_side(session, a_context(world.now), Sender(Platform.SLACK, "T1", "U-new"), "sales", profile)


def hears(world: EntryWorld, *, gone: bool) -> Any:
    profile = Profile("Els", None, "en", is_guest=False, team_ids=frozenset({"T1"}), is_gone=gone)
    return world.does("els", person_changed, world.request(), profile)


def changes_member(world: EntryWorld, who: str, **values: str | date) -> Any:
    filled = answer(world.does(who, member_form, world.people["els"].id))
    submission = Submission(filled.action, {**filled.values, **values}, filled.payload)
    return world.does(who, save_member, world.request(), submission)


def object_of_agenda(world: EntryWorld) -> str:
    form = world.does("els", decisions.agenda_form, "ps1")
    saves(world, decisions.save_agenda_item, form, "els", what="The noon wash")
    (item,) = world.rows(AgendaItem)
    return item.id


def answers(world: EntryWorld, use_case: Any, value: str = "{}", **over: str) -> Any:
    decision = asks(world, **over)
    world.later(**OVER)
    return presses(world, use_case, value.format(decision.id))


def undoes_answer(world: EntryWorld) -> Any:
    decision = asks(world)
    world.later(**OVER)
    presses(world, decisions.take_option, f"{decision.id}|A")
    return presses(world, decisions.undo_answer, decision.id)


CHANGES: dict[str, tuple[Act, int, Noted]] = {
    # name: (what is done, records it takes to get there, the last record)
    "the own side": (
        lambda world: saves(world, save_settings, world.does("els", settings_form), "els", side="sales"),
        0,
        ("member.side", True, True),
    ),
    "somebody joins": (joins, 0, ("member.join", False, True)),
    "somebody leaves": (lambda world: hears(world, gone=True), 0, ("member.leave", False, True)),
    "somebody is back": (
        lambda world: (hears(world, gone=True), hears(world, gone=False)),
        1,
        ("member.return", True, False),
    ),
    "a member from a file": (lambda world: imports(world, "U-9,Nel,sales"), 0, ("member.add", False, True)),
    "a member changed by a file": (
        lambda world: imports(world, f"{world.people['els'].external_id},Els,sales"),
        0,
        ("member.change", True, True),
    ),
    "a last day": (
        lambda world: changes_member(world, "lead", active_to=world.now.date()),
        0,
        ("member.change", True, True),
    ),
    "a role": (lambda world: changes_member(world, "boss", role="facilitator"), 0, ("member.role", True, True)),
    "a meeting moved": (moves, 0, ("meeting.move", True, True)),
    "a meeting moved back": (undoes(moves), 1, ("meeting.undo", True, True)),
    "a meeting cancelled": (
        lambda world: presses(world, meetings.cancel_meeting, "ps1"),
        0,
        ("meeting.cancel", True, True),
    ),
    "a meeting put back": (
        lambda world: (presses(world, meetings.cancel_meeting, "ps1"), presses(world, meetings.restore_meeting, "ps1")),
        1,
        ("meeting.restore", True, True),
    ),
    "a series": (adds_series, 0, ("series.add", False, True)),
    "a series undone": (undoes(adds_series), 1, ("series.undo", True, False)),
    "a series changed": (
        lambda world: (
            adds_series(world),
            adds_series(world, {"series": world.rows(MeetingSeries)[0].id}, rule="last Friday 9:00"),
        ),
        1,
        ("series.change", True, True),
    ),
    "a series ended": (
        lambda world: (adds_series(world), presses(world, meetings.end_series, of_series(world))),
        1,
        ("series.end", True, True),
    ),
    "days off": (adds_days_off, 0, ("days_off.add", True, True)),
    "days off undone": (undoes(adds_days_off), 1, ("days_off.undo", True, True)),
    "a holiday that is worked": (
        lambda world: presses(world, meetings.toggle_day_off, "2026-12-25"),
        0,
        ("days_off.change", True, True),
    ),
    "when briefs come": (changes_brief_rule, 0, ("brief_rule.change", False, True)),
    "when briefs come, undone": (undoes(changes_brief_rule), 1, ("brief_rule.undo", True, False)),
    "a question": (asks, 0, ("decision.ask", False, True)),
    "a question changed": (
        lambda world: saves(
            world,
            decisions.save_decision,
            world.does("lead", decisions.change_form, asks(world).id),
            question="Another?",
            owner=world.people["els"].external_id,
        ),
        1,
        ("decision.change", True, True),
    ),
    "a question removed": (
        lambda world: presses(world, decisions.remove_decision, asks(world).id),
        1,
        ("decision.remove", True, False),
    ),
    "a question put back": (
        lambda world: [
            presses(world, act, decision)
            for decision in [asks(world).id]
            for act in (decisions.remove_decision, decisions.restore_decision)
        ],
        2,
        ("decision.restore", False, True),
    ),
    "an option taken": (
        lambda world: answers(world, decisions.take_option, "{}|A"),
        1,
        ("decision.answer", True, True),
    ),
    "an answer undone": (undoes_answer, 2, ("decision.answer", True, True)),
    "off the agenda, by a facilitator": (
        lambda world: presses(world, decisions.remove_agenda_item, object_of_agenda(world)),
        0,
        ("agenda.remove", True, False),
    ),
    "a status, by the other side": (
        lambda world: presses(world, entries.resolve_entry, writes(world).ref, "els"),
        0,
        ("entry.status", True, True),
    ),
    "an entry hidden": (hides, 0, ("entry.hide", True, True)),
    "zone and country": (
        lambda world: saves(world, save_place, world.does("lead", place_form), zone="Lisbon"),
        0,
        ("workspace.place", True, True),
    ),
    "the names of the sides": (
        lambda world: saves(world, save_sides, world.does("lead", sides_form), side_sales="Commerce"),
        0,
        ("workspace.sides", True, True),
    ),
}


@pytest.mark.parametrize("change", CHANGES)
def test_every_change_leaves_one_record(world: EntryWorld, change: str) -> None:
    act, records_before, noted = CHANGES[change]
    act(world)
    records = trail(world)
    assert len(records) == records_before + 1, [record.action for record in records]
    kept = [(row.action, row.before is not None, row.after is not None) for row in records]
    assert noted in kept
    assert all(row.before != row.after for row in records)
    assert all(row.actor_id for row in records if not row.action.startswith("member."))


def test_one_that_goes_on_leaves_one_record_for_each_question(world: EntryWorld) -> None:
    asked = asks(world)
    world.later(**OVER)
    presses(world, decisions.carry_over, asked.id)
    follower = next(row for row in world.rows(Decision) if row.follows_id)
    first, *answered = trail(world)
    assert (first.action, first.subject) == ("decision.ask", asked.id)
    assert {(row.action, row.subject) for row in answered} == {
        ("decision.answer", asked.id),
        ("decision.ask", follower.id),
    }


# What leaves none


@pytest.mark.parametrize(
    "act",
    [
        lambda world: saves(world, save_settings, world.does("els", settings_form), "els", language="nl"),
        lambda world: saves(world, save_settings, world.does("els", settings_form), "els", shown_with="side_only"),
        lambda world: presses(world, entries.undo_entry, writes(world).ref, "sam"),
        object_of_agenda,
        lambda world: presses(world, decisions.remove_agenda_item, object_of_agenda(world), "els"),
        lambda world: imports(world, f"{world.people['sam'].external_id},Sam,sales"),
    ],
)
def test_what_is_ones_own_leaves_none(world: EntryWorld, act: Act) -> None:
    act(world)
    assert trail(world) == []


def test_what_an_author_does_to_a_side_only_entry_leaves_none(world: EntryWorld) -> None:
    card = world.does("sam", capture_text, world.request(), Kind.CLASH, f"quietly {TAPAS}")
    handle = buttons(card)["Undo"].value
    for act in (entries.undo_entry, entries.restore_entry, entries.resolve_entry, entries.reopen_entry):
        world.does("sam", act, handle)
    assert trail(world) == []


# How it is read


def admin(world: EntryWorld, value: str = "") -> str:
    return words(world.does("boss", list_audit, value))


def test_it_is_told_in_plain_words_the_newest_first(world: EntryWorld) -> None:
    moves(world)
    world.later(minutes=1)
    hides(world)
    world.later(minutes=1)
    changes_brief_rule(world)
    world.later(minutes=1)
    hears(world, gone=True)
    world.later(minutes=1)
    imports(world, "U-9,Nel,sales")
    ref = world.entry().ref
    assert admin(world) == "\n".join(
        [
            "What was changed, the newest first.",
            "Wed 10 June, 16:04 (Amsterdam) · Whoever runs Ampersand added Nel",
            "side: Sales",
            "role: member",
            "Wed 10 June, 16:03 (Amsterdam) · Slack told: Els no longer has access",
            "last day: 9 June",
            "Wed 10 June, 16:02 (Amsterdam) · Lead changed when the brief before the pre-S&OP comes",
            "time: 10:00",
            "working days before: 3",
            f"Wed 10 June, 16:01 (Amsterdam) · Lead hid #{ref}",
            "Wed 10 June, 16:00 (Amsterdam) · Lead moved the meeting Pre-S&OP (15 June)",
            "start: Mon 15 June, 16:00 → Mon 15 June, 15:00",
            "[Filter…]",
            "Only admins see this. What people do to their own examples is not noted.",
        ]
    )


def test_the_words_of_a_hidden_entry_stand_nowhere(world: EntryWorld) -> None:
    hides(world)
    assert TAPAS[:20] not in admin(world)
    (record,) = trail(world)
    assert TAPAS[:20] not in f"{record.before} {record.after}"


def test_it_speaks_the_readers_language_and_zone(world: EntryWorld) -> None:
    with world.database.transaction() as session:
        boss = session.get_one(Member, world.people["boss"].id)
        boss.language, boss.timezone = "nl", "Asia/Tokyo"
        session.add(boss)
    adds_series(world)
    world.later(minutes=1)
    presses(world, meetings.end_series, of_series(world))
    world.later(minutes=1)
    changes_member(world, "lead", side="sales")
    assert admin(world).split("\n")[:6] == [
        "Wat er veranderd is, het nieuwste eerst.",
        "wo 10 juni, 23:02 (Tokyo) · Lead wijzigde Els",
        "kant: Operations → Sales",
        "wo 10 juni, 23:01 (Tokyo) · Lead beëindigde de reeks demand review",
        "tot en met: 17 juni",
        "wo 10 juni, 23:00 (Tokyo) · Lead plande de reeks demand review",
    ]


def test_only_admins_read_it(world: EntryWorld) -> None:
    for who in ("lead", "els"):
        for use_case, value in ((list_audit, ""), (audit_filter_form, "")):
            with pytest.raises(Refused, match="admins_only"):
                world.does(who, use_case, value)
        with pytest.raises(Refused, match="admins_only"):
            world.does(who, filter_audit, Submission("", {}, {}))


def test_empty_is_a_sentence(world: EntryWorld) -> None:
    assert admin(world).startswith("Nothing was changed yet. Here stands who changes settings, members,")


def many(world: EntryWorld, count: int) -> None:
    """So many changes of the side of Els, one a minute."""
    with world.database.transaction() as session:
        for number in range(count):
            context = a_context(world.now + timedelta(minutes=number))
            note_from_outside(session, context, "workspace1", "member.change", world.people["els"].id, "a", str(number))


def shown(text: str) -> list[int]:
    return [int(line.partition("→ ")[2]) for line in text.split("\n") if line.startswith("a → ")]


def test_pages_of_ten_lead_down_and_up_again(world: EntryWorld) -> None:
    many(world, 25)
    first = world.does("boss", list_audit, "")
    assert shown(words(first)) == list(range(24, 14, -1))
    assert "Newer" not in buttons(first)
    second = world.does("boss", list_audit, buttons(first)["Older"].value)
    third = world.does("boss", list_audit, buttons(second)["Older"].value)
    assert shown(words(second)) == list(range(14, 4, -1))
    assert shown(words(third)) == [4, 3, 2, 1, 0]
    assert "Older" not in buttons(third)
    up = world.does("boss", list_audit, buttons(third)["Newer"].value)
    assert shown(words(up)) == list(range(14, 4, -1))
    top = world.does("boss", list_audit, buttons(up)["Newer"].value)
    assert shown(words(top)) == list(range(24, 14, -1))
    assert set(buttons(top)) == {"Older", "Filter…"}


def test_a_filter_shows_a_kind_or_a_person(world: EntryWorld) -> None:
    moves(world)
    hides(world)
    changes_member(world, "boss", side="sales")
    form = world.does("boss", audit_filter_form, "")
    by_kind = world.does("boss", filter_audit, answer(form, kind="entries"))
    assert "Shown: Status of entries, entries hidden." in words(by_kind)
    assert words(by_kind).count(" · ") == 1
    by_person = world.does("boss", filter_audit, answer(form, person=world.people["boss"].external_id))
    assert "Shown: Boss." in words(by_person)
    assert "Boss changed Els" in words(by_person)
    assert words(by_person).count(" (Amsterdam) · ") == 1
    nothing = world.does("boss", filter_audit, answer(form, kind="briefs"))
    assert "Nothing was changed there. Shown: Briefs corrected." in words(nothing)
    assert words(world.does("boss", list_audit, buttons(nothing)["Show all"].value)).count(" (Amsterdam) · ") == 3
    again = world.does("boss", audit_filter_form, buttons(by_person)["Filter…"].value)
    assert answer(again).values["person"] == world.people["boss"].external_id
    with pytest.raises(Refused, match="person_unknown"):
        world.does("boss", filter_audit, answer(form, person="U404"))


def test_a_value_from_elsewhere_shows_the_first_page(world: EntryWorld) -> None:
    moves(world)
    for value in ("junk", "a|b|c|d|e", "nonsense||older|unknown"):
        assert "moved the meeting" in admin(world, value)


def test_whoever_runs_ampersand_gets_it_all_as_a_table(world: EntryWorld) -> None:
    moves(world)
    world.later(minutes=1)
    imports(world, "U-9,Nel,sales")
    with world.database.snapshot() as session:
        table = export_audit(session, session.get_one(Workspace, "workspace1"), world.now.date())
    assert table.columns == ("at", "who", "action", "what", "before", "after")
    moved, added = table.rows
    assert moved[:4] == ("2026-06-10T14:00:00+00:00", "Lead", "meeting.move", "Pre-S&OP")
    assert added[:4] == ("2026-06-10T14:01:00+00:00", None, "member.add", "Nel")
    assert added[4:] == (None, "side: sales\nrole: member")


def test_every_action_has_its_sentence_and_stands_in_a_filter() -> None:
    """What is noted with a literal anywhere; some are put together from noun and verb."""
    noted = {
        word.replace(".", "_")
        for file in (ROOT / "bot").rglob("*.py")
        for call in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(call, ast.Call) and ast.unparse(call.func) in {note.__name__, note_from_outside.__name__}
        for node in ast.walk(call)
        if isinstance(node, ast.Constant) and isinstance(word := node.value, str) and word.count(".") == 1
    }
    assert noted - SENTENCES == set()
    of_meetings = ("meeting_", "series_", "days_off_", "brief_rule_", "site_", "checkin_")
    put_together = {word for word in SENTENCES if word.startswith(of_meetings)}
    assert SENTENCES - noted == put_together
    nouns = {noun for group in KINDS.values() for noun in group}
    assert {word for word in SENTENCES if not word.startswith(tuple(f"{noun}_" for noun in nouns))} == set()

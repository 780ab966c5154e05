"""Whoever leaves has no access from that moment on, nothing waits for them, and it can all come back."""

from typing import Any

import pytest
from sqlmodel import col, select

from bot.domain.errors import DuplicateRequest, Refused
from bot.services import asks, entries
from bot.services.access import Profile, Sender, access_actor
from bot.services.asks import end_ask
from bot.services.entries import capture_text
from bot.services.help_today import ask_lesson
from bot.services.outbox import enqueue
from bot.services.people import person_changed
from storage.database import Database
from storage.meetings import list_participants, set_participants
from storage.tables import (
    Ask,
    AskState,
    AuditRecord,
    Decision,
    Kind,
    Meeting,
    Member,
    OccurrenceState,
    OutboxState,
    Outgoing,
    Platform,
    Schedule,
    ScheduleKind,
)
from tests.builders import a_context, a_message
from tests.services.entry_world import TAPAS, EntryWorld, answer, build_world, buttons, plan_meetings, words


@pytest.fixture
def world(database: Database) -> EntryWorld:
    return build_world(database)


def profile(**over: Any) -> Profile:
    said = {"name": "Els", "timezone": "Europe/Amsterdam", "language": "en", "is_guest": False}
    return Profile(**{**said, "team_ids": frozenset({"T1"}), **over})


def hears(world: EntryWorld, who: str, request: str = "", **over: Any) -> None:
    """The platform tells what that person is now."""
    world.does(who, person_changed, request or world.request(), profile(**over))


def the(world: EntryWorld, who: str) -> Member:
    return next(member for member in world.rows(Member) if member.id == world.people[who].id)


GONE = [
    {"is_gone": True},
    {"is_guest": True},
    {"team_ids": frozenset({"T2"})},
    {"team_ids": frozenset()},
]


@pytest.mark.parametrize("now", GONE)
def test_who_is_no_colleague_any_more_has_no_access_at_once(world: EntryWorld, now: dict[str, Any]) -> None:
    world.does("els", access_actor)
    hears(world, "els", **now)
    with pytest.raises(Refused, match="left"):
        world.does("els", access_actor)
    assert the(world, "els").active_to == world.now.date().replace(day=world.now.day - 1)


def test_who_is_back_has_access_again(world: EntryWorld) -> None:
    hears(world, "els", is_gone=True)
    hears(world, "els")
    assert world.does("els", access_actor).member.active_to is None
    trail = [(row.action, row.actor_id, row.before, row.after) for row in world.rows(AuditRecord)]
    assert sorted(trail) == [
        ("member.leave", None, None, "active_to: 2026-06-09"),
        ("member.return", None, "active_to: 2026-06-09", None),
    ]


def test_a_last_day_that_a_facilitator_set_is_no_platforms_to_take_back(world: EntryWorld) -> None:
    with world.database.transaction() as session:
        els = session.get_one(Member, world.people["els"].id)
        els.active_to = world.now.date().replace(day=1)
        session.add(els)
    hears(world, "els")
    hears(world, "els", is_gone=True)
    hears(world, "els")
    assert the(world, "els").active_to == world.now.date().replace(day=1)
    assert world.rows(AuditRecord) == []


def test_it_is_told_twice_and_done_once(world: EntryWorld) -> None:
    hears(world, "els", "Ev1", is_gone=True)
    with pytest.raises(DuplicateRequest):
        hears(world, "els", "Ev1", is_gone=True)
    hears(world, "els", "Ev2", is_gone=True)
    assert len(world.rows(AuditRecord)) == 1


def test_somebody_unknown_stays_unknown(world: EntryWorld) -> None:
    with world.database.transaction() as session:
        person_changed(session, a_context(), Sender(Platform.SLACK, "T1", "U404"), "Ev1", profile(is_gone=True))
    assert len(world.rows(Member)) == 14
    assert world.rows(AuditRecord) == []


def test_a_new_name_on_the_platform_is_theirs_here(world: EntryWorld) -> None:
    hears(world, "els", name="Els de Vries")
    assert the(world, "els").name == "Els de Vries"


def test_a_zone_goes_with_the_platforms_unless_it_is_ones_own(world: EntryWorld) -> None:
    hears(world, "els")
    assert (the(world, "els").timezone, the(world, "els").platform_timezone) == ("Europe/Amsterdam", "Europe/Amsterdam")
    hears(world, "els", timezone="Asia/Tokyo")
    assert the(world, "els").timezone == "Asia/Tokyo"
    with world.database.transaction() as session:
        els = session.get_one(Member, world.people["els"].id)
        els.timezone = "Europe/Lisbon"
        session.add(els)
    hears(world, "els", timezone="America/New_York")
    hears(world, "els", timezone="Not/A_Zone")
    assert (the(world, "els").timezone, the(world, "els").platform_timezone) == ("Europe/Lisbon", "America/New_York")
    assert the(world, "els").language == "en"


def test_what_waits_for_them_is_not_sent(world: EntryWorld) -> None:
    with world.database.transaction() as session:
        for who in ("els", "sam"):
            to = world.people[who].external_id
            enqueue(session, a_context(), workspace_id="workspace1", key=who, target_id=to, message=a_message())
    hears(world, "els", is_gone=True)
    rows = {row.key: (row.state, row.message is None) for row in world.rows(Outgoing)}
    assert rows == {"els": (OutboxState.FAILED, True), "sam": (OutboxState.PENDING, False)}


def asked(world: EntryWorld, **values: str) -> Ask:
    """Sam asks about what he wrote."""
    card = world.does("sam", capture_text, world.request(), Kind.CLASH, TAPAS)
    form = world.does("sam", asks.ask_form, buttons(card)["Ask the other side"].value)
    world.does("sam", asks.send_ask, world.request(), answer(form, **values))
    (ask,) = world.rows(Ask)
    return ask


def test_a_question_to_them_ends_and_the_author_hears_it(world: EntryWorld) -> None:
    ask = asked(world, person=world.people["els"].external_id)
    hears(world, "els", is_gone=True)
    assert world.rows(Ask)[0].state == AskState.EXPIRED
    (told,) = [message for target, message in world.posts() if target == world.people["sam"].external_id]
    assert f"Els is no longer here, so nobody tells the other side of #{world.entry().ref}." in words(told)
    assert not any(target == world.people["els"].external_id for target, _ in world.posts())
    with world.database.transaction() as session:
        due = session.exec(select(Schedule).where(Schedule.kind == ScheduleKind.ASK_END)).one()
        assert due.next_due_at is None
        assert end_ask(session, a_context(), due, world.now) is OccurrenceState.SKIPPED
    assert ask.id == world.rows(Ask)[0].id


def test_a_question_they_took_can_be_taken_by_somebody_else(world: EntryWorld) -> None:
    ask = asked(world, whom="operations")
    world.does("els", asks.take_ask, ask.id)
    hears(world, "els", is_gone=True)
    (open_again,) = world.rows(Ask)
    assert (open_again.state, open_again.asked_id) == (AskState.OPEN, None)
    *_, (where, question) = world.posts()
    assert where == "C-SOP"
    assert "Operations, who was there?" in words(question)
    world.does("olaf", asks.take_ask, ask.id)
    assert world.rows(Ask)[0].asked_id == world.people["olaf"].id


def test_an_author_who_left_is_not_written_to(world: EntryWorld) -> None:
    ask = asked(world, person=world.people["els"].external_id)
    form = world.does("els", asks.tell_form, ask.id)
    hears(world, "sam", is_gone=True)
    world.does("els", asks.save_tell, world.request(), answer(form, what_happened="At 16:40 line 2 was full."))
    assert world.people["sam"].external_id not in dict(world.posts())
    with world.database.transaction() as session:
        lesson = Schedule(id="s", workspace_id="workspace1", kind=ScheduleKind.HELP_LESSON, subject_id=ask.entry_id)
        assert ask_lesson(session, a_context(world.now), lesson, world.now) is OccurrenceState.SKIPPED


def test_they_are_invited_no_more_and_again_when_they_are_back(world: EntryWorld) -> None:
    plan_meetings(world)
    with world.database.transaction() as session:
        meeting = session.exec(select(Meeting).order_by(col(Meeting.key))).first()
        assert meeting
        set_participants(session, meeting.id, [world.people["els"].id, world.people["sam"].id])
    assert _invited(world, meeting.id) == ["Els", "Sam"]
    hears(world, "els", is_gone=True)
    assert _invited(world, meeting.id) == ["Sam"]
    hears(world, "els")
    assert _invited(world, meeting.id) == ["Els", "Sam"]


def _invited(world: EntryWorld, meeting_id: str) -> list[str]:
    with world.database.snapshot() as session:
        return [member.name for member in list_participants(session, meeting_id, world.now.date())]


def test_facilitators_hear_what_needs_somebody_else(world: EntryWorld) -> None:
    plan_meetings(world)
    with world.database.transaction() as session:
        (first, *_) = session.exec(select(Meeting)).all()
        first.chair_id = world.people["els"].id
        session.add(first)
        rank: dict[str, Any] = {
            "rank": 1,
            "key": "d",
            "entered_at": world.now,
            "question": "Which rule?",
            "kind": "decide",
        }
        owner = world.people["els"].id
        session.add(Decision(id="d", workspace_id="workspace1", meeting_id=first.id, owner_id=owner, **rank))
    hears(world, "els", is_gone=True)
    ((target, told),) = world.posts()
    assert target == world.people["lead"].external_id
    assert words(told).split("\n") == [
        "Els no longer has access. Their Slack account is closed, or a guest's now. Somebody else is needed for:",
        "· 1 meeting they chair (/sop meetings)",
        "· 1 open decision (/sop decisions)",
    ]
    hears(world, "olaf", is_gone=True)
    assert len(world.posts()) == 1


def test_what_they_wrote_stays_theirs(world: EntryWorld) -> None:
    world.does("els", capture_text, world.request(), Kind.CLASH, TAPAS)
    hears(world, "els", is_gone=True)
    assert world.entry().author_id == world.people["els"].id
    with pytest.raises(Refused, match="left"):
        world.does("els", entries.show_card, world.entry().ref)

"""What becomes of a brief after it was posted: corrected, moved along with its meeting, found again."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlmodel import col, select, update

from bot.domain.brief import from_json
from bot.domain.chat import Button, Buttons, Message, Submission, Text
from bot.domain.errors import DuplicateRequest, Refused
from bot.services.access import Sender
from bot.services.briefs import (
    announce_move,
    brief_details,
    correct_brief,
    correct_form,
    open_brief,
    past_briefs,
    preview_brief,
)
from storage.tables import (
    AuditRecord,
    Brief,
    Entry,
    Meeting,
    MeetingStatus,
    Member,
    ObjectiveActual,
    Outgoing,
    Schedule,
    ScheduleKind,
)
from tests.brief_text import lines_of, text_of
from tests.builders import a_context
from tests.services.brief_company import DUE, START, Company, message_of

CORRECTED = datetime(2026, 6, 11, 9, 5, tzinfo=UTC)


def posted(company: Company) -> Brief:
    company.materialise(DUE)
    return company.session.exec(select(Brief)).one()


def correct(company: Company, brief: Brief, reason: str = "growth in May 6.9%, was 6.4%.", **over: Any) -> Message:
    submission = Submission("brief.correct_save", {"reason": reason}, {"brief": brief.id})
    sender = over.get("sender", company.sender())
    now = over.get("now", CORRECTED)
    return correct_brief(company.session, a_context(now), sender, over.get("request", "r1"), submission)


def versions(company: Company) -> list[Brief]:
    return list(company.session.exec(select(Brief).order_by(col(Brief.version))).all())


def replacements(company: Company, post_key: str) -> list[Outgoing]:
    rows = company.outgoing()
    changes = [row for row in rows.values() if row.replaces == rows[post_key].id]
    return sorted(changes, key=lambda row: row.position)


def all_buttons(message: Message) -> list[Button]:
    rows = [button for part in message.parts if isinstance(part, Buttons) for button in part.buttons]
    return rows + [part.button for part in message.parts if isinstance(part, Text) and part.button]


# ---------------------------------------------------------------- corrected


def test_a_correction_posts_a_new_version_and_the_old_one_says_that_it_was_replaced(company: Company) -> None:
    brief = posted(company)
    company.session.execute(
        update(ObjectiveActual)
        .where(col(ObjectiveActual.objective_key) == "O4", col(ObjectiveActual.month) == date(2026, 5, 1))
        .values(value=6.9)
    )

    answer = correct(company, brief)

    old, new = versions(company)
    rows = company.outgoing()
    assert lines_of(answer)[0].startswith("Version 2 is on its way to the channel.")
    assert lines_of(message_of(rows["brief:M:2"]))[0] == (
        "Version 2, Thu 11 June, 11:05 (Amsterdam): growth in May 6.9%, was 6.4%."
    )
    assert "growth 6.9% (8.0)" in text_of(message_of(rows["brief:M:2"]))
    assert rows["brief:M:2:details:1"].thread_of == rows["brief:M:2"].id
    (change,) = replacements(company, "brief:M:1")
    replaced = message_of(change)
    assert lines_of(replaced)[0] == "Replaced by version 2."
    assert "growth 6.4% (8.0)" in text_of(replaced)
    assert isinstance(replaced.parts[0], Text)
    assert replaced.parts[0].button is not None
    assert replaced.parts[0].button.value == new.id
    assert (old.as_of, new.as_of) == (DUE, DUE)


def test_the_figures_are_taken_again_as_of_the_same_minute(company: Company) -> None:
    brief = posted(company)
    late = company.session.exec(select(Entry).where(Entry.ref == "110")).one()
    assert late.created_at is not None
    assert late.created_at > DUE

    correct(company, brief)

    old, new = (from_json(version.snapshot) for version in versions(company))
    assert replace(old, guards=()) == replace(new, guards=())
    assert old.guards == new.guards, "what this brief said itself is said in its correction too"


def test_both_versions_can_be_opened_as_they_were(company: Company) -> None:
    brief = posted(company)
    correct(company, brief)
    old, new = versions(company)
    later = a_context(DUE + timedelta(days=300))

    first, second = (open_brief(company.session, later, company.sender(), one.id) for one in (old, new))

    assert lines_of(first)[:2] == ["Version 1, as it was posted; only you see this copy.", "Replaced by version 2."]
    assert lines_of(second)[0] == "Version 2, as it was posted; only you see this copy."
    assert ("brief.open", old.id) in [(button.action, button.value) for button in all_buttons(second)]


def test_a_correction_is_noted_with_who_made_it(company: Company) -> None:
    correct(company, posted(company))

    record = company.session.exec(select(AuditRecord).where(AuditRecord.action == "brief.correct")).one()
    facilitator = company.session.exec(select(Member).where(Member.external_id == "M18")).one()
    assert (record.actor_id, record.before) == (facilitator.id, "version 1")
    assert record.after == "version 2: growth in May 6.9%, was 6.4%."


def test_only_a_facilitator_corrects(company: Company) -> None:
    brief = posted(company)

    with pytest.raises(Refused, match="facilitators_only"):
        correct(company, brief, sender=company.sender("M02"))
    with pytest.raises(Refused, match="facilitators_only"):
        correct_form(company.session, a_context(CORRECTED), company.sender("M02"), brief.id)
    member, lead = (preview_brief(company.session, a_context(CORRECTED), company.sender(key)) for key in ("M02", "M18"))
    assert "brief.correct" not in [button.action for button in all_buttons(member)]
    assert "brief.correct" in [button.action for button in all_buttons(lead)]


def test_a_correction_needs_a_line_is_made_once_and_only_of_the_last_version(company: Company) -> None:
    brief = posted(company)
    with pytest.raises(Refused, match="correction_empty"):
        correct(company, brief, reason="  \n ", request="r0")
    correct(company, brief)

    with pytest.raises(DuplicateRequest):
        correct(company, brief)
    with pytest.raises(Refused, match="brief_replaced"):
        correct(company, brief, request="r2")
    assert len(versions(company)) == 2


# ---------------------------------------------------------------- moved


def test_a_posted_brief_says_that_its_meeting_moved(company: Company) -> None:
    posted(company)
    company.meeting.starts_at = START + timedelta(days=1)
    announce_move(company.session, a_context(CORRECTED), company.meeting)

    (change,) = replacements(company, "brief:M:1")
    assert lines_of(message_of(change))[:2] == [
        "The meeting has moved: it was planned for Mon 15 June, 13:30 (Amsterdam). The figures stay as they were.",
        "Brief for the pre-S&OP: Tue 16 June, 13:30 (Amsterdam)",
    ]
    assert schedule(company, ScheduleKind.BRIEF_CLOSE).next_due_at == START + timedelta(days=1)


def test_a_move_that_is_undone_leaves_the_brief_as_it_was(company: Company) -> None:
    posted(company)
    for start in (START + timedelta(days=1), START):
        company.meeting.starts_at = start
        announce_move(company.session, a_context(CORRECTED), company.meeting, CORRECTED + timedelta(minutes=2))

    waiting = [row for row in replacements(company, "brief:M:1") if row.message is not None]
    assert [lines_of(message_of(row))[0] for row in waiting] == [
        "Brief for the pre-S&OP: Mon 15 June, 13:30 (Amsterdam)"
    ]


def test_a_cancelled_meeting_reminds_nobody(company: Company) -> None:
    posted(company)
    company.meeting.status = MeetingStatus.CANCELLED
    announce_move(company.session, a_context(CORRECTED), company.meeting)

    (change,) = replacements(company, "brief:M:1")
    assert lines_of(message_of(change))[0].startswith("This meeting was cancelled.")
    assert schedule(company, ScheduleKind.BRIEF_REMINDER).next_due_at is None
    assert schedule(company, ScheduleKind.BRIEF_CLOSE).next_due_at is None


def test_where_no_brief_was_posted_a_move_says_nothing(company: Company) -> None:
    announce_move(company.session, a_context(CORRECTED), company.meeting)

    assert company.outgoing() == {}


def schedule(company: Company, kind: ScheduleKind) -> Schedule:
    return company.session.exec(
        select(Schedule).where(Schedule.kind == kind, Schedule.subject_id == company.meeting.id)
    ).one()


# ---------------------------------------------------------------- found again


def test_past_briefs_are_listed_and_open_as_they_were(company: Company) -> None:
    brief = posted(company)
    company.session.execute(update(Entry).values(title="Changed"))
    company.session.execute(update(Meeting).where(col(Meeting.id) != company.meeting.id).values(brief_due_at=None))
    years_later = a_context(datetime(2031, 1, 1, tzinfo=UTC))

    card = preview_brief(company.session, years_later, company.sender())

    assert "pre-S&OP of Mon 15 June, 13:30 (Amsterdam)" in lines_of(card)
    (button,) = [button for button in all_buttons(card) if button.action == "brief.open"]
    shown = open_brief(company.session, years_later, company.sender(), button.value)
    assert button.value == brief.id
    assert "Changed" not in text_of(shown)
    assert "Decide 1: Which rule for airline menus?" in text_of(shown)


def test_a_long_row_of_past_briefs_is_turned_page_by_page(new_company: Company) -> None:
    brief = posted(new_company)
    for number in range(1, 8):
        earlier = START - timedelta(days=28 * number)
        meeting = Meeting(
            **new_company.meeting.model_dump() | {"id": f"m{number}", "key": f"m{number}", "starts_at": earlier}
        )
        new_company.session.add(meeting)
        new_company.session.flush()
        new_company.session.add(Brief(**brief.model_dump() | {"id": f"b{number}", "meeting_id": meeting.id}))
    new_company.session.flush()
    later = a_context(START + timedelta(days=1))

    first = preview_brief(new_company.session, later, new_company.sender())
    (older,) = [button for button in all_buttons(first) if button.action == "brief.past"]
    second = past_briefs(new_company.session, later, new_company.sender(), older.value)

    opened = [[b.value for b in all_buttons(card) if b.action == "brief.open"] for card in (first, second)]
    assert opened == [[brief.id, "b1", "b2", "b3", "b4"], ["b5", "b6", "b7"]]
    assert "brief.past" not in [button.action for button in all_buttons(second)]


def test_what_an_earlier_brief_of_this_type_said_of_a_guard_is_not_said_again(company: Company) -> None:
    brief = posted(company)
    assert brief.said
    earlier = company.session.exec(select(Meeting).where(Meeting.key == "2026-05-PS")).one()
    company.session.add(Brief(**brief.model_dump() | {"id": "earlier", "meeting_id": earlier.id}))
    company.session.flush()

    assert company.snapshot().guards == ()


def test_the_bars_of_earlier_cycles_are_those_their_own_briefs_showed(company: Company) -> None:
    before = {cycle.day: cycle.clashes for cycle in company.snapshot().cycles}
    may = company.session.exec(select(Meeting).where(Meeting.key == "2026-05-PS")).one()
    frozen = posted(company).snapshot
    frozen = {**frozen, "entries": {**frozen["entries"], "by_kind": {"clash": 41, "went_well": 0}}}
    company.session.add(
        Brief(id="may", workspace_id=company.workspace.id, meeting_id=may.id, as_of=DUE, snapshot=frozen)
    )
    company.session.flush()

    after = {cycle.day: cycle.clashes for cycle in company.snapshot().cycles}
    assert after == before | {may.starts_at.date(): 41}


def test_a_stranger_cannot_open_a_past_brief(company: Company) -> None:
    brief = posted(company)
    company.session.execute(update(Member).where(col(Member.external_id) == "M02").values(active_to=date(2026, 6, 1)))
    gone = Sender(company.sender().platform, company.workspace.external_id, "M02")

    for use_case in (open_brief, brief_details):
        with pytest.raises(Refused, match="left"):
            use_case(company.session, a_context(CORRECTED), gone, brief.id)

"""The brief of the sample company, on both databases, and what happens around the minute it is due."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from sqlmodel import col, select, update

from bot.domain.brief import Records, from_json, take_snapshot
from bot.domain.chat import Small
from bot.domain.errors import Refused
from bot.services.access import Sender
from bot.services.briefs import (
    brief_agreements,
    brief_decisions,
    brief_details,
    preview_brief,
)
from bot.services.messages import briefs as messages
from bot.templates import speaker
from storage.tables import (
    Agreement,
    Brief,
    Entry,
    Meeting,
    MeetingStatus,
    Member,
    Occurrence,
    OccurrenceState,
    Platform,
    Role,
    Schedule,
    ScheduleKind,
    Visibility,
)
from tests.brief_text import lines_of, text_of
from tests.builders import a_context, a_member, a_side, a_workspace
from tests.companies import records_of_a_company
from tests.services.brief_company import DUE, START, Company, buttons_of, message_of

STANDING = messages.Standing("brief1")


# ---------------------------------------------------------------- when it is due


def test_on_time_the_post_and_its_thread_wait_in_the_outbox(company: Company) -> None:
    assert company.materialise(DUE + timedelta(seconds=30)) is OccurrenceState.DONE

    rows = company.outgoing()
    post = rows["brief:M:1"]
    assert set(rows) == {"brief:M:1", "brief:M:1:details:1", "brief:M:1:details:2"}
    assert post.target_id == "C-SOP"
    assert rows["brief:M:1:details:1"].thread_of == post.id
    assert lines_of(message_of(post))[0] == "Brief for the pre-S&OP: Mon 15 June, 13:30 (Amsterdam)"


def test_what_is_frozen_is_what_was_known_when_it_was_due(company: Company) -> None:
    company.materialise(DUE + timedelta(days=2))

    brief = company.session.exec(select(Brief)).one()
    assert (brief.version, brief.as_of) == (1, DUE)
    assert from_json(brief.snapshot) == company.snapshot()


@pytest.mark.parametrize(
    ("delay", "state"),
    [
        (timedelta(minutes=4, seconds=59), OccurrenceState.DONE),
        (timedelta(minutes=5), OccurrenceState.LATE),
        (START - DUE - timedelta(seconds=1), OccurrenceState.LATE),
        (START - DUE, OccurrenceState.SKIPPED),
    ],
)
def test_late_while_it_still_helps_skipped_when_it_does_not(
    company: Company, delay: timedelta, state: OccurrenceState
) -> None:
    assert company.materialise(DUE + delay) is state
    assert ("brief:M:1" in company.outgoing()) == (state is not OccurrenceState.SKIPPED)


def test_a_late_post_says_so_in_its_first_line(company: Company) -> None:
    company.materialise(DUE + timedelta(hours=2, minutes=20))

    post = message_of(company.outgoing()["brief:M:1"])
    assert isinstance(post.parts[0], Small)
    assert lines_of(post)[0] == (
        "Planned for Thu 11 June, 09:00 (Amsterdam), posted at 11:20: I was not running. "
        "The figures are those of 09:00; nothing is missing."
    )


def test_a_post_that_is_a_day_late_says_which_day(company: Company) -> None:
    company.workspace.language = "nl"
    company.materialise(DUE + timedelta(days=1))

    assert lines_of(message_of(company.outgoing()["brief:M:1"]))[0] == (
        "Gepland voor do 11 juni, 09:00 (Amsterdam), geplaatst op vr 12 juni, 09:00: ik stond uit. "
        "De cijfers zijn die van do 11 juni, 09:00; er ontbreekt niets."
    )


def test_a_skipped_brief_is_told_to_each_facilitator_in_their_language(company: Company) -> None:
    company.session.execute(update(Member).where(col(Member.external_id) == "M24").values(role=Role.ADMIN))
    company.materialise(START + timedelta(hours=1))

    told = {row.target_id: lines_of(message_of(row))[0] for row in company.outgoing().values()}
    assert told == {
        "M18": (
            "The brief for Mon 15 June, 13:30 (Amsterdam) was not posted: "
            "I was not running until the meeting had begun. "
            "Nothing is lost: what it would have told is in the next one of its kind. "
            "Next brief: Tue 16 June, 09:00 (Amsterdam)."
        ),
        "M24": (
            "De briefing voor ma 15 juni, 13:30 (Amsterdam) is niet geplaatst: "
            "ik stond uit tot het overleg begonnen was. "
            "Er is niets verloren: wat erin had gestaan, staat in de volgende van deze soort. "
            "Volgende briefing: di 16 juni, 09:00 (Amsterdam)."
        ),
    }


def test_what_a_skipped_brief_would_have_told_is_in_the_next_one(company: Company) -> None:
    session = company.session
    may = session.exec(select(Meeting).where(Meeting.key == "2026-05-PS")).one()
    april = session.exec(select(Meeting).where(Meeting.key == "2026-04-PS")).one()
    assert may.brief_due_at is not None
    assert company.snapshot().since == may.brief_due_at
    session.add(Schedule(id="may", workspace_id=company.workspace.id, kind=ScheduleKind.BRIEF, subject_id=may.id))
    session.flush()
    session.add(
        Occurrence(
            id="o",
            workspace_id=company.workspace.id,
            schedule_id="may",
            due_at=may.brief_due_at,
            state=OccurrenceState.SKIPPED,
            materialised_at=DUE,
        )
    )

    assert company.snapshot().since == april.brief_due_at


def test_without_a_channel_the_facilitators_get_the_cure(new_company: Company) -> None:
    new_company.workspace.channel_id = None

    assert new_company.materialise(DUE) is OccurrenceState.SKIPPED
    (note,) = new_company.outgoing().values()
    assert note.target_id == "M24"
    assert lines_of(message_of(note))[0].startswith("De briefing voor ma 15 juni, 13:30 (Amsterdam) is niet geplaatst")
    assert new_company.session.exec(select(Brief)).all() == []


def test_nothing_is_said_about_a_cancelled_meeting(company: Company) -> None:
    company.meeting.status = MeetingStatus.CANCELLED

    assert company.materialise(DUE) is OccurrenceState.SKIPPED
    assert company.outgoing() == {}


# ---------------------------------------------------------------- looked at


def test_before_it_is_due_it_can_be_looked_at_as_known_now(company: Company) -> None:
    card = preview_brief(company.session, a_context(DUE - timedelta(days=1)), company.sender())

    assert lines_of(card)[0] == (
        "A preview, only you see it; the brief is frozen and posted on Thu 11 June, 09:00 (Amsterdam)."
    )
    assert any(line.startswith("As known on Wed 10 June, 09:00 (Amsterdam).") for line in lines_of(card))
    details = brief_details(company.session, a_context(DUE), company.sender(), buttons_of(card)[0].value)
    assert "earlier #19" in text_of(details)


def test_once_posted_the_frozen_one_is_shown(company: Company) -> None:
    company.materialise(DUE)
    company.session.execute(update(Entry).values(title="Changed"))

    card = preview_brief(company.session, a_context(DUE + timedelta(days=1)), company.sender())

    assert lines_of(card)[0] == "Version 1, as it was posted; only you see this copy."
    assert "Changed" not in text_of(card)
    assert [button.action for button in buttons_of(card)] == [
        "brief.details",
        "brief.decisions",
        "brief.agreements",
        "agenda.add",
        "brief.correct",
    ]


def test_the_buttons_of_the_post_show_the_frozen_lists_in_the_language_of_the_reader(company: Company) -> None:
    company.materialise(DUE)
    company.session.execute(update(Agreement).values(title="Changed"))
    context = a_context(DUE + timedelta(days=300))
    details, _, agreements, _ = buttons_of(message_of(company.outgoing()["brief:M:1"]))

    listed = text_of(brief_agreements(company.session, context, company.sender("M24"), agreements.value))
    assert "✓ Nagekomen: Eight days of life for four deliveries" in listed
    assert "Changed" not in listed
    assert "resolved on 28 May" in text_of(
        brief_details(company.session, context, company.sender("M18"), details.value)
    )


def test_a_brief_of_another_company_stays_there(company: Company) -> None:
    company.materialise(DUE)
    brief = company.session.exec(select(Brief)).one()
    other = a_workspace(company.session)
    a_side(company.session, workspace_id=other.id)
    a_member(company.session, workspace_id=other.id, external_id="U-other")
    stranger = Sender(Platform.SLACK, other.external_id, "U-other")

    with pytest.raises(Refused):
        brief_details(company.session, a_context(DUE), stranger, brief.id)


def test_without_a_meeting_there_is_a_sentence(company: Company) -> None:
    card = preview_brief(company.session, a_context(datetime(2027, 6, 1, tzinfo=UTC)), company.sender())

    assert lines_of(card)[0].startswith("No pre-S&OP or executive S&OP is planned.")


# ---------------------------------------------------------------- nothing, and anything


def test_a_new_company_gets_a_friendly_brief(new_company: Company) -> None:
    assert new_company.materialise(DUE) is OccurrenceState.DONE

    (post,) = new_company.outgoing().values()
    assert lines_of(message_of(post)) == [
        "Brief for the pre-S&OP: Mon 15 June, 13:30 (Amsterdam)",
        "In short. No entries yet.",
        "Decide. Nothing is asked of this meeting.",
        "Objectives. No figures yet.",
        "No entries yet. When something clashes or goes well: /clash or /win, ten seconds.",
        "Came back: nothing. No clashes in this time.",
        "Agreements. None yet.",
        "Went well. No example yet; /win notes one in ten seconds.",
        "As known on Thu 11 June, 09:00 (Amsterdam).",
    ]
    details, decisions, agreements, _ = buttons_of(message_of(post))
    assert "Nothing is asked" in text_of(
        brief_decisions(new_company.session, a_context(), new_company.sender("M18"), decisions.value)
    )
    assert "nothing more" in text_of(
        brief_details(new_company.session, a_context(), new_company.sender("M18"), details.value)
    )
    assert "None yet" in text_of(
        brief_agreements(new_company.session, a_context(), new_company.sender("M18"), agreements.value)
    )


def test_a_small_group_leaves_no_trace_in_what_is_stored_or_said(company: Company) -> None:
    """Supply Planning leaves: the bridges are three, so no side is counted, and no one can subtract."""
    company.session.execute(
        update(Member).where(col(Member.side) == "supply_planning").values(active_to=date(2026, 6, 1))
    )
    company.materialise(DUE)

    brief = company.session.exec(select(Brief)).one()
    post = text_of(message_of(company.outgoing()["brief:M:1"]))
    assert brief.snapshot["entries"]["by_side"] is None
    assert brief.snapshot["entries"]["silent"] == []
    assert "Sales 5" not in post
    assert "Not shown: counts by side (fewer than five people in one group), the bridges' pulse and the total" in post


def test_side_only_examples_count_for_their_side(company: Company) -> None:
    operations = select(Entry).where(Entry.side == "operations", Entry.visibility == Visibility.SIDE_ONLY)
    quiet = [e for e in company.session.exec(operations) if date(2026, 5, 13) <= e.created_on < date(2026, 6, 11)]
    assert len(quiet) == 1
    before = {side.key: side.entries for side in company.snapshot().entries.by_side or ()}
    company.session.delete(quiet[0])
    company.session.flush()

    after = {side.key: side.entries for side in company.snapshot().entries.by_side or ()}
    assert after == before | {"operations": before["operations"] - 1}


@pytest.mark.parametrize("language", ["en", "nl"])
@settings(deadline=None)
@given(records=records_of_a_company())
def test_whatever_a_company_wrote_the_brief_stays_within_its_limits(language: str, records: Records) -> None:
    snapshot = take_snapshot(records, DUE)
    speak = speaker(language, "Europe/Amsterdam")
    standing = messages.Standing("brief1", late_at=DUE + timedelta(days=1), moved_to=START)
    post = messages.post(speak, snapshot, standing)
    lines = lines_of(post)

    assert len(lines) <= 15
    assert max(map(len, lines)) <= 195
    assert all(lines)
    for reply in (*messages.thread(speak, snapshot), messages.details(speak, snapshot)):
        assert all(len(line) <= 3_000 for line in lines_of(reply))
        assert "<Undefined" not in text_of(reply)

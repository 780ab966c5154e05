"""Whom a brief reaches: one reminder in each person's own morning, and in the end a count without names."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlmodel import col, delete, select, update

from bot.services.brief_reach import close_reach, remind_invited
from bot.services.briefs import brief_details, open_brief, preview_brief
from bot.services.outbox import enqueue
from storage.tables import (
    Brief,
    BriefOpening,
    BriefReach,
    MeetingParticipant,
    MeetingStatus,
    Member,
    OccurrenceState,
    Outgoing,
    Schedule,
    ScheduleKind,
)
from tests.brief_text import lines_of, text_of
from tests.builders import a_context, a_message
from tests.services.brief_company import DUE, START, Company, message_of

FRIDAY = datetime(2026, 6, 12, 7, tzinfo=UTC)  # 09:00 in Amsterdam, one working day before Monday 15 June


def post(company: Company, at: datetime = DUE) -> Brief:
    """Of the meeting before it has begun: without the reach that the sample knows of it afterwards."""
    company.session.execute(delete(BriefReach).where(col(BriefReach.meeting_id) == company.meeting.id))
    company.materialise(at)
    return company.session.exec(select(Brief)).one()


def schedule(company: Company, kind: ScheduleKind) -> Schedule:
    return company.session.exec(
        select(Schedule).where(Schedule.kind == kind, Schedule.subject_id == company.meeting.id)
    ).one()


def look(company: Company, at: datetime) -> OccurrenceState:
    reminder = schedule(company, ScheduleKind.BRIEF_REMINDER)
    return remind_invited(company.session, a_context(at), reminder, at)


def looks(company: Company) -> list[datetime]:
    """Look whenever the schedule says so, as the ticks do; when those looks were."""
    moments: list[datetime] = []
    moment = schedule(company, ScheduleKind.BRIEF_REMINDER).next_due_at
    while moment is not None and len(moments) < 20:
        look(company, moment)
        moments.append(moment)
        company.session.expire_all()
        following = schedule(company, ScheduleKind.BRIEF_REMINDER).next_due_at
        moment = following if following != moment else None
    return moments


def reminders(company: Company) -> dict[str, Outgoing]:
    return {row.target_id: row for key, row in company.outgoing().items() if key.startswith("brief_reminder:")}


def keys(company: Company) -> set[str]:
    return set(company.session.exec(select(Outgoing.key)).all())


def invited(company: Company) -> set[str]:
    people = select(Member.external_id).join(MeetingParticipant, col(MeetingParticipant.member_id) == col(Member.id))
    return set(company.session.exec(people.where(MeetingParticipant.meeting_id == company.meeting.id)).all())


def opens(company: Company, brief: Brief, member_key: str, at: datetime = DUE + timedelta(hours=1)) -> None:
    brief_details(company.session, a_context(at), company.sender(member_key), brief.id)


def close(company: Company, at: datetime = START) -> OccurrenceState:
    return close_reach(company.session, a_context(at), schedule(company, ScheduleKind.BRIEF_CLOSE), at)


# ---------------------------------------------------------------- reminded


def test_whoever_has_not_opened_it_is_reminded_at_nine_in_their_own_zone_once(company: Company) -> None:
    post(company)

    moments = looks(company)

    assert moments[0] == DUE
    assert FRIDAY in moments
    assert set(reminders(company)) == invited(company)
    zones = {member.external_id: member.timezone for member in company.session.exec(select(Member)).all()}
    for person, row in reminders(company).items():
        assert f"{row.not_before.astimezone(ZoneInfo(zones[person])):%a %H:%M}" == "Fri 09:00"


def test_who_wants_no_questions_is_not_reminded(company: Company) -> None:
    post(company)
    quiet = min(invited(company))
    company.session.execute(update(Member).where(col(Member.external_id) == quiet).values(undisturbed=True))
    company.session.expire_all()
    looks(company)

    assert set(reminders(company)) == invited(company) - {quiet}


def test_the_reminder_says_when_and_how_much_in_the_language_of_the_reader(company: Company) -> None:
    post(company)
    looks(company)

    said = {person: text_of(message_of(row)) for person, row in reminders(company).items()}
    english, dutch = said["M18"], said["M11"]
    assert english == (
        "The brief for Mon 15 June, 13:30 (Amsterdam) is ready: 3 decisions. Two minutes.\n[Decisions] [Details]"
    )
    assert dutch == (
        "De briefing voor ma 15 juni, 13:30 (Amsterdam) staat klaar: 3 besluiten. Twee minuten.\n[Besluiten] [Details]"
    )


def test_whoever_has_opened_it_is_left_in_peace(company: Company) -> None:
    brief = post(company)
    opens(company, brief, "M18")

    looks(company)

    assert set(reminders(company)) == invited(company) - {"M18"}


@pytest.mark.parametrize("again", [timedelta(hours=1), timedelta(days=2)])
def test_nobody_is_reminded_twice_whatever_becomes_of_the_meeting(company: Company, again: timedelta) -> None:
    post(company)
    looks(company)
    company.meeting.starts_at = START + timedelta(days=7)

    look(company, FRIDAY + again)
    look(company, FRIDAY + timedelta(days=7))

    assert len(reminders(company)) == len(invited(company))


def test_a_brief_that_came_late_reminds_two_hours_before_the_meeting(company: Company) -> None:
    post(company, FRIDAY + timedelta(hours=3))

    moments = looks(company)

    assert moments[-1] == START - timedelta(hours=2)
    assert {row.not_before for row in reminders(company).values()} == {START - timedelta(hours=2)}


def test_a_brief_that_came_in_the_last_two_hours_reminds_nobody(company: Company) -> None:
    post(company, START - timedelta(hours=1))

    looks(company)

    assert reminders(company) == {}


def test_who_was_not_reminded_because_nothing_ran_is_reminded_two_hours_before(company: Company) -> None:
    post(company)

    look(company, FRIDAY + timedelta(days=1))
    assert reminders(company) == {}
    look(company, START - timedelta(hours=2))

    assert set(reminders(company)) == invited(company)


def test_who_has_left_is_not_reminded(company: Company) -> None:
    post(company)
    company.session.execute(
        update(Member).where(col(Member.external_id) == "M18").values(active_to=FRIDAY.date() - timedelta(days=1))
    )

    looks(company)

    assert "M18" not in reminders(company)


def test_once_the_meeting_began_or_was_cancelled_nobody_is_reminded(company: Company) -> None:
    post(company)
    assert look(company, START) is OccurrenceState.SKIPPED
    company.meeting.status = MeetingStatus.CANCELLED
    assert look(company, FRIDAY) is OccurrenceState.SKIPPED
    assert reminders(company) == {}


# ---------------------------------------------------------------- counted


def test_when_the_meeting_begins_a_count_stays_and_the_names_go(company: Company) -> None:
    brief = post(company)
    for key in ("M02", "M12", "M18", "M18"):
        opens(company, brief, key)
    assert len(company.session.exec(select(BriefOpening)).all()) == 3

    assert close(company) is OccurrenceState.DONE

    assert company.session.exec(select(BriefOpening)).all() == []
    reach = company.session.get(BriefReach, company.meeting.id)
    assert reach is not None
    assert (reach.opened, reach.invited, reach.posted_at) == (3, len(invited(company)), DUE)


def test_when_the_meeting_begins_no_reminder_shows_who_had_not_opened_it(company: Company) -> None:
    brief = post(company)
    opens(company, brief, "M18")
    looks(company)
    assert reminders(company)
    others = {key for key in keys(company) if not key.startswith("brief_reminder:")}
    another = f"brief_reminder:{company.meeting.id}0:somebody"
    enqueue(
        company.session,
        a_context(FRIDAY),
        workspace_id=company.meeting.workspace_id,
        key=another,
        target_id="M02",
        message=a_message(),
    )

    close(company)

    assert keys(company) == others | {another}


def test_only_the_invited_count_and_only_before_the_meeting(company: Company) -> None:
    brief = post(company)
    outsider = min(
        {m.external_id for m in company.session.exec(select(Member)).all() if not m.active_to} - invited(company)
    )
    opens(company, brief, outsider)
    opens(company, brief, "M18", at=START)

    assert company.session.exec(select(BriefOpening)).all() == []


def test_looking_at_the_brief_itself_is_not_opening_it(company: Company) -> None:
    brief = post(company)
    preview_brief(company.session, a_context(DUE + timedelta(hours=1)), company.sender())
    open_brief(company.session, a_context(DUE + timedelta(hours=1)), company.sender(), brief.id)

    assert company.session.exec(select(BriefOpening)).all() == []


def test_before_the_meeting_begins_nothing_is_counted(company: Company) -> None:
    brief = post(company)
    opens(company, brief, "M18")

    assert close(company, START - timedelta(minutes=1)) is OccurrenceState.SKIPPED
    assert len(company.session.exec(select(BriefOpening)).all()) == 1
    assert company.session.exec(select(BriefReach).where(BriefReach.meeting_id == company.meeting.id)).all() == []


@pytest.mark.parametrize(
    ("opened", "invited_", "told"),
    [(3, 5, True), (3, 4, False), (5, 5, False), (0, 9, False), (1, 5, True)],
)
def test_reach_is_told_as_a_count_from_five_invited_on_and_never_as_all_or_none(
    company: Company, opened: int, invited_: int, told: bool
) -> None:
    brief = post(company)
    company.session.merge(BriefReach(meeting_id=company.meeting.id, posted_at=DUE, invited=invited_, opened=opened))

    shown = lines_of(open_brief(company.session, a_context(START + timedelta(days=1)), company.sender(), brief.id))

    assert (f"Opened before the meeting: {opened} of {invited_} invited." in shown) == told
    assert any("Opened before" in line for line in shown) == told


def test_while_it_can_still_be_opened_no_count_is_shown(company: Company) -> None:
    brief = post(company)
    for key in ("M02", "M12", "M18"):
        opens(company, brief, key)

    shown = text_of(open_brief(company.session, a_context(FRIDAY), company.sender(), brief.id))

    assert "Opened" not in shown

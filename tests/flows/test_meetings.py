"""Meetings follow real calendars: added, looked at before saving, moved, cancelled, put back; their briefs follow."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlmodel import select

from bot.playground import labels, words
from bot.playground.model import Message
from storage.tables import AuditRecord, Brief, Meeting, MeetingSeries, Member, Role, Schedule, ScheduleKind
from tests.flows.world import DUTCH_SALES, FACILITATOR, NEWCOMER, OPERATIONS, SALES, World, filled_in, person_id

BRIEF_DUE = datetime(2026, 6, 11, 7, tzinfo=UTC)
THIRD_THURSDAY = {
    "type": "demand_review",
    "title": "Demand review UK",
    "rule": "third Thursday 13:30",
    "people": [person_id(SALES), person_id(OPERATIONS)],
    "chair": person_id(SALES),
    "minutes": "75",
}


async def test_everybody_sees_the_next_six_and_only_facilitators_change_them(world: World) -> None:
    card = await world.says(SALES, "/sop", "meetings")
    lines = [line for line in words(card).splitlines() if "(Amsterdam)*" in line]
    assert len(lines) == 6
    assert "*Mon 15 June, 13:30 (Amsterdam)* · pre-S&amp;OP" in words(card)
    assert "Pre-S&amp;OP (reconciliation) · 90 minutes · chair S&amp;OP" in words(card)
    assert "chair S&amp;OP Manager · brief Thu 11 June, 09:00\n" in words(card)
    assert labels(card) == []
    theirs = await world.says(FACILITATOR, "/sop", "meetings")
    assert labels(theirs).count("Change") == 6
    assert labels(theirs)[-3:] == ["Add a meeting", "Days off", "When briefs come"]


async def test_who_is_no_member_yet_is_left_out_with_the_cure(world: World) -> None:
    card = await world.says(FACILITATOR, "/sop", "meetings")
    await world.opens(FACILITATOR, card, "Add a meeting")
    people = [person_id(SALES), person_id(NEWCOMER)]
    assert await world.submits(FACILITATOR, **THIRD_THURSDAY | {"people": people}) == {}
    look = words(await world.screen(FACILITATOR))
    assert "1 person invited" in look
    assert "1 of the chosen people is no member yet and is left out. Let them type /sop once" in look


async def test_a_series_is_looked_at_before_it_is_saved(world: World) -> None:
    card = await world.says(FACILITATOR, "/sop", "meetings")
    await world.opens(FACILITATOR, card, "Add a meeting")
    assert await world.submits(FACILITATOR, **THIRD_THURSDAY) == {}
    look = words(await world.screen(FACILITATOR))
    assert "Demand review UK · third Thursday 13:30 (Amsterdam)" in look
    assert "2 people invited" in look
    assert "Thu 18 June, 13:30 (Amsterdam)" in look
    assert "Thu 19 November, 13:30 (Amsterdam)" in look
    assert "Nothing is saved yet." in look
    assert not world.rows(MeetingSeries)

    await world.person(FACILITATOR).close(await world.screen(FACILITATOR))  # [Back]
    assert filled_in(await world.screen(FACILITATOR))["rule"] == "third Thursday 13:30"
    assert await world.submits(FACILITATOR, rule="third Thursday 14:00") == {}
    assert await world.submits(FACILITATOR) == {}
    assert await world.windows(FACILITATOR) == 0
    saved = await world.person(FACILITATOR).again(card)
    assert "Added: Demand review UK · third Thursday 14:00 (Amsterdam)." in words(saved)
    assert "First on Thu 18 June, 14:00 (Amsterdam)." in words(saved)
    made = [meeting for meeting in world.rows(Meeting) if meeting.series_id]
    assert len(made) == 15
    assert all(meeting.starts_at.weekday() == 3 for meeting in made)

    await world.presses(FACILITATOR, saved, "Undo")
    assert not [meeting for meeting in world.rows(Meeting) if meeting.title == "Demand review UK"]
    assert not world.rows(MeetingSeries)


async def test_what_can_no_longer_be_saved_is_said_in_place_of_the_look(world: World) -> None:
    await world.opens(FACILITATOR, await world.says(FACILITATOR, "/sop", "meetings"), "Add a meeting")
    await world.submits(FACILITATOR, **THIRD_THURSDAY)
    with world.ampersand.database.transaction() as session:
        lead = session.exec(select(Member).where(Member.external_id == person_id(FACILITATOR))).one()
        lead.role = Role.MEMBER
        session.add(lead)
    assert await world.submits(FACILITATOR) == {}
    assert "Only a facilitator can do that." in words(await world.screen(FACILITATOR))
    assert not world.rows(MeetingSeries)


async def test_a_holiday_moves_it_and_the_look_before_saving_says_why(world: World) -> None:
    card = await world.says(FACILITATOR, "/sop", "meetings")
    await world.opens(FACILITATOR, card, "Add a meeting")
    monthly = {**THIRD_THURSDAY, "type": "pre_sop", "rule": "monthly on the 25th 9:00", "starts_on": date(2026, 11, 1)}
    assert await world.submits(FACILITATOR, **monthly) == {}
    look = words(await world.screen(FACILITATOR))
    assert "Wed 25 November, 09:00 (Amsterdam)* · brief Mon 23 November, 09:00\n" in look
    assert "Mon 28 December, 09:00 (Amsterdam)*, not Fri 25 December: Christmas Day" in look
    assert "brief Wed 23 December, 09:00\n" in look
    assert "Thu 25 March, 09:00 (Amsterdam)" in look


@pytest.mark.parametrize(
    ("field", "typed", "sentence"),
    [
        ("rule", "now and then 13:30", "I do not understand “now and then 13:30”. I understand: third Thursday 13:30"),
        ("rule", "third Thursday", "At what time? For instance: third Thursday 13:30."),
        ("zone", "Europe/Amsterdan", "Did you mean Europe/Amsterdam?"),
        ("starts_on", date(2026, 6, 6), "6 June has passed. Choose Wed 10 June or later."),
    ],
)
async def test_what_cannot_be_read_is_said_beside_its_field(
    world: World, field: str, typed: object, sentence: str
) -> None:
    await world.opens(FACILITATOR, await world.says(FACILITATOR, "/sop", "meetings"), "Add a meeting")
    errors = await world.submits(FACILITATOR, **{**THIRD_THURSDAY, field: typed})
    assert sentence in errors[field]
    assert set(errors) == {field}


async def test_another_zone_is_named_and_the_reader_sees_their_own_time_too(world: World) -> None:
    await _adds(world, rule="every Friday 9:00", zone="dubai")
    card = await world.says(FACILITATOR, "/sop", "meetings")
    assert "*Fri 12 June, 09:00 (Dubai)* · demand review · for you Fri 12 June, 07:00 (Amsterdam)" in words(card)


async def test_a_moved_meeting_takes_its_brief_with_it_and_back(world: World) -> None:
    card = await _opened(world, "Mon 15 June, 13:30")
    await world.opens(FACILITATOR, card, "Move…")
    assert await world.submits(FACILITATOR, day=date(2026, 6, 22), at="10") == {}
    moved = await world.person(FACILITATOR).again(card)
    assert "Moved to Mon 22 June, 10:00 (Amsterdam)." in words(moved)
    assert "The brief comes on Thu 18 June, 09:00 (Amsterdam)." in words(moved)
    await world.forward(BRIEF_DUE + timedelta(minutes=1))
    assert not world.rows(Brief)
    await world.forward(datetime(2026, 6, 18, 7, 1, tzinfo=UTC))
    assert (
        len([text for text in await world.channel() if "Brief for the pre-S&amp;OP: Mon 22 June, 10:00" in text]) == 1
    )
    assert [note.action for note in world.rows(AuditRecord)] == ["meeting.move"]


async def test_a_change_taken_back_leaves_everything_as_it_was(world: World) -> None:
    card = await _opened(world, "Mon 15 June, 13:30")
    await world.opens(FACILITATOR, card, "Move…")
    await world.submits(FACILITATOR, day=date(2026, 6, 22), at="10:00")
    undone = await world.presses(FACILITATOR, card, "Undo")
    assert "Put back as it was." in words(undone)
    await world.forward(BRIEF_DUE + timedelta(minutes=1))
    assert len(world.rows(Brief)) == 1
    assert any("Brief for the pre-S&amp;OP: Mon 15 June, 13:30" in text for text in await world.channel())


async def test_a_posted_brief_says_that_its_meeting_moved(world: World) -> None:
    await world.forward(BRIEF_DUE + timedelta(minutes=1))
    before = len(await world.chat(FACILITATOR))
    for day, was in ((16, "Mon 15"), (17, "Tue 16")):
        card = await _opened(world, f"{was} June, 13:30")
        await world.opens(FACILITATOR, card, "Move…")
        await world.submits(FACILITATOR, day=date(2026, 6, day), at="13:30")
        assert "The posted brief says so in two minutes." in words(await world.person(FACILITATOR).again(card))
    await world.forward(timedelta(minutes=3))
    briefs = [text for text in await world.channel() if "Brief for the pre-S&" in text]
    assert len(briefs) == 1
    assert "Brief for the pre-S&OP: Wed 17 June, 13:30 (Amsterdam)" in briefs[0]
    assert "The meeting has moved: it was planned for Mon 15 June, 13:30 (Amsterdam)." in briefs[0]
    await world.forward(datetime(2026, 6, 17, 11, 29, tzinfo=UTC))
    assert len([brief for brief in world.rows(Brief) if brief.as_of == BRIEF_DUE]) == 1
    assert not [text for text in (await world.chat(FACILITATOR))[before:] if "moved" in text]


async def test_a_cancelled_meeting_gets_no_brief_until_it_is_put_back(world: World) -> None:
    card = await _opened(world, "Mon 15 June, 13:30")
    gone = await world.presses(FACILITATOR, card, "Cancel this one")
    assert "Cancelled: pre-S&amp;OP, Mon 15 June, 13:30 (Amsterdam)." in words(gone)
    listed = await world.presses(FACILITATOR, gone, "All meetings")
    assert "*Mon 15 June, 13:30 (Amsterdam)* · pre-S&amp;OP · cancelled" in words(listed)
    assert "Mon 15 June, 13:30 (Amsterdam)* · pre-S&amp;OP · cancelled" in words(
        await world.says(SALES, "/sop", "meetings")
    )
    card = await world.presses(FACILITATOR, listed, "Change")
    assert labels(card) == ["Put back", "All meetings"]
    back = await world.presses(FACILITATOR, card, "Put back")
    assert "It takes place after all: pre-S&amp;OP, Mon 15 June, 13:30 (Amsterdam)." in words(back)
    assert "The brief comes on Thu 11 June, 09:00 (Amsterdam)." in words(back)
    await world.forward(BRIEF_DUE + timedelta(minutes=1))
    assert len(world.rows(Brief)) == 1


async def test_a_series_changes_from_a_day_on_and_keeps_what_was_changed_by_hand(world: World) -> None:
    await _adds(world, rule="every Friday 13:30")
    before = _series(world)
    await world.presses(FACILITATOR, await _opened(world, "Fri 26 June, 13:30"), "Cancel this one")
    card = await _opened(world, "Fri 19 June, 13:30")
    assert "every Friday 13:30" in words(card)
    await world.opens(FACILITATOR, card, "Change the series")
    assert filled_in(await world.screen(FACILITATOR))["starts_on"] == "2026-06-19"
    assert await world.submits(FACILITATOR, rule="every Wednesday 9:00", starts_on=date(2026, 6, 15)) == {}
    assert "Wed 17 June, 09:00 (Amsterdam)" in words(await world.screen(FACILITATOR))
    assert await world.submits(FACILITATOR) == {}
    after = _series(world)
    assert [meeting.id for meeting in after[:4]] == [meeting.id for meeting in before[:4]]
    assert [f"{meeting.starts_at:%d %B %H:%M} {meeting.status}" for meeting in after[:4]] == [
        "12 June 11:30 planned",
        "17 June 07:00 planned",
        "24 June 07:00 cancelled",
        "01 July 07:00 planned",
    ]
    await world.presses(FACILITATOR, await world.person(FACILITATOR).again(card), "Undo")
    assert [meeting.starts_at for meeting in _series(world)] == [meeting.starts_at for meeting in before]


async def test_a_series_ends_and_comes_back(world: World) -> None:
    await _adds(world, rule="every Friday 13:30")
    before = len(_series(world))
    ended = await world.presses(FACILITATOR, await _opened(world, "Fri 26 June, 13:30"), "End the series")
    assert "“Demand review UK” ends; its last day is Thu 25 June." in words(ended)
    assert len(_series(world)) == 2
    await world.presses(FACILITATOR, ended, "Undo")
    assert len(_series(world)) == before


async def test_a_site_closure_moves_the_meeting_and_undo_moves_it_back(world: World) -> None:
    await _adds(world)
    card = await world.presses(FACILITATOR, await world.says(FACILITATOR, "/sop", "meetings"), "Days off")
    assert "Fri 25 December 2026 · Christmas Day" in words(card)
    await world.opens(FACILITATOR, card, "Add days off")
    assert await world.submits(FACILITATOR, name="Noord closed", first=date(2026, 7, 16), last=date(2026, 7, 15)) == {
        "last": "The last day comes after the first, at most 31 days later."
    }
    assert await world.submits(FACILITATOR, name="Noord closed", last=date(2026, 7, 17)) == {}
    card = await world.person(FACILITATOR).again(card)
    assert "A day off: Thu 16 July – Fri 17 July." in words(card)
    assert "Thu 16 July 2026 · Noord closed · our own" in words(card)
    assert f"{_series(world)[1].starts_at:%d %B}" == "20 July"
    await world.presses(FACILITATOR, card, "Undo")
    assert f"{_series(world)[1].starts_at:%d %B}" == "16 July"


async def test_a_public_holiday_can_be_worked(world: World) -> None:
    card = await world.presses(FACILITATOR, await world.says(FACILITATOR, "/sop", "meetings"), "Days off")
    worked = await world.presses(FACILITATOR, card, "We work")
    assert "We work on Fri 25 December." in words(worked)
    assert "Fri 25 December 2026 · Christmas Day · we work" in words(worked)
    again = await world.presses(FACILITATOR, worked, "Day off again")
    assert "A day off again: Fri 25 December." in words(again)


async def test_the_brief_comes_when_the_facilitators_want_it(world: World) -> None:
    card = await world.says(FACILITATOR, "/sop", "meetings")
    await world.opens(FACILITATOR, card, "When briefs come")
    assert "pre-S&amp;OP: 2 working days before, 09:00" in words(await world.screen(FACILITATOR))
    assert "demand review: no brief" in words(await world.screen(FACILITATOR))
    assert await world.submits(FACILITATOR, type="pre_sop", lead="1", at="16 uur") == {}
    saved = await world.person(FACILITATOR).again(card)
    assert "The brief before the pre-S&amp;OP comes 1 working day before, at 16:00." in words(saved)
    assert "The next one on Fri 12 June, 16:00 (Amsterdam)." in words(saved)
    await world.forward(datetime(2026, 6, 12, 13, 59, tzinfo=UTC))
    assert not world.rows(Brief)
    await world.forward(datetime(2026, 6, 12, 14, 0, 1, tzinfo=UTC))
    assert len(world.rows(Brief)) == 1


async def test_dutch_reads_and_types_the_same_notation(world: World) -> None:
    card = await world.says(DUTCH_SALES, "/sop", "overleggen")
    assert "*ma 15 juni, 13:30 (Amsterdam)* · pre-S&amp;OP" in words(card)
    assert "voorzitter S&amp;OP" in words(card)
    assert "briefing do 11 juni, 09:00\n" in words(card)
    assert "Alleen jij ziet deze lijst." in words(card)
    await _adds(world, rule="derde donderdag 13:30")
    assert _series(world)[0].starts_at == datetime(2026, 6, 18, 11, 30, tzinfo=UTC)


async def test_a_series_is_filled_up_as_time_goes_by(world: World) -> None:
    await _adds(world)
    before = len(world.rows(Meeting))
    due = next(one.next_due_at for one in world.rows(Schedule) if one.kind == ScheduleKind.SERIES_AHEAD)
    assert due is not None
    await world.forward(due + timedelta(minutes=1))
    assert len(world.rows(Meeting)) == before + 1


async def _adds(world: World, **over: object) -> None:
    card = await world.says(FACILITATOR, "/sop", "meetings")
    await world.opens(FACILITATOR, card, "Add a meeting")
    assert await world.submits(FACILITATOR, **{**THIRD_THURSDAY, **over}) == {}
    assert await world.submits(FACILITATOR) == {}


async def _opened(world: World, when: str) -> Message:
    """The card of the meeting at that moment."""
    card = await world.says(FACILITATOR, "/sop", "meetings")
    blocks = card.blocks or []
    accessory = next(block["accessory"] for block in blocks if when in str(block.get("text", {}).get("text")))
    return await world.presses(FACILITATOR, card, accessory["action_id"])


def _series(world: World) -> list[Meeting]:
    """The meetings of the one series, the earliest first."""
    made = [meeting for meeting in world.rows(Meeting) if meeting.series_id]
    return sorted(made, key=lambda meeting: meeting.starts_at)

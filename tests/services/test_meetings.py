"""Whatever is changed about meetings, in whatever order: every brief is due in its minute, once, and can be undone."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import count
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import Session, select

from bot.domain.chat import Buttons, Form, Message, Submission
from bot.domain.errors import Refused
from bot.domain.recurrence import moment
from bot.main import KINDS
from bot.services import meetings
from bot.services.access import Sender
from bot.services.context import Context
from bot.services.scheduling import materialise_due, next_due
from bot.services.working_time import work_calendar
from storage.database import Database
from storage.tables import (
    AuditRecord,
    Brief,
    BriefRule,
    Meeting,
    MeetingSeries,
    MeetingStatus,
    MeetingType,
    Platform,
    Role,
    Schedule,
    ScheduleKind,
    Shift,
    Workspace,
)
from tests.builders import WORKSPACE, a_context, a_meeting, a_member, a_side, a_workspace, start_over

START = datetime(2026, 6, 10, 14, tzinfo=UTC)
LEAD = Sender(Platform.SLACK, "T1", "U1")
MEMBER = Sender(Platform.SLACK, "T1", "U2")
BRIEFED = (MeetingType.PRE_SOP, MeetingType.EXECUTIVE_SOP)


@dataclass
class Office:
    """A facilitator at work: each act is one press or one form; the clock only goes forward."""

    session: Session
    now: datetime = START
    notes: list[str] = field(default_factory=list)
    _requests: Iterator[int] = field(default_factory=count)

    @property
    def context(self) -> Context:
        return replace(a_context(), now=self.now)

    def saves(self, use_case: object, payload: Mapping[str, str] | None = None, **values: object) -> Message:
        assert callable(use_case)
        submission = Submission("", values, payload or {})  # type: ignore[arg-type]
        message: Message = use_case(self.session, self.context, LEAD, f"request{next(self._requests)}", submission)
        return self._noted(message)

    def presses(self, use_case: object, value: str) -> Message:
        assert callable(use_case)
        message: Message = use_case(self.session, self.context, LEAD, value)
        return self._noted(message)

    def adds(self, payload: Mapping[str, str] | None = None, **over: object) -> Message:
        wish = {"type": "pre_sop", "rule": "third Thursday 13:30", "starts_on": self.now.date(), **over}
        looked_at = Submission("", wish, payload or {})  # type: ignore[arg-type]
        form: Form = meetings.preview_series(self.session, self.context, LEAD, looked_at)
        return self.saves(meetings.save_series, form.payload)

    def waits(self, hours: float) -> None:
        """Let time pass, and happen what falls due."""
        until = self.now + timedelta(hours=hours)
        while (due := next_due(self.session)) and due.next_due_at and due.next_due_at <= until:
            self.now = max(self.now, due.next_due_at)
            while materialise_due(self.session, self.context, KINDS):
                self.session.expire_all()
        self.now = until

    def meetings(self) -> list[Meeting]:
        self.session.expire_all()
        return sorted(self.session.exec(select(Meeting)).all(), key=lambda meeting: (meeting.starts_at, meeting.key))

    def ahead(self) -> list[Meeting]:
        return [meeting for meeting in self.meetings() if meeting.starts_at > self.now]

    def due(self, meeting: Meeting) -> datetime | None:
        """When the schedule says the brief of that meeting falls due."""
        subject = select(Schedule).where(Schedule.kind == ScheduleKind.BRIEF, Schedule.subject_id == meeting.id)
        schedule = self.session.exec(subject).one_or_none()
        return schedule.next_due_at if schedule else None

    def briefs(self, meeting: Meeting) -> list[Brief]:
        return list(self.session.exec(select(Brief).where(Brief.meeting_id == meeting.id)).all())

    def _noted(self, message: Message) -> Message:
        buttons = [button for part in message.parts if isinstance(part, Buttons) for button in part.buttons]
        self.notes += [button.value for button in buttons if button.action == "meeting.undo"]
        return message


@contextmanager
def an_office(database: Database) -> Iterator[Office]:
    """Nothing of it is kept."""
    start_over()
    with database.snapshot() as session:
        a_workspace(session)
        a_side(session)
        a_member(session, role=Role.FACILITATOR)
        a_member(session)
        yield Office(session)


@pytest.fixture
def office(database: Database) -> Iterator[Office]:
    with an_office(database) as opened:
        yield opened


def test_a_series_is_planned_fifteen_months_ahead_and_planning_again_changes_nothing(office: Office) -> None:
    office.adds()
    made = [(meeting.id, meeting.starts_at, meeting.brief_due_at) for meeting in office.meetings()]
    assert len(made) == 15
    assert office.meetings()[0].key == "2026-06-PS"
    workspace = office.session.get_one(Workspace, WORKSPACE)
    meetings.plan_series(office.session, office.context, workspace, office.session.exec(select(MeetingSeries)).one())
    assert [(meeting.id, meeting.starts_at, meeting.brief_due_at) for meeting in office.meetings()] == made


def test_a_meeting_of_the_same_month_and_kind_has_a_name_of_its_own(office: Office) -> None:
    a_meeting(office.session, key="2026-06-PS")
    office.adds()
    assert {"2026-06-PS", "2026-06-PS-2", "2026-07-PS"} <= {meeting.key for meeting in office.meetings()}


def test_a_meeting_added_too_late_for_its_brief_gets_the_next_one_that_helps(office: Office) -> None:
    office.adds(rule="once 13:30", starts_on=date(2026, 6, 11))
    assert office.meetings()[0].brief_due_at == datetime(2026, 6, 11, 7, tzinfo=UTC)
    office.adds(rule="once 8:00", starts_on=date(2026, 6, 11))
    assert office.meetings()[0].brief_due_at is None


def test_a_change_keeps_what_hangs_on_a_meeting(office: Office) -> None:
    """A brief was posted; the rule no longer knows that month: the meeting stays, cancelled, and single."""
    office.adds()
    office.waits(8 * 24 - 24)
    first = office.meetings()[0]
    assert len(office.briefs(first)) == 1
    office.adds({"series": str(first.series_id)}, rule="last Friday 9:00", starts_on=date(2026, 6, 27))
    office.adds({"series": str(first.series_id)}, rule="last Friday 9:00", starts_on=date(2026, 6, 17))
    kept = next(meeting for meeting in office.meetings() if meeting.id == first.id)
    assert (kept.starts_at, kept.status) == (datetime(2026, 6, 26, 7, tzinfo=UTC), MeetingStatus.PLANNED)
    office.presses(meetings.end_series, kept.id)
    gone = next(meeting for meeting in office.meetings() if meeting.id == first.id)
    assert (gone.series_id, gone.status) == (None, MeetingStatus.CANCELLED)
    assert [meeting.id for meeting in office.ahead()] == [first.id]


def test_a_series_ends_with_the_meeting_that_was_put_off_beyond_its_day(office: Office) -> None:
    office.adds(rule="every Friday 13:30")
    first = office.meetings()[0]
    office.saves(meetings.save_move, {"meeting": first.id}, day=date(2026, 6, 22), at="13:30")
    office.waits(24 * 6)
    office.presses(meetings.end_series, first.id)
    assert office.ahead() == []


def test_undo_brings_back_what_was_moved_and_cancelled_by_hand(office: Office) -> None:
    office.adds(rule="every Friday 13:30")
    moved, cancelled, *_ = office.meetings()
    office.saves(meetings.save_move, {"meeting": moved.id}, day=date(2026, 6, 22), at="10:00")
    office.presses(meetings.cancel_meeting, cancelled.id)
    office.waits(24 * 6)

    def stand() -> list[tuple[datetime, MeetingStatus, bool, datetime | None]]:
        return [(one.starts_at, one.status, one.moved, one.brief_due_at) for one in office.ahead()]

    before = stand()
    office.presses(meetings.end_series, moved.id)
    assert stand() == []
    office.presses(meetings.undo_change, office.notes[-1])
    assert stand() == before
    assert before[0][1:3] == (MeetingStatus.CANCELLED, False)
    assert before[1][:3] == (datetime(2026, 6, 22, 8, tzinfo=UTC), MeetingStatus.PLANNED, True)


def test_what_was_moved_by_hand_stays_when_its_own_day_becomes_a_day_off(office: Office) -> None:
    office.adds(rule="every Friday 13:30", shift=str(Shift.SKIP))
    moved, second, *_ = office.meetings()
    office.saves(meetings.save_move, {"meeting": moved.id}, day=date(2026, 6, 15), at="10:00")
    office.saves(meetings.save_days_off, name="Closed", first=date(2026, 6, 12), last=date(2026, 6, 19))
    assert office.ahead()[0].id == moved.id
    assert second.id not in [meeting.id for meeting in office.ahead()]


def test_a_brief_makes_way_for_a_day_off_though_its_meeting_stays(office: Office) -> None:
    meeting = a_meeting(office.session, starts_at=datetime(2026, 6, 15, 11, 30, tzinfo=UTC))
    office.saves(meetings.save_days_off, name="Works day", first=date(2026, 6, 12))
    assert office.due(meeting) == datetime(2026, 6, 12, 7, tzinfo=UTC) - timedelta(days=1)
    office.saves(meetings.save_days_off, name="Works day", first=date(2026, 6, 11))
    assert office.due(meeting) == datetime(2026, 6, 15, 7, tzinfo=UTC)
    office.presses(meetings.undo_change, office.notes[-1])
    office.presses(meetings.undo_change, office.notes[0])
    assert office.due(meeting) == datetime(2026, 6, 11, 7, tzinfo=UTC)


def test_a_posted_brief_does_not_come_again_for_a_meeting_that_moves(office: Office) -> None:
    meeting = a_meeting(office.session, starts_at=datetime(2026, 6, 15, 11, 30, tzinfo=UTC))
    office.saves(meetings.save_move, {"meeting": meeting.id}, day=date(2026, 6, 15), at="14:00")
    office.waits(24)
    office.saves(meetings.save_move, {"meeting": meeting.id}, day=date(2026, 6, 25), at="14:00")
    office.waits(24 * 15)
    assert [brief.as_of for brief in office.briefs(meeting)] == [datetime(2026, 6, 11, 7, tzinfo=UTC)]


@pytest.mark.parametrize(("rule", "is_endless"), [("every Friday 13:30", True), ("once 13:30", False)])
def test_only_what_goes_on_is_planned_further_ahead(office: Office, rule: str, is_endless: bool) -> None:
    office.adds(rule=rule, starts_on=date(2026, 6, 12))
    ticks = select(Schedule).where(Schedule.kind == ScheduleKind.SERIES_AHEAD, Schedule.next_due_at != None)  # noqa: E711
    assert bool(office.session.exec(ticks).all()) is is_endless


@pytest.mark.parametrize(
    ("use_case", "value"),
    [
        (meetings.move_form, "meeting1"),
        (meetings.cancel_meeting, "meeting1"),
        (meetings.restore_meeting, "meeting1"),
        (meetings.end_series, "meeting1"),
        (meetings.series_form, ""),
        (meetings.day_off_form, ""),
        (meetings.toggle_day_off, "2026-12-25"),
        (meetings.brief_rule_form, ""),
        (meetings.undo_change, "note1"),
    ],
)
def test_only_facilitators_change_meetings(office: Office, use_case: object, value: str) -> None:
    a_meeting(office.session)
    assert callable(use_case)
    with pytest.raises(Refused) as refused:
        use_case(office.session, office.context, MEMBER, value)
    assert refused.value.sentence == "facilitators_only"


@pytest.mark.parametrize(
    "use_case", [meetings.save_move, meetings.save_series, meetings.save_days_off, meetings.save_brief_rule]
)
def test_nor_does_a_form_of_somebody_else(office: Office, use_case: object) -> None:
    assert callable(use_case)
    with pytest.raises(Refused) as refused:
        use_case(office.session, office.context, MEMBER, "request", Submission("", {}, {}))
    assert refused.value.sentence == "facilitators_only"


def test_meetings_of_another_workspace_are_out_of_reach(office: Office) -> None:
    other = a_workspace(office.session)
    theirs = a_meeting(office.session, workspace_id=other.id)
    with pytest.raises(Refused) as refused:
        office.presses(meetings.cancel_meeting, theirs.id)
    assert refused.value.sentence == "meeting_gone"


def test_what_was_changed_stands_in_the_audit_with_before_and_after(office: Office) -> None:
    meeting = a_meeting(office.session, starts_at=datetime(2026, 6, 15, 11, 30, tzinfo=UTC))
    office.saves(meetings.save_move, {"meeting": meeting.id}, day=date(2026, 6, 16), at="9:00")
    note = office.session.exec(select(AuditRecord)).one()
    assert (note.action, note.subject, note.actor_id) == ("meeting.move", f"meeting:{meeting.id}", "member1")
    assert json.loads(note.before or "") == {
        "moved": False,
        "starts_at": "2026-06-15T11:30:00+00:00",
        "status": "planned",
    }
    assert json.loads(note.after or "")["starts_at"] == "2026-06-16T07:00:00+00:00"


def test_an_old_change_is_not_undone_over_a_newer_one(office: Office) -> None:
    meeting = a_meeting(office.session, starts_at=datetime(2026, 6, 15, 11, 30, tzinfo=UTC))
    for day in (16, 17):
        office.saves(meetings.save_move, {"meeting": meeting.id}, day=date(2026, 6, day), at="9:00")
    with pytest.raises(Refused) as refused:
        office.presses(meetings.undo_change, office.notes[0])
    assert refused.value.sentence == "changed_since"
    office.presses(meetings.undo_change, office.notes[1])
    office.presses(meetings.undo_change, office.notes[0])
    assert meeting.starts_at == datetime(2026, 6, 15, 11, 30, tzinfo=UTC)


def test_a_move_is_not_undone_once_the_meeting_was_held_on_its_new_day(office: Office) -> None:
    meeting = a_meeting(office.session, starts_at=datetime(2026, 6, 22, 11, 30, tzinfo=UTC))
    office.saves(meetings.save_move, {"meeting": meeting.id}, day=date(2026, 6, 16), at="9:00")
    office.waits(24 * 7)
    with pytest.raises(Refused) as refused:
        office.presses(meetings.undo_change, office.notes[0])
    assert refused.value.sentence == "meeting_over"
    assert meeting.starts_at == datetime(2026, 6, 16, 7, tzinfo=UTC)


def test_a_day_off_that_is_gone_already_is_not_removed_again(office: Office) -> None:
    office.saves(meetings.save_days_off, name="Closed", first=date(2026, 6, 12))
    office.presses(meetings.toggle_day_off, "2026-06-12")
    notes = len(office.notes)
    with pytest.raises(Refused) as refused:
        office.presses(meetings.toggle_day_off, "2026-06-12")
    assert refused.value.sentence == "old_button"
    assert len(office.notes) == notes


def test_a_look_whose_only_day_has_passed_since_is_not_saved(office: Office) -> None:
    wish = {"type": "pre_sop", "rule": "once 16:30", "starts_on": office.now.date()}
    looked_at = meetings.preview_series(office.session, office.context, LEAD, Submission("", wish, {}))  # type: ignore[arg-type]
    office.waits(3)
    with pytest.raises(Refused) as refused:
        office.saves(meetings.save_series, looked_at.payload)
    assert (refused.value.sentence, refused.value.field) == ("no_day_ahead", "starts_on")
    assert not office.meetings()


RULES = (
    "third Thursday",
    "working day 11",
    "every Friday",
    "every two weeks on Tuesday",
    "monthly on the 25th",
    "once",
)
clock = st.sampled_from(["0:30", "2:30", "9:00", "13:30", "23:45"])
zones = st.sampled_from(["Europe/Amsterdam", "America/New_York", "Asia/Dubai", "Pacific/Auckland"])
acts = st.one_of(
    st.tuples(st.just("add"), st.sampled_from(RULES), clock, zones, st.sampled_from(list(Shift)), st.integers(0, 40)),
    st.tuples(st.just("change"), st.integers(0, 5), st.sampled_from(RULES), clock, st.integers(0, 40)),
    st.tuples(st.just("move"), st.integers(0, 5), st.integers(0, 30), clock),
    st.tuples(st.sampled_from(["cancel", "restore", "end"]), st.integers(0, 5)),
    st.tuples(st.just("closed"), st.integers(0, 40), st.integers(0, 6)),
    st.tuples(st.just("toggle"), st.sampled_from(["2026-12-25", "2027-01-01", "2026-06-12"])),
    st.tuples(st.just("lead"), st.sampled_from(BRIEFED), st.integers(0, 5), clock),
    st.tuples(st.just("undo")),
    st.tuples(st.just("wait"), st.integers(1, 24 * 20)),
)


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(acts, min_size=3, max_size=12))
def test_whatever_is_changed_every_brief_is_due_in_its_minute_and_once(
    database: Database, steps: list[tuple[object, ...]]
) -> None:
    with an_office(database) as office:
        office.adds(rule="working day 11 13:30")
        for step in steps:
            with suppress(Refused):
                _do(office, *step)
            _check(office)


def _do(office: Office, act: object, *how: object) -> None:
    ahead = office.ahead()[:6]
    chosen = ahead[int(str(how[0])) % len(ahead)] if ahead and how and str(how[0]).isdigit() else None
    match act, how:
        case "add", (rule, at, zone, shift, days):
            office.adds(rule=f"{rule} {at}", zone=zone, shift=str(shift), starts_on=_later(office, days))
        case "change", (_, rule, at, days) if chosen and chosen.series_id:
            office.adds({"series": chosen.series_id}, rule=f"{rule} {at}", starts_on=_later(office, days))
        case "move", (_, days, at) if chosen:
            office.saves(meetings.save_move, {"meeting": chosen.id}, day=_later(office, days), at=at)
        case "cancel", _ if chosen:
            office.presses(meetings.cancel_meeting, chosen.id)
        case "restore", _ if chosen:
            office.presses(meetings.restore_meeting, chosen.id)
        case "end", _ if chosen:
            office.presses(meetings.end_series, chosen.id)
        case "closed", (days, length):
            first = _later(office, days)
            last = first + timedelta(days=int(str(length)))
            office.saves(meetings.save_days_off, name="Closed", first=first, last=last)
        case "toggle", (day,):
            office.presses(meetings.toggle_day_off, str(day))
        case "lead", (meeting_type, lead, at):
            office.saves(meetings.save_brief_rule, type=str(meeting_type), lead=str(lead), at=at)
        case "undo", _ if office.notes:
            office.presses(meetings.undo_change, office.notes.pop())
        case "wait", (hours,):
            office.waits(float(str(hours)))


def _later(office: Office, days: object) -> date:
    return office.now.date() + timedelta(days=int(str(days)))


def _check(office: Office) -> None:
    workspace = office.session.get_one(Workspace, WORKSPACE)
    zone = ZoneInfo(workspace.timezone)
    held: set[tuple[str, date]] = set()
    for meeting in office.meetings():
        briefs = office.briefs(meeting)
        assert len(briefs) <= 1
        if briefs:
            assert briefs[0].as_of == meeting.brief_due_at
            assert office.due(meeting) is None
        elif meeting.starts_at > office.now:
            _check_due(office, workspace, zone, meeting)
        if meeting.series_id and not meeting.moved and meeting.starts_at > office.now:
            day = (meeting.series_id, meeting.starts_at.astimezone(ZoneInfo(meeting.timezone)).date())
            assert day not in held
            held.add(day)


def _check_due(office: Office, workspace: Workspace, zone: ZoneInfo, meeting: Meeting) -> None:
    due = office.due(meeting)
    if meeting.status == MeetingStatus.CANCELLED:
        assert due is None
        return
    rule = office.session.get(BriefRule, (WORKSPACE, meeting.type))
    lead, at = (rule.lead_working_days, rule.local_time) if rule else (2, time(9))
    if not lead:
        assert due is None
        return
    day = meeting.starts_at.astimezone(zone).date()
    calendar = work_calendar(office.session, workspace, day, day)
    usual = moment(calendar.working_days_before(day, lead), at, workspace.timezone)
    if due is None:
        assert usual < office.now
        return
    assert due == meeting.brief_due_at
    assert office.now <= due < meeting.starts_at
    assert due == moment(due.astimezone(zone).date(), at, workspace.timezone)
    assert calendar.is_working(due.astimezone(zone).date())
    assert due == usual or usual < office.now  # else it was planned too late for its usual minute

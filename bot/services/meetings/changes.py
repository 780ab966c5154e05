"""Move, cancel and put back a single meeting; end a series."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlmodel import Session

from bot.domain.chat import Form, Message, Submission
from bot.domain.errors import Refused
from bot.domain.recurrence import moment, parse_time
from bot.services.access import Actor, Sender, access_facilitator
from bot.services.briefs import announce_move
from bot.services.context import Context
from bot.services.meetings.calendars import SETTLED, plan_brief
from bot.services.meetings.listing import access_meeting, row_of
from bot.services.meetings.records import note_change, state_of
from bot.services.meetings.series import list_exceptions, plan_series
from bot.services.messages import meeting_forms as forms
from bot.services.messages import meetings as messages
from bot.services.requests import claim_request
from bot.services.working_time import work_calendar
from storage.meetings import find_series, list_series_participants
from storage.tables import Meeting, MeetingSeries, MeetingStatus

ONE_DAY = timedelta(days=1)


def move_form(session: Session, context: Context, sender: Sender, meeting_id: str) -> Form:
    actor = access_facilitator(session, context, sender)
    return forms.move(actor.speaker, _changeable(session, context, actor, meeting_id))


def save_move(session: Session, context: Context, sender: Sender, request_id: str, submission: Submission) -> Message:
    """Hold it at another time, in its own zone. Raises `Refused` beside the field for a time that has passed."""
    claim_request(session, context, request_id)
    actor = access_facilitator(session, context, sender)
    meeting = _changeable(session, context, actor, submission.payload["meeting"])
    zone = ZoneInfo(meeting.timezone)
    day = submission.day("day") or meeting.starts_at.astimezone(zone).date()
    check_ahead(session, context, actor, day, "day", meeting.timezone)
    starts_at = moment(day, parse_time(submission.text("at")), meeting.timezone)
    if starts_at <= context.now:
        raise Refused("time_passed", field="at")
    calendar = work_calendar(session, actor.workspace, day, day, actor.speaker.language)
    note_id = change_meeting(session, context, actor, meeting, "move", starts_at=starts_at, moved=True)
    holiday = None if calendar.is_working(day) else calendar.holiday(day) or ""
    return messages.moved(actor, row_of(session, meeting), note_id, holiday)


def cancel_meeting(session: Session, context: Context, sender: Sender, meeting_id: str) -> Message:
    """It does not take place; its brief does not come."""
    actor = access_facilitator(session, context, sender)
    meeting = _changeable(session, context, actor, meeting_id)
    note_id = change_meeting(session, context, actor, meeting, "cancel", status=MeetingStatus.CANCELLED)
    return messages.cancelled(actor, row_of(session, meeting), note_id)


def restore_meeting(session: Session, context: Context, sender: Sender, meeting_id: str) -> Message:
    """It takes place after all."""
    actor = access_facilitator(session, context, sender)
    meeting = _changeable(session, context, actor, meeting_id)
    note_id = change_meeting(session, context, actor, meeting, "restore", status=MeetingStatus.PLANNED)
    return messages.restored(actor, row_of(session, meeting), note_id)


def end_series(session: Session, context: Context, sender: Sender, meeting_id: str) -> Message:
    """From this meeting on the series has none any more."""
    actor = access_facilitator(session, context, sender)
    meeting = _changeable(session, context, actor, meeting_id)
    series = find_series(session, actor.workspace.id, meeting.series_id or "")
    if series is None or meeting.occurs_on is None:
        raise Refused("meeting_gone")
    title, before = meeting.title, series_state(session, series)
    series.ends_on = meeting.occurs_on - ONE_DAY
    note_id = change_series(session, context, actor, series, "end", before)
    return messages.ended(actor, title, series.ends_on, note_id)


def series_state(session: Session, series: MeetingSeries) -> dict[str, Any]:
    """All that can be put back of a series."""
    return state_of(series) | {
        "participants": list(list_series_participants(session, series.id)),
        "exceptions": list_exceptions(session, series),
    }


def change_series(
    session: Session,
    context: Context,
    actor: Actor,
    series: MeetingSeries,
    verb: str,
    before: Mapping[str, Any] | None,
) -> str:
    """Let a series that was changed plan its meetings, and note it down; `before` None = it is new."""
    session.add(series)
    session.flush()
    plan_series(session, context, actor.workspace, series)
    return note_change(session, context, actor, verb, f"series:{series.id}", before, series_state(session, series))


def check_ahead(session: Session, context: Context, actor: Actor, day: date, field: str, zone: str) -> None:
    """Raises `Refused` beside the field for a day that has passed in that zone, with the next working day."""
    today = context.now.astimezone(ZoneInfo(zone)).date()
    if day < today:
        next_day = work_calendar(session, actor.workspace, today, today).next_working(today)
        raise Refused("day_passed", field=field, day=day, next_day=next_day)


def change_meeting(session: Session, context: Context, actor: Actor, meeting: Meeting, verb: str, **values: Any) -> str:
    """Change it with its brief, tell where the brief stands, and note it down."""
    before = state_of(meeting)
    for name, value in values.items():
        setattr(meeting, name, value)
    session.add(meeting)
    plan_brief(session, context, actor.workspace, meeting)
    announce_move(session, context, meeting, context.now + SETTLED)
    return note_change(session, context, actor, verb, f"meeting:{meeting.id}", before, state_of(meeting))


def _changeable(session: Session, context: Context, actor: Actor, meeting_id: str) -> Meeting:
    meeting = access_meeting(session, actor, meeting_id)
    if meeting.starts_at <= context.now:
        raise Refused("meeting_over")
    return meeting

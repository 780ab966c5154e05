"""Add a series of meetings, or change one from a day on: a form, the next six to look at, and saving."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlmodel import Session

from bot.domain.chat import Form, Message, Submission
from bot.domain.errors import Refused
from bot.domain.recurrence import meeting_days, moment, parse_rule
from bot.services.access import Actor, Sender, access_facilitator
from bot.services.context import Context
from bot.services.meetings.calendars import due_of_brief
from bot.services.meetings.changes import change_series, series_state
from bot.services.meetings.listing import access_meeting
from bot.services.meetings.wishes import SeriesWish, check_carried, read_wish
from bot.services.messages import meeting_forms as forms
from bot.services.messages import meetings as messages
from bot.services.requests import claim_request
from bot.services.working_time import work_calendar
from storage.meetings import find_series, list_series_participants, set_series_participants
from storage.tables import MeetingSeries, MeetingType, Member, Shift

SHOWN = 6
LOOKED_AHEAD = timedelta(days=400)
USUAL_RULE = "third Thursday 13:30"


def series_form(session: Session, context: Context, sender: Sender, meeting_id: str) -> Form:
    """A new series, or with the id of one of its meetings the one to change, from that meeting on."""
    actor = access_facilitator(session, context, sender)
    if not meeting_id:
        return forms.new_series(actor.speaker, _usual(context, actor))
    meeting = access_meeting(session, actor, meeting_id)
    series = find_series(session, actor.workspace.id, meeting.series_id or "")
    if series is None:
        raise Refused("meeting_gone")
    today = context.now.astimezone(ZoneInfo(series.timezone)).date()
    filled = _as_form(session, actor, series)
    from_day = max(today, meeting.occurs_on or today)
    return forms.change_series(actor.speaker, replace(filled, starts_on=from_day), series.id)


def first_series_form(session: Session, context: Context, sender: Sender) -> Form:
    """A new series with everything filled in that most companies would answer."""
    actor = access_facilitator(session, context, sender)
    rule, at = parse_rule(USUAL_RULE)
    assert at is not None
    filled = replace(_usual(context, actor), rule=forms.typed_rule(actor.speaker, rule, at))
    return forms.new_series(actor.speaker, replace(filled, chair=actor.member.external_id))


def preview_series(session: Session, context: Context, sender: Sender, submission: Submission) -> Form:
    """The next six meetings as they would be, before anything is saved. Raises `Refused` beside a wrong field."""
    actor = access_facilitator(session, context, sender)
    wish = read_wish(session, context, actor, submission)
    days = _days(session, context, actor, wish)
    _first(days)
    payload = {**wish.payload(), **({"series": submission.payload["series"]} if _is_change(submission) else {})}
    check_carried(payload)
    return forms.preview(
        actor, wish.series("", actor.workspace.id), wish.chair, len(wish.people), wish.left_out, days, payload
    )


def save_series(session: Session, context: Context, sender: Sender, request_id: str, submission: Submission) -> Message:
    """Plan the meetings of the preview."""
    claim_request(session, context, request_id)
    actor = access_facilitator(session, context, sender)
    wish = read_wish(session, context, actor, submission)
    first = _first(_days(session, context, actor, wish))
    if _is_change(submission):
        series, note_id = _change(session, context, actor, wish, submission.payload["series"])
    else:
        series, note_id = _create(session, context, actor, wish)
    return messages.planned(actor, series, first, note_id, changed=_is_change(submission), invited=len(wish.people))


def _create(session: Session, context: Context, actor: Actor, wish: SeriesWish) -> tuple[MeetingSeries, str]:
    series = wish.series(context.new_id(), actor.workspace.id)
    session.add(series)
    session.flush()
    set_series_participants(session, series.id, [member.id for member in wish.people])
    return series, change_series(session, context, actor, series, "add", None)


def _change(
    session: Session, context: Context, actor: Actor, wish: SeriesWish, series_id: str
) -> tuple[MeetingSeries, str]:
    series = find_series(session, actor.workspace.id, series_id)
    if series is None:
        raise Refused("meeting_gone")
    before = series_state(session, series)
    for name, value in wish.columns().items():
        setattr(series, name, value)
    set_series_participants(session, series.id, [member.id for member in wish.people])
    return series, change_series(session, context, actor, series, "change", before)


def _is_change(submission: Submission) -> bool:
    return "series" in submission.payload


def _days(session: Session, context: Context, actor: Actor, wish: SeriesWish) -> list[messages.Day]:
    """The next six meetings of the wish, and the days left out among them."""
    last = wish.starts_on + LOOKED_AHEAD
    calendar = work_calendar(session, actor.workspace, wish.starts_on, last, actor.speaker.language)
    rule, _ = parse_rule(wish.rule)
    found: list[messages.Day] = []
    for day in meeting_days(rule, wish.starts_on, wish.starts_on, last, calendar, wish.shift):
        starts_at = moment(day.on, wish.at, wish.zone) if day.on else None
        if starts_at is None or starts_at > context.now:
            found.append(messages.Day(day, starts_at, _brief(session, context, actor, wish, starts_at)))
        if sum(1 for one in found if one.starts_at) == SHOWN:
            break
    return found


def _first(days: Sequence[messages.Day]) -> messages.Day:
    """The first meeting among them. Raises `Refused` when every day is left out."""
    for day in days:
        if day.starts_at:
            return day
    raise Refused("no_day_ahead", field="starts_on")


def _brief(
    session: Session, context: Context, actor: Actor, wish: SeriesWish, starts_at: datetime | None
) -> datetime | None:
    return due_of_brief(session, actor.workspace, wish.type, starts_at, context.now) if starts_at else None


def _usual(context: Context, actor: Actor) -> forms.Filled:
    today = context.now.astimezone(ZoneInfo(actor.workspace.timezone)).date()
    return forms.Filled(MeetingType.PRE_SOP, "", "", actor.workspace.timezone, 90, None, (), Shift.NEXT, today)


def _as_form(session: Session, actor: Actor, series: MeetingSeries) -> forms.Filled:
    rule, _ = parse_rule(series.rule)
    chair = session.get(Member, series.chair_id) if series.chair_id else None
    invited = [session.get_one(Member, member_id) for member_id in list_series_participants(session, series.id)]
    return forms.Filled(
        series.type,
        series.title,
        forms.typed_rule(actor.speaker, rule, series.local_time),
        series.timezone,
        series.duration_minutes,
        chair.external_id if chair else None,
        tuple(member.external_id for member in invited),
        series.shift,
        series.starts_on,
    )

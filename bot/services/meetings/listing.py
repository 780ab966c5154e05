"""The meetings to come, and one of them with what can be changed about it."""

from collections.abc import Sequence

from sqlmodel import Session

from bot.domain.chat import Message
from bot.domain.errors import Refused
from bot.services.access import Actor, Sender, access_actor, company_day
from bot.services.context import Context
from bot.services.messages import meetings as messages
from storage.briefs import as_of_by_meeting
from storage.meetings import find_meeting, find_series, list_participants, meetings_ahead
from storage.members import names_by_id
from storage.tables import Meeting, MeetingStatus

SHOWN = 6
"""Meetings of the list; cancelled ones among them do not count."""
LOOKED_AT = 24


def list_upcoming(session: Session, context: Context, sender: Sender, _words: str = "") -> Message:
    """The next six meetings, and what was cancelled among them."""
    actor = access_actor(session, context, sender)
    ahead = meetings_ahead(session, actor.workspace.id, context.now, LOOKED_AT, with_cancelled=True)
    planned = [meeting for meeting in ahead if meeting.status == MeetingStatus.PLANNED][:SHOWN]
    until = planned[-1].starts_at if len(planned) == SHOWN else None
    shown = [meeting for meeting in ahead if until is None or meeting.starts_at <= until]
    return messages.page(actor, rows_of(session, shown))


def open_meeting(session: Session, context: Context, sender: Sender, meeting_id: str) -> Message:
    """One meeting. `meeting_id` is the value of its button."""
    actor = access_actor(session, context, sender)
    meeting = access_meeting(session, actor, meeting_id)
    return card_of(session, context, actor, meeting)


def card_of(session: Session, context: Context, actor: Actor, meeting: Meeting) -> Message:
    series = find_series(session, actor.workspace.id, meeting.series_id) if meeting.series_id else None
    invited = len(list_participants(session, meeting.id, company_day(actor.workspace, context)))
    ahead = meeting.starts_at > context.now
    return messages.card(actor, row_of(session, meeting), series, invited, changeable=actor.leads and ahead)


def row_of(session: Session, meeting: Meeting) -> messages.Row:
    return rows_of(session, [meeting])[0]


def rows_of(session: Session, meetings: Sequence[Meeting]) -> list[messages.Row]:
    chairs = names_by_id(session, {meeting.chair_id for meeting in meetings if meeting.chair_id})
    posted = as_of_by_meeting(session, [meeting.id for meeting in meetings])
    return [
        messages.Row(meeting, chairs.get(meeting.chair_id or ""), posted=meeting.id in posted) for meeting in meetings
    ]


def access_meeting(session: Session, actor: Actor, meeting_id: str) -> Meeting:
    """A meeting of the member's own workspace. Raises `Refused` when it is gone."""
    meeting = find_meeting(session, actor.workspace.id, meeting_id)
    if meeting is None:
        raise Refused("meeting_gone")
    return meeting

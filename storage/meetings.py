"""Queries of meetings and who is invited."""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session, col, select

from storage.tables import Meeting, MeetingParticipant, MeetingStatus, MeetingType, Member


def find_meeting(session: Session, workspace_id: str, meeting_id: str) -> Meeting | None:
    return session.exec(
        select(Meeting).where(Meeting.workspace_id == workspace_id, Meeting.id == meeting_id)
    ).one_or_none()


def list_meetings(session: Session, workspace_id: str) -> Sequence[Meeting]:
    """All meetings, the earliest first."""
    meetings = select(Meeting).where(Meeting.workspace_id == workspace_id)
    return session.exec(meetings.order_by(col(Meeting.starts_at), col(Meeting.key))).all()


def next_meetings(
    session: Session,
    workspace_id: str,
    now: datetime,
    types: Sequence[MeetingType] = tuple(MeetingType),
    limit: int = 1,
) -> Sequence[Meeting]:
    """The meetings of those types that start at `now` or later, the soonest first; cancelled ones left out."""
    ahead = select(Meeting).where(
        Meeting.workspace_id == workspace_id,
        col(Meeting.starts_at) >= now,
        col(Meeting.type).in_(types),
        Meeting.status != MeetingStatus.CANCELLED,
    )
    return session.exec(ahead.order_by(col(Meeting.starts_at), col(Meeting.key)).limit(limit)).all()


def previous_meeting(session: Session, meeting: Meeting) -> Meeting | None:
    """The meeting of the same type whose brief was due before that of `meeting`; cancelled ones left out."""
    if meeting.brief_due_at is None:
        return None
    earlier = select(Meeting).where(
        Meeting.workspace_id == meeting.workspace_id,
        Meeting.type == meeting.type,
        col(Meeting.brief_due_at) < meeting.brief_due_at,
        Meeting.status != MeetingStatus.CANCELLED,
    )
    return session.exec(earlier.order_by(col(Meeting.brief_due_at).desc()).limit(1)).first()


def list_participants(session: Session, meeting_id: str) -> Sequence[Member]:
    """Who is invited, by name."""
    invited = select(Member).join(MeetingParticipant, col(MeetingParticipant.member_id) == col(Member.id))
    return session.exec(invited.where(MeetingParticipant.meeting_id == meeting_id).order_by(col(Member.name))).all()

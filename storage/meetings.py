"""Queries of meetings, their series and who is invited; of days off, and of the times of briefs."""

from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime

from sqlalchemy import delete, or_
from sqlmodel import Session, col, select

from storage.tables import (
    AgendaItem,
    Brief,
    BriefRule,
    Decision,
    Holiday,
    Meeting,
    MeetingParticipant,
    MeetingSeries,
    MeetingStatus,
    MeetingType,
    Member,
    SeriesParticipant,
)


def find_meeting(session: Session, workspace_id: str, meeting_id: str) -> Meeting | None:
    return session.exec(
        select(Meeting).where(Meeting.workspace_id == workspace_id, Meeting.id == meeting_id)
    ).one_or_none()


def list_meetings(session: Session, workspace_id: str) -> Sequence[Meeting]:
    """All meetings, the earliest first."""
    meetings = select(Meeting).where(Meeting.workspace_id == workspace_id)
    return session.exec(meetings.order_by(col(Meeting.starts_at), col(Meeting.key))).all()


def meetings_ahead(
    session: Session,
    workspace_id: str,
    now: datetime,
    limit: int,
    types: Collection[MeetingType] = tuple(MeetingType),
    *,
    with_cancelled: bool = False,
) -> Sequence[Meeting]:
    """The meetings of those types that start at `now` or later, the soonest first."""
    ahead = select(Meeting).where(
        Meeting.workspace_id == workspace_id, col(Meeting.starts_at) >= now, col(Meeting.type).in_(types)
    )
    standing = ahead if with_cancelled else ahead.where(Meeting.status != MeetingStatus.CANCELLED)
    return session.exec(standing.order_by(col(Meeting.starts_at), col(Meeting.key)).limit(limit)).all()


def list_participants(session: Session, meeting_id: str, day: date) -> Sequence[Member]:
    """Who is invited and has not left by that day, by name."""
    invited = select(Member).join(MeetingParticipant, col(MeetingParticipant.member_id) == col(Member.id))
    here = or_(col(Member.active_to).is_(None), col(Member.active_to) >= day)
    of_meeting = invited.where(MeetingParticipant.meeting_id == meeting_id, here)
    return session.exec(of_meeting.order_by(col(Member.name))).all()


def planned_of_type(session: Session, workspace_id: str, meeting_type: MeetingType, now: datetime) -> Sequence[Meeting]:
    """All planned meetings of that type from `now` on."""
    ahead = select(Meeting).where(
        Meeting.workspace_id == workspace_id,
        Meeting.type == meeting_type,
        Meeting.status == MeetingStatus.PLANNED,
        col(Meeting.starts_at) >= now,
    )
    return session.exec(ahead.order_by(col(Meeting.starts_at))).all()


def keys_like(session: Session, workspace_id: str, prefix: str) -> set[str]:
    """The keys of meetings that begin so."""
    keys = select(Meeting.key).where(Meeting.workspace_id == workspace_id)
    return set(session.exec(keys.where(col(Meeting.key).startswith(prefix, autoescape=True))).all())


def delete_meeting(session: Session, meeting: Meeting) -> bool:
    """Delete it unless something hangs on it: a brief, a decision, a point of its agenda. Whether it is gone."""
    hanging = (Brief, Decision, AgendaItem)
    if any(session.exec(select(table.id).where(table.meeting_id == meeting.id).limit(1)).first() for table in hanging):
        return False
    session.delete(meeting)
    session.flush()
    return True


def set_participants(session: Session, meeting_id: str, member_ids: Iterable[str]) -> None:
    """Invite exactly these."""
    session.execute(delete(MeetingParticipant).where(col(MeetingParticipant.meeting_id) == meeting_id))
    session.add_all(MeetingParticipant(meeting_id=meeting_id, member_id=member_id) for member_id in member_ids)
    session.flush()


def find_series(session: Session, workspace_id: str, series_id: str) -> MeetingSeries | None:
    return session.exec(
        select(MeetingSeries).where(MeetingSeries.workspace_id == workspace_id, MeetingSeries.id == series_id)
    ).one_or_none()


def list_series(session: Session, workspace_id: str) -> Sequence[MeetingSeries]:
    series = select(MeetingSeries).where(MeetingSeries.workspace_id == workspace_id)
    return session.exec(series.order_by(col(MeetingSeries.id))).all()


def list_meetings_of_series(session: Session, series_id: str, first: date | None = None) -> Sequence[Meeting]:
    """Its meetings by the day their rule gives; with `first` those from that day on."""
    meetings = select(Meeting).where(Meeting.series_id == series_id).order_by(col(Meeting.occurs_on))
    return session.exec(meetings.where(col(Meeting.occurs_on) >= first) if first else meetings).all()


def list_series_participants(session: Session, series_id: str) -> Sequence[str]:
    """The ids of the members who are invited to it."""
    invited = select(SeriesParticipant.member_id).where(SeriesParticipant.series_id == series_id)
    return session.exec(invited.order_by(SeriesParticipant.member_id)).all()


def set_series_participants(session: Session, series_id: str, member_ids: Iterable[str]) -> None:
    """Invite exactly these."""
    session.execute(delete(SeriesParticipant).where(col(SeriesParticipant.series_id) == series_id))
    session.add_all(SeriesParticipant(series_id=series_id, member_id=member_id) for member_id in member_ids)
    session.flush()


def list_holidays(session: Session, workspace_id: str, first: date, last: date) -> Sequence[Holiday]:
    """The company's own days from first to last, both included, the earliest first."""
    own = select(Holiday).where(
        Holiday.workspace_id == workspace_id, col(Holiday.day) >= first, col(Holiday.day) <= last
    )
    return session.exec(own.order_by(col(Holiday.day))).all()


def find_holiday(session: Session, workspace_id: str, day: date) -> Holiday | None:
    return session.get(Holiday, (workspace_id, day))


def find_brief_rule(session: Session, workspace_id: str, meeting_type: MeetingType) -> BriefRule | None:
    return session.get(BriefRule, (workspace_id, meeting_type))


def list_meetings_around(
    session: Session, workspace_id: str, type_: MeetingType, since: datetime | None, until: datetime
) -> Sequence[Meeting]:
    """Meetings of that type from `since` (None = the beginning) to `until`, whatever became of them."""
    around = select(Meeting).where(
        Meeting.workspace_id == workspace_id, Meeting.type == type_, col(Meeting.starts_at) < until
    )
    recent = around.where(col(Meeting.starts_at) >= since) if since else around
    return session.exec(recent.order_by(col(Meeting.starts_at), col(Meeting.key))).all()

"""The meetings of the S&OP cycle, the series they come from, the days off, and when their briefs come."""

from datetime import date, datetime, time
from enum import StrEnum

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from storage.types import UtcDateTime, unordered, word


class MeetingType(StrEnum):
    PRODUCT_REVIEW = "product_review"
    DEMAND_REVIEW = "demand_review"
    SUPPLY_REVIEW = "supply_review"
    PRE_SOP = "pre_sop"
    EXECUTIVE_SOP = "executive_sop"
    DIALOG_RETRO = "dialog_retro"


class MeetingStatus(StrEnum):
    PLANNED = "planned"
    HELD = "held"
    CANCELLED = "cancelled"


class Shift(StrEnum):
    """Where a meeting goes that falls on a day off."""

    NEXT = "next"
    PREVIOUS = "previous"
    SKIP = "skip"


class MeetingSeries(SQLModel, table=True):
    """What comes again. `rule` is in the English notation of `bot.domain.recurrence`, without the time.

    Its meetings from `starts_on` on follow the rule; those before it are as they were planned.
    """

    __tablename__ = "meeting_series"
    __table_args__ = unordered(Index("ix_meeting_series_workspace_id", "workspace_id"))

    id: str = Field(primary_key=True)
    workspace_id: str = Field(foreign_key="workspaces.id", ondelete="CASCADE")
    type: MeetingType = word(MeetingType)
    title: str
    rule: str
    local_time: time
    timezone: str
    duration_minutes: int
    shift: Shift = word(Shift, default=Shift.NEXT)
    starts_on: date
    ends_on: date | None = None
    chair_id: str | None = Field(default=None, foreign_key="members.id")


class SeriesParticipant(SQLModel, table=True):
    __tablename__ = "series_participants"
    __table_args__ = unordered()

    series_id: str = Field(primary_key=True, foreign_key="meeting_series.id", ondelete="CASCADE")
    member_id: str = Field(primary_key=True, foreign_key="members.id", ondelete="CASCADE")


class Meeting(SQLModel, table=True):
    """One meeting; `brief_due_at` is set for the types that get a brief. `cycle` is its month, "2026-06".

    One of a series is named by `occurs_on`, the day its rule gives, whenever it is held. `moved` by hand it keeps its
    own time when the rule changes.
    """

    __tablename__ = "meetings"
    __table_args__ = unordered(
        UniqueConstraint("workspace_id", "key"),
        UniqueConstraint("series_id", "occurs_on"),
        Index("ix_meetings_starts_at", "workspace_id", "starts_at"),
    )

    id: str = Field(primary_key=True)
    workspace_id: str = Field(foreign_key="workspaces.id", ondelete="CASCADE")
    key: str
    cycle: str
    type: MeetingType = word(MeetingType)
    title: str
    starts_at: datetime = Field(sa_type=UtcDateTime)
    duration_minutes: int
    timezone: str
    status: MeetingStatus = word(MeetingStatus, default=MeetingStatus.PLANNED)
    chair_id: str | None = Field(default=None, foreign_key="members.id")
    brief_due_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    series_id: str | None = Field(default=None, foreign_key="meeting_series.id")
    occurs_on: date | None = None
    moved: bool = False


class MeetingParticipant(SQLModel, table=True):
    __tablename__ = "meeting_participants"
    __table_args__ = unordered()

    meeting_id: str = Field(primary_key=True, foreign_key="meetings.id", ondelete="CASCADE")
    member_id: str = Field(primary_key=True, foreign_key="members.id", ondelete="CASCADE")


class Holiday(SQLModel, table=True):
    """A day off of the company's own beside the public ones; `is_working` = a public one that is worked here."""

    __tablename__ = "holidays"
    __table_args__ = unordered()

    workspace_id: str = Field(primary_key=True, foreign_key="workspaces.id", ondelete="CASCADE")
    day: date = Field(primary_key=True)
    name: str
    is_working: bool = False


class BriefRule(SQLModel, table=True):
    """When the brief before meetings of that type comes, in place of the default; without working days it never does.

    The time is in the company's zone.
    """

    __tablename__ = "brief_rules"
    __table_args__ = unordered(CheckConstraint("lead_working_days >= 1", name="lead_working_days"))

    workspace_id: str = Field(primary_key=True, foreign_key="workspaces.id", ondelete="CASCADE")
    type: MeetingType = word(MeetingType, primary_key=True)
    lead_working_days: int | None = None
    local_time: time

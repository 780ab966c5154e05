"""The meetings of the S&OP cycle."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import Index, UniqueConstraint
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


class Meeting(SQLModel, table=True):
    """One meeting; `brief_due_at` is set for the types that get a brief. `cycle` is its month, "2026-06"."""

    __tablename__ = "meetings"
    __table_args__ = unordered(
        UniqueConstraint("workspace_id", "key"), Index("ix_meetings_starts_at", "workspace_id", "starts_at")
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


class MeetingParticipant(SQLModel, table=True):
    __tablename__ = "meeting_participants"
    __table_args__ = unordered()

    meeting_id: str = Field(primary_key=True, foreign_key="meetings.id", ondelete="CASCADE")
    member_id: str = Field(primary_key=True, foreign_key="members.id", ondelete="CASCADE")

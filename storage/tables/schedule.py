"""What is due when, and the ledger of what was done about it."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from storage.types import UtcDateTime, unordered, word


class ScheduleKind(StrEnum):
    BRIEF = "brief"
    BRIEF_REMINDER = "brief_reminder"
    BRIEF_CLOSE = "brief_close"
    ASK_AGAIN = "ask_again"
    ASK_END = "ask_end"
    HELP_LESSON = "help_lesson"
    SERIES_AHEAD = "series_ahead"
    CHECKIN = "checkin"
    CHECKIN_ASK = "checkin_ask"
    CHECKIN_CLOSE = "checkin_close"
    WEEKLY_SUMMARY = "weekly_summary"
    PRIVATE_ITEM = "private_item"


class Schedule(SQLModel, table=True):
    """Something that falls due at `next_due_at`; empty = nothing more to come. `subject_id` is the row it is about.

    `retry_at` is set after a failure: the same due moment is tried again then.
    """

    __tablename__ = "schedules"
    __table_args__ = unordered(UniqueConstraint("kind", "subject_id"), Index("ix_schedules_next_due_at", "next_due_at"))

    id: str = Field(primary_key=True)
    workspace_id: str = Field(foreign_key="workspaces.id", ondelete="CASCADE")
    kind: ScheduleKind = word(ScheduleKind)
    subject_id: str
    next_due_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    retry_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class OccurrenceState(StrEnum):
    DONE = "done"
    LATE = "late"
    SKIPPED = "skipped"
    FAILED = "failed"


class Occurrence(SQLModel, table=True):
    """One due moment of a schedule, done once: the unique key decides, whoever ticks."""

    __tablename__ = "occurrences"
    __table_args__ = unordered(UniqueConstraint("schedule_id", "due_at"))

    id: str = Field(primary_key=True)
    workspace_id: str = Field(foreign_key="workspaces.id", ondelete="CASCADE")
    schedule_id: str = Field(foreign_key="schedules.id", ondelete="CASCADE")
    due_at: datetime = Field(sa_type=UtcDateTime)
    state: OccurrenceState = word(OccurrenceState)
    materialised_at: datetime = Field(sa_type=UtcDateTime)

"""The frozen snapshot behind a brief: shown again years later, it says the same."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, UniqueConstraint
from sqlmodel import Field, SQLModel

from storage.types import UtcDateTime, unordered


class Brief(SQLModel, table=True):
    """One version of the brief of a meeting.

    `late_at` is when it was posted, if that was not when it was due; `corrected_at` when a later version was made, and
    `correction` what was wrong before. `said` names the facts of its guards: each is told once.
    """

    __tablename__ = "briefs"
    __table_args__ = unordered(UniqueConstraint("meeting_id", "version"))

    id: str = Field(primary_key=True)
    workspace_id: str = Field(foreign_key="workspaces.id", ondelete="CASCADE")
    meeting_id: str = Field(foreign_key="meetings.id", ondelete="CASCADE")
    version: int = 1
    as_of: datetime = Field(sa_type=UtcDateTime)
    snapshot: dict[str, Any] = Field(sa_type=JSON)
    said: list[str] = Field(default_factory=list, sa_type=JSON)
    late_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    corrected_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    correction: str | None = None


class BriefOpening(SQLModel, table=True):
    """Somebody pressed a button of the brief; deleted after the meeting, when only the count is left."""

    __tablename__ = "brief_openings"
    __table_args__ = unordered()

    brief_id: str = Field(primary_key=True, foreign_key="briefs.id", ondelete="CASCADE")
    member_id: str = Field(primary_key=True, foreign_key="members.id", ondelete="CASCADE")

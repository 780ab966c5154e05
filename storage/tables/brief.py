"""The frozen snapshot behind a brief: shown again years later, it says the same."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, UniqueConstraint
from sqlmodel import Field, SQLModel

from storage.types import UtcDateTime, unordered


class Brief(SQLModel, table=True):
    __tablename__ = "briefs"
    __table_args__ = unordered(UniqueConstraint("meeting_id", "version"))

    id: str = Field(primary_key=True)
    workspace_id: str = Field(foreign_key="workspaces.id", ondelete="CASCADE")
    meeting_id: str = Field(foreign_key="meetings.id", ondelete="CASCADE")
    version: int = 1
    as_of: datetime = Field(sa_type=UtcDateTime)
    snapshot: dict[str, Any] = Field(sa_type=JSON)

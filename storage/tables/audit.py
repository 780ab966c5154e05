"""Who changed what, when."""

from datetime import datetime

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from storage.types import UtcDateTime, unordered


class AuditRecord(SQLModel, table=True):
    """`actor_id` is the member who acted; None = whoever runs Ampersand, the chat platform, or time itself.

    Never written for what an author does to a side-only entry.
    """

    __tablename__ = "audit_records"
    __table_args__ = unordered(Index("ix_audit_records_at", "workspace_id", "at"))

    id: str = Field(primary_key=True)
    workspace_id: str = Field(foreign_key="workspaces.id", ondelete="CASCADE")
    at: datetime = Field(sa_type=UtcDateTime)
    actor_id: str | None = Field(default=None, foreign_key="members.id")
    action: str
    subject: str
    before: str | None = None
    after: str | None = None

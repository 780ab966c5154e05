"""How many a brief reached: a count, never who."""

from datetime import datetime

from sqlmodel import Field, SQLModel

from storage.types import UtcDateTime, unordered


class BriefReach(SQLModel, table=True):
    """`opened` counts, of the `invited`, who opened the brief before the meeting began. Frozen when it begins."""

    __tablename__ = "brief_reach"
    __table_args__ = unordered()

    meeting_id: str = Field(primary_key=True, foreign_key="meetings.id", ondelete="CASCADE")
    posted_at: datetime = Field(sa_type=UtcDateTime)
    invited: int
    opened: int

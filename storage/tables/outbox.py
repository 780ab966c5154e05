"""Messages on their way out: written in the transaction that decided on them, sent once."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from storage.types import UtcDateTime, unordered, word


class OutboxState(StrEnum):
    PENDING = "pending"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"


class Outgoing(SQLModel, table=True):
    """One message to one channel or person (`target_id`, the platform's id).

    `key` says what it is ("brief:<meeting>:1") and exists once. `delivery_key` is random and stands in the metadata of
    the sent message, so that an ambiguous send can be looked up; it carries no id, every member may read it.
    `topic` is what several rows are about together, where they are to be found again ("ask:<id>").
    From `expires_at` on it does not leave any more.
    `thread_of` is the id of the row whose message this one answers; `replaces` that of the one it changes in place.
    """

    __tablename__ = "outbox"
    __table_args__ = unordered(
        UniqueConstraint("key"),
        Index("ix_outbox_ready", "state", "not_before"),
        Index("ix_outbox_lane", "workspace_id", "state", "not_before", "position"),
        Index("ix_outbox_target", "workspace_id", "target_id", "state"),
        Index("ix_outbox_topic", "workspace_id", "topic"),
        Index("ix_outbox_thread_of", "thread_of", "position"),
        Index("ix_outbox_replaces", "replaces", "position"),
    )

    id: str = Field(primary_key=True)
    workspace_id: str = Field(foreign_key="workspaces.id", ondelete="CASCADE")
    key: str
    topic: str | None = None
    target_id: str
    thread_of: str | None = Field(default=None, foreign_key="outbox.id", ondelete="CASCADE")
    replaces: str | None = Field(default=None, foreign_key="outbox.id", ondelete="CASCADE")
    position: int = 0
    message: dict[str, Any] | None = Field(default=None, sa_type=JSON)
    delivery_key: str
    state: OutboxState = word(OutboxState, default=OutboxState.PENDING)
    attempts: int = 0
    ambiguous: bool = False
    not_before: datetime = Field(sa_type=UtcDateTime)
    expires_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    lease: str | None = None
    lease_until: datetime | None = Field(default=None, sa_type=UtcDateTime)
    sent_channel_id: str | None = None
    sent_message_id: str | None = None
    error: str | None = None


class Lane(SQLModel, table=True):
    """How fast a workspace may be written to, by all processes together.

    The next message leaves at `free_at` at the earliest, the one after it `interval_seconds` later, and none before
    `closed_until`: the platform has asked to wait until then.
    """

    __tablename__ = "lanes"
    __table_args__ = unordered()

    workspace_id: str = Field(primary_key=True, foreign_key="workspaces.id", ondelete="CASCADE")
    free_at: datetime = Field(sa_type=UtcDateTime)
    interval_seconds: float
    closed_until: datetime | None = Field(default=None, sa_type=UtcDateTime)

"""What a meeting is asked to decide, what it decided, and what else people want to talk about there."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from storage.types import UtcDateTime, unordered, word


class DecisionKind(StrEnum):
    """`ratify` stands unless somebody objects; `escalate` is passed on to the executive S&OP."""

    DECIDE = "decide"
    RATIFY = "ratify"
    ESCALATE = "escalate"


class DecisionStatus(StrEnum):
    ASKED = "asked"
    TAKEN = "taken"
    CARRIED_OVER = "carried_over"
    ESCALATED = "escalated"


class Decision(SQLModel, table=True):
    """One question to one meeting; `rank` is its place there.

    `recommendation` and `taken_option` are letters of its options. `follows_id` is the same question at an earlier
    meeting, which carried it over or passed it on. `removed_at` set = taken off the list, and it can be put back.
    """

    __tablename__ = "decisions"
    __table_args__ = unordered(
        UniqueConstraint("workspace_id", "key"),
        CheckConstraint("(status = 'asked') = (answered_at IS NULL)", name="answered"),
        CheckConstraint("(status = 'taken') = (taken_option IS NOT NULL)", name="taken"),
        CheckConstraint("co_owner_id IS NULL OR co_owner_id <> owner_id", name="owners"),
        Index("ix_decisions_meeting_id", "meeting_id", "rank"),
        Index("ix_decisions_follows_id", "follows_id"),
    )

    id: str = Field(primary_key=True)
    workspace_id: str = Field(foreign_key="workspaces.id", ondelete="CASCADE")
    key: str
    meeting_id: str = Field(foreign_key="meetings.id", ondelete="CASCADE")
    rank: int
    question: str
    kind: DecisionKind = word(DecisionKind)
    recommendation: str | None = None
    owner_id: str = Field(foreign_key="members.id")
    co_owner_id: str | None = Field(default=None, foreign_key="members.id")
    status: DecisionStatus = word(DecisionStatus, default=DecisionStatus.ASKED)
    taken_option: str | None = None
    entered_at: datetime = Field(sa_type=UtcDateTime)
    answered_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    follows_id: str | None = Field(default=None, foreign_key="decisions.id", ondelete="SET NULL")
    removed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class DecisionOption(SQLModel, table=True):
    """One way to decide; `price` says what it costs or brings, None = nobody said."""

    __tablename__ = "decision_options"
    __table_args__ = unordered()

    decision_id: str = Field(primary_key=True, foreign_key="decisions.id", ondelete="CASCADE")
    letter: str = Field(primary_key=True)
    text: str
    price: str | None = None


class DecisionEntry(SQLModel, table=True):
    """The entries a question comes from."""

    __tablename__ = "decision_entries"
    __table_args__ = unordered()

    decision_id: str = Field(primary_key=True, foreign_key="decisions.id", ondelete="CASCADE")
    entry_id: str = Field(primary_key=True, foreign_key="entries.id", ondelete="CASCADE")


class DecisionObjective(SQLModel, table=True):
    """The objectives a question is about, in the order they were named."""

    __tablename__ = "decision_objectives"
    __table_args__ = unordered(
        ForeignKeyConstraint(["workspace_id", "objective_key"], ["objectives.workspace_id", "objectives.key"])
    )

    decision_id: str = Field(primary_key=True, foreign_key="decisions.id", ondelete="CASCADE")
    objective_key: str = Field(primary_key=True)
    workspace_id: str = Field(foreign_key="workspaces.id", ondelete="CASCADE")
    position: int = 0


class DecisionAgreement(SQLModel, table=True):
    """The agreements a question proposes, confirms or led to."""

    __tablename__ = "decision_agreements"
    __table_args__ = unordered()

    decision_id: str = Field(primary_key=True, foreign_key="decisions.id", ondelete="CASCADE")
    agreement_id: str = Field(primary_key=True, foreign_key="agreements.id", ondelete="CASCADE")


class DecisionObjection(SQLModel, table=True):
    """Why a member does not want a ratification to stand, with their name."""

    __tablename__ = "decision_objections"
    __table_args__ = unordered()

    decision_id: str = Field(primary_key=True, foreign_key="decisions.id", ondelete="CASCADE")
    member_id: str = Field(primary_key=True, foreign_key="members.id", ondelete="CASCADE")
    reason: str
    objected_at: datetime = Field(sa_type=UtcDateTime)


class AgendaItem(SQLModel, table=True):
    """Something a member wants to talk about in a meeting, with the entry it is about."""

    __tablename__ = "agenda_items"
    __table_args__ = unordered(Index("ix_agenda_items_meeting_id", "meeting_id"))

    id: str = Field(primary_key=True)
    workspace_id: str = Field(foreign_key="workspaces.id", ondelete="CASCADE")
    meeting_id: str = Field(foreign_key="meetings.id", ondelete="CASCADE")
    member_id: str = Field(foreign_key="members.id")
    text: str
    entry_id: str | None = Field(default=None, foreign_key="entries.id", ondelete="SET NULL")
    added_at: datetime = Field(sa_type=UtcDateTime)

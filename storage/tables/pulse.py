"""Short questions asked of everybody again and again, and what was answered: who answered apart from what."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKeyConstraint, Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from storage.types import UtcDateTime, unordered, word


class Cadence(StrEnum):
    WEEKLY = "weekly"
    MONTHLY = "monthly"


class PulseMeasure(StrEnum):
    """A pulse is an opinion on a scale; a recall counts the objectives somebody could name."""

    PULSE = "pulse"
    RECALL = "recall"


class Answered(StrEnum):
    """Late = after the round closed: the person is counted among those who answered, the score is kept nowhere."""

    NO = "no"
    IN_TIME = "in_time"
    LATE = "late"


class PulseQuestion(SQLModel, table=True):
    """`lowest` and `highest` are the ends of the scale, with what they mean in words."""

    __tablename__ = "pulse_questions"
    __table_args__ = unordered()

    workspace_id: str = Field(primary_key=True, foreign_key="workspaces.id", ondelete="CASCADE")
    key: str = Field(primary_key=True)
    cadence: Cadence = word(Cadence)
    measure: PulseMeasure = word(PulseMeasure, default=PulseMeasure.PULSE)
    text: str
    text_nl: str
    lowest: int
    highest: int
    lowest_words: str = ""
    highest_words: str = ""
    position: int = 0


class PulseRound(SQLModel, table=True):
    """One time that a question was asked. From `closes_at` on its results never change."""

    __tablename__ = "pulse_rounds"
    __table_args__ = unordered(
        UniqueConstraint("workspace_id", "question_key", "label"),
        ForeignKeyConstraint(
            ["workspace_id", "question_key"],
            ["pulse_questions.workspace_id", "pulse_questions.key"],
            ondelete="CASCADE",
        ),
        Index("ix_pulse_rounds_closes_at", "workspace_id", "closes_at"),
    )

    id: str = Field(primary_key=True)
    workspace_id: str = Field(foreign_key="workspaces.id", ondelete="CASCADE")
    question_key: str
    label: str
    asked_at: datetime = Field(sa_type=UtcDateTime)
    closes_at: datetime = Field(sa_type=UtcDateTime)


class PulseScore(SQLModel, table=True):
    """One answer of a group, of nobody: no person, no time, a random id.

    `side` is a counterpart, or "bridges" for all bridges: the groups as they stood when it was asked, so that a later
    change of the sides shows nothing new about an old round. Whoever holds the token of which the hash stands here may
    change the score until the round closes.
    """

    __tablename__ = "pulse_scores"
    __table_args__ = unordered(Index("ix_pulse_scores_round", "round_id", "side", "score"))

    id: str = Field(primary_key=True)
    round_id: str = Field(foreign_key="pulse_rounds.id", ondelete="CASCADE")
    side: str
    score: int
    change_token_hash: str | None = None


class PulseAsked(SQLModel, table=True):
    """Who was asked, in which group (as in `PulseScore`), and whether they answered: never what, never when."""

    __tablename__ = "pulse_asked"
    __table_args__ = unordered(Index("ix_pulse_asked_member", "member_id"))

    round_id: str = Field(primary_key=True, foreign_key="pulse_rounds.id", ondelete="CASCADE")
    member_id: str = Field(primary_key=True, foreign_key="members.id")
    side: str
    answered: Answered = word(Answered, default=Answered.NO)

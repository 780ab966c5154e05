"""What both sides agreed, by whom, until when, and how it ended."""

from datetime import date
from enum import StrEnum

from sqlalchemy import ForeignKeyConstraint, Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from storage.types import unordered, word


class AgreementStatus(StrEnum):
    PROPOSED = "proposed"
    OPEN = "open"
    KEPT = "kept"
    PARTLY_KEPT = "partly_kept"
    NOT_KEPT = "not_kept"
    SUPERSEDED = "superseded"


class Agreement(SQLModel, table=True):
    """Scores of the evaluation run from -2 to +2, per side and for the effect on the objective."""

    __tablename__ = "agreements"
    __table_args__ = unordered(
        UniqueConstraint("workspace_id", "key"),
        ForeignKeyConstraint(["workspace_id", "tension_key"], ["tensions.workspace_id", "tensions.key"]),
        ForeignKeyConstraint(["workspace_id", "objective_key"], ["objectives.workspace_id", "objectives.key"]),
        Index("ix_agreements_due_on", "workspace_id", "status", "due_on"),
    )

    id: str = Field(primary_key=True)
    workspace_id: str = Field(foreign_key="workspaces.id", ondelete="CASCADE")
    key: str
    title: str
    text: str
    made_in: str | None = None
    made_on: date
    owner_id: str = Field(foreign_key="members.id")
    partner_id: str = Field(foreign_key="members.id")
    original_owner_id: str | None = Field(default=None, foreign_key="members.id")
    due_on: date
    status: AgreementStatus = word(AgreementStatus)
    closed_on: date | None = None
    tension_key: str | None = None
    objective_key: str | None = None
    measure: str = ""
    score_first: int | None = None
    score_second: int | None = None
    score_objective: int | None = None
    evaluation_note: str | None = None
    evaluated_on: date | None = None


class AgreementEntry(SQLModel, table=True):
    """The entries an agreement came from."""

    __tablename__ = "agreement_entries"
    __table_args__ = unordered()

    agreement_id: str = Field(primary_key=True, foreign_key="agreements.id", ondelete="CASCADE")
    entry_id: str = Field(primary_key=True, foreign_key="entries.id", ondelete="CASCADE")

"""An entry is one concrete example of where interests clashed or went well together."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from storage.types import UtcDateTime, unordered, word


class Kind(StrEnum):
    CLASH = "clash"
    WENT_WELL = "went_well"
    NOT_SO_WELL = "not_so_well"
    IMPROVE = "improve"


class Level(StrEnum):
    STRATEGIC = "strategic"
    IMPLEMENTATION = "implementation"
    DAY_TO_DAY = "day_to_day"


class Visibility(StrEnum):
    NAMED = "named"
    SIDE_ONLY = "side_only"


class EntryStatus(StrEnum):
    OPEN = "open"
    AGREED = "agreed"
    RESOLVED = "resolved"
    PARKED = "parked"
    ADOPTED = "adopted"


class Source(StrEnum):
    """How it came in. A side-only entry says nothing finer, and one that was told in a check-in says `capture`."""

    CAPTURE = "capture"
    CHECKIN = "checkin"
    RETRO = "retro"


COMPANY = "company"
"""Stands in place of a side under five: the entry reads "from the company"."""


def _only_where(column: str) -> dict[str, Any]:
    """Index only rows that have it."""
    condition = text(f"{column} IS NOT NULL")
    return {"sqlite_where": condition, "postgresql_where": condition}


class Entry(SQLModel, table=True):
    """One example.

    A side-only entry keeps no author, no moment and no link: only the *date*, the side, and what five or more of that
    side share. Who may change it holds a random token of which only the hash stands here.
    `ref` is the short random name people see (#k7m2). `withdrawn_on` set = removed, kept until it can no longer be put
    back; `hidden_reason` set = hidden by a facilitator.
    """

    __tablename__ = "entries"
    __table_args__ = unordered(
        UniqueConstraint("workspace_id", "ref"),
        CheckConstraint(
            "visibility = 'named' OR (author_id IS NULL AND created_at IS NULL AND permalink IS NULL)", name="side_only"
        ),
        CheckConstraint("visibility = 'side_only' OR created_at IS NOT NULL", name="named"),
        ForeignKeyConstraint(["workspace_id", "tension_key"], ["tensions.workspace_id", "tensions.key"]),
        ForeignKeyConstraint(["workspace_id", "objective_key"], ["objectives.workspace_id", "objectives.key"]),
        # Counting a cycle's kinds reads this index alone.
        Index(
            "ix_entries_created_on", "workspace_id", "created_on", "kind", "created_at", "withdrawn_on", "hidden_reason"
        ),
        Index("ix_entries_author", "workspace_id", "author_id", "created_on"),
        Index("ix_entries_tension", "workspace_id", "tension_key", "created_on"),
        Index("ix_entries_pair_id", "pair_id"),
        # What retention looks for and what hangs on it: a few rows among very many.
        Index("ix_entries_withdrawn_on", "workspace_id", "withdrawn_on", **_only_where("withdrawn_on")),
        Index("ix_entries_hidden_on", "workspace_id", "hidden_on", **_only_where("hidden_reason")),
        Index("ix_entries_recurrence_of", "recurrence_of", **_only_where("recurrence_of")),
        Index("ix_entries_named_on", "workspace_id", "created_on", **_only_where("author_id")),
    )

    id: str = Field(primary_key=True)
    workspace_id: str = Field(foreign_key="workspaces.id", ondelete="CASCADE")
    ref: str
    kind: Kind = word(Kind)
    visibility: Visibility = word(Visibility)
    side: str
    author_id: str | None = Field(default=None, foreign_key="members.id")
    created_on: date
    created_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    source: Source = word(Source, default=Source.CAPTURE)
    language: str | None = None
    title: str | None = None
    what_happened: str
    own_interest: str | None = None
    other_interest: str | None = None
    effect: str | None = None
    effect_type: str | None = None
    effect_eur: int | None = None
    lesson: str | None = None
    level: Level | None = word(Level, default=None, nullable=True)
    tension_key: str | None = None
    objective_key: str | None = None
    plant: str | None = None
    product_family: str | None = None
    customer: str | None = None
    status: EntryStatus = word(EntryStatus, default=EntryStatus.OPEN)
    resolved_on: date | None = None
    pair_id: str | None = None
    recurrence_of: str | None = Field(default=None, foreign_key="entries.id", ondelete="SET NULL")
    permalink: str | None = None
    change_token_hash: str | None = None
    withdrawn_on: date | None = None
    hidden_on: date | None = None
    hidden_reason: str | None = None
    shared_channel_id: str | None = None
    shared_message_id: str | None = None


class AskState(StrEnum):
    OPEN = "open"
    TAKEN = "taken"
    ANSWERED = "answered"
    REFUSED = "refused"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"


class Ask(SQLModel, table=True):
    """One question to the other side about an entry: to a person (`asked_id`) or to anyone of `asked_side`.

    `about` says in the asker's words which event it is, where the entry's own words are not shown.

    An answer to an ask is always named: the ask knows whom it reached.
    """

    __tablename__ = "asks"
    __table_args__ = unordered(
        UniqueConstraint("entry_id"), Index("ix_asks_asked", "workspace_id", "asked_id", "state")
    )

    id: str = Field(primary_key=True)
    workspace_id: str = Field(foreign_key="workspaces.id", ondelete="CASCADE")
    entry_id: str = Field(foreign_key="entries.id", ondelete="CASCADE")
    asked_id: str | None = Field(default=None, foreign_key="members.id")
    asked_side: str | None = None
    show_words: bool
    about: str | None = None
    state: AskState = word(AskState, default=AskState.OPEN)
    until: date

"""The days people work: absences, sites with their own zone and holidays, and what is said to somebody on one day."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKeyConstraint, Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from storage.types import UtcDateTime, unordered, word


class Absence(SQLModel, table=True):
    """Somebody is away, both days included. It ends by itself."""

    __tablename__ = "absences"
    __table_args__ = unordered(
        Index("ix_absences_member", "member_id", "last_day"), CheckConstraint("first_day <= last_day", name="days")
    )

    id: str = Field(primary_key=True)
    workspace_id: str = Field(foreign_key="workspaces.id", ondelete="CASCADE")
    member_id: str = Field(foreign_key="members.id", ondelete="CASCADE")
    first_day: date
    last_day: date


class Site(SQLModel, table=True):
    """A plant or office (`key` is what stands in `Member.plant`) whose zone or country is not the company's; None =
    the company's."""

    __tablename__ = "sites"
    __table_args__ = unordered()

    workspace_id: str = Field(primary_key=True, foreign_key="workspaces.id", ondelete="CASCADE")
    key: str = Field(primary_key=True)
    timezone: str | None = None
    country: str | None = None


class SiteHoliday(SQLModel, table=True):
    """A day off of one site beside the company's; `is_working` = a day off elsewhere that is worked here."""

    __tablename__ = "site_holidays"
    __table_args__ = unordered(
        ForeignKeyConstraint(["workspace_id", "site"], ["sites.workspace_id", "sites.key"], ondelete="CASCADE")
    )

    workspace_id: str = Field(primary_key=True)
    site: str = Field(primary_key=True)
    day: date = Field(primary_key=True)
    name: str
    is_working: bool = False


class ItemKind(StrEnum):
    CHECKIN = "checkin"
    NUDGE = "nudge"
    ASK = "ask"
    BRIEF = "brief"
    APPOINTED = "appointed"


class PrivateItem(SQLModel, table=True):
    """Something that was, or is to be, said to a person unasked. All of one local `day` stands in one message, in the
    order of `position`; `outbox_id` is the row that brought it there. Without a day it waits until `tell_at`.

    `line` is what stands for it beside others, `message` the whole of it while it waits (both as `bot.domain.chat_json`
    writes them). `is_open` = nobody acted upon it yet: only then may its message be written anew.
    """

    __tablename__ = "private_items"
    __table_args__ = unordered(
        UniqueConstraint("member_id", "day", "position"),
        Index("ix_private_items_day", "workspace_id", "day"),
        Index("ix_private_items_subject", "subject_id", "kind"),
        Index("ix_private_items_outbox_id", "outbox_id"),
    )

    id: str = Field(primary_key=True)
    workspace_id: str = Field(foreign_key="workspaces.id", ondelete="CASCADE")
    member_id: str = Field(foreign_key="members.id", ondelete="CASCADE")
    kind: ItemKind = word(ItemKind)
    subject_id: str
    key: str = Field(unique=True)
    topic: str | None = None
    day: date | None = None
    position: int | None = None
    tell_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    outbox_id: str | None = Field(default=None, foreign_key="outbox.id", ondelete="SET NULL")
    line: dict[str, Any] = Field(sa_type=JSON)
    message: dict[str, Any] | None = Field(default=None, sa_type=JSON)
    helps_until: datetime | None = Field(default=None, sa_type=UtcDateTime)
    is_open: bool = True

"""A member is a person on one side."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import ForeignKeyConstraint, Index, UniqueConstraint, false
from sqlmodel import Field, SQLModel

from storage.types import UtcDateTime, unordered, word


class Role(StrEnum):
    MEMBER = "member"
    FACILITATOR = "facilitator"
    ADMIN = "admin"


class ZoneFrom(StrEnum):
    """Whose time zone a member lives by: where they have none of their own that of their site, else the company's."""

    OWN = "own"
    SITE = "site"
    WORKSPACE = "workspace"


class Member(SQLModel, table=True):
    """`external_id` is the platform's id of the person.

    `sealed_default` holds, encrypted for everybody alike, whether the member's examples are side-only unless they say
    otherwise: in the open it would point at the likely author of a side-only entry.
    `undisturbed` = no private message goes to them that they did not ask for.
    Somebody who was erased has no `name`, and a random `external_id`: the row keeps figures of past days as they were.
    `working_days` are the days of the week they work, "1234" = Monday to Thursday; None = those of their country.
    `platform_timezone` is the zone the platform told last: while it is the member's own, it follows what comes next.
    `ended_by_platform` = the last day is there because the account was closed, and goes when it is open again.
    """

    __tablename__ = "members"
    __table_args__ = unordered(
        UniqueConstraint("workspace_id", "external_id"),
        ForeignKeyConstraint(["workspace_id", "side"], ["sides.workspace_id", "sides.key"]),
        Index("ix_members_side", "workspace_id", "side"),
    )

    id: str = Field(primary_key=True)
    workspace_id: str = Field(foreign_key="workspaces.id", ondelete="CASCADE")
    external_id: str
    name: str
    side: str
    role: Role = word(Role, default=Role.MEMBER)
    timezone: str = "Europe/Amsterdam"
    timezone_from: ZoneFrom = word(ZoneFrom, default=ZoneFrom.OWN, sa_column_kwargs={"server_default": "own"})
    working_days: str | None = None
    platform_timezone: str | None = None
    language: str = "en"
    plant: str | None = None
    active_from: date
    active_to: date | None = None
    ended_by_platform: bool = Field(default=False, sa_column_kwargs={"server_default": false()})
    sealed_default: str = ""
    undisturbed: bool = Field(default=False, sa_column_kwargs={"server_default": false()})


class Appointment(SQLModel, table=True):
    """Somebody who is no member yet (`external_id`, the platform's id) and gets that role with their first contact."""

    __tablename__ = "appointments"
    __table_args__ = unordered()

    workspace_id: str = Field(primary_key=True, foreign_key="workspaces.id", ondelete="CASCADE")
    external_id: str = Field(primary_key=True)
    role: Role = word(Role)


class Draft(SQLModel, table=True):
    """What somebody unknown typed, kept until they have said on which side they are; never a side-only text."""

    __tablename__ = "drafts"
    __table_args__ = unordered(
        Index("ix_drafts_external_id", "workspace_id", "external_id"), Index("ix_drafts_expires_at", "expires_at")
    )

    id: str = Field(primary_key=True)
    workspace_id: str = Field(foreign_key="workspaces.id", ondelete="CASCADE")
    external_id: str
    command: str
    text: str
    permalink: str | None = None
    expires_at: datetime = Field(sa_type=UtcDateTime)

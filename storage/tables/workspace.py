"""A workspace is one installed Slack workspace or Teams tenant; a side is a group with an interest of its own."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel

from storage.types import UtcDateTime, unordered, word


class Platform(StrEnum):
    SLACK = "slack"
    TEAMS = "teams"


class SideKind(StrEnum):
    COUNTERPART = "counterpart"
    BRIDGE = "bridge"


class Workspace(SQLModel, table=True):
    """`channel_id` and `help_channel_id` are the platform's own ids: names change, ids do not."""

    __tablename__ = "workspaces"
    __table_args__ = unordered(UniqueConstraint("platform", "external_id"))

    id: str = Field(primary_key=True)
    platform: Platform = word(Platform)
    external_id: str
    name: str
    language: str = "en"
    timezone: str = "Europe/Amsterdam"
    country: str = "NL"
    channel_id: str | None = None
    channel_name: str | None = None
    help_channel_id: str | None = None
    help_channel_name: str | None = None
    created_at: datetime = Field(sa_type=UtcDateTime)


class Side(SQLModel, table=True):
    """`key` is the stable word ("sales"), `name` what the company calls it."""

    __tablename__ = "sides"
    __table_args__ = unordered()

    workspace_id: str = Field(primary_key=True, foreign_key="workspaces.id", ondelete="CASCADE")
    key: str = Field(primary_key=True)
    name: str
    kind: SideKind = word(SideKind)
    position: int = 0

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


class SetupQuestion(StrEnum):
    """In the order in which they are asked."""

    SIDES = "sides"
    CHANNELS = "channels"
    PLACE = "place"
    FACILITATORS = "facilitators"
    MEETING = "meeting"


class Workspace(SQLModel, table=True):
    """`channel_id` and `help_channel_id` are the platform's own ids: names change, ids do not.

    `connected_at` is when a process last proved its token; `disconnected_at` when the platform told that the app was
    taken away: since then nothing is sent or answered, and everything is kept until retention.
    """

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
    connected_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    disconnected_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class Side(SQLModel, table=True):
    """`key` is the stable word ("sales"), `name` what the company calls it."""

    __tablename__ = "sides"
    __table_args__ = unordered()

    workspace_id: str = Field(primary_key=True, foreign_key="workspaces.id", ondelete="CASCADE")
    key: str = Field(primary_key=True)
    name: str
    kind: SideKind = word(SideKind)
    position: int = 0


class SetupAnswer(SQLModel, table=True):
    """A question of the set-up that somebody has answered; the answer itself stands where it belongs."""

    __tablename__ = "setup_answers"
    __table_args__ = unordered()

    workspace_id: str = Field(primary_key=True, foreign_key="workspaces.id", ondelete="CASCADE")
    question: SetupQuestion = word(SetupQuestion, primary_key=True)

"""What the company wants, in its own words and in those of each side."""

from datetime import date

from sqlalchemy import CheckConstraint
from sqlmodel import Field, SQLModel

from storage.types import unordered


class Objective(SQLModel, table=True):
    """`direction` is "up" or "down"; `indicator` is the short word for its measure ("OTIF"); values are in `unit`."""

    __tablename__ = "objectives"
    __table_args__ = unordered(CheckConstraint("direction IN ('up', 'down')", name="direction"))

    workspace_id: str = Field(primary_key=True, foreign_key="workspaces.id", ondelete="CASCADE")
    key: str = Field(primary_key=True)
    name: str
    name_nl: str
    indicator: str
    indicator_nl: str
    measure: str
    unit: str
    direction: str
    baseline: float
    target: float
    target_date: date
    position: int = 0


class ObjectiveTranslation(SQLModel, table=True):
    """The same objective in a side's own words."""

    __tablename__ = "objective_translations"
    __table_args__ = unordered()

    workspace_id: str = Field(primary_key=True, foreign_key="workspaces.id", ondelete="CASCADE")
    objective_key: str = Field(primary_key=True)
    side: str = Field(primary_key=True)
    text: str


class ObjectiveActual(SQLModel, table=True):
    """The value of a month; `month` is its first day."""

    __tablename__ = "objective_actuals"
    __table_args__ = unordered()

    workspace_id: str = Field(primary_key=True, foreign_key="workspaces.id", ondelete="CASCADE")
    objective_key: str = Field(primary_key=True)
    month: date = Field(primary_key=True)
    value: float

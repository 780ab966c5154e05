"""A pair of diverging interests, with the interest both share."""

from sqlmodel import Field, SQLModel

from storage.types import unordered


class Tension(SQLModel, table=True):
    """`first_interest` and `second_interest` belong to the first and second counterpart of the workspace."""

    __tablename__ = "tensions"
    __table_args__ = unordered()

    workspace_id: str = Field(primary_key=True, foreign_key="workspaces.id", ondelete="CASCADE")
    key: str = Field(primary_key=True)
    name: str
    name_nl: str
    first_interest: str
    second_interest: str
    shared_interest: str
    metrics: str = ""
    source: str = ""
    position: int = 0

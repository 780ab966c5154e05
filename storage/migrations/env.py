"""What Alembic runs: on the connection it is given, in the transaction of `storage.migrate`."""

from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext
from sqlalchemy import DateTime, DefaultClause, False_, String, True_
from sqlmodel import SQLModel
from sqlmodel.sql.sqltypes import AutoString

import storage.tables  # noqa: F401  so that the metadata is whole
from storage.types import UtcDateTime


def render(kind: str, item: Any, autogen_context: AutogenContext) -> str | Literal[False]:  # noqa: ARG001
    """A migration holds plain column types: it must say the same when our own have long changed."""
    if kind == "type" and isinstance(item, UtcDateTime):
        return f"sa.{DateTime(timezone=True)!r}"
    if kind == "type" and isinstance(item, AutoString):
        return f"sa.{String(item.length)!r}"
    if kind == "server_default" and isinstance(item, DefaultClause) and isinstance(item.arg, False_ | True_):
        return f"sa.{item.arg}()"  # each database spells these its own way
    return False


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=SQLModel.metadata,
    render_item=render,
    render_as_batch=True,  # SQLite changes a column by copying the table
    transactional_ddl=False,  # our transaction is around it, on SQLite too
    compare_type=True,
)
context.run_migrations()

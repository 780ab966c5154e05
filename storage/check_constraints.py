"""What Alembic's autogenerate does not see: a CHECK whose words have changed, as when an enum gains one.

Revisions are written on SQLite, which gives back a CHECK as it was written: so the texts are compared there.
"""

from alembic.autogenerate import comparators
from alembic.autogenerate.api import AutogenContext
from alembic.operations import ops
from alembic.util import PriorityDispatchResult
from sqlalchemy import CheckConstraint, MetaData, Table
from sqlalchemy.dialects import sqlite
from sqlalchemy.schema import conv

DDL = sqlite.dialect().ddl_compiler(sqlite.dialect(), None)  # type: ignore[arg-type]


@comparators.dispatch_for("table")
def compare_checks(
    context: AutogenContext,
    changes: ops.ModifyTableOps,
    _schema: str | None,
    table_name: str,
    kept: Table | None,
    meant: Table | None,
) -> PriorityDispatchResult:
    """Drop a CHECK that is no longer meant so, add one that is not kept so; a changed one is both."""
    if kept is not None and meant is not None and context.dialect is not None and context.dialect.name == "sqlite":
        before = {str(check["name"]): check["sqltext"] for check in context.inspector.get_check_constraints(table_name)}
        checks = [check for check in meant.constraints if isinstance(check, CheckConstraint)]
        after = {_name(check): _text(check) for check in checks}
        new = {_name(check) for check in checks if _comes_with_its_column(check, kept)}
        gone = [name for name, text in before.items() if after.get(name) != text]
        added = [name for name, text in after.items() if before.get(name) != text and name not in new]
        changes.ops += [ops.DropConstraintOp.from_constraint(_check(table_name, name, before[name])) for name in gone]
        changes.ops += [ops.AddConstraintOp.from_constraint(_check(table_name, name, after[name])) for name in added]
    return PriorityDispatchResult.CONTINUE


def _comes_with_its_column(check: CheckConstraint, kept: Table) -> bool:
    """That of a new column of words: adding the column adds it."""
    is_of_words = check._type_bound  # noqa: SLF001  nothing else tells
    return is_of_words and any(column.name not in kept.c for column in check.columns)


def _check(table_name: str, name: str, text: str) -> CheckConstraint:
    return CheckConstraint(text, name=conv(name), table=Table(table_name, MetaData()))


def _name(check: CheckConstraint) -> str:
    return str(DDL.preparer.format_constraint(check))


def _text(check: CheckConstraint) -> str:
    return DDL.sql_compiler.process(check.sqltext, include_table=False, literal_binds=True)

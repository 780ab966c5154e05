"""Column types that every table shares."""

from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import DateTime, Dialect, Enum
from sqlalchemy.types import TypeDecorator
from sqlmodel import Field, SQLModel

# Every constraint has a name, so that a later migration can change it on both databases.
SQLModel.metadata.naming_convention = {
    "pk": "pk_%(table_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
}


def check_aware(moment: datetime) -> datetime:
    """The moment in UTC; a naive one is refused, because nobody knows when it is."""
    if moment.tzinfo is None:
        message = f"A moment needs a time zone: {moment.isoformat()}"
        raise ValueError(message)
    return moment.astimezone(UTC)


class UtcDateTime(TypeDecorator[datetime]):
    """An aware moment in UTC. SQLite forgets the zone, so it is taken off on the way in and put back on the way out."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        utc = check_aware(value)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def word(kind: type[StrEnum], **options: Any) -> Any:
    """A column that holds one of the words of `kind`, as text with a CHECK: native enums cannot be changed later."""
    column_type = Enum(
        kind,
        native_enum=False,
        create_constraint=True,
        length=24,
        values_callable=lambda words: [str(member) for member in words],
        name=kind.__name__.lower(),
    )
    return Field(sa_type=column_type, **options)


def unordered(*constraints: Any) -> tuple[Any, ...]:
    """Table arguments for rows without a hidden running number.

    An ordinary SQLite table keeps a rowid that tells in which order rows were written, and so, beside a table of named
    rows, who wrote a side-only one. WITHOUT ROWID sorts them by their random key instead.
    """
    return (*constraints, {"sqlite_with_rowid": False})

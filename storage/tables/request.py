"""Keys of requests that were already done, so that a repeated delivery has one effect."""

from datetime import datetime

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from storage.types import UtcDateTime, unordered


class RequestKey(SQLModel, table=True):
    """`key` is an HMAC of the platform's own request id: it leads to no person and no entry. Purged when expired."""

    __tablename__ = "request_keys"
    __table_args__ = unordered(Index("ix_request_keys_expires_at", "expires_at"))

    key: str = Field(primary_key=True)
    expires_at: datetime = Field(sa_type=UtcDateTime)

"""The queries of request keys, and of the drafts that expire beside them."""

from datetime import datetime

from sqlalchemy import delete
from sqlmodel import Session, col

from storage.database import insert_once, rows_changed
from storage.tables import Draft, RequestKey


def add(session: Session, key: RequestKey) -> bool:
    """Whether the key is new."""
    return insert_once(session, key, unique=["key"])


def delete_expired(session: Session, now: datetime) -> int:
    keys = rows_changed(session, delete(RequestKey).where(col(RequestKey.expires_at) <= now))
    return keys + rows_changed(session, delete(Draft).where(col(Draft.expires_at) <= now))

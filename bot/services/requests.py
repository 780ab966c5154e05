"""One effect per request, however often the platform delivers it."""

from collections.abc import Callable
from datetime import timedelta
from typing import TypeVar

from sqlmodel import Session

from bot.domain.errors import DuplicateRequest
from bot.services.access import Sender
from bot.services.context import Context
from storage import requests
from storage.tables import RequestKey

Done = TypeVar("Done")

REMEMBERED = timedelta(minutes=10)


def claim_request(session: Session, context: Context, request_id: str) -> None:
    """Do this request now, in this transaction. Raises `DuplicateRequest` when it was done before.

    `request_id` is the platform's own (trigger id, event id). Only its HMAC is kept, and for about ten minutes: its
    expiry is rounded up to the minute, so that the row does not tell the moment.
    """
    within_the_minute = context.now + REMEMBERED + timedelta(seconds=59, microseconds=999_999)
    forgotten_at = within_the_minute.replace(second=0, microsecond=0)
    key = RequestKey(key=context.secrets.request_key(request_id), expires_at=forgotten_at)
    if not requests.add(session, key):
        raise DuplicateRequest


def press_once(
    session: Session,
    context: Context,
    sender: Sender,
    request_id: str,
    use_case: Callable[[Session, Context, Sender, str], Done],
    value: str,
) -> Done:
    """Do what a button says, once per press: one that is delivered again must not undo what came after it."""
    claim_request(session, context, request_id)
    return use_case(session, context, sender, value)


def purge(session: Session, context: Context) -> int:
    """Forget request keys and drafts whose time is over; how many."""
    return requests.delete_expired(session, context.now)

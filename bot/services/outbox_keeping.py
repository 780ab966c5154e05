"""How long the outbox is kept."""

from datetime import timedelta

from sqlmodel import Session

from bot.services.context import Context
from storage import outbox

KEEP_FAILED_TEXTS = timedelta(days=7)
KEEP_ROWS = timedelta(days=90)
"""Longer than any meeting is planned ahead of what is said about it; posts in a channel are kept for good."""

FORGET_AT_ONCE = 1000  # rows: a purge holds up nobody


def purge(session: Session, context: Context) -> int:
    """Forget what has had its time; how many rows.

    The texts of failed messages that nobody posted again for a week (a sent one lost its text at once), and after 90
    days the rows themselves, but for posts in a channel: something may become of what they are about, years later.
    """
    forgotten = outbox.forget_failed_texts(session, context.now - KEEP_FAILED_TEXTS)
    return forgotten + outbox.forget_old_rows(session, context.now - KEEP_ROWS, FORGET_AT_ONCE)

"""What did not reach its person: it is told on another day while that helps, or given up."""

from collections.abc import Callable
from datetime import timedelta
from typing import Final, TypeAlias

from sqlmodel import Session

from bot.domain.chat import Message
from bot.domain.chat_json import from_json
from bot.services.context import Context
from bot.services.messages.private_items import alone, line_from_json
from bot.services.outbox import EXPIRED, PERHAPS_SENT
from bot.services.unasked.days import day_of, is_in_hours
from bot.services.unasked.telling import Item, Telling, wait
from storage.private_items import forget_marks, hold_unsent
from storage.tables import ItemKind, Member, Outgoing, PrivateItem, Workspace

Undelivered: TypeAlias = Callable[[Session, Context, PrivateItem, bool], None]
"""Hears of an item that did not reach its person and is not told again; the last argument: nor can anything else (their
account is closed, the platform refuses it). A question of a check-in it may ask anew, at its own time.
"""

BATCH: Final = 240
IN_TIME: Final = frozenset({EXPIRED, "parent_failed", "taken_back"})
"""Why a row failed, where another may well arrive."""

ONE_DAY: Final = timedelta(days=1)


def return_unsent(session: Session, context: Context, undelivered: Undelivered) -> int:
    """Deal with what stands in rows that failed; how many items (call again until 0)."""
    unsent = hold_unsent(session, PERHAPS_SENT, BATCH)
    for item, row in unsent:
        _return(session, context, item, row, undelivered)
    return len(unsent)


def give_up(session: Session, context: Context, item: PrivateItem, undelivered: Undelivered, *, for_good: bool) -> None:
    """It is never said."""
    session.delete(item)
    session.flush()
    undelivered(session, context, item, for_good)


def as_item(item: PrivateItem, message: Message | None) -> Item:
    """It again, to be told on another day; without the whole of it, its line says enough."""
    line = line_from_json(item.line)
    return Item(
        kind=item.kind,
        subject_id=item.subject_id,
        key=item.key,
        message=message or alone(line),
        line=line,
        topic=item.topic,
        helps_until=item.helps_until,
    )


def purge(session: Session, context: Context) -> int:
    """Forget on which days of the past something was said of which nothing else is known. How many."""
    return forget_marks(session, (context.now - ONE_DAY).date())


def _return(session: Session, context: Context, item: PrivateItem, row: Outgoing, undelivered: Undelivered) -> None:
    """Tell it again, unless it was acted upon elsewhere, or nothing arrives there. A check-in has its own times."""
    for_good = row.error not in IN_TIME and row.replaces is None
    session.delete(item)
    session.flush()
    if not item.is_open:
        return
    if for_good or item.kind is ItemKind.CHECKIN or not _wait_again(session, context, item, row):
        undelivered(session, context, item, for_good)


def _wait_again(session: Session, context: Context, item: PrivateItem, row: Outgoing) -> bool:
    member = session.get_one(Member, item.member_id)
    workspace = session.get_one(Workspace, item.workspace_id)
    whole = row.message if item.position == 0 else None
    again = as_item(item, from_json(whole) if whole else None)
    is_new_day = item.day is not None and item.day < day_of(member, context.now)
    at_once = is_new_day and is_in_hours(session, workspace, member, context.now)
    return wait(session, context, workspace, Telling(member, again, item.key), context.now if at_once else None)

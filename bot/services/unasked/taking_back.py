"""What was to be said is not said after all, and who was told something is forgotten."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from sqlmodel import Session

from bot.domain.chat_json import to_json
from bot.services.context import Context
from bot.services.messages.private_items import line_from_json, listing
from bot.services.outbox import PERHAPS_SENT
from bot.templates import speaker
from storage import outbox
from storage.private_items import carry_over, find_item, forget_said, hold_message, list_shared_rows
from storage.tables import ItemKind, Member, OutboxState, Outgoing, PrivateItem

ONE_DAY: Final = timedelta(days=1)


def take_back(session: Session, key: str) -> bool:
    """Let what has not reached the person not leave: it loses its line, or its message is not sent.

    False when there is nothing with that key, or it may have left: if it has not, it is not tried again.
    """
    item = find_item(session, key)
    if item is None:
        return False
    row = outbox.get(session, item.outbox_id) if item.outbox_id else None
    if item.day and not _has_not_left(row):
        outbox.try_no_more(session, item.outbox_id)
        return False
    others = [one for one in _message_of(session, item) if one.id != item.id]
    session.delete(item)
    session.flush()
    if row and row.state == OutboxState.PENDING:
        _take_out(session, item, row, others)
    return True


def forget(session: Session, context: Context, workspace_id: str, kind: ItemKind, subject_id: str, topic: str) -> None:
    """Nothing tells any more to whom that was said; of the last days only that something was said to somebody."""
    shared = list_shared_rows(session, workspace_id, topic)
    outbox.blank_rows(session, shared)
    outbox.forget_rows(session, workspace_id, topic)
    forget_said(session, workspace_id, kind, subject_id, (context.now - ONE_DAY).date())


def _has_not_left(row: Outgoing | None) -> bool:
    if row is None:
        return False
    failed = row.state == OutboxState.FAILED and row.error != PERHAPS_SENT
    return failed or (row.state == OutboxState.PENDING and not row.ambiguous)


def _message_of(session: Session, item: PrivateItem) -> Sequence[PrivateItem]:
    return hold_message(session, item.member_id, item.day) if item.day else []


def _take_out(session: Session, item: PrivateItem, row: Outgoing, others: Sequence[PrivateItem]) -> None:
    """What comes with it, or after it, still comes: with the same row; else nothing does."""
    is_first = row.replaces is None
    if not any(is_first or one.outbox_id == row.id for one in others):
        outbox.take_back(session, row.key)
        return
    member = session.get_one(Member, item.member_id)
    assert item.day is not None
    lines = [line_from_json(one.line) for one in others]
    message = listing(speaker(member.language, member.timezone), item.day, lines)
    outbox.rewrite(session, row.id, to_json(message))
    if is_first:
        outbox.supersede(session, row.id)
        carry_over(session, item, row.id, row.id)

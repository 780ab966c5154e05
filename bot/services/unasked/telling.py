"""Something is said to a person: as the message of their day, as one more line of it, or on their next working day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from sqlmodel import Session

from bot.domain.chat import Message, Text
from bot.domain.chat_json import to_json
from bot.services.context import Context
from bot.services.messages.private_items import line_from_json, line_to_json, listing
from bot.services.outbox import Parcel, enqueue, enqueue_all
from bot.services.scheduling import plan_by
from bot.services.unasked.days import day_of, end_of_day, next_morning
from bot.templates import speaker
from storage import outbox
from storage.private_items import add_items, bring, carry_over, hold_message, known_keys, list_said
from storage.tables import ItemKind, Member, OutboxState, Outgoing, PrivateItem, ScheduleKind, Workspace

ROUND: Final = frozenset({ItemKind.CHECKIN, ItemKind.NUDGE})
"""A question and its reminder: who answered the one answered the other. Their answers hold a token, so that those of
two rounds never stand in one message.
"""


@dataclass(frozen=True, slots=True)
class Item:
    """Something to say to a person unasked, once (`key`).

    It is said as `message`, or beside other things of the same day as `line`, whose button must never change the
    message it stands in. Both leave before `expires_at`, and not before `not_before`. From `helps_until` on it is not
    worth saying any more; None = it always is. `topic` is that of its row in the outbox.
    """

    kind: ItemKind
    subject_id: str
    key: str
    message: Message
    line: Text
    topic: str | None = None
    helps_until: datetime | None = None
    expires_at: datetime | None = None
    not_before: datetime | None = None


@dataclass(frozen=True, slots=True)
class Telling:
    """An item for a member, and the key of the row in the outbox that brings it on that day."""

    member: Member
    item: Item
    row_key: str


def tell(session: Session, context: Context, workspace: Workspace, member: Member, item: Item) -> bool:
    """Say it once. False when there is no day left on which it could be said and would help."""
    return not tell_all(session, context, workspace, [(member, item)])


def tell_all(
    session: Session, context: Context, workspace: Workspace, items: Sequence[tuple[Member, Item]]
) -> Sequence[tuple[Member, Item]]:
    """Say each once, with a few queries for all to whom nothing was said that day; those that can be said no more.

    Whether the members may be spoken to (undisturbed, left, their hours) is the caller's.
    """
    known = known_keys(session, [item.key for _, item in items])
    tellings = [Telling(member, item, item.key) for member, item in items if item.key not in known]
    refused = say(session, context, workspace, tellings)
    return [(telling.member, telling.item) for telling in refused]


def say(session: Session, context: Context, workspace: Workspace, tellings: Sequence[Telling]) -> Sequence[Telling]:
    """Those that can be said no more. Two processes wait for each other's members in the same order."""
    ahead: list[Telling] = []
    due: list[Telling] = []
    for one in sorted(tellings, key=lambda one: one.member.id):
        (ahead if one.item.not_before and one.item.not_before > context.now else due).append(one)
    first, later = _by_their_day(session, context, due)
    later += _begin(session, context, workspace, first)
    refused = [one for one in later if not _add(session, context, workspace, one)]
    return refused + [one for one in ahead if not wait(session, context, workspace, one, one.item.not_before)]


def wait(session: Session, context: Context, workspace: Workspace, one: Telling, until: datetime | None = None) -> bool:
    """Keep it until then, or until the next morning they work; False when it would not help any more."""
    item, member = one.item, one.member
    tell_at = until or next_morning(session, workspace, member, context.now)
    if tell_at is None or (item.helps_until and tell_at >= item.helps_until):
        return False
    kept = _row(context, workspace, one)
    kept.tell_at, kept.message = tell_at, to_json(item.message)
    add_items(session, [kept])
    plan_by(session, context, workspace.id, ScheduleKind.PRIVATE_ITEM, member.id, tell_at)
    return True


def lines_of(items: Sequence[PrivateItem], now: datetime) -> Sequence[Text]:
    """The lines of what still helps."""
    return [line_from_json(item.line) for item in items if item.helps_until is None or item.helps_until > now]


def _by_their_day(session: Session, context: Context, due: Sequence[Telling]) -> tuple[list[Telling], list[Telling]]:
    """Those that are the first of their member's day, and the others."""
    days = {one.member.id: day_of(one.member, context.now) for one in due}
    said = {item.member_id for item in list_said(session, days)}
    first: list[Telling] = []
    later: list[Telling] = []
    for one in due:
        (later if one.member.id in said else first).append(one)
        said.add(one.member.id)
    return first, later


def _begin(session: Session, context: Context, workspace: Workspace, tellings: Sequence[Telling]) -> Sequence[Telling]:
    """Each is the message of that person's day. Those whose day has one by now; what was sent before is left out."""
    parcels = [
        Parcel(one.row_key, one.member.external_id, one.item.message, one.item.topic, _expires_at(context, one))
        for one in tellings
    ]
    ids = enqueue_all(session, context, workspace.id, parcels)
    begun = [one for one in tellings if one.row_key in ids]
    rows = [_row(context, workspace, one, day_of(one.member, context.now), 0, ids[one.row_key]) for one in begun]
    new = add_items(session, rows)
    lost = [(one, row) for one, row in zip(begun, rows, strict=True) if row.id not in new]
    if lost:
        outbox.delete_rows(session, [ids[one.row_key] for one, _ in lost])
    return [one for one, _ in lost]


def _add(session: Session, context: Context, workspace: Workspace, one: Telling) -> bool:
    """Let it join what was said that day, or wait."""
    today = hold_message(session, one.member.id, day_of(one.member, context.now))
    if any(_is_reminder_of(one.item, other) for other in today):
        return True
    root = _changeable(session, today)
    if root is None or any(_is_of_another_round(one.item, other) for other in today):
        return wait(session, context, workspace, one)
    if _join(session, context, workspace, one, today, root) or known_keys(session, [one.item.key]):
        return True
    return _add(session, context, workspace, one)


def _is_reminder_of(item: Item, other: PrivateItem) -> bool:
    """The question of that day is reminder enough."""
    return item.kind is ItemKind.NUDGE and other.kind in ROUND and item.subject_id == other.subject_id


def _is_of_another_round(item: Item, other: PrivateItem) -> bool:
    return item.kind in ROUND and other.kind in ROUND and item.subject_id != other.subject_id


def _changeable(session: Session, today: Sequence[PrivateItem]) -> Outgoing | None:
    """The row whose message may be written anew: nobody acted upon anything in it, so no answer stands in it."""
    ids = [item.outbox_id for item in today]
    if not today or None in ids or not all(item.is_open for item in today):
        return None
    row = outbox.get(session, ids[0] or "")
    root = outbox.get(session, row.replaces) if row and row.replaces else row
    return None if root is None or root.state == OutboxState.FAILED else root


def _join(
    session: Session,
    context: Context,
    workspace: Workspace,
    one: Telling,
    today: Sequence[PrivateItem],
    root: Outgoing,
) -> bool:
    """Write the message anew with one more line; False when somebody else did so at the same moment."""
    day, member = day_of(one.member, context.now), one.member
    joined = _row(context, workspace, one, day, (today[-1].position or 0) + 1)
    if not add_items(session, [joined]):
        return False
    lines = [*lines_of(today, context.now), one.item.line]
    alone = len(lines) == 1
    row_id = enqueue(
        session,
        context,
        workspace_id=workspace.id,
        key=one.row_key,
        topic=one.item.topic,
        target_id=member.external_id,
        message=one.item.message if alone else listing(speaker(member.language, member.timezone), day, lines),
        replaces=root.id,
        expires_at=min([_expires_at(context, one), *_unsent_until(session, today)]),
    )
    carry_over(session, joined, root.id, row_id)
    bring(session, joined.id, row_id)
    return True


def _unsent_until(session: Session, today: Sequence[PrivateItem]) -> Sequence[datetime]:
    """Until when those that are still to come into the message have to leave."""
    rows = (outbox.get(session, item.outbox_id) for item in today if item.outbox_id)
    return [
        row.expires_at for row in rows if row and row.replaces and row.expires_at and row.state == OutboxState.PENDING
    ]


def _expires_at(context: Context, one: Telling) -> datetime:
    """The message of a day leaves on that day, or not at all."""
    midnight = end_of_day(one.member, context.now)
    return min(one.item.expires_at, midnight) if one.item.expires_at else midnight


def _row(
    context: Context,
    workspace: Workspace,
    one: Telling,
    day: date | None = None,
    position: int | None = None,
    outbox_id: str | None = None,
) -> PrivateItem:
    return PrivateItem(
        id=context.new_id(),
        workspace_id=workspace.id,
        member_id=one.member.id,
        kind=one.item.kind,
        subject_id=one.item.subject_id,
        key=one.item.key,
        topic=one.item.topic,
        day=day,
        position=position,
        outbox_id=outbox_id,
        line=line_to_json(one.item.line),
        helps_until=one.item.helps_until,
    )

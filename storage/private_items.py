"""The queries of what is said to people unasked. Who changes what stands in a message holds its items."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime

from sqlalchemy import ColumnElement, and_, delete, exists, null, or_, update
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from storage.database import columns_of, dialect_insert, rows_changed
from storage.tables import ItemKind, OutboxState, Outgoing, PrivateItem


def add_items(session: Session, items: Sequence[PrivateItem]) -> Collection[str]:
    """The ids of those that are new: whose key was not there, and whose place in their day was free.

    Who races for the same place waits for the other's transaction, and then knows.
    """
    if not items:
        return ()
    session.flush()
    insert = dialect_insert(session, PrivateItem).values([columns_of(item) for item in items])
    return session.scalars(insert.on_conflict_do_nothing().returning(col(PrivateItem.id))).all()


def find_item(session: Session, key: str) -> PrivateItem | None:
    """The item, held."""
    held = select(PrivateItem).where(PrivateItem.key == key).with_for_update()
    return session.exec(held.execution_options(populate_existing=True)).one_or_none()


def known_keys(session: Session, keys: Collection[str]) -> Collection[str]:
    return set(session.exec(select(PrivateItem.key).where(col(PrivateItem.key).in_(keys))).all())


def list_said(session: Session, days: Mapping[str, date]) -> Sequence[PrivateItem]:
    """What was said to each of these members on their day."""
    if not days:
        return []
    mine = select(PrivateItem).where(col(PrivateItem.member_id).in_(days), col(PrivateItem.day).in_(set(days.values())))
    said = session.exec(mine.execution_options(populate_existing=True)).all()
    return [item for item in said if item.day == days[item.member_id]]


def hold_message(session: Session, member_id: str, day: date) -> Sequence[PrivateItem]:
    """All that stands in the member's message of that day, in order, held."""
    held = select(PrivateItem).where(PrivateItem.member_id == member_id, PrivateItem.day == day)
    held = held.order_by(col(PrivateItem.position)).with_for_update()
    session.flush()
    return session.exec(held.execution_options(populate_existing=True)).all()


def hold_waiting(session: Session, member_id: str) -> Sequence[PrivateItem]:
    """What waits for another day of the member, held; what waits longest first."""
    held = select(PrivateItem).where(PrivateItem.member_id == member_id, col(PrivateItem.day).is_(None))
    held = held.order_by(col(PrivateItem.tell_at), col(PrivateItem.key)).with_for_update()
    session.flush()
    return session.exec(held.execution_options(populate_existing=True)).all()


def hold_about(session: Session, member_id: str, kinds: Collection[ItemKind], subject_id: str) -> Sequence[PrivateItem]:
    """What of these kinds was, or is to be, said to the member about that, held; the latest last."""
    held = select(PrivateItem).where(PrivateItem.subject_id == subject_id, PrivateItem.member_id == member_id)
    held = held.where(col(PrivateItem.kind).in_(kinds)).order_by(col(PrivateItem.day)).with_for_update()
    session.flush()
    return session.exec(held.execution_options(populate_existing=True)).all()


def list_told(session: Session, kind: ItemKind, subject_id: str) -> Collection[str]:
    """The members to whom that was, or is to be, said."""
    told = select(PrivateItem.member_id).where(PrivateItem.subject_id == subject_id, PrivateItem.kind == kind)
    return set(session.exec(told).all())


def waiting_until(session: Session, keys: Collection[str]) -> Mapping[str, datetime]:
    """Which of these are told on a later day, and when."""
    waiting = select(PrivateItem.key, PrivateItem.tell_at).where(col(PrivateItem.key).in_(keys))
    found = session.exec(waiting.where(col(PrivateItem.day).is_(None))).all()
    return {key: tell_at for key, tell_at in found if tell_at}


def hold_unsent(session: Session, but_for: str, limit: int) -> Sequence[tuple[PrivateItem, Outgoing]]:
    """What did not reach its member, with the row that failed, unless it failed for `but_for`; held."""
    failed = (Outgoing.state == OutboxState.FAILED, Outgoing.error != but_for)
    held = select(PrivateItem, Outgoing).join(Outgoing, col(Outgoing.id) == col(PrivateItem.outbox_id)).where(*failed)
    held = held.order_by(col(PrivateItem.member_id), col(PrivateItem.position)).limit(limit)
    session.flush()
    return session.exec(held.with_for_update(of=PrivateItem, skip_locked=True)).all()


def bring(session: Session, item_id: str, outbox_id: str) -> None:
    """That row brings it."""
    rows_changed(session, update(PrivateItem).where(col(PrivateItem.id) == item_id).values(outbox_id=outbox_id))


def carry_over(session: Session, beside: PrivateItem, replaced_id: str, outbox_id: str) -> None:
    """What an earlier change of the message it stands in was to bring, and has not, the new one brings."""
    unsent = select(Outgoing.id).where(Outgoing.replaces == replaced_id, Outgoing.error == "superseded")
    session.flush()
    todays = (col(PrivateItem.member_id) == beside.member_id, col(PrivateItem.day) == beside.day)
    moved = update(PrivateItem).where(*todays, col(PrivateItem.outbox_id).in_(unsent)).values(outbox_id=outbox_id)
    rows_changed(session, moved)


def list_shared_rows(session: Session, workspace_id: str, topic: str) -> Collection[str]:
    """The rows about that which brought something else too, or that something else hangs on."""
    child = aliased(Outgoing)
    brings = exists().where(col(PrivateItem.outbox_id) == col(Outgoing.id), _is_not(PrivateItem.topic, topic))
    carries = exists().where(col(child.replaces) == col(Outgoing.id), _is_not(child.topic, topic))
    about = (Outgoing.workspace_id == workspace_id, Outgoing.topic == topic)
    return session.exec(select(Outgoing.id).where(*about, or_(brings, carries))).all()


def take_back_alone(session: Session, workspace_id: str, topic: str) -> None:
    """What was asked for about that, and so brings nothing that is said unasked, does not leave."""
    brings = exists().where(col(PrivateItem.outbox_id) == col(Outgoing.id))
    about = (col(Outgoing.workspace_id) == workspace_id, col(Outgoing.topic) == topic, ~brings)
    waits = (col(Outgoing.state) == OutboxState.PENDING, col(Outgoing.ambiguous).is_(False))
    values = {"state": OutboxState.FAILED, "message": null(), "error": "taken_back"}
    rows_changed(session, update(Outgoing).where(*about, *waits).values(**values))


def forget_said(session: Session, workspace_id: str, kind: ItemKind, subject_id: str, since: date) -> None:
    """Nothing tells any more to whom that was said. From that day on a mark stays: the day has had its message, and
    nobody can read in which matter. However many they are, in two statements.
    """
    about = and_(
        col(PrivateItem.workspace_id) == workspace_id,
        col(PrivateItem.subject_id) == subject_id,
        col(PrivateItem.kind) == kind,
    )
    lately = update(PrivateItem).where(about, col(PrivateItem.day) >= since)
    nothing = {"line": {}, "message": null(), "topic": None, "helps_until": None, "outbox_id": None, "is_open": False}
    rows_changed(session, lately.values(kind=ItemKind.CHECKIN, subject_id="", key=PrivateItem.id, **nothing))
    rows_changed(session, delete(PrivateItem).where(about))


def forget_marks(session: Session, before: date) -> int:
    """Days of which only is known that something was said. How many."""
    old = and_(col(PrivateItem.subject_id) == "", col(PrivateItem.day) < before)
    return rows_changed(session, delete(PrivateItem).where(old))


def _is_not(topic: object, other: str) -> ColumnElement[bool]:
    return or_(col(topic).is_(None), col(topic) != other)

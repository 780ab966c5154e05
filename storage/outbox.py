"""The queries of the outbox. A claimed row is fenced: it changes only while the lease is still the caller's."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, delete, exists, func, null, or_, update
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from storage.database import columns_of, dialect_insert, insert_once, rows_changed
from storage.tables import Lane, OutboxState, Outgoing, Workspace

ACTIVE = (OutboxState.PENDING, OutboxState.SENDING)
OVER = (OutboxState.SENT, OutboxState.FAILED)


def add(session: Session, row: Outgoing) -> bool:
    """Whether the row is new; False when its key was there before."""
    return insert_once(session, row, unique=["key"])


def add_all(session: Session, rows: Sequence[Outgoing]) -> Collection[str]:
    """The ids of those that are new: whose key was not there before."""
    if not rows:
        return ()
    insert = dialect_insert(session, Outgoing).values([columns_of(row) for row in rows])
    added = insert.on_conflict_do_nothing(index_elements=["key"]).returning(col(Outgoing.id))
    return session.scalars(added).all()


def get(session: Session, row_id: str) -> Outgoing | None:
    return session.get(Outgoing, row_id, populate_existing=True)


def id_of_key(session: Session, key: str) -> str:
    return session.exec(select(Outgoing.id).where(Outgoing.key == key)).one()


def list_posts(session: Session, workspace_id: str, topic: str) -> Sequence[str]:
    """The ids of the rows about that, without those that only change another's message."""
    posts = select(Outgoing.id).where(Outgoing.workspace_id == workspace_id, Outgoing.topic == topic)
    return session.exec(posts.where(col(Outgoing.replaces).is_(None))).all()


def next_position(session: Session, *, thread_of: str | None, replaces: str | None) -> int:
    """Where the next message in that thread, or the next change of that message, stands."""
    siblings = Outgoing.thread_of == thread_of if thread_of else Outgoing.replaces == replaces
    last = session.exec(select(func.max(Outgoing.position)).where(siblings)).one()
    return 0 if last is None else last + 1


def supersede(session: Session, replaced_id: str, position: int | None = None) -> None:
    """Changes of a message (before that position) which have not left yet are not worth sending any more."""
    older = () if position is None else (col(Outgoing.position) < position,)
    _update(
        session,
        col(Outgoing.replaces) == replaced_id,
        *older,
        col(Outgoing.state) == OutboxState.PENDING,
        state=OutboxState.SENT,
        message=null(),
        error="superseded",
    )


def take_back(session: Session, key: str) -> bool:
    """Let a message that has not left not leave at all; False when it may have left."""
    waits = (col(Outgoing.key) == key, col(Outgoing.state) == OutboxState.PENDING, col(Outgoing.ambiguous).is_(False))
    return _update(session, *waits, state=OutboxState.FAILED, message=null(), error="taken_back") == 1


def try_no_more(session: Session, row_id: str | None) -> None:
    """A message that is on its way, or may be there, is looked for, but not sent again."""
    mine = (col(Outgoing.id) == row_id, col(Outgoing.replaces).is_(None), col(Outgoing.state).in_(ACTIVE))
    _update(session, *mine, expires_at=Outgoing.not_before)


def take_back_changes(session: Session, row_ids: Collection[str]) -> None:
    """Changes of these messages that are not made yet never are: one on its way is not tried again."""
    waiting = (col(Outgoing.replaces).in_(row_ids), col(Outgoing.state).in_(ACTIVE))
    _update(session, *waiting, expires_at=Outgoing.not_before)


def last_change_under_way(session: Session, row_id: str) -> datetime | None:
    """Until when a change of that message is claimed; None when none is on its way."""
    changes = (col(Outgoing.replaces) == row_id, col(Outgoing.state) == OutboxState.SENDING)
    return session.exec(select(func.max(Outgoing.lease_until)).where(*changes)).one()


def rewrite(session: Session, row_id: str, message: dict[str, Any]) -> None:
    """Let a message that has not left say something else."""
    _update(session, col(Outgoing.id) == row_id, col(Outgoing.state) == OutboxState.PENDING, message=message)


def blank_rows(session: Session, row_ids: Collection[str]) -> None:
    """Nothing tells any more what these rows were about, or when on their day they left."""
    for row in session.exec(select(Outgoing).where(col(Outgoing.id).in_(row_ids))).all():
        row.key, row.topic = f"private:{row.id}", None
        row.not_before = row.not_before.replace(hour=0, minute=0, second=0, microsecond=0)
    session.flush()


def delete_rows(session: Session, row_ids: Collection[str]) -> None:
    session.execute(delete(Outgoing).where(col(Outgoing.id).in_(row_ids)))


def find_key(session: Session, key: str) -> Outgoing | None:
    return session.exec(select(Outgoing).where(Outgoing.key == key)).one_or_none()


def list_keys(session: Session, workspace_id: str, beginning: str) -> Sequence[str]:
    """The keys that begin so."""
    keys = select(Outgoing.key).where(Outgoing.workspace_id == workspace_id)
    return session.exec(keys.where(col(Outgoing.key).startswith(beginning, autoescape=True))).all()


def ready_workspaces(session: Session, now: datetime) -> Sequence[str]:
    """The workspaces that have something to send and whose lane is not closed."""
    away = select(Workspace.id).where(col(Workspace.disconnected_at).is_not(None))
    waiting = select(Outgoing.workspace_id).where(*_due(now), col(Outgoing.workspace_id).not_in(away))
    ready = waiting.distinct().subquery()
    is_open = or_(col(Lane.closed_until).is_(None), col(Lane.closed_until) <= now)
    return session.exec(
        select(ready.c.workspace_id).outerjoin(Lane, ready.c.workspace_id == Lane.workspace_id).where(is_open)
    ).all()


def claim_next(
    session: Session, workspace_id: str, now: datetime, lease: str, lease_until: datetime
) -> Outgoing | None:
    """Take the first row of the workspace that may be sent now; None when there is none.

    PostgreSQL passes over rows that another process is taking; SQLite has one writer at a time.
    """
    first = (
        select(Outgoing.id)
        .where(Outgoing.workspace_id == workspace_id, *_due(now), _parent_sent(), ~_elder_waits())
        .order_by(col(Outgoing.not_before), col(Outgoing.position), col(Outgoing.id))
        .limit(1)
        .with_for_update(skip_locked=True)
        .scalar_subquery()
    )
    claim = (
        update(Outgoing)
        .where(col(Outgoing.id) == first, col(Outgoing.state) == OutboxState.PENDING)
        .values(state=OutboxState.SENDING, lease=lease, lease_until=lease_until, attempts=col(Outgoing.attempts) + 1)
        .returning(Outgoing)
    )
    options = {"synchronize_session": False, "populate_existing": True}
    return session.scalars(claim, execution_options=options).one_or_none()


def finish(session: Session, row_id: str, lease: str, **values: Any) -> bool:
    """End the lease with these values; False when the lease was lost, and then nothing is changed."""
    mine = (
        col(Outgoing.id) == row_id,
        col(Outgoing.lease) == lease,
        col(Outgoing.state) == OutboxState.SENDING,
    )
    return _update(session, *mine, lease=None, lease_until=None, **values) == 1


def reap(session: Session, now: datetime) -> Sequence[str]:
    """Rows whose sender is gone: they may have been sent, so they wait to be looked up. Their ids."""
    expired = (
        update(Outgoing)
        .where(col(Outgoing.state) == OutboxState.SENDING, col(Outgoing.lease_until) <= now)
        .values(state=OutboxState.PENDING, ambiguous=True, lease=None, lease_until=None)
        .returning(col(Outgoing.id))
    )
    return session.scalars(expired, execution_options={"synchronize_session": False}).all()


def doubt_unsent(session: Session) -> int:
    """After a look into the past nobody knows what became of what was on its way: as after a try without an end, it
    waits to be looked up. How many.
    """
    return _update(
        session,
        col(Outgoing.state).in_(ACTIVE),
        state=OutboxState.PENDING,
        ambiguous=True,
        attempts=col(Outgoing.attempts) + 1,
        lease=None,
        lease_until=None,
    )


def fail_orphans(session: Session) -> int:
    """What hangs on a message that will not come cannot come either. How many."""
    parent = aliased(Outgoing)
    parent_failed = exists().where(
        col(parent.id) == func.coalesce(Outgoing.thread_of, Outgoing.replaces),
        col(parent.state) == OutboxState.FAILED,
    )
    total = 0
    while changed := _update(
        session,
        col(Outgoing.state) == OutboxState.PENDING,
        parent_failed,
        state=OutboxState.FAILED,
        error="parent_failed",
    ):
        total += changed
    return total


def expire(session: Session, now: datetime, error: str) -> int:
    """What its time was over for fails, unless it may have arrived: that is looked up first. How many."""
    over = (col(Outgoing.state) == OutboxState.PENDING, col(Outgoing.expires_at) <= now, ~_may_stand_there())
    return _update(session, *over, state=OutboxState.FAILED, error=error)


def failed_lately(
    session: Session, workspace_id: str, target_ids: Collection[str], error: str, since: datetime
) -> Collection[str]:
    """To which of these targets something has failed for that reason."""
    to_them = (Outgoing.workspace_id == workspace_id, col(Outgoing.target_id).in_(target_ids))
    failed = select(Outgoing.target_id).where(*to_them, Outgoing.state == OutboxState.FAILED, Outgoing.error == error)
    return session.exec(failed.where(Outgoing.not_before > since).distinct()).all()


def fail_waiting(session: Session, workspace_id: str, target_id: str, error: str) -> int:
    """Nothing else leaves to that target. How many."""
    to_target = (col(Outgoing.workspace_id) == workspace_id, col(Outgoing.target_id) == target_id)
    waiting = col(Outgoing.state) == OutboxState.PENDING
    return _update(session, *to_target, waiting, state=OutboxState.FAILED, error=error, message=null())


def believe_open(session: Session, workspace_id: str, target_id: str, error: str) -> None:
    """Whatever failed to that target before failed for that reason: it says nothing about them any more."""
    _update(session, *_failed_to(workspace_id, target_id), error=error)


def move_failed(session: Session, workspace_id: str, old_target_id: str, new_target_id: str) -> Sequence[str]:
    """Let the posts that failed in a channel, with what hangs on them, stand in another. The ids of the posts.

    What was to change or answer something that stands in the old channel stays with it.
    """
    alone = (col(Outgoing.thread_of).is_(None), col(Outgoing.replaces).is_(None), _has_message())
    roots = session.exec(select(Outgoing.id).where(*_failed_to(workspace_id, old_target_id), *alone)).all()
    parent = func.coalesce(Outgoing.thread_of, Outgoing.replaces, Outgoing.id)
    _update(session, parent.in_(roots), target_id=new_target_id)
    return roots


def revive(session: Session, workspace_id: str, row_id: str, now: datetime) -> bool:
    """Put a failed row of the workspace, and what waited for it, back in the queue.

    False when it is not there, not failed, or its text is gone.
    """
    values = {"state": OutboxState.PENDING, "not_before": now, "error": None}
    failed = (
        col(Outgoing.workspace_id) == workspace_id,
        col(Outgoing.state) == OutboxState.FAILED,
        _has_message(),
    )
    if not _update(session, col(Outgoing.id) == row_id, *failed, **values):
        return False
    parent = aliased(Outgoing)
    parent_waits = exists().where(
        col(parent.id) == func.coalesce(Outgoing.thread_of, Outgoing.replaces),
        col(parent.state) == OutboxState.PENDING,
    )
    while _update(session, *failed, col(Outgoing.error) == "parent_failed", parent_waits, **values):
        pass
    return True


def forget_failed_texts(session: Session, before: datetime) -> int:
    """Texts that nobody asked to post again; `before` is the moment of the failure."""
    old = (col(Outgoing.state) == OutboxState.FAILED, col(Outgoing.not_before) <= before, _has_message())
    return _update(session, *old, message=null())


def forget_old_rows(session: Session, before: datetime, limit: int) -> int:
    """Delete rows of that age that nothing hangs on any more, and that are no post in a channel. How many."""
    child = aliased(Outgoing)
    # Each by its own index: one condition over both would read the whole table for every row.
    answered = exists().where(col(child.thread_of) == col(Outgoing.id))
    changed = exists().where(col(child.replaces) == col(Outgoing.id))
    is_post = and_(
        col(Outgoing.thread_of).is_(None),
        col(Outgoing.replaces).is_(None),
        col(Outgoing.sent_channel_id) == col(Outgoing.target_id),  # one to a person stands in another place
    )
    old = (col(Outgoing.state).in_(OVER), col(Outgoing.not_before) <= before)
    ids = select(Outgoing.id).where(*old, ~func.coalesce(is_post, False), ~answered, ~changed).limit(limit)
    return rows_changed(session, delete(Outgoing).where(col(Outgoing.id).in_(ids)))


def forget_rows(session: Session, workspace_id: str, topic: str) -> None:
    """Delete the rows about that, with whom they went to."""
    about = (col(Outgoing.workspace_id) == workspace_id, col(Outgoing.topic) == topic)
    session.execute(delete(Outgoing).where(*about))


def count_active(session: Session, workspace_id: str, topics: Collection[str]) -> int:
    """How many rows about these things have not arrived yet."""
    active = (Outgoing.workspace_id == workspace_id, col(Outgoing.state).in_(ACTIVE))
    about = select(func.count()).where(*active, col(Outgoing.topic).in_(topics))
    return session.exec(about).one()


def waiting(session: Session, now: datetime) -> tuple[int, datetime | None]:
    """How many rows are due or under way, and since when the oldest waits."""
    statement = select(func.count(), func.min(Outgoing.not_before)).where(
        col(Outgoing.state).in_(ACTIVE), col(Outgoing.not_before) <= now
    )
    count, oldest = session.exec(statement).one()
    return count, oldest


def _due(now: datetime) -> tuple[ColumnElement[bool], ...]:
    """What may be claimed; what has expired only to look whether it is there."""
    in_time = or_(col(Outgoing.expires_at).is_(None), col(Outgoing.expires_at) > now, _may_stand_there())
    return col(Outgoing.state) == OutboxState.PENDING, col(Outgoing.not_before) <= now, in_time


def _may_stand_there() -> ColumnElement[bool]:
    """It was tried, and nobody knows what became of it. A change of a message is made again without a look."""
    return and_(col(Outgoing.ambiguous), col(Outgoing.replaces).is_(None))


def _parent_sent() -> ColumnElement[bool]:
    parent = aliased(Outgoing)
    alone = and_(col(Outgoing.thread_of).is_(None), col(Outgoing.replaces).is_(None))
    sent = exists().where(
        col(parent.id) == func.coalesce(Outgoing.thread_of, Outgoing.replaces), col(parent.state) == OutboxState.SENT
    )
    return or_(alone, sent)


def _elder_waits() -> ColumnElement[bool]:
    """An earlier message of the same thread, or an earlier change of the same message, has not arrived yet."""
    elder = aliased(Outgoing)
    return exists().where(
        or_(col(elder.thread_of) == col(Outgoing.thread_of), col(elder.replaces) == col(Outgoing.replaces)),
        col(elder.position) < col(Outgoing.position),
        col(elder.state).in_(ACTIVE),
    )


def _failed_to(workspace_id: str, target_id: str) -> tuple[ColumnElement[bool], ...]:
    return (
        col(Outgoing.workspace_id) == workspace_id,
        col(Outgoing.target_id) == target_id,
        col(Outgoing.state) == OutboxState.FAILED,
    )


def _has_message() -> ColumnElement[bool]:
    return col(Outgoing.message).is_not(null())


def _update(session: Session, *where: ColumnElement[bool], **values: Any) -> int:
    return rows_changed(session, update(Outgoing).where(*where).values(**values))

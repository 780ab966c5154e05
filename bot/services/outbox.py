"""Messages on their way out: enqueued in the transaction that decided on them, sent exactly once.

A row goes pending → sending (under a lease, committed before the call) → sent, or back to pending, or failed.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeAlias

import structlog
from sqlalchemy import null
from sqlmodel import Session

from bot.domain.chat import DeliveryError, Message, Sent
from bot.domain.chat_json import from_json, to_json
from bot.services import lanes
from bot.services.context import Context
from bot.services.traces import trace
from storage import outbox
from storage.tables import OutboxState, Outgoing
from storage.types import check_aware

log = structlog.get_logger()

LEASE = timedelta(seconds=60)
CALL_WITHIN = timedelta(seconds=30)
"""No call takes longer: well inside the lease, so that nobody takes over one that still runs."""

FIRST_RETRY, LAST_RETRY = timedelta(seconds=5), timedelta(minutes=15)
SHORTEST_WAIT = timedelta(seconds=1)
GIVE_UP_AFTER = 100  # attempts: about a day
GIVE_UP_ON_REFUSAL_AFTER = 5  # our own mistake does not mend itself
BELIEVED_GONE_FOR = timedelta(days=30)
NOTICE = "notice"
UNREADABLE, PERSON_GONE, BELIEVED_GONE = "unreadable", "person_gone", "believed_gone"
EXPIRED, PERHAPS_SENT = "expired", "perhaps_sent"
"""Its time was over before it could leave; or before anybody could see whether it had."""

UNTOLD = frozenset({EXPIRED, PERHAPS_SENT})
"""Why something failed that no facilitator needs to hear of."""


@dataclass(frozen=True, slots=True)
class Notice:
    """What is said to one person (`target_id`, the platform's id); `about` tells notices of one kind apart."""

    target_id: str
    message: Message
    about: str = ""


ExplainFailure: TypeAlias = Callable[[Session, Context, Outgoing, str], Sequence[Notice]]
"""The notices to the facilitators, with the cure, about a row that failed for good; the last argument is the reason.

With `UNREADABLE` the row did not fail: it is sent again, and may stand there twice.
"""


@dataclass(frozen=True, slots=True)
class Claimed:
    """A row under our lease. `place` is where its parent stands: its thread, or the message it changes.

    The next message of the workspace leaves `pause` later; `pace` is what that time is at best. After `expires_at` it
    is only looked up.
    """

    id: str
    workspace_id: str
    target_id: str
    payload: dict[str, Any] | None
    delivery_key: str
    lease: str
    ambiguous: bool
    place: Sent | None
    replaces: bool
    pace: timedelta
    pause: timedelta
    expires_at: datetime | None = None

    def has_expired(self, now: datetime) -> bool:
        return self.expires_at is not None and self.expires_at <= now

    def message(self) -> Message:
        """Raises when the row holds none; read under the same door as the call, so that it fails alone."""
        return from_json(self.payload or {})


@dataclass(frozen=True, slots=True)
class Parcel:
    """A message of its own to one channel or person; as the arguments of `enqueue` with these names."""

    key: str
    target_id: str
    message: Message
    topic: str | None = None
    expires_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Wait:
    """The lane is taken: nothing of the workspace leaves for so long."""

    time: timedelta


@dataclass(frozen=True, slots=True)
class Backlog:
    """`waiting` rows are due; the oldest since `oldest_due_at`."""

    waiting: int
    oldest_due_at: datetime | None


def enqueue(
    session: Session,
    context: Context,
    *,
    workspace_id: str,
    key: str,
    target_id: str,
    message: Message,
    thread: Sequence[Message] = (),
    topic: str | None = None,
    thread_of: str | None = None,
    replaces: str | None = None,
    not_before: datetime | None = None,
    expires_at: datetime | None = None,
) -> str:
    """Put a message in the outbox; the id of its row. A key that is there already changes nothing and gives the old id.

    `target_id` is the platform's id of a channel or person. `thread` follows in the message's own thread, in order.
    `thread_of` is the id of the row whose message this one answers, `replaces` that of the one it changes in place; it
    waits until that one is sent. Of several changes waiting for one message only the last is sent. `topic` finds it
    again among all that is about the same. Somebody whose account was found closed is not written to. From
    `expires_at` on it does not leave any more.
    """
    thread_of, replaces = _thread_root(session, thread_of), _first_version(session, replaces)
    first = _row(context, workspace_id, Parcel(key, target_id, message, topic, expires_at), not_before)
    first.thread_of, first.replaces = thread_of, replaces
    _fail_to_the_gone(session, context, workspace_id, [first])
    if not _add(session, first):
        return outbox.id_of_key(session, key)
    context.on_enqueued()
    for number, text in enumerate(thread, start=1):
        reply = _row(context, workspace_id, Parcel(f"{key}/{number}", target_id, text, topic, expires_at), not_before)
        reply.thread_of = thread_of or first.id
        _add(session, reply)
    return first.id


def enqueue_all(session: Session, context: Context, workspace_id: str, parcels: Sequence[Parcel]) -> Mapping[str, str]:
    """As `enqueue`, for many at once: the ids of the new rows by their keys."""
    rows = [_row(context, workspace_id, parcel, None) for parcel in parcels]
    _fail_to_the_gone(session, context, workspace_id, rows)
    new = set(outbox.add_all(session, rows))
    if new:
        context.on_enqueued()
    return {row.key: row.id for row in rows if row.id in new}


def ready_workspaces(session: Session, now: datetime) -> Sequence[str]:
    """The workspaces that have something to send and are not asked to wait at that moment."""
    return outbox.ready_workspaces(session, now)


def claim(session: Session, context: Context, workspace_id: str, pace: timedelta = lanes.PACE) -> Claimed | Wait | None:
    """Take the lane and the next message of the workspace under a lease; to be committed before it is sent.

    `Wait` when the lane is not free, None when nothing is due.
    """
    lane = lanes.enter(session, context, workspace_id, pace)
    if wait := lanes.wait(context, lane):
        return Wait(wait)
    lease = context.new_id()
    row = outbox.claim_next(session, workspace_id, context.now, lease, context.now + LEASE)
    if row is None:
        return None
    return Claimed(
        id=row.id,
        workspace_id=row.workspace_id,
        target_id=row.target_id,
        payload=row.message,
        delivery_key=row.delivery_key,
        lease=lease,
        ambiguous=row.ambiguous,
        place=_place(session, row.thread_of or row.replaces),
        replaces=row.replaces is not None,
        pace=pace,
        pause=lanes.occupy(session, context, lane),
        expires_at=row.expires_at,
    )


def mark_sent(session: Session, context: Context, claimed: Claimed, sent: Sent) -> bool:
    """It stands there; its text is forgotten here. False when the lease was lost meanwhile: then nothing is changed."""
    if claimed.pause > claimed.pace:
        lanes.speed_up(session, context, claimed.workspace_id, claimed.pace)
    return outbox.finish(
        session,
        claimed.id,
        claimed.lease,
        state=OutboxState.SENT,
        message=null(),
        sent_channel_id=sent.channel_id,
        sent_message_id=sent.message_id,
        ambiguous=False,
        error=None,
    )


def mark_not_sent(
    session: Session, context: Context, claimed: Claimed, error: DeliveryError, explain_failure: ExplainFailure
) -> bool:
    """Try again later, or fail for good and tell the facilitators. False when the lease was lost meanwhile."""
    if error.retry_after is not None:
        lanes.close(session, context, claimed.workspace_id, claimed.pace, error.retry_after)
    row = outbox.get(session, claimed.id)
    if row is None:
        return False
    if error.permanent or _is_hopeless(row.attempts, error):
        return _fail(session, context, claimed, error, explain_failure)
    return _retry(session, context, claimed, error, row.attempts)


def reap_leases(session: Session, context: Context) -> int:
    """Give back what a stopped process was sending; it is looked up before it is sent again. How many."""
    reaped = outbox.reap(session, context.now)
    for outbox_id in reaped:
        log.warning("lease_expired", outbox_id=outbox_id)
    outbox.fail_orphans(session)
    return len(reaped)


def expire(session: Session, context: Context) -> int:
    """What could not leave in its time never does, and what hangs on it. How many."""
    expired = outbox.expire(session, context.now, EXPIRED)
    if expired:
        outbox.fail_orphans(session)
        log.warning("expired", rows=expired)
    return expired


def post_again(session: Session, context: Context, workspace_id: str, outbox_id: str) -> bool:
    """Put a failed message of the workspace, and what hangs on it, back in the queue.

    False when the workspace has no such message, it did not fail, or its text is gone.
    """
    return outbox.revive(session, workspace_id, outbox_id, context.now)


def post_in(session: Session, context: Context, workspace_id: str, old_channel_id: str, new_channel_id: str) -> int:
    """Another channel was chosen: what failed in the old one, with its thread, goes out in the new one. How many."""
    failed = outbox.move_failed(session, workspace_id, old_channel_id, new_channel_id)
    return sum(outbox.revive(session, workspace_id, outbox_id, context.now) for outbox_id in failed)


def is_changing(session: Session, context: Context, outbox_id: str) -> bool:
    """Whether a change of the message that the row brought, or changed itself, may be on its way this very moment."""
    root_id = _first_version(session, outbox_id)
    leased_until = outbox.last_change_under_way(session, root_id) if root_id else None
    return leased_until is not None and leased_until - LEASE + CALL_WITHIN > context.now


def tell(session: Session, context: Context, workspace_id: str, key: str, notices: Sequence[Notice]) -> None:
    """Put notices in the outbox, one for each person and thing they are about. One that fails calls for no other."""
    for notice in notices:
        enqueue(
            session,
            context,
            workspace_id=workspace_id,
            key=":".join(filter(None, (key, notice.about, notice.target_id))),
            target_id=notice.target_id,
            message=notice.message,
            topic=NOTICE,
        )


def tell_unreadable(session: Session, context: Context, claimed: Claimed, explain_failure: ExplainFailure) -> None:
    """It is sent again without a look whether it is there: the facilitators hear so, once for each place."""
    row = outbox.get(session, claimed.id)
    if row is not None and row.topic != NOTICE:
        notices = explain_failure(session, context, row, UNREADABLE)
        tell(session, context, row.workspace_id, f"{UNREADABLE}:{row.workspace_id}", notices)


def backlog(session: Session, now: datetime) -> Backlog:
    """What waits to be sent at that moment."""
    return Backlog(*outbox.waiting(session, now))


def backoff(attempts: int, chance: int) -> timedelta:
    """How long to wait after that many attempts; `chance` (0-255) spreads it over the upper half."""
    longest = min(FIRST_RETRY * (1 << min(attempts - 1, 20)), LAST_RETRY)
    return longest / 2 + longest * chance / 510


def _thread_root(session: Session, outbox_id: str | None) -> str | None:
    """A chat knows threads under a first message only: an answer to an answer stands beside it."""
    while outbox_id and (row := outbox.get(session, outbox_id)) and (parent := row.thread_of or row.replaces):
        outbox_id = parent
    return outbox_id


def _first_version(session: Session, outbox_id: str | None) -> str | None:
    while outbox_id and (row := outbox.get(session, outbox_id)) and row.replaces:
        outbox_id = row.replaces
    return outbox_id


def _place(session: Session, parent_id: str | None) -> Sent | None:
    parent = outbox.get(session, parent_id) if parent_id else None
    if parent is None or parent.sent_channel_id is None or parent.sent_message_id is None:
        return None
    return Sent(parent.sent_channel_id, parent.sent_message_id)


def _is_hopeless(attempts: int, error: DeliveryError) -> bool:
    if error.retry_after is not None:
        return False
    limit = GIVE_UP_ON_REFUSAL_AFTER if error.reason == "refused" else GIVE_UP_AFTER
    return attempts % limit == 0


def _retry(session: Session, context: Context, claimed: Claimed, error: DeliveryError, attempts: int) -> bool:
    asked_to_wait = error.retry_after is not None
    wait = max(error.retry_after or backoff(attempts, context.random(1)[0]), SHORTEST_WAIT)
    return outbox.finish(
        session,
        claimed.id,
        claimed.lease,
        state=OutboxState.PENDING,
        not_before=context.now + wait,
        attempts=attempts - asked_to_wait,  # a call that was turned away at the door was no attempt
        ambiguous=error.ambiguous or claimed.ambiguous,
        error=error.reason,
    )


def _fail(
    session: Session, context: Context, claimed: Claimed, error: DeliveryError, explain_failure: ExplainFailure
) -> bool:
    failed = {"state": OutboxState.FAILED, "not_before": context.now, "error": error.reason}
    if not outbox.finish(session, claimed.id, claimed.lease, **failed):
        return False
    row = outbox.get(session, claimed.id)
    assert row is not None
    if error.reason == PERSON_GONE:
        outbox.fail_waiting(session, row.workspace_id, row.target_id, BELIEVED_GONE)
    outbox.fail_orphans(session)
    log.error("delivery_failed", outbox_id=row.id, reason=error.reason)
    if row.topic != NOTICE and error.reason not in UNTOLD:
        _explain(session, context, row, error.reason, explain_failure)
    return True


def _explain(session: Session, context: Context, row: Outgoing, reason: str, explain_failure: ExplainFailure) -> None:
    try:
        with session.begin_nested():
            notices = explain_failure(session, context, row, reason)
            tell(session, context, row.workspace_id, f"failed:{row.id}:{row.attempts}", notices)
    except Exception as error:  # noqa: BLE001  the row has failed, whether or not it can be explained
        log.error("failure_not_explained", outbox_id=row.id, error=trace(error))  # noqa: TRY400


def _fail_to_the_gone(session: Session, context: Context, workspace_id: str, rows: Sequence[Outgoing]) -> None:
    """Nothing leaves to an account that was found closed."""
    targets, since = {row.target_id for row in rows}, context.now - BELIEVED_GONE_FOR
    gone = outbox.failed_lately(session, workspace_id, targets, PERSON_GONE, since)
    for row in rows:
        if row.target_id in gone:
            row.state, row.error = OutboxState.FAILED, BELIEVED_GONE


def _row(context: Context, workspace_id: str, parcel: Parcel, not_before: datetime | None) -> Outgoing:
    return Outgoing(
        id=context.new_id(),
        workspace_id=workspace_id,
        key=parcel.key,
        topic=parcel.topic,
        target_id=parcel.target_id,
        message=to_json(parcel.message),
        delivery_key=context.new_token(),
        not_before=check_aware(not_before or context.now),
        expires_at=parcel.expires_at and check_aware(parcel.expires_at),
    )


def _add(session: Session, row: Outgoing) -> bool:
    row.position = _position(session, row.thread_of, row.replaces)
    is_new = outbox.add(session, row)
    if is_new and row.replaces:
        outbox.supersede(session, row.replaces, row.position)
    return is_new


def _position(session: Session, thread_of: str | None, replaces: str | None) -> int:
    if thread_of is None and replaces is None:
        return 0
    return outbox.next_position(session, thread_of=thread_of, replaces=replaces)

"""Messages on their way out: enqueued in the transaction that decided on them, sent exactly once.

A row goes pending → sending (under a lease, committed before the call) → sent, or back to pending, or failed.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeAlias

import structlog
from sqlalchemy import null
from sqlmodel import Session

from bot.domain.chat import DeliveryError, Message, Sent
from bot.domain.chat_json import from_json, to_json
from bot.services.context import Context
from bot.services.traces import trace
from storage import outbox
from storage.tables import OutboxState, Outgoing
from storage.types import check_aware

log = structlog.get_logger()

LEASE = timedelta(seconds=60)
FIRST_RETRY, LAST_RETRY = timedelta(seconds=5), timedelta(minutes=15)
SHORTEST_WAIT = timedelta(seconds=1)
GIVE_UP_AFTER = 100  # attempts: about a day
GIVE_UP_ON_REFUSAL_AFTER = 5  # our own mistake does not mend itself
KEEP_FAILED_TEXTS = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Notice:
    """What is said to one person (`target_id`, the platform's id)."""

    target_id: str
    message: Message


ExplainFailure: TypeAlias = Callable[[Session, Context, Outgoing, str], Sequence[Notice]]
"""The notices to the facilitators, with the cure, about a row that failed for good; the last argument is the reason."""


@dataclass(frozen=True, slots=True)
class Claimed:
    """A row under our lease. `place` is where its parent stands: its thread, or the message it changes."""

    id: str
    workspace_id: str
    target_id: str
    payload: dict[str, Any] | None
    delivery_key: str
    lease: str
    ambiguous: bool
    place: Sent | None
    replaces: bool

    def message(self) -> Message:
        """Raises when the row holds none; read under the same door as the call, so that it fails alone."""
        return from_json(self.payload or {})


@dataclass(frozen=True, slots=True)
class Backlog:
    """`waiting` rows are due; the oldest since `oldest_due_at`."""

    waiting: int
    oldest_due_at: datetime | None


def enqueue(
    session: Session,
    ctx: Context,
    *,
    workspace_id: str,
    key: str,
    target_id: str,
    message: Message,
    thread: Sequence[Message] = (),
    thread_of: str | None = None,
    replaces: str | None = None,
    not_before: datetime | None = None,
) -> str:
    """Put a message in the outbox; the id of its row. A key that is there already changes nothing and gives the old id.

    `target_id` is the platform's id of a channel or person. `thread` follows in the message's own thread, in order.
    `thread_of` is the id of the row whose message this one answers, `replaces` that of the one it changes in place; it
    waits until that one is sent. Of several changes waiting for one message only the last is sent.
    """
    thread_of, replaces = _thread_root(session, thread_of), _first_version(session, replaces)

    def row(row_key: str, thread_of: str | None, replaces: str | None) -> Outgoing:
        return Outgoing(
            id=ctx.new_id(),
            workspace_id=workspace_id,
            key=row_key,
            target_id=target_id,
            thread_of=thread_of,
            replaces=replaces,
            delivery_key=ctx.new_token(),
            not_before=check_aware(not_before or ctx.now),
        )

    first = row(key, thread_of, replaces)
    if not _add(session, first, message):
        return outbox.id_of_key(session, key)
    for number, reply in enumerate(thread, start=1):
        _add(session, row(f"{key}/{number}", thread_of or first.id, None), reply)
    return first.id


def ready_lanes(session: Session, now: datetime) -> Sequence[str]:
    """The workspaces that have something to send at that moment."""
    return outbox.lanes(session, now)


def claim(session: Session, ctx: Context, workspace_id: str) -> Claimed | None:
    """Take the next message of the workspace under a lease; to be committed before it is sent. None = nothing due."""
    lease = ctx.new_id()
    row = outbox.claim_next(session, workspace_id, ctx.now, lease, ctx.now + LEASE)
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
    )


def mark_sent(session: Session, claimed: Claimed, sent: Sent) -> bool:
    """It stands there; its text is forgotten here. False when the lease was lost meanwhile: then nothing is changed."""
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
    session: Session, ctx: Context, claimed: Claimed, error: DeliveryError, explain_failure: ExplainFailure
) -> bool:
    """Try again later, or fail for good and tell the facilitators. False when the lease was lost meanwhile."""
    row = outbox.get(session, claimed.id)
    if row is None:
        return False
    if error.permanent or _is_hopeless(row.attempts, error):
        return _fail(session, ctx, claimed, error, explain_failure)
    return _retry(session, ctx, claimed, error, row.attempts)


def reap_leases(session: Session, ctx: Context) -> int:
    """Give back what a stopped process was sending; it is looked up before it is sent again. How many."""
    reaped = outbox.reap(session, ctx.now)
    for outbox_id in reaped:
        log.warning("lease_expired", outbox_id=outbox_id)
    outbox.fail_orphans(session)
    return len(reaped)


def post_again(session: Session, ctx: Context, workspace_id: str, outbox_id: str) -> bool:
    """Put a failed message of the workspace, and what hangs on it, back in the queue.

    False when the workspace has no such message, it did not fail, or its text is gone.
    """
    return outbox.revive(session, workspace_id, outbox_id, ctx.now)


def purge(session: Session, ctx: Context) -> int:
    """Forget the texts of failed messages that nobody posted again for a week (a sent one lost its text at once)."""
    return outbox.forget_failed_texts(session, ctx.now - KEEP_FAILED_TEXTS)


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


def _retry(session: Session, ctx: Context, claimed: Claimed, error: DeliveryError, attempts: int) -> bool:
    asked_to_wait = error.retry_after is not None
    wait = max(error.retry_after or backoff(attempts, ctx.random(1)[0]), SHORTEST_WAIT)
    return outbox.finish(
        session,
        claimed.id,
        claimed.lease,
        state=OutboxState.PENDING,
        not_before=ctx.now + wait,
        attempts=attempts - asked_to_wait,  # a call that was turned away at the door was no attempt
        ambiguous=error.ambiguous or claimed.ambiguous,
        error=error.reason,
    )


def _fail(
    session: Session, ctx: Context, claimed: Claimed, error: DeliveryError, explain_failure: ExplainFailure
) -> bool:
    failed = {"state": OutboxState.FAILED, "not_before": ctx.now, "error": error.reason}
    if not outbox.finish(session, claimed.id, claimed.lease, **failed):
        return False
    outbox.fail_orphans(session)
    row = outbox.get(session, claimed.id)
    assert row is not None
    log.error("delivery_failed", outbox_id=row.id, reason=error.reason)
    if not row.key.startswith("failed:"):
        _tell_facilitators(session, ctx, row, error.reason, explain_failure)
    return True


def _tell_facilitators(
    session: Session, ctx: Context, row: Outgoing, reason: str, explain_failure: ExplainFailure
) -> None:
    try:
        with session.begin_nested():
            for number, notice in enumerate(explain_failure(session, ctx, row, reason)):
                key = f"failed:{row.id}:{row.attempts}:{number}"
                enqueue(
                    session,
                    ctx,
                    workspace_id=row.workspace_id,
                    key=key,
                    target_id=notice.target_id,
                    message=notice.message,
                )
    except Exception as error:  # noqa: BLE001  the row has failed, whether or not it can be explained
        log.error("failure_not_explained", outbox_id=row.id, error=trace(error))  # noqa: TRY400


def _add(session: Session, row: Outgoing, message: Message) -> bool:
    row.position = _position(session, row.thread_of, row.replaces)
    row.message = to_json(message)
    is_new = outbox.add(session, row)
    if is_new and row.replaces:
        outbox.supersede(session, row.replaces, row.position)
    return is_new


def _position(session: Session, thread_of: str | None, replaces: str | None) -> int:
    if thread_of is None and replaces is None:
        return 0
    return outbox.next_position(session, thread_of=thread_of, replaces=replaces)

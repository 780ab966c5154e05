"""The post of a shared entry in the channel, kept true to the entry: there is one, and it changes in place."""

from datetime import datetime, timedelta

from sqlmodel import Session

from bot.domain.chat import Message
from bot.domain.chat_json import to_json
from bot.services.context import Context
from bot.services.messages import entries as messages
from bot.services.messages.entries import Shared, Teller, Told
from bot.services.outbox import enqueue
from bot.templates import speaker
from storage import outbox
from storage.entries import list_pair
from storage.members import find_side, list_sides
from storage.tables import Entry, Member, OutboxState, Outgoing, SideKind, Visibility, Workspace

NOT_SENT = (OutboxState.PENDING, OutboxState.FAILED)


def post_once(session: Session, context: Context, workspace: Workspace, entry: Entry) -> None:
    """Post it in the channel. A side-only one waits for the next full hour: its moment must not point at somebody."""
    assert entry.shared_channel_id is not None
    enqueue(
        session,
        context,
        workspace_id=workspace.id,
        key=_key(entry),
        target_id=entry.shared_channel_id,
        message=_post(session, workspace, entry),
        not_before=post_at(context, entry),
    )


def refresh_post(session: Session, context: Context, workspace: Workspace, entry: Entry) -> None:
    """Let the post say what is true now, if there is one. One that has not left yet is written again, or taken back."""
    row = _find_post(session, entry)
    if row is None:
        return
    if row.state == OutboxState.PENDING and not row.attempts and _is_gone(entry):
        entry.shared_channel_id = None
        session.add(entry)
        session.delete(row)
        return
    message = _post(session, workspace, entry)
    if row.state in NOT_SENT:
        row.message = to_json(message)
        session.add(row)
        return
    enqueue(
        session,
        context,
        workspace_id=workspace.id,
        key=f"{_key(entry)}:{context.new_id()}",
        target_id=row.target_id,
        message=message,
        replaces=row.id,
        not_before=post_at(context, entry),
    )


def post_at(context: Context, entry: Entry) -> datetime:
    """When something about the entry may leave: now, or without a name at the next full hour."""
    if entry.visibility == Visibility.NAMED:
        return context.now
    return context.now.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)


def shared_where(session: Session, context: Context, workspace: Workspace, entry: Entry) -> Shared | None:
    row = _find_post(session, entry)
    if row is None:
        return None
    name = workspace.channel_name if row.target_id == workspace.channel_id else None
    waits = row.state == OutboxState.PENDING and row.not_before > context.now
    return Shared(name.lstrip("#") if name else None, row.not_before if waits else None)


def told(session: Session, entry: Entry) -> Told:
    """The entry with who told it, as everybody may read it."""
    author = session.get(Member, entry.author_id) if entry.author_id else None
    side = find_side(session, entry.workspace_id, entry.side)
    return Told(entry, Teller(author.name if author else None, side.name if side else None))


def _post(session: Session, workspace: Workspace, entry: Entry) -> Message:
    speak = speaker(workspace.language, workspace.timezone)
    if _is_gone(entry):
        return messages.post_removed(speak, entry)
    sides = [side.name for side in list_sides(session, workspace.id) if side.kind == SideKind.COUNTERPART]
    others = [told(session, other) for other in list_pair(session, entry)]
    return messages.post(speak, told(session, entry), others, sides)


def _find_post(session: Session, entry: Entry) -> Outgoing | None:
    if entry.shared_channel_id is None:
        return None
    return outbox.find_key(session, _key(entry))


def _is_gone(entry: Entry) -> bool:
    return entry.withdrawn_on is not None or entry.hidden_reason is not None


def _key(entry: Entry) -> str:
    return f"share:{entry.id}"

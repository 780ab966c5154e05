"""The post about a change ahead: there is one in the channel, and it changes in place."""

from sqlmodel import Session

from bot.services.context import Context
from bot.services.disturbances.records import change_of
from bot.services.messages import disturbances as messages
from bot.services.outbox import enqueue
from bot.templates import speaker
from storage.outbox import find_key
from storage.tables import Disturbance, Workspace


def post_change(session: Session, context: Context, workspace: Workspace, disturbance: Disturbance) -> None:
    """Post it, or let the post say what is true now. Nothing where there is no channel."""
    posted = find_key(session, _key(disturbance))
    target = posted.target_id if posted else workspace.channel_id
    if target is None:
        return
    speak = speaker(workspace.language, workspace.timezone)
    enqueue(
        session,
        context,
        workspace_id=workspace.id,
        key=f"{_key(disturbance)}:{context.new_id()}" if posted else _key(disturbance),
        target_id=target,
        message=messages.post(speak, change_of(session, disturbance)),
        replaces=posted.id if posted else None,
    )


def _key(disturbance: Disturbance) -> str:
    return f"disturbance:{disturbance.id}"

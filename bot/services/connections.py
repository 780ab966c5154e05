"""Whether we are still installed: taken away, everything stops and is kept; put back, it goes on from there."""

from datetime import datetime

import structlog
from sqlmodel import Session

from bot.services.access import Sender
from bot.services.audit import note_from_outside
from bot.services.context import Context
from bot.services.requests import claim_request
from bot.services.summaries.planning import ensure_summary
from storage.tables import Workspace
from storage.workspaces import any_connected, find_workspace

log = structlog.get_logger()


def disconnect(session: Session, context: Context, sender: Sender, request_id: str, told_at: datetime) -> None:
    """The platform told at that moment that the app was taken away: nothing is sent or answered from now on.

    What was told before the app was last connected is out of date: the platform tells it again for an hour.
    """
    claim_request(session, context, request_id)
    workspace = find_workspace(session, sender.platform, sender.team_id)
    if workspace is None or workspace.disconnected_at is not None:
        return
    if workspace.connected_at is not None and told_at < workspace.connected_at:
        return
    workspace.disconnected_at = context.now
    session.add(workspace)
    note_from_outside(session, context, workspace.id, "workspace.disconnect", workspace.id, "connected", "disconnected")
    log.warning("disconnected", workspace_id=workspace.id, cure="install Ampersand again and start it with its token")


def reconnect(session: Session, context: Context, workspace: Workspace) -> None:
    """The token was proved right now: go on, and catch up with what still helps."""
    if workspace.disconnected_at is not None:
        note_from_outside(
            session, context, workspace.id, "workspace.connect", workspace.id, "disconnected", "connected"
        )
        log.info("connected_again", workspace_id=workspace.id)
    workspace.connected_at, workspace.disconnected_at = context.now, None
    session.add(workspace)
    session.flush()
    ensure_summary(session, context, workspace)


def is_disconnected(session: Session) -> bool:
    """Whether the app was taken away everywhere, for /health."""
    return not any_connected(session)

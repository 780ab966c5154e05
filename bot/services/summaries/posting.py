"""The weekly summary in the channel."""

from datetime import datetime
from typing import Final

from sqlmodel import Session

from bot.domain.brief_times import LATE_FROM
from bot.services.context import Context
from bot.services.messages import summaries as messages
from bot.services.outbox import enqueue
from bot.services.scheduling import plan, skip_if_late
from bot.services.summaries.building import build_summary, since_of
from bot.services.summaries.planning import moved_to, plan_summary, summary_channel
from bot.templates import speaker
from storage.tables import OccurrenceState, Schedule, Workspace

DUE: Final = "%Y%m%d%H%M"


def materialise_summary(session: Session, context: Context, schedule: Schedule, due_at: datetime) -> OccurrenceState:
    """Post the summary as of its due minute, with a note when that is late, and plan the next.

    What comes too late to help is skipped, and the facilitators are told; the next one tells of that week too.
    """
    workspace = session.get_one(Workspace, schedule.workspace_id)
    if better := moved_to(session, workspace, due_at):
        plan(session, context, workspace.id, schedule.kind, workspace.id, better)
        return OccurrenceState.SKIPPED
    plan_summary(session, context, workspace, after=due_at)
    channel_id = summary_channel(session, workspace)
    if channel_id is None or skip_if_late(session, context, schedule, due_at):
        return OccurrenceState.SKIPPED
    late = context.now - due_at >= LATE_FROM
    facts = build_summary(session, context, workspace, since_of(session, workspace, due_at), due_at)
    speak = speaker(workspace.language, workspace.timezone)
    enqueue(
        session,
        context,
        workspace_id=workspace.id,
        key=f"summary:{workspace.id}:{due_at:{DUE}}",
        target_id=channel_id,
        message=messages.post(speak, facts, late_at=context.now if late else None),
    )
    return OccurrenceState.LATE if late else OccurrenceState.DONE

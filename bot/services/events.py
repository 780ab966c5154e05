"""What comes next, in a sentence: for whoever moves the clock of the playground."""

from datetime import datetime

from sqlmodel import Session

from bot.services import scheduling
from bot.templates import speaker
from storage.tables import Meeting, Schedule, ScheduleKind, Workspace


def next_event(session: Session) -> tuple[datetime, str] | None:
    """When the next schedule falls due, and what it is; None when nothing is planned."""
    schedule = scheduling.next_due(session)
    if schedule is None or schedule.next_due_at is None:
        return None
    return schedule.next_due_at, _say(session, schedule)


def _say(session: Session, schedule: Schedule) -> str:
    workspace = session.get(Workspace, schedule.workspace_id)
    speak = speaker("en", workspace.timezone if workspace else "UTC")
    meeting = session.get(Meeting, schedule.subject_id) if schedule.kind == ScheduleKind.BRIEF else None
    return speak.plain("event", schedule.kind, meeting=meeting)

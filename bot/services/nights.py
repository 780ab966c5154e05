"""When nobody waits: what holds everybody up for a while is done then."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlmodel import Session

from bot.services.context import Context
from storage.schedules import first_due
from storage.workspaces import list_workspaces

NIGHT_HOURS = (2, 3)
QUIET = timedelta(minutes=10)
"""How long nothing is to fall due."""


def is_quiet_night(session: Session, context: Context) -> bool:
    """Between two and four in the night by the clock of every company, with nothing due soon."""
    due = first_due(session, None)
    if due is not None and due.next_due_at is not None and due.next_due_at < context.now + QUIET:
        return False
    nights = [_is_night(context.now, workspace.timezone) for workspace in list_workspaces(session)]
    return bool(nights) and all(nights)


def _is_night(moment: datetime, zone: str) -> bool:
    return moment.astimezone(ZoneInfo(zone)).hour in NIGHT_HOURS

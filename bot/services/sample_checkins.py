"""The weekly check-in of a sample company, running from the moment it was loaded."""

from collections.abc import Collection

from sqlmodel import Session

from bot.services.checkins.planning import plan_next
from bot.services.checkins.templates import Template, create
from bot.services.context import Context
from storage.members import list_members
from storage.tables import Checkin, CheckinPerson, Workspace


def start_weekly(session: Session, context: Context, workspace: Workspace, observers: Collection[str]) -> Checkin:
    """Let the weekly check-in run; `observers` (the platform's ids) see its results and are never asked."""
    checkin = create(session, context, workspace, Template.WEEKLY)
    session.add_all(
        CheckinPerson(checkin_id=checkin.id, member_id=member.id, is_observer=True)
        for member in list_members(session, workspace.id)
        if member.external_id in observers
    )
    session.flush()
    plan_next(session, context, workspace, checkin)
    return checkin

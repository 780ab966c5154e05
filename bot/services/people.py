"""What the chat platform tells about people: who has left, became a guest, came back, lives by another clock now."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import structlog
from sqlmodel import Session

from bot.domain.changes import write_state
from bot.domain.working_time import EARLIEST
from bot.domain.zones import find_zone
from bot.services.access import Profile, Sender, access_workspace, company_day, has_left, is_colleague
from bot.services.audit import note_from_outside
from bot.services.checkins.people import end_turns, replan_member
from bot.services.context import Context
from bot.services.messages import people as messages
from bot.services.outbox import Notice, enqueue, tell
from bot.services.questions import end_questions_to
from bot.services.requests import claim_request
from bot.templates import speaker
from storage.members import (
    count_active_by_side,
    count_duties,
    find_member,
    find_side,
    list_emptied_sides,
    list_facilitators,
)
from storage.outbox import believe_open, fail_waiting, list_keys
from storage.tables import Member, Outcome, Workspace, ZoneFrom
from storage.workspaces import list_workspaces

ONE_DAY = timedelta(days=1)
LATE = timedelta(days=7)
"""So long after the last day it is news that a side has nobody left."""

LEFT = "left"
"""Why what waited for somebody who left was not sent."""

log = structlog.get_logger()


def person_changed(session: Session, context: Context, sender: Sender, request_id: str, profile: Profile) -> None:
    """The person changed on the platform. Who is no colleague any more has no access from this moment on.

    Raises `DuplicateRequest` when that was told before.
    """
    claim_request(session, context, request_id)
    workspace = access_workspace(session, sender)
    member = find_member(session, workspace.id, sender.user_id)
    if member is None:
        return
    if is_colleague(workspace, profile):
        _return(session, context, workspace, member)
        before, member.name = member.timezone, profile.name
        _follow_clock(member, profile)
        session.add(member)
        if member.timezone != before:
            replan_member(session, context, workspace, member)
    elif not has_left(workspace, context, member):
        _leave(session, context, workspace, member)


def tell_side_empty(session: Session, context: Context, workspace: Workspace, side: str) -> None:
    """Once somebody has gone from there: where nobody is left, the facilitators hear so, and since which day."""
    today = company_day(workspace, context)
    known = find_side(session, workspace.id, side)
    if known is None or count_active_by_side(session, workspace.id, today).get(side):
        return
    notices = [
        Notice(lead.external_id, messages.side_empty(speaker(lead.language, lead.timezone), known.name))
        for lead in list_facilitators(session, workspace.id, today)
    ]
    tell(session, context, workspace.id, f"{_emptied(side)}{today}:{context.new_id()}", notices)


def tell_sides_emptied(session: Session, context: Context) -> None:
    """The same where the last day of the last of them was set ahead; in the company's hours, and once."""
    for workspace in list_workspaces(session):
        today = company_day(workspace, context)
        is_open = context.now.astimezone(ZoneInfo(workspace.timezone)).time() >= EARLIEST
        emptied = list_emptied_sides(session, workspace.id, today) if is_open and not workspace.disconnected_at else {}
        for side, last_day in emptied.items():
            told = [key.split(":")[2] for key in list_keys(session, workspace.id, _emptied(side))]
            if last_day >= today - LATE and max(told, default="") <= str(last_day):
                tell_side_empty(session, context, workspace, side)


def _emptied(side: str) -> str:
    """How the keys of what is told about it begin; behind the colon follows the day on which it was told."""
    return f"side_empty:{side}:"


def _leave(session: Session, context: Context, workspace: Workspace, member: Member) -> None:
    """Their last day was yesterday; what waits for them ends, and what they held is told to the facilitators."""
    before, member.active_to = member.active_to, company_day(workspace, context) - ONE_DAY
    member.ended_by_platform = True
    session.add(member)
    session.flush()
    note_from_outside(session, context, workspace.id, "member.leave", member.id, _day(before), _day(member.active_to))
    end_turns(session, member, Outcome.LEFT)
    fail_waiting(session, workspace.id, member.external_id, LEFT)
    end_questions_to(session, context, workspace, member)
    _tell_facilitators(session, context, workspace, member)
    tell_side_empty(session, context, workspace, member.side)
    log.info("member_left", member_id=member.id)


def _return(session: Session, context: Context, workspace: Workspace, member: Member) -> None:
    """Undo the last day that came from the platform; one that a facilitator set stays."""
    if not member.ended_by_platform:
        return
    before, member.active_to, member.ended_by_platform = member.active_to, None, False
    session.add(member)
    session.flush()
    believe_open(session, workspace.id, member.external_id, LEFT)
    replan_member(session, context, workspace, member)
    note_from_outside(session, context, workspace.id, "member.return", member.id, _day(before), None)
    log.info("member_returned", member_id=member.id)


def _follow_clock(member: Member, profile: Profile) -> None:
    """A zone that changed on the platform is theirs from now on, unless somebody chose another one for them.

    Who lives by the zone of their site or company has not chosen: they were somewhere else all the time, or moved.
    """
    zone, before = find_zone(profile.timezone or ""), member.platform_timezone
    if zone is None:
        return
    is_chosen = member.timezone_from is ZoneFrom.OWN and member.timezone != before
    if before not in (None, zone) and not is_chosen:
        member.timezone, member.timezone_from = zone, ZoneFrom.OWN
    member.platform_timezone = zone


def _tell_facilitators(session: Session, context: Context, workspace: Workspace, member: Member) -> None:
    """What waits for somebody else now; nothing where nothing does."""
    duties = count_duties(session, member, context.now)
    if not any(duties.values()):
        return
    for lead in list_facilitators(session, workspace.id, company_day(workspace, context)):
        speak = speaker(lead.language, lead.timezone)
        enqueue(
            session,
            context,
            workspace_id=workspace.id,
            key=f"member_left:{context.new_id()}",
            target_id=lead.external_id,
            message=messages.left(speak, member.name, duties),
        )


def _day(day: object) -> str | None:
    return write_state({"active_to": day}) if day else None

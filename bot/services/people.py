"""What the chat platform tells about people: who has left, became a guest, came back, lives by another clock now."""

from datetime import timedelta

import structlog
from sqlmodel import Session

from bot.domain.changes import write_state
from bot.domain.zones import find_zone
from bot.services.access import Profile, Sender, access_workspace, company_day, has_left, is_colleague
from bot.services.audit import note_from_outside
from bot.services.context import Context
from bot.services.messages import people as messages
from bot.services.outbox import enqueue
from bot.services.questions import end_questions_to
from bot.services.requests import claim_request
from bot.templates import speaker
from storage.members import count_duties, find_member, list_facilitators
from storage.outbox import believe_open, fail_waiting
from storage.tables import Member, Workspace

ONE_DAY = timedelta(days=1)
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
        _follow_clock(member, profile)
        member.name = profile.name
        session.add(member)
    elif not has_left(workspace, context, member):
        _leave(session, context, workspace, member)


def _leave(session: Session, context: Context, workspace: Workspace, member: Member) -> None:
    """Their last day was yesterday; what waits for them ends, and what they held is told to the facilitators."""
    before, member.active_to = member.active_to, company_day(workspace, context) - ONE_DAY
    member.ended_by_platform = True
    session.add(member)
    session.flush()
    note_from_outside(session, context, workspace.id, "member.leave", member.id, _day(before), _day(member.active_to))
    fail_waiting(session, workspace.id, member.external_id, LEFT)
    end_questions_to(session, context, workspace, member)
    _tell_facilitators(session, context, workspace, member)
    log.info("member_left", member_id=member.id)


def _return(session: Session, context: Context, workspace: Workspace, member: Member) -> None:
    """Undo the last day that came from the platform; one that a facilitator set stays."""
    if not member.ended_by_platform:
        return
    before, member.active_to, member.ended_by_platform = member.active_to, None, False
    session.add(member)
    session.flush()
    believe_open(session, workspace.id, member.external_id, LEFT)
    note_from_outside(session, context, workspace.id, "member.return", member.id, _day(before), None)
    log.info("member_returned", member_id=member.id)


def _follow_clock(member: Member, profile: Profile) -> None:
    """Their zone goes with the platform's, unless somebody chose another one for them."""
    zone = find_zone(profile.timezone or "")
    if zone is None:
        return
    if member.timezone == member.platform_timezone:
        member.timezone = zone
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

"""How long before a meeting its brief comes, per type of meeting."""

from collections.abc import Mapping
from datetime import time
from typing import Any

from sqlmodel import Session

from bot.domain.brief_times import USUAL
from bot.domain.chat import Form, Message, Submission
from bot.domain.errors import Refused
from bot.domain.recurrence import parse_time
from bot.services.access import Actor, Sender, access_facilitator
from bot.services.context import Context
from bot.services.meetings.calendars import brief_time, plan_brief
from bot.services.meetings.records import note_change, read, write
from bot.services.messages import brief_rules as messages
from bot.services.requests import claim_request
from storage.meetings import find_brief_rule, planned_of_type
from storage.tables import AuditRecord, BriefRule, MeetingType


def brief_rule_form(session: Session, context: Context, sender: Sender, _value: str = "") -> Form:
    actor = access_facilitator(session, context, sender)
    now = {meeting_type: brief_time(session, actor.workspace.id, meeting_type) for meeting_type in MeetingType}
    return messages.form(actor.speaker, actor.workspace.timezone, now)


def save_brief_rule(
    session: Session, context: Context, sender: Sender, request_id: str, submission: Submission
) -> Message:
    """From now on briefs before meetings of that type come then. Raises `Refused` beside the field that is wrong."""
    claim_request(session, context, request_id)
    actor = access_facilitator(session, context, sender)
    meeting_type, lead = MeetingType(submission.text("type")), int(submission.text("lead")) or None
    at = parse_time(submission.text("at")) if submission.text("at") else USUAL.at
    before = _state(session, actor, meeting_type)
    note_id = _change(session, context, actor, meeting_type, {"lead": lead, "at": at.isoformat()}, before, "change")
    upcoming = planned_of_type(session, actor.workspace.id, meeting_type, context.now)
    return messages.saved(actor, meeting_type, lead, at, upcoming[0] if upcoming else None, note_id)


def undo(session: Session, context: Context, actor: Actor, note: AuditRecord) -> None:
    """Put the rule back as it was. Raises `Refused` when it was changed since."""
    meeting_type = MeetingType(note.subject.partition(":")[2])
    now = _state(session, actor, meeting_type)
    if write(now) != note.after:
        raise Refused("changed_since")
    _change(session, context, actor, meeting_type, read(note.before), now, "undo")


def _change(
    session: Session,
    context: Context,
    actor: Actor,
    meeting_type: MeetingType,
    wanted: Mapping[str, Any] | None,
    before: Mapping[str, Any] | None,
    verb: str,
) -> str:
    """Let the rule be so (None = the default again), the briefs to come follow, and note it down."""
    present = find_brief_rule(session, actor.workspace.id, meeting_type)
    if present is not None:
        session.delete(present)
        session.flush()
    if wanted is not None:
        at = time.fromisoformat(wanted["at"])
        rule = BriefRule(
            workspace_id=actor.workspace.id, type=meeting_type, lead_working_days=wanted["lead"], local_time=at
        )
        session.add(rule)
        session.flush()
    for meeting in planned_of_type(session, actor.workspace.id, meeting_type, context.now):
        plan_brief(session, context, actor.workspace, meeting)
    after = _state(session, actor, meeting_type)
    return note_change(session, context, actor, verb, f"brief_rule:{meeting_type}", before, after)


def _state(session: Session, actor: Actor, meeting_type: MeetingType) -> Mapping[str, Any] | None:
    rule = find_brief_rule(session, actor.workspace.id, meeting_type)
    return {"lead": rule.lead_working_days, "at": rule.local_time.isoformat()} if rule else None

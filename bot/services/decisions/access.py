"""Which question or meeting a button means, and who may change it."""

from collections.abc import Mapping

from sqlmodel import Session

from bot.domain.changes import write_state
from bot.domain.decision import ASKED_OF, DecisionRecord, is_over
from bot.domain.errors import Refused
from bot.services.access import Actor
from bot.services.context import Context
from bot.services.decisions.records import records_of
from storage.decisions import find_decision
from storage.meetings import find_meeting
from storage.tables import Decision, DecisionStatus, Meeting


def access_decision(session: Session, actor: Actor, decision_id: str) -> tuple[Decision, Meeting]:
    """The question with its meeting, for every member, while it stands on the list."""
    decision = find_decision(session, actor.workspace.id, decision_id)
    if decision is None or decision.removed_at is not None:
        raise Refused("decision_gone")
    return decision, session.get_one(Meeting, decision.meeting_id)


def access_open_decision(
    session: Session, context: Context, actor: Actor, decision_id: str
) -> tuple[Decision, Meeting]:
    """The question, while its meeting can still answer it another way: not answered, not over."""
    decision, meeting = access_decision(session, actor, decision_id)
    if decision.status is not DecisionStatus.ASKED or is_over(meeting, context.now):
        raise Refused("decision_closed")
    return decision, meeting


def access_meeting(session: Session, actor: Actor, meeting_id: str) -> Meeting:
    """A meeting that is asked to decide."""
    meeting = find_meeting(session, actor.workspace.id, meeting_id)
    if meeting is None or meeting.type not in ASKED_OF:
        raise Refused("old_button")
    return meeting


def record_of(session: Session, decision: Decision) -> DecisionRecord:
    return records_of(session, [decision])[0]


def as_text(record: DecisionRecord, meeting: Meeting) -> str:
    """All that a facilitator can change, for the audit trail: one "name: value" a line."""
    decision = record.decision
    options: Mapping[str, str] = {
        f"option {option.letter}": "; ".join(filter(None, (option.text, option.price))) for option in record.options
    }
    facts = {
        "meeting": meeting.key,
        "question": decision.question,
        "kind": decision.kind,
        **options,
        "recommendation": decision.recommendation,
        "owner": record.owner,
        "co-owner": record.co_owner,
        "objectives": ", ".join(record.objective_keys),
        "entries": ", ".join(f"#{entry.ref}" for entry in record.entries),
        "status": decision.status,
        "taken": decision.taken_option,
    }
    return write_state({name: value for name, value in facts.items() if value})

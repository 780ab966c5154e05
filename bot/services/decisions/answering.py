"""What became of the questions of a meeting: taken, carried over, or passed on to the executive S&OP."""

from sqlmodel import Session

from bot.domain.chat import Message
from bot.domain.decision import has_room
from bot.domain.errors import Refused
from bot.services.access import Actor, Sender, access_facilitator
from bot.services.audit import note
from bot.services.context import Context
from bot.services.decisions.access import (
    access_decision,
    access_meeting,
    as_text,
    record_of,
)
from bot.services.decisions.asking import copy_decision
from bot.services.decisions.records import records_of
from bot.services.messages import decisions as messages
from storage.decisions import brief_since, find_follower, list_decisions, lock_meeting
from storage.meetings import meetings_ahead
from storage.tables import Decision, DecisionKind, DecisionStatus, Meeting, MeetingType


def answer_card(session: Session, context: Context, sender: Sender, meeting_id: str) -> Message:
    """The questions of a meeting that has begun, each with its answers."""
    actor = access_facilitator(session, context, sender)
    return _card(session, context, actor, access_meeting(session, actor, meeting_id))


def take_option(session: Session, context: Context, sender: Sender, value: str) -> Message:
    """`value` is "decision|letter"."""
    decision_id, _, letter = value.partition("|")
    actor, decision, meeting = _access_to_answer(session, context, sender, decision_id)
    if letter not in {option.letter for option in record_of(session, decision).options}:
        raise Refused("old_button")
    _answer(session, context, actor, decision, meeting, DecisionStatus.TAKEN, letter)
    return _card(session, context, actor, meeting)


def carry_over(session: Session, context: Context, sender: Sender, decision_id: str) -> Message:
    """Ask it again at the next meeting of that type, with its history."""
    actor, decision, meeting = _access_to_answer(session, context, sender, decision_id)
    _follow(session, context, actor, decision, meeting, meeting.type, decision.kind)
    _answer(session, context, actor, decision, meeting, DecisionStatus.CARRIED_OVER)
    return _card(session, context, actor, meeting)


def escalate(session: Session, context: Context, sender: Sender, decision_id: str) -> Message:
    """Pass it on to the next executive S&OP, where it is a question of its own."""
    actor, decision, meeting = _access_to_answer(session, context, sender, decision_id)
    if meeting.type is not MeetingType.PRE_SOP:
        raise Refused("old_button")
    _follow(session, context, actor, decision, meeting, MeetingType.EXECUTIVE_SOP, DecisionKind.DECIDE)
    _answer(session, context, actor, decision, meeting, DecisionStatus.ESCALATED)
    return _card(session, context, actor, meeting)


def undo_answer(session: Session, context: Context, sender: Sender, decision_id: str) -> Message:
    """The question waits again; what it became at a later meeting goes. Until the next brief of that type."""
    actor = access_facilitator(session, context, sender)
    decision, meeting = access_decision(session, actor, decision_id)
    if decision.answered_at is None:
        return _card(session, context, actor, meeting)
    briefed_at = brief_since(session, meeting, decision.answered_at)
    if briefed_at is not None:
        raise Refused("decision_in_brief", when=briefed_at)
    follower = find_follower(session, decision.id)
    if follower is not None:
        _take_back(session, context, actor, follower)
    _answer(session, context, actor, decision, meeting, DecisionStatus.ASKED)
    return _card(session, context, actor, meeting)


def _access_to_answer(
    session: Session, context: Context, sender: Sender, decision_id: str
) -> tuple[Actor, Decision, Meeting]:
    """A question that waits, of a meeting that has begun."""
    actor = access_facilitator(session, context, sender)
    decision, meeting = access_decision(session, actor, decision_id)
    lock_meeting(session, meeting)
    session.refresh(decision)
    if decision.status is not DecisionStatus.ASKED:
        raise Refused("decision_answered")
    if context.now < meeting.starts_at:
        raise Refused("decision_not_begun", when=meeting.starts_at)
    return actor, decision, meeting


def _answer(
    session: Session,
    context: Context,
    actor: Actor,
    decision: Decision,
    meeting: Meeting,
    status: DecisionStatus,
    letter: str | None = None,
) -> None:
    before = as_text(record_of(session, decision), meeting)
    decision.status, decision.taken_option = status, letter
    decision.answered_at = None if status is DecisionStatus.ASKED else context.now
    session.add(decision)
    session.flush()
    after = as_text(record_of(session, decision), meeting)
    note(session, context, actor, "decision.answer", decision.id, before, after)


def _follow(
    session: Session,
    context: Context,
    actor: Actor,
    decision: Decision,
    meeting: Meeting,
    to: MeetingType,
    kind: DecisionKind,
) -> None:
    """Ask it at the next meeting of that type, if there is one with room for it."""
    ahead = meetings_ahead(session, meeting.workspace_id, context.now, 2, [to])
    following = next((each for each in ahead if each.id != meeting.id), None)
    if following is None:
        raise Refused("decision_no_next_meeting", meeting=to)
    lock_meeting(session, following)
    if not has_room(kind, list_decisions(session, [following.id])):
        raise Refused("decision_next_is_full", meeting=to, when=following.starts_at)
    follower = copy_decision(session, context, decision, following, kind)
    note(session, context, actor, "decision.ask", follower.id, after=as_text(record_of(session, follower), following))


def _take_back(session: Session, context: Context, actor: Actor, follower: Decision) -> None:
    """Take the question off the list of the meeting it went on to, unless that has answered it."""
    meeting = session.get_one(Meeting, follower.meeting_id)
    if follower.status is not DecisionStatus.ASKED:
        raise Refused("decision_followed", when=meeting.starts_at)
    before = as_text(record_of(session, follower), meeting)
    follower.removed_at = context.now
    session.add(follower)
    note(session, context, actor, "decision.remove", follower.id, before)


def _card(session: Session, context: Context, actor: Actor, meeting: Meeting) -> Message:
    if context.now < meeting.starts_at:
        raise Refused("decision_not_begun", when=meeting.starts_at)
    records = records_of(session, list_decisions(session, [meeting.id]))
    followers = {record.decision.id: find_follower(session, record.decision.id) for record in records}
    answers = messages.Answers(
        meeting=meeting,
        records=records,
        followed_at={
            decision_id: session.get_one(Meeting, follower.meeting_id)
            for decision_id, follower in followers.items()
            if follower
        },
        final={record.decision.id for record in records if _is_final(session, record.decision, meeting)},
    )
    return messages.answers(actor.speaker, answers)


def _is_final(session: Session, decision: Decision, meeting: Meeting) -> bool:
    return decision.answered_at is not None and brief_since(session, meeting, decision.answered_at) is not None

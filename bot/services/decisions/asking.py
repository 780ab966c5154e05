"""A facilitator asks a meeting to decide, changes the question, takes it off and puts it back."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlmodel import Session

from bot.domain.chat import Form, Message, Submission
from bot.domain.decision import (
    ASKED_OF,
    LETTERS,
    OptionFacts,
    Proposal,
    check_proposal,
    check_room,
    in_order,
    is_over,
    parse_refs,
)
from bot.domain.errors import Refused
from bot.services.access import Actor, Sender, access_facilitator, company_day
from bot.services.audit import note
from bot.services.context import Context
from bot.services.decisions.access import (
    access_meeting,
    access_open_decision,
    as_text,
    record_of,
)
from bot.services.decisions.listing import list_card
from bot.services.messages import decision_forms as forms
from bot.services.messages.decisions import Said
from bot.services.requests import claim_request
from storage.decisions import (
    find_decision,
    forget_details,
    list_decisions,
    lock_meeting,
    meetings_begun,
)
from storage.entries import find_entry
from storage.meetings import meetings_ahead
from storage.members import find_member
from storage.objectives import list_objectives
from storage.tables import (
    Decision,
    DecisionEntry,
    DecisionKind,
    DecisionObjective,
    DecisionOption,
    Meeting,
    Member,
)

MEETINGS_OFFERED = 6


def ask_form(session: Session, context: Context, sender: Sender, meeting_id: str) -> Form:
    """An empty question for the meeting, or for the next one when `meeting_id` is ""."""
    actor = access_facilitator(session, context, sender)
    meetings = _offered(session, context, actor)
    if not meetings:
        raise Refused("decision_no_meeting")
    chosen = next((meeting for meeting in meetings if meeting.id == meeting_id), meetings[0])
    return forms.decision(actor.speaker, _choices(session, actor, meetings), chosen)


def change_form(session: Session, context: Context, sender: Sender, decision_id: str) -> Form:
    actor = access_facilitator(session, context, sender)
    decision, meeting = access_open_decision(session, context, actor, decision_id)
    meetings = _offered(session, context, actor)
    offered = meetings if meeting.id in {each.id for each in meetings} else [meeting, *meetings]
    owners = [session.get(Member, person) for person in (decision.owner_id, decision.co_owner_id) if person]
    people = [owner.external_id for owner in owners if owner and owner.name]
    return forms.decision(
        actor.speaker, _choices(session, actor, offered), meeting, record_of(session, decision), people
    )


def save_decision(
    session: Session, context: Context, sender: Sender, request_id: str, submission: Submission
) -> Message:
    """Ask what the form says, or change it. Raises `Refused` beside the field that is wrong."""
    claim_request(session, context, request_id)
    actor = access_facilitator(session, context, sender)
    decision_id = submission.payload.get("decision")
    decision, before = _stored(session, context, actor, decision_id) if decision_id else (None, None)
    meeting = access_meeting(session, actor, submission.text("meeting"))
    lock_meeting(session, meeting)
    proposal = _proposal(submission)
    options = check_proposal(proposal)
    others = [other for other in list_decisions(session, [meeting.id]) if other.id != decision_id]
    check_room(proposal.kind, meeting, others, context.now)
    owner_id, co_owner_id = _owners(session, context, actor, submission)
    entry_ids = _entry_ids(session, actor, submission)
    facts = {
        "meeting_id": meeting.id,
        "question": proposal.question,
        "kind": proposal.kind,
        "recommendation": proposal.recommendation,
        "owner_id": owner_id,
        "co_owner_id": co_owner_id,
    }
    moved = decision is None or (decision.meeting_id, decision.kind) != (meeting.id, proposal.kind)
    decision = _told(decision, facts) if decision else _new(context, actor.workspace.id, facts)
    _keep(session, decision, options, _objective_keys(session, actor, submission), entry_ids)
    if moved:
        _rank(session, decision, others)
    after = as_text(record_of(session, decision), meeting)
    note(session, context, actor, "decision.change" if before else "decision.ask", decision.id, before, after)
    return list_card(session, context, actor, Said("changed" if before else "saved", decision))


def remove_decision(session: Session, context: Context, sender: Sender, decision_id: str) -> Message:
    """Take the question off the list; a brief that has it keeps it. It can be put back."""
    actor = access_facilitator(session, context, sender)
    decision, meeting = access_open_decision(session, context, actor, decision_id)
    decision.removed_at = context.now
    session.add(decision)
    session.flush()
    note(session, context, actor, "decision.remove", decision.id, as_text(record_of(session, decision), meeting))
    return list_card(session, context, actor, Said("removed", decision))


def restore_decision(session: Session, context: Context, sender: Sender, decision_id: str) -> Message:
    actor = access_facilitator(session, context, sender)
    decision = find_decision(session, actor.workspace.id, decision_id)
    if decision is None:
        raise Refused("decision_gone")
    if decision.removed_at is not None:
        meeting = session.get_one(Meeting, decision.meeting_id)
        lock_meeting(session, meeting)
        others = list_decisions(session, [meeting.id])
        check_room(decision.kind, meeting, others, context.now)
        decision.removed_at = None
        _rank(session, decision, others)
        after = as_text(record_of(session, decision), meeting)
        note(session, context, actor, "decision.restore", decision.id, after=after)
    return list_card(session, context, actor, Said("restored", decision))


def copy_decision(
    session: Session, context: Context, decision: Decision, meeting: Meeting, kind: DecisionKind
) -> Decision:
    """The same question to a later meeting, with its history."""
    record, others = record_of(session, decision), list_decisions(session, [meeting.id])
    facts = {name: getattr(decision, name) for name in ("question", "recommendation", "owner_id", "co_owner_id")}
    facts |= {"meeting_id": meeting.id, "kind": kind, "follows_id": decision.id}
    follower = _new(context, decision.workspace_id, facts)
    _keep(session, follower, record.options, record.objective_keys, [entry.id for entry in record.entries])
    _rank(session, follower, others)
    return follower


def _new(context: Context, workspace_id: str, facts: Mapping[str, Any]) -> Decision:
    new_id = context.new_id()
    return Decision(id=new_id, key=new_id, workspace_id=workspace_id, rank=0, entered_at=context.now, **facts)


def _told(decision: Decision, facts: Mapping[str, Any]) -> Decision:
    for name, fact in facts.items():
        setattr(decision, name, fact)
    return decision


def _stored(session: Session, context: Context, actor: Actor, decision_id: str) -> tuple[Decision, str]:
    decision, meeting = access_open_decision(session, context, actor, decision_id)
    return decision, as_text(record_of(session, decision), meeting)


def _offered(session: Session, context: Context, actor: Actor) -> list[Meeting]:
    """Meetings that are not over, the soonest first."""
    ahead = meetings_ahead(session, actor.workspace.id, context.now, MEETINGS_OFFERED, ASKED_OF)
    begun = meetings_begun(session, actor.workspace.id, context.now, ASKED_OF, 1)
    return [*(meeting for meeting in begun if not is_over(meeting, context.now)), *ahead]


def _choices(session: Session, actor: Actor, meetings: Sequence[Meeting]) -> forms.Choices:
    return forms.Choices(meetings, list_objectives(session, actor.workspace.id))


def _proposal(submission: Submission) -> Proposal:
    kind, recommendation = submission.text("kind"), submission.choice("recommendation")
    return Proposal(
        question=" ".join(submission.text("question").split()),
        kind=DecisionKind(kind) if kind in set(DecisionKind) else DecisionKind.DECIDE,
        options={letter: " ".join(submission.text(f"option_{letter.lower()}").split()) for letter in LETTERS},
        recommendation=recommendation if recommendation != forms.NONE else None,
    )


def _owners(session: Session, context: Context, actor: Actor, submission: Submission) -> tuple[str, str | None]:
    owner = _person(session, context, actor, submission, "owner")
    if owner is None:
        raise Refused("decision_owner_missing", field="owner")
    co_owner = _person(session, context, actor, submission, "co_owner")
    if owner == co_owner:
        raise Refused("decision_owners_same", field="co_owner")
    return owner, co_owner


def _person(session: Session, context: Context, actor: Actor, submission: Submission, field: str) -> str | None:
    person = submission.text(field)
    if not person:
        return None
    member = find_member(session, actor.workspace.id, person)
    today = company_day(actor.workspace, context)
    if member is None or (member.active_to is not None and member.active_to < today):
        raise Refused("decision_person_unknown", field=field)
    return member.id


def _entry_ids(session: Session, actor: Actor, submission: Submission) -> list[str]:
    ids = []
    for ref in parse_refs(submission.text("entries")):
        entry = find_entry(session, actor.workspace.id, ref)
        if entry is None or entry.withdrawn_on is not None or entry.hidden_reason is not None:
            raise Refused("decision_entry_unknown", field="entries", ref=ref)
        ids.append(entry.id)
    return ids


def _objective_keys(session: Session, actor: Actor, submission: Submission) -> list[str]:
    known = {objective.key for objective in list_objectives(session, actor.workspace.id)}
    chosen = (submission.text("objective"), submission.text("second_objective"))
    return list(dict.fromkeys(key for key in chosen if key in known))


def _keep(
    session: Session,
    decision: Decision,
    options: Sequence[OptionFacts],
    objective_keys: Sequence[str],
    entry_ids: Sequence[str],
) -> None:
    """The question with its options and links, in place of what stood there."""
    session.add(decision)
    session.flush()
    forget_details(session, decision.id)
    here, workspace_id = decision.id, decision.workspace_id
    session.add_all(
        DecisionOption(decision_id=here, letter=option.letter, text=option.text, price=option.price)
        for option in options
    )
    session.add_all(
        DecisionObjective(decision_id=here, workspace_id=workspace_id, objective_key=key, position=position)
        for position, key in enumerate(objective_keys)
    )
    session.add_all(DecisionEntry(decision_id=here, entry_id=entry_id) for entry_id in entry_ids)
    session.flush()


def _rank(session: Session, decision: Decision, others: Sequence[Decision]) -> None:
    for rank, each in enumerate(in_order(decision, others), start=1):
        each.rank = rank
        session.add(each)
    session.flush()

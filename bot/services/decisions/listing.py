"""The list of what the coming meetings are asked, and one question in full."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice

from sqlmodel import Session

from bot.domain.brief import from_json
from bot.domain.chat import Message
from bot.domain.decision import ASKED_OF, DecisionFacts, decision_facts, is_over
from bot.services.access import Actor, Sender, access_actor
from bot.services.context import Context
from bot.services.decisions.access import access_decision, record_of
from bot.services.decisions.records import records_of
from bot.services.messages import decisions as messages
from bot.templates import Rich
from storage.briefs import as_of_by_meeting, find_brief
from storage.decisions import (
    count_unanswered,
    find_objection,
    list_agenda_items,
    list_decisions,
    list_followed,
    meetings_begun,
)
from storage.meetings import meetings_ahead
from storage.objectives import list_objectives
from storage.tables import Decision, DecisionKind, DecisionStatus, Meeting

AHEAD, BEGUN = 8, 6
"""Meetings that are looked at: ahead for what is asked, begun for answers that are missing."""

FURTHEST_BACK = 24
"""Meetings through which one question is followed back."""


def list_decisions_card(session: Session, context: Context, sender: Sender, _value: str = "") -> Message:
    """What the coming pre-S&OP and executive S&OP are asked; for a facilitator with what they can do about it."""
    return list_card(session, context, access_actor(session, context, sender))


def list_card(session: Session, context: Context, actor: Actor, said: messages.Said | None = None) -> Message:
    """`said` stands above the list: what was done just now."""
    facts = messages.ListFacts(
        coming=_listed(session, context, _coming(session, context, actor)),
        begun=list(_begun(session, context, actor)),
        member_id=actor.member.id,
        leads=actor.leads,
    )
    return messages.list_card(actor.speaker, facts, said)


def show_options(session: Session, context: Context, sender: Sender, value: str) -> Message:
    """One question in full. `value` is its id, with "|" and the id of a brief: as that brief has it."""
    actor = access_actor(session, context, sender)
    decision_id, _, brief_id = value.partition("|")
    frozen = _frozen(session, actor, decision_id, brief_id)
    if frozen:
        facts, as_of = frozen
        return messages.options(actor.speaker, facts, _objectives(session, actor, facts), as_of)
    decision, meeting = access_decision(session, actor, decision_id)
    record = record_of(session, decision)
    facts = decision_facts(record, lambda _entry: True)
    more = messages.MoreFacts(
        meeting=meeting,
        objections=record.objections,
        history=history_of(session, decision),
        may_object=may_object(context, decision, meeting),
        objected=find_objection(session, decision.id, actor.member.id) is not None,
    )
    return messages.options(actor.speaker, facts, _objectives(session, actor, facts), more=more)


def may_object(context: Context, decision: Decision, meeting: Meeting) -> bool:
    asked = decision.kind is DecisionKind.RATIFY and decision.status is DecisionStatus.ASKED
    return asked and not is_over(meeting, context.now)


def history_of(session: Session, decision: Decision) -> list[tuple[Decision, Meeting]]:
    """The same question at earlier meetings, the latest first."""
    return list(islice(_followed(session, decision), FURTHEST_BACK))


def _followed(session: Session, decision: Decision) -> Iterator[tuple[Decision, Meeting]]:
    while decision.follows_id:
        decision = session.get_one(Decision, decision.follows_id)
        yield decision, session.get_one(Meeting, decision.meeting_id)


def _coming(session: Session, context: Context, actor: Actor) -> list[Meeting]:
    """The next meeting of each type, and later ones that are asked something already."""
    ahead = meetings_ahead(session, actor.workspace.id, context.now, AHEAD, ASKED_OF)
    asked = {decision.meeting_id for decision in list_decisions(session, [meeting.id for meeting in ahead])}
    first = {meeting.type: meeting.id for meeting in reversed(ahead)}
    return [meeting for meeting in ahead if meeting.id in {*asked, *first.values()}]


def _begun(session: Session, context: Context, actor: Actor) -> Iterator[messages.Begun]:
    """The last meeting of each type, and earlier ones with a question that waits for an answer."""
    begun = meetings_begun(session, actor.workspace.id, context.now, ASKED_OF, BEGUN)
    waiting = count_unanswered(session, [meeting.id for meeting in begun])
    last = {meeting.type: meeting.id for meeting in reversed(begun)}
    shown = [meeting for meeting in begun if meeting.id in {*waiting, *last.values()}]
    asked = _by_meeting(list_decisions(session, [meeting.id for meeting in shown]))
    for meeting in shown:
        over = is_over(meeting, context.now)
        yield messages.Begun(meeting, asked[meeting.id], waiting.get(meeting.id, 0), is_over=over)


def _listed(session: Session, context: Context, meetings: Sequence[Meeting]) -> list[messages.Listed]:
    """What each is asked, with one query for each thing that hangs on them."""
    ids = [meeting.id for meeting in meetings]
    decisions = list_decisions(session, ids)
    records, asked = records_of(session, decisions), _by_meeting(decisions)
    followed = {
        decision.id: (decision, meeting) for decision, meeting in list_followed(session, _followed_ids(decisions))
    }
    items, as_of = list_agenda_items(session, ids), as_of_by_meeting(session, ids)
    return [
        messages.Listed(
            meeting=meeting,
            records=[record for record in records if record.decision.meeting_id == meeting.id],
            carried={each.id: followed[each.follows_id] for each in asked[meeting.id] if each.follows_id},
            objectable={each.id for each in asked[meeting.id] if may_object(context, each, meeting)},
            items=[row for row in items if row[0].meeting_id == meeting.id],
            brief_as_of=as_of.get(meeting.id),
        )
        for meeting in meetings
    ]


def _by_meeting(decisions: Sequence[Decision]) -> Mapping[str, list[Decision]]:
    by_meeting = defaultdict(list)
    for decision in decisions:
        by_meeting[decision.meeting_id].append(decision)
    return by_meeting


def _followed_ids(decisions: Sequence[Decision]) -> set[str]:
    return {decision.follows_id for decision in decisions if decision.follows_id}


def _frozen(session: Session, actor: Actor, decision_id: str, brief_id: str) -> messages.Frozen | None:
    brief = find_brief(session, actor.workspace.id, brief_id) if brief_id else None
    if brief is None:
        return None
    facts = next((facts for facts in from_json(brief.snapshot).decisions if facts.id == decision_id), None)
    return (facts, brief.as_of) if facts else None


def _objectives(session: Session, actor: Actor, facts: DecisionFacts) -> Sequence[Rich | str]:
    names = {objective.key: objective for objective in list_objectives(session, actor.workspace.id)}
    return [actor.speaker.name_of(names[key]) for key in facts.objective_keys if key in names]

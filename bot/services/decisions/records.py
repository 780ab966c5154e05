"""Questions with all that hangs on them, as lists and briefs need them."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session

from bot.domain.decision import Answered, DecisionRecord, Objection, count_answers, is_known, options_of
from storage.decisions import (
    list_decisions,
    list_entries_asked,
    list_objections,
    list_objectives_asked,
    list_options,
)
from storage.members import names_by_id
from storage.tables import Decision, DecisionOption, Entry, Meeting


def list_decisions_asked(session: Session, meeting: Meeting, as_of: datetime) -> list[DecisionRecord]:
    """What the meeting was asked by that moment (aware UTC), by rank: what a brief due then is made from."""
    decisions = list_decisions(session, [meeting.id])
    return records_of(session, [decision for decision in decisions if is_known(decision, as_of)])


def count_decisions(session: Session, meeting: Meeting, as_of: datetime) -> Answered:
    """How many questions the meeting was asked, and how many of them were taken by that moment."""
    return count_answers(list_decisions(session, [meeting.id]), as_of)


def records_of(session: Session, decisions: Sequence[Decision]) -> list[DecisionRecord]:
    """In the order they are given, with one query for each thing that hangs on them."""
    ids = [decision.id for decision in decisions]
    owners = {decision.owner_id for decision in decisions} | {
        decision.co_owner_id for decision in decisions if decision.co_owner_id
    }
    names = names_by_id(session, owners)
    options, objectives, entries, objections = _details(session, ids)
    return [
        DecisionRecord(
            decision=decision,
            options=options_of(options[decision.id]),
            owner=names[decision.owner_id],
            co_owner=names[decision.co_owner_id] if decision.co_owner_id else None,
            objective_keys=tuple(objectives[decision.id]),
            entries=tuple(entries[decision.id]),
            objections=tuple(objections[decision.id]),
        )
        for decision in decisions
    ]


def _details(
    session: Session, ids: Sequence[str]
) -> tuple[dict[str, list[DecisionOption]], dict[str, list[str]], dict[str, list[Entry]], dict[str, list[Objection]]]:
    options, objectives = defaultdict(list), defaultdict(list)
    entries, objections = defaultdict(list), defaultdict(list)
    for option in list_options(session, ids):
        options[option.decision_id].append(option)
    for link in list_objectives_asked(session, ids):
        objectives[link.decision_id].append(link.objective_key)
    for decision_id, entry in list_entries_asked(session, ids):
        entries[decision_id].append(entry)
    for made, name in list_objections(session, ids):
        objections[made.decision_id].append(Objection(name, made.reason, made.objected_at))
    return options, objectives, entries, objections

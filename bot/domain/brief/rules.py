"""From records to the snapshot of a brief: what was known at one minute, and nothing later.

A row with a time counts when its time is before that minute; a date without a time when its day is over in the
company's zone. What is withdrawn or hidden is not told again, whenever that was: an insult is not posted because it
was still there at nine. Rules of the sample's README, "How the brief is computed".
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.domain.brief.entries import age, entry_facts, repeats, short_headline
from bot.domain.brief.guards import Silence, find_guards
from bot.domain.brief.snapshot import (
    FORMAT,
    AgreementFact,
    AgreementFacts,
    BriefSnapshot,
    Cycle,
    Elsewhere,
    EntryFacts,
    ObjectiveFact,
    Parked,
    Pulse,
    Told,
    ToldKind,
    Win,
    Words,
)
from bot.domain.brief.window import Window
from bot.domain.decision import DecisionFacts, DecisionRecord, decision_facts
from bot.domain.figures import change
from storage.tables import (
    Agreement,
    AgreementStatus,
    DecisionKind,
    Entry,
    EntryStatus,
    Kind,
    Meeting,
    MeetingType,
    Objective,
    ObjectiveActual,
    Side,
    Tension,
)

MOST_TOLD = 30
"""Entries of a kind that a brief names."""

_TOLD = (Kind.CLASH, Kind.NOT_SO_WELL, Kind.IMPROVE)
"""What went well is told with its why."""


@dataclass(frozen=True, slots=True)
class Records:
    """The rows a brief is made from; later ones may be among them, they are not seen.

    `since` is the due minute of the last brief of the same type, None = there was none. `people` are the active
    members of each side on the day of the brief. `entries` are those since then and the earlier ones they repeat.
    `decisions` are what this meeting is asked, `next_decisions` what `next_executive` is asked so far, both as known
    at that minute. `said` names the facts that guards of earlier briefs told.
    """

    meeting: Meeting
    zone: str
    since: datetime | None
    sides: Sequence[Side]
    people: Mapping[str, int]
    entries: Sequence[Entry]
    tensions: Sequence[Tension]
    objectives: Sequence[Objective]
    actuals: Sequence[ObjectiveActual]
    agreements: Sequence[Agreement]
    decisions: Sequence[DecisionRecord] = ()
    next_executive: Meeting | None = None
    next_decisions: Sequence[DecisionRecord] = ()
    pulse: Pulse | None = None
    cycles: Sequence[Cycle] = ()
    silences: Sequence[Silence] = ()
    dialogs: Sequence[Meeting] = ()
    closed_agreements: Sequence[Agreement] = ()
    said: Collection[str] = ()


def take_snapshot(records: Records, as_of: datetime) -> BriefSnapshot:
    """What the brief of the meeting says at the minute `as_of` (aware UTC)."""
    window = Window(ZoneInfo(records.zone), records.since, as_of)
    known = {entry.id: entry for entry in records.entries if window.knows(entry)}
    new = sorted((entry for entry in known.values() if window.is_new(entry)), key=age, reverse=True)
    month = _last_month(records.actuals, window.today)
    entries, came_back = entry_facts(new, records.sides, records.people), repeats(new, known, records.tensions, window)
    repeating = {repeat.ref for repeat in came_back}
    return BriefSnapshot(
        meeting_id=records.meeting.id,
        meeting_type=records.meeting.type,
        starts_at=records.meeting.starts_at,
        since=records.since,
        as_of=as_of,
        entries=entries,
        month=month,
        objectives=_objective_facts(records, month),
        came_back=came_back,
        agreements=_agreement_facts(records, window),
        went_well=_wins(new),
        format=FORMAT,
        decisions=_decision_facts(records, window),
        elsewhere=_elsewhere(records),
        parked=tuple(Parked(entry.ref, short_headline(entry)) for entry in new if entry.status is EntryStatus.PARKED),
        pulse=records.pulse,
        cycles=_cycles(records, entries, window),
        guards=find_guards(
            window,
            entries,
            [entry for entry in new if entry.ref in repeating],
            silences=records.silences,
            dialogs=records.dialogs,
            closed=records.closed_agreements,
            said=records.said,
        ),
        told=_told(new),
    )


def _decision_facts(records: Records, window: Window) -> tuple[DecisionFacts, ...]:
    asked = (record for record in records.decisions if record.decision.kind is not DecisionKind.ESCALATE)
    return tuple(decision_facts(record, window.is_new) for record in asked)


def _elsewhere(records: Records) -> tuple[Elsewhere, ...]:
    """What this meeting passes on, and what the next executive S&OP is asked already."""
    executive = records.next_executive
    passed_on = [record.decision for record in records.decisions if record.decision.kind is DecisionKind.ESCALATE]
    asked_there = [record.decision for record in records.next_decisions]
    followed = {decision.follows_id for decision in asked_there}
    return tuple(
        Elsewhere(decision.question, MeetingType.EXECUTIVE_SOP, executive.starts_at if executive else None)
        for decision in [*(one for one in passed_on if one.id not in followed), *asked_there]
    )


def _cycles(records: Records, entries: EntryFacts, window: Window) -> tuple[Cycle, ...]:
    """The earlier ones, then this one; a first brief tells of all that came before it, which is no cycle."""
    if window.start is None:
        return ()
    day = window.local_day(records.meeting.starts_at)
    this = Cycle(day, entries.by_kind[Kind.CLASH], entries.by_kind[Kind.WENT_WELL])
    return (*records.cycles, this)


def _last_month(actuals: Iterable[ObjectiveActual], today: date) -> date | None:
    """The last month that is over and has a figure."""
    return max((actual.month for actual in actuals if actual.month < today.replace(day=1)), default=None)


def _objective_facts(records: Records, month: date | None) -> tuple[ObjectiveFact, ...]:
    before = (month - timedelta(days=1)).replace(day=1) if month else None
    values: dict[tuple[str, date | None], float] = {
        (actual.objective_key, actual.month): actual.value for actual in records.actuals
    }
    ordered = sorted(records.objectives, key=lambda objective: (objective.position, objective.key))
    return tuple(
        _objective_fact(objective, values.get((objective.key, month)), values.get((objective.key, before)))
        for objective in ordered
    )


def _objective_fact(objective: Objective, actual: float | None, before: float | None) -> ObjectiveFact:
    sign = 1 if objective.direction == "up" else -1
    moved = None if actual is None or before is None else change(actual, before)
    return ObjectiveFact(
        key=objective.key,
        name=Words(objective.name, objective.name_nl),
        indicator=Words(objective.indicator or objective.name, objective.indicator_nl or objective.name_nl),
        unit=objective.unit,
        target=objective.target,
        actual=actual,
        change=moved,
        better=None if moved is None else moved * sign > 0,
        at_target=actual is not None and (actual - objective.target) * sign >= 0,
    )


def _agreement_facts(records: Records, window: Window) -> AgreementFacts:
    made = [
        (agreement, _status(agreement, window))
        for agreement in sorted(records.agreements, key=lambda agreement: (agreement.made_on, agreement.key))
        if window.over(agreement.made_on)
    ]
    closed = [(a, status) for a, status in made if window.newly_over(a.due_on) or window.newly_over(a.closed_on)]
    still_open = sorted((a for a, status in made if status is AgreementStatus.OPEN), key=lambda a: a.due_on)
    meeting_day = window.local_day(records.meeting.starts_at)
    return AgreementFacts(
        fell_due=sum(status not in {AgreementStatus.SUPERSEDED, AgreementStatus.PROPOSED} for _, status in closed),
        kept=_facts(a for a, status in closed if status is AgreementStatus.KEPT),
        partly_kept=_facts(a for a, status in closed if status is AgreementStatus.PARTLY_KEPT),
        not_kept=_facts(a for a, status in closed if status is AgreementStatus.NOT_KEPT),
        overdue=_facts(a for a in still_open if window.over(a.due_on)),
        due=_facts(a for a in still_open if window.today <= a.due_on <= meeting_day),
        later=_facts(a for a in still_open if a.due_on > max(meeting_day, window.today)),
    )


def _status(agreement: Agreement, window: Window) -> AgreementStatus:
    """Its status then: what is closed later was still open; a status without a date counts as it stands."""
    return agreement.status if agreement.closed_on is None or window.over(agreement.closed_on) else AgreementStatus.OPEN


def _facts(agreements: Iterable[Agreement]) -> tuple[AgreementFact, ...]:
    return tuple(AgreementFact(a.id, " ".join(a.title.split()), a.due_on) for a in agreements)


def _wins(new: Sequence[Entry]) -> tuple[Win, ...]:
    """The largest stated benefit first (a benefit is a negative cost), then the newest."""
    wins = sorted((entry for entry in new if entry.kind is Kind.WENT_WELL), key=lambda entry: entry.effect_eur or 0)
    return tuple(Win(entry.ref, short_headline(entry), " ".join((entry.lesson or "").split())) for entry in wins)


def _told(new: Sequence[Entry]) -> tuple[ToldKind, ...]:
    by_kind = {kind: [entry for entry in new if entry.kind is kind] for kind in _TOLD}
    return tuple(
        ToldKind(
            kind, tuple(Told(entry.ref, short_headline(entry)) for entry in of[:MOST_TOLD]), max(len(of) - MOST_TOLD, 0)
        )
        for kind, of in by_kind.items()
        if of
    )

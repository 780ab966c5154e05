"""A company as its sample files describe it, and what of it was known at a moment.

Fields are named as the columns of the tables they end in; people, meetings and entries by the keys of the files.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from bot.domain.sample_decisions import DecisionRow
from bot.domain.sample_pulses import PulseQuestionRow, PulseRow
from bot.domain.sample_reach import ReachRow
from storage.tables import (
    AgreementStatus,
    EntryStatus,
    Kind,
    Level,
    MeetingStatus,
    MeetingType,
    Role,
    Source,
    Visibility,
)


def entry_ref(key: str) -> str:
    """The name people see: "101" of "E101"."""
    return re.sub(r"^[A-Za-z]*0*(?=[0-9])", "", key).lower()


class SampleSource(StrEnum):
    """How the files say it came in."""

    AD_HOC = "ad_hoc"
    WEEKLY_CHECKIN = "weekly_checkin"
    RETRO_PREWORK = "retro_prework"

    @property
    def source(self) -> Source:
        return {"ad_hoc": Source.CAPTURE, "weekly_checkin": Source.CHECKIN, "retro_prework": Source.RETRO}[self]


class SampleStatus(StrEnum):
    """The files know two more than the product.

    `noted` = nothing followed: the product calls it open. `partly_resolved` = what was agreed helped, not enough:
    agreed where an agreement stands behind it, else open.
    """

    OPEN = "open"
    NOTED = "noted"
    AGREED = "agreed"
    PARTLY_RESOLVED = "partly_resolved"
    RESOLVED = "resolved"
    PARKED = "parked"
    ADOPTED = "adopted"


@dataclass(frozen=True, slots=True)
class MemberRow:
    """`role` empty = a facilitator if they chair the retros, else a member. `user_id` empty = the key stands for it.
    `pulse_from` empty = they see the results of check-ins and are never asked.
    """

    key: str
    user_id: str | None
    name: str
    side: str
    role: Role | None
    timezone: str
    language: str
    plant: str | None
    active_from: date
    active_to: date | None
    pulse_from: date | None


@dataclass(frozen=True, slots=True)
class ObjectiveRow:
    """`translations` by side."""

    key: str
    name: str
    name_nl: str
    indicator: str
    indicator_nl: str
    measure: str
    unit: str
    direction: str
    baseline: float
    target: float
    target_date: date
    translations: dict[str, str]


@dataclass(frozen=True, slots=True)
class ActualRow:
    """`month` is its first day."""

    objective_key: str
    month: date
    value: float


@dataclass(frozen=True, slots=True)
class TensionRow:
    key: str
    name: str
    name_nl: str
    first_interest: str
    second_interest: str
    shared_interest: str
    metrics: str
    source: str


@dataclass(frozen=True, slots=True)
class MeetingRow:
    key: str
    cycle: str
    type: MeetingType
    title: str
    starts_at: datetime
    duration_minutes: int
    timezone: str
    status: MeetingStatus
    brief_due_at: datetime | None
    chair: str | None
    invited: tuple[str, ...]

    @property
    def ends_at(self) -> datetime:
        return self.starts_at + timedelta(minutes=self.duration_minutes)


@dataclass(frozen=True, slots=True)
class EntryRow:
    """`pair` is the entry that tells the same event from the other side, `recurrence_of` an earlier one."""

    key: str
    created_on: date
    created_at: datetime
    source: SampleSource
    author: str | None
    side: str
    visibility: Visibility
    language: str | None
    kind: Kind
    level: Level | None
    tension_key: str | None
    objective_key: str | None
    plant: str | None
    product_family: str | None
    customer: str | None
    title: str | None
    what_happened: str
    own_interest: str | None
    other_interest: str | None
    effect: str | None
    effect_type: str | None
    effect_eur: int | None
    lesson: str | None
    pair: str | None
    recurrence_of: str | None
    status: SampleStatus
    resolved_on: date | None


@dataclass(frozen=True, slots=True)
class AgreementRow:
    """`score_first` and `score_second` are those of Sales and Operations."""

    key: str
    title: str
    text: str
    made_in: str | None
    made_on: date
    owner: str
    partner: str
    original_owner: str | None
    due_on: date
    status: AgreementStatus
    closed_on: date | None
    tension_key: str | None
    objective_key: str | None
    measure: str
    entries: tuple[str, ...]
    score_first: int | None
    score_second: int | None
    score_objective: int | None
    evaluation_note: str | None
    evaluated_on: date | None


@dataclass(frozen=True, slots=True)
class Sample:
    """Everything checked: every key that is pointed at exists."""

    members: tuple[MemberRow, ...]
    objectives: tuple[ObjectiveRow, ...]
    actuals: tuple[ActualRow, ...]
    tensions: tuple[TensionRow, ...]
    meetings: tuple[MeetingRow, ...]
    entries: tuple[EntryRow, ...]
    agreements: tuple[AgreementRow, ...]
    decisions: tuple[DecisionRow, ...]
    pulse_questions: tuple[PulseQuestionRow, ...]
    pulses: tuple[PulseRow, ...]
    reach: tuple[ReachRow, ...]

    @property
    def sides(self) -> tuple[str, ...]:
        """The sides that have members, in the order of the files."""
        return tuple(dict.fromkeys(member.side for member in self.members))

    def role_of(self, member: MemberRow) -> Role:
        chairs = {meeting.chair for meeting in self.meetings if meeting.type == MeetingType.DIALOG_RETRO}
        return member.role or (Role.FACILITATOR if member.key in chairs else Role.MEMBER)

    def status_of(self, entry: EntryRow) -> EntryStatus:
        """The status in the product's words, as far as the sample knows it.

        Resolved and adopted count from their day, parked (which has none) from the start; agreed from the agreement on.
        """
        if entry.status == SampleStatus.PARKED:
            return EntryStatus.PARKED
        agreed = any(entry.key in agreement.entries for agreement in self.agreements)
        if entry.status == SampleStatus.RESOLVED and entry.resolved_on:
            return EntryStatus.RESOLVED
        if entry.status == SampleStatus.ADOPTED and (entry.resolved_on or agreed):
            return EntryStatus.ADOPTED
        followed = entry.status not in {SampleStatus.OPEN, SampleStatus.NOTED}
        return EntryStatus.AGREED if agreed and followed else EntryStatus.OPEN

    def known_at(self, moment: datetime, zone: ZoneInfo) -> "Sample":
        """The sample as it was known then.

        A row with a time counts when its time is before the moment, a date without a time when that day is over in the
        company's zone. Actuals count when their month is over, answers to decisions when the meeting is,
        the reach of a brief when it begins. People and meetings stay: both are known ahead.
        """
        today = moment.astimezone(zone).date()

        def over(day: date | None) -> bool:
            return day is not None and day < today

        entries = [entry for entry in self.entries if entry.created_at < moment]
        known = {entry.key for entry in entries}
        made = [agreement for agreement in self.agreements if over(agreement.made_on)]
        working = {member.key for member in self.members if member.active_from <= today}
        return replace(
            self,
            actuals=tuple(actual for actual in self.actuals if actual.month < today.replace(day=1)),
            meetings=tuple(_meeting_at(meeting, moment) for meeting in self.meetings),
            entries=tuple(_entry_at(entry, known, over) for entry in entries),
            agreements=tuple(_agreement_at(agreement, known, working, over) for agreement in made),
            decisions=tuple(self._decisions_at(moment, known, {agreement.key for agreement in made})),
            pulses=tuple(pulse.known_at(moment) for pulse in self.pulses if pulse.asked_at < moment),
            reach=tuple(reach for reach in self.reach if reach.meeting_starts_at < moment),
        )

    def _decisions_at(self, moment: datetime, entries: set[str], agreements: set[str]) -> Iterator[DecisionRow]:
        over = {meeting.key for meeting in self.meetings if meeting.ends_at < moment}
        for decision in self.decisions:
            if decision.entered_at < moment:
                yield decision.as_known(entries, agreements, answered=decision.meeting in over)


def _meeting_at(meeting: MeetingRow, moment: datetime) -> MeetingRow:
    if meeting.status == MeetingStatus.CANCELLED:
        return meeting
    return replace(meeting, status=MeetingStatus.HELD if meeting.starts_at < moment else MeetingStatus.PLANNED)


def _entry_at(entry: EntryRow, known: set[str], over: Callable[[date | None], bool]) -> EntryRow:
    return replace(
        entry,
        pair=entry.pair if entry.pair in known else None,
        recurrence_of=entry.recurrence_of if entry.recurrence_of in known else None,
        resolved_on=entry.resolved_on if over(entry.resolved_on) else None,
    )


def _agreement_at(
    agreement: AgreementRow, known: set[str], working: set[str], over: Callable[[date | None], bool]
) -> AgreementRow:
    then = replace(agreement, entries=tuple(key for key in agreement.entries if key in known))
    if then.owner not in working and then.original_owner:
        then = replace(then, owner=then.original_owner, original_owner=None)
    if not over(then.closed_on) and then.status != AgreementStatus.PROPOSED:
        then = replace(then, status=AgreementStatus.OPEN, closed_on=None)
    if not over(then.evaluated_on):
        then = replace(
            then, score_first=None, score_second=None, score_objective=None, evaluation_note=None, evaluated_on=None
        )
    return then

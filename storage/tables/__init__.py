"""The records. They have no relationships and no behaviour, and may travel up through every layer."""

from storage.tables.agreement import Agreement, AgreementEntry, AgreementStatus
from storage.tables.audit import AuditRecord
from storage.tables.brief import Brief, BriefOpening
from storage.tables.decision import (
    AgendaItem,
    Decision,
    DecisionAgreement,
    DecisionEntry,
    DecisionKind,
    DecisionObjection,
    DecisionObjective,
    DecisionOption,
    DecisionStatus,
)
from storage.tables.entry import COMPANY, Ask, AskState, Entry, EntryStatus, Kind, Level, Source, Visibility
from storage.tables.meeting import (
    BriefRule,
    Holiday,
    Meeting,
    MeetingParticipant,
    MeetingSeries,
    MeetingStatus,
    MeetingType,
    SeriesParticipant,
    Shift,
)
from storage.tables.member import Appointment, Draft, Member, Role
from storage.tables.objective import Objective, ObjectiveActual, ObjectiveTranslation
from storage.tables.outbox import Lane, OutboxState, Outgoing
from storage.tables.pulse import Answered, Cadence, PulseAsked, PulseMeasure, PulseQuestion, PulseRound, PulseScore
from storage.tables.reach import BriefReach
from storage.tables.request import RequestKey
from storage.tables.schedule import Occurrence, OccurrenceState, Schedule, ScheduleKind
from storage.tables.tension import Tension
from storage.tables.workspace import Platform, SetupAnswer, SetupQuestion, Side, SideKind, Workspace

__all__ = [
    "COMPANY",
    "AgendaItem",
    "Agreement",
    "AgreementEntry",
    "AgreementStatus",
    "Answered",
    "Appointment",
    "Ask",
    "AskState",
    "AuditRecord",
    "Brief",
    "BriefOpening",
    "BriefReach",
    "BriefRule",
    "Cadence",
    "Decision",
    "DecisionAgreement",
    "DecisionEntry",
    "DecisionKind",
    "DecisionObjection",
    "DecisionObjective",
    "DecisionOption",
    "DecisionStatus",
    "Draft",
    "Entry",
    "EntryStatus",
    "Holiday",
    "Kind",
    "Lane",
    "Level",
    "Meeting",
    "MeetingParticipant",
    "MeetingSeries",
    "MeetingStatus",
    "MeetingType",
    "Member",
    "Objective",
    "ObjectiveActual",
    "ObjectiveTranslation",
    "Occurrence",
    "OccurrenceState",
    "OutboxState",
    "Outgoing",
    "Platform",
    "PulseAsked",
    "PulseMeasure",
    "PulseQuestion",
    "PulseRound",
    "PulseScore",
    "RequestKey",
    "Role",
    "Schedule",
    "ScheduleKind",
    "SeriesParticipant",
    "SetupAnswer",
    "SetupQuestion",
    "Shift",
    "Side",
    "SideKind",
    "Source",
    "Tension",
    "Visibility",
    "Workspace",
]

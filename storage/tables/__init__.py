"""The records. They have no relationships and no behaviour, and may travel up through every layer."""

from storage.tables.agreement import Agreement, AgreementEntry, AgreementStatus
from storage.tables.audit import AuditRecord
from storage.tables.brief import Brief
from storage.tables.entry import COMPANY, Ask, AskState, Entry, EntryStatus, Kind, Level, Source, Visibility
from storage.tables.meeting import Meeting, MeetingParticipant, MeetingStatus, MeetingType
from storage.tables.member import Draft, Member, Role
from storage.tables.objective import Objective, ObjectiveActual, ObjectiveTranslation
from storage.tables.outbox import OutboxState, Outgoing
from storage.tables.request import RequestKey
from storage.tables.schedule import Occurrence, OccurrenceState, Schedule, ScheduleKind
from storage.tables.tension import Tension
from storage.tables.workspace import Platform, Side, SideKind, Workspace

__all__ = [
    "COMPANY",
    "Agreement",
    "AgreementEntry",
    "AgreementStatus",
    "Ask",
    "AskState",
    "AuditRecord",
    "Brief",
    "Draft",
    "Entry",
    "EntryStatus",
    "Kind",
    "Level",
    "Meeting",
    "MeetingParticipant",
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
    "RequestKey",
    "Role",
    "Schedule",
    "ScheduleKind",
    "Side",
    "SideKind",
    "Source",
    "Tension",
    "Visibility",
    "Workspace",
]

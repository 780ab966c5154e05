"""A whole company from its files: the sample that comes with Ampersand, or any folder in its format."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any, Final
from zoneinfo import ZoneInfo

from sqlmodel import Session

from bot.domain.entry import side_only
from bot.domain.sample import EntryRow, MeetingRow, Sample, entry_ref
from bot.domain.sample_files import COLUMNS, parse_sample
from bot.services.context import Context
from bot.services.sample_decisions import load_decisions
from bot.services.sample_keys import Keys
from bot.services.sample_pulses import load_pulses, load_reach
from bot.services.scheduling import plan
from storage.members import list_sides
from storage.setup import mark_answered
from storage.tables import (
    Agreement,
    AgreementEntry,
    Entry,
    Meeting,
    MeetingParticipant,
    MeetingStatus,
    Member,
    Objective,
    ObjectiveActual,
    ObjectiveTranslation,
    ScheduleKind,
    SetupQuestion,
    Side,
    SideKind,
    Tension,
    Visibility,
    Workspace,
    ZoneFrom,
)
from storage.tensions import list_tensions
from storage.workspaces import holds_data

SAMPLE_COMPANY: Final = "Voorbeeldkeuken Vers"


COMMON_COLUMNS: Final = (
    "kind",
    "visibility",
    "created_on",
    "title",
    "what_happened",
    "own_interest",
    "other_interest",
    "effect",
    "effect_type",
    "effect_eur",
    "lesson",
    "level",
    "tension_key",
    "objective_key",
    "resolved_on",
)


class WorkspaceNotEmpty(Exception):  # noqa: N818
    """There is something in the workspace already; a sample never mixes with it."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """How much was loaded, and how many briefs are still to come."""

    members: int
    objectives: int
    actuals: int
    tensions: int
    meetings: int
    entries: int
    agreements: int
    decisions: int
    pulses: int
    briefs_planned: int


def read_sample(folder: Traversable | None = None) -> Sample:
    """The sample in a folder; without one, the company that comes with Ampersand.

    Raises:
        BadRows: the files cannot be loaded, with every problem in them.
    """
    place = folder or files("bot") / "sample"
    present = [name for name in COLUMNS if (place / name).is_file()]
    return parse_sample({name: (place / name).read_bytes() for name in present})


def load_sample(
    session: Session,
    context: Context,
    workspace: Workspace,
    sample: Sample,
    *,
    as_of: datetime | None = None,
    people: Mapping[str, str] | None = None,
) -> Loaded:
    """Fill an empty workspace; its sides and tensions are those of the sample afterwards.

    With `as_of` only what was known at that moment is loaded. Briefs due from then on (else from now on) are planned.
    `people` gives the platform's id for a member_id; without one the file's user_id counts, else the member_id itself.

    Raises:
        WorkspaceNotEmpty: it was loaded before, or people already use the workspace.
    """
    if holds_data(session, workspace.id):
        raise WorkspaceNotEmpty
    known = sample.known_at(as_of, ZoneInfo(workspace.timezone)) if as_of else sample
    _load_sides(session, workspace, known)
    _load_strategy(session, workspace, known)
    keys = Keys(
        members=_load_members(session, context, workspace, known, people or {}),
        entry_ids={entry.key: context.new_id() for entry in known.entries},
        agreement_ids={agreement.key: context.new_id() for agreement in known.agreements},
    )
    meetings = _load_meetings(session, context, workspace, known, keys)
    _load_entries(session, context, workspace, known, keys)
    _load_agreements(session, workspace, known, keys)
    meeting_ids = {meeting.key: meeting.id for meeting in meetings}
    load_decisions(session, context, workspace, known, keys, meeting_ids)
    load_pulses(session, context, workspace, known, keys)
    load_reach(session, known, meeting_ids)
    mark_answered(session, workspace.id, *(set(SetupQuestion) - {SetupQuestion.CHANNELS}))
    return _loaded(known, _plan_briefs(session, context, meetings, as_of or context.now))


def _loaded(known: Sample, briefs_planned: int) -> Loaded:
    return Loaded(
        members=len(known.members),
        objectives=len(known.objectives),
        actuals=len(known.actuals),
        tensions=len(known.tensions),
        meetings=len(known.meetings),
        entries=len(known.entries),
        agreements=len(known.agreements),
        decisions=len(known.decisions),
        pulses=len(known.pulses),
        briefs_planned=briefs_planned,
    )


def _load_sides(session: Session, workspace: Workspace, sample: Sample) -> None:
    """Add the sides that the workspace does not have yet, as bridges."""
    present = {side.key for side in list_sides(session, workspace.id)}
    for position, key in enumerate((key for key in sample.sides if key not in present), start=len(present)):
        name = key.replace("_", " ").capitalize()
        session.add(Side(workspace_id=workspace.id, key=key, name=name, kind=SideKind.BRIDGE, position=position))
    session.flush()


def _load_strategy(session: Session, workspace: Workspace, sample: Sample) -> None:
    """Objectives with their translations and actuals, and the tensions in place of the default ones."""
    for tension in list_tensions(session, workspace.id):
        session.delete(tension)
    session.flush()
    for position, row in enumerate(sample.tensions):
        session.add(Tension(workspace_id=workspace.id, position=position, **asdict(row)))
    for position, objective in enumerate(sample.objectives):
        columns = asdict(objective)
        translations = columns.pop("translations")
        session.add(Objective(workspace_id=workspace.id, position=position, **columns))
        session.add_all(
            ObjectiveTranslation(workspace_id=workspace.id, objective_key=objective.key, side=side, text=text)
            for side, text in translations.items()
        )
    session.add_all(ObjectiveActual(workspace_id=workspace.id, **asdict(actual)) for actual in sample.actuals)
    session.flush()


def _load_members(
    session: Session, context: Context, workspace: Workspace, sample: Sample, people: Mapping[str, str]
) -> dict[str, Member]:
    members = {
        row.key: Member(
            id=context.new_id(),
            workspace_id=workspace.id,
            external_id=people.get(row.key) or row.user_id or row.key,
            name=row.name,
            side=row.side,
            role=sample.role_of(row),
            timezone=row.timezone,
            timezone_from=ZoneFrom.WORKSPACE if row.timezone == workspace.timezone else ZoneFrom.OWN,
            language=row.language,
            plant=row.plant,
            active_from=row.active_from,
            active_to=row.active_to,
            sealed_default=context.secrets.seal(Visibility.NAMED),
        )
        for row in sample.members
    }
    session.add_all(members.values())
    session.flush()
    return members


def _load_meetings(
    session: Session, context: Context, workspace: Workspace, sample: Sample, keys: Keys
) -> list[Meeting]:
    meetings = {row.key: _meeting(row, context.new_id(), workspace, keys) for row in sample.meetings}
    session.add_all(meetings.values())
    session.flush()
    for row in sample.meetings:
        invited = {keys.members[key].id for key in row.invited}
        session.add_all(MeetingParticipant(meeting_id=meetings[row.key].id, member_id=person) for person in invited)
    session.flush()
    return list(meetings.values())


def _plan_briefs(session: Session, context: Context, meetings: Sequence[Meeting], since: datetime) -> int:
    """Let every brief that is due from `since` on fall due; how many."""
    planned = 0
    for meeting in meetings:
        due_at = meeting.brief_due_at
        if due_at and due_at >= since and meeting.status != MeetingStatus.CANCELLED:
            plan(session, context, meeting.workspace_id, ScheduleKind.BRIEF, meeting.id, due_at)
            planned += 1
    return planned


def _meeting(row: MeetingRow, meeting_id: str, workspace: Workspace, keys: Keys) -> Meeting:
    columns = asdict(row)
    del columns["chair"], columns["invited"]
    return Meeting(id=meeting_id, workspace_id=workspace.id, chair_id=keys.member_id(row.chair), **columns)


def _load_entries(session: Session, context: Context, workspace: Workspace, sample: Sample, keys: Keys) -> None:
    """In the order of their random ids, links afterwards: where a row lies tells nothing about a side-only one."""
    pair_ids = {frozenset((row.key, row.pair)): context.new_id() for row in sample.entries if row.pair}
    taken = {entry_ref(row.key) for row in sample.entries}
    entries = {}
    for row in sorted(sample.entries, key=lambda row: keys.entry_ids[row.key]):
        entry = _named(row, keys) if row.visibility == Visibility.NAMED else _side_only(row, keys)
        entry.id, entry.workspace_id = keys.entry_ids[row.key], workspace.id
        entry.ref = entry_ref(row.key) if entry.author_id else _free_ref(context, taken)
        entry.status = sample.status_of(row)
        entry.pair_id = pair_ids[frozenset((row.key, row.pair))] if row.pair else None
        entries[row.key] = entry
    session.add_all(entries.values())
    session.flush()
    for row in sample.entries:
        if row.recurrence_of:
            entries[row.key].recurrence_of = keys.entry_ids[row.recurrence_of]
    session.flush()


def _named(row: EntryRow, keys: Keys) -> Entry:
    return Entry(
        **_words(row),
        side=row.side,
        author_id=keys.member_id(row.author),
        created_at=row.created_at,
        language=row.language,
        plant=row.plant,
        product_family=row.product_family,
        customer=row.customer,
    )


def _side_only(row: EntryRow, keys: Keys) -> Entry:
    """Without author, moment and running number."""
    group = [member for member in keys.members.values() if member.side == row.side and _active(member, row.created_on)]
    kept = side_only(group, row.side, row.plant, row.language)
    return Entry(**_words(row), side=kept.side, language=kept.language, plant=kept.plant)


def _active(member: Member, day: date) -> bool:
    return member.active_from <= day and (member.active_to is None or day <= member.active_to)


def _words(row: EntryRow) -> dict[str, Any]:
    """What both kinds of entries keep."""
    columns = {name: getattr(row, name) for name in COMMON_COLUMNS}
    return columns | {"source": row.source.source}


def _free_ref(context: Context, taken: set[str]) -> str:
    ref = context.new_ref()
    while ref in taken:
        ref = context.new_ref()
    taken.add(ref)
    return ref


def _load_agreements(session: Session, workspace: Workspace, sample: Sample, keys: Keys) -> None:
    for row in sample.agreements:
        columns = asdict(row)
        for name in ("owner", "partner", "original_owner", "entries"):
            del columns[name]
        agreement = Agreement(
            id=keys.agreement_ids[row.key],
            workspace_id=workspace.id,
            owner_id=keys.members[row.owner].id,
            partner_id=keys.members[row.partner].id,
            original_owner_id=keys.member_id(row.original_owner),
            **columns,
        )
        session.add(agreement)
        session.flush()
        session.add_all(AgreementEntry(agreement_id=agreement.id, entry_id=keys.entry_ids[key]) for key in row.entries)
    session.flush()

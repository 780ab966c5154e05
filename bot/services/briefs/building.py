"""From the database to the snapshot of a brief: what was known at one minute."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Final
from zoneinfo import ZoneInfo

from sqlmodel import Session

from bot.domain import brief as domain
from bot.domain.brief import BRIDGES, BriefSnapshot, Cycle, Pulse, Records, Silence, take_snapshot
from bot.services import figures
from bot.services.decisions import list_decisions_asked
from bot.services.figures import pulse_facts
from storage.briefs import (
    agreements_since,
    closed_agreements,
    count_kinds,
    earlier_meetings,
    entries_between,
    entries_by_id,
    facts_said,
    last_brief_due,
    last_entry_day,
    latest_brief,
)
from storage.meetings import list_meetings_around, meetings_ahead
from storage.members import count_active_by_side, list_sides
from storage.objectives import list_objective_actuals, list_objectives
from storage.tables import Entry, Kind, Meeting, MeetingType, Side, SideKind, Workspace
from storage.tensions import list_tensions

ONE_DAY: Final = timedelta(days=1)
CYCLES: Final = 6
"""Bars of the chart, with the one of this brief."""

AHEAD: Final = timedelta(days=100)
"""How far ahead the next dialog is looked for."""


def build_brief(session: Session, meeting: Meeting, as_of: datetime) -> BriefSnapshot:
    """What the brief of the meeting says at the minute `as_of` (aware UTC); later rows are not seen."""
    workspace = session.get_one(Workspace, meeting.workspace_id)
    since = last_brief_due(session, meeting, before=min(as_of, meeting.brief_due_at or as_of))
    zone = ZoneInfo(workspace.timezone)
    today, first = as_of.astimezone(zone).date(), since.astimezone(zone).date() if since else None
    # A day earlier than needed: where a day begins is decided by the rules, not by the query.
    new = entries_between(session, workspace.id, first - ONE_DAY if first else None, today)
    repeated = {entry.recurrence_of for entry in new if entry.recurrence_of} - {entry.id for entry in new}
    tensions = {entry.tension_key for entry in new if entry.recurrence_of and entry.tension_key}
    sides, executive = list_sides(session, workspace.id), _next_executive(session, meeting)
    records = Records(
        meeting=meeting,
        zone=workspace.timezone,
        since=since,
        sides=sides,
        people=count_active_by_side(session, workspace.id, today),
        entries=[*new, *entries_by_id(session, workspace.id, repeated)],
        tensions=list_tensions(session, workspace.id),
        objectives=list_objectives(session, workspace.id),
        actuals=list_objective_actuals(session, workspace.id),
        agreements=agreements_since(session, workspace.id, first),
        decisions=list_decisions_asked(session, meeting, as_of),
        next_executive=executive,
        next_decisions=list_decisions_asked(session, executive, as_of) if executive else (),
        pulse=pulse_of(pulse_facts(session, workspace, as_of)),
        cycles=_cycles(session, meeting, zone, since) if since else (),
        silences=_silences(session, workspace, sides, new, first),
        dialogs=list_meetings_around(session, workspace.id, MeetingType.DIALOG_RETRO, since, as_of + AHEAD),
        closed_agreements=closed_agreements(session, workspace.id, today, tensions),
        said=facts_said(session, meeting),
    )
    return take_snapshot(records, as_of)


def _next_executive(session: Session, meeting: Meeting) -> Meeting | None:
    """The executive S&OP that a pre-S&OP passes questions on to."""
    if meeting.type is not MeetingType.PRE_SOP:
        return None
    after = meetings_ahead(session, meeting.workspace_id, meeting.starts_at, 1, [MeetingType.EXECUTIVE_SOP])
    return after[0] if after else None


def pulse_of(facts: figures.PulseFacts) -> Pulse:
    """Both counterparts or neither; the bridges where they may be shown."""
    sides = [_side(side) for key, side in facts.sides.items() if key != BRIDGES]
    shown = [side for side in sides if side is not None]
    bridges = facts.sides.get(BRIDGES)
    if facts.gap is None or len(shown) < len(sides):
        return Pulse(asked=bool(facts.rounds))
    return Pulse(
        asked=True,
        sides=tuple(shown),
        bridges=_side(bridges) if bridges else None,
        gap=facts.gap,
        gap_before=facts.gap_before,
        direction=facts.direction,
        rounds=facts.rounds,
        rounds_before=facts.rounds_before,
    )


def _side(side: figures.SidePulse) -> domain.SidePulse | None:
    if side.mean is None or side.people is None:
        return None
    return domain.SidePulse(side.name, side.mean, side.before, side.people, side.direction)


def _cycles(session: Session, meeting: Meeting, zone: ZoneInfo, since: datetime) -> list[Cycle]:
    """What was told between the briefs before this one: as those said it, else counted from the entries.

    The first brief of all told everything before it, which is no cycle.
    """
    earlier = earlier_meetings(session, meeting, since + timedelta(microseconds=1), CYCLES)
    return [_cycle(session, one, before.brief_due_at, zone) for before, one in pairwise(earlier) if before.brief_due_at]


def _cycle(session: Session, meeting: Meeting, since: datetime, zone: ZoneInfo) -> Cycle:
    day = meeting.starts_at.astimezone(zone).date()
    brief = latest_brief(session, meeting.id)
    if brief is not None:
        kinds = domain.from_json(brief.snapshot).entries.by_kind
    else:
        assert meeting.brief_due_at is not None
        first, last = since.astimezone(zone).date(), meeting.brief_due_at.astimezone(zone).date()
        kinds = count_kinds(session, meeting.workspace_id, since, meeting.brief_due_at, first, last)
    return Cycle(day, kinds.get(Kind.CLASH, 0), kinds.get(Kind.WENT_WELL, 0))


def _silences(
    session: Session, workspace: Workspace, sides: Sequence[Side], new: Sequence[Entry], first: date | None
) -> list[Silence]:
    """When each group wrote last before this brief's time; of those that wrote in it, nothing is asked."""
    if first is None:
        return [Silence(group, None) for group in _groups(sides)]
    wrote = {entry.side for entry in new}
    return [
        Silence(group, last_entry_day(session, workspace.id, keys, first))
        for group, keys in _groups(sides).items()
        if not wrote.intersection(keys)
    ]


def _groups(sides: Sequence[Side]) -> dict[str, list[str]]:
    groups = {side.key: [side.key] for side in sides if side.kind is SideKind.COUNTERPART}
    return {**groups, BRIDGES: [side.key for side in sides if side.kind is SideKind.BRIDGE]}

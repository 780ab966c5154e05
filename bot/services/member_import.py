"""Members from a CSV file, created or updated by the platform's id."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlmodel import Session

from bot.domain.changes import write_state
from bot.domain.csv_rows import (
    BadCell,
    Problems,
    Row,
    among,
    listed,
    one_of,
    parse_day,
    parse_zone,
    read_rows,
)
from bot.services.access import company_day
from bot.services.appointments import take_up
from bot.services.audit import note_from_outside
from bot.services.checkins.people import replan_members
from bot.services.context import Context
from bot.services.people import tell_side_empty
from bot.services.zones import settle_zone
from bot.templates import LANGUAGES
from storage.members import count_active_by_side, list_members, list_sides
from storage.tables import Member, Role, Side, Visibility, Workspace, ZoneFrom

LONGEST_PLANT: Final = 40
"""As the forms take it."""

REQUIRED: Final = ("user_id", "name", "side")
CLEARABLE: Final = frozenset({"plant", "active_to", "working_days"})
"""An empty cell means "none" here; in the other optional columns it means "as it was"."""


@dataclass(frozen=True, slots=True)
class Imported:
    """How many members the file made, changed, and left as they were."""

    new: int
    changed: int
    unchanged: int

    def __str__(self) -> str:
        return f"{self.new} new, {self.changed} changed, {self.unchanged} unchanged"


def import_members(session: Session, context: Context, workspace: Workspace, file: str, content: bytes) -> Imported:
    """Create or update a member per row; `file` is how problems call it. Members the file does not name stay.

    Optional columns (role, timezone, language, plant, working_days, active_from, active_to) left out change nothing;
    for new members the zone of their site or company, the company's language, the role member and today stand in.

    Raises:
        BadRows: with every problem of the file; nobody was changed.
    """
    known = {member.external_id: member for member in list_members(session, workspace.id)}
    wishes = _parse(file, content, list_sides(session, workspace.id), known)
    staffed = _staffed_sides(session, context, workspace)
    changed: list[str] = []
    for user_id, wish in wishes.items():
        member = known.get(user_id)
        if member is None:
            _add(session, context, workspace, user_id, wish)
        elif _differs(member, wish):
            _change(session, context, workspace, member, wish)
            changed.append(member.id)
    replan_members(session, context, workspace, changed)
    for side in sorted(staffed - _staffed_sides(session, context, workspace)):
        tell_side_empty(session, context, workspace, side)
    new = len(wishes.keys() - known.keys())
    return Imported(new, len(changed), len(wishes) - new - len(changed))


def _staffed_sides(session: Session, context: Context, workspace: Workspace) -> frozenset[str]:
    """Those that have somebody today."""
    return frozenset(count_active_by_side(session, workspace.id, company_day(workspace, context)))


def _add(session: Session, context: Context, workspace: Workspace, user_id: str, wish: Mapping[str, Any]) -> None:
    member = _new_member(context, workspace, user_id, wish)
    if "timezone" not in wish:
        settle_zone(session, workspace, member, None)
    session.add(member)
    session.flush()
    after = write_state({"side": member.side, "role": member.role})
    note_from_outside(session, context, workspace.id, "member.add", member.id, None, after)
    take_up(session, context, workspace, member)


def _change(session: Session, context: Context, workspace: Workspace, member: Member, wish: dict[str, Any]) -> None:
    """Only what the file makes different is noted. A zone that is not theirs already is their own from now on."""
    is_own = wish.get("timezone", member.timezone) != member.timezone or member.timezone_from is ZoneFrom.OWN
    columns = [column for column, value in wish.items() if getattr(member, column) != value]
    before = write_state({column: getattr(member, column) for column in columns})
    session.add(member.sqlmodel_update(wish))
    settle_zone(session, workspace, member, member.timezone if is_own else None)
    session.flush()
    after = write_state({column: getattr(member, column) for column in columns})
    note_from_outside(session, context, member.workspace_id, "member.change", member.id, before, after)


def _parse(file: str, content: bytes, sides: Sequence[Side], known: Mapping[str, Member]) -> dict[str, dict[str, Any]]:
    """What each user_id is to become, only the columns that say something."""
    problems = Problems()
    wishes: dict[str, dict[str, Any]] = {}
    for row in read_rows(file, content, REQUIRED, problems):
        user_id = row.parse("user_id", _user_id, "")
        wish = _wish(row, sides)
        _check_dates(row, wish, known.get(user_id))
        if user_id and user_id in wishes:
            row.refuse("user_id", f"“{user_id}” stands in the file already; one row per person.")
        wishes[user_id] = wish
    problems.check()
    return wishes


def _wish(row: Row, sides: Sequence[Side]) -> dict[str, Any]:
    wish: dict[str, Any] = {
        "name": row.text("name"),
        "side": row.parse("side", _side_among(sides), ""),
        "role": row.maybe("role", one_of(Role)),
        "timezone": row.maybe("timezone", parse_zone),
        "language": row.maybe("language", among(LANGUAGES)),
        "plant": row.maybe("plant", _plant),
        "working_days": row.maybe("working_days", _working_days),
        "active_from": row.maybe("active_from", parse_day),
        "active_to": row.maybe("active_to", parse_day),
    }
    cleared = CLEARABLE & row.cells.keys()
    return {column: value for column, value in wish.items() if value is not None or column in cleared}


def _check_dates(row: Row, wish: Mapping[str, Any], member: Member | None) -> None:
    begins = wish.get("active_from") or (member.active_from if member else None)
    ends = wish.get("active_to")
    if begins and ends and ends < begins:
        row.refuse("active_to", f"“{ends}” is before active_from, {begins}; a person leaves after joining.")


def _user_id(cell: str) -> str:
    if not re.fullmatch(r"[A-Za-z0-9:._-]{1,200}", cell):
        raise BadCell("is not an id; use the member ID of the chat, such as U012AB3CD (profile, ⋮, copy member ID).")
    return cell


def _plant(cell: str) -> str:
    if len(cell) > LONGEST_PLANT:
        raise BadCell(f"is too long for a plant; use at most {LONGEST_PLANT} characters.")
    return cell


def _working_days(cell: str) -> str:
    if not re.fullmatch("1?2?3?4?5?6?7?", cell):
        raise BadCell("are not working days; use 1 for Monday to 7 for Sunday: 1234 is Monday to Thursday.")
    return cell


def _side_among(sides: Sequence[Side]) -> Callable[[str], str]:
    """A parser for a side's key or name; capitals do not matter."""
    keys = {word.casefold(): side.key for side in sides for word in (side.name, side.key)}

    def parse(cell: str) -> str:
        if cell.casefold() not in keys:
            raise BadCell(f"is not a side; use {listed([side.name for side in sides])}.")
        return keys[cell.casefold()]

    return parse


def _differs(member: Member, wish: Mapping[str, Any]) -> bool:
    return any(getattr(member, column) != value for column, value in wish.items())


def _new_member(context: Context, workspace: Workspace, user_id: str, wish: Mapping[str, Any]) -> Member:
    defaults: dict[str, Any] = {
        "timezone": workspace.timezone,
        "language": workspace.language,
        "active_from": company_day(workspace, context),
        "sealed_default": context.secrets.seal(Visibility.NAMED),
    }
    return Member(id=context.new_id(), workspace_id=workspace.id, external_id=user_id, **defaults | dict(wish))

"""What leaves the product as tables: only what every member may see."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from sqlmodel import Session

from bot.domain.tables_as_text import Cell, Table
from bot.templates import speaker
from storage.agreements import list_agreement_entries, list_agreements
from storage.exports import list_visible_entries
from storage.members import list_members, list_sides
from storage.objectives import list_objectives
from storage.tables import COMPANY, Agreement, Entry, Member, Visibility, Workspace
from storage.tensions import list_tensions

ENTRY_WORDS: Final = ("title", "what_happened", "own_interest", "other_interest", "effect", "lesson")
ENTRY_DETAILS: Final = (
    "level",
    "status",
    "resolved_on",
    "effect_type",
    "effect_eur",
    "plant",
    "product_family",
    "customer",
    "language",
)
"""Of named entries only."""

ENTRY_COLUMNS: Final = (
    *("ref", "date", "kind", "visibility", "side", "author"),
    *ENTRY_WORDS,
    *("tension", "objective"),
    *ENTRY_DETAILS,
    "recurrence_of",
)
AGREEMENT_PLAIN: Final = (
    *("key", "title", "text", "made_in", "made_on", "due_on", "status", "closed_on"),
    *("measure", "evaluation_note", "evaluated_on"),
)
AGREEMENT_COLUMNS: Final = (*AGREEMENT_PLAIN, "owner", "partner", "tension", "objective", "entries")
MEMBER_COLUMNS: Final = (
    *("user_id", "name", "side", "role", "timezone", "language", "plant", "working_days"),
    *("active_from", "active_to"),
)


def export_entries(session: Session, workspace: Workspace, today: date) -> Table:
    """Entries that are neither withdrawn nor hidden, in an order that tells nothing, with days and never times.

    A side-only one is there from the day after it was written (`today` is the company's day): two exports of one day
    must not tell when it came. It carries its side ("the company" for a side under five), kind, day, words, tension and
    objective.
    """
    entries = list_visible_entries(session, workspace.id, today)
    names = _names(session, workspace)
    refs: dict[str | None, str] = {entry.id: entry.ref for entry in entries}
    return _table(ENTRY_COLUMNS, [_entry(entry, names, refs) for entry in entries])


def export_agreements(session: Session, workspace: Workspace, today: date) -> Table:
    """Agreements in the order they were made, with the named entries they came from.

    Without scores: those of one agreement may be the scores of one person a side.
    """
    named = {
        entry.id: entry.ref
        for entry in list_visible_entries(session, workspace.id, today)
        if entry.visibility == Visibility.NAMED
    }
    refs: dict[str, list[str]] = {}
    for link in list_agreement_entries(session, workspace.id):
        if link.entry_id in named:
            refs.setdefault(link.agreement_id, []).append(named[link.entry_id])
    names = _names(session, workspace)
    agreements = list_agreements(session, workspace.id)
    return _table(AGREEMENT_COLUMNS, [_agreement(each, names, refs.get(each.id, [])) for each in agreements])


def export_members(session: Session, workspace: Workspace, _today: date) -> Table:
    """Members with the columns that `members import` reads; how somebody's examples are shown stays sealed.

    Who was erased is left out.
    """
    return _table(MEMBER_COLUMNS, [_member(one) for one in list_members(session, workspace.id) if one.name])


@dataclass(frozen=True, slots=True)
class _Names:
    """What people call things, by their key or id; nothing is called nothing."""

    tensions: Mapping[str | None, str]
    objectives: Mapping[str | None, str]
    sides: Mapping[str | None, str]
    members: Mapping[str | None, str]


def _names(session: Session, workspace: Workspace) -> _Names:
    dutch = workspace.language == "nl"
    speak = speaker(workspace.language, workspace.timezone)
    return _Names(
        tensions={each.key: each.name_nl if dutch else each.name for each in list_tensions(session, workspace.id)},
        objectives={each.key: each.name_nl if dutch else each.name for each in list_objectives(session, workspace.id)},
        sides={
            COMPANY: speak.word("the_company"),
            **{side.key: side.name for side in list_sides(session, workspace.id)},
        },
        members={member.id: speak.person(member.name) for member in list_members(session, workspace.id)},
    )


def _entry(entry: Entry, names: _Names, refs: Mapping[str | None, str]) -> dict[str, Any]:
    shown = {word: getattr(entry, word) for word in ENTRY_WORDS} | {
        "ref": entry.ref,
        "date": entry.created_on,
        "kind": entry.kind,
        "visibility": entry.visibility,
        "side": names.sides.get(entry.side, entry.side),
        "tension": names.tensions.get(entry.tension_key),
        "objective": names.objectives.get(entry.objective_key),
    }
    if entry.visibility == Visibility.SIDE_ONLY:
        return shown
    details = {detail: getattr(entry, detail) for detail in ENTRY_DETAILS}
    return (
        shown
        | details
        | {
            "author": names.members.get(entry.author_id),
            "recurrence_of": refs.get(entry.recurrence_of),
        }
    )


def _agreement(agreement: Agreement, names: _Names, refs: Sequence[str]) -> dict[str, Any]:
    return {column: getattr(agreement, column) for column in AGREEMENT_PLAIN} | {
        "owner": names.members.get(agreement.owner_id),
        "partner": names.members.get(agreement.partner_id),
        "tension": names.tensions.get(agreement.tension_key),
        "objective": names.objectives.get(agreement.objective_key),
        "entries": ";".join(sorted(refs)),
    }


def _member(member: Member) -> dict[str, Any]:
    return {column: getattr(member, column) for column in MEMBER_COLUMNS[1:]} | {"user_id": member.external_id}


def _table(columns: tuple[str, ...], rows: Sequence[Mapping[str, Any]]) -> Table:
    return Table(columns, [tuple(_cell(row.get(column)) for column in columns) for row in rows])


def _cell(value: Any) -> Cell:
    if value is None or isinstance(value, int):
        return value
    return value.isoformat() if isinstance(value, date) else str(value)

"""What is deleted or struck out when a person is erased, and what must be left as people wrote it."""

import json
import re
from collections.abc import Callable, Collection, Sequence
from typing import Any

from sqlalchemy import String, cast, delete, null, or_, update
from sqlmodel import Session, SQLModel, col, select

from storage.database import rows_changed
from storage.tables import (
    Absence,
    Appointment,
    Ask,
    AuditRecord,
    Brief,
    BriefOpening,
    ChannelPerson,
    CheckinAsked,
    CheckinPerson,
    CheckinText,
    Disturbance,
    Draft,
    Entry,
    Meeting,
    MeetingParticipant,
    MeetingSeries,
    Member,
    Outgoing,
    PrivateItem,
    SeriesParticipant,
)

UNSPOKEN = frozenset({"part", "action", "value", "style", "kind"})
"""Keys of a message under which nothing stands that is read: a button called by a name would do nothing any more."""

OURS = frozenset({"members", "tensions", "checkin_asked", "checkin_choices", "pulse_asked", "pulse_scores"})
"""Tables without words of members."""


def list_written(session: Session, member: Member, limit: int | None = None) -> Sequence[Entry]:
    """The entries that carry the member's name, whatever became of them."""
    written = select(Entry).where(Entry.workspace_id == member.workspace_id, Entry.author_id == member.id)
    return session.exec(written.limit(limit)).all()


def list_asked(session: Session, member: Member) -> Sequence[Ask]:
    return session.exec(select(Ask).where(Ask.workspace_id == member.workspace_id, Ask.asked_id == member.id)).all()


def delete_beside(session: Session, member: Member) -> None:
    """Delete what is about nobody else: invitations, openings, absences, drafts, messages; chairs stand empty."""
    for table in (MeetingParticipant, SeriesParticipant, BriefOpening, CheckinPerson, Absence, PrivateItem):
        rows_changed(session, delete(table).where(col(table.member_id) == member.id))
    for chaired in (Meeting, MeetingSeries):
        rows_changed(session, update(chaired).where(col(chaired.chair_id) == member.id).values(chair_id=null()))
    by_chat_id: list[tuple[type[Any], str]] = [
        (ChannelPerson, ChannelPerson.external_id),
        (Draft, Draft.external_id),
        (Appointment, Appointment.external_id),
        (Outgoing, Outgoing.target_id),
    ]
    for held, column in by_chat_id:
        mine = col(held.workspace_id) == member.workspace_id, col(column) == member.external_id
        rows_changed(session, delete(held).where(*mine))


def forget_in_checkins(session: Session, member: Member) -> None:
    """What they told in check-ins is their side's; that they were asked, and whether they answered, keeps no time: it
    would tell where an empty row lives.
    """
    told = update(CheckinText).where(col(CheckinText.author_id) == member.id)
    announced = update(Disturbance).where(col(Disturbance.announced_by_id) == member.id)
    asked = update(CheckinAsked).where(col(CheckinAsked.member_id) == member.id)
    for statement in (
        told.values(author_id=null()),
        announced.values(announced_by_id=null()),
        asked.values(ask_at=null(), nudge_at=null(), until=null()),
    ):
        rows_changed(session, statement)


def strike_from_briefs(session: Session, workspace_id: str, name: str) -> int:
    """Leave the name empty where it is a fact of a snapshot: an owner. How many briefs had it."""
    return _rewrite(session, Brief, workspace_id, "snapshot", [name], lambda held: _walk(held, _emptied(name)))


def strike_from_messages(session: Session, workspace_id: str, names: Sequence[str], instead: str) -> int:
    """Put `instead` in place of the names in messages that have not left or did not arrive. How many had one."""
    strike = _struck(names, instead)
    places: list[tuple[type[Any], str]] = [(Outgoing, "message"), (PrivateItem, "message"), (PrivateItem, "line")]
    return sum(
        _rewrite(session, table, workspace_id, column, names, lambda held: _walk(held, strike, UNSPOKEN))
        for table, column in places
    )


def strike_from_changes(session: Session, workspace_id: str, names: Sequence[str], instead: str) -> int:
    """The same in what the audit trail says stood there before and after."""
    strike = _struck(names, instead)
    return sum(_rewrite(session, AuditRecord, workspace_id, side, names, strike) for side in ("before", "after"))


def count_mentions(session: Session, workspace_id: str, name: str) -> dict[str, int]:
    """In how many rows of each table the name still stands, as a whole word, within what people wrote."""
    whole = _whole([name])
    counts = {
        str(table.name): sum(
            any(whole.search(text) for text in row if text)
            for row in session.execute(
                select(*_texts(table)).where(
                    belongs_to(table, workspace_id),
                    or_(*(column.contains(name, autoescape=True) for column in _texts(table))),
                )
            )
        )
        for table in SQLModel.metadata.sorted_tables
        if table.name not in OURS and _texts(table) and belongs_to(table, workspace_id) is not None
    }
    return {table: count for table, count in counts.items() if count}


def _texts(table: Any) -> list[Any]:
    """Columns of running text: neither a key nor one of a few words."""
    keys = {column.name for column in table.primary_key} | {key.parent.name for key in table.foreign_keys}
    return [column for column in table.c if type(column.type).__name__ == "AutoString" and column.name not in keys]


def belongs_to(table: Any, workspace_id: str) -> Any:
    """Whether a row is of the workspace, by itself or through what it hangs on; None for a table of no workspace."""
    if "workspace_id" in table.c:
        return table.c.workspace_id == workspace_id
    for key in table.foreign_keys:
        owner = key.column.table
        if "workspace_id" in owner.c and not key.parent.nullable:
            return key.parent.in_(select(key.column).where(owner.c.workspace_id == workspace_id))
    return None


def _rewrite(
    session: Session,
    table: type[Any],
    workspace_id: str,
    column: str,
    names: Sequence[str],
    change: Callable[[Any], Any],
) -> int:
    """Change what holds one of the names; how many rows. The database finds them, as text or as JSON writes them."""
    held = cast(col(getattr(table, column)), String)
    spellings = {spelling for name in names for spelling in (name, json.dumps(name)[1:-1])}
    holds = or_(*(held.contains(spelling, autoescape=True) for spelling in sorted(spellings)))
    changed = 0
    for row in session.exec(select(table).where(table.workspace_id == workspace_id, holds)):
        before = getattr(row, column)
        after = change(before)
        if after != before:
            setattr(row, column, after)
            session.add(row)
            changed += 1
    session.flush()
    return changed


def _walk(value: Any, change: Callable[[str], str], left_alone: Collection[str] = ()) -> Any:
    """The same with every text in it changed, but for what stands under those keys."""
    if isinstance(value, dict):
        return {key: held if key in left_alone else _walk(held, change, left_alone) for key, held in value.items()}
    if isinstance(value, list):
        return [_walk(held, change, left_alone) for held in value]
    return change(value) if isinstance(value, str) else value


def _emptied(name: str) -> Callable[[str], str]:
    return lambda text: "" if text == name else text


def _struck(names: Sequence[str], instead: str) -> Callable[[str], str]:
    whole = _whole(names)
    return lambda text: whole.sub(lambda _: instead, text)


def _whole(names: Sequence[str]) -> re.Pattern[str]:
    """Any of them as a whole word."""
    return re.compile("|".join(rf"(?<!\w){re.escape(name)}(?!\w)" for name in names))

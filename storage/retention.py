"""What has had its time, at most `limit` at once. What comes back says how many were taken: as many = more to come."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, delete, null, or_, update
from sqlmodel import Session, SQLModel, col, select

from storage.database import rows_changed
from storage.erasing import belongs_to
from storage.tables import (
    Absence,
    AgendaItem,
    Ask,
    AskState,
    AuditRecord,
    ChannelPerson,
    Checkin,
    CheckinAsked,
    CheckinRound,
    CheckinState,
    CheckinText,
    Decision,
    DecisionObjection,
    Disturbance,
    Entry,
    Meeting,
    Member,
    Outgoing,
    PrivateItem,
    PulseAsked,
    PulseRound,
    Workspace,
)

WAITING = (AskState.OPEN, AskState.TAKEN)


def delete_gone_entries(session: Session, workspace_id: str, before: date, limit: int) -> int:
    """Entries withdrawn or hidden before that day, and what is known of where they were posted."""
    withdrawn = (col(Entry.workspace_id) == workspace_id, col(Entry.withdrawn_on) < before)
    hidden = (
        col(Entry.workspace_id) == workspace_id,
        col(Entry.hidden_reason).is_not(None),
        col(Entry.hidden_on) < before,
    )
    gone = [session.exec(select(Entry.id).where(*where).limit(limit)).all() for where in (withdrawn, hidden)]
    ids = {entry_id for found in gone for entry_id in found}
    posts = [f"{what}:{entry_id}" for what in ("share", "help") for entry_id in ids]
    rows_changed(session, delete(Outgoing).where(col(Outgoing.key).in_(posts)))
    rows_changed(session, delete(Entry).where(col(Entry.id).in_(ids)))
    return max(len(found) for found in gone)


def list_named_before(session: Session, workspace_id: str, before: date, limit: int) -> Sequence[Entry]:
    """Entries of days before that one which still carry a name."""
    named = select(Entry).where(
        Entry.workspace_id == workspace_id, col(Entry.author_id).is_not(None), col(Entry.created_on) < before
    )
    return session.exec(named.limit(limit).with_for_update(skip_locked=True)).all()


def delete_ended_asks(session: Session, workspace_id: str, before: date, limit: int) -> int:
    ended = (col(Ask.workspace_id) == workspace_id, col(Ask.state).not_in(WAITING), col(Ask.until) < before)
    return _delete(session, Ask, ended, limit)


def delete_agenda(session: Session, workspace_id: str, before: datetime, limit: int) -> int:
    """What members put on the agenda of meetings that began before that moment."""
    return _delete(session, AgendaItem, [col(AgendaItem.meeting_id).in_(_held(workspace_id, before))], limit)


def delete_objections(session: Session, workspace_id: str, before: datetime, limit: int) -> int:
    """Why people did not want a question to stand, of meetings that began before that moment; `limit` questions."""
    asked = select(Decision.id).where(col(Decision.meeting_id).in_(_held(workspace_id, before)))
    return _delete_of(session, DecisionObjection, DecisionObjection.decision_id, asked, limit)


def delete_asked(session: Session, workspace_id: str, before: datetime, limit: int) -> int:
    """Who was asked in rounds that closed before that moment, and whether they answered; `limit` rounds."""
    closed = select(PulseRound.id).where(PulseRound.workspace_id == workspace_id, col(PulseRound.closes_at) < before)
    return _delete_of(session, PulseAsked, PulseAsked.round_id, closed, limit)


def delete_turns(session: Session, workspace_id: str, before: datetime, limit: int) -> int:
    """The same of the rounds of check-ins; `limit` rounds."""
    return _delete_of(session, CheckinAsked, CheckinAsked.round_id, _rounds(workspace_id, before), limit)


def forget_authors_of_texts(session: Session, workspace_id: str, before: datetime, limit: int) -> int:
    """Short texts of rounds that closed before that moment are those of a side from now on."""
    named = select(CheckinText.id).where(
        col(CheckinText.round_id).in_(_rounds(workspace_id, before)), col(CheckinText.author_id).is_not(None)
    )
    few = session.exec(named.limit(limit)).all()
    return rows_changed(session, update(CheckinText).where(col(CheckinText.id).in_(few)).values(author_id=null()))


def forget_announcers(session: Session, workspace_id: str, before: date, limit: int) -> int:
    """Who announced a change ahead before that day."""
    named = select(Disturbance.id).where(
        Disturbance.workspace_id == workspace_id,
        col(Disturbance.announced_on) < before,
        col(Disturbance.announced_by_id).is_not(None),
    )
    few = session.exec(named.limit(limit)).all()
    forgotten = update(Disturbance).where(col(Disturbance.id).in_(few))
    return rows_changed(session, forgotten.values(announced_by_id=null()))


def delete_absences(session: Session, workspace_id: str, before: date, limit: int) -> int:
    over = (col(Absence.workspace_id) == workspace_id, col(Absence.last_day) < before)
    return _delete(session, Absence, over, limit)


def delete_said(session: Session, workspace_id: str, day: date, moment: datetime, limit: int) -> int:
    """What was said to people unasked before that day, or was to be said before that moment and never was."""
    waited = and_(col(PrivateItem.day).is_(None), col(PrivateItem.tell_at) < moment)
    old = (col(PrivateItem.workspace_id) == workspace_id, or_(col(PrivateItem.day) < day, waited))
    return _delete(session, PrivateItem, old, limit)


def delete_channel_people(session: Session, workspace_id: str) -> int:
    """Who is in channels that no check-in asks any more."""
    asking = select(Checkin.audience_channel_id).where(
        Checkin.workspace_id == workspace_id,
        Checkin.state != CheckinState.DELETED,
        col(Checkin.audience_channel_id).is_not(None),
    )
    theirs = (col(ChannelPerson.workspace_id) == workspace_id, col(ChannelPerson.channel_id).not_in(asking))
    return rows_changed(session, delete(ChannelPerson).where(*theirs))


def delete_changes(session: Session, workspace_id: str, before: datetime, limit: int) -> int:
    old = (col(AuditRecord.workspace_id) == workspace_id, col(AuditRecord.at) < before)
    return _delete(session, AuditRecord, old, limit)


def list_left(session: Session, workspace_id: str, before: date, limit: int) -> Sequence[Member]:
    """Members whose last day was before that day and who still have a name."""
    left = select(Member).where(Member.workspace_id == workspace_id, col(Member.active_to) < before, Member.name != "")
    return session.exec(left.limit(limit).with_for_update(skip_locked=True)).all()


def delete_workspace(session: Session, workspace_id: str, limit: int) -> int:
    """All of it, table by table, what hangs on others first; at last the workspace itself."""
    for table in reversed(SQLModel.metadata.sorted_tables):
        mine = belongs_to(table, workspace_id)
        if mine is not None:
            batch = table.c.id.in_(select(table.c.id).where(mine).limit(limit)) if "id" in table.c else mine
            if rows_changed(session, delete(table).where(batch)) == limit:
                return limit
    return rows_changed(session, delete(Workspace).where(col(Workspace.id) == workspace_id))


def _rounds(workspace_id: str, before: datetime) -> Any:
    return select(CheckinRound.id).where(
        CheckinRound.workspace_id == workspace_id, col(CheckinRound.closes_at) < before
    )


def _held(workspace_id: str, before: datetime) -> Any:
    return select(Meeting.id).where(Meeting.workspace_id == workspace_id, col(Meeting.starts_at) < before)


def _delete(session: Session, table: type[Any], where: Sequence[ColumnElement[bool]], limit: int) -> int:
    batch = select(col(table.id)).where(*where).limit(limit)
    return rows_changed(session, delete(table).where(col(table.id).in_(batch)))


def _delete_of(session: Session, table: type[SQLModel], column: str, owners: Any, limit: int) -> int:
    """Rows of a table without an id of its own, all of an owner at once; how many owners it dealt with."""
    having = select(col(column)).where(col(column).in_(owners)).distinct().limit(limit)
    few = session.exec(having).all()
    if few:
        rows_changed(session, delete(table).where(col(column).in_(few)))
    return len(few)

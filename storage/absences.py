"""Queries of absences."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Final

from sqlmodel import Session, col, select

from storage.tables import Absence

ROWS_AT_ONCE: Final = 5000
"""So many values both databases take in one statement."""


def list_absences_of(session: Session, member_id: str, since: date) -> Sequence[Absence]:
    """Somebody's absences that are not over before that day, the first first."""
    theirs = select(Absence).where(Absence.member_id == member_id, col(Absence.last_day) >= since)
    return session.exec(theirs.order_by(col(Absence.first_day))).all()


def find_absence(session: Session, member_id: str, absence_id: str) -> Absence | None:
    absence = session.get(Absence, absence_id)
    return absence if absence and absence.member_id == member_id else None


def list_away(session: Session, workspace_id: str, day: date) -> Sequence[Absence]:
    """The absences of everybody who is away on that day."""
    away = select(Absence).where(Absence.workspace_id == workspace_id, col(Absence.first_day) <= day)
    return session.exec(away.where(col(Absence.last_day) >= day)).all()


def list_absences(session: Session, member_ids: Sequence[str], since: date) -> Iterator[tuple[str, date, date]]:
    """Member, first and last day of the absences of many that are not over before that day."""
    for start in range(0, len(member_ids), ROWS_AT_ONCE):
        ids = member_ids[start : start + ROWS_AT_ONCE]
        days = select(col(Absence.member_id), col(Absence.first_day), col(Absence.last_day))
        yield from session.exec(days.where(col(Absence.member_id).in_(ids), col(Absence.last_day) >= since))

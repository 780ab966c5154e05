"""Queries of changes ahead, whom they touch, and the entries about them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import delete
from sqlmodel import Session, col, func, select

from storage.database import dialect_insert, rows_changed
from storage.tables import (
    CheckinPerson,
    CheckinRound,
    CheckinSide,
    Disturbance,
    DisturbanceEntry,
    Entry,
    Member,
    Side,
    Visibility,
)

NEWEST = 20
"""Changes that are listed or offered; a company does not watch more at a time."""


@dataclass(frozen=True, slots=True)
class Touched:
    """Whom a change touches: names of sides in their order, and of people. Somebody who was erased has none."""

    sides: tuple[str, ...]
    people: tuple[str, ...]


def find_disturbance(session: Session, workspace_id: str, disturbance_id: str) -> Disturbance | None:
    """Withdrawn or not."""
    found = session.get(Disturbance, disturbance_id)
    return found if found and found.workspace_id == workspace_id else None


def lock_disturbance(session: Session, disturbance: Disturbance) -> None:
    """Read it as it stands now; nobody else changes it until the end of the transaction."""
    session.refresh(disturbance, with_for_update=True)


def list_running(session: Session, workspace_id: str, day: date) -> Sequence[Disturbance]:
    """Those an entry of that day can be linked to, what begins first first; not the withdrawn ones."""
    running = select(Disturbance).where(
        Disturbance.workspace_id == workspace_id,
        col(Disturbance.withdrawn).is_(False),
        Disturbance.announced_on <= day,
        Disturbance.linked_until >= day,
    )
    return session.exec(running.order_by(col(Disturbance.from_on), col(Disturbance.id)).limit(NEWEST)).all()


def touched_by(session: Session, disturbance: Disturbance) -> Touched:
    """Sides and people that its extra round asks."""
    sides = (
        select(Side.name)
        .join(CheckinSide, (col(CheckinSide.side) == col(Side.key)))
        .where(CheckinSide.checkin_id == disturbance.checkin_id, Side.workspace_id == disturbance.workspace_id)
        .order_by(col(Side.position))
    )
    people = (
        select(Member.name)
        .join(CheckinPerson, col(CheckinPerson.member_id) == col(Member.id))
        .where(CheckinPerson.checkin_id == disturbance.checkin_id, col(CheckinPerson.is_observer).is_(False))
        .order_by(col(Member.name), col(Member.id))
    )
    return Touched(tuple(session.exec(sides).all()), tuple(session.exec(people).all()))


def find_of_entry(session: Session, entry_id: str) -> Disturbance | None:
    """The change the entry is linked to, while it is not withdrawn."""
    linked = select(Disturbance).join(DisturbanceEntry, col(DisturbanceEntry.disturbance_id) == col(Disturbance.id))
    of_entry = linked.where(DisturbanceEntry.entry_id == entry_id, col(Disturbance.withdrawn).is_(False))
    return session.exec(of_entry).one_or_none()


def find_of_round(session: Session, round_id: str) -> Disturbance | None:
    """The change that a round asks about, while it is not withdrawn."""
    asks = select(Disturbance).join(CheckinRound, col(CheckinRound.checkin_id) == col(Disturbance.checkin_id))
    return session.exec(asks.where(CheckinRound.id == round_id, col(Disturbance.withdrawn).is_(False))).first()


def link(session: Session, entry_id: str, disturbance_id: str) -> None:
    """Let the entry be about that change, in place of another one."""
    session.flush()
    row = {"entry_id": entry_id, "disturbance_id": disturbance_id}
    linked = dialect_insert(session, DisturbanceEntry).values(row)
    session.execute(linked.on_conflict_do_update(index_elements=["entry_id"], set_=row))


def unlink(session: Session, entry_id: str) -> None:
    rows_changed(session, delete(DisturbanceEntry).where(col(DisturbanceEntry.entry_id) == entry_id))


def list_linked(session: Session, disturbance: Disturbance, limit: int) -> Sequence[tuple[Entry, str | None]]:
    """The named entries about it that everybody may read, the newest first, with their author's name."""
    entries = (
        select(Entry, Member.name)
        .join(DisturbanceEntry, col(DisturbanceEntry.entry_id) == col(Entry.id))
        .outerjoin(Member, col(Member.id) == col(Entry.author_id))
        .where(DisturbanceEntry.disturbance_id == disturbance.id, *_readable())
        .order_by(col(Entry.created_at).desc(), col(Entry.ref))
    )
    return session.exec(entries.limit(limit)).all()


def count_linked(session: Session, workspace_id: str) -> Mapping[str, int]:
    """By disturbance, as many as `list_linked` would give without a limit."""
    counts = (
        select(DisturbanceEntry.disturbance_id, func.count())
        .join(Entry, col(Entry.id) == col(DisturbanceEntry.entry_id))
        .where(Entry.workspace_id == workspace_id, *_readable())
        .group_by(col(DisturbanceEntry.disturbance_id))
    )
    return dict(session.exec(counts).all())


def _readable() -> tuple[bool, ...]:
    return (
        Entry.visibility == Visibility.NAMED,
        col(Entry.withdrawn_on).is_(None),  # type: ignore[return-value]  # sqlmodel types a comparison as its result
        col(Entry.hidden_reason).is_(None),
    )

"""What was changed is noted down with before and after, and can be put back from there."""

import json
from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Any, Final

from sqlmodel import Session, SQLModel

from bot.domain.errors import Refused
from bot.services.access import Actor, Sender, access_actor
from bot.services.context import Context
from storage.tables import AuditRecord, Meeting, MeetingSeries, MeetingStatus, MeetingType, Shift

MEETING_STATE: Final = ("starts_at", "status", "moved")
SERIES_STATE: Final = (
    *("type", "title", "rule", "local_time", "timezone", "duration_minutes"),
    *("shift", "starts_on", "ends_on", "chair_id"),
)
_READERS: Final[Mapping[str, Any]] = {
    "starts_at": datetime.fromisoformat,
    "local_time": time.fromisoformat,
    "starts_on": date.fromisoformat,
    "ends_on": date.fromisoformat,
    "day": date.fromisoformat,
    "status": MeetingStatus,
    "type": MeetingType,
    "shift": Shift,
}


def access_lead(session: Session, context: Context, sender: Sender) -> Actor:
    """The facilitator or admin behind a request. Raises `Refused` for everybody else."""
    actor = access_actor(session, context, sender)
    if not actor.leads:
        raise Refused("facilitators_only")
    return actor


def state_of(record: Meeting | MeetingSeries) -> dict[str, Any]:
    """What can be put back of it."""
    return columns(record, MEETING_STATE if isinstance(record, Meeting) else SERIES_STATE)


def columns(record: SQLModel, names: tuple[str, ...]) -> dict[str, Any]:
    return {name: getattr(record, name) for name in names}


def note_change(
    session: Session,
    context: Context,
    actor: Actor,
    verb: str,
    subject: str,
    before: Mapping[str, Any] | None,
    after: Mapping[str, Any] | None,
) -> str:
    """Note who changed what (`subject` is "series:<id>"), after it is done; its id is the value of an [Undo]."""
    note = AuditRecord(
        id=context.new_id(),
        workspace_id=actor.workspace.id,
        at=context.now,
        actor_id=actor.member.id,
        action=f"{subject.partition(':')[0]}.{verb}",
        subject=subject,
        before=write(before),
        after=write(after),
    )
    session.add(note)
    session.flush()
    return note.id


def write(state: Mapping[str, Any] | None) -> str | None:
    return None if state is None else json.dumps(state, default=_plain, sort_keys=True)


def read(noted: str | None) -> dict[str, Any] | None:
    """A noted state with the types of its columns."""
    if noted is None:
        return None
    return {
        name: _READERS[name](value) if name in _READERS and value is not None else value
        for name, value in json.loads(noted).items()
    }


def _plain(value: Any) -> Any:
    return value.isoformat()

"""What was changed is noted down with before and after, and can be put back from there."""

import json
from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Any, Final

from sqlmodel import Session, SQLModel

from bot.services.access import Actor
from bot.services.audit import note
from bot.services.context import Context
from storage.tables import Meeting, MeetingSeries, MeetingStatus, MeetingType, Shift

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
    action = f"{subject.partition(':')[0]}.{verb}"
    return note(session, context, actor, action, subject, write(before), write(after)).id


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

"""Put back what was before a change to the meetings, as long as nothing was changed since."""

from collections.abc import Callable, Mapping
from typing import Final, TypeAlias

from sqlmodel import Session

from bot.domain.chat import Message
from bot.domain.errors import Refused
from bot.services.access import Actor, Sender, access_facilitator
from bot.services.context import Context
from bot.services.meetings import brief_rules, days_off
from bot.services.meetings.changes import change_meeting, series_state
from bot.services.meetings.records import note_change, read, state_of, write
from bot.services.meetings.series import plan_series, put_back_exceptions, remove_series
from bot.services.messages import meetings as messages
from storage.audit import find_record
from storage.meetings import find_meeting, find_series, set_series_participants
from storage.tables import AuditRecord

Undo: TypeAlias = Callable[[Session, Context, Actor, AuditRecord], None]


def undo_change(session: Session, context: Context, sender: Sender, note_id: str) -> Message:
    """Undo the change of that note. Raises `Refused` when something was changed since."""
    actor = access_facilitator(session, context, sender)
    note = find_record(session, actor.workspace.id, note_id)
    if note is None or (undo := UNDOS.get(note.subject.partition(":")[0])) is None:
        raise Refused("changed_since")
    undo(session, context, actor, note)
    return messages.undone(actor)


def _undo_meeting(session: Session, context: Context, actor: Actor, note: AuditRecord) -> None:
    meeting = find_meeting(session, actor.workspace.id, note.subject.partition(":")[2])
    before = read(note.before)
    if meeting is None or before is None or write(state_of(meeting)) != note.after:
        raise Refused("changed_since")
    if min(meeting.starts_at, before["starts_at"]) <= context.now:
        raise Refused("meeting_over")
    change_meeting(session, context, actor, meeting, "undo", **before)


def _undo_series(session: Session, context: Context, actor: Actor, note: AuditRecord) -> None:
    series = find_series(session, actor.workspace.id, note.subject.partition(":")[2])
    if series is None or write(series_state(session, series)) != note.after:
        raise Refused("changed_since")
    now, before = series_state(session, series), read(note.before)
    if before is None:
        remove_series(session, context, series)
        note_change(session, context, actor, "undo", note.subject, now, None)
        return
    exceptions = before.pop("exceptions")
    set_series_participants(session, series.id, before.pop("participants"))
    for name, value in before.items():
        setattr(series, name, value)
    session.add(series)
    plan_series(session, context, actor.workspace, series)
    put_back_exceptions(session, context, actor.workspace, series, exceptions)
    note_change(session, context, actor, "undo", note.subject, now, series_state(session, series))


UNDOS: Final[Mapping[str, Undo]] = {
    "meeting": _undo_meeting,
    "series": _undo_series,
    "days_off": days_off.undo,
    "brief_rule": brief_rules.undo,
}

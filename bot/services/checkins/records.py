"""What was changed about a check-in is noted down with before and after, and can be put back from there."""

import json
from collections.abc import Iterable, Mapping
from datetime import date, time
from typing import Any, Final

from sqlmodel import Session

from bot.services.access import Actor
from bot.services.audit import note
from bot.services.checkins.planning import plan_next
from bot.services.checkins.scales import follow_text
from bot.services.context import Context
from bot.services.meetings.records import columns, write
from storage.checkin_settings import list_all_questions, list_people, list_side_keys, set_audience, set_order
from storage.checkins import list_questions
from storage.tables import Checkin, CheckinQuestion, Member

SETTINGS: Final = (
    *("name", "rule", "starts_on", "local_time", "close_after_days", "close_at", "nudge_share_pct"),
    *("audience_channel_id", "audience_channel_name", "channel_id", "channel_name"),
)
QUESTION: Final = ("id", "text", "text_nl", "options", "options_nl", "required")
_READERS: Final[Mapping[str, Any]] = {
    "starts_on": date.fromisoformat,
    "local_time": time.fromisoformat,
    "close_at": time.fromisoformat,
}

State = Mapping[str, Any]


def state_of(session: Session, checkin: Checkin) -> State:
    """All that can be put back of it; people by member id."""
    return columns(checkin, SETTINGS) | {
        "sides": list(list_side_keys(session, checkin.id)),
        "people": sorted(member.id for member in list_people(session, checkin.id, observers=False)),
        "observers": sorted(member.id for member in list_people(session, checkin.id, observers=True)),
        "questions": [columns(question, QUESTION) for question in list_questions(session, checkin.id)],
    }


def note_change(
    session: Session, context: Context, actor: Actor, verb: str, checkin: Checkin, before: State | None = None
) -> str:
    """Let its rounds to come follow, and note who changed what; the id of the note.

    Call it after the change; `before` None = it is new, or nothing of its state was changed.
    """
    session.add(checkin)
    session.flush()
    plan_next(session, context, actor.workspace, checkin)
    after = write(state_of(session, checkin)) if before is not None else None
    action, subject = f"checkin.{verb}", f"checkin:{checkin.id}"
    return note(session, context, actor, action, subject, write(before), after).id


def put_back(session: Session, checkin: Checkin, noted: str) -> None:
    """Let it be as it was noted down."""
    state = json.loads(noted)
    for name in SETTINGS:
        value = state[name]
        setattr(checkin, name, _READERS[name](value) if name in _READERS and value is not None else value)
    people, observers = (_still_known(session, state[name]) for name in ("people", "observers"))
    set_audience(session, checkin.id, state["sides"], people, observers)
    questions = {question.id: question for question in list_all_questions(session, checkin.id)}
    for values in state["questions"]:
        _fill(session, questions[values["id"]], values)
    set_order(session, checkin.id, [values["id"] for values in state["questions"]])


def _still_known(session: Session, member_ids: Iterable[str]) -> list[str]:
    """Whoever was erased since does not come back."""
    members = (session.get(Member, one) for one in member_ids)
    return [member.id for member in members if member and member.name]


def _fill(session: Session, question: CheckinQuestion, values: Mapping[str, Any]) -> None:
    for name in QUESTION:
        setattr(question, name, values[name])
    session.add(question)
    follow_text(session, question)

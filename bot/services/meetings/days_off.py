"""The days nobody works: public holidays of the country, and the company's own."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any, Final

from sqlmodel import Session

from bot.domain.chat import Form, Message, Submission
from bot.domain.errors import Refused
from bot.domain.public_holidays import public_holidays, weekend_of
from bot.services.access import Actor, Sender, access_actor, access_facilitator, company_day
from bot.services.checkins.people import replan_members
from bot.services.checkins.planning import plan_all
from bot.services.context import Context
from bot.services.meetings.records import columns, note_change, read, write
from bot.services.meetings.series import replan_all
from bot.services.messages import days_off as messages
from bot.services.requests import claim_request
from bot.services.summaries.planning import ensure_summary
from storage.meetings import find_holiday, list_holidays
from storage.tables import AuditRecord, Holiday

YEAR: Final = timedelta(days=365)
LONGEST: Final = timedelta(days=31)
COLUMNS: Final = ("day", "name", "is_working")


def list_days_off(session: Session, context: Context, sender: Sender, _value: str = "") -> Message:
    """The days off of a year from today on."""
    actor = access_actor(session, context, sender)
    return messages.days(actor, _rows(session, context, actor))


def day_off_form(session: Session, context: Context, sender: Sender, _value: str = "") -> Form:
    actor = access_facilitator(session, context, sender)
    return messages.form(actor.speaker, company_day(actor.workspace, context))


def save_days_off(
    session: Session, context: Context, sender: Sender, request_id: str, submission: Submission
) -> Message:
    """Add days off of the company's own. Raises `Refused` beside the field that is wrong."""
    claim_request(session, context, request_id)
    actor = access_facilitator(session, context, sender)
    name, days = typed_days(context, actor, submission)
    wanted = [Holiday(workspace_id=actor.workspace.id, day=day, name=name) for day in days]
    note_id = _change(session, context, actor, "add", days, wanted)
    return messages.days(actor, _rows(session, context, actor), "added", days, note_id)


def typed_days(context: Context, actor: Actor, submission: Submission) -> tuple[str, Sequence[date]]:
    """What they are called and which they are. Raises `Refused` beside the field that is wrong."""
    name, first = submission.text("name"), submission.day("first") or company_day(actor.workspace, context)
    last = submission.day("last") or first
    if not name:
        raise Refused("name_empty", field="name")
    if not first <= last <= first + LONGEST:
        raise Refused("days_order", field="last")
    return name, [first + timedelta(days=number) for number in range((last - first).days + 1)]


def toggle_day_off(session: Session, context: Context, sender: Sender, value: str) -> Message:
    """A public holiday is worked here, or not any more; a day of the company's own goes. `value` is the day."""
    actor = access_facilitator(session, context, sender)
    day = date.fromisoformat(value)
    present = find_holiday(session, actor.workspace.id, day)
    public = public_holidays(actor.workspace.country, day.year).get(day)
    if present is None and public is None:
        raise Refused("old_button")
    worked = [Holiday(workspace_id=actor.workspace.id, day=day, name=public, is_working=True)] if public else []
    note_id = _change(session, context, actor, "change", [day], [] if present else worked)
    said = "off" if present and present.is_working else "worked" if not present else "removed"
    return messages.days(actor, _rows(session, context, actor), said, [day], note_id)


def undo(session: Session, context: Context, actor: Actor, note: AuditRecord) -> None:
    """Put the days of that note back as they were. Raises `Refused` when they were changed since."""
    before, after = read(note.before) or {}, read(note.after) or {}
    days = [date.fromisoformat(day) for day in sorted({*before, *after})]
    if write(_state(session, actor, days)) != note.after:
        raise Refused("changed_since")
    wanted = [
        Holiday(workspace_id=actor.workspace.id, day=date.fromisoformat(day), **rest) for day, rest in before.items()
    ]
    _change(session, context, actor, "undo", days, wanted)


def _change(
    session: Session,
    context: Context,
    actor: Actor,
    verb: str,
    days: Sequence[date],
    wanted: Iterable[Holiday],
) -> str:
    """Let those days be as wanted, meetings, rounds that run and the summary follow, and note it down."""
    before = _state(session, actor, days)
    for day in days:
        if (present := find_holiday(session, actor.workspace.id, day)) is not None:
            session.delete(present)
    session.flush()
    session.add_all(wanted)
    session.flush()
    replan_all(session, context, actor.workspace)
    plan_all(session, context, actor.workspace)
    replan_members(session, context, actor.workspace)
    ensure_summary(session, context, actor.workspace)
    return note_change(session, context, actor, verb, "days_off:", before, _state(session, actor, days))


def _state(session: Session, actor: Actor, days: Sequence[date]) -> Mapping[str, Any]:
    present = [find_holiday(session, actor.workspace.id, day) for day in days]
    return {one.day.isoformat(): columns(one, COLUMNS[1:]) for one in present if one}


def _rows(session: Session, context: Context, actor: Actor) -> Sequence[messages.DayOff]:
    first = company_day(actor.workspace, context)
    last, weekend = first + YEAR, weekend_of(actor.workspace.country)
    own = {one.day: one for one in list_holidays(session, actor.workspace.id, first, last)}
    rows = [messages.DayOff(one.day, one.name, is_public=False) for one in own.values() if not one.is_working]
    for year in range(first.year, last.year + 1):
        for day, name in public_holidays(actor.workspace.country, year, actor.speaker.language).items():
            mine = own.get(day)
            if first <= day <= last and day.weekday() not in weekend and (mine is None or mine.is_working):
                rows.append(messages.DayOff(day, name, is_public=True, is_worked=mine is not None))
    return sorted(rows, key=lambda row: row.day)

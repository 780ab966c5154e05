"""Who is away, and until when: said by themselves or by a facilitator. An absence ends by itself."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from sqlmodel import Session

from bot.domain.chat import Form, Message, Part, Submission
from bot.domain.errors import Refused
from bot.services.access import Actor, Sender, access_actor
from bot.services.audit import note
from bot.services.checkins.people import replan_member
from bot.services.context import Context
from bot.services.messages import absences as messages
from bot.services.requests import claim_request
from storage.absences import find_absence, list_absences_of
from storage.tables import Absence, Member

ONE_DAY: Final = timedelta(days=1)
LONGEST: Final = timedelta(days=366)


def today_of(context: Context, member: Member) -> date:
    """Today where they are."""
    return context.now.astimezone(ZoneInfo(member.timezone)).date()


def list_absences(session: Session, context: Context, member: Member) -> Sequence[Absence]:
    """The absence that runs and those to come, the first first."""
    return list_absences_of(session, member.id, today_of(context, member))


def running_absence(session: Session, context: Context, member: Member) -> Absence | None:
    """The absence of today, where they are."""
    today = today_of(context, member)
    return next((one for one in list_absences(session, context, member) if one.first_day <= today), None)


def next_absence(session: Session, context: Context, member: Member) -> Absence | None:
    """The absence that runs, else the next one to come."""
    return next(iter(list_absences(session, context, member)), None)


def away_form(session: Session, context: Context, sender: Sender, _value: str = "") -> Form:
    """For oneself, filled in with the absence that runs or comes next."""
    actor = access_actor(session, context, sender)
    absence = next_absence(session, context, actor.member)
    return messages.form(actor.speaker, absence, today_of(context, actor.member))


def save_away(session: Session, context: Context, sender: Sender, request_id: str, submission: Submission) -> Message:
    """Raises `Refused` beside the field that is wrong."""
    claim_request(session, context, request_id)
    actor = access_actor(session, context, sender)
    absence = save_fields(session, context, actor, actor.member, submission)
    if absence is None:
        return messages.ended(actor)
    return messages.saved(actor, absence, today_of(context, actor.member))


def end_mine(session: Session, context: Context, sender: Sender, absence_id: str) -> Message:
    """I am back, or do not go away after all; `absence_id` of one that is over already changes nothing."""
    actor = access_actor(session, context, sender)
    absence = find_absence(session, actor.member.id, absence_id)
    if absence is not None:
        end_absence(session, context, actor, actor.member, absence)
    return messages.ended(actor)


def on_home(session: Session, context: Context, actor: Actor) -> tuple[Part, ...]:
    """My absence that runs and those to come, each with the button that ends it; nothing where there is none."""
    absences = list_absences(session, context, actor.member)
    return messages.on_home(actor.speaker, absences, today_of(context, actor.member))


def save_fields(
    session: Session, context: Context, actor: Actor, member: Member, submission: Submission
) -> Absence | None:
    """What the fields of an absence say, in place of the one that was filled in, or beside it where the days have
    nothing to do with each other; None = they are not away.

    Raises:
        Refused: beside the field "until".
    """
    shown = find_absence(session, member.id, submission.payload.get("absence", ""))
    first, until = submission.day("away_from"), submission.day("until")
    if shown and (first, until) == (shown.first_day, shown.last_day):
        return shown
    if until is None:
        _save_none(session, context, actor, member, shown, first)
        return None
    first = first or today_of(context, member)
    _check_days(today_of(context, member), first, until)
    if shown and shown.first_day <= until + ONE_DAY and first <= shown.last_day + ONE_DAY:
        session.delete(shown)
    return set_away(session, context, actor, member, until, first)


def _save_none(
    session: Session, context: Context, actor: Actor, member: Member, shown: Absence | None, first: date | None
) -> None:
    """The last day was left empty: with the first day too, or as it was filled in, they are not away."""
    if first and first not in (today_of(context, member), shown.first_day if shown else None):
        raise Refused("away_until_missing", field="until")
    if shown is not None:
        end_absence(session, context, actor, member, shown)


def set_away(
    session: Session, context: Context, actor: Actor, member: Member, until: date, first: date | None = None
) -> Absence:
    """Note that the member is away from `first` (today where they are) to `until`, both included.

    What they are to be asked in rounds that run is planned around it. An absence that has begun by then ends on the new
    day in place of its own; one that begins within it is joined.

    Raises:
        Refused: beside the field "until" (over already, before the first day, or more than a year).
    """
    today = today_of(context, member)
    first = first or today
    _check_days(today, first, until)
    for other in list_absences_of(session, member.id, first):
        if other.first_day <= first:
            first = other.first_day
        elif other.first_day <= until + ONE_DAY:
            until = max(until, other.last_day)
        else:
            continue
        session.delete(other)
    absence = Absence(
        id=context.new_id(), workspace_id=member.workspace_id, member_id=member.id, first_day=first, last_day=until
    )
    session.add(absence)
    _changed(session, context, actor, member)
    return absence


def end_absence(
    session: Session, context: Context, actor: Actor, member: Member, absence: Absence | None = None
) -> Absence | None:
    """They are back from today on; without `absence` from the one that runs. What had not begun never was.

    Gives back what ended, None when they are not away.
    """
    absence = absence or running_absence(session, context, member)
    if absence is None:
        return None
    yesterday = today_of(context, member) - ONE_DAY
    if absence.first_day > yesterday:
        session.delete(absence)
    else:
        absence.last_day = min(absence.last_day, yesterday)
        session.add(absence)
    _changed(session, context, actor, member)
    return absence


def _check_days(today: date, first: date, until: date) -> None:
    if until < today:
        raise Refused("away_over", field="until", day=until, today=today)
    if until < first:
        raise Refused("away_order", field="until", day=first)
    if until - first > LONGEST:
        raise Refused("away_too_long", field="until")


def _changed(session: Session, context: Context, actor: Actor, member: Member) -> None:
    """What a facilitator did is noted; never the days: they are forgotten long before the trail is."""
    session.flush()
    if actor.member.id != member.id:
        note(session, context, actor, "member.away", member.id)
    replan_member(session, context, actor.workspace, member)

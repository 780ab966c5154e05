"""Somebody's days, as their settings or a facilitator's form change them: site, zone, working days, absence."""

from typing import Final

from sqlmodel import Session

from bot.domain.chat import Submission
from bot.domain.errors import Refused
from bot.domain.public_holidays import weekend_of
from bot.services.absences import next_absence, save_fields
from bot.services.access import Actor, company_day
from bot.services.checkins.people import replan_member
from bot.services.context import Context
from bot.services.messages.days import NOWHERE, WEEK, DaysFacts
from bot.services.sites import known_sites, site_called
from bot.services.zones import inherited_zone, settle_zone, typed_zone
from storage.sites import find_site
from storage.tables import Member, Workspace

STATE: Final = ("plant", "timezone", "timezone_from", "working_days")


def days_facts(session: Session, context: Context, workspace: Workspace, member: Member) -> DaysFacts:
    """What fills in the fields."""
    return DaysFacts(
        member=member,
        sites=known_sites(session, workspace, company_day(workspace, context)),
        inherited=inherited_zone(session, workspace, member.plant),
        working_days=working_days_of(session, workspace, member),
        absence=next_absence(session, context, member),
        now=context.now,
    )


def working_days_of(session: Session, workspace: Workspace, member: Member) -> str:
    """The days of the week they work, "12345" = Monday to Friday: their own, else those of their country."""
    return member.working_days or _usual_days(session, workspace, member)


def save_days(session: Session, context: Context, actor: Actor, member: Member, submission: Submission) -> None:
    """Take over what the fields say; what the form did not ask stays. Questions of rounds that run are planned anew.

    Raises:
        Refused: beside the field that is wrong.
    """
    before, shown = _state(member), working_days_of(session, actor.workspace, member)
    asked = submission.payload.get("days", "").split()
    if "plant" in asked:
        typed = submission.text("plant")
        today = company_day(actor.workspace, context)
        member.plant = None if typed == NOWHERE else site_called(session, actor.workspace, today, typed)
    if "zone" in asked:
        settle_zone(session, actor.workspace, member, typed_zone(submission.text("zone")))
    if "working_days" in asked:
        member.working_days = _own_days(session, actor.workspace, member, submission, shown)
    session.add(member)
    session.flush()
    if _state(member) != before:
        replan_member(session, context, actor.workspace, member)
    if "until" in asked:
        save_fields(session, context, actor, member, submission)


def _own_days(session: Session, workspace: Workspace, member: Member, submission: Submission, shown: str) -> str | None:
    """None where they are those of the country: then they go with it. Saved as they were `shown` they stay as they are,
    whatever the week at a new site is."""
    days = "".join(day for day in WEEK if day in submission.choices("working_days"))
    if not days:
        raise Refused("no_working_day", field="working_days")
    if days == shown:
        return member.working_days
    return None if days == _usual_days(session, workspace, member) else days


def _usual_days(session: Session, workspace: Workspace, member: Member) -> str:
    site = find_site(session, workspace.id, member.plant) if member.plant else None
    weekend = weekend_of((site and site.country) or workspace.country)
    return "".join(day for day in WEEK if int(day) - 1 not in weekend)


def _state(member: Member) -> tuple[object, ...]:
    return tuple(getattr(member, name) for name in STATE)

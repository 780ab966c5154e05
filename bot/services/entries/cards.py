"""The card of an entry, made again from what is stored."""

from zoneinfo import ZoneInfo

from sqlmodel import Session

from bot.domain.chat import Message
from bot.domain.coaching import Coaching
from bot.domain.entry import counts_from, side_only
from bot.services.access import Actor, Sender, access_actor, company_day
from bot.services.context import Context
from bot.services.entries.access import access_shareable_entry
from bot.services.entries.posts import shared_where
from bot.services.messages import entries as messages
from bot.services.messages.entries import Advice, Card, Plan, Said
from bot.services.summaries.planning import next_summary, summary_channel
from bot.templates import Speaker
from storage.briefs import first_brief_since
from storage.disturbances import find_of_entry
from storage.entries import EarlierRow, get_entry
from storage.meetings import meetings_ahead
from storage.members import find_side, list_active_members
from storage.objectives import list_objectives
from storage.tables import COMPANY, Entry, MeetingType
from storage.tensions import find_tension

WITH_BRIEF = (MeetingType.PRE_SOP, MeetingType.EXECUTIVE_SOP)
LOOK_AHEAD = 4
"""Meetings: the brief of the first one or two may be out already."""


def show_card(session: Session, context: Context, sender: Sender, handle: str) -> Message:
    """The card again, as it was before a question took its place."""
    actor = access_actor(session, context, sender)
    entry = access_shareable_entry(session, actor, handle)
    return card_of(session, context, actor, entry, handle, said="shown")


def card_of(
    session: Session,
    context: Context,
    actor: Actor,
    entry: Entry,
    handle: str,
    said: Said = "changed",
    *,
    is_guess: bool = False,
    looks_like: EarlierRow | None = None,
    beside: str | None = None,
    advice: Advice | None = None,
) -> Message:
    """`is_guess`: its tension is the bot's. `beside` is the reference of the entry it tells the other side of."""
    is_sensitive = advice is not None and advice.coaching is Coaching.SENSITIVE
    facts = Card(
        entry=entry,
        handle=handle,
        side=side_without_name(session, context, actor) if is_sensitive else side_name(session, entry),
        plan=plan_of(session, context, actor, entry),
        said=said,
        tension=tension_name(session, actor.speaker, entry),
        is_guess=is_guess,
        objective=objective_name(session, actor.speaker, entry),
        change=change_ahead(session, entry),
        linked=linked_to(session, entry),
        looks_like=looks_like,
        beside=beside,
        shared=shared_where(session, context, actor.workspace, entry),
        advice=advice,
    )
    return messages.card(actor.speaker, facts)


def side_name(session: Session, entry: Entry) -> str | None:
    """None = it reads "from the company"."""
    side = find_side(session, entry.workspace_id, entry.side)
    return side.name if side else None


def side_without_name(session: Session, context: Context, actor: Actor) -> str | None:
    """What a side-only entry of this member would read as; None = "from the company"."""
    day = company_day(actor.workspace, context)
    members = list_active_members(session, actor.workspace.id, day, actor.member.side)
    if side_only(members, actor.member.side, None, None).side == COMPANY:
        return None
    side = find_side(session, actor.workspace.id, actor.member.side)
    return side.name if side else None


def tension_name(session: Session, speak: Speaker, entry: Entry) -> str | None:
    tension = find_tension(session, entry.workspace_id, entry.tension_key) if entry.tension_key else None
    return speak.name_of(tension) if tension else None


def objective_name(session: Session, speak: Speaker, entry: Entry) -> str | None:
    objectives = list_objectives(session, entry.workspace_id) if entry.objective_key else ()
    return next((speak.name_of(objective) for objective in objectives if objective.key == entry.objective_key), None)


def change_ahead(session: Session, entry: Entry) -> str | None:
    """What the change ahead is that it is about."""
    change = find_of_entry(session, entry.id)
    return change.what if change else None


def linked_to(session: Session, entry: Entry) -> EarlierRow | None:
    """The earlier entry this one is a recurrence of."""
    earlier = get_entry(session, entry.recurrence_of) if entry.recurrence_of else None
    if earlier is None:
        return None
    return EarlierRow(
        earlier.id, earlier.ref, earlier.title, earlier.what_happened, earlier.tension_key, earlier.created_on
    )


def plan_of(session: Session, context: Context, actor: Actor, entry: Entry) -> Plan:
    """What is really planned: the next brief that will have the entry, and the next retro."""
    zone, workspace = ZoneInfo(actor.member.timezone), actor.workspace
    known_at = counts_from(entry, workspace.timezone)
    frozen = first_brief_since(session, workspace.id, known_at)
    if frozen is not None:
        return Plan(in_brief=frozen.astimezone(ZoneInfo(workspace.timezone)).date())
    ahead = meetings_ahead(session, workspace.id, context.now, LOOK_AHEAD, WITH_BRIEF)
    due = [moment for meeting in ahead if (moment := meeting.brief_due_at) and moment >= max(known_at, context.now)]
    brief_at = min(due, default=None)
    summary_at = next_summary(session, workspace, context.now) if summary_channel(session, workspace) else None
    is_sooner = summary_at is not None and (brief_at is None or summary_at < brief_at)
    retros = meetings_ahead(session, workspace.id, context.now, 1, (MeetingType.DIALOG_RETRO,))
    return Plan(
        summary=summary_at.astimezone(zone).date() if summary_at and is_sooner else None,
        brief=brief_at.astimezone(zone).date() if brief_at else None,
        frozen_at=brief_at,
        retro=retros[0].starts_at.astimezone(zone).date() if retros else None,
    )

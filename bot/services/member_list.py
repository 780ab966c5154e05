"""The members for their facilitators: who is new, on which side everybody is, and changing it."""

import json
from datetime import date, timedelta
from math import ceil
from typing import Any, Final

from sqlmodel import Session

from bot.domain.chat import Form, Message, Submission
from bot.domain.errors import Refused
from bot.services.access import (
    Actor,
    Sender,
    access_facilitator,
    check_administers,
    check_somebody_leads,
    company_day,
    lock_leads,
    may_appoint,
)
from bot.services.appointments import change_role
from bot.services.audit import note
from bot.services.context import Context
from bot.services.days import days_facts, save_days
from bot.services.messages import member_list as messages
from bot.services.people import tell_side_empty
from bot.services.requests import claim_request
from bot.templates import LANGUAGES
from storage.absences import list_away
from storage.members import list_members, list_sides
from storage.setup import list_newcomers
from storage.tables import Member, Role

NEW_FOR: Final = timedelta(days=7)
PAGE: Final = 12
"""Members of one page: a message holds fifty blocks."""

COLUMNS: Final = ("side", "plant", "timezone", "working_days", "language", "active_to")


def list_members_card(session: Session, context: Context, sender: Sender, words: str = "") -> Message:
    """A page of the members; `words` are part of a name, side or plant, behind the number of the page: "2 noord".

    Who has left comes last.
    """
    actor = access_facilitator(session, context, sender)
    first, _, rest = words.strip().partition(" ")
    page, sought = (int(first), rest) if first.isascii() and first.isdigit() else (1, words.strip())
    sides = {side.key: side.name for side in list_sides(session, actor.workspace.id)}
    today = company_day(actor.workspace, context)
    everybody = [member for member in list_members(session, actor.workspace.id) if member.name]
    found = [member for member in everybody if _matches(member, sides, sought.casefold())]
    found.sort(key=lambda member: member.active_to is not None and member.active_to < today)
    last = max(ceil(len(found) / PAGE), 1)
    page = min(max(page, 1), last)
    shown = found[(page - 1) * PAGE : page * PAGE]
    more = f"{page + 1} {sought}".strip() if page < last else None
    away = {absence.member_id: absence.last_day for absence in list_away(session, actor.workspace.id, today)}
    rows = [messages.Row(one, sides[one.side], _is_new(one, today), away.get(one.id)) for one in shown]
    return messages.page(actor, rows, len(found), sought, more, today)


def newcomers(session: Session, context: Context, actor: Actor) -> list[messages.Row]:
    """Who became a member in the past week and said for themselves where they work; nobody for who does not lead."""
    if not actor.leads:
        return []
    today = company_day(actor.workspace, context)
    sides = {side.key: side.name for side in list_sides(session, actor.workspace.id)}
    new = list_newcomers(session, actor.workspace.id, today - NEW_FOR, today)
    return [messages.Row(member, sides[member.side], is_new=True) for member in new if member.id != actor.member.id]


def member_form(session: Session, context: Context, sender: Sender, member_id: str) -> Form:
    actor = access_facilitator(session, context, sender)
    member = _access_member(session, actor, member_id)
    roles = may_appoint(session, context, actor)
    facts = days_facts(session, context, actor.workspace, member)
    return messages.form(actor.speaker, facts, list_sides(session, actor.workspace.id), with_role=roles)


def save_member(session: Session, context: Context, sender: Sender, request_id: str, submission: Submission) -> Message:
    """Another side, language, last day, other days (`days`), and for admins another role; all of it noted down.

    What they wrote before stays on the side it was written on. Raises `Refused` beside the field that is wrong.
    """
    claim_request(session, context, request_id)
    lock_leads(session, sender)
    actor = access_facilitator(session, context, sender)
    member = _access_member(session, actor, submission.payload["member"])
    before, side_before, wish = _state(member), member.side, _wish(session, actor, member, submission)
    _check_may_end(session, context, actor, member, wish["active_to"])
    member.sqlmodel_update(wish)
    save_days(session, context, actor, member, submission)
    _check_may_step_down(session, context, actor, member, role := _wished_role(session, context, actor, submission))
    session.add(member)
    session.flush()
    if member.side != side_before or member.active_to:
        tell_side_empty(session, context, actor.workspace, side_before)
    if _state(member) != before:
        note(session, context, actor, "member.change", member.id, before, _state(member))
    if role:
        change_role(session, context, actor, member, role)
    sides = {side.key: side.name for side in list_sides(session, actor.workspace.id)}
    return messages.saved(actor, messages.Row(member, sides[member.side], is_new=False))


def _wish(session: Session, actor: Actor, member: Member, submission: Submission) -> dict[str, Any]:
    side = submission.text("side")
    if side not in {one.key for one in list_sides(session, actor.workspace.id)}:
        raise Refused("unknown_side", field="side")
    last = submission.day("active_to")
    if last is not None and last < member.active_from:
        raise Refused("last_day_before_first", field="active_to", day=member.active_from)
    language = submission.text("language")
    return {
        "side": side,
        "language": language if language in LANGUAGES else member.language,
        "active_to": last,
    }


def _wished_role(session: Session, context: Context, actor: Actor, submission: Submission) -> Role | None:
    """None = as it is; the form offers it only to whoever may."""
    role = submission.choice("role")
    return Role(role) if role and may_appoint(session, context, actor) else None


def _check_may_end(session: Session, context: Context, actor: Actor, member: Member, last: date | None) -> None:
    """Whoever could take the admins away would become the one who names them."""
    if member.role is Role.ADMIN and last != member.active_to and not may_appoint(session, context, actor):
        check_administers(actor, field="active_to")


def _check_may_step_down(session: Session, context: Context, actor: Actor, member: Member, role: Role | None) -> None:
    """Raises `Refused` when nobody would lead the workspace any more."""
    if (role or member.role) == Role.MEMBER or member.active_to is not None:
        refusal = Refused("facilitator_must_stay", field="role" if role else "active_to")
        check_somebody_leads(session, context, actor, refusal, without=member)


def _access_member(session: Session, actor: Actor, member_id: str) -> Member:
    member = session.get(Member, member_id)
    if member is None or member.workspace_id != actor.workspace.id or not member.name:
        raise Refused("member_gone")
    return member


def _matches(member: Member, sides: dict[str, str], sought: str) -> bool:
    return sought in " ".join(filter(None, (member.name, sides[member.side], member.plant))).casefold()


def _is_new(member: Member, today: date) -> bool:
    return today - NEW_FOR <= member.active_from <= today


def _state(member: Member) -> str:
    return json.dumps({name: getattr(member, name) for name in COLUMNS}, default=str, ensure_ascii=False)

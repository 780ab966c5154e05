"""How an entry lives on: resolved, parked, adopted, open again."""

from sqlmodel import Session

from bot.domain.chat import Message
from bot.domain.entry import may_move
from bot.domain.errors import Refused
from bot.services.access import Actor, Sender, access_actor, check_own_or_leads, company_day
from bot.services.audit import note
from bot.services.context import Context
from bot.services.entries.access import access_entry, is_on_partner_side, is_own
from bot.services.entries.reading import reading_of
from storage.entries import has_agreement
from storage.tables import Entry, EntryStatus, Visibility


def resolve_entry(session: Session, context: Context, sender: Sender, handle: str) -> Message:
    return _move(session, context, sender, handle, EntryStatus.RESOLVED)


def park_entry(session: Session, context: Context, sender: Sender, handle: str) -> Message:
    return _move(session, context, sender, handle, EntryStatus.PARKED)


def adopt_entry(session: Session, context: Context, sender: Sender, handle: str) -> Message:
    return _move(session, context, sender, handle, EntryStatus.ADOPTED)


def reopen_entry(session: Session, context: Context, sender: Sender, handle: str) -> Message:
    """Open again; agreed, where an agreement came from it."""
    return _move(session, context, sender, handle, EntryStatus.OPEN)


def _move(session: Session, context: Context, sender: Sender, handle: str, to: EntryStatus) -> Message:
    """Author, partner side or facilitator may; a second press changes nothing."""
    actor = access_actor(session, context, sender)
    entry = access_entry(session, actor, handle)
    own = is_own(actor, entry, handle) or is_on_partner_side(session, actor, entry)
    check_own_or_leads("status_rights", actor, own=own, ref=entry.ref)
    if to == EntryStatus.OPEN and has_agreement(session, entry.id):
        to = EntryStatus.AGREED
    if entry.status != to:
        if not may_move(entry.status, to):
            raise Refused("status_move", ref=entry.ref, status=entry.status)
        _record(session, context, actor, entry, handle, to)
        entry.status = to
        entry.resolved_on = company_day(actor.workspace, context) if to == EntryStatus.RESOLVED else None
        session.add(entry)
    return reading_of(session, actor, entry, handle)


def _record(session: Session, context: Context, actor: Actor, entry: Entry, handle: str, to: EntryStatus) -> None:
    """In the audit trail, but for what the author does to a side-only entry: that would be the name."""
    if entry.visibility == Visibility.SIDE_ONLY and is_own(actor, entry, handle):
        return
    note(session, context, actor, "entry.status", entry.id, entry.status, to)

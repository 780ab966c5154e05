"""Which entry a button means, and who may read or change it.

A *handle* is the reference people see ("k7m2"). In the buttons of its author's card, and nowhere else, that of a
side-only entry carries the token that is the right to change it ("k7m2.<token>").
"""

import hmac
from zoneinfo import ZoneInfo

from sqlmodel import Session

from bot.domain.chat import Button
from bot.domain.entry import counts_from, is_partner
from bot.domain.errors import Refused
from bot.services.access import Actor, check_own, check_own_or_leads
from bot.services.context import hash_token
from storage.briefs import first_brief_since
from storage.entries import find_entry
from storage.members import list_sides
from storage.tables import Entry, SideKind, Visibility


def split_handle(handle: str) -> tuple[str, str]:
    """Reference and token, "" when there is none."""
    ref, _, token = handle.partition(".")
    return ref, token


def access_entry(session: Session, actor: Actor, handle: str) -> Entry:
    """The entry, for whoever may read it: every member, and a hidden one its author and the facilitators."""
    entry = _find(session, actor, handle)
    if entry.withdrawn_on is not None:
        raise Refused("entry_removed", ref=entry.ref)
    if entry.hidden_reason is not None:
        check_own_or_leads("entry_hidden", actor, own=is_own(actor, entry, handle), ref=entry.ref)
    return entry


def access_own_entry(session: Session, actor: Actor, handle: str) -> Entry:
    """The entry, for its author or whoever holds its token; removed or not."""
    entry = _find(session, actor, handle)
    own, side_only = is_own(actor, entry, handle), entry.visibility == Visibility.SIDE_ONLY
    check_own("token_needed" if side_only else "not_yours", own=own, ref=entry.ref)
    return entry


def access_shareable_entry(session: Session, actor: Actor, handle: str) -> Entry:
    """The own entry, while it stands: neither removed nor hidden."""
    entry = access_own_entry(session, actor, handle)
    if entry.withdrawn_on is not None:
        raise Refused("entry_removed", ref=entry.ref)
    if entry.hidden_reason is not None:
        raise Refused("entry_hidden", ref=entry.ref)
    return entry


def access_changeable_entry(session: Session, actor: Actor, handle: str) -> Entry:
    """The own entry, while it stands and no brief has it: a brief that was read must stay true."""
    entry = access_shareable_entry(session, actor, handle)
    check_not_frozen(session, actor, entry)
    return entry


def is_own(actor: Actor, entry: Entry, handle: str) -> bool:
    if entry.visibility == Visibility.NAMED:
        return entry.author_id == actor.member.id
    _, token = split_handle(handle)
    return hmac.compare_digest(entry.change_token_hash or "", hash_token(token))


def is_on_partner_side(session: Session, actor: Actor, entry: Entry) -> bool:
    sides = list_sides(session, actor.workspace.id)
    counterparts = {side.key for side in sides if side.kind == SideKind.COUNTERPART}
    return is_partner(entry.side, actor.member.side, counterparts)


def check_not_frozen(session: Session, actor: Actor, entry: Entry) -> None:
    zone = ZoneInfo(actor.workspace.timezone)
    as_of = first_brief_since(session, actor.workspace.id, counts_from(entry, zone.key))
    if as_of is not None:
        label = actor.speaker.plain("entry", "add_to", ref=entry.ref)
        button = Button("entry.new", label, f"{entry.kind}|{entry.ref}")
        raise Refused("frozen", ref=entry.ref, brief_on=as_of.astimezone(zone).date(), button=button)


def _find(session: Session, actor: Actor, handle: str) -> Entry:
    ref, _ = split_handle(handle)
    entry = find_entry(session, actor.workspace.id, ref)
    if entry is None:
        raise Refused("entry_unknown", ref=ref)
    return entry

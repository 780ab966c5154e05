"""The whole of an entry, with what belongs to it and what its reader may do."""

from sqlmodel import Session

from bot.domain.chat import Message
from bot.domain.entry import counts_from, may_move
from bot.services.access import Actor, Sender, access_actor
from bot.services.context import Context
from bot.services.entries.access import access_entry, is_on_partner_side, is_own
from bot.services.entries.cards import change_ahead, linked_to, objective_name, tension_name
from bot.services.entries.posts import told
from bot.services.messages import entries as messages
from bot.services.messages.entries import MOVES, Reading, Rights
from storage.briefs import first_brief_since
from storage.entries import list_pair
from storage.tables import Entry


def read_entry(session: Session, context: Context, sender: Sender, handle: str) -> Message:
    actor = access_actor(session, context, sender)
    return reading_of(session, actor, access_entry(session, actor, handle), handle)


def open_entry(session: Session, context: Context, sender: Sender, handle: str) -> Message:
    """The same from a list."""
    return read_entry(session, context, sender, handle)


def reading_of(session: Session, actor: Actor, entry: Entry, handle: str) -> Message:
    facts = Reading(
        told=told(session, entry),
        handle=handle,
        rights=_rights(session, actor, entry, handle),
        tension=tension_name(session, actor.speaker, entry),
        objective=objective_name(session, actor.speaker, entry),
        change=change_ahead(session, entry),
        linked=linked_to(session, entry),
        others=tuple(told(session, other) for other in list_pair(session, entry)),
    )
    return messages.reading(actor.speaker, facts)


def _rights(session: Session, actor: Actor, entry: Entry, handle: str) -> Rights:
    own, stands = is_own(actor, entry, handle), entry.hidden_reason is None
    known_at = counts_from(entry, actor.workspace.timezone)
    frozen = first_brief_since(session, actor.workspace.id, known_at) is not None
    may_lead = own or actor.leads or is_on_partner_side(session, actor, entry)
    moves = tuple(to for to in MOVES if may_move(entry.status, to)) if may_lead and stands else ()
    return Rights(
        change=own and stands and not frozen,
        share=own and stands and entry.shared_channel_id is None,
        tell=stands and actor.member.side != entry.side and not own,
        hide=actor.leads and stands,
        moves=moves,
    )

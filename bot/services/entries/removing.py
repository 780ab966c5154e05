"""Taking things back: the whole entry, or the name on it."""

from sqlmodel import Session

from bot.domain.chat import Form, Message, Submission
from bot.domain.errors import DuplicateRequest, Refused
from bot.services.access import Actor, Sender, access_actor, access_facilitator, company_day
from bot.services.audit import note
from bot.services.context import Context
from bot.services.entries.access import (
    access_entry,
    access_own_entry,
    access_shareable_entry,
    check_not_frozen,
    split_handle,
)
from bot.services.entries.cards import card_of
from bot.services.entries.posts import post_at, refresh_post
from bot.services.entries.saving import take_off_name
from bot.services.messages import entries as messages
from bot.services.messages import entry_forms as forms
from bot.services.questions import withdraw_question
from bot.services.requests import claim_request
from bot.services.scheduling import forget
from storage.asks import find_ask_about
from storage.entries import find_entry, forget_author
from storage.outbox import find_key
from storage.tables import Entry, ScheduleKind, Visibility


def undo_entry(session: Session, context: Context, sender: Sender, handle: str) -> Message:
    """Withdraw the entry; it can be put back. A brief that has it keeps it."""
    actor = access_actor(session, context, sender)
    entry = access_own_entry(session, actor, handle)
    if entry.withdrawn_on is None:
        check_not_frozen(session, actor, entry)
        entry.withdrawn_on = company_day(actor.workspace, context)
        _changed(session, context, actor, entry)
        withdraw_question(session, context, actor.workspace, entry, post_at(context, entry))
    return messages.removed(actor.speaker, entry, handle, unseen=_is_unseen(session, entry))


withdraw_entry = undo_entry
"""The same, from where the whole entry is read."""


def restore_entry(session: Session, context: Context, sender: Sender, handle: str) -> Message:
    actor = access_actor(session, context, sender)
    entry = access_own_entry(session, actor, handle)
    if entry.withdrawn_on is not None:
        entry.withdrawn_on = None
        _changed(session, context, actor, entry)
    return card_of(session, context, actor, entry, handle, said="restored")


def take_name_off(session: Session, context: Context, sender: Sender, handle: str) -> Message:
    """Make a named entry side-only; the new card alone can change it from now on. Also once a brief has it."""
    actor = access_actor(session, context, sender)
    ref, token = split_handle(handle)
    entry = find_entry(session, actor.workspace.id, ref)
    if entry is not None and entry.visibility == Visibility.SIDE_ONLY and not token:
        raise DuplicateRequest  # a second press on the old card
    entry = access_shareable_entry(session, actor, handle)
    if entry.visibility == Visibility.NAMED:
        forget_author(session, entry, actor.member)
        forget(session, ScheduleKind.HELP_LESSON, entry.id)
        handle = take_off_name(session, context, actor, entry)
        _changed(session, context, actor, entry)
    return card_of(session, context, actor, entry, handle, said="nameless")


def keep_name(session: Session, context: Context, sender: Sender, handle: str) -> Message:
    actor = access_actor(session, context, sender)
    entry = access_shareable_entry(session, actor, handle)
    return card_of(session, context, actor, entry, handle, said="shown")


def hide_form(session: Session, context: Context, sender: Sender, handle: str) -> Form:
    actor = access_facilitator(session, context, sender)
    return forms.hide(actor.speaker, access_entry(session, actor, handle), handle)


def hide_entry(session: Session, context: Context, sender: Sender, request_id: str, submission: Submission) -> Message:
    """Hide an entry that names or insults a person, with the reason; audited."""
    claim_request(session, context, request_id)
    actor = access_facilitator(session, context, sender)
    entry = access_entry(session, actor, submission.payload["entry"])
    reason = submission.text("reason")
    if not reason:
        raise Refused("reason_empty", field="reason")
    if entry.hidden_reason is None:
        entry.hidden_reason, entry.hidden_on = reason, company_day(actor.workspace, context)
        note(session, context, actor, "entry.hide", entry.id, "shown", "hidden")
        _changed(session, context, actor, entry)
        withdraw_question(session, context, actor.workspace, entry, post_at(context, entry))
    return messages.hidden(actor.speaker, entry)


def _is_unseen(session: Session, entry: Entry) -> bool:
    """Whether it went before anybody was told of it: on its own day, neither shared nor asked about nor told twice."""
    if entry.withdrawn_on != entry.created_on or entry.shared_channel_id or entry.pair_id:
        return False
    return find_ask_about(session, entry.id) is None and find_key(session, f"help:{entry.id}") is None


def _changed(session: Session, context: Context, actor: Actor, entry: Entry) -> None:
    session.add(entry)
    session.flush()
    refresh_post(session, context, actor.workspace, entry)

"""Changing an entry: its text and details, its kind, its tension, and the earlier entry it repeats."""

from dataclasses import replace

from sqlmodel import Session

from bot.domain.chat import Form, Message, Submission
from bot.services.access import Actor, Sender, access_actor, company_day
from bot.services.context import Context
from bot.services.disturbances.linking import changes_for, link_to
from bot.services.entries.access import access_changeable_entry, access_entry
from bot.services.entries.cards import card_of
from bot.services.entries.choices import choices_of, kind_named, known_objective, known_tension
from bot.services.entries.guesses import guess
from bot.services.entries.posts import refresh_post
from bot.services.entries.saving import check_text
from bot.services.messages import entries as messages
from bot.services.messages import entry_forms as forms
from bot.services.messages.entries import DETAILS
from bot.services.requests import claim_request
from storage.disturbances import find_of_entry
from storage.tables import Entry, Level
from storage.tensions import list_tensions


def details_form(session: Session, context: Context, sender: Sender, handle: str) -> Form:
    """All that may be changed, filled in with what is stored; the tension and level with a guess where nothing is."""
    actor = access_actor(session, context, sender)
    entry = access_changeable_entry(session, actor, handle)
    guesses = guess(session, actor.workspace.id, entry.what_happened, company_day(actor.workspace, context))
    linked, choices = find_of_entry(session, entry.id), choices_of(session, actor, guesses, entry)
    changes = changes_for(session, actor, entry)
    choices = replace(choices, changes=changes, change=linked.id if linked else None)
    return forms.details(actor.speaker, entry, handle, choices)


def save_details(
    session: Session, context: Context, sender: Sender, request_id: str, submission: Submission
) -> Message:
    """Store what the form says. A text that was too long for the form stays as it is."""
    claim_request(session, context, request_id)
    actor = access_actor(session, context, sender)
    handle = submission.payload["entry"]
    entry = access_changeable_entry(session, actor, handle)
    for name, text in _texts(entry, submission).items():
        setattr(entry, name, text)
    entry.tension_key = known_tension(session, actor, submission.choice("tension"))
    entry.objective_key = known_objective(session, actor, submission.choice("objective"))
    level = submission.choice("level")
    entry.level = Level(level) if level in set(Level) else None
    link_to(session, actor, entry, submission.choice("change_ahead"))
    return _changed(session, context, actor, entry, handle)


def kind_choice(session: Session, context: Context, sender: Sender, handle: str) -> Message:
    actor = access_actor(session, context, sender)
    return messages.kind_choice(actor.speaker, access_changeable_entry(session, actor, handle), handle)


def set_kind(session: Session, context: Context, sender: Sender, value: str) -> Message:
    """`value` is "handle|kind"."""
    actor = access_actor(session, context, sender)
    handle, _, kind = value.partition("|")
    entry = access_changeable_entry(session, actor, handle)
    entry.kind = kind_named(kind)
    return _changed(session, context, actor, entry, handle)


def tension_form(session: Session, context: Context, sender: Sender, handle: str) -> Form:
    actor = access_actor(session, context, sender)
    entry = access_changeable_entry(session, actor, handle)
    return forms.tension(actor.speaker, list_tensions(session, actor.workspace.id), entry.tension_key, handle)


def save_tension(
    session: Session, context: Context, sender: Sender, request_id: str, submission: Submission
) -> Message:
    claim_request(session, context, request_id)
    actor = access_actor(session, context, sender)
    handle = submission.payload["entry"]
    entry = access_changeable_entry(session, actor, handle)
    entry.tension_key = known_tension(session, actor, submission.choice("tension"))
    return _changed(session, context, actor, entry, handle)


def link_recurrence(session: Session, context: Context, sender: Sender, value: str) -> Message:
    """Say that it repeats an earlier entry; `value` is "handle|reference of the earlier one"."""
    actor = access_actor(session, context, sender)
    handle, _, earlier_ref = value.partition("|")
    entry = access_changeable_entry(session, actor, handle)
    earlier = access_entry(session, actor, earlier_ref)
    if earlier.id != entry.id:
        entry.recurrence_of = earlier.id
    return _changed(session, context, actor, entry, handle)


def _texts(entry: Entry, submission: Submission) -> dict[str, str | None]:
    """What the form showed: a text that fits a form and is missing from the answer was emptied."""
    shown = {name for name in DETAILS if forms.fits(getattr(entry, name))}
    texts: dict[str, str | None] = {name: submission.text(name) or None for name in shown}
    if forms.fits(entry.what_happened):
        texts["what_happened"] = check_text(submission.text("what_happened"))
    return texts


def _changed(session: Session, context: Context, actor: Actor, entry: Entry, handle: str) -> Message:
    session.add(entry)
    session.flush()
    refresh_post(session, context, actor.workspace, entry)
    return card_of(session, context, actor, entry, handle)

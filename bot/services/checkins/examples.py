"""The example of an answer in a window of its own: the answer keeps its place, and its token."""

from sqlmodel import Session

from bot.domain.chat import Message
from bot.services.access import Sender, access_actor, company_day
from bot.services.context import Context
from bot.services.entries.access import access_shareable_entry
from bot.services.entries.capture import advice_on
from bot.services.entries.cards import card_of
from bot.services.entries.guesses import guess


def show_example(session: Session, context: Context, sender: Sender, handle: str) -> Message:
    """Its card as after /clash, with the question and the guesses that the answer had no place for."""
    actor = access_actor(session, context, sender)
    entry = access_shareable_entry(session, actor, handle)
    today = company_day(actor.workspace, context)
    guesses = guess(session, actor.workspace.id, entry.what_happened, today, but=entry.id)
    advice = advice_on(actor, entry.what_happened, entry.kind, guesses, entry.visibility)
    return card_of(
        session,
        context,
        actor,
        entry,
        handle,
        said="shown",
        is_guess=entry.tension_key == guesses.tension_key,
        looks_like=None if entry.recurrence_of else guesses.looks_like,
        advice=advice,
    )

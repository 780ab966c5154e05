"""Capture: a text or a form becomes an entry, at once."""

from datetime import datetime
from typing import Any

from sqlmodel import Session

from bot.domain.chat import Form, Message, Submission
from bot.domain.coaching import Coaching, coach
from bot.domain.entry import is_quiet, without_quiet
from bot.services.access import Actor, Sender, access_actor, company_day
from bot.services.context import Context
from bot.services.disturbances.linking import change_named, link_to
from bot.services.entries.access import access_entry
from bot.services.entries.cards import card_of, side_without_name
from bot.services.entries.choices import choices_of, kind_named, known_objective, known_tension
from bot.services.entries.guesses import Guesses, guess
from bot.services.entries.saving import Example, check_text, readable, save_example
from bot.services.messages import entry_forms as forms
from bot.services.messages.entries import DETAILS, Advice
from bot.services.messages.entry_forms import Blank, Origin
from bot.services.requests import claim_request
from bot.services.sealed_defaults import default_visibility
from bot.templates import speaker
from storage.entries import find_entry
from storage.tables import Entry, Kind, Level, Visibility

WITH_NAME_ONLY = {Coaching.HELP_TODAY, Coaching.SENSITIVE}
"""What these offer would carry the name, or takes it off."""


def capture_text(
    session: Session,
    context: Context,
    sender: Sender,
    request_id: str,
    kind: Kind,
    text: str,
    permalink: str | None = None,
) -> Message:
    """Save what was typed, word for word, and answer with its card.

    `text` is plain (see `bot.domain.incoming`); "quietly" as its first word leaves the name out. `permalink` is where
    it was said. Raises `DuplicateRequest` for a request that was done, `Refused` for an empty text.
    """
    claim_request(session, context, request_id)
    actor = access_actor(session, context, sender)
    said = check_text(readable(session, actor, without_quiet(text)))
    guesses = guess(session, actor.workspace.id, said, company_day(actor.workspace, context))
    visibility = Visibility.SIDE_ONLY if is_quiet(text) else default_visibility(context, actor)
    advice = advice_on(actor, said, kind, guesses, visibility)
    example = Example(
        kind=kind,
        what_happened=said,
        visibility=visibility,
        language=guesses.language,
        # A guess that the card has no room to show is not filled in either.
        tension_key=None if advice else guesses.tension_key,
        level=guesses.level,
        permalink=permalink,
    )
    entry, handle = save_example(session, context, actor, example)
    return _answer(session, context, actor, entry, handle, guesses, advice, is_guess=True)


def capture_form(
    session: Session,
    context: Context,
    sender: Sender,
    kind: Kind,
    text: str = "",
    permalink: str | None = None,
    from_message: tuple[str, datetime] | None = None,
) -> Form:
    """The form, filled with `text`; `from_message` = (channel name, moment) of the message it comes from."""
    actor = access_actor(session, context, sender)
    typed = from_message is None and permalink is None
    quiet = typed and is_quiet(text)
    said = readable(session, actor, without_quiet(text) if typed else text.strip())
    guesses = guess(session, actor.workspace.id, said, company_day(actor.workspace, context)) if said else None
    payload = {"permalink": permalink or "", "guessed": "yes" if guesses else ""}
    blank = Blank(
        kind=kind,
        text=said,
        visibility=Visibility.SIDE_ONLY if quiet else default_visibility(context, actor),
        side=side_without_name(session, context, actor),
        choices=choices_of(session, actor, guesses),
        payload={name: value for name, value in payload.items() if value},
        linked=permalink is not None,
        origin=Origin(*from_message) if from_message else None,
    )
    return forms.capture(actor.speaker, blank)


def new_form(session: Session, context: Context, sender: Sender, value: str) -> Form:
    """The form behind a button: `value` is the kind, "kind|reference" of the entry it adds to, or "kind||id" of the
    change ahead it is about.
    """
    actor = access_actor(session, context, sender)
    kind, ref, about = [*value.split("|"), "", ""][:3]
    if ref:
        access_entry(session, actor, ref)
    change = change_named(session, actor.workspace.id, about, company_day(actor.workspace, context))
    blank = Blank(
        kind=kind_named(kind),
        text="",
        visibility=default_visibility(context, actor),
        side=side_without_name(session, context, actor),
        choices=choices_of(session, actor),
        payload=({"adds_to": ref} if ref else {}) | ({"change_ahead": change.id} if change else {}),
        adds_to=ref or None,
        about=change.what if change else None,
    )
    return forms.capture(actor.speaker, blank)


def save_form(session: Session, context: Context, sender: Sender, request_id: str, submission: Submission) -> Message:
    """Save the form and answer with the card. Raises `Refused` beside the field that says nothing."""
    claim_request(session, context, request_id)
    actor = access_actor(session, context, sender)
    said = check_text(submission.text("what_happened"))
    guesses = guess(session, actor.workspace.id, said, company_day(actor.workspace, context))
    kind = Kind(submission.text("kind") or Kind.CLASH)
    visibility = Visibility(submission.text("shown_with") or Visibility.NAMED)
    advice = advice_on(actor, said, kind, guesses, visibility)
    chosen = known_tension(session, actor, submission.choice("tension"))
    may_guess = not (submission.payload.get("guessed") or submission.choice("tension") or advice)
    level = submission.choice("level")
    example = Example(
        kind=kind,
        what_happened=said,
        visibility=visibility,
        language=guesses.language,
        tension_key=guesses.tension_key if may_guess else chosen,
        objective_key=known_objective(session, actor, submission.choice("objective")),
        level=Level(level) if level in set(Level) else None,
        permalink=submission.payload.get("permalink"),
        pair_id=_pair_with(session, context, actor, submission.payload.get("adds_to"), visibility),
        **_details(submission),
    )
    entry, handle = save_example(session, context, actor, example)
    link_to(session, actor, entry, submission.payload.get("change_ahead"))
    return _answer(session, context, actor, entry, handle, guesses, advice, is_guess=may_guess)


def _details(submission: Submission) -> dict[str, Any]:
    return {name: submission.text(name) or None for name in DETAILS}


def _answer(
    session: Session,
    context: Context,
    actor: Actor,
    entry: Entry,
    handle: str,
    guesses: Guesses,
    advice: Advice | None,
    *,
    is_guess: bool,
) -> Message:
    return card_of(
        session,
        context,
        actor,
        entry,
        handle,
        said="verbatim" if advice else "saved",
        is_guess=is_guess,
        looks_like=guesses.looks_like,
        advice=advice,
    )


def advice_on(actor: Actor, text: str, kind: Kind, guesses: Guesses, visibility: Visibility) -> Advice | None:
    coaching = coach(text, kind, guesses.language)
    if coaching is None or (coaching in WITH_NAME_ONLY and visibility == Visibility.SIDE_ONLY):
        return None
    if coaching is Coaching.HELP_TODAY and actor.workspace.help_channel_id is None:
        return None
    return Advice(coaching, speaker(guesses.language, actor.member.timezone))


def _pair_with(session: Session, context: Context, actor: Actor, ref: str | None, visibility: Visibility) -> str | None:
    """The pair of the entry this one adds to. A named and a nameless entry are not linked: that would tell the name."""
    earlier = find_entry(session, actor.workspace.id, ref) if ref else None
    if earlier is None or Visibility.SIDE_ONLY in {visibility, earlier.visibility}:
        return None
    earlier.pair_id = earlier.pair_id or context.new_id()
    session.add(earlier)
    return earlier.pair_id

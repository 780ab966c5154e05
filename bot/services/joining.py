"""The first contact: once somebody has said where they work, what they typed before is done."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlmodel import Session

from bot.domain.chat import Form, Message
from bot.domain.sop_words import SOP_WORDS, split_words
from bot.services import sop
from bot.services.access import Actor, Sender
from bot.services.briefs import preview_brief
from bot.services.context import Context
from bot.services.entries import capture_form, capture_text
from bot.services.entry_lists import list_entries
from bot.services.members import Profile, Wish, choose_side, settings_form
from bot.services.messages import members as messages
from storage.members import find_side
from storage.tables import Kind

KINDS = {"/clash": Kind.CLASH, "/win": Kind.WENT_WELL, "form:clash": Kind.CLASH, "form:went_well": Kind.WENT_WELL}


@dataclass(frozen=True, slots=True)
class Joined:
    """The answers, the first in place of the question where they work; `form` opens beside them."""

    messages: Sequence[Message]
    form: Form | None = None


def join(session: Session, context: Context, sender: Sender, request_id: str, side: str, profile: Profile) -> Joined:
    """Make the person a member of the side and do all they wanted: every text typed so far becomes an entry."""
    actor, wishes = choose_side(session, context, sender, side, profile)
    typed = [wish for wish in wishes if wish.command in KINDS and not _is_form(wish)]
    cards = [
        capture_text(session, context, sender, f"{request_id}/{number}", KINDS[wish.command], wish.text)
        for number, wish in enumerate(typed)
    ]
    last = wishes[-1] if wishes else None
    if last is None or last in typed:
        return Joined(cards or [_welcome(session, actor)])
    answer = _answer(session, context, sender, last)
    if isinstance(answer, Form):
        return Joined(cards or [_welcome(session, actor)], answer)
    return Joined([*cards, answer])


def _is_form(wish: Wish) -> bool:
    return wish.command.startswith("form:") or not wish.text.strip()


def _answer(session: Session, context: Context, sender: Sender, wish: Wish) -> Message | Form:
    if wish.command in KINDS:
        kind = KINDS[wish.command]
        return capture_form(session, context, sender, kind, text=wish.text, permalink=wish.permalink)
    word, rest = split_words(wish.text)
    match SOP_WORDS.get(word):
        case "entries":
            return list_entries(session, context, sender, rest)
        case "brief":
            return preview_brief(session, context, sender)
        case "settings":
            return settings_form(session, context, sender)
        case "help":
            return sop.help_card(session, context, sender)
    return sop.explain_word(session, context, sender, word)


def _welcome(session: Session, actor: Actor) -> Message:
    side = find_side(session, actor.workspace.id, actor.member.side)
    return messages.welcomed(actor.speaker, side.name if side else actor.member.side)

"""The first contact: once somebody has said where they work, what they typed before is done."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlmodel import Session

from bot.domain.chat import Form, Message
from bot.domain.errors import Refused
from bot.services.access import Actor, Profile, Sender
from bot.services.context import Context
from bot.services.entries import capture_form, capture_text
from bot.services.members import Wish, choose_side
from bot.services.messages import errors
from bot.services.messages import members as messages
from bot.services.setup import claim
from bot.services.sop import answer_sop, asks_for_setup
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
    if profile.may_administer and any(wish.command == "/sop" and asks_for_setup(wish.text) for wish in wishes):
        claim(session, context, sender)
    typed = [wish for wish in wishes if wish.command in KINDS and not _is_form(wish)]
    cards = [
        capture_text(session, context, sender, f"{request_id}/{number}", KINDS[wish.command], wish.text)
        for number, wish in enumerate(typed)
    ]
    last = wishes[-1] if wishes else None
    if last is None or last in typed:
        return Joined(cards or [_welcome(session, actor)])
    answer = _answer_plainly(session, context, sender, actor, last)
    if isinstance(answer, Form):
        return Joined(cards or [_welcome(session, actor)], answer)
    return Joined([*cards, answer])


def _is_form(wish: Wish) -> bool:
    return wish.command.startswith("form:") or not wish.text.strip()


def _answer_plainly(session: Session, context: Context, sender: Sender, actor: Actor, wish: Wish) -> Message | Form:
    """What cannot be done is said; they are a member all the same."""
    try:
        return _answer(session, context, sender, wish)
    except Refused as refused:
        return errors.refused(actor.speaker, refused)


def _answer(session: Session, context: Context, sender: Sender, wish: Wish) -> Message | Form:
    if wish.command in KINDS:
        kind = KINDS[wish.command]
        return capture_form(session, context, sender, kind, text=wish.text, permalink=wish.permalink)
    return answer_sop(session, context, sender, wish.text)


def _welcome(session: Session, actor: Actor) -> Message:
    side = find_side(session, actor.workspace.id, actor.member.side)
    return messages.welcomed(actor.speaker, side.name if side else actor.member.side)

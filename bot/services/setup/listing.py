"""The list of the five questions, as /sop setup and the Home of a facilitator show it, and the form of each."""

from collections.abc import Callable, Mapping, Sequence
from typing import Final, TypeAlias

from sqlmodel import Session

from bot.domain.chat import Form, Message, Part
from bot.services.access import Actor, Sender
from bot.services.context import Context
from bot.services.meetings import first_series_form
from bot.services.messages import setup as messages
from bot.services.setup.channels import channels_form
from bot.services.setup.claiming import access_setup
from bot.services.setup.facilitators import facilitators_form
from bot.services.setup.place import place_form
from bot.services.setup.sides import sides_form
from bot.services.setup.standing import standing, troubles
from storage.tables import SetupQuestion

OpenForm: TypeAlias = Callable[[Session, Context, Sender], Form]

FORMS: Final[Mapping[SetupQuestion, OpenForm]] = {
    SetupQuestion.SIDES: sides_form,
    SetupQuestion.PLACE: place_form,
    SetupQuestion.FACILITATORS: facilitators_form,
    SetupQuestion.MEETING: first_series_form,
}


def list_setup(session: Session, context: Context, sender: Sender, _words: str = "") -> Message:
    """How far the set-up is. Raises `Refused` for who may not set up, with who may."""
    actor = access_setup(session, context, sender)
    return messages.card(actor, standing(session, context, actor), troubles(session, context, actor))


def question_form(session: Session, context: Context, sender: Sender, question: str, here: str | None = None) -> Form:
    """The form of a question, filled in. `here` is the channel in which the list stands, None = it stands in none."""
    access_setup(session, context, sender)
    asked = SetupQuestion(question)
    if asked is SetupQuestion.CHANNELS:
        return channels_form(session, context, sender, here=here)
    return FORMS[asked](session, context, sender)


def home_parts(session: Session, context: Context, actor: Actor) -> Sequence[Part]:
    """What a facilitator's Home says about the set-up: the list while something is open, else only what is broken."""
    return messages.home_parts(actor, standing(session, context, actor), troubles(session, context, actor))

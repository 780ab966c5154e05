"""What is stored about whoever asks, and what they may do about it."""

from sqlmodel import Session

from bot.domain.chat import Message
from bot.domain.errors import Refused
from bot.services.access import Sender, access_actor, check_somebody_leads, lock_leads
from bot.services.checkins.people import end_turns, replan_member
from bot.services.context import Context
from bot.services.messages import privacy as messages
from bot.services.privacy.erasing import erase_member
from storage.privacy import count_held
from storage.tables import Outcome


def show_privacy(session: Session, context: Context, sender: Sender, _value: str = "") -> Message:
    """Golden message 19."""
    actor = access_actor(session, context, sender)
    return messages.stored(actor, count_held(session, actor.member))


def offer_erasure(session: Session, context: Context, sender: Sender, _value: str = "") -> Message:
    """What goes and what stays, before the press that cannot be undone."""
    actor = access_actor(session, context, sender)
    return messages.before_erasure(actor.speaker, count_held(session, actor.member))


def erase_me(session: Session, context: Context, sender: Sender, _value: str = "") -> Message:
    """Erase whoever presses. Raises `Refused` for the last facilitator: nobody could be told what goes wrong."""
    lock_leads(session, sender)
    actor = access_actor(session, context, sender)
    if actor.leads:
        check_somebody_leads(session, context, actor, Refused("last_facilitator"), without=actor.member)
    speak = actor.speaker
    erased = erase_member(session, context, actor.workspace, actor.member)
    return messages.erased(speak, erased.mentions)


def stop_asking(session: Session, context: Context, sender: Sender, _value: str = "") -> Message:
    """No private message any more that they did not ask for."""
    return _set_undisturbed(session, context, sender, undisturbed=True)


def ask_again(session: Session, context: Context, sender: Sender, _value: str = "") -> Message:
    return _set_undisturbed(session, context, sender, undisturbed=False)


def _set_undisturbed(session: Session, context: Context, sender: Sender, *, undisturbed: bool) -> Message:
    actor = access_actor(session, context, sender)
    actor.member.undisturbed = undisturbed
    session.add(actor.member)
    if undisturbed:
        end_turns(session, actor.member, Outcome.UNDISTURBED)
    else:
        replan_member(session, context, actor.workspace, actor.member)
    return messages.asking_set(actor.speaker, undisturbed=undisturbed)

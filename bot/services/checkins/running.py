"""What facilitators do with a check-in as a whole: pause, resume, run now, stop, delete, put back."""

from sqlmodel import Session

from bot.domain.chat import Message
from bot.domain.errors import Refused
from bot.services.access import Sender
from bot.services.checkins import planning, stopping
from bot.services.checkins.access import access_checkin, access_to_change
from bot.services.checkins.listing import card_of, page_of
from bot.services.checkins.previewing import preview_question
from bot.services.checkins.records import note_change
from bot.services.checkins.scales import check_scales
from bot.services.context import Context
from bot.services.messages import checkins as messages
from bot.services.messages.checkin_rounds import counts_of
from storage.checkins import count_outcomes, list_open_rounds
from storage.tables import Checkin, CheckinState


def preview_checkin(session: Session, context: Context, sender: Sender, checkin_id: str) -> Message:
    """The question as those who are asked will see it, for this reader only; nothing is saved."""
    actor, checkin = access_checkin(session, context, sender, checkin_id)
    return preview_question(session, context, actor, checkin)


def pause_checkin(session: Session, context: Context, sender: Sender, checkin_id: str) -> Message:
    """Nobody is asked any more until it is resumed; what was asked already runs on."""
    actor, checkin = access_to_change(session, context, sender, checkin_id)
    speak = actor.speaker
    if checkin.state is CheckinState.ACTIVE:
        stopping.pause(session, context, actor.workspace, checkin)
        note_change(session, context, actor, "pause", checkin)
    undo = speak.button("undo", "checkin.resume", checkin.id)
    return card_of(session, context, actor, checkin, messages.said(speak, "paused", undo))


def resume_checkin(session: Session, context: Context, sender: Sender, checkin_id: str) -> Message:
    """Ask again; whom the pause held back is asked while their window is open."""
    actor, checkin = access_to_change(session, context, sender, checkin_id)
    speak = actor.speaker
    if checkin.state is CheckinState.PAUSED:
        stopping.resume(session, context, actor.workspace, checkin)
        note_change(session, context, actor, "resume", checkin)
    undo = speak.button("undo", "checkin.pause", checkin.id)
    return card_of(session, context, actor, checkin, messages.said(speak, "resumed", undo))


def run_checkin(session: Session, context: Context, sender: Sender, checkin_id: str) -> Message:
    """Ask everybody as soon as their hours allow. Raises `Refused` while a round of it runs, or it is paused."""
    actor, checkin = access_to_change(session, context, sender, checkin_id)
    _check_active(checkin)
    speak = actor.speaker
    round_ = planning.run_now(session, context, actor.workspace, checkin)
    note_change(session, context, actor, "run", checkin)
    if round_ is None:
        return card_of(session, context, actor, checkin, messages.said(speak, "ran_for_nobody"))
    to_come = counts_of(count_outcomes(session, round_.id))["to_come"]
    told = messages.said(speak, "ran", people=to_come, until=round_.closes_at)
    return card_of(session, context, actor, checkin, told)


def stop_round(session: Session, context: Context, sender: Sender, checkin_id: str) -> Message:
    """Who was not asked yet in the round that runs is not asked; the next round comes as planned."""
    actor, checkin = access_to_change(session, context, sender, checkin_id)
    speak = actor.speaker
    if list_open_rounds(session, checkin.id):
        stopping.stop(session, checkin)
        note_change(session, context, actor, "stop", checkin)
    undo = speak.button("put_back", "checkin.go_on", checkin.id)
    return card_of(session, context, actor, checkin, messages.said(speak, "stopped", undo))


def go_on(session: Session, context: Context, sender: Sender, checkin_id: str) -> Message:
    """Whom a stop held back is asked after all, while their window is open. Raises `Refused` while it is paused."""
    actor, checkin = access_to_change(session, context, sender, checkin_id)
    _check_active(checkin)
    stopping.go_on(session, context, actor.workspace, checkin)
    note_change(session, context, actor, "go_on", checkin)
    return card_of(session, context, actor, checkin, messages.said(actor.speaker, "goes_on"))


def delete_checkin(session: Session, context: Context, sender: Sender, checkin_id: str) -> Message:
    """Nothing is asked any more; what was answered stays. It can be put back."""
    actor, checkin = access_to_change(session, context, sender, checkin_id)
    speak = actor.speaker
    value = f"{checkin.id} {checkin.state}"
    stopping.delete(session, context, actor.workspace, checkin)
    note_change(session, context, actor, "delete", checkin)
    undo = speak.button("put_back", "checkin.restore", value)
    return page_of(session, context, actor, messages.said(speak, "deleted", undo, name=checkin.name))


def restore_checkin(session: Session, context: Context, sender: Sender, value: str) -> Message:
    """As it was before it was deleted. `value` is that of the button: its id and what state it was in.

    Raises `Refused` where another one measures by now what it did.
    """
    checkin_id, _, state = value.partition(" ")
    actor, checkin = access_to_change(session, context, sender, checkin_id, deleted=True)
    if checkin.state is CheckinState.DELETED:
        check_scales(session, checkin)
        if state == CheckinState.PAUSED:
            checkin.state = CheckinState.PAUSED
        else:
            stopping.resume(session, context, actor.workspace, checkin)
        note_change(session, context, actor, "restore", checkin)
    return card_of(session, context, actor, checkin, messages.said(actor.speaker, "restored"))


def _check_active(checkin: Checkin) -> None:
    """While it is paused nobody is asked, whoever starts a round."""
    if checkin.state is not CheckinState.ACTIVE:
        raise Refused("checkin_paused")

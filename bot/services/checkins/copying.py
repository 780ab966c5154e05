"""A check-in once more, to begin another from: paused, with scales of its own."""

from sqlmodel import Session

from bot.domain.chat import Message
from bot.domain.checkin.settings import LONGEST_NAME
from bot.services.access import Sender, company_day
from bot.services.checkins.access import access_checkin
from bot.services.checkins.listing import card_of
from bot.services.checkins.records import SETTINGS, note_change
from bot.services.checkins.scales import new_scale
from bot.services.context import Context
from bot.services.meetings.records import columns
from bot.services.messages import checkins as messages
from bot.templates.formats import cut
from storage.checkin_settings import list_people, list_side_keys, set_audience
from storage.checkins import list_questions
from storage.tables import Checkin, CheckinQuestion, CheckinState, Workspace


def duplicate_checkin(session: Session, context: Context, sender: Sender, checkin_id: str) -> Message:
    """The same questions to the same people, under another name; nobody is asked until it is resumed."""
    actor, checkin = access_checkin(session, context, sender, checkin_id)
    speak = actor.speaker
    name = actor.channel_speaker.plain("checkin_setup", "copy_of", name=cut(checkin.name, LONGEST_NAME - 10))
    copied = _copy(session, checkin, context.new_id(), name)
    copied.starts_on = company_day(actor.workspace, context)
    for question in list_questions(session, checkin.id):
        _copy_question(session, context, actor.workspace, question, copied)
    note_change(session, context, actor, "add", copied)
    undo = speak.button("undo", "checkin.delete", copied.id)
    return card_of(session, context, actor, copied, messages.said(speak, "duplicated", undo))


def _copy(session: Session, checkin: Checkin, copy_id: str, name: str) -> Checkin:
    values = columns(checkin, SETTINGS) | {"name": name, "state": CheckinState.PAUSED}
    copied = Checkin(id=copy_id, workspace_id=checkin.workspace_id, **values)
    session.add(copied)
    session.flush()
    people, observers = (
        [member.id for member in list_people(session, checkin.id, observers=observers)] for observers in (False, True)
    )
    set_audience(session, copied.id, list_side_keys(session, checkin.id), people, observers)
    return copied


def _copy_question(
    session: Session, context: Context, workspace: Workspace, question: CheckinQuestion, checkin: Checkin
) -> None:
    """A scale measures something of its own: two check-ins never mix in one figure."""
    values = question.model_dump(exclude={"id", "checkin_id", "pulse_key"})
    copied = CheckinQuestion(id=context.new_id(), checkin_id=checkin.id, pulse_key=None, **values)
    if question.pulse_key:
        copied.pulse_key = new_scale(session, context, workspace, copied, like=question.pulse_key).key
    session.add(copied)
    session.flush()

"""A check-in as those who are asked see it, for who makes it: nothing is asked, and nothing is saved."""

from datetime import datetime

from sqlmodel import Session

from bot.domain.chat import Form, Message, Submission
from bot.domain.recurrence import moment
from bot.services.access import Actor, Sender, company_day
from bot.services.checkins.access import access_checkin
from bot.services.checkins.planning import closing_day, next_round_day
from bot.services.checkins.skipping import is_default_checkin
from bot.services.context import Context
from bot.services.entries.cards import side_without_name
from bot.services.messages import checkin_answers as messages
from bot.services.messages.checkin_answers import Blank
from bot.services.messages.checkin_questions import QuestionFacts, question
from bot.services.sealed_defaults import default_visibility
from storage.checkins import list_questions
from storage.pulses import list_questions as list_scales
from storage.tables import Checkin


def preview_question(session: Session, context: Context, actor: Actor, checkin: Checkin) -> Message:
    """The question of the next round as the reader would get it, with the way to its form."""
    questions = tuple(list_questions(session, checkin.id))
    is_default = is_default_checkin(session, actor.workspace, questions)
    facts = QuestionFacts("", checkin.name, questions, _until(session, context, actor, checkin), is_default)
    return messages.preview(actor.speaker, question(actor.speaker, facts), checkin.id)


def preview_form(session: Session, context: Context, sender: Sender, checkin_id: str) -> Form:
    """The form of its questions, to try."""
    actor, checkin = access_checkin(session, context, sender, checkin_id)
    questions = list_questions(session, checkin.id)
    blank = Blank(
        name=checkin.name,
        is_default=is_default_checkin(session, actor.workspace, questions),
        questions=questions,
        scales={scale.key: scale for scale in list_scales(session, actor.workspace.id)},
        visibility=default_visibility(context, actor),
        side=side_without_name(session, context, actor),
        payload={"checkin": checkin.id},
    )
    return messages.preview_form(actor.speaker, blank)


def end_preview(session: Session, context: Context, sender: Sender, submission: Submission) -> Message:
    """Whatever was filled in is gone with the form; the question again."""
    actor, checkin = access_checkin(session, context, sender, submission.payload["checkin"])
    return preview_question(session, context, actor, checkin)


def _until(session: Session, context: Context, actor: Actor, checkin: Checkin) -> datetime:
    """When the reader's own window of the next round ends; of one that is started by hand, if that were now."""
    workspace = actor.workspace
    day = next_round_day(session, context, workspace, checkin)
    starts_at = None if day else context.now
    closes_on = closing_day(session, workspace, checkin, day or company_day(workspace, context), starts_at)
    return moment(closes_on, checkin.close_at, actor.speaker.zone)

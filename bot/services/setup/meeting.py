"""Question 5: the first meeting, with the forms of all meetings."""

from sqlmodel import Session

from bot.domain.chat import Message, Submission
from bot.services.access import Sender, access_facilitator
from bot.services.context import Context
from bot.services.meetings import save_series
from bot.services.messages import setup as messages
from bot.services.setup.finishing import answered
from storage.setup import answered_questions
from storage.tables import SetupQuestion


def save_meeting(
    session: Session, context: Context, sender: Sender, request_id: str, submission: Submission
) -> Message:
    """Plan the meetings of the preview; the first answers the question, and the list goes on."""
    message = save_series(session, context, sender, request_id, submission)
    actor = access_facilitator(session, context, sender)
    if SetupQuestion.MEETING in answered_questions(session, actor.workspace.id):
        return message
    return answered(session, context, actor, SetupQuestion.MEETING, messages.above_list(message))

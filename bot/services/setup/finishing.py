"""A question was answered: the list goes on, and with the last one a test is posted in the channel."""

from typing import Final

from sqlmodel import Session

from bot.domain.chat import Message, Part
from bot.services.access import Actor, Sender, access_facilitator
from bot.services.context import Context
from bot.services.messages import setup as messages
from bot.services.outbox import enqueue
from bot.services.setup.standing import standing, troubles
from storage.meetings import meetings_ahead
from storage.setup import answered_questions, mark_answered
from storage.tables import Meeting, SetupQuestion, Workspace

LOOKED_AT: Final = 24


def answered(
    session: Session, context: Context, actor: Actor, question: SetupQuestion, said: tuple[Part, ...]
) -> Message:
    """Note that the question is answered; the list with what was done above it."""
    was_open = answered_questions(session, actor.workspace.id) != frozenset(SetupQuestion)
    mark_answered(session, actor.workspace.id, question)
    state = standing(session, context, actor)
    is_tested = state.is_done and (was_open or question is SetupQuestion.CHANNELS)
    if is_tested:
        post_test(session, context, actor.workspace)
    broken = () if is_tested else troubles(session, context, actor)
    return messages.card(actor, state, broken, said, is_tested=is_tested)


def post_test(session: Session, context: Context, workspace: Workspace) -> None:
    """Post a test in each channel of the workspace, through the outbox: a failure is told with its cure."""
    brief = _next_brief(session, context, workspace)
    for channel_id in dict.fromkeys(filter(None, (workspace.channel_id, workspace.help_channel_id))):
        is_main = channel_id == workspace.channel_id
        enqueue(
            session,
            context,
            workspace_id=workspace.id,
            key=f"test:{context.new_id()}",
            target_id=channel_id,
            message=messages.test_post(workspace, brief if is_main else None),
        )


def remove_test(session: Session, context: Context, sender: Sender, _value: str) -> Message:
    """Let one line stand in place of the test."""
    return messages.test_removed(access_facilitator(session, context, sender).workspace)


def _next_brief(session: Session, context: Context, workspace: Workspace) -> Meeting | None:
    """The first meeting of which the brief is still to come."""
    ahead = meetings_ahead(session, workspace.id, context.now, LOOKED_AT)
    return next((one for one in ahead if one.brief_due_at and one.brief_due_at > context.now), None)

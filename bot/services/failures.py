"""What could not be delivered reaches a facilitator, with the cure: silence is never ambiguous."""

from collections.abc import Sequence

from sqlmodel import Session

from bot.domain.chat import Message
from bot.domain.errors import Refused
from bot.services import outbox
from bot.services.access import Sender, access_actor, company_day
from bot.services.context import Context
from bot.services.messages import failures as messages
from bot.services.outbox import Notice
from bot.templates import speaker
from storage.members import find_member, list_facilitators
from storage.tables import Outgoing, Workspace


def explain_failure(session: Session, context: Context, row: Outgoing, reason: str) -> Sequence[Notice]:
    """One private message to each facilitator about a post that failed for good."""
    workspace = session.get(Workspace, row.workspace_id)
    if workspace is None:
        return []
    channels = {
        workspace.channel_id: workspace.channel_name,
        workspace.help_channel_id: workspace.help_channel_name,
    }
    person = find_member(session, workspace.id, row.target_id)
    where = messages.Place(channel=channels.get(row.target_id), person=person.name if person else None)
    return [
        Notice(
            lead.external_id,
            messages.failed(speaker(lead.language, lead.timezone), row.key.partition(":")[0], where, reason, row.id),
        )
        for lead in list_facilitators(session, workspace.id, company_day(workspace, context))
        if lead.external_id != row.target_id
    ]


def post_again(session: Session, context: Context, sender: Sender, outbox_id: str) -> Message:
    """A facilitator has cured it: put the post back in line."""
    actor = access_actor(session, context, sender)
    if not actor.leads:
        raise Refused("facilitators_only")
    is_waiting = outbox.post_again(session, context, actor.workspace.id, outbox_id)
    return messages.posted_again(actor.speaker, waiting=is_waiting)

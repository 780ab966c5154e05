"""How far the set-up is, and what does not work although it was answered."""

from sqlmodel import Session

from bot.domain.countries import country_of_zone
from bot.services.access import Actor, company_day, may_appoint
from bot.services.context import Context
from bot.services.messages.setup import Standing, Trouble
from storage.meetings import meetings_ahead
from storage.members import list_facilitators, list_sides
from storage.setup import answered_questions, last_post, list_appointments
from storage.tables import OutboxState, SetupQuestion, SideKind
from storage.tensions import list_tensions

TROUBLES = frozenset({"not_in_channel", "archived", "channel_gone", "not_allowed"})


def standing(session: Session, context: Context, actor: Actor) -> Standing:
    """Everything the list of the five questions tells."""
    workspace = actor.workspace
    answered = answered_questions(session, workspace.id)
    zone, country, _ = proposed_place(actor, is_answered=SetupQuestion.PLACE in answered)
    leads = list_facilitators(session, workspace.id, company_day(workspace, context))
    sides = list_sides(session, workspace.id)
    return Standing(
        answered=answered,
        sides=tuple(side.name for side in sides if side.kind == SideKind.COUNTERPART),
        channel=workspace.channel_name,
        help_channel=workspace.help_channel_name,
        zone=zone,
        country=country,
        others=tuple(lead.name for lead in leads if lead.id != actor.member.id),
        awaited=len(list_appointments(session, workspace.id)),
        meeting=next(iter(meetings_ahead(session, workspace.id, context.now, 1)), None),
        tensions=len(list_tensions(session, workspace.id)),
        may_appoint=may_appoint(session, context, actor),
    )


def troubles(session: Session, context: Context, actor: Actor) -> tuple[Trouble, ...]:
    """What is broken in a workspace that is set up: a channel that takes no posts, no meeting to come."""
    workspace = actor.workspace
    channels = (
        (workspace.channel_id, workspace.channel_name),
        (workspace.help_channel_id, workspace.help_channel_name),
    )
    wished = f"{workspace.channel_id or ''} {workspace.help_channel_id or ''}".strip()
    broken = [
        Trouble(reason, name or "", wished)
        for channel_id, name in channels
        if channel_id and (reason := _refused_by(session, workspace.id, channel_id))
    ]
    if not meetings_ahead(session, workspace.id, context.now, 1):
        broken.append(Trouble("no_meeting"))
    return tuple(broken)


def proposed_place(actor: Actor, *, is_answered: bool) -> tuple[str, str, str]:
    """Zone, country and language of the company; before they are answered those of whoever sets it up."""
    workspace, member = actor.workspace, actor.member
    if is_answered:
        return workspace.timezone, workspace.country, workspace.language
    return member.timezone, country_of_zone(member.timezone) or workspace.country, member.language


def _refused_by(session: Session, workspace_id: str, channel_id: str) -> str | None:
    """Why the last post did not stand in the channel; None when it does."""
    post = last_post(session, workspace_id, channel_id)
    is_refused = post is not None and post.state == OutboxState.FAILED and post.error in TROUBLES
    return post.error if post and is_refused else None

"""Whom a check-in asks: sides, people, everybody in a channel; observers see the result and are never asked.

The platform is asked who is in the channel before the transaction, and tells by itself who comes and goes.
"""

from collections.abc import Callable, Collection, Sequence
from typing import TypeAlias

from sqlmodel import Session

from bot.domain.chat import Form, Message, Submission
from bot.domain.errors import Refused
from bot.services.access import Actor, Sender, access_workspace, company_day, has_left
from bot.services.checkins.access import access_checkin, access_to_change
from bot.services.checkins.changing import changed, usable_channel
from bot.services.checkins.records import state_of
from bot.services.context import Context
from bot.services.messages import checkin_forms as forms
from bot.services.messages import checkins as messages
from bot.services.outbox import Notice, tell
from bot.services.requests import claim_request
from bot.services.setup.channels import Seen
from bot.templates import speaker
from storage.checkin_settings import (
    add_channel_person,
    list_asked_channels,
    list_asking_channel,
    list_people,
    list_side_keys,
    remove_channel_person,
    set_audience,
    set_channel_people,
)
from storage.members import find_member, list_facilitators, list_sides
from storage.tables import Checkin, Member, Workspace
from storage.workspaces import list_workspaces

Told: TypeAlias = Callable[[Session, Context, Sender, str, str], None]
"""What is done when the platform tells that somebody came into a channel, or left it."""


def audience_form(session: Session, context: Context, sender: Sender, checkin_id: str) -> Form:
    """As it is now."""
    actor, checkin = access_checkin(session, context, sender, checkin_id)
    filled = forms.Filled(
        sides=tuple(list_side_keys(session, checkin.id)),
        people=_ids(actor, context, list_people(session, checkin.id, observers=False)),
        observers=_ids(actor, context, list_people(session, checkin.id, observers=True)),
        channel=checkin.audience_channel_id,
    )
    return forms.audience(actor.speaker, checkin, list_sides(session, actor.workspace.id), filled)


def save_audience(
    session: Session,
    context: Context,
    sender: Sender,
    request_id: str,
    submission: Submission,
    seen: Seen,
    there: Collection[str],
) -> Message:
    """Ask these from the next round on. `seen` and `there` are what the platform says of the channel, and who is in it.

    Raises `Refused` beside the field that is wrong.
    """
    claim_request(session, context, request_id)
    actor, checkin = access_to_change(session, context, sender, submission.payload["checkin"])
    before = state_of(session, checkin)
    known = {side.key for side in list_sides(session, actor.workspace.id)}
    sides = [side for side in submission.choices("sides") if side in known]
    people, observers = (_members(session, context, actor, submission, name) for name in ("people", "observers"))
    _use_channel(session, checkin, submission.text("channel"), seen, there)
    if not (sides or set(people) - set(observers) or checkin.audience_channel_id):
        raise Refused("checkin_nobody", field="sides")
    set_audience(session, checkin.id, sides, people, observers)
    return changed(session, context, actor, checkin, "audience", before)


def joined_channel(session: Session, context: Context, sender: Sender, request_id: str, channel_id: str) -> None:
    """A member is in a channel from now on; kept only of one that is asked."""
    claim_request(session, context, request_id)
    workspace = access_workspace(session, sender)
    is_member = find_member(session, workspace.id, sender.user_id) is not None
    if is_member and channel_id in list_asked_channels(session, workspace.id):
        add_channel_person(session, workspace.id, channel_id, sender.user_id)


def left_channel(session: Session, context: Context, sender: Sender, request_id: str, channel_id: str) -> None:
    """They are not asked there any more, from the next round on."""
    claim_request(session, context, request_id)
    remove_channel_person(session, access_workspace(session, sender).id, channel_id, sender.user_id)


def channels_to_read(session: Session) -> Sequence[tuple[str, str]]:
    """The channels that are asked, with the id of their workspace; none where we were taken away."""
    connected = [one.id for one in list_workspaces(session) if one.disconnected_at is None]
    return [(one, channel_id) for one in connected for channel_id in list_asked_channels(session, one)]


def keep_people(session: Session, workspace_id: str, channel_id: str, there: Collection[str]) -> None:
    """What the platform says once an hour of who is in a channel that is asked: what was missed is made good, and
    whoever was there before they became a member is asked."""
    if channel_id in list_asked_channels(session, workspace_id):
        set_channel_people(session, workspace_id, channel_id, there)


def tell_unread(session: Session, context: Context, workspace_id: str, channel_id: str) -> None:
    """We may no longer see who is in a channel that is asked: the facilitators hear it, once a week."""
    workspace, asking = session.get_one(Workspace, workspace_id), list_asking_channel(session, workspace_id, channel_id)
    channel, names = next((one.audience_channel_name for one in asking), None), [one.name for one in asking]
    today = company_day(workspace, context)
    year, week, _ = today.isocalendar()
    notices = [
        Notice(lead.external_id, messages.channel_unread(speaker(lead.language, lead.timezone), channel or "", names))
        for lead in (list_facilitators(session, workspace_id, today) if asking else ())
    ]
    tell(session, context, workspace_id, f"channel_unread:{channel_id}:{year}-W{week:02}", notices)


def _use_channel(session: Session, checkin: Checkin, channel_id: str, seen: Seen, there: Collection[str]) -> None:
    channel = usable_channel(seen, channel_id, "channel") if channel_id else None
    checkin.audience_channel_id, checkin.audience_channel_name = (channel.id, channel.name) if channel else (None, None)
    if channel:
        set_channel_people(session, checkin.workspace_id, channel.id, there)


def _members(session: Session, context: Context, actor: Actor, submission: Submission, field: str) -> list[str]:
    found = [find_member(session, actor.workspace.id, one) for one in submission.people(field)]
    members = [one for one in found if one and not has_left(actor.workspace, context, one)]
    if len(members) < len(found):
        raise Refused("checkin_person_unknown", field=field)
    return [member.id for member in members]


def _ids(actor: Actor, context: Context, members: Collection[Member]) -> tuple[str, ...]:
    """The platform's own, of those who are still here: whoever is not would be refused again and again."""
    return tuple(one.external_id for one in members if one.name and not has_left(actor.workspace, context, one))

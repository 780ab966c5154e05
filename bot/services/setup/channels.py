"""Question 2: the channel of brief, summary and retro, and that of today's help.

Slack is asked about them before the transaction: what it said comes along as `ChannelInfo`.
"""

from collections.abc import Mapping
from typing import TypeAlias

from sqlmodel import Session

from bot.domain.changes import write_state
from bot.domain.chat import ChannelInfo, Form, Message, Submission
from bot.domain.errors import Refused
from bot.services.access import Actor, Sender
from bot.services.audit import note
from bot.services.context import Context
from bot.services.messages import setup as messages
from bot.services.messages import setup_forms as forms
from bot.services.outbox import post_in
from bot.services.requests import claim_request
from bot.services.setup.claiming import access_setup
from bot.services.setup.finishing import answered
from bot.services.summaries.planning import plan_summary
from storage.tables import SetupQuestion, Workspace

Seen: TypeAlias = Mapping[str, ChannelInfo | None]
"""Channels by id as the platform shows them to the bot; None = it cannot see that one."""


def channels_form(
    session: Session, context: Context, sender: Sender, _value: str = "", here: str | None = None
) -> Form:
    """As they are chosen; `here` = the channel from which it is asked, filled in as long as none is."""
    actor = access_setup(session, context, sender)
    return forms.channels(actor.speaker, actor.workspace.channel_id or here, actor.workspace.help_channel_id)


def save_channels(
    session: Session, context: Context, sender: Sender, request_id: str, submission: Submission, seen: Seen
) -> Message:
    """Post in these from now on; where the bot is not in one of them nothing is saved, and the cure is told.

    Raises `Refused` beside the field of a channel that cannot be used.
    """
    claim_request(session, context, request_id)
    actor = access_setup(session, context, sender)
    return _use(session, context, actor, submission.text("channel"), submission.text("help_channel"), seen)


def try_channels(
    session: Session, context: Context, sender: Sender, request_id: str, value: str, seen: Seen
) -> Message:
    """The same once more, after the bot was invited. `value` is that of the button: both ids."""
    claim_request(session, context, request_id)
    actor = access_setup(session, context, sender)
    channel, help_channel = split_value(value)
    return _use(session, context, actor, channel, help_channel, seen)


def split_value(value: str) -> tuple[str, str]:
    """The two ids that the button carries, the second "" when there is none."""
    channel, _, help_channel = value.partition(" ")
    return channel, help_channel


def _use(session: Session, context: Context, actor: Actor, channel_id: str, help_id: str, seen: Seen) -> Message:
    main, helping = seen.get(channel_id), seen.get(help_id)
    _check_usable(main, "channel")
    _check_usable(helping, "help_channel")
    wished = [channel_id, *([help_id] if help_id else [])]
    missing = [seen.get(one) for one in wished if not ((info := seen.get(one)) and info.is_member)]
    if missing or main is None:
        return messages.not_in_channel(actor, missing[0], f"{channel_id} {help_id}".strip())
    waited = _change(session, context, actor, main, helping)
    facts = {"channel": main.name, "help_channel": helping.name if helping else None, "waited": waited}
    said = messages.said(actor, "channels_saved", **facts)
    return answered(session, context, actor, SetupQuestion.CHANNELS, said)


def _change(session: Session, context: Context, actor: Actor, main: ChannelInfo, helping: ChannelInfo | None) -> int:
    """Post there from now on; how many posts waited because the old channel took none, and go out now."""
    workspace = actor.workspace
    before, old, old_help = _state(workspace), workspace.channel_id, workspace.help_channel_id
    workspace.channel_id, workspace.channel_name = main.id, main.name
    workspace.help_channel_id, workspace.help_channel_name = (helping.id, helping.name) if helping else (None, None)
    session.add(workspace)
    session.flush()
    plan_summary(session, context, workspace)
    if _state(workspace) != before:
        note(session, context, actor, "workspace.channels", workspace.id, before, _state(workspace))
    moved = [(old, workspace.channel_id), (old_help, workspace.help_channel_id)]
    return sum(post_in(session, context, workspace.id, was, now) for was, now in moved if was and now and was != now)


def _check_usable(info: ChannelInfo | None, field: str) -> None:
    if info is not None and info.is_archived:
        raise Refused("channel_archived", field=field, channel=info.name)
    if info is not None and info.is_shared:
        raise Refused("channel_shared", field=field, channel=info.name)


def _state(workspace: Workspace) -> str:
    return write_state({"channel": workspace.channel_name, "help_channel": workspace.help_channel_name})

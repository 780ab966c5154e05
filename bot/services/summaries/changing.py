"""When the weekly summary comes and where: the form, saving it, and its undo."""

from collections.abc import Mapping
from typing import Any

from sqlmodel import Session

from bot.domain.chat import ChannelInfo, Form, Message, Submission
from bot.domain.errors import Refused
from bot.domain.recurrence import parse_time
from bot.domain.summary import USUAL
from bot.services.access import Actor, Sender, access_facilitator
from bot.services.audit import note
from bot.services.context import Context
from bot.services.meetings.records import read, write
from bot.services.messages import summaries as messages
from bot.services.outbox import post_in
from bot.services.requests import claim_request
from bot.services.summaries.planning import next_summary, plan_summary, summary_channel
from storage.audit import find_record
from storage.summaries import find_summary_rule
from storage.tables import SummaryRule


def summary_form(session: Session, context: Context, sender: Sender, _value: str = "") -> Form:
    """As it is now."""
    actor = access_facilitator(session, context, sender)
    rule = find_summary_rule(session, actor.workspace.id)
    weekday = USUAL.weekday if rule is None else rule.weekday
    return messages.form(
        actor.speaker,
        zone=actor.workspace.timezone,
        weekday=weekday if rule is None or rule.is_on else None,
        at=rule.local_time if rule else USUAL.at,
        channel_id=summary_channel(session, actor.workspace),
    )


def save_summary_rule(
    session: Session,
    context: Context,
    sender: Sender,
    request_id: str,
    submission: Submission,
    seen: Mapping[str, ChannelInfo | None],
) -> Message:
    """From now on it comes then and there. `seen` is what the platform says of the channel.

    Raises `Refused` beside the field that is wrong.
    """
    claim_request(session, context, request_id)
    actor = access_facilitator(session, context, sender)
    before = _state(session, actor)
    wanted = _wanted(actor, submission, seen, before)
    _put(session, context, actor, wanted)
    after = write(_state(session, actor))
    noted = note(session, context, actor, "summary.change", _subject(actor), write(before), after)
    due_at = next_summary(session, actor.workspace, context.now)
    name = wanted["channel_name"] or actor.workspace.channel_name
    return messages.saved(actor.speaker, due_at, name, noted.id)


def undo_summary_rule(session: Session, context: Context, sender: Sender, note_id: str) -> Message:
    """Put back how it was before. Raises `Refused` when it was changed since."""
    actor = access_facilitator(session, context, sender)
    noted, now = find_record(session, actor.workspace.id, note_id), write(_state(session, actor))
    if noted is None or noted.subject != _subject(actor) or now != noted.after:
        raise Refused("summary_changed_since")
    _put(session, context, actor, read(noted.before))
    note(session, context, actor, "summary.undo", _subject(actor), now, write(_state(session, actor)))
    return messages.undone(actor.speaker, next_summary(session, actor.workspace, context.now))


def _wanted(
    actor: Actor, submission: Submission, seen: Mapping[str, ChannelInfo | None], before: Mapping[str, Any] | None
) -> dict[str, Any]:
    """What the form asks for. While it is off the day stays that of before, for when it is on again."""
    day, channel_id = submission.text("day"), submission.text("channel")
    is_on, usual = day != messages.OFF, before["weekday"] if before else USUAL.weekday
    at = parse_time(submission.text("at")) if submission.text("at") else USUAL.at
    channel = _usable(seen.get(channel_id)) if channel_id not in {"", actor.workspace.channel_id} else None
    return {
        "is_on": is_on,
        "weekday": int(day) if is_on else usual,
        "local_time": at,
        "channel_id": channel.id if channel else None,
        "channel_name": channel.name if channel else None,
    }


def _usable(channel: ChannelInfo | None) -> ChannelInfo:
    if channel is None or not channel.is_member:
        raise Refused("channel_not_in", field="channel")
    if channel.is_archived:
        raise Refused("channel_archived", field="channel", channel=channel.name)
    if channel.is_shared:
        raise Refused("channel_shared", field="channel", channel=channel.name)
    return channel


def _put(session: Session, context: Context, actor: Actor, wanted: Mapping[str, Any] | None) -> None:
    """Let it be so (None = the default again) and plan the next. What waits for another channel goes there now."""
    old = find_summary_rule(session, actor.workspace.id)
    was_in = old.channel_id if old else None
    if old is not None:
        session.delete(old)
        session.flush()
    if wanted is not None:
        session.add(SummaryRule(workspace_id=actor.workspace.id, **wanted))
        session.flush()
    now_in = summary_channel(session, actor.workspace)
    if was_in and now_in and was_in not in {now_in, actor.workspace.channel_id}:
        post_in(session, context, actor.workspace.id, was_in, now_in)
    plan_summary(session, context, actor.workspace)


def _subject(actor: Actor) -> str:
    return f"summary:{actor.workspace.id}"


def _state(session: Session, actor: Actor) -> dict[str, Any] | None:
    rule = find_summary_rule(session, actor.workspace.id)
    names = ("is_on", "weekday", "local_time", "channel_id", "channel_name")
    return {name: getattr(rule, name) for name in names} if rule else None

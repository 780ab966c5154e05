"""New check-ins, and what can be set of them: name, time, window, reminder, channel of the result; with undo."""

import json
from typing import Final

from sqlmodel import Session

from bot.domain.chat import ChannelInfo, Form, Message, Submission
from bot.domain.checkin.questions import BLUEPRINTS, Template
from bot.domain.checkin.settings import read_name, read_rhythm, read_window
from bot.domain.errors import Refused
from bot.services.access import Actor, Sender, access_facilitator, company_day
from bot.services.checkins.access import access_checkin, access_to_change
from bot.services.checkins.listing import card_of
from bot.services.checkins.questions import add_first_question, check_put_back
from bot.services.checkins.records import State, note_change, put_back, state_of
from bot.services.checkins.scales import check_scales, find_weekly_checkin
from bot.services.checkins.templates import create
from bot.services.context import Context
from bot.services.meetings.records import write
from bot.services.messages import checkin_forms as forms
from bot.services.messages import checkin_templates as texts
from bot.services.messages import checkins as messages
from bot.services.requests import claim_request
from bot.services.setup.channels import Seen
from storage.audit import find_record
from storage.checkin_settings import set_audience
from storage.checkins import list_open_rounds
from storage.members import list_sides
from storage.tables import Checkin

UNDONE: Final = "undo"


def start_weekly(session: Session, context: Context, sender: Sender, _value: str = "") -> Message:
    """The usual round with everything as it comes, from its next day on; where there is one, that."""
    actor = access_facilitator(session, context, sender)
    if found := find_weekly_checkin(session, actor.workspace):
        return card_of(session, context, actor, found)
    return _created(session, context, actor, create(session, context, actor.workspace, Template.WEEKLY))


def list_templates(session: Session, context: Context, sender: Sender, _value: str = "") -> Message:
    """What a new one can begin from."""
    return messages.templates(access_facilitator(session, context, sender).speaker)


def new_form(session: Session, context: Context, sender: Sender, value: str) -> Form:
    """Filled in from a ready-made one; `value` is its name."""
    actor = access_facilitator(session, context, sender)
    template, sides = _template(value), list_sides(session, actor.workspace.id)
    blueprint, name = BLUEPRINTS[template], texts.name(actor.workspace.language, template)
    return forms.new(actor.speaker, template, name, forms.typed_rule(actor.speaker, blueprint), sides)


def save_new(session: Session, context: Context, sender: Sender, request_id: str, submission: Submission) -> Message:
    """Make it; its rounds come by themselves. Raises `Refused` beside the field that is wrong."""
    claim_request(session, context, request_id)
    actor = access_facilitator(session, context, sender)
    template = _template(submission.payload["template"])
    name = read_name(submission.text("name"))
    rhythm = read_rhythm(submission.text("rule"), BLUEPRINTS[template].local_time)
    sides = _sides(session, actor, submission)
    checkin = create(session, context, actor.workspace, template)
    checkin.name, checkin.rule, checkin.local_time = name, rhythm.rule, rhythm.local_time
    set_audience(session, checkin.id, sides, (), ())
    if template is Template.BLANK:
        add_first_question(session, context, actor.workspace, checkin, submission)
    return _created(session, context, actor, checkin)


def settings_form(session: Session, context: Context, sender: Sender, checkin_id: str) -> Form:
    """As it is now."""
    actor, checkin = access_checkin(session, context, sender, checkin_id)
    return forms.settings(actor.speaker, checkin, checkin.channel_id or actor.workspace.channel_id)


def save_settings(
    session: Session, context: Context, sender: Sender, request_id: str, submission: Submission, seen: Seen
) -> Message:
    """From the next round on. `seen` is what the platform says of the channel for the result.

    Raises `Refused` beside the field that is wrong.
    """
    claim_request(session, context, request_id)
    actor, checkin = access_to_change(session, context, sender, submission.payload["checkin"])
    before = state_of(session, checkin)
    _read_settings(context, actor, checkin, submission, seen)
    return changed(session, context, actor, checkin, "change", before)


def undo_change(session: Session, context: Context, sender: Sender, note_id: str) -> Message:
    """Put back what was before a change. Raises `Refused` when it was changed again since."""
    actor = access_facilitator(session, context, sender)
    noted = find_record(session, actor.workspace.id, note_id)
    if noted is None or noted.before is None or not noted.subject.startswith("checkin:"):
        raise Refused("old_button")
    actor, checkin = access_to_change(session, context, sender, noted.subject.partition(":")[2])
    before = state_of(session, checkin)
    if write(before) != noted.after:
        raise Refused("checkin_changed_since")
    check_put_back(session, checkin, before, json.loads(noted.before))
    put_back(session, checkin, noted.before)
    check_scales(session, checkin)
    note_change(session, context, actor, UNDONE, checkin, before)
    return card_of(session, context, actor, checkin, messages.said(actor.speaker, "undone"))


def changed(session: Session, context: Context, actor: Actor, checkin: Checkin, verb: str, before: State) -> Message:
    """Note a change and say so on its card, with the way back; a round that runs stays as it is."""
    note_id = note_change(session, context, actor, verb, checkin, before)
    speak, open_rounds = actor.speaker, list_open_rounds(session, checkin.id)
    undo = speak.button("undo", "checkin.undo_change", note_id)
    told = messages.said(speak, "changed", undo, running_on=open_rounds[0].day if open_rounds else None)
    return card_of(session, context, actor, checkin, told)


def usable_channel(seen: Seen, channel_id: str, field: str) -> ChannelInfo:
    """Raises `Refused` beside the field for a channel that the bot is not in or cannot use."""
    channel = seen.get(channel_id)
    if channel is None or not channel.is_member:
        raise Refused("channel_not_in", field=field)
    if channel.is_archived:
        raise Refused("channel_archived", field=field, channel=channel.name)
    if channel.is_shared:
        raise Refused("channel_shared", field=field, channel=channel.name)
    return channel


def _created(session: Session, context: Context, actor: Actor, checkin: Checkin) -> Message:
    speak = actor.speaker
    note_change(session, context, actor, "add", checkin)
    undo = speak.button("undo", "checkin.delete", checkin.id)
    told = messages.said(speak, "added", undo, by_hand=checkin.rule is None)
    return card_of(session, context, actor, checkin, told)


def _template(value: str) -> Template:
    if value not in set(Template):
        raise Refused("old_button")
    return Template(value)


def _sides(session: Session, actor: Actor, submission: Submission) -> list[str]:
    known = {side.key for side in list_sides(session, actor.workspace.id)}
    sides = [side for side in submission.choices("sides") if side in known]
    if not sides:
        raise Refused("checkin_nobody", field="sides")
    return sides


def _read_settings(context: Context, actor: Actor, checkin: Checkin, submission: Submission, seen: Seen) -> None:
    """A new rule counts from today on, so that "every two weeks" begins with the next such day."""
    rhythm = read_rhythm(submission.text("rule"), checkin.local_time)
    at, days, nudge = submission.text("close_at"), submission.choice("days"), submission.choice("nudge")
    window = read_window(days, at, nudge, rhythm.local_time)
    channel_id = submission.text("channel")
    own = channel_id and channel_id != actor.workspace.channel_id
    channel = usable_channel(seen, channel_id, "channel") if own else None
    checkin.name = read_name(submission.text("name"))
    if rhythm.rule != checkin.rule:
        checkin.starts_on = company_day(actor.workspace, context)
    checkin.rule, checkin.local_time = rhythm.rule, rhythm.local_time
    checkin.close_after_days, checkin.close_at = window.close_after_days, window.close_at
    checkin.nudge_share_pct = window.nudge_share_pct
    checkin.channel_id, checkin.channel_name = (channel.id, channel.name) if channel else (None, None)

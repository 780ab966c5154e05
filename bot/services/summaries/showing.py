"""The weekly summary looked at: the coming one as known now, and what stands behind the buttons of each."""

from dataclasses import replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from sqlmodel import Session

from bot.domain.chat import Message
from bot.domain.errors import Refused
from bot.domain.summary import SummaryFacts
from bot.services.access import Actor, Sender, access_actor
from bot.services.context import Context
from bot.services.messages import summaries as messages
from bot.services.summaries.building import build_summary, since_of
from bot.services.summaries.planning import next_summary


def show_summary(session: Session, context: Context, sender: Sender) -> Message:
    """What the next summary would say now; for facilitators with the button that says when it comes."""
    actor = access_actor(session, context, sender)
    due_at = next_summary(session, actor.workspace, context.now)
    since = since_of(session, actor.workspace, due_at or context.now)
    facts = build_summary(session, context, actor.workspace, min(since, context.now), context.now)
    if due_at:
        facts = replace(facts, week=due_at.astimezone(ZoneInfo(actor.workspace.timezone)).isocalendar().week)
    return messages.preview(actor.speaker, facts, due_at, may_change=actor.leads)


def summary_entries(session: Session, context: Context, sender: Sender, value: str) -> Message:
    """Every entry that the summary told of. `value` is that of its button: from when to when."""
    actor = access_actor(session, context, sender)
    return messages.entries(actor.speaker, _facts(session, context, actor, value))


def summary_agreements(session: Session, context: Context, sender: Sender, value: str) -> Message:
    """The agreements by how they stood. `value` is that of its button: from when to when."""
    actor = access_actor(session, context, sender)
    return messages.agreements(actor.speaker, _facts(session, context, actor, value))


def _facts(session: Session, context: Context, actor: Actor, value: str) -> SummaryFacts:
    since, _, as_of = value.partition(" ")
    try:
        first, last = _moment(since), _moment(as_of)
    except ValueError as error:
        raise Refused("old_button") from error
    if not first <= last <= context.now:
        raise Refused("old_button")
    return build_summary(session, context, actor.workspace, first, last)


def _moment(written: str) -> datetime:
    return datetime.strptime(written, messages.MOMENT).replace(tzinfo=UTC)

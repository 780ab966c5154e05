"""Somebody needed today: a cry for help goes to the day-to-day channel at once, and is asked back later."""

from datetime import datetime, time
from zoneinfo import ZoneInfo

from sqlmodel import Session

from bot.domain.chat import Form, Message, Submission
from bot.domain.coaching import Coaching
from bot.domain.entry import may_move
from bot.domain.errors import Refused
from bot.domain.working_days import next_thursday
from bot.services.access import Actor, Sender, access_actor, company_day, has_left
from bot.services.context import Context
from bot.services.entries.access import access_shareable_entry
from bot.services.entries.cards import card_of
from bot.services.messages import help_today as messages
from bot.services.messages.entries import Advice
from bot.services.outbox import enqueue
from bot.services.requests import claim_request
from bot.services.scheduling import plan, skip_if_late
from bot.templates import speaker
from storage.entries import get_entry
from storage.members import find_side
from storage.tables import Entry, EntryStatus, Member, OccurrenceState, Schedule, ScheduleKind, Visibility, Workspace

ASK_BACK_AT = time(10)


def offer_help(session: Session, context: Context, sender: Sender, handle: str) -> Message:
    """Show what would be posted, and where."""
    actor = access_actor(session, context, sender)
    entry, channel = _for_help(session, actor, handle)
    return messages.preview(actor.speaker, entry, handle, channel)


def back_from_help(session: Session, context: Context, sender: Sender, handle: str) -> Message:
    """The card again, with the offer it was opened from."""
    actor = access_actor(session, context, sender)
    entry = access_shareable_entry(session, actor, handle)
    advice = Advice(Coaching.HELP_TODAY, speaker(entry.language or actor.member.language, actor.member.timezone))
    return card_of(session, context, actor, entry, handle, said="shown", advice=advice)


def send_help(session: Session, context: Context, sender: Sender, handle: str) -> Message:
    """Post it in the day-to-day channel, with the name; take it off the agenda; ask back on Thursday."""
    actor = access_actor(session, context, sender)
    entry, channel = _for_help(session, actor, handle)
    workspace, member = actor.workspace, actor.member
    side = find_side(session, workspace.id, member.side)
    post = messages.post(actor.channel_speaker, entry, member.name, side.name if side else member.side)
    enqueue(
        session,
        context,
        workspace_id=workspace.id,
        key=f"help:{entry.id}",
        target_id=str(workspace.help_channel_id),
        message=post,
    )
    if may_move(entry.status, EntryStatus.PARKED):
        entry.status, entry.resolved_on = EntryStatus.PARKED, None
    session.add(entry)
    ask_back_on = next_thursday(company_day(workspace, context))
    ask_back_at = datetime.combine(ask_back_on, ASK_BACK_AT, ZoneInfo(member.timezone))
    plan(session, context, workspace.id, ScheduleKind.HELP_LESSON, entry.id, ask_back_at)
    return messages.sent(actor.speaker, handle, channel, ask_back_on)


def ask_lesson(session: Session, context: Context, schedule: Schedule, due_at: datetime) -> OccurrenceState:
    """Thursday has come: ask the author what can be learnt from it."""
    entry = get_entry(session, schedule.subject_id)
    author = session.get(Member, entry.author_id) if entry and entry.author_id else None
    if entry is None or author is None or author.undisturbed or entry.withdrawn_on or entry.hidden_reason:
        return OccurrenceState.SKIPPED
    if has_left(session.get_one(Workspace, schedule.workspace_id), context, author):
        return OccurrenceState.SKIPPED
    if skip_if_late(session, context, schedule, due_at):
        return OccurrenceState.SKIPPED
    enqueue(
        session,
        context,
        workspace_id=schedule.workspace_id,
        key=f"lesson:{entry.id}",
        target_id=author.external_id,
        message=messages.lesson(speaker(author.language, author.timezone), entry),
    )
    return OccurrenceState.DONE


def lesson_form(session: Session, context: Context, sender: Sender, handle: str) -> Form:
    actor = access_actor(session, context, sender)
    return messages.lesson_form(actor.speaker, access_shareable_entry(session, actor, handle))


def save_lesson(session: Session, context: Context, sender: Sender, request_id: str, submission: Submission) -> Message:
    """Keep what was learnt; with it the example is on the agenda. A brief that has it already stays true."""
    claim_request(session, context, request_id)
    actor = access_actor(session, context, sender)
    entry = access_shareable_entry(session, actor, submission.payload["entry"])
    lesson = submission.text("lesson")
    if not lesson:
        raise Refused("lesson_empty", field="lesson")
    entry.lesson = lesson
    if entry.status == EntryStatus.PARKED:
        entry.status = EntryStatus.OPEN
    session.add(entry)
    return card_of(session, context, actor, entry, entry.ref)


def _for_help(session: Session, actor: Actor, handle: str) -> tuple[Entry, str]:
    """The own named entry and the name of the day-to-day channel. A side-only one would lose what it is for."""
    entry = access_shareable_entry(session, actor, handle)
    if entry.visibility == Visibility.SIDE_ONLY:
        raise Refused("help_named_only")
    if actor.workspace.help_channel_id is None:
        raise Refused("no_help_channel")
    return entry, actor.workspace.help_channel_name or "…"

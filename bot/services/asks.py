"""Ask the other side: one question, to a person or to anyone of a side; the answer stands beside the first view."""

from datetime import datetime, timedelta
from typing import Final

from sqlmodel import Session

from bot.domain.chat import Form, Message, Submission
from bot.domain.errors import Refused
from bot.domain.suggestion import detect_language
from bot.domain.working_days import after_working_days
from bot.services.access import Actor, Sender, access_actor, check_own, company_day, has_left
from bot.services.context import Context
from bot.services.entries.access import access_entry, access_shareable_entry
from bot.services.entries.posts import post_at
from bot.services.entries.saving import Example, readable, save_example
from bot.services.messages import asks as messages
from bot.services.outbox import enqueue
from bot.services.questions import WAITING, ends_at, post_question, replace_question, side_name, withdraw_question
from bot.services.requests import claim_request
from bot.services.scheduling import cancel, plan, skip_if_late
from bot.services.unasked import beside, settle
from bot.templates import speaker
from storage.asks import find_ask, find_ask_about, move_ask
from storage.entries import get_entry, list_pair
from storage.members import find_member, list_sides
from storage.tables import (
    Ask,
    AskState,
    Entry,
    ItemKind,
    Kind,
    Member,
    OccurrenceState,
    Schedule,
    ScheduleKind,
    Visibility,
    Workspace,
)

WORKING_DAYS_TO_ANSWER = 5
BESIDE: Final = {"beside": "yes"}
"""In the payload of a form: its answer does not take the place of the message it came from."""

LATER = timedelta(hours=3)


def ask_form(session: Session, context: Context, sender: Sender, handle: str) -> Form:
    actor = access_actor(session, context, sender)
    entry = access_shareable_entry(session, actor, handle)
    _check_not_asked(session, entry)
    others = [side for side in list_sides(session, actor.workspace.id) if side.key != entry.side]
    return messages.ask_form(actor.speaker, others, handle)


def send_ask(session: Session, context: Context, sender: Sender, request_id: str, submission: Submission) -> Message:
    """Ask once. Raises `Refused` beside the field that is missing or cannot be asked."""
    claim_request(session, context, request_id)
    actor = access_actor(session, context, sender)
    handle = submission.payload["handle"]
    entry = access_shareable_entry(session, actor, handle)
    _check_not_asked(session, entry)
    ask = _new_ask(session, context, actor, entry, submission)
    session.add(ask)
    session.flush()
    plan(session, context, actor.workspace.id, ScheduleKind.ASK_END, ask.id, ends_at(actor.workspace, ask))
    goes_at = post_at(context, entry)
    post_question(session, context, actor.workspace, ask, entry, goes_at)
    return messages.asked(actor.speaker, ask, entry, handle, _asked_name(session, ask), goes_at)


def withdraw_ask(session: Session, context: Context, sender: Sender, handle: str) -> Message:
    """Take the question back; where it was asked, one line says so."""
    actor = access_actor(session, context, sender)
    entry = access_shareable_entry(session, actor, handle)
    withdraw_question(session, context, actor.workspace, entry, post_at(context, entry))
    return messages.withdrawn(actor.speaker, handle)


def tell_form(session: Session, context: Context, sender: Sender, ask_id: str) -> Form:
    """The form for the person who was asked."""
    actor = access_actor(session, context, sender)
    ask, entry = _own_ask(session, actor, ask_id)
    return messages.tell_form(actor.speaker, ask, entry, {})


def tell_beside_form(session: Session, context: Context, sender: Sender, ask_id: str) -> Form:
    """The same from a message that says more than the question: the answer stands beside it."""
    actor = access_actor(session, context, sender)
    ask, entry = _own_ask(session, actor, ask_id)
    return messages.tell_form(actor.speaker, ask, entry, BESIDE)


def take_ask(session: Session, context: Context, sender: Sender, ask_id: str) -> Form:
    """Take a question to anyone: the first of that side to press has it; the channel sees who."""
    actor = access_actor(session, context, sender)
    ask, entry = _live_ask(session, actor, ask_id)
    check_own("not_your_side", own=ask.asked_side == actor.member.side, side=side_name(session, ask))
    if ask.asked_id != actor.member.id:
        if entry.author_id == actor.member.id or not move_ask(
            session, ask, [AskState.OPEN], AskState.TAKEN, actor.member.id
        ):
            raise Refused("ask_taken")
        replace_question(session, context, actor.workspace, ask, "taken", actor.member.name)
    return messages.tell_form(actor.speaker, ask, entry, {})


def save_tell(session: Session, context: Context, sender: Sender, request_id: str, submission: Submission) -> Message:
    """Keep the answer beside the first view, and tell the author."""
    claim_request(session, context, request_id)
    actor = access_actor(session, context, sender)
    ask, entry = _own_ask(session, actor, submission.payload["ask"])
    text = readable(session, actor, submission.text("what_happened"))
    _end(session, ask, AskState.ANSWERED)
    entry.pair_id = entry.pair_id or context.new_id()
    told, _ = save_example(
        session,
        context,
        actor,
        Example(
            kind=Kind(submission.text("kind") or entry.kind),
            what_happened=text,
            visibility=Visibility.NAMED,
            language=detect_language(text),
            own_interest=submission.text("own_interest") or None,
            tension_key=entry.tension_key,
            objective_key=entry.objective_key,
            level=entry.level,
            pair_id=entry.pair_id,
        ),
    )
    session.add(entry)
    if ask.asked_side:
        replace_question(session, context, actor.workspace, ask, "told_there", actor.member.name)
    _tell_author(session, context, actor.workspace, entry, told)
    thanks = messages.thanks(actor.speaker, told)
    stands_beside = BESIDE.items() <= submission.payload.items()
    return _acted(session, context, actor, ask, thanks, in_place=not stands_beside)


def tell_later(session: Session, context: Context, sender: Sender, ask_id: str) -> Message:
    """Show the question again three hours later, if it still waits then."""
    actor = access_actor(session, context, sender)
    ask, _ = _own_ask(session, actor, ask_id)
    again_at = context.now + LATER
    plan(session, context, actor.workspace.id, ScheduleKind.ASK_AGAIN, ask.id, again_at)
    return _acted(session, context, actor, ask, messages.later(actor.speaker, again_at))


def refuse_ask(session: Session, context: Context, sender: Sender, ask_id: str) -> Message:
    actor = access_actor(session, context, sender)
    ask, _ = _own_ask(session, actor, ask_id)
    _end(session, ask, AskState.REFUSED)
    return _acted(session, context, actor, ask, messages.refused(actor.speaker))


def read_both(session: Session, context: Context, sender: Sender, ref: str) -> Message:
    """Both views of one event, side by side."""
    actor = access_actor(session, context, sender)
    entry = access_entry(session, actor, ref)
    views = [entry, *list_pair(session, entry)]
    names = {side.key: side.name for side in list_sides(session, actor.workspace.id)}
    authors = {view.id: session.get(Member, view.author_id) for view in views if view.author_id}
    return messages.both(actor.speaker, views, authors, names)


def end_ask(session: Session, context: Context, schedule: Schedule, due_at: datetime) -> OccurrenceState:  # noqa: ARG001
    """Five working days are over: the question ends quietly, and where it stands it says so."""
    ask = session.get(Ask, schedule.subject_id)
    workspace = session.get(Workspace, schedule.workspace_id)
    if ask is None or workspace is None or not move_ask(session, ask, WAITING, AskState.EXPIRED):
        return OccurrenceState.SKIPPED
    replace_question(session, context, workspace, ask, "ended_there")
    return OccurrenceState.DONE


def show_again(session: Session, context: Context, schedule: Schedule, due_at: datetime) -> OccurrenceState:
    """ "Later today" has come: the same question once more."""
    ask = session.get(Ask, schedule.subject_id)
    workspace = session.get(Workspace, schedule.workspace_id)
    if ask is None or workspace is None or ask.state not in WAITING:
        return OccurrenceState.SKIPPED
    entry, asked = get_entry(session, ask.entry_id), session.get(Member, ask.asked_id or "")
    if entry is None or entry.withdrawn_on or entry.hidden_reason or asked is None or asked.undisturbed:
        return OccurrenceState.SKIPPED
    if skip_if_late(session, context, schedule, due_at):
        return OccurrenceState.SKIPPED
    post_question(session, context, workspace, ask, entry, context.now, again=due_at)
    return OccurrenceState.DONE


def _new_ask(session: Session, context: Context, actor: Actor, entry: Entry, submission: Submission) -> Ask:
    show_words = submission.text("show_words") != "no"
    about = submission.text("about") or None
    if not show_words and about is None:
        raise Refused("about_missing", field="about")
    today = company_day(actor.workspace, context)
    asked, side = _asked(session, context, actor, entry, submission)
    old = find_ask_about(session, entry.id)
    if old is not None:
        session.delete(old)
        session.flush()
    return Ask(
        id=context.new_id(),
        workspace_id=actor.workspace.id,
        entry_id=entry.id,
        asked_id=asked.id if asked else None,
        asked_side=side,
        show_words=show_words,
        about=about,
        until=after_working_days(today, WORKING_DAYS_TO_ANSWER),
    )


def _asked(
    session: Session, context: Context, actor: Actor, entry: Entry, submission: Submission
) -> tuple[Member | None, str | None]:
    """The person, or the side, that is asked."""
    whom = submission.text("whom")
    if whom != "person":
        if actor.workspace.channel_id is None:
            raise Refused("no_channel", field="whom")
        return None, whom
    if not submission.text("person"):
        raise Refused("person_missing", field="person")
    member = find_member(session, actor.workspace.id, submission.text("person"))
    if member is None:
        raise Refused("person_unknown", field="person")
    if has_left(actor.workspace, context, member):
        raise Refused("person_left", field="person")
    if member.id == actor.member.id:
        raise Refused("person_yourself", field="person")
    if member.undisturbed:
        raise Refused("person_undisturbed", field="person")
    if member.side == entry.side:
        raise Refused("person_same_side", field="person")
    return member, None


def _check_not_asked(session: Session, entry: Entry) -> None:
    ask = find_ask_about(session, entry.id)
    if ask and ask.state in {*WAITING, AskState.ANSWERED}:
        raise Refused("asked_already", ref=entry.ref)


def _live_ask(session: Session, actor: Actor, ask_id: str) -> tuple[Ask, Entry]:
    ask = find_ask(session, actor.workspace.id, ask_id)
    entry = get_entry(session, ask.entry_id) if ask else None
    if ask is None or entry is None or ask.state not in WAITING or entry.withdrawn_on or entry.hidden_reason:
        raise Refused("ask_over")
    return ask, entry


def _own_ask(session: Session, actor: Actor, ask_id: str) -> tuple[Ask, Entry]:
    """The ask, for the person who was asked or took it."""
    ask, entry = _live_ask(session, actor, ask_id)
    check_own("not_asked", own=ask.asked_id == actor.member.id)
    return ask, entry


def _end(session: Session, ask: Ask, to: AskState) -> None:
    """The person who was asked ends it. Raises `Refused` when it ended meanwhile."""
    if not move_ask(session, ask, WAITING, to):
        raise Refused("ask_over")
    cancel(session, ScheduleKind.ASK_END, ask.id)


def _acted(
    session: Session, context: Context, actor: Actor, ask: Ask, message: Message, *, in_place: bool = True
) -> Message:
    """What stands where the question stood, with what else was said there."""
    if in_place:
        message = beside(session, context, actor.member, ItemKind.ASK, ask.id, message)
    settle(session, actor.member.id, ItemKind.ASK, ask.id)
    return message


def _tell_author(session: Session, context: Context, workspace: Workspace, entry: Entry, told: Entry) -> None:
    """The author of a named entry hears that the answer is there; of a side-only one nobody knows whom to tell."""
    author = session.get(Member, entry.author_id) if entry.author_id else None
    if author is None or has_left(workspace, context, author):
        return
    speak = speaker(author.language, author.timezone)
    enqueue(
        session,
        context,
        workspace_id=workspace.id,
        key=f"told:{told.id}",
        target_id=author.external_id,
        message=messages.told(speak, entry, told),
    )


def _asked_name(session: Session, ask: Ask) -> str:
    asked = session.get(Member, ask.asked_id) if ask.asked_id else None
    return asked.name if asked else side_name(session, ask)

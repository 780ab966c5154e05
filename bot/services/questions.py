"""The question to the other side where people see it: posted, shown again, taken back."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlmodel import Session

from bot.domain.chat import Message
from bot.services.access import has_left
from bot.services.context import Context
from bot.services.messages import asks as messages
from bot.services.outbox import enqueue
from bot.services.scheduling import cancel
from bot.services.unasked import Item, say_instead, tell
from bot.services.unasked import take_back as take_back_item
from bot.templates import Speaker, speaker
from storage.asks import find_ask_about, give_back, list_asks_to, move_ask
from storage.entries import get_entry
from storage.members import find_side
from storage.outbox import list_posts, take_back
from storage.tables import Ask, AskState, Entry, ItemKind, Member, ScheduleKind, Workspace
from storage.tensions import find_tension

WAITING = (AskState.OPEN, AskState.TAKEN)


def post_question(
    session: Session,
    context: Context,
    workspace: Workspace,
    ask: Ask,
    entry: Entry,
    goes_at: datetime,
    again: datetime | None = None,
) -> None:
    """Ask where it is to be asked; nobody who has left. A person is asked once a day at most, but for what they want
    to see again.
    """
    asked = _asked_person(session, ask)
    target = asked.external_id if asked else workspace.channel_id
    if asked and not again and not has_left(workspace, context, asked):
        tell(session, context, workspace, asked, _item(session, workspace, ask, entry, goes_at))
    elif target and not (asked and has_left(workspace, context, asked)):
        enqueue(
            session,
            context,
            workspace_id=workspace.id,
            key=_key(ask, f"again:{again:%Y%m%d%H%M%S}" if again else ""),
            topic=_key(ask),
            target_id=target,
            message=_question(session, workspace, ask, entry),
            not_before=goes_at,
        )


def end_questions_to(session: Session, context: Context, workspace: Workspace, member: Member) -> None:
    """Who was asked cannot answer any more: a question to them ends, one they took can be taken by somebody else."""
    for ask in list_asks_to(session, member, WAITING):
        if ask.asked_side:
            _offer_again(session, context, workspace, ask)
        elif move_ask(session, ask, WAITING, AskState.EXPIRED):
            cancel(session, ScheduleKind.ASK_END, ask.id)
            _tell_author(session, context, workspace, ask, member)


def _offer_again(session: Session, context: Context, workspace: Workspace, ask: Ask) -> None:
    """The question to anyone stands in the channel once more, as it was asked."""
    give_back(session, ask)
    entry = get_entry(session, ask.entry_id)
    if entry is None or workspace.channel_id is None:
        return
    for row_id in list_posts(session, workspace.id, _key(ask)):
        enqueue(
            session,
            context,
            workspace_id=workspace.id,
            key=f"{_key(ask, context.new_id())}:{row_id}",
            target_id=workspace.channel_id,
            message=_question(session, workspace, ask, entry),
            replaces=row_id,
        )


def _tell_author(session: Session, context: Context, workspace: Workspace, ask: Ask, asked: Member) -> None:
    """The author of a named entry may ask somebody else; of a side-only one nobody knows whom to tell."""
    entry = get_entry(session, ask.entry_id)
    author = session.get(Member, entry.author_id) if entry and entry.author_id else None
    if entry is None or author is None or has_left(workspace, context, author):
        return
    enqueue(
        session,
        context,
        workspace_id=workspace.id,
        key=_key(ask, "person_left"),
        target_id=author.external_id,
        message=messages.person_left(speaker(author.language, author.timezone), entry, asked.name),
    )


def _asked_person(session: Session, ask: Ask) -> Member | None:
    return session.get(Member, ask.asked_id) if ask.asked_id and not ask.asked_side else None


def ends_at(workspace: Workspace, ask: Ask) -> datetime:
    """When nobody needs to answer any more."""
    return datetime.combine(ask.until + timedelta(days=1), time(), ZoneInfo(workspace.timezone))


def _item(session: Session, workspace: Workspace, ask: Ask, entry: Entry, goes_at: datetime) -> Item:
    speak, facts = _speaker_to(session, workspace, ask), _facts(session, workspace, ask, entry)
    return Item(
        kind=ItemKind.ASK,
        subject_id=ask.id,
        key=_key(ask),
        message=messages.question(speak, ask, entry, facts),
        line=messages.line(speak, ask, facts),
        topic=_key(ask),
        helps_until=ends_at(workspace, ask),
        not_before=goes_at,
    )


def _question(session: Session, workspace: Workspace, ask: Ask, entry: Entry) -> Message:
    facts = _facts(session, workspace, ask, entry)
    return messages.question(_speaker_to(session, workspace, ask), ask, entry, facts)


def _speaker_to(session: Session, workspace: Workspace, ask: Ask) -> Speaker:
    asked = _asked_person(session, ask)
    return speaker(asked.language, asked.timezone) if asked else speaker(workspace.language, workspace.timezone)


def _facts(session: Session, workspace: Workspace, ask: Ask, entry: Entry) -> messages.Question:
    speak = _speaker_to(session, workspace, ask)
    author = session.get(Member, entry.author_id) if entry.author_id else None
    side = find_side(session, workspace.id, entry.side)
    tension = find_tension(session, workspace.id, entry.tension_key) if entry.tension_key else None
    return messages.Question(
        author=author.name if author else None,
        side=side.name if side else None,
        asked_side=side_name(session, ask) if ask.asked_side else None,
        tension=speak.name_of(tension) if tension else None,
    )


def replace_question(
    session: Session,
    context: Context,
    workspace: Workspace,
    ask: Ask,
    block: str,
    name: str = "",
    not_before: datetime | None = None,
) -> None:
    """Wherever the question stands, one line takes its place."""
    asked = _asked_person(session, ask)
    target = asked.external_id if asked else workspace.channel_id
    if target is None:
        return
    speak = _speaker_to(session, workspace, ask)
    message = messages.one_line(speak, block, name, ask if block == "taken" else None)
    replaced = asked and say_instead(
        session,
        context,
        workspace,
        asked,
        ItemKind.ASK,
        ask.id,
        message=message,
        key=_key(ask, block),
        not_before=not_before,
    )
    for row_id in list_posts(session, workspace.id, _key(ask)):
        if row_id == replaced:
            continue
        enqueue(
            session,
            context,
            workspace_id=workspace.id,
            key=f"{_key(ask, block)}:{row_id}",
            target_id=target,
            message=message,
            replaces=row_id,
            not_before=not_before,
        )


def withdraw_question(
    session: Session, context: Context, workspace: Workspace, entry: Entry, not_before: datetime
) -> None:
    """Take back the question about the entry, if one waits; where it was asked, one line says so (not before …)."""
    ask = find_ask_about(session, entry.id)
    if ask is None or not move_ask(session, ask, WAITING, AskState.WITHDRAWN):
        return
    cancel(session, ScheduleKind.ASK_END, ask.id)
    if not (take_back_item(session, _key(ask)) or take_back(session, _key(ask))):
        replace_question(session, context, workspace, ask, "withdrawn_there", not_before=not_before)


def side_name(session: Session, ask: Ask) -> str:
    side = find_side(session, ask.workspace_id, ask.asked_side) if ask.asked_side else None
    return side.name if side else ""


def _key(ask: Ask, what: str = "") -> str:
    return f"ask:{ask.id}:{what}" if what else f"ask:{ask.id}"

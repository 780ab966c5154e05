"""Something that was said is acted upon, or is over: what becomes of the message it stands in.

An answer stands in the message itself, sometimes with the only token that may change it: such a message is never
written anew.
"""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlmodel import Session

from bot.domain.chat import Message
from bot.domain.errors import Refused
from bot.services.context import Context
from bot.services.messages import private_items as messages
from bot.services.outbox import enqueue, is_changing
from bot.services.unasked.telling import ROUND, lines_of
from bot.templates import Speaker, speaker
from storage import outbox
from storage.private_items import carry_over, hold_about, hold_message
from storage.tables import ItemKind, Member, OutboxState, PrivateItem, Workspace


def beside(
    session: Session, context: Context, member: Member, kind: ItemKind, subject_id: str, message: Message
) -> Message:
    """What takes the place of the message in which that was said: `message`, and under it what else stands there.

    Raises `Refused` while that message is being changed: the change would go over the answer.
    """
    about = hold_about(session, member.id, _alike(kind), subject_id)
    told = [item for item in about if item.day and (item.is_open or kind in ROUND)]  # an answer to a round can change
    if not told:
        return message
    today = _message_of(session, told[-1])
    if any(item.outbox_id and is_changing(session, context, item.outbox_id) for item in today):
        raise Refused("message_changes")
    others = [item for item in today if item.is_open and item.subject_id != subject_id and _stands_there(session, item)]
    return messages.below(message, lines_of(others, context.now))


def settle(session: Session, member_id: str, kind: ItemKind, subject_id: str) -> None:
    """It was acted upon: what waits to be said about it never is, and no message that says it is written anew.

    What was to join that message, and has not, is told on another day.
    """
    about = hold_about(session, member_id, _alike(kind), subject_id)
    for item in about:
        if item.day is None:
            session.delete(item)
        else:
            item.is_open = False
    session.flush()
    for day in {item.day for item in about if item.day}:
        _leave_alone(session, hold_message(session, member_id, day))


def say_instead(
    session: Session,
    context: Context,
    workspace: Workspace,
    member: Member,
    kind: ItemKind,
    subject_id: str,
    *,
    message: Message,
    key: str,
    not_before: datetime | None = None,
) -> str | None:
    """It is over: `message` takes its place; where other things stand beside it, its first line does.

    What waits is never said. The id of the row whose message it stood in, None when it was not said yet. A message with
    an answer in it stays as it is.
    """
    told = [item for item in hold_about(session, member.id, [kind], subject_id) if not _drop_waiting(session, item)]
    root_id = _root_id(session, told[-1]) if told else None
    if root_id is None:
        return None
    item = told[-1]
    item.line, item.helps_until = messages.line_to_json(messages.over(message)), context.now
    session.flush()
    if instead := _instead(speaker(member.language, member.timezone), _message_of(session, item), message):
        row_id = enqueue(
            session,
            context,
            workspace_id=workspace.id,
            key=key,
            topic=item.topic,
            target_id=member.external_id,
            message=instead,
            replaces=root_id,
            not_before=not_before,
        )
        carry_over(session, item, root_id, row_id)
    return root_id


def _instead(speak: Speaker, today: Sequence[PrivateItem], message: Message) -> Message | None:
    """What the message of the day says then; None where somebody's answer stands in it."""
    if len(today) == 1:
        return message if today[0].is_open or today[0].kind not in ROUND else None
    if not all(item.is_open for item in today):
        return None
    [day] = {item.day for item in today if item.day}
    return messages.listing(speak, day, [messages.line_from_json(item.line) for item in today])


def _alike(kind: ItemKind) -> Collection[ItemKind]:
    return ROUND if kind in ROUND else {kind}


def _message_of(session: Session, item: PrivateItem) -> Sequence[PrivateItem]:
    return hold_message(session, item.member_id, item.day) if item.day else []


def _root_id(session: Session, item: PrivateItem) -> str | None:
    """The row of the message it stands in."""
    row = outbox.get(session, item.outbox_id) if item.outbox_id else None
    return (row.replaces or row.id) if row else None


def _stands_there(session: Session, item: PrivateItem) -> bool:
    row = outbox.get(session, item.outbox_id) if item.outbox_id else None
    return row is not None and row.state == OutboxState.SENT


def _leave_alone(session: Session, today: Sequence[PrivateItem]) -> None:
    """Nothing changes the message any more; one that has not left and says nothing open does not leave."""
    rows = [row for item in today if item.outbox_id and (row := outbox.get(session, item.outbox_id))]
    outbox.take_back_changes(session, {row.replaces or row.id for row in rows})
    if not any(item.is_open for item in today):
        for row in rows:
            outbox.take_back(session, row.key)


def _drop_waiting(session: Session, item: PrivateItem) -> bool:
    if item.day is None:
        session.delete(item)
    return item.day is None

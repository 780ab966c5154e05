"""A line in the private chat with the bot: an example with the name, in the round that asks for one."""

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Final

from sqlmodel import Session

from bot.domain.chat import Message
from bot.domain.entry import is_quiet
from bot.domain.errors import Refused
from bot.services.access import Sender, access_actor
from bot.services.checkins.answering import answer_of, settle_turn
from bot.services.checkins.answers import Told, is_told_in_chat, may_answer_anew, note_answered, write_example
from bot.services.checkins.turns import MyTurn, access_turn
from bot.services.context import Context
from bot.services.entries.access import access_changeable_entry
from bot.services.entries.details import set_kind
from bot.services.entries.saving import readable
from bot.services.messages import checkin_answers as messages
from bot.services.messages import errors
from bot.services.outbox import enqueue
from bot.services.requests import claim_request
from storage.checkin_answers import list_asking
from storage.tables import CheckinAsked, CheckinRound, Kind, Outcome, QuestionType, Visibility

A_SENTENCE: Final = 3
"""Words: less, like a thank you, is no example; nor is a question, which is for us."""

REPLIED_LATE: Final = timedelta(days=3)
"""So long after a round has closed whoever has not answered is taken to answer it: over a weekend."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What is said to a line in the chat. `is_on_its_way` = with what was saved; else nothing was, and nothing keeps
    what is said.
    """

    message: Message
    is_on_its_way: bool


def save_reply(session: Session, context: Context, sender: Sender, request_id: str, text: str) -> Reply | None:
    """Save it as an example, with the name; None where no round asks for one.

    A text that begins with "quietly" is not kept: Slack has it by now, and the form, while it can be sent, leaves the
    name out.
    """
    mine = _asking(session, context, sender) if _may_be_example(text) else None
    if mine is None or (is_quiet(text) and mine.is_open and not may_answer_anew(session, mine)):
        return None
    claim_request(session, context, request_id)
    speak = mine.actor.speaker
    if is_quiet(text):
        return Reply(messages.reply_kept_out(speak, mine.round.id, text), is_on_its_way=False)
    try:
        told = write_example(session, context, mine, readable(session, mine.actor, text), Kind.CLASH, Visibility.NAMED)
    except Refused as refused:
        return Reply(errors.refused(speak, refused), is_on_its_way=False)
    if is_told_in_chat(mine):
        note_answered(session, mine)
        settle_turn(session, mine)
    message = _card(session, context, mine, told.handle, told)
    enqueue(
        session,
        context,
        workspace_id=mine.actor.workspace.id,
        key=f"reply:{context.new_id()}",
        target_id=sender.user_id,
        message=message,
    )
    return Reply(message, is_on_its_way=True)


def kind_of_reply(session: Session, context: Context, sender: Sender, value: str) -> Message:
    """The four kinds, in place of the card; `value` is "round handle"."""
    round_id, handle = [*value.split(), "", ""][:2]
    mine = access_turn(session, context, sender, round_id)
    entry = access_changeable_entry(session, mine.actor, handle)
    return messages.reply_kinds(mine.actor.speaker, entry, value)


def set_kind_of_reply(session: Session, context: Context, sender: Sender, value: str) -> Message:
    """The card again; `value` is "round handle [kind]"."""
    round_id, handle, kind = [*value.split(), "", "", ""][:3]
    mine = access_turn(session, context, sender, round_id)
    if kind:
        set_kind(session, context, sender, f"{handle}|{kind}")
    return _card(session, context, mine, handle)


def _card(session: Session, context: Context, mine: MyTurn, handle: str, told: Told | None = None) -> Message:
    """It waits in the outbox with its reader, so it holds no token: the form makes one."""
    answer = answer_of(session, context, mine, "", handle, told)
    may_answer = mine.is_open and not mine.turn.has_answered
    said = replace(answer, value="", is_reply=True, is_noted=True, may_answer=may_answer)
    return messages.answered(mine.actor.speaker, said)


def _may_be_example(text: str) -> bool:
    return len(text.split()) >= A_SENTENCE and not text.rstrip().endswith("?")


def _asking(session: Session, context: Context, sender: Sender) -> MyTurn | None:
    """The round that an example goes to: one that runs, else the one that closed last."""
    actor = access_actor(session, context, sender)
    since = context.now - REPLIED_LATE
    for turn, round_, _ in list_asking(session, actor.workspace.id, actor.member.id, since):
        mine = _maybe(session, context, sender, round_.id) if _waits_for_line(context, turn, round_) else None
        if mine and mine.of_type(QuestionType.EXAMPLE):
            return mine
    return None


def _waits_for_line(context: Context, turn: CheckinAsked, round_: CheckinRound) -> bool:
    """Whether a line may be meant for it: they were asked, and after the close have not answered."""
    was_asked = (turn.ask_at is None or turn.ask_at <= context.now) and turn.outcome is not Outcome.DECLINED
    return was_asked and (context.now < round_.closes_at or not turn.has_answered)


def _maybe(session: Session, context: Context, sender: Sender, round_id: str) -> MyTurn | None:
    try:
        return access_turn(session, context, sender, round_id)
    except Refused:
        return None

"""/sop: one command for all that is not capture; its first word says what."""

from collections.abc import Callable, Mapping
from typing import TypeAlias

from sqlmodel import Session

from bot.domain.chat import Form, Message
from bot.domain.errors import Refused, UnknownMember
from bot.domain.sop_words import SOP_WORDS, nearest_word, split_words
from bot.services.access import (
    Profile,
    Sender,
    access_actor,
    access_speaker,
    access_workspace,
    check_colleague,
)
from bot.services.audit_list import list_audit
from bot.services.briefs import preview_brief
from bot.services.checkins.listing import list_checkins_card
from bot.services.context import Context
from bot.services.decisions import list_decisions_card
from bot.services.disturbances.listing import list_changes
from bot.services.entry_lists import list_entries
from bot.services.meetings import list_upcoming
from bot.services.member_list import list_members_card
from bot.services.members import settings_form
from bot.services.messages import errors
from bot.services.messages import members as messages
from bot.services.outbox import enqueue
from bot.services.privacy import show_privacy
from bot.services.requests import claim_request
from bot.services.setup import list_setup
from bot.services.summaries.showing import show_summary

UseCase: TypeAlias = Callable[[Session, Context, Sender], Message | Form]


def answer_sop(session: Session, context: Context, sender: Sender, typed: str) -> Message | Form:
    """What was typed after /sop: a card, or a form to open."""
    word, rest = split_words(typed)
    meant = SOP_WORDS.get(word)
    if meant is None:
        return explain_word(session, context, sender, word)
    if meant in WITH_WORDS:
        return WITH_WORDS[meant](session, context, sender, rest)
    return ANSWERS[meant](session, context, sender)


def asks_for_setup(typed: str) -> bool:
    """Whether that, typed after /sop, is the wish to set up."""
    return SOP_WORDS.get(split_words(typed)[0]) == "setup"


def help_card(session: Session, context: Context, sender: Sender) -> Message:
    return messages.help_card(access_actor(session, context, sender))


def explain_word(session: Session, context: Context, sender: Sender, word: str) -> Message:
    """A word we do not know: the one that was probably meant, and the whole list."""
    actor = access_actor(session, context, sender)
    return messages.unknown_word(actor, word, nearest_word(word, actor.member.language))


ANSWERS: Mapping[str, UseCase] = {
    "brief": preview_brief,
    "decisions": list_decisions_card,
    "meetings": list_upcoming,
    "setup": list_setup,
    "settings": settings_form,
    "privacy": show_privacy,
    "audit": list_audit,
    "checkins": list_checkins_card,
    "disturbance": list_changes,
    "summary": show_summary,
    "help": help_card,
}

WITH_WORDS: Mapping[str, Callable[[Session, Context, Sender, str], Message]] = {
    "entries": list_entries,
    "members": list_members_card,
}
"""Those that make something of what follows the word."""


def enqueue_hint(session: Session, context: Context, sender: Sender, request_id: str, profile: Profile | None) -> None:
    """Tell somebody who writes to the bot how to reach it, privately and once per message.

    `profile` is that of somebody who is no member; guests read that this is not for them.
    """
    claim_request(session, context, request_id)
    workspace = access_workspace(session, sender)
    speak = access_speaker(session, sender)
    try:
        if profile is None:
            access_actor(session, context, sender)
        else:
            check_colleague(workspace, profile)
        message = messages.hint(speak)
    except UnknownMember:
        message = messages.hint(speak)
    except Refused as refused:
        message = errors.refused(speak, refused)
    enqueue(
        session,
        context,
        workspace_id=workspace.id,
        key=f"hint:{context.new_id()}",
        target_id=sender.user_id,
        message=message,
    )

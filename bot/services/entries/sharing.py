"""An entry in the channel, and the other side of it."""

from sqlmodel import Session

from bot.domain.chat import Form, Message, Submission
from bot.domain.errors import Refused
from bot.domain.suggestion import detect_language
from bot.services.access import Actor, Sender, access_actor
from bot.services.context import Context
from bot.services.entries.access import access_entry, access_shareable_entry
from bot.services.entries.cards import card_of, side_without_name
from bot.services.entries.posts import post_once, refresh_post, told
from bot.services.entries.saving import Example, save_example
from bot.services.messages import entry_forms as forms
from bot.services.requests import claim_request
from bot.services.sealed_defaults import default_visibility
from storage.asks import find_ask_about
from storage.tables import Entry, Kind, Member, Visibility


def share_entry(session: Session, context: Context, sender: Sender, handle: str) -> Message:
    """Post it in the channel, once."""
    actor = access_actor(session, context, sender)
    entry = access_shareable_entry(session, actor, handle)
    if entry.shared_channel_id is None:
        if actor.workspace.channel_id is None:
            raise Refused("no_share_channel")
        entry.shared_channel_id = actor.workspace.channel_id
        session.add(entry)
        post_once(session, context, actor.workspace, entry)
    return card_of(session, context, actor, entry, handle, said="shared")


def tell_form(session: Session, context: Context, sender: Sender, ref: str) -> Form:
    """The form for anyone of another side."""
    actor = access_actor(session, context, sender)
    entry = access_entry(session, actor, ref)
    _check_other_side(entry, actor.member.side)
    side = side_without_name(session, context, actor)
    return forms.tell(actor.speaker, told(session, entry), default_visibility(context, actor), side)


def save_tell(session: Session, context: Context, sender: Sender, request_id: str, submission: Submission) -> Message:
    """Keep another side's view of the same event beside the first; the two are a pair."""
    claim_request(session, context, request_id)
    actor = access_actor(session, context, sender)
    first = access_entry(session, actor, submission.payload["entry"])
    _check_other_side(first, actor.member.side)
    text = submission.text("what_happened")
    visibility = Visibility(submission.text("shown_with") or Visibility.NAMED)
    example = Example(
        kind=Kind(submission.text("kind") or first.kind),
        what_happened=text,
        visibility=visibility,
        language=detect_language(text),
        own_interest=submission.text("own_interest") or None,
        tension_key=first.tension_key,
        objective_key=first.objective_key,
        level=first.level,
        pair_id=None if _was_asked(session, actor, first, visibility) else _pair_of(session, context, first),
    )
    entry, handle = save_example(session, context, actor, example)
    if entry.visibility == Visibility.NAMED:  # a change of the post would tell when a side-only one was written
        refresh_post(session, context, actor.workspace, first)
    return card_of(session, context, actor, entry, handle, said="saved", beside=first.ref if entry.pair_id else None)


def _was_asked(session: Session, actor: Actor, first: Entry, visibility: Visibility) -> bool:
    """Whether a view without a name would stand beside a question that names somebody of its side: that is a name."""
    ask = find_ask_about(session, first.id)
    asked = session.get(Member, ask.asked_id) if ask and ask.asked_id else None
    return visibility == Visibility.SIDE_ONLY and asked is not None and asked.side == actor.member.side


def _pair_of(session: Session, context: Context, entry: Entry) -> str:
    entry.pair_id = entry.pair_id or context.new_id()
    session.add(entry)
    return entry.pair_id


def _check_other_side(entry: Entry, side: str) -> None:
    if entry.side == side:
        raise Refused("own_side", ref=entry.ref)

"""The list of entries with its filters."""

from sqlmodel import Session

from bot.domain.chat import Form, Message, Submission
from bot.domain.entry_filter import EntryFilter, parse_filter, write_filter
from bot.services.access import Actor, Sender, access_actor, company_day
from bot.services.context import Context
from bot.services.messages import entry_lists as messages
from storage.entry_lists import list_page
from storage.members import list_sides
from storage.tensions import find_tension, list_tensions

PAGE = 8


def list_entries(session: Session, context: Context, sender: Sender, words: str) -> Message:
    """A page of the entries that fit the words (see `bot.domain.entry_filter`)."""
    actor = access_actor(session, context, sender)
    return _page(session, context, actor, parse_filter(words, _side_names(session, actor)))


def filter_form(session: Session, context: Context, sender: Sender, words: str) -> Form:
    actor = access_actor(session, context, sender)
    names = _side_names(session, actor)
    tensions = list_tensions(session, actor.workspace.id)
    return messages.filter_form(actor.speaker, parse_filter(words, names), names, tensions)


def filter_entries(session: Session, context: Context, sender: Sender, submission: Submission) -> Message:
    actor = access_actor(session, context, sender)
    chosen = [
        f"{name}:{submission.text(name)}" for name in ("kind", "status", "side", "tension") if submission.text(name)
    ]
    who = ["mine:yes"] if submission.text("whose") == "mine" else []
    words = " ".join([*chosen, *who, f"text:{submission.text('text')}"])
    return _page(session, context, actor, parse_filter(words, _side_names(session, actor)))


def _page(session: Session, context: Context, actor: Actor, wanted: EntryFilter) -> Message:
    rows = list_page(
        session,
        actor.workspace.id,
        today=company_day(actor.workspace, context),
        kind=wanted.kind,
        status=wanted.status,
        side=wanted.side,
        tension=wanted.tension,
        author_id=actor.member.id if wanted.mine else None,
        text=wanted.text,
        after=wanted.after,
        limit=PAGE + 1,
    )
    shown = rows[:PAGE]
    older = write_filter(wanted.page_after(shown[-1][0].created_on, shown[-1][0].ref)) if len(rows) > PAGE else None
    tension = find_tension(session, actor.workspace.id, wanted.tension) if wanted.tension else None
    return messages.page(actor.speaker, shown, _side_names(session, actor), wanted, tension, older)


def _side_names(session: Session, actor: Actor) -> dict[str, str]:
    return {side.key: side.name for side in list_sides(session, actor.workspace.id)}

"""How an entry is written, with a name or without."""

from dataclasses import dataclass
from itertools import count

from sqlmodel import Session

from bot.domain.entry import LONGEST_TEXT, side_only
from bot.domain.errors import Refused
from bot.domain.incoming import mentioned, with_names
from bot.services.access import Actor, company_day
from bot.services.context import Context, hash_token
from storage.entries import find_entry
from storage.members import list_active_members, names_of
from storage.tables import Entry, Kind, Level, Source, Visibility


@dataclass(frozen=True, slots=True)
class Example:
    """One example as somebody tells it. `language` is that of the text."""

    kind: Kind
    what_happened: str
    visibility: Visibility
    language: str
    effect: str | None = None
    own_interest: str | None = None
    other_interest: str | None = None
    lesson: str | None = None
    tension_key: str | None = None
    objective_key: str | None = None
    level: Level | None = None
    permalink: str | None = None
    pair_id: str | None = None
    source: Source = Source.CAPTURE


def save_example(session: Session, context: Context, actor: Actor, example: Example) -> tuple[Entry, str]:
    """Write it; the entry and the handle for its author's buttons."""
    entry = Entry(
        id=context.new_id(),
        workspace_id=actor.workspace.id,
        ref=_free_ref(session, context, actor.workspace.id),
        kind=example.kind,
        visibility=Visibility.NAMED,
        side=actor.member.side,
        author_id=actor.member.id,
        created_on=company_day(actor.workspace, context),
        created_at=context.now,
        source=example.source,
        language=example.language,
        what_happened=check_text(example.what_happened),
        own_interest=example.own_interest,
        other_interest=example.other_interest,
        effect=example.effect,
        lesson=example.lesson,
        level=example.level,
        tension_key=example.tension_key,
        objective_key=example.objective_key,
        plant=actor.member.plant,
        permalink=example.permalink,
        pair_id=example.pair_id,
    )
    # The name is taken off before the session sees the entry: it never reaches the database.
    handle = take_off_name(session, context, actor, entry) if example.visibility == Visibility.SIDE_ONLY else entry.ref
    session.add(entry)
    session.flush()
    return entry, handle


def take_off_name(session: Session, context: Context, actor: Actor, entry: Entry) -> str:
    """Leave of the entry only what product.md section 5 lets stand; the handle whose token may still change it."""
    day = company_day(actor.workspace, context)
    of_side = list_active_members(session, actor.workspace.id, day, entry.side)
    kept = side_only(of_side, entry.side, entry.plant, entry.language)
    token = context.new_token()
    entry.visibility = Visibility.SIDE_ONLY
    entry.author_id = entry.created_at = entry.permalink = None
    entry.customer = entry.product_family = None
    entry.side, entry.plant, entry.language = kept.side, kept.plant, kept.language
    entry.change_token_hash = hash_token(token)
    return f"{entry.ref}.{token}"


def check_text(text: str) -> str:
    """The text, which must say something."""
    if not text.strip():
        raise Refused("what_happened_empty", field="what_happened")
    if len(text) > LONGEST_TEXT:
        raise Refused("too_long", field="what_happened", most=LONGEST_TEXT)
    return text.strip()


def readable(session: Session, actor: Actor, text: str) -> str:
    """The text with names in place of the ids that a chat leaves for people it mentions."""
    return with_names(text, names_of(session, actor.workspace.id, mentioned(text)))


def _free_ref(session: Session, context: Context, workspace_id: str) -> str:
    refs = (context.new_ref(4 + tries // 4) for tries in count())
    return next(ref for ref in refs if find_entry(session, workspace_id, ref) is None)

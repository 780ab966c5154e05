"""The card of an entry, its post in the channel, and its whole text (golden messages 1 and 2)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal, TypeAlias

from bot.domain.chat import Button, Buttons, Facts, Message, Part, Quote, Small, Text
from bot.domain.coaching import Coaching
from bot.domain.markup import escape
from bot.templates import Speaker
from bot.templates.formats import cut
from storage.entries import EarlierRow
from storage.tables import Entry, EntryStatus, Kind, Visibility

QUOTE = 150
"""Characters of a quote; the rest is behind [Read all]."""

DETAILS = ("effect", "own_interest", "other_interest", "lesson")
ASKS_FACTS = {
    Coaching.GENERALISATION,
    Coaching.OPINION_ONLY,
    Coaching.SOLUTION_FIRST,
    Coaching.TOO_VAGUE,
    Coaching.HALF_AN_EXAMPLE,
}

Said: TypeAlias = Literal["saved", "verbatim", "changed", "restored", "shared", "nameless", "shown"]


@dataclass(frozen=True, slots=True)
class Plan:
    """Where the entry comes up: days in the reader's zone. `in_brief` = the brief that has it already; `frozen_at` is
    the moment of the one to come. `summary` = the weekly one, where it comes before that brief."""

    summary: date | None = None
    brief: date | None = None
    frozen_at: datetime | None = None
    retro: date | None = None
    in_brief: date | None = None


@dataclass(frozen=True, slots=True)
class Shared:
    """Where it was shared (the name of the channel, if known), or `at` which moment it will be."""

    channel: str | None
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Advice:
    """One coaching for a text, spoken in the language of that text."""

    coaching: Coaching
    speak: Speaker


@dataclass(frozen=True, slots=True)
class Card:
    """`side` is the name of the side it reads as, None = "from the company"; `beside` the entry it is paired with."""

    entry: Entry
    handle: str
    side: str | None
    plan: Plan
    said: Said = "changed"
    tension: str | None = None
    is_guess: bool = False
    objective: str | None = None
    change: str | None = None
    linked: EarlierRow | None = None
    looks_like: EarlierRow | None = None
    beside: str | None = None
    shared: Shared | None = None
    advice: Advice | None = None


@dataclass(frozen=True, slots=True)
class Teller:
    """Who told an entry: the author's name and side; without a name the side, without both the company."""

    author: str | None
    side: str | None


@dataclass(frozen=True, slots=True)
class Told:
    entry: Entry
    teller: Teller


def card(speak: Speaker, facts: Card) -> Message:
    opening = _opening(speak, facts)
    parts = [*opening, *_third_line(speak, facts), *_next(speak, facts), *_shared(speak, facts)]
    summary = speak.plain("entry", "opening", kind=facts.entry.kind, ref=facts.entry.ref, said=facts.said)
    return Message(summary, (*parts, Buttons(_card_buttons(speak, facts))))


def kind_choice(speak: Speaker, entry: Entry, handle: str) -> Message:
    """The four kinds, in place of the card's own buttons."""
    question = Text(f"{_name(speak, entry)} · {speak.text('entry', 'what_kind')}")
    kinds = tuple(Button("entry.set_kind", speak.word(f"kind_{kind}"), f"{handle}|{kind}") for kind in Kind)
    back = speak.button("back", "entry.back", handle)
    return Message(
        speak.plain("entry", "what_kind"), (question, Quote(cut(entry.what_happened, QUOTE)), Buttons((*kinds, back)))
    )


def removed(speak: Speaker, entry: Entry, handle: str, *, unseen: bool) -> Message:
    facts = {"kind": entry.kind, "ref": entry.ref, "shared": entry.shared_channel_id is not None, "unseen": unseen}
    back = speak.button("put_back", "entry.restore", handle)
    return Message(speak.plain("entry", "removed", **facts), (Text(speak.text("entry", "removed", **facts), back),))


def hidden(speak: Speaker, entry: Entry) -> Message:
    return _line(speak, "hidden", entry)


def post(speak: Speaker, told: Told, others: Sequence[Told], counterparts: Sequence[str | None]) -> Message:
    """Golden message 1 "after Share". `others` tell the same event; `counterparts` are the names of the two sides."""
    entry = told.entry
    of_other_side = [other for other in others if other.entry.side != entry.side]
    both = next((other for other in of_other_side if {other.teller.side, told.teller.side} <= set(counterparts)), None)
    also = next((other for other in of_other_side if other.teller.side), None)
    facts = {
        "kind": entry.kind,
        "ref": entry.ref,
        "told_by": told_by(speak, told.teller),
        "both_told": both.entry.ref if both else None,
        "also_told": {"side": also.teller.side, "ref": also.entry.ref} if also else None,
    }
    buttons = (
        speak.button("tell_my_side", "entry.tell", entry.ref),
        speak.button("read_all", "entry.read", entry.ref),
    )
    parts = (Text(speak.text("entry", "post", **facts)), Quote(cut(entry.what_happened, QUOTE)), Buttons(buttons))
    return Message(speak.plain("entry", "name", kind=entry.kind, ref=entry.ref), parts)


def post_removed(speak: Speaker, entry: Entry) -> Message:
    return _line(speak, "post_removed" if entry.withdrawn_on else "post_hidden", entry)


@dataclass(frozen=True, slots=True)
class Rights:
    """What the reader may do with the entry. `moves` are the statuses it may go to."""

    change: bool = False
    share: bool = False
    tell: bool = False
    hide: bool = False
    moves: tuple[EntryStatus, ...] = ()


@dataclass(frozen=True, slots=True)
class Reading:
    """A whole entry with what belongs to it, as one reader may see it."""

    told: Told
    handle: str
    rights: Rights
    tension: str | None = None
    objective: str | None = None
    change: str | None = None
    linked: EarlierRow | None = None
    others: tuple[Told, ...] = ()


def reading(speak: Speaker, facts: Reading) -> Message:
    entry = facts.told.entry
    parts: list[Part] = [
        *_whole(speak, facts.told, _context(speak, facts)),
        *(part for other in facts.others for part in _whole(speak, other, {})),
    ]
    if facts.linked:
        came_back = {"ref": facts.linked.ref, "when": facts.linked.created_on}
        parts.append(Text(speak.text("entry", "came_back", **came_back)))
    if entry.permalink:
        parts.append(Small(speak.text("entry", "where_said", link=entry.permalink)))
    if entry.hidden_reason:
        parts.append(Small(speak.text("entry", "hidden_because", reason=entry.hidden_reason)))
    rows = (_own_buttons(speak, facts), _status_buttons(speak, facts))
    return Message(speak.plain("entry", "name", kind=entry.kind, ref=entry.ref), (*parts, *_rows(rows)))


def told_by(speak: Speaker, teller: Teller) -> str:
    """ "Name (Operations)", "Operations" or "from the company"."""
    return speak.plain("entry", "told_by", author=teller.author, side=teller.side)


def _name(speak: Speaker, entry: Entry) -> str:
    return speak.text("entry", "name", kind=entry.kind, ref=entry.ref)


def _line(speak: Speaker, block: str, entry: Entry) -> Message:
    facts = {"kind": entry.kind, "ref": entry.ref}
    return Message(speak.plain("entry", block, **facts), (Text(speak.text("entry", block, **facts)),))


def _opening(speak: Speaker, facts: Card) -> list[Part]:
    entry = facts.entry
    is_cut = len(entry.what_happened) > QUOTE
    read_all = speak.button("read_all", "entry.read", facts.handle) if is_cut else None
    details = [(name, getattr(entry, name)) for name in DETAILS]
    rows = [(speak.plain("entry", f"label_{name}"), escape(cut(text, QUOTE))) for name, text in details if text]
    if facts.objective:
        rows.append((speak.plain("entry", "label_objective"), escape(facts.objective)))
    if facts.change:
        rows.append((speak.plain("entry", "label_change_ahead"), escape(facts.change)))
    opening = Text(speak.text("entry", "opening", kind=entry.kind, ref=entry.ref, said=facts.said), read_all)
    return [opening, Quote(cut(entry.what_happened, QUOTE)), *([Facts(tuple(rows))] if rows else [])]


def _third_line(speak: Speaker, facts: Card) -> list[Part]:
    """One question in place of the guess; help that is needed now, or what is not safe to say, in place of both."""
    if facts.advice is None:
        return _tension(speak, facts)
    coaching, asking = facts.advice.coaching, facts.advice.speak
    if coaching is Coaching.HELP_TODAY:
        return [Text(asking.text("coaching", coaching), speak.button("ask_for_help", "entry.help", facts.handle))]
    if coaching is Coaching.SENSITIVE:
        return [Text(asking.text("coaching", coaching, side=facts.side))]
    why = asking.text("coaching", "why", asks_facts=coaching in ASKS_FACTS)
    return [Text(asking.text("coaching", coaching)), Small(why)]


def _tension(speak: Speaker, facts: Card) -> list[Part]:
    if facts.tension is None:
        return []
    block = "guess" if facts.is_guess else "tension"
    other = speak.button("other_tension", "entry.tension", facts.handle)
    return [Text(speak.text("entry", block, tension=facts.tension), other)]


def _next(speak: Speaker, facts: Card) -> list[Part]:
    named = facts.entry.visibility == Visibility.NAMED
    looks_like = None if facts.linked or facts.beside else facts.looks_like
    said = speak.text(
        "entry",
        "next",
        beside=facts.beside,
        linked=facts.linked,
        looks_like=looks_like,
        plan=facts.plan,
        named=named,
        side=facts.side,
    )
    return [Text(said, _link_button(speak, facts.handle, looks_like) if looks_like else None)]


def _link_button(speak: Speaker, handle: str, earlier: EarlierRow) -> Button:
    return Button("entry.link", speak.plain("entry", "link_to", ref=earlier.ref), f"{handle}|{earlier.ref}")


def _shared(speak: Speaker, facts: Card) -> list[Part]:
    if facts.shared is None:
        return []
    channel = f"#{facts.shared.channel}" if facts.shared.channel else speak.plain("entry", "the_channel")
    return [Small(speak.text("entry", "shared_in", channel=channel, at=facts.shared.at))]


def _card_buttons(speak: Speaker, facts: Card) -> tuple[Button, ...]:
    handle = facts.handle
    undo = speak.button("undo", "entry.undo", handle)
    if facts.advice and facts.advice.coaching is Coaching.SENSITIVE:
        take_off = speak.button("take_name_off", "entry.name_off", handle, "primary")
        return (take_off, speak.button("keep_name", "entry.name_keep", handle), undo)
    details = speak.button("add_details", "entry.details", handle, "primary")
    kind = speak.button("change_kind", "entry.kind", handle)
    ask = speak.button("ask_other_side", "entry.ask", handle)
    share = speak.button("share", "entry.share", handle)
    return (details, kind, ask, undo) if facts.shared else (details, kind, ask, share, undo)


def _whole(speak: Speaker, told: Told, context: Mapping[str, str]) -> list[Part]:
    """One entry from its first to its last word."""
    entry = told.entry
    told_on = speak.text(
        "entry",
        "told_on",
        told_by=told_by(speak, told.teller),
        on=entry.created_on,
        status=entry.status,
        resolved_on=entry.resolved_on,
    )
    details = {name: escape(text) for name in DETAILS if (text := getattr(entry, name))}
    rows = tuple((speak.plain("entry", f"fact_{name}"), value) for name, value in (details | dict(context)).items())
    title = f"{_name(speak, entry)} · {told_on}"
    return [Text(title), Quote(entry.what_happened), *([Facts(rows)] if rows else [])]


def _context(speak: Speaker, facts: Reading) -> dict[str, str]:
    level = facts.told.entry.level
    rows = {
        "tension": facts.tension,
        "objective": facts.objective,
        "level": speak.plain("entry", f"level_{level}") if level else None,
        "change_ahead": facts.change,
    }
    return {name: escape(text) for name, text in rows.items() if text}


def _own_buttons(speak: Speaker, facts: Reading) -> list[Button]:
    rights, handle, ref = facts.rights, facts.handle, facts.told.entry.ref
    buttons = []
    if rights.tell:
        buttons.append(speak.button("tell_my_side", "entry.tell", ref, "primary"))
    if rights.change:
        buttons.append(speak.button("change", "entry.edit", handle, "primary"))
    if rights.share:
        buttons.append(speak.button("share", "entry.share", handle))
    if rights.change:
        buttons.append(speak.button("withdraw", "entry.withdraw", handle))
    if rights.hide:
        buttons.append(speak.button("hide", "entry.hide", handle))
    return buttons


MOVES = {
    EntryStatus.RESOLVED: ("set_to_resolved", "entry.resolve"),
    EntryStatus.PARKED: ("park", "entry.park"),
    EntryStatus.ADOPTED: ("adopt", "entry.adopt"),
    EntryStatus.OPEN: ("open_again", "entry.reopen"),
}


def _status_buttons(speak: Speaker, facts: Reading) -> list[Button]:
    return [speak.button(*MOVES[status], facts.handle) for status in facts.rights.moves if status in MOVES]


def _rows(rows: Sequence[Sequence[Button]]) -> list[Buttons]:
    return [Buttons(tuple(row)) for row in rows if row]

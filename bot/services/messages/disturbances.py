"""Changes ahead: the list, one of them with its examples, the form, and the post in the channel."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final, Literal, TypeAlias

from bot.domain.chat import (
    Button,
    Buttons,
    ChoiceField,
    DateField,
    Facts,
    Form,
    Message,
    MultiChoiceField,
    Option,
    Part,
    PeopleField,
    Small,
    Text,
    TextField,
)
from bot.domain.disturbance import LONGEST_WHAT
from bot.domain.entry import headline
from bot.domain.markup import escape
from bot.templates import Rich, Speaker
from bot.templates.formats import cut
from storage.tables import Disturbance, DisturbanceKind, Entry, Side

HEADLINE: Final = 150
NAMED_AT_MOST: Final = 4
"""Sides and people in one line; of the others the number."""

RoundState: TypeAlias = Literal["open", "closed", "stopped", "none"]
Done: TypeAlias = Literal["announced", "withdrawn", "restored"]


@dataclass(frozen=True, slots=True)
class Change:
    """A change ahead with what belongs to it. `until` is when its extra round closes (`round` "none" = there is none
    to come or to close), `people` how many are asked in it, `entries` how many are linked.
    """

    disturbance: Disturbance
    announced_by: str | None
    sides: tuple[str, ...]
    names: tuple[str, ...]
    round: RoundState
    until: datetime | None = None
    people: int = 0
    entries: int = 0


@dataclass(frozen=True, slots=True)
class Said:
    """What was done just now. `channel` None = there is none to post in."""

    what: Done
    change: Change
    channel: str | None = None


def page(speak: Speaker, changes: Sequence[Change], said: Said | None = None) -> Message:
    """Those of today, for facilitators; what was done just now above them."""
    summary = speak.plain("disturbance", "summary")
    news = _news(speak, said) if said else ()
    opening = Text(speak.text("disturbance", "opening" if changes else "nothing_ahead"))
    lines = [
        Text(_line(speak, change), speak.button("open", "disturbance.open", change.disturbance.id))
        for change in changes
    ]
    announce = speak.button("announce_more", "disturbance.new", "", "primary")
    back = _put_back(speak, said.change) if said and said.what == "withdrawn" else ()
    return Message(summary, (*news, opening, *lines, Buttons((announce, *back))))


def card(speak: Speaker, change: Change, linked: Sequence[tuple[Entry, str | None]], *, leads: bool) -> Message:
    """One of them in full, with the examples that everybody may read: a window."""
    disturbance = change.disturbance
    summary = speak.plain("disturbance", "name", **_facts(speak, change))
    if disturbance.withdrawn:
        gone = Text(speak.text("disturbance", "withdrawn", **_facts(speak, change)))
        return Message(summary, (gone, *([Buttons(_put_back(speak, change))] if leads else [])))
    lines: list[Part] = [
        Text(_entry_line(speak, entry, author), speak.button("open", "entry.open", entry.ref))
        for entry, author in linked
    ]
    heard = Text(speak.text("disturbance", "examples", number=change.entries))
    withdraw = (speak.button("withdraw", "disturbance.withdraw", disturbance.id),) if leads else ()
    buttons = Buttons((_add_example(speak, disturbance), *withdraw))
    opening = Text(speak.text("disturbance", "opened", **_facts(speak, change)))
    return Message(summary, (opening, Facts(_rows(speak, change)), heard, *lines, buttons))


def post(speak: Speaker, change: Change) -> Message:
    """What the channel reads; once it is withdrawn, in place of it that it was."""
    disturbance, facts = change.disturbance, _facts(speak, change)
    summary = speak.plain("disturbance", "name", **facts)
    if disturbance.withdrawn:
        return Message(summary, (Text(speak.text("disturbance", "withdrawn", **facts)),))
    opening = Text(speak.text("disturbance", "post", **facts))
    asked = Text(speak.text("disturbance", "asked", **facts))
    note = Small(speak.text("disturbance", "post_note", by=speak.person(change.announced_by or ""), **facts))
    buttons = Buttons((_add_example(speak, disturbance), speak.button("open", "disturbance.open", disturbance.id)))
    return Message(summary, (opening, asked, note, buttons))


def form(speak: Speaker, sides: Sequence[Side], touched: Sequence[str], today: date) -> Form:
    """`touched` are the sides that are ticked."""
    kinds = tuple(
        Option(kind, _plain(speak, f"kind_{kind}").capitalize(), _plain(speak, f"hint_{kind}"))
        for kind in DisturbanceKind
    )
    return Form(
        action="disturbance.save",
        title=_plain(speak, "form_title"),
        submit=speak.plain("button", "announce"),
        close=speak.plain("button", "cancel"),
        fields=(
            ChoiceField(
                "kind", _plain(speak, "label_kind"), kinds, required=True, initial=kinds[0].value, shown_open=True
            ),
            TextField(
                "what",
                _plain(speak, "label_what"),
                hint=_plain(speak, "hint_what"),
                required=True,
                max_length=LONGEST_WHAT,
            ),
            DateField("from_on", _plain(speak, "label_from"), required=True, initial=today),
            MultiChoiceField(
                "sides",
                _plain(speak, "label_sides"),
                tuple(Option(side.key, side.name) for side in sides),
                hint=_plain(speak, "hint_sides"),
                initial=tuple(touched),
            ),
            PeopleField("people", _plain(speak, "label_people"), hint=_plain(speak, "hint_people")),
        ),
        notice=speak.text("disturbance", "form_note"),
    )


def questions(speak: Speaker) -> tuple[str, str]:
    """The example and the short text that the extra round asks for."""
    return _plain(speak, "ask_example"), _plain(speak, "ask_need")


def _plain(speak: Speaker, block: str) -> str:
    return speak.plain("disturbance", block)


def _facts(speak: Speaker, change: Change) -> dict[str, object]:
    return {
        "change": change.disturbance,
        "kind": _plain(speak, f"kind_{change.disturbance.kind}"),
        "touched": _touched(speak, change),
        "round": change.round,
        "until": change.until,
        "people": change.people,
        "entries": change.entries,
    }


def _touched(speak: Speaker, change: Change) -> list[str]:
    """Sides and people by name, and how many more."""
    names = [*change.sides, *(speak.person(name) for name in change.names)]
    more = len(names) - NAMED_AT_MOST
    return [*names[:NAMED_AT_MOST], *([speak.plain("disturbance", "more", number=more)] if more > 0 else [])]


def _line(speak: Speaker, change: Change) -> Rich:
    return speak.text("disturbance", "line", **_facts(speak, change))


def _rows(speak: Speaker, change: Change) -> tuple[tuple[str, str], ...]:
    disturbance = change.disturbance
    by = speak.text("disturbance", "by", name=speak.person(change.announced_by or ""), on=disturbance.announced_on)
    return (
        (_plain(speak, "fact_touches"), escape(", ".join(_touched(speak, change)))),
        (_plain(speak, "fact_announced"), by),
        (_plain(speak, "fact_round"), speak.text("disturbance", "round_is", **_facts(speak, change))),
        (_plain(speak, "fact_linked"), speak.text("disturbance", "until", day=disturbance.linked_until)),
    )


def _entry_line(speak: Speaker, entry: Entry, author: str | None) -> Rich:
    said = cut(headline(entry), HEADLINE)
    return speak.text("disturbance", "example", entry=entry, headline=said, author=speak.person(author or ""))


def _news(speak: Speaker, said: Said) -> tuple[Text, ...]:
    told = speak.text("disturbance", f"said_{said.what}", channel=said.channel, **_facts(speak, said.change))
    return (Text(told),)


def _add_example(speak: Speaker, disturbance: Disturbance) -> Button:
    return speak.button("add_example", "entry.new", f"clash||{disturbance.id}", "primary")


def _put_back(speak: Speaker, change: Change) -> tuple[Button, ...]:
    return (speak.button("put_back", "disturbance.restore", change.disturbance.id),)

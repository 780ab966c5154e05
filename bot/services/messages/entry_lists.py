"""The list of entries as a card, and the form of its filters."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from bot.domain.chat import Button, Buttons, ChoiceField, Field, Form, Message, Option, Part, Small, Text, TextField
from bot.domain.entry import headline
from bot.domain.entry_filter import EntryFilter, write_filter
from bot.templates import Speaker
from bot.templates.formats import cut
from storage.tables import Entry, EntryStatus, Kind, Tension

HEADLINE = 150
"""Characters of an example in the list; [Open] shows the rest."""


def page(
    speak: Speaker,
    rows: Sequence[tuple[Entry, str | None]],
    sides: Mapping[str, str],
    wanted: EntryFilter,
    tension: Tension | None,
    older: str | None,
) -> Message:
    """`rows` are entries with their author's name; `tension` is that of the filter, `older` the next page's filter."""
    summary = speak.plain("entry_list", "summary")
    filters = _filter_buttons(speak, wanted, older)
    if not rows:
        empty = "nothing_found" if not wanted.is_empty else "empty"
        add = speak.button("add_example", "entry.new", "clash", "primary")
        return Message(summary, (Text(speak.text("entry_list", empty)), Buttons((add, *filters))))
    opening = Text(speak.text("entry_list", "opening", filters=_said_filters(speak, wanted, sides, tension)))
    lines: list[Part] = [
        Text(_line(speak, entry, author, sides), speak.button("open", "entry.open", entry.ref))
        for entry, author in rows
    ]
    note = Small(speak.text("entry_list", "note"))
    return Message(summary, (opening, *lines, Buttons(filters), note))


def _line(speak: Speaker, entry: Entry, author: str | None, sides: Mapping[str, str]) -> str:
    side = sides.get(entry.side)
    return speak.text(
        "entry_list",
        "line",
        entry=entry,
        headline=cut(headline(entry), HEADLINE),
        side=side,
        author=author,
        resolved=entry.resolved_on,
    )


def _filter_buttons(speak: Speaker, wanted: EntryFilter, older: str | None) -> tuple[Button, ...]:
    here = write_filter(replace(wanted, after=None))
    buttons = [speak.button("older", "entries.list", older)] if older else []
    if wanted.after:
        buttons.append(speak.button("newest", "entries.list", here))
    if not wanted.mine:
        buttons.append(speak.button("mine", "entries.list", write_filter(replace(wanted, mine=True, after=None))))
    buttons.append(speak.button("filter", "entries.filter", here))
    if not wanted.is_empty:
        buttons.append(speak.button("show_all", "entries.list", ""))
    return tuple(buttons)


def _said_filters(speak: Speaker, wanted: EntryFilter, sides: Mapping[str, str], tension: Tension | None) -> list[str]:
    said = [
        speak.plain("entry_list", "mine") if wanted.mine else "",
        speak.word(f"kind_{wanted.kind}") if wanted.kind else "",
        speak.word(f"status_{wanted.status}") if wanted.status else "",
        sides.get(wanted.side, wanted.side) if wanted.side else "",
        speak.name_of(tension) if tension else "",
        f"“{wanted.text}”" if wanted.text else "",
    ]
    return [words for words in said if words]


def filter_form(speak: Speaker, wanted: EntryFilter, sides: Mapping[str, str], tensions: Sequence[Tension]) -> Form:
    kinds = tuple(Option(kind, speak.word(f"kind_{kind}")) for kind in Kind)
    states = tuple(Option(status, speak.word(f"status_{status}")) for status in EntryStatus)
    whose = (
        Option("everyone", speak.plain("entry_list", "everyone")),
        Option("mine", speak.plain("entry_list", "mine")),
    )
    named = tuple(Option(tension.key, speak.name_of(tension)) for tension in tensions)

    def label(name: str) -> str:
        return speak.plain("entry_list", f"{name}_label")

    fields: tuple[Field, ...] = (
        ChoiceField("whose", label("whose"), whose, initial="mine" if wanted.mine else "everyone", required=True),
        ChoiceField("kind", label("kind"), kinds, initial=wanted.kind),
        ChoiceField("status", label("status"), states, initial=wanted.status),
        ChoiceField("side", label("side"), tuple(Option(*side) for side in sides.items()), initial=wanted.side),
        ChoiceField("tension", label("tension"), named, initial=wanted.tension),
        TextField(
            "text", label("text"), hint=speak.plain("entry_list", "text_hint"), initial=wanted.text, max_length=80
        ),
    )
    return Form(
        action="entries.filter_save",
        title=speak.plain("entry_list", "filter_title"),
        submit=speak.plain("button", "show"),
        close=speak.plain("button", "cancel"),
        fields=tuple(field for field in fields if not isinstance(field, ChoiceField) or field.options),
    )

"""The forms of an entry (golden message 3)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.domain.chat import ChoiceField, Field, Form, Option, TextField
from bot.domain.entry import LONGEST_PREFILL
from bot.services.messages.entries import DETAILS, QUOTE, Told, told_by
from bot.templates import Speaker
from bot.templates.formats import cut
from storage.tables import Disturbance, Entry, Kind, Level, Objective, Tension, Visibility

NONE = "none"
"""The option that says "none of these": a list on the platforms cannot be emptied once something is chosen."""

LONGEST_OPTION = 75
"""Characters of an option in a list."""

UNNAMED_CHANNELS = ("directmessage", "privategroup", "mpdm-")


@dataclass(frozen=True, slots=True)
class Choices:
    """What the workspace lets choose from, and what is filled in; `changes` are those ahead."""

    tensions: Sequence[Tension]
    objectives: Sequence[Objective]
    tension: str | None = None
    objective: str | None = None
    level: Level | None = None
    changes: Sequence[Disturbance] = ()
    change: str | None = None


@dataclass(frozen=True, slots=True)
class Origin:
    """The message a form was opened from; `channel` is its name without a mark."""

    channel: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Blank:
    """A new example. `side` is the name it reads as without a name, None = "from the company"; `about` is the change
    ahead it is about."""

    kind: Kind
    text: str
    visibility: Visibility
    side: str | None
    choices: Choices
    payload: Mapping[str, str]
    linked: bool = False
    origin: Origin | None = None
    adds_to: str | None = None
    about: str | None = None


def fits(text: str | None) -> bool:
    """Whether a field of a form holds it whole."""
    return len(text or "") <= LONGEST_PREFILL


def capture(speak: Speaker, blank: Blank) -> Form:
    return Form(
        action="entry.save",
        title=speak.plain("entry", "form_title"),
        submit=speak.plain("button", "save"),
        close=speak.plain("button", "cancel"),
        fields=(
            _what_happened(speak, "hint_what_happened", blank.text),
            _kind(speak, blank.kind),
            *_details(speak, blank.kind, {}),
            _shown_with(speak, blank.visibility, blank.side, linked=blank.linked),
            *_choices(speak, blank.choices),
        ),
        notice="\n".join(_notices(speak, blank)),
        payload=blank.payload,
    )


def details(speak: Speaker, entry: Entry, handle: str, choices: Choices) -> Form:
    """Everything an author may change, filled in with what is stored; what is too long for a form stays out of it."""
    texts = {name: getattr(entry, name) or "" for name in ("what_happened", *DETAILS)}
    shown = {name: text for name, text in texts.items() if fits(text)}
    what_happened = shown.get("what_happened")
    first = [] if what_happened is None else [_what_happened(speak, "hint_what_happened", what_happened)]
    return Form(
        action="entry.details_save",
        title=speak.plain("entry", "details_title", ref=entry.ref),
        submit=speak.plain("button", "save"),
        close=speak.plain("button", "cancel"),
        fields=(
            *first,
            *(field for field in _details(speak, entry.kind, shown) if field.name in shown),
            *_choices(speak, choices),
        ),
        notice="" if shown == texts else speak.text("entry", "too_long_to_edit"),
        payload={"entry": handle},
    )


def tension(speak: Speaker, tensions: Sequence[Tension], chosen: str | None, handle: str) -> Form:
    return Form(
        action="entry.tension_save",
        title=speak.plain("entry", "tension_title"),
        submit=speak.plain("button", "save"),
        close=speak.plain("button", "cancel"),
        fields=(_with_none(speak, _tension(speak, tensions, chosen)),),
        payload={"entry": handle},
    )


def tell(speak: Speaker, told: Told, visibility: Visibility, side: str | None) -> Form:
    entry = told.entry
    quote = cut(entry.title or entry.what_happened, QUOTE)
    about = speak.text("entry", "tell_about", ref=entry.ref, told_by=told_by(speak, told.teller), quote=quote)
    interest = _text(speak, "own_interest", {})
    return Form(
        action="entry.tell_save",
        title=speak.plain("entry", "tell_title"),
        submit=speak.plain("button", "save"),
        close=speak.plain("button", "cancel"),
        fields=(
            _what_happened(speak, "hint_tell", ""),
            _kind(speak, entry.kind),
            interest,
            _shown_with(speak, visibility, side),
        ),
        notice=about,
        payload={"entry": entry.ref},
    )


def hide(speak: Speaker, entry: Entry, handle: str) -> Form:
    reason = TextField(
        "reason",
        speak.plain("entry", "label_reason"),
        hint=speak.plain("entry", "hint_reason"),
        required=True,
        max_length=300,
    )
    return Form(
        action="entry.hide_save",
        title=speak.plain("entry", "hide_title", ref=entry.ref),
        submit=speak.plain("button", "hide_it"),
        close=speak.plain("button", "cancel"),
        fields=(reason,),
        notice=speak.text("entry", "hide_note"),
        payload={"entry": handle},
    )


def _notices(speak: Speaker, blank: Blank) -> list[str]:
    notices: list[str] = []
    if blank.adds_to:
        notices.append(speak.text("entry", "adds_to", ref=blank.adds_to))
    if blank.about:
        notices.append(speak.text("entry", "about_change", what=blank.about))
    if blank.origin:
        local = blank.origin.at.astimezone(ZoneInfo(speak.zone))
        unnamed = blank.origin.channel.startswith(UNNAMED_CHANNELS)
        channel = None if unnamed else blank.origin.channel.lstrip("#")
        notices.append(speak.text("entry", "from_message", channel=channel, when=local, at=f"{local:%H:%M}"))
    if not fits(blank.text):
        notices.append(speak.text("entry", "is_cut", linked=blank.linked))
    return notices


def _what_happened(speak: Speaker, hint: str, text: str) -> TextField:
    return TextField(
        "what_happened",
        speak.plain("entry", "form_title"),
        hint=speak.plain("entry", hint),
        required=True,
        initial=text[:LONGEST_PREFILL],
        multiline=True,
    )


def _details(speak: Speaker, kind: Kind, texts: Mapping[str, str]) -> list[TextField]:
    return [_text(speak, name, texts, kind) for name in DETAILS]


def _text(speak: Speaker, name: str, texts: Mapping[str, str], kind: Kind | None = None) -> TextField:
    return TextField(
        name,
        speak.plain("entry", f"label_{name}"),
        hint=speak.plain("entry", f"hint_{name}", kind=kind),
        initial=texts.get(name, ""),
        multiline="\n" in texts.get(name, ""),  # one line each keeps the form short; nothing written is flattened
    )


def _kind(speak: Speaker, chosen: Kind) -> ChoiceField:
    kinds = tuple(Option(kind, speak.word(f"kind_{kind}")) for kind in Kind)
    return ChoiceField("kind", speak.plain("entry", "label_kind"), kinds, required=True, initial=chosen)


def _shown_with(speak: Speaker, visibility: Visibility, side: str | None, *, linked: bool = False) -> ChoiceField:
    options = (
        Option(Visibility.NAMED, speak.plain("entry", "my_name")),
        Option(
            Visibility.SIDE_ONLY,
            speak.plain("entry", "only_my_side", side=side),
            speak.plain("entry", "hint_only_my_side"),
        ),
    )
    return ChoiceField(
        "shown_with",
        speak.plain("entry", "label_shown_with"),
        options,
        hint=speak.plain("entry", "hint_shown_with", linked=linked),
        required=True,
        initial=visibility,
        shown_open=True,
    )


def _choices(speak: Speaker, choices: Choices) -> list[Field]:
    objectives = tuple(Option(one.key, speak.name_of(one)) for one in choices.objectives)
    levels = tuple(
        Option(level, speak.plain("entry", f"level_{level}"), speak.plain("entry", f"hint_{level}")) for level in Level
    )
    fields = (
        _tension(speak, choices.tensions, choices.tension),
        ChoiceField("objective", speak.plain("entry", "label_objective"), objectives, initial=choices.objective),
        ChoiceField("level", speak.plain("entry", "label_level"), levels, initial=choices.level),
        _change_ahead(speak, choices),
    )
    return [_with_none(speak, field) for field in fields if field.options]


def _tension(speak: Speaker, tensions: Sequence[Tension], chosen: str | None) -> ChoiceField:
    options = tuple(Option(one.key, speak.name_of(one)) for one in tensions)
    hint = speak.plain("entry", "hint_tension")
    return ChoiceField("tension", speak.plain("entry", "label_tension"), options, hint=hint, initial=chosen)


def _change_ahead(speak: Speaker, choices: Choices) -> ChoiceField:
    options = tuple(Option(change.id, cut(change.what, LONGEST_OPTION)) for change in choices.changes)
    label, hint = speak.plain("entry", "label_change_ahead"), speak.plain("entry", "hint_change_ahead")
    return ChoiceField("change_ahead", label, options, hint=hint, initial=choices.change)


def _with_none(speak: Speaker, field: ChoiceField) -> ChoiceField:
    none = Option(NONE, speak.plain("entry", "none_of_these"))
    return ChoiceField(field.name, field.label, (*field.options, none), field.hint, field.required, field.initial)

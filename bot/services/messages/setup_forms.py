"""The forms of the set-up: sides, channels, zone and country, facilitators."""

from collections.abc import Sequence
from dataclasses import replace

from bot.domain.chat import ChannelField, ChoiceField, Field, Form, Option, PeopleField, TextField
from bot.domain.countries import country_name
from bot.templates import Speaker
from storage.tables import Side, SideKind

SIDE_NAME = 30
"""Characters of the name of a side: it stands on buttons and in tables."""


SHOWN = "shown"
"""The name in the payload of the people who stood in the form when it was opened."""


def field_of(key: str) -> str:
    """The field that holds the name of the side with that key."""
    return f"side_{key}"


def sides(speak: Speaker, offered: Sequence[Side], new: str | None) -> Form:
    """A line for each side; `new` stands for one bridge more, None = there are enough."""
    lines = [_side(speak, side) for side in offered]
    if new:
        lines.append(TextField(field_of(new), speak.plain("setup", "new_bridge_label"), max_length=SIDE_NAME))
    notice = speak.text("setup", "sides_notice")
    return _form(speak, "setup.sides_save", speak.plain("setup", "sides_title"), lines, notice)


def channels(speak: Speaker, channel: str | None, help_channel: str | None) -> Form:
    fields = (
        ChannelField(
            "channel",
            speak.plain("setup", "channel_label"),
            hint=speak.plain("setup", "channel_hint"),
            required=True,
            initial=channel,
        ),
        ChannelField(
            "help_channel",
            speak.plain("setup", "help_channel_label"),
            hint=speak.plain("setup", "help_channel_hint"),
            initial=help_channel,
        ),
    )
    return _form(
        speak,
        "setup.channels_save",
        speak.plain("setup", "channels_title"),
        fields,
        speak.text("setup", "channels_notice"),
    )


def place(speak: Speaker, zone: str, country: str, language: str, *, has_meetings: bool) -> Form:
    languages = (Option("en", "English"), Option("nl", "Nederlands"))
    fields = (
        TextField(
            "zone",
            speak.plain("setup", "zone_label"),
            hint=speak.plain("setup", "zone_hint"),
            required=True,
            initial=zone,
            max_length=60,
        ),
        TextField(
            "country",
            speak.plain("setup", "country_label"),
            hint=speak.plain("setup", "country_hint"),
            required=True,
            initial=_typed_country(country, speak.language),
            max_length=60,
        ),
        ChoiceField("language", speak.plain("setup", "language_label"), languages, required=True, initial=language),
    )
    notice = speak.text("setup", "place_notice") if has_meetings else ""
    return _form(speak, "setup.place_save", speak.plain("setup", "place_title"), fields, notice)


def facilitators(speak: Speaker, chosen: Sequence[str]) -> Form:
    """`chosen` are the platform's ids of who facilitates now or will."""
    people = PeopleField(
        "people",
        speak.plain("setup", "facilitators_label"),
        hint=speak.plain("setup", "facilitators_hint"),
        required=True,
        initial=tuple(chosen),
    )
    notice = speak.text("setup", "facilitators_notice")
    form = _form(speak, "setup.facilitators_save", speak.plain("setup", "facilitators_title"), (people,), notice)
    return replace(form, payload={SHOWN: " ".join(chosen)})


def _side(speak: Speaker, side: Side) -> TextField:
    is_counterpart = side.kind == SideKind.COUNTERPART
    label = speak.plain("setup", "counterpart_label" if is_counterpart else "bridge_label")
    return TextField(field_of(side.key), label, required=is_counterpart, initial=side.name, max_length=SIDE_NAME)


def _typed_country(code: str, language: str) -> str:
    """As one types it; a region only by its code."""
    return code if "-" in code else country_name(code, language)


def _form(speak: Speaker, action: str, title: str, fields: Sequence[Field], notice: str) -> Form:
    return Form(
        action=action,
        title=title,
        submit=speak.plain("button", "save"),
        close=speak.plain("button", "cancel"),
        fields=tuple(fields),
        notice=notice,
    )

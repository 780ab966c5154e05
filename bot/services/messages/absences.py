"""Away until: the form, what it says when it is saved, and the line on the Home."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final

from bot.domain.chat import Button, Buttons, DateField, Field, Form, Message, Part, Text
from bot.services.access import Actor
from bot.templates import Speaker
from storage.tables import Absence

LISTED: Final = 3


def form(
    speak: Speaker,
    absence: Absence | None,
    today: date,
    action: str = "away.save",
    payload: Mapping[str, str] | None = None,
) -> Form:
    """⟨Away until⟩, for oneself. `absence` is the one that runs or comes next, and is filled in."""
    return Form(
        action=action,
        title=speak.plain("absence", "form_title"),
        submit=speak.plain("button", "save"),
        close=speak.plain("button", "cancel"),
        fields=fields(speak, absence, today),
        notice=speak.text("absence", "form_notice"),
        payload={**(payload or {}), "absence": absence.id if absence else ""},
    )


def fields(speak: Speaker, absence: Absence | None, today: date | None = None) -> tuple[Field, ...]:
    """First and last day, filled in with that absence; `today` stands in for a first day."""
    first = absence.first_day if absence else today
    last = absence.last_day if absence else None
    hint = speak.plain("absence", "until_hint")
    return (
        DateField("away_from", speak.plain("absence", "from_label"), initial=first),
        DateField("until", speak.plain("absence", "until_label"), hint=hint, initial=last),
    )


def saved(actor: Actor, absence: Absence, today: date) -> Message:
    """To the person themselves."""
    speak = actor.speaker
    facts = {"absence": absence, "is_to_come": absence.first_day > today}
    buttons = Buttons((_back(speak, absence, today), _open(speak)))
    return Message(speak.plain("absence", "saved", **facts), (Text(speak.text("absence", "saved", **facts)), buttons))


def ended(actor: Actor) -> Message:
    speak = actor.speaker
    buttons = Buttons((_open(speak),))
    return Message(speak.plain("absence", "ended"), (Text(speak.text("absence", "ended")), buttons))


def on_home(speak: Speaker, absences: Sequence[Absence], today: date) -> tuple[Part, ...]:
    """My absences, each with what ends it; nothing for who is here and stays."""

    def line(absence: Absence) -> Text:
        facts = {"absence": absence, "is_to_come": absence.first_day > today}
        return Text(speak.text("absence", "on_home", **facts), _back(speak, absence, today))

    return tuple(line(absence) for absence in absences[:LISTED])


def _back(speak: Speaker, absence: Absence, today: date) -> Button:
    return speak.button("withdraw" if absence.first_day > today else "im_back", "away.end", absence.id)


def _open(speak: Speaker) -> Button:
    return speak.button("away_until", "away.open")

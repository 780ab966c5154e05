"""The forms of meetings: a series, the look before it is saved, and another time for one meeting."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time
from typing import Final
from zoneinfo import ZoneInfo

from bot.domain.chat import ChoiceField, DateField, Field, Form, Option, PeopleField, PersonField, TextField
from bot.domain.recurrence import Rule, write_rule
from bot.services.access import Actor
from bot.services.messages.meetings import Day, brief_words, rule_text
from bot.templates import Rich, Speaker
from bot.templates.formats import moment
from storage.tables import Meeting, MeetingSeries, MeetingType, Member, Shift

DURATIONS: Final = (15, 30, 45, 60, 75, 90, 120, 150, 180, 240, 480)
TITLE: Final = 60
"""Characters of the name of a meeting."""


@dataclass(frozen=True, slots=True)
class Filled:
    """What stands in the form of a series when it opens; people by the platform's ids."""

    type: MeetingType
    title: str
    rule: str
    zone: str
    minutes: int
    chair: str | None
    people: tuple[str, ...]
    shift: Shift
    starts_on: date


def new_series(speak: Speaker, filled: Filled) -> Form:
    return Form(
        action="series.preview",
        title=speak.plain("meeting", "add_title"),
        submit=speak.plain("button", "show"),
        close=speak.plain("button", "cancel"),
        fields=(*_what_and_when(speak, filled, "starts"), *_who_and_how(speak, filled)),
    )


def change_series(speak: Speaker, filled: Filled, series_id: str) -> Form:
    return Form(
        action="series.preview",
        title=speak.plain("meeting", "change_title"),
        submit=speak.plain("button", "show"),
        close=speak.plain("button", "cancel"),
        fields=(*_what_and_when(speak, filled, "from"), *_who_and_how(speak, filled)),
        payload={"series": series_id},
    )


def preview(
    actor: Actor,
    wished: MeetingSeries,
    chair: Member | None,
    invited: int,
    left_out: int,
    days: Sequence[Day],
    payload: Mapping[str, str],
) -> Form:
    """The next six as they would be, with Save and Back. `left_out` of the chosen people are not members yet."""
    speak = actor.speaker
    opening = speak.text(
        "meeting",
        "preview",
        title=wished.title,
        rule=rule_text(speak, wished),
        zone=wished.timezone,
        chair=chair.name if chair else None,
        invited=invited,
    )
    missing = [speak.text("meeting", "preview_left_out", n=left_out)] if left_out else []
    missing += [] if invited else [speak.text("meeting", "nobody_invited")]
    lines = [_preview_day(speak, day, wished.timezone) for day in days]
    return Form(
        action="series.save",
        title=speak.plain("meeting", "preview_title"),
        submit=speak.plain("button", "save"),
        close=speak.plain("button", "back"),
        fields=(),
        notice="\n".join([opening, *missing, "", *lines, "", speak.text("meeting", "preview_note")]),
        payload=payload,
    )


def move(speak: Speaker, meeting: Meeting) -> Form:
    """Another time for this one meeting, in its own zone."""
    local = meeting.starts_at.astimezone(ZoneInfo(meeting.timezone))
    return Form(
        action="meeting.move_save",
        title=speak.plain("meeting", "move_title"),
        submit=speak.plain("button", "save"),
        close=speak.plain("button", "cancel"),
        fields=(
            DateField("day", _label(speak, "day"), required=True, initial=local.date()),
            TextField(
                "at",
                _label(speak, "at"),
                hint=speak.plain("meeting", "at_hint", zone=meeting.timezone),
                required=True,
                initial=f"{local:%H:%M}",
                max_length=12,
            ),
        ),
        payload={"meeting": meeting.id},
    )


def typed_rule(speak: Speaker, rule: Rule, at: time) -> str:
    """The rule as one would type it, in the reader's language."""
    return f"{write_rule(rule, speak.language)} {at:%H:%M}"


def _what_and_when(speak: Speaker, filled: Filled, starts: str) -> tuple[Field, ...]:
    types = tuple(Option(kind, speak.word(f"meeting_{kind}")) for kind in MeetingType)
    rule_hint, zone_hint = speak.plain("meeting", "rule_hint"), speak.plain("meeting", "zone_hint")
    return (
        ChoiceField("type", _label(speak, "type"), types, required=True, initial=filled.type),
        TextField(
            "title",
            _label(speak, "title"),
            hint=speak.plain("meeting", "title_hint"),
            initial=filled.title,
            max_length=TITLE,
        ),
        TextField("rule", _label(speak, "rule"), hint=rule_hint, required=True, initial=filled.rule, max_length=80),
        DateField("starts_on", _label(speak, starts), required=True, initial=filled.starts_on),
        TextField("zone", _label(speak, "zone"), hint=zone_hint, required=True, initial=filled.zone, max_length=60),
    )


def _who_and_how(speak: Speaker, filled: Filled) -> tuple[Field, ...]:
    lengths = sorted({*DURATIONS, filled.minutes})
    minutes = tuple(Option(str(n), speak.plain("meeting", "minutes", n=n)) for n in lengths)
    shifts = tuple(Option(shift, speak.plain("meeting", f"shift_{shift}")) for shift in Shift)
    return (
        ChoiceField("minutes", _label(speak, "minutes"), minutes, required=True, initial=str(filled.minutes)),
        PersonField("chair", _label(speak, "chair"), initial=filled.chair),
        PeopleField("people", _label(speak, "people"), initial=filled.people),
        ChoiceField("shift", _label(speak, "shift"), shifts, required=True, initial=filled.shift, shown_open=True),
    )


def _preview_day(speak: Speaker, one: Day, zone: str) -> Rich:
    return speak.text(
        "meeting",
        "preview_day",
        on=one.starts_at is not None,
        when=moment(one.starts_at, speak.language, zone) if one.starts_at else "",
        original=one.day.original,
        because=one.day.because,
        brief=brief_words(speak, one.brief, zone),
    )


def _label(speak: Speaker, name: str) -> str:
    return speak.plain("meeting", f"{name}_label")

"""The days off as a list, and the form that adds some."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from bot.domain.chat import Buttons, DateField, Form, Message, Part, Text, TextField
from bot.services.access import Actor
from bot.templates import Speaker


@dataclass(frozen=True, slots=True)
class DayOff:
    """`is_public` of the country, else the company's own; `is_worked` = a public one that is worked here."""

    day: date
    name: str
    is_public: bool
    is_worked: bool = False


def days(
    actor: Actor,
    rows: Sequence[DayOff],
    said: str = "",
    changed: Sequence[date] = (),
    note_id: str | None = None,
) -> Message:
    """The list; `said` ("added", "removed", "worked", "off") with the days it was said of stands on top."""
    speak = actor.speaker
    lines: list[Part] = [_line(actor, row) for row in rows]
    opening = Text(speak.text("meeting", "days_off" if rows else "days_off_none"))
    add = (speak.button("add_days_off", "holiday.new", "", "primary"),) if actor.leads else ()
    undo = (speak.button("undo", "meeting.undo", note_id),) if note_id else ()
    sites = speak.button("sites", "site.list")
    buttons = Buttons((*add, sites, speak.button("all_meetings", "meetings.list"), *undo))
    news = (Text(_said(speak, said, changed)),) if said else ()
    return Message(speak.plain("meeting", "days_off_summary"), (*news, opening, *lines, buttons))


def form(speak: Speaker, today: date, site: str = "") -> Form:
    """For days off of everybody, or of one site."""
    return Form(
        action="site.days_save" if site else "holiday.save",
        title=speak.plain("meeting", "day_off_title"),
        submit=speak.plain("button", "save"),
        close=speak.plain("button", "cancel"),
        fields=(
            TextField(
                "name",
                speak.plain("meeting", "day_off_name_label"),
                hint=speak.plain("meeting", "day_off_name_hint"),
                required=True,
                max_length=60,
            ),
            DateField("first", speak.plain("meeting", "day_off_first_label"), required=True, initial=today),
            DateField(
                "last",
                speak.plain("meeting", "day_off_last_label"),
                hint=speak.plain("meeting", "day_off_last_hint"),
            ),
        ),
        notice=speak.text("site", "form_notice", name=site) if site else "",
        payload={"site": site} if site else {},
    )


def _line(actor: Actor, row: DayOff) -> Text:
    speak = actor.speaker
    label = "day_off_again" if row.is_worked else "we_work" if row.is_public else "remove"
    button = speak.button(label, "holiday.toggle", row.day.isoformat()) if actor.leads else None
    return Text(speak.text("meeting", "day_off", row=row), button)


def _said(speak: Speaker, said: str, changed: Sequence[date]) -> str:
    named = speak.plain("meeting", "day_off_days", first=changed[0], last=changed[-1])
    return speak.text("meeting", "day_off_said", said=said, days=named)

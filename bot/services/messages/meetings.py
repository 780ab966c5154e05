"""The list of meetings, one of them, and what was changed about it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from bot.domain.chat import Button, Buttons, Facts, Message, Part, Small, Text
from bot.domain.markup import escape
from bot.domain.recurrence import MeetingDay, parse_rule, write_rule
from bot.services.access import Actor
from bot.templates import Rich, Speaker
from bot.templates.formats import moment
from storage.tables import Meeting, MeetingSeries, MeetingStatus


@dataclass(frozen=True, slots=True)
class Row:
    """A meeting with the name of its chair; `posted` = its brief stands in the channel."""

    meeting: Meeting
    chair: str | None
    posted: bool


@dataclass(frozen=True, slots=True)
class Day:
    """A day of a series as the preview tells it: when it starts and when its brief is due, in UTC."""

    day: MeetingDay
    starts_at: datetime | None
    brief: datetime | None


def page(actor: Actor, rows: Sequence[Row]) -> Message:
    """The next meetings; facilitators can change them."""
    speak, summary = actor.speaker, actor.speaker.plain("meeting", "summary")
    buttons = (Buttons(_list_buttons(speak)),) if actor.leads else ()
    if not rows:
        return Message(summary, (Text(speak.text("meeting", "empty", leads=actor.leads)), *buttons))
    lines: list[Part] = [Text(_line(speak, row), _change_button(actor, row.meeting)) for row in rows]
    note = Small(speak.text("meeting", "note"))
    return Message(summary, (Text(speak.text("meeting", "opening")), *lines, *buttons, note))


def card(actor: Actor, row: Row, series: MeetingSeries | None, invited: int, *, changeable: bool) -> Message:
    """One meeting, with what a facilitator can do about it."""
    speak, meeting = actor.speaker, row.meeting
    facts = [
        (speak.plain("meeting", "fact_name"), escape(meeting.title)),
        (speak.plain("meeting", "fact_rule"), _rule(speak, series)),
        (speak.plain("meeting", "fact_chair"), escape(row.chair) if row.chair else "–"),
        (speak.plain("meeting", "fact_invited"), speak.text("meeting", "people" if invited else "nobody", n=invited)),
        (speak.plain("meeting", "fact_brief"), speak.text("meeting", "brief_comes", due=_due(row), posted=row.posted)),
    ]
    opening = speak.text("meeting", "card", meeting=meeting, when=when(speak, meeting), here=_here(speak, meeting))
    by_hand = (Small(speak.text("meeting", "by_hand")),) if meeting.moved and series else ()
    buttons = _card_buttons(speak, meeting, series) if changeable else ()
    all_meetings = speak.button("all_meetings", "meetings.list")
    summary = speak.plain("meeting", "card", meeting=meeting, when=when(speak, meeting), here=None)
    return Message(summary, (Text(opening), Facts(tuple(facts)), *by_hand, Buttons((*buttons, all_meetings))))


def moved(actor: Actor, row: Row, note_id: str, holiday: str | None) -> Message:
    """`holiday` is what the new day is, "" = another day off, None = a working day."""
    return _changed(actor, row, note_id, "moved", holiday=holiday)


def cancelled(actor: Actor, row: Row, note_id: str) -> Message:
    return _changed(actor, row, note_id, "cancelled")


def restored(actor: Actor, row: Row, note_id: str) -> Message:
    return _changed(actor, row, note_id, "restored")


def ended(actor: Actor, title: str, last: date, note_id: str) -> Message:
    return said(actor, "ended", note_id, title=title, last=last)


def undone(actor: Actor) -> Message:
    return said(actor, "undone", None)


def planned(actor: Actor, series: MeetingSeries, first: Day, note_id: str, *, changed: bool, invited: int) -> Message:
    """The series is saved; `first` is the first meeting it has now, `invited` how many people are asked to it."""
    speak = actor.speaker
    assert first.starts_at is not None
    facts = {
        "title": series.title,
        "rule": rule_text(speak, series),
        "zone": series.timezone,
        "when": moment(first.starts_at, speak.language, series.timezone),
        "changed": changed,
    }
    brief = speak.text("meeting", "brief_follows", due=first.brief, posted=False)
    warning = "" if invited else speak.text("meeting", "nobody_invited")
    return said(actor, "planned", note_id, " ".join(filter(None, (brief, warning))), **facts)


def said(actor: Actor, block: str, note_id: str | None, more: str = "", **facts: object) -> Message:
    """One sentence of what was done, with the way back."""
    speak = actor.speaker
    undo = (speak.button("undo", "meeting.undo", note_id),) if note_id else ()
    text = Rich(" ".join(filter(None, (speak.text("meeting", block, **facts), more))))
    buttons = Buttons((speak.button("all_meetings", "meetings.list"), *undo))
    return Message(speak.plain("meeting", block, **facts), (Text(text), buttons))


def when(speak: Speaker, meeting: Meeting) -> str:
    """Its moment in its own zone, which is named."""
    return moment(meeting.starts_at, speak.language, meeting.timezone)


def rule_text(speak: Speaker, series: MeetingSeries) -> str:
    """ "third Thursday 13:30", in the reader's language."""
    rule, _ = parse_rule(series.rule)
    return f"{write_rule(rule, speak.language)} {series.local_time:%H:%M}"


def _changed(actor: Actor, row: Row, note_id: str, block: str, **facts: object) -> Message:
    speak, meeting = actor.speaker, row.meeting
    brief = speak.text("meeting", "brief_follows", due=_due(row), posted=row.posted)
    return said(actor, block, note_id, brief, meeting=meeting, when=when(speak, meeting), posted=row.posted, **facts)


def _line(speak: Speaker, row: Row) -> Rich:
    meeting = row.meeting
    return speak.text(
        "meeting",
        "line",
        meeting=meeting,
        when=when(speak, meeting),
        here=_here(speak, meeting),
        title=None if meeting.title.casefold() == speak.word(f"meeting_{meeting.type}").casefold() else meeting.title,
        chair=row.chair,
        brief=_brief(speak, row),
    )


def _brief(speak: Speaker, row: Row) -> str:
    is_off = row.meeting.status == MeetingStatus.CANCELLED
    return "" if is_off else brief_words(speak, _due(row), row.meeting.timezone, posted=row.posted)


def brief_words(speak: Speaker, due: datetime | None, zone: str, *, posted: bool = False) -> Rich:
    """ "brief Thu 11 June, 09:00", beside a moment of a meeting in that zone; the city again only if it is another."""
    return speak.text("meeting", "brief", due=due, posted=posted, zone=None if zone == speak.zone else speak.zone)


def _due(row: Row) -> datetime | None:
    return row.meeting.brief_due_at if row.meeting.status == MeetingStatus.PLANNED else None


def _here(speak: Speaker, meeting: Meeting) -> str | None:
    """The reader's own time, where their clock shows another."""
    at = meeting.starts_at
    if at.astimezone(ZoneInfo(speak.zone)).utcoffset() == at.astimezone(ZoneInfo(meeting.timezone)).utcoffset():
        return None
    return moment(at, speak.language, speak.zone)


def _rule(speak: Speaker, series: MeetingSeries | None) -> str:
    return rule_text(speak, series) if series else speak.text("meeting", "no_series")


def _change_button(actor: Actor, meeting: Meeting) -> Button | None:
    return actor.speaker.button("change", "meeting.open", meeting.id) if actor.leads else None


def _list_buttons(speak: Speaker) -> tuple[Button, ...]:
    return (
        speak.button("add_meeting", "series.new", "", "primary"),
        speak.button("days_off", "holiday.list"),
        speak.button("when_briefs_come", "brieftime.open"),
    )


def _card_buttons(speak: Speaker, meeting: Meeting, series: MeetingSeries | None) -> tuple[Button, ...]:
    if meeting.status == MeetingStatus.CANCELLED:
        return (speak.button("put_back", "meeting.restore", meeting.id, "primary"),)
    of_series = (
        speak.button("change_series", "series.change", meeting.id),
        speak.button("end_series", "series.end", meeting.id),
    )
    return (
        speak.button("move_meeting", "meeting.move", meeting.id, "primary"),
        speak.button("cancel_meeting", "meeting.cancel", meeting.id),
        *(of_series if series else ()),
    )

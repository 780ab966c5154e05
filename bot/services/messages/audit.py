"""The audit trail in plain words: one sentence for each change, and below it what became different."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any, Final, TypeAlias
from zoneinfo import ZoneInfo

from babel.dates import get_day_names

from bot.domain.changes import PLAIN, Change, changes_between
from bot.domain.chat import Buttons, ChoiceField, Form, Message, Option, Part, PersonField, Small, Text
from bot.domain.recurrence import parse_rule, write_rule
from bot.templates import Speaker
from bot.templates.formats import LOCALES, city, cut, date_only, moment_here, weekdays

LONGEST: Final = 80
"""Characters of a name or value."""

SENTENCES: Final = frozenset(
    {
        *("meeting_move", "meeting_cancel", "meeting_restore", "meeting_undo"),
        *("series_add", "series_change", "series_end", "series_undo"),
        *("days_off_add", "days_off_change", "days_off_undo", "brief_rule_change", "brief_rule_undo"),
        *("decision_ask", "decision_change", "decision_remove", "decision_restore", "decision_answer"),
        *("agenda_remove", "brief_correct", "entry_status", "entry_hide"),
        *("checkin_add", "checkin_change", "checkin_audience", "checkin_questions", "checkin_undo", "checkin_run"),
        *("checkin_pause", "checkin_resume", "checkin_stop", "checkin_go_on", "checkin_delete", "checkin_restore"),
        *("disturbance_announce", "disturbance_withdraw", "disturbance_restore"),
        *("member_add", "member_join", "member_change", "member_side", "member_role"),
        *("member_leave", "member_return", "member_erase", "member_away"),
        *("site_add", "site_change", "site_remove", "site_days", "site_undo"),
        *("summary_change", "summary_undo"),
        *("workspace_place", "workspace_sides", "workspace_channels", "workspace_disconnect", "workspace_connect"),
    }
)
"""Every change has its sentence, a block of audit.j2."""

BY_THE_PLATFORM: Final = frozenset({"member_leave", "member_return", "workspace_disconnect"})
UNSAID: Final = frozenset({"audience_channel_id", "channel_id", "exceptions", "moved", "meeting_id"})
"""Kept to be put back, and nothing to read."""

STATES: Final = frozenset({"planned", "held", "cancelled", "asked", "taken", "carried_over", "escalated"})
STATUSES: Final = frozenset({"open", "agreed", "resolved", "parked", "adopted"})
LABELS: Final = frozenset(
    {
        *("starts_at", "status", "type", "title", "rule", "local_time", "at", "timezone", "duration_minutes", "shift"),
        *("starts_on", "ends_on", "chair_id", "participants", "lead", "side", "role", "plant", "language"),
        *("active_from", "active_to", "name", "question", "kind", "recommendation", "owner", "co_owner"),
        *("objectives", "entries", "taken", "meeting", "country", "channel", "help_channel", "reason"),
        *("channel_name", "is_on", "weekday", "audience_channel_name", "close_after_days", "close_at"),
        *("nudge_share_pct", "sides", "people", "observers", "questions"),
        "working_days",
    }
)


@dataclass(frozen=True, slots=True)
class Row:
    """One record. `who` is None for what no member did; `name` is what was changed, "" where it has none;
    `starts_at` that of a meeting: several have one name.

    `names` are those of members by id and of sides by key. `awaited` is the chat's id of somebody who has not come yet.
    """

    at: datetime
    who: str | None
    action: str
    name: str
    starts_at: datetime | None
    before: str | None
    after: str | None
    names: Mapping[str, str]
    awaited: str = ""


@dataclass(frozen=True, slots=True)
class PageFacts:
    """`filter`, `older` and `newer` are the values of their buttons; None = there is nothing there."""

    rows: Sequence[Row]
    kind: str
    person: str
    filter: str
    older: str | None
    newer: str | None


def page(speak: Speaker, facts: PageFacts) -> Message:
    summary = speak.plain("audit", "summary")
    kind = speak.plain("audit", f"kind_{facts.kind}") if facts.kind else ""
    filters = [words for words in (kind, facts.person) if words]
    block = "opening" if facts.rows else "nothing_found" if filters else "empty"
    parts: list[Part] = [Text(speak.text("audit", block, filters=filters))]
    parts += [Text(_line(speak, row)) for row in facts.rows]
    parts += [Buttons(_buttons(speak, facts, filtered=bool(filters))), Small(speak.text("audit", "note"))]
    return Message(summary, tuple(parts))


def filter_form(speak: Speaker, kinds: Sequence[str], kind: str, person: str | None) -> Form:
    """`person` is the platform's id of whoever is chosen."""
    options = tuple(Option(each, speak.plain("audit", f"kind_{each}")) for each in kinds)
    return Form(
        action="audit.filter_save",
        title=speak.plain("audit", "filter_title"),
        submit=speak.plain("button", "show"),
        close=speak.plain("button", "cancel"),
        fields=(
            ChoiceField("kind", speak.plain("audit", "kind_label"), options, initial=kind or None),
            PersonField("person", speak.plain("audit", "person_label"), initial=person),
        ),
    )


def _buttons(speak: Speaker, facts: PageFacts, *, filtered: bool) -> tuple[Any, ...]:
    buttons = [speak.button("older", "audit.list", facts.older)] if facts.older else []
    if facts.newer:
        buttons.append(speak.button("newer", "audit.list", facts.newer))
    buttons.append(speak.button("filter", "audit.filter", facts.filter))
    if filtered:
        buttons.append(speak.button("show_all", "audit.list", ""))
    return tuple(buttons)


def _line(speak: Speaker, row: Row) -> str:
    did = row.action.replace(".", "_")
    facts = {"name": _name(speak, row), "action": row.action.replace(".", " ").replace("_", " ")}
    sentence = speak.text("audit", f"did_{did}" if did in SENTENCES else "did_other", **facts)
    changes = [line for change in _told(did, row) if (line := _change(speak, row, change))]
    return speak.text("audit", "line", at=row.at, who=_who(speak, row, did), did=sentence, changes=changes)


def _who(speak: Speaker, row: Row, did: str) -> str:
    if row.who is None:
        return speak.plain("audit", "by_platform" if did in BY_THE_PLATFORM else "by_operator")
    return speak.person(row.who)


def _name(speak: Speaker, row: Row) -> str:
    """What was changed: a kind of meeting is called by its word, somebody who was erased by none."""
    if row.action.startswith("brief_rule."):
        return speak.word(f"meeting_{row.name}")
    if row.action.startswith("agenda."):
        return cut(row.before or "", LONGEST)
    if row.awaited:
        return speak.plain("audit", "awaited", id=row.awaited)
    if row.action.startswith("member."):
        return speak.person(row.name)
    name = cut(row.name, LONGEST)
    return f"{name} ({_date_of(speak, row.starts_at)})" if row.starts_at else name


def _date_of(speak: Speaker, at: datetime) -> str:
    return date_only(at.astimezone(ZoneInfo(speak.zone)).date(), speak.language)


def _told(did: str, row: Row) -> list[Change]:
    """What is new or gone as a whole is told by its name; of a new member it is told where they are."""
    if did == "entry_hide":  # the reason goes with the entry, so that no name outlives it here
        return []
    whole = row.before is None or row.after is None
    if did == "agenda_remove" or (whole and not did.startswith(("member_", "brief_rule_", "days_off_", "summary_"))):
        return []
    return [change for change in changes_between(row.before, row.after) if change.field not in UNSAID]


def _change(speak: Speaker, row: Row, change: Change) -> str:
    old, new = _value(speak, row, change.field, change.before), _value(speak, row, change.field, change.after)
    if old == new:
        return ""
    return speak.text("audit", "change", label=_label(speak, change.field), old=old, new=new)


def _label(speak: Speaker, field: str) -> str:
    name = field.replace("-", "_").replace(" ", "_")
    if field == PLAIN:
        return ""
    if (day := _day(field)) is not None:
        return date_only(day, speak.language)
    return speak.plain("audit", f"label_{name}") if name in LABELS else name.replace("_", " ")


def _value(speak: Speaker, row: Row, field: str, value: Any) -> str:
    if value is None or value == "":
        return ""
    reader = READERS.get(field, _plain)
    return cut(reader(speak, row, value), LONGEST)


def _moment(speak: Speaker, _row: Row, value: Any) -> str:
    return moment_here(datetime.fromisoformat(value), speak.language, speak.zone)


def _date(speak: Speaker, _row: Row, value: Any) -> str:
    return date_only(date.fromisoformat(value), speak.language)


def _time(_speak: Speaker, _row: Row, value: Any) -> str:
    return f"{time.fromisoformat(value):%H:%M}"


def _weekday(speak: Speaker, _row: Row, value: Any) -> str:
    return str(get_day_names("wide", locale=LOCALES[speak.language])[int(value)])


def _rule(speak: Speaker, _row: Row, value: Any) -> str:
    return write_rule(parse_rule(value)[0], speak.language)


def _count(_speak: Speaker, _row: Row, value: Any) -> str:
    return str(len(value))


def _plain(speak: Speaker, row: Row, value: Any) -> str:
    """A word of ours in the reader's language, a member or side by name, else as it was kept."""
    if isinstance(value, Mapping):  # a day off
        return speak.plain("audit", "day_worked" if value.get("is_working") else "day_off", name=value.get("name"))
    word = str(value)
    if word in row.names:
        return row.names[word]
    if word in STATES:
        return speak.plain("audit", f"state_{word}")
    if word in STATUSES:
        return speak.word(f"status_{word}")
    return speak.word(f"role_{word}") if word in {"member", "facilitator", "admin"} else word


Reader: TypeAlias = Callable[[Speaker, Row, Any], str]

READERS: Final[Mapping[str, Reader]] = {
    "starts_at": _moment,
    "starts_on": _date,
    "ends_on": _date,
    "active_from": _date,
    "active_to": _date,
    "local_time": _time,
    "at": _time,
    "weekday": _weekday,
    "is_on": lambda speak, _row, value: speak.plain("audit", "on" if value else "off"),
    "rule": _rule,
    "participants": _count,
    "close_at": _time,
    "nudge_share_pct": lambda _speak, _row, value: f"{value}%",
    "sides": lambda _speak, row, value: ", ".join(row.names.get(side, side) for side in value),
    "people": _count,
    "observers": _count,
    "questions": _count,
    "timezone": lambda _speak, _row, value: city(value),
    "type": lambda speak, _row, value: speak.word(f"meeting_{value}"),
    "shift": lambda speak, _row, value: speak.plain("meeting", f"shift_{value}"),
    "kind": lambda speak, _row, value: speak.plain("audit", f"asks_{value}"),
    "language": lambda _speak, _row, value: "Nederlands" if value == "nl" else "English",
    "working_days": lambda speak, _row, value: weekdays(value, speak.language),
}


def _day(field: str) -> date | None:
    try:
        return date.fromisoformat(field)
    except ValueError:
        return None

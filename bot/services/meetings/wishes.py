"""A series as somebody wishes it in the form: read, checked, and carried from the preview to saving."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, time
from typing import Any, Final

from sqlmodel import Session

from bot.domain.chat import Submission
from bot.domain.errors import Refused
from bot.domain.recurrence import parse_rule, write_rule
from bot.domain.zones import find_zone, nearest_zone
from bot.services.access import Actor
from bot.services.context import Context
from bot.services.meetings.changes import check_ahead
from storage.members import find_member
from storage.tables import MeetingSeries, MeetingType, Member, Shift

LONGEST_PAYLOAD: Final = 2300
"""Characters; a form carries 3,000, with the way back of its answer."""


@dataclass(frozen=True, slots=True)
class SeriesWish:
    """What was asked for. `people` are the platform's ids; `left_out` of them are not members yet."""

    type: MeetingType
    title: str
    rule: str
    at: time
    zone: str
    minutes: int
    chair: Member | None
    people: tuple[Member, ...]
    left_out: int
    shift: Shift
    starts_on: date

    def payload(self) -> Mapping[str, str]:
        """As short strings, for the form that is saved."""
        return {
            "type": self.type,
            "title": self.title,
            "rule": f"{self.rule} {self.at:%H:%M}",
            "zone": self.zone,
            "minutes": str(self.minutes),
            "chair": self.chair.external_id if self.chair else "",
            "people": ",".join(member.external_id for member in self.people),
            "shift": self.shift,
            "starts_on": self.starts_on.isoformat(),
        }

    def series(self, series_id: str, workspace_id: str) -> MeetingSeries:
        """The series it asks for."""
        return MeetingSeries(id=series_id, workspace_id=workspace_id, **self.columns())

    def columns(self) -> dict[str, Any]:
        return {
            "type": self.type,
            "title": self.title,
            "rule": self.rule,
            "local_time": self.at,
            "timezone": self.zone,
            "duration_minutes": self.minutes,
            "shift": self.shift,
            "starts_on": self.starts_on,
            "chair_id": self.chair.id if self.chair else None,
        }


def read_wish(session: Session, context: Context, actor: Actor, submission: Submission) -> SeriesWish:
    """Read the form, or what the preview carried of it. Raises `Refused` beside the field that is wrong."""
    answers = {**submission.payload, **submission.values}
    rule, at = parse_rule(str(answers.get("rule", "")))
    if at is None:
        raise Refused("time_missing", field="rule")
    zone = _zone(str(answers.get("zone") or actor.workspace.timezone))
    starts_on = _day(answers.get("starts_on")) or context.now.date()
    check_ahead(session, context, actor, starts_on, "starts_on", zone)
    meeting_type = MeetingType(str(answers["type"]))
    chosen = _people(answers.get("people"))
    people = [member for user in chosen if (member := find_member(session, actor.workspace.id, user))]
    return SeriesWish(
        type=meeting_type,
        title=str(answers.get("title") or "").strip() or actor.channel_speaker.word(f"meeting_{meeting_type}"),
        rule=write_rule(rule, "en"),
        at=at,
        zone=zone,
        minutes=int(str(answers.get("minutes") or "60")),
        chair=_chair(session, actor, str(answers.get("chair") or "")),
        people=tuple(people),
        left_out=len(chosen) - len(people),
        shift=Shift(str(answers.get("shift") or Shift.NEXT)),
        starts_on=starts_on,
    )


def check_carried(payload: Mapping[str, str]) -> None:
    """Raises `Refused` when more people are invited than a form can carry."""
    if sum(len(name) + len(value) for name, value in payload.items()) > LONGEST_PAYLOAD:
        raise Refused("too_many_people", field="people")


def _zone(typed: str) -> str:
    zone = find_zone(typed)
    if zone is None:
        raise Refused("zone_unknown", field="zone", words=typed.strip(), meant=nearest_zone(typed))
    return zone


def _day(answer: Any) -> date | None:
    return date.fromisoformat(answer) if isinstance(answer, str) else answer


def _people(answer: Any) -> tuple[str, ...]:
    chosen = answer.split(",") if isinstance(answer, str) else answer or ()
    return tuple(dict.fromkeys(user for user in chosen if user))


def _chair(session: Session, actor: Actor, user: str) -> Member | None:
    if not user:
        return None
    member = find_member(session, actor.workspace.id, user)
    if member is None:
        raise Refused("chair_unknown", field="chair")
    return member

"""Changes ahead: what is announced before it hits both sides, and how long examples belong to it."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from bot.domain.errors import Refused
from bot.domain.work_calendar import WorkCalendar
from storage.tables import DisturbanceKind

LONGEST_WHAT: Final = 200
FURTHEST_AHEAD: Final = timedelta(days=366)
LINKED_FOR: Final = timedelta(weeks=4)
ANSWERED_WITHIN: Final = 2
"""Working days that those it touches have for the extra round."""

ONE_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Announcement:
    """What somebody announces. `sides` by key, `people` by the platform's ids."""

    kind: DisturbanceKind
    what: str
    from_on: date
    sides: tuple[str, ...]
    people: tuple[str, ...]


def check_announcement(announced: Announcement, today: date) -> None:
    """Raises `Refused` beside the field that is wrong."""
    if not announced.what:
        raise Refused("disturbance_what_empty", field="what")
    if len(announced.what) > LONGEST_WHAT:
        raise Refused("disturbance_what_long", field="what", most=LONGEST_WHAT)
    if announced.from_on < today:
        raise Refused("day_passed", field="from_on", day=announced.from_on, next_day=today)
    if announced.from_on > today + FURTHEST_AHEAD:
        raise Refused("disturbance_too_far", field="from_on")
    if not announced.sides and not announced.people:
        raise Refused("disturbance_touches_nobody", field="sides")


def linked_until(announced_on: date, from_on: date) -> date:
    """The last day whose examples can be linked: four weeks after it was announced, and after it began."""
    return max(announced_on, from_on) + LINKED_FOR


def days_to_answer(day: date, company: WorkCalendar) -> int:
    """How many days later the extra round of that day closes: so many working days of the company."""
    closes_on = day
    for _ in range(ANSWERED_WITHIN):
        closes_on = company.next_working(closes_on + ONE_DAY)
    return (closes_on - day).days

"""When the brief before a meeting comes."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from bot.domain.recurrence import moment
from bot.domain.work_calendar import WorkCalendar
from storage.tables import MeetingType


@dataclass(frozen=True, slots=True)
class BriefTime:
    """`lead` working days (1 or more) before the meeting, at that time in the company's zone."""

    lead: int
    at: time


USUAL: Final = BriefTime(2, time(9))
DEFAULTS: Final[Mapping[MeetingType, BriefTime]] = {MeetingType.PRE_SOP: USUAL, MeetingType.EXECUTIVE_SOP: USUAL}
"""The types that get a brief unless the workspace says otherwise."""

LATE_FROM: Final = timedelta(minutes=5)
"""From so long after its due minute a brief is late."""


def brief_due(
    starts_at: datetime, brief: BriefTime, zone: str, calendar: WorkCalendar, now: datetime
) -> datetime | None:
    """The minute the brief is due, in UTC: on a working day, at its time of day, before the meeting starts.

    A meeting planned later than its brief was due gets it on the next working day at that time that is still ahead;
    None when there is none before it starts.
    """
    day = starts_at.astimezone(ZoneInfo(zone)).date()
    for lead in range(brief.lead, -1, -1):
        on = calendar.working_days_before(day, lead)
        due = moment(on, brief.at, zone)
        if now <= due < starts_at and calendar.is_working(on):
            return due
    return None

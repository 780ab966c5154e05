"""When a meeting comes again: a notation people type and read, the days it falls on, and their moments in UTC."""

from bot.domain.recurrence.reading import parse_rule, parse_time, write_rule
from bot.domain.recurrence.rules import (
    BEYOND,
    LAST,
    MeetingDay,
    MonthlyDay,
    MonthlyWeekday,
    MonthlyWorkingDay,
    Once,
    Rule,
    Weekly,
    days_of,
    meeting_days,
    moment,
)

__all__ = [
    "BEYOND",
    "LAST",
    "MeetingDay",
    "MonthlyDay",
    "MonthlyWeekday",
    "MonthlyWorkingDay",
    "Once",
    "Rule",
    "Weekly",
    "days_of",
    "meeting_days",
    "moment",
    "parse_rule",
    "parse_time",
    "write_rule",
]

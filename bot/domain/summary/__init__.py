"""The weekly summary: when it comes, and what it tells of the week."""

from bot.domain.summary.facts import Ahead, SummaryFacts, Thanks, WeekAgreements
from bot.domain.summary.rules import Records, take_summary
from bot.domain.summary.timing import USUAL, SummaryTime, due_after, due_in_week, monday_of

__all__ = [
    "USUAL",
    "Ahead",
    "Records",
    "SummaryFacts",
    "SummaryTime",
    "Thanks",
    "WeekAgreements",
    "due_after",
    "due_in_week",
    "monday_of",
    "take_summary",
]

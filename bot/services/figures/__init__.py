"""Figures from the database: a handful of queries, whatever the size of the company."""

from bot.domain.figures.weekly import Hidden, PulseFacts, SidePulse
from bot.domain.figures.whole import PeriodFigures
from bot.services.figures.as_json import as_json
from bot.services.figures.period import period_figures
from bot.services.figures.pulse import closed_rounds_of, pulse_facts, question_pulse

__all__ = [
    "Hidden",
    "PeriodFigures",
    "PulseFacts",
    "SidePulse",
    "as_json",
    "closed_rounds_of",
    "period_figures",
    "pulse_facts",
    "question_pulse",
]

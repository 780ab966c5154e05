"""Rows of pulse_questions.csv and pulses.csv: what was asked of whom, and what they answered.

A week is a round: it closes on Sunday at 24:00 in the company's zone, whatever the cadence of its question.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Final
from zoneinfo import ZoneInfo

from bot.domain.csv_rows import BadCell, Row, one_of, parse_key, parse_moment, parse_whole
from bot.domain.figures import end_of
from storage.tables import Answered, Cadence, PulseMeasure

QUESTION_COLUMNS: Final = "question_id cadence text_en text_nl scale"
PULSE_COLUMNS: Final = "pulse_id question_id week asked_at_utc member_id side score answered_at_utc"
MOMENT: Final = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class PulseQuestionRow:
    """A scale that begins at 0 counts what somebody could recall; any other is one of opinions."""

    key: str
    cadence: Cadence
    text: str
    text_nl: str
    lowest: int
    highest: int
    lowest_words: str
    highest_words: str

    @property
    def measure(self) -> PulseMeasure:
        return PulseMeasure.RECALL if self.lowest == 0 else PulseMeasure.PULSE


@dataclass(frozen=True, slots=True)
class PulseRow:
    """Somebody was asked; `score` and `answered_at` are None while they did not answer. `week` is "2026-W23"."""

    key: str
    question: str
    week: str
    asked_at: datetime
    member: str
    side: str
    score: int | None
    answered_at: datetime | None

    def known_at(self, moment: datetime) -> "PulseRow":
        """Without an answer that came later."""
        known = self.answered_at is not None and self.answered_at < moment
        return self if known else replace(self, score=None, answered_at=None)

    def answered(self, zone: ZoneInfo) -> Answered:
        if self.answered_at is None:
            return Answered.NO
        return Answered.IN_TIME if self.answered_at < closes_at(self.week, zone) else Answered.LATE


def closes_at(week: str, zone: ZoneInfo) -> datetime:
    """The end of the Sunday of that ISO week."""
    return end_of(date.fromisocalendar(int(week[:4]), int(week[6:]), 7), zone)


def read_question(row: Row) -> PulseQuestionRow:
    (lowest, lowest_words), (highest, highest_words) = row.parse("scale", parse_scale, ((0, ""), (0, "")))
    return PulseQuestionRow(
        key=row.parse("question_id", parse_key, ""),
        cadence=row.parse("cadence", one_of(Cadence), Cadence.WEEKLY),
        text=row.text("text_en"),
        text_nl=row.text("text_nl"),
        lowest=lowest,
        highest=highest,
        lowest_words=lowest_words,
        highest_words=highest_words,
    )


def read_pulse(
    row: Row,
    questions: Mapping[str, PulseQuestionRow],
    *,
    question: Callable[[str], str],
    member: Callable[[str], str],
    side: Callable[[str], str],
) -> PulseRow:
    """The parsers know the rows of the other files."""
    pulse = PulseRow(
        key=row.parse("pulse_id", parse_key, ""),
        question=row.parse("question_id", question, ""),
        week=row.parse("week", parse_week, ""),
        asked_at=row.parse("asked_at_utc", parse_moment, MOMENT),
        member=row.parse("member_id", member, ""),
        side=row.parse("side", side, ""),
        score=row.maybe("score", parse_whole),
        answered_at=row.maybe("answered_at_utc", parse_moment),
    )
    _check(row, pulse, questions.get(pulse.question))
    return pulse


def _check(row: Row, pulse: PulseRow, question: PulseQuestionRow | None) -> None:
    if bool(row.cells["score"]) != bool(row.cells["answered_at_utc"]):
        row.refuse("answered_at_utc", "and score belong together; fill both, or neither where nobody answered.")
    if pulse.answered_at and pulse.answered_at < pulse.asked_at:
        row.refuse("answered_at_utc", f"“{row.cells['answered_at_utc']}” is before asked_at_utc.")
    if question and pulse.score is not None and not question.lowest <= pulse.score <= question.highest:
        row.refuse("score", f"“{pulse.score}” is not on the scale; use {question.lowest} to {question.highest}.")


def parse_week(cell: str) -> str:
    """2026-W23, a week that exists."""
    try:
        day = datetime.strptime(f"{cell}-1", "%G-W%V-%u").replace(tzinfo=UTC).date()
    except ValueError:
        day = None
    if day is None or f"{day:%G-W%V}" != cell:
        raise BadCell("is not a week; write it as 2026-W23.")
    return cell


def parse_scale(cell: str) -> tuple[tuple[int, str], tuple[int, str]]:
    """The ends of "1 = disagree ... 5 = agree", each with its words; "0 ... 5" has none."""
    found = re.fullmatch(r"(\d+)(?: *= *(.+?))? *(?:\.\.\.|…) *(\d+)(?: *= *(.+))?", cell)
    if found is None or int(found[1]) >= int(found[3]):
        raise BadCell("is not a scale; write it as 1 = disagree ... 5 = agree.")
    return (int(found[1]), found[2] or ""), (int(found[3]), found[4] or "")

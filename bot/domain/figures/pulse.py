"""Pulse figures: means per group over a window of closed rounds, their gap, recall, and which way they moved.

Source: `PulseScore` (what was answered, by nobody) and `PulseAsked` (who was asked and answered, not what), never
joined by person. Only closed rounds count, with the answers received before they closed, so results never change.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import Final

from bot.domain.figures.groups import SMALLEST_GROUP
from bot.domain.figures.rounding import MEAN, PERCENT, rounded
from storage.tables import Cadence

WINDOW: Final = {Cadence.WEEKLY: 4, Cadence.MONTHLY: 1}
"""Rounds in a window, by the cadence of the question."""

NO_ARROW_UNDER: Final = Decimal("0.30")
"""A mean or a gap that moved less is about the same."""

NAMED_WELL: Final = 3
"""Objectives that somebody who recalls the strategy can name."""


class Direction(StrEnum):
    SAME = "same"
    BETTER = "better"
    WORSE = "worse"
    WIDER = "wider"
    NARROWER = "narrower"


@dataclass(frozen=True, slots=True)
class GroupResult:
    """What a group answered in one round.

    `scores` counts the answers in time by score. `asked` and `answered` count people, the late ones included;
    `in_time` holds who answered in time.
    """

    scores: Mapping[int, int] = field(default_factory=dict)
    asked: int = 0
    answered: int = 0
    in_time: frozenset[str] = frozenset()

    @property
    def answers(self) -> int:
        return sum(self.scores.values())

    @property
    def total(self) -> int:
        return sum(score * number for score, number in self.scores.items())


NOTHING: Final = GroupResult()


@dataclass(frozen=True, slots=True)
class Round:
    """One time that a question with that scale was asked, with what each group answered."""

    label: str
    asked_at: datetime
    closes_at: datetime
    lowest: int
    highest: int
    groups: Mapping[str, GroupResult]

    def of(self, group: str) -> GroupResult:
        return self.groups.get(group, NOTHING)

    def counts(self, group: str) -> bool:
        """Whether the round counts for the group: five answers or more, and not all at one end of the scale.

        All at one end, or all but one step, would tell what each person said; such a round is left out of points and
        windows alike, as one with fewer than five answers is, so that neither can be found by subtraction.
        """
        result = self.of(group)
        above = result.total - self.lowest * result.answers
        below = self.highest * result.answers - result.total
        return result.answers >= SMALLEST_GROUP and above > 1 and below > 1


@dataclass(frozen=True, slots=True)
class PulseWindow:
    """`mean` of all answers of the counted rounds, two decimals; `people` are the distinct respondents."""

    mean: Decimal
    answers: int
    people: int


@dataclass(frozen=True, slots=True)
class PulsePoint:
    """One round in a chart; None = not shown, for whatever reason."""

    label: str
    mean: Decimal | None
    people: int | None


@dataclass(frozen=True, slots=True)
class Recall:
    """People who name three objectives or more, out of the `people` who answered; `percent` has one decimal."""

    named: int
    people: int
    percent: Decimal


def last_rounds(rounds: Sequence[Round], as_of: datetime, size: int, skip: int = 0) -> tuple[Round, ...]:
    """The last `size` rounds closed by then, oldest first, after leaving out the last `skip`."""
    closed = sorted((r for r in rounds if r.closes_at <= as_of), key=lambda r: (r.closes_at, r.label))
    end = len(closed) - skip
    return tuple(closed[max(end - size, 0) : max(end, 0)])


def pulse_window(
    rounds: Sequence[Round], as_of: datetime, group: str, size: int = WINDOW[Cadence.WEEKLY], skip: int = 0
) -> PulseWindow | None:
    """Mean = sum of scores / answers, in points of the scale, of the group over a window of rounds of one question.

    `skip` = rounds left out at the end: `size` gives the window before. Source: scores of closed rounds. Shown when a
    round of the window counts for the group (see `Round.counts`); rounds that do not are left out.
    """
    counted = [r.of(group) for r in last_rounds(rounds, as_of, size, skip) if r.counts(group)]
    if not counted:
        return None
    answers = sum(result.answers for result in counted)
    people = frozenset().union(*(result.in_time for result in counted))
    return PulseWindow(rounded(Fraction(sum(r.total for r in counted), answers), MEAN), answers, len(people))


def pulse_points(rounds: Sequence[Round], as_of: datetime, group: str, size: int) -> tuple[PulsePoint, ...]:
    """Mean of each of the last closed rounds, for charts, their tooltips, texts and workbooks.

    A round that counts in no window has no point either.
    """
    windows = [(r.label, pulse_window([r], as_of, group)) for r in last_rounds(rounds, as_of, size)]
    return tuple(PulsePoint(label, w.mean, w.people) if w else PulsePoint(label, None, None) for label, w in windows)


def pulse_gap(first: PulseWindow | None, second: PulseWindow | None) -> Decimal | None:
    """First minus second, of the printed means, in points of the scale. Shown when both are: a gap beside one mean
    would tell the other."""
    return None if first is None or second is None else first.mean - second.mean


def direction(now: Decimal | None, before: Decimal | None) -> Direction:
    """Which way a printed mean moved: better or worse from 0.30 on, else (or without a before) the same."""
    if now is None or before is None or abs(now - before) < NO_ARROW_UNDER:
        return Direction.SAME
    return Direction.BETTER if now > before else Direction.WORSE


def gap_direction(now: Decimal | None, before: Decimal | None) -> Direction:
    """Which way the size of a printed gap moved: wider or narrower from 0.30 on, else the same.

    A gap that turned around, from -0.20 to +0.20, is as wide as before.
    """
    if now is None or before is None or abs(abs(now) - abs(before)) < NO_ARROW_UNDER:
        return Direction.SAME
    return Direction.WIDER if abs(now) > abs(before) else Direction.NARROWER


def strategy_recall(latest: Round | None, group: str) -> Recall | None:
    """Recall = people who name three or more objectives / respondents, in %, in the last closed round.

    Source: scores of the recall question. Shown from five respondents, unless all or none of them did: that would tell
    it of each.
    """
    if latest is None or latest.of(group).answers < SMALLEST_GROUP:
        return None
    scores = latest.of(group).scores
    people, named = latest.of(group).answers, sum(n for score, n in scores.items() if score >= NAMED_WELL)
    if named in {0, people}:
        return None
    return Recall(named, people, rounded(Fraction(100 * named, people), PERCENT))

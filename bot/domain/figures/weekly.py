"""The weekly pulse at a moment, as a brief tells it: each group against itself, the counterparts against each other."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Final

from bot.domain.figures.groups import Partition, partition
from bot.domain.figures.pulse import (
    WINDOW,
    Direction,
    PulsePoint,
    PulseWindow,
    Round,
    direction,
    gap_direction,
    last_rounds,
    pulse_gap,
    pulse_points,
    pulse_window,
)
from storage.tables import Cadence, Side

SIZE: Final = WINDOW[Cadence.WEEKLY]


class Hidden(StrEnum):
    """Why a pulse is not shown. One word for few answers and for answers too much alike: which it is would tell."""

    NO_ROUND = "no_round"
    TOO_FEW = "too_few"


@dataclass(frozen=True, slots=True)
class SidePulse:
    """The weekly pulse of a counterpart, or of the bridges together (`key` "bridges", `name` None).

    `mean` and `before` (the window before) are printed means; `people` are the respondents of this window; `points`
    those of the rounds of both windows, for a chart. None = not shown, then `hidden` says why.
    """

    key: str
    name: str | None
    mean: Decimal | None
    before: Decimal | None
    people: int | None
    points: tuple[PulsePoint, ...]
    direction: Direction
    hidden: Hidden | None


@dataclass(frozen=True, slots=True)
class PulseFacts:
    """The weekly pulse at a moment: its last four closed rounds (labels, oldest first) against the four before.

    `sides` by key, in the order of the company. `gap` is the first counterpart minus the second, of printed means.
    """

    question_key: str | None
    rounds: tuple[str, ...]
    rounds_before: tuple[str, ...]
    sides: Mapping[str, SidePulse]
    gap: Decimal | None
    gap_before: Decimal | None
    direction: Direction
    hidden: Hidden | None


def weekly_pulse(
    question_key: str | None, rounds: Sequence[Round], sides: Sequence[Side], as_of: datetime
) -> PulseFacts:
    """What may be said of these rounds at the minute `as_of` (aware UTC)."""
    groups = partition(sides)
    names = {side.key: side.name for side in sides if side.key in groups.counterparts}
    windows = {group: pulse_window(rounds, as_of, group) for group in groups.groups}
    before = {group: pulse_window(rounds, as_of, group, skip=SIZE) for group in groups.groups}
    labels = tuple(r.label for r in last_rounds(rounds, as_of, SIZE))
    why = Hidden.TOO_FEW if labels else Hidden.NO_ROUND
    gap, gap_before = _gap(windows, groups), _gap(before, groups)
    return PulseFacts(
        question_key=question_key,
        rounds=labels,
        rounds_before=tuple(r.label for r in last_rounds(rounds, as_of, SIZE, skip=SIZE)),
        sides={
            group: _side(
                group,
                names.get(group),
                windows[group],
                before[group],
                why,
                pulse_points(rounds, as_of, group, 2 * SIZE),
            )
            for group in groups.groups
        },
        gap=gap,
        gap_before=gap_before,
        direction=gap_direction(gap, gap_before),
        hidden=why if gap is None else None,
    )


def _gap(windows: Mapping[str, PulseWindow | None], groups: Partition) -> Decimal | None:
    return pulse_gap(windows.get(groups.first), windows.get(groups.second))


def _side(
    key: str,
    name: str | None,
    now: PulseWindow | None,
    before: PulseWindow | None,
    why: Hidden,
    points: tuple[PulsePoint, ...],
) -> SidePulse:
    mean, mean_before = (now.mean if now else None), (before.mean if before else None)
    return SidePulse(
        key=key,
        name=name,
        mean=mean,
        before=mean_before,
        people=now.people if now else None,
        points=points,
        direction=direction(mean, mean_before),
        hidden=None if now else why,
    )

"""All figures of a period, from the records of a company."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from bot.domain.figures.agreements import Evaluation, Kept, evaluations, kept_rate
from bot.domain.figures.entries import (
    EntryFact,
    Resolution,
    Share,
    clash_share,
    level_mix,
    recurrence,
    recurrence_per_tension,
    resolution,
    told_by_both,
)
from bot.domain.figures.groups import Partition
from bot.domain.figures.participation import Participation, Response, participation, response_rates
from bot.domain.figures.periods import AsOf, Period, end_of
from bot.domain.figures.pulse import (
    WINDOW,
    PulseWindow,
    Recall,
    Round,
    last_rounds,
    pulse_gap,
    pulse_window,
    strategy_recall,
)
from bot.domain.figures.reach import BriefFact, Reach, brief_reach
from storage.tables import Agreement, Cadence, Level, Member, PulseMeasure, PulseQuestion


@dataclass(frozen=True, slots=True)
class PulseOfQuestion:
    """A window of one question. `gap` is the first counterpart minus the second."""

    rounds: tuple[str, ...]
    by_group: Mapping[str, PulseWindow | None]
    gap: Decimal | None


@dataclass(frozen=True, slots=True)
class PeriodFigures:
    """Everything of product.md section 4 for a period; None = not shown."""

    groups: Partition
    period: Period
    as_of: AsOf
    entries: int
    clash_share: Share
    level_mix: Mapping[Level | None, Share]
    recurrence: Share
    recurrence_per_tension: Mapping[str, Share]
    told_by_both: Share
    resolution: Resolution
    participation: Participation
    agreements: Kept
    evaluations: Mapping[str, Evaluation]
    pulse: Mapping[str, PulseOfQuestion]
    recall_round: str | None
    recall: Mapping[str, Recall | None]
    response: Mapping[str, Response | None]
    response_total: Response | None
    reach: Reach


@dataclass(frozen=True, slots=True)
class Records:
    """What the figures are computed from; `rounds` by question, oldest first, all closed by the end of the period."""

    groups: Partition
    period: Period
    as_of: AsOf
    members: Sequence[Member]
    entries: Sequence[EntryFact]
    readable: Collection[str]
    pair_sides: Mapping[str, Sequence[str]]
    agreements: Sequence[Agreement]
    questions: Sequence[PulseQuestion]
    rounds: Mapping[str, Sequence[Round]]
    briefs: Sequence[BriefFact]

    @property
    def until(self) -> datetime:
        """The end of the period, or the as-of moment where that comes first."""
        return min(self.as_of.moment, end_of(self.period.last, self.as_of.zone))


def figures_of(records: Records) -> PeriodFigures:
    """Every figure of the period, each as far as it may be shown."""
    entries, period, as_of, groups = records.entries, records.period, records.as_of, records.groups
    taking_part = participation([e.side for e in entries], records.members, groups, period, as_of)
    latest = _latest_recall(records)
    response, total = response_rates(_weekly(records), groups, period, as_of)
    return PeriodFigures(
        groups=groups,
        period=period,
        as_of=as_of,
        entries=len(entries),
        clash_share=clash_share(entries),
        level_mix=level_mix(entries),
        recurrence=recurrence(entries, records.readable),
        recurrence_per_tension=recurrence_per_tension(entries, records.readable),
        told_by_both=told_by_both(entries, records.pair_sides),
        resolution=resolution(entries, as_of),
        participation=taking_part,
        agreements=kept_rate(records.agreements, period, as_of),
        evaluations=evaluations(records.agreements, period, as_of, both_sides_shown=_both_shown(taking_part, groups)),
        pulse=_windows(records),
        recall_round=latest.label if latest else None,
        recall={group: strategy_recall(latest, group) for group in groups.groups},
        response=response,
        response_total=total,
        reach=brief_reach(records.briefs, period, as_of),
    )


def _both_shown(taking_part: Participation, groups: Partition) -> bool:
    """Whether both counterparts have five people."""
    return all(taking_part.members.get(key) is not None for key in (groups.first, groups.second))


def _windows(records: Records) -> dict[str, PulseOfQuestion]:
    return {
        question.key: _window(records, records.rounds[question.key], WINDOW[question.cadence])
        for question in records.questions
        if question.measure is PulseMeasure.PULSE
    }


def _window(records: Records, rounds: Sequence[Round], size: int) -> PulseOfQuestion:
    groups, until = records.groups, records.until
    by_group = {group: pulse_window(rounds, until, group, size) for group in groups.groups}
    return PulseOfQuestion(
        rounds=tuple(r.label for r in last_rounds(rounds, until, size)),
        by_group=by_group,
        gap=pulse_gap(by_group.get(groups.first), by_group.get(groups.second)),
    )


def _latest_recall(records: Records) -> Round | None:
    """The last closed round of the first question that counts objectives."""
    recall = [question.key for question in records.questions if question.measure is PulseMeasure.RECALL][:1]
    return next((r for key in recall for r in last_rounds(records.rounds[key], records.until, 1)), None)


def _weekly(records: Records) -> Sequence[Round]:
    """Rounds of the first weekly question."""
    weekly = [q.key for q in records.questions if q.cadence is Cadence.WEEKLY and q.measure is PulseMeasure.PULSE]
    return records.rounds[weekly[0]] if weekly else ()

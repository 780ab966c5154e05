"""Figures of agreements: how many are kept, and what they brought. A status counts from the day it was set."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Final

from bot.domain.figures.periods import AsOf, Period
from bot.domain.figures.rounding import mean, percentage
from storage.tables import Agreement, AgreementStatus

MIN_DUE: Final = 5
MIN_EVALUATED: Final = 3


@dataclass(frozen=True, slots=True)
class Kept:
    """Counts of the agreements that were due; rates in %, None under five due. `made` counts those of the period."""

    made: int
    due: int
    kept: int
    partly_kept: int
    not_kept: int
    overdue: int
    kept_on_time: int
    kept_rate: Decimal | None
    weighted_rate: Decimal | None
    on_time_rate: Decimal | None
    complete_rate: Decimal | None


@dataclass(frozen=True, slots=True)
class Evaluation:
    """Scores from -2 to +2, two decimals; None = not shown. `gap` is the mean distance between the two sides."""

    agreements: int
    mean: Decimal | None = None
    first: Decimal | None = None
    second: Decimal | None = None
    effect: Decimal | None = None
    gap: Decimal | None = None


def status_at(agreement: Agreement, as_of: AsOf) -> AgreementStatus:
    """What is closed later was still open; a status without a day counts as it stands."""
    known = agreement.closed_on is None or as_of.over(agreement.closed_on)
    return agreement.status if known else AgreementStatus.OPEN


def kept_rate(agreements: Iterable[Agreement], period: Period, as_of: AsOf) -> Kept:
    """Kept-rate = kept / due; weighted = (kept + ½ partly kept) / due; on time = closed as kept on or before the due
    date / due, each in %. Due = due date in the period and before the as-of day, or on it and closed; replaced ones are
    left out, overdue counts as not kept. Complete = made in the period with an objective and a measure / made. Source:
    agreements, not the proposed. Rates shown from 5 due, complete from 1 made."""
    known = [(a, status_at(a, as_of)) for a in agreements if as_of.over(a.made_on)]
    known = [(a, status) for a, status in known if status is not AgreementStatus.PROPOSED]
    made = [a for a, _ in known if a.made_on in period]
    due = [(a, status) for a, status in known if a.due_on in period and _has_fallen_due(a, status, as_of)]
    number, counts = len(due), Counter(status for _, status in due)
    kept, partly = counts[AgreementStatus.KEPT], counts[AgreementStatus.PARTLY_KEPT]
    on_time = sum(status is AgreementStatus.KEPT and _closed_in_time(a) for a, status in due)
    return Kept(
        made=len(made),
        due=number,
        kept=kept,
        partly_kept=partly,
        not_kept=counts[AgreementStatus.NOT_KEPT],
        overdue=counts[AgreementStatus.OPEN],
        kept_on_time=on_time,
        kept_rate=percentage(kept, number, MIN_DUE),
        weighted_rate=percentage(2 * kept + partly, 2 * number, 2 * MIN_DUE),
        on_time_rate=percentage(on_time, number, MIN_DUE),
        complete_rate=percentage(sum(bool(a.objective_key and a.measure) for a in made), len(made)),
    )


def _has_fallen_due(agreement: Agreement, status: AgreementStatus, as_of: AsOf) -> bool:
    if status is AgreementStatus.SUPERSEDED:
        return False
    closed_that_day = agreement.due_on == as_of.day and status is not AgreementStatus.OPEN
    return agreement.due_on < as_of.day or closed_that_day


def _closed_in_time(agreement: Agreement) -> bool:
    return agreement.closed_on is not None and agreement.closed_on <= agreement.due_on


def evaluations(
    agreements: Iterable[Agreement], period: Period, as_of: AsOf, *, both_sides_shown: bool
) -> dict[str, Evaluation]:
    """Evaluation per objective = mean of (score of the first side + of the second) / 2, with the mean of each side and
    of the effect beside it; gap = mean of the distance between the two scores; in points from -2 to +2. Source:
    agreements scored by both sides and evaluated in the period, replaced ones too. Shown from 3 agreements; what the
    sides said only when both counterparts have five people, for two of the three numbers tell the third."""
    by_objective: defaultdict[str, list[Agreement]] = defaultdict(list)
    for agreement in agreements:
        scored = agreement.score_first is not None and agreement.score_second is not None
        if (
            agreement.objective_key
            and scored
            and agreement.evaluated_on in period
            and as_of.over(agreement.evaluated_on)
        ):
            by_objective[agreement.objective_key].append(agreement)
    return {key: _evaluation(by_objective[key], both_sides_shown=both_sides_shown) for key in sorted(by_objective)}


def _evaluation(agreements: Sequence[Agreement], *, both_sides_shown: bool) -> Evaluation:
    effects = [a.score_objective for a in agreements if a.score_objective is not None]
    effect = mean(effects) if len(effects) >= MIN_EVALUATED else None
    if len(agreements) < MIN_EVALUATED or not both_sides_shown:
        return Evaluation(len(agreements), effect=effect)
    pairs = [(a.score_first or 0, a.score_second or 0) for a in agreements]
    return Evaluation(
        agreements=len(pairs),
        mean=mean([Fraction(first + second, 2) for first, second in pairs]),
        first=mean([first for first, _ in pairs]),
        second=mean([second for _, second in pairs]),
        effect=effect,
        gap=mean([abs(first - second) for first, second in pairs]),
    )

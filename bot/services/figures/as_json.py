"""The figures of a period as one JSON object: every key always there, null where something is not shown."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, TypeAlias

from bot.domain.figures import BRIDGES, Partition, PulseWindow, Recall
from bot.domain.figures.agreements import Evaluation, Kept
from bot.domain.figures.entries import Resolution, Share
from bot.domain.figures.participation import Participation, Response
from bot.domain.figures.reach import Reach
from bot.domain.figures.whole import PeriodFigures, PulseOfQuestion
from storage.tables import Level

Object: TypeAlias = dict[str, Any]


def as_json(figures: PeriodFigures) -> Object:
    """With the keys of a period in the sample's expected_metrics.json, and "bridges" beside the counterparts.

    A bridge of its own is never shown: its key says null.
    """
    return {
        "from": figures.period.first.isoformat(),
        "to": figures.period.last.isoformat(),
        "as_of": figures.as_of.day.isoformat(),
        **_entries(figures),
        **_resolution(figures.resolution),
        **_participation(figures.participation),
        "agreements": _agreements(figures.agreements),
        "evaluation_per_objective": {
            key: _evaluation(evaluation, figures.groups) for key, evaluation in figures.evaluations.items()
        },
        "pulse": {key: _pulse(window, figures.groups) for key, window in figures.pulse.items()},
        "strategy_recall": {
            "round": figures.recall_round,
            **_by_side(figures.groups, {group: _recall(recall) for group, recall in figures.recall.items()}),
        },
        "response_rate": {
            **_by_side(figures.groups, {group: _response(rate) for group, rate in figures.response.items()}),
            "total": _response(figures.response_total),
        },
        "briefs": _reach(figures.reach),
    }


def _entries(figures: PeriodFigures) -> Object:
    levels = {_level(level): share for level, share in figures.level_mix.items()}
    return {
        "entries": figures.entries,
        "clashes": figures.clash_share.count,
        "went_well": figures.clash_share.whole - figures.clash_share.count,
        "clash_share_pct": _number(figures.clash_share.percent),
        "levels": {level: share.count for level, share in levels.items()},
        "level_mix_pct": {level: _number(share.percent) for level, share in levels.items()},
        "clashes_recurring": figures.recurrence.count,
        "recurrence_share_of_clashes_pct": _number(figures.recurrence.percent),
        "recurrence_per_tension": {key: _tension(share) for key, share in figures.recurrence_per_tension.items()},
        "clashes_told_by_both": figures.told_by_both.count,
        "both_sides_share_of_clashes_pct": _number(figures.told_by_both.percent),
    }


def _level(level: Level | None) -> str:
    return "not_set" if level is None else str(level)


def _tension(share: Share) -> Object:
    return {"clashes": share.whole, "recurring": share.count, "rate_pct": _number(share.percent)}


def _resolution(found: Resolution) -> Object:
    return {
        "clashes_resolved": found.resolved,
        "resolution_days_median_resolved_clashes": _number(found.median_days),
        "clashes_not_resolved": found.open,
        "clashes_not_resolved_age_days_median": _number(found.open_median_age_days),
    }


def _participation(found: Participation) -> Object:
    return {
        "active_members": dict(found.members),
        "entries_per_member": {key: _number(rate) for key, rate in found.entries_per_member.items()},
        "participation_balance": _number(found.balance),
    }


def _agreements(kept: Kept) -> Object:
    return {
        "made": kept.made,
        "due": kept.due,
        "kept": kept.kept,
        "partly_kept": kept.partly_kept,
        "not_kept": kept.not_kept,
        "open_overdue": kept.overdue,
        "kept_rate_pct": _number(kept.kept_rate),
        "kept_rate_weighted_pct": _number(kept.weighted_rate),
        "kept_on_time": kept.kept_on_time,
        "kept_on_time_rate_pct": _number(kept.on_time_rate),
        "with_objective_and_measure_pct": _number(kept.complete_rate),
    }


def _evaluation(found: Evaluation, groups: Partition) -> Object:
    return {
        "n": found.agreements,
        "mean": _number(found.mean),
        f"mean_{groups.first}": _number(found.first),
        f"mean_{groups.second}": _number(found.second),
        "mean_effect": _number(found.effect),
        "mean_abs_gap": _number(found.gap),
    }


def _pulse(found: PulseOfQuestion, groups: Partition) -> Object:
    return {
        "rounds": list(found.rounds),
        **_by_side(groups, {group: _mean(window) for group, window in found.by_group.items()}),
        f"gap_{groups.first}_minus_{groups.second}": _number(found.gap),
    }


def _mean(window: PulseWindow | None) -> Object:
    return {"respondents": window.people if window else None, "mean": _number(window.mean) if window else None}


def _recall(recall: Recall | None) -> Object:
    return {
        "respondents": recall.people if recall else None,
        "named_3_or_more": recall.named if recall else None,
        "named_3_or_more_pct": _number(recall.percent) if recall else None,
    }


def _response(rate: Response | None) -> Object:
    return {
        "asked": rate.asked if rate else None,
        "answered": rate.answered if rate else None,
        "pct": _number(rate.percent) if rate else None,
    }


def _by_side(groups: Partition, found: Mapping[str, Object]) -> Object:
    """The counterparts, each bridge (never shown), the bridges together."""
    hidden = dict.fromkeys(found[BRIDGES])
    counterparts = {key: found[key] for key in groups.counterparts}
    return {**counterparts, **{key: dict(hidden) for key in groups.bridge_sides}, BRIDGES: found[BRIDGES]}


def _reach(reach: Reach) -> Object:
    return {
        "posted": reach.posted,
        "on_time": reach.on_time,
        "on_time_pct": _number(reach.on_time_percent),
        "opened": reach.opened,
        "invited": reach.invited,
        "opened_share_pct": _number(reach.opened_percent),
    }


def _number(value: int | Decimal | None) -> int | float | None:
    return float(value) if isinstance(value, Decimal) else value

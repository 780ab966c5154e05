"""The page of a brief: at most fifteen lines, whatever there is to say.

When there is more, it is folded into the thread, in this order: guards; ratifications but for one line about all of
them; prices, from the last question on; what is not for this meeting; what went well. The thread has all of it anyway.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from bot.domain.brief import BriefSnapshot
from bot.domain.chat import Chart, Part, Series, Small, Text
from bot.services.messages import brief_decisions, brief_lines
from bot.services.messages.brief_details import month_or_day
from bot.services.messages.brief_guards import guard_line
from bot.services.messages.brief_pulse import pulse_line
from bot.templates import Rich, Speaker

LINES: Final = 15


@dataclass(frozen=True, slots=True)
class Fold:
    """What still stands in the post."""

    prices: int
    guards: bool = True
    ratified_apart: bool = True
    elsewhere: bool = True
    went_well: bool = True


def page(speak: Speaker, snapshot: BriefSnapshot, brief_id: str, above: int) -> tuple[Part, ...]:
    """The sections between the heading and the last line; `above` lines are taken already."""
    parts: list[Part] = []
    for fold in _folds(len(brief_decisions.to_decide(snapshot))):
        parts = list(_sections(speak, snapshot, brief_id, fold))
        if above + sum(part.text.count("\n") + 1 for part in parts if isinstance(part, Text)) + 1 <= LINES:
            break
    return tuple(parts)


def _folds(decisions: int) -> Iterator[Fold]:
    fold = Fold(prices=min(decisions, brief_decisions.MOST))
    yield fold
    for change in ({"guards": False}, {"ratified_apart": False}):
        fold = replace(fold, **change)
        yield fold
    while fold.prices:
        fold = replace(fold, prices=fold.prices - 1)
        yield fold
    for change in ({"elsewhere": False}, {"went_well": False}):
        fold = replace(fold, **change)
        yield fold


def _sections(speak: Speaker, snapshot: BriefSnapshot, brief_id: str, fold: Fold) -> Iterator[Text]:
    yield Text(brief_lines.in_short(speak, snapshot))
    yield from _decisions(speak, snapshot, brief_id, fold)
    said: Sequence[Rich] = (
        brief_lines.objectives(speak, snapshot),
        brief_lines.since_last(speak, snapshot),
        brief_lines.came_back(speak, snapshot),
        brief_lines.agreements(speak, snapshot),
        brief_lines.went_well(speak, snapshot) if fold.went_well else Rich(),
        pulse_line(speak, snapshot),
        brief_lines.elsewhere(speak, snapshot) if fold.elsewhere else Rich(),
        guard_line(speak, snapshot) if fold.guards else Rich(),
    )
    yield from (Text(line) for line in said if line)


def _decisions(speak: Speaker, snapshot: BriefSnapshot, brief_id: str, fold: Fold) -> Iterator[Text]:
    asked, ratified = brief_decisions.to_decide(snapshot), brief_decisions.to_ratify(snapshot)
    if snapshot.knows_decisions and not (asked or ratified):
        yield Text(speak.text("brief", "nothing_asked"))
    for number, facts in enumerate(asked[: brief_decisions.MOST], start=1):
        text = brief_decisions.decide(speak, number, facts, with_price=number <= fold.prices)
        yield Text(text, speak.button("options_and_price", "decision.options", f"{facts.id}|{brief_id}"))
    if len(asked) > brief_decisions.MOST:
        yield Text(speak.text("brief", "more_asked", count=len(asked) - brief_decisions.MOST))
    if fold.ratified_apart or len(ratified) == 1:
        for facts in ratified:
            text = brief_decisions.ratify(speak, facts)
            yield Text(text, speak.button("object", "decision.object", facts.id))
    elif ratified:
        yield Text(brief_decisions.ratify_together(speak, ratified))


def last_line(speak: Speaker, snapshot: BriefSnapshot) -> Small:
    """As of when, and what is not shown."""
    counts = snapshot.entries.total > 0 and snapshot.entries.by_side is None
    pulse = snapshot.pulse
    bridges = pulse is not None and pulse.asked and pulse.bridges is None and bool(pulse.sides)
    return Small(speak.text("brief", "as_known", as_of=snapshot.as_of, counts=counts, bridges=bridges))


def cycles_chart(speak: Speaker, snapshot: BriefSnapshot) -> list[Chart]:
    """Clashes and what went well per cycle, from two cycles on; the thread says the same in words."""
    cycles = snapshot.cycles
    if len(cycles) < 2:
        return []
    clashes = Series(speak.word("kind_clash"), tuple(cycle.clashes for cycle in cycles))
    wins = Series(speak.word("kind_went_well"), tuple(cycle.went_well for cycle in cycles))
    labels = tuple(month_or_day(speak, snapshot))
    return [Chart(speak.plain("brief", "cycles_title"), "bars", labels, (clashes, wins))]

"""Brief reach: how many of the invited a brief reached before its meeting."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from bot.domain.figures.groups import SMALLEST_GROUP
from bot.domain.figures.periods import AsOf, Period
from bot.domain.figures.rounding import percentage


@dataclass(frozen=True, slots=True)
class BriefFact:
    """A brief that was posted. `opened` counts, of the `invited`, who opened it before the meeting."""

    starts_at: datetime
    on_time: bool
    invited: int
    opened: int


@dataclass(frozen=True, slots=True)
class Reach:
    """Shares in %, one decimal. `opened` and `invited` are None when nothing of them may be shown."""

    posted: int
    on_time: int
    on_time_percent: Decimal | None
    opened: int | None
    invited: int | None
    opened_percent: Decimal | None


def brief_reach(briefs: Iterable[BriefFact], period: Period, as_of: AsOf) -> Reach:
    """Brief reach = opened before the meeting / invited, added over the meetings that were held in the period (the
    meeting's day) by then, in %; on time = posted when due / posted, in %. Source: counts frozen when a meeting begins,
    never who. Meetings of fewer than five invited count in neither of these sums: a read receipt is about a person.
    """
    held = [b for b in briefs if as_of.local_day(b.starts_at) in period and b.starts_at < as_of.moment]
    on_time = sum(brief.on_time for brief in held)
    counted = [brief for brief in held if brief.invited >= SMALLEST_GROUP]
    opened, invited = sum(brief.opened for brief in counted), sum(brief.invited for brief in counted)
    return Reach(
        posted=len(held),
        on_time=on_time,
        on_time_percent=percentage(on_time, len(held)),
        opened=opened if counted else None,
        invited=invited if counted else None,
        opened_percent=percentage(opened, invited),
    )

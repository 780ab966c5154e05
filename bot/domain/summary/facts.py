"""What a weekly summary tells, without its words. It holds only what may be shown."""

from dataclasses import dataclass
from datetime import date, datetime, time

from bot.domain.brief import AgreementFact, EntryFacts, Pulse, Repeat
from bot.domain.example import Example
from storage.tables import MeetingType


@dataclass(frozen=True, slots=True)
class Thanks:
    """What went well; `quote` is its effect in its author's words, else the lesson, "" without either."""

    ref: str
    headline: str
    quote: str


@dataclass(frozen=True, slots=True)
class WeekAgreements:
    """`new`: made since the last summary. The others are open: `overdue`, `due_today`, `due` by the end of next week,
    `later`.
    """

    new: tuple[AgreementFact, ...] = ()
    overdue: tuple[AgreementFact, ...] = ()
    due_today: tuple[AgreementFact, ...] = ()
    due: tuple[AgreementFact, ...] = ()
    later: tuple[AgreementFact, ...] = ()

    @property
    def has_news(self) -> bool:
        """Whether there is anything to say of them this week."""
        return bool(self.new or self.overdue or self.due_today or self.due)


@dataclass(frozen=True, slots=True)
class Ahead:
    """What comes next; None = nothing is planned. A check-in is asked at `checkin_at` of everybody's own zone.

    `back_at` is when the next summary comes where the company is off all next week, else None.
    """

    meeting_type: MeetingType | None = None
    starts_at: datetime | None = None
    checkin_on: date | None = None
    checkin_at: time | None = None
    back_at: datetime | None = None
    is_off: bool = False


@dataclass(frozen=True, slots=True)
class SummaryFacts:
    """From `since` on, as known at `as_of`; `week` is that of the calendar.

    `before` = entries of the week before, None where the two cannot be compared. `examples` are the most useful two of
    what did not go well, `told` all entries, by kind.
    """

    week: int
    since: datetime
    as_of: datetime
    entries: EntryFacts
    before: int | None
    examples: tuple[Example, ...]
    thanks: Thanks | None
    agreements: WeekAgreements
    came_back: tuple[Repeat, ...]
    pulse: Pulse
    ahead: Ahead
    told: tuple[Example, ...]

    @property
    def is_quiet(self) -> bool:
        """Whether there is nothing to report."""
        return not (self.entries.total or self.agreements.has_news)

    @property
    def leaves_out_a_figure(self) -> bool:
        """Whether it says that the pulse, or how many entries each side wrote, is not shown."""
        return (self.pulse.asked and not self.pulse.sides) or (self.entries.total > 0 and not self.entries.by_side)

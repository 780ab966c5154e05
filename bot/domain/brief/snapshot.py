"""What a brief says, without its words: frozen once, shown the same years later in either language.

It holds only what may be shown. A field that comes later gets a default, so that old snapshots can still be read.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any, Final

from pydantic import TypeAdapter

from bot.domain.decision import DecisionFacts
from bot.domain.figures import Direction
from storage.tables import Kind, Level, MeetingType

FORMAT: Final = 2
"""Since 2: decisions, what is not for this meeting, pulse, cycles and guards."""


@dataclass(frozen=True, slots=True)
class Words:
    """A name that is translated."""

    en: str
    nl: str

    def of(self, language: str) -> str:
        return (self.nl if language == "nl" else self.en) or self.en


@dataclass(frozen=True, slots=True)
class SideCount:
    """The entries of a group of five or more; `name` is what the company calls the side, None = the bridges."""

    key: str
    name: str | None
    entries: int


@dataclass(frozen=True, slots=True)
class EntryFacts:
    """Entries since the last brief. `by_side` is None where it may not be shown; level None = not set."""

    total: int
    by_kind: Mapping[Kind, int]
    by_level: Mapping[Level, int]
    without_level: int
    by_side: tuple[SideCount, ...] | None
    silent: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ObjectiveFact:
    """The figure of the month, in `unit`; `change` against the month before, `better` = moved to the wanted side."""

    key: str
    name: Words
    indicator: Words
    unit: str
    target: float
    actual: float | None
    change: Decimal | None
    better: bool | None
    at_target: bool


@dataclass(frozen=True, slots=True)
class Repeat:
    """A clash that repeats an earlier entry."""

    ref: str
    headline: str
    earlier_ref: str
    tension_key: str | None
    tension: Words | None
    resolved_on: date | None


@dataclass(frozen=True, slots=True)
class AgreementFact:
    id: str
    title: str
    due_on: date


@dataclass(frozen=True, slots=True)
class AgreementFacts:
    """`kept`, `partly_kept`, `not_kept`: closed, or their date passed, since the last brief. The others are open.

    `fell_due` counts what was closed or fell due since the last brief: the base of what was kept.
    `due` comes by the day of the meeting, `later` after it.
    """

    fell_due: int
    kept: tuple[AgreementFact, ...]
    partly_kept: tuple[AgreementFact, ...]
    not_kept: tuple[AgreementFact, ...]
    overdue: tuple[AgreementFact, ...]
    due: tuple[AgreementFact, ...]
    later: tuple[AgreementFact, ...]

    @property
    def all_closed(self) -> bool:
        """Whether everything that fell due was closed, well or not."""
        return self.fell_due == len(self.kept) + len(self.partly_kept) + len(self.not_kept)


@dataclass(frozen=True, slots=True)
class Win:
    """What went well; `why` is the lesson its author wrote, "" without one."""

    ref: str
    headline: str
    why: str


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """A question that another meeting answers; `starts_at` None = no such meeting is planned."""

    question: str
    meeting_type: MeetingType
    starts_at: datetime | None


@dataclass(frozen=True, slots=True)
class Parked:
    """An entry that was set aside."""

    ref: str
    headline: str


@dataclass(frozen=True, slots=True)
class Told:
    """An entry by its title."""

    ref: str
    headline: str


@dataclass(frozen=True, slots=True)
class ToldKind:
    """The entries of a kind since the last brief, the newest first; `left_out` counts those that are not named."""

    kind: Kind
    named: tuple[Told, ...]
    left_out: int


@dataclass(frozen=True, slots=True)
class SidePulse:
    """Printed means of a group, of this window and of the one before (None = not shown); `people` answered.

    `name` None = the bridges.
    """

    name: str | None
    mean: Decimal
    before: Decimal | None
    people: int
    direction: Direction


@dataclass(frozen=True, slots=True)
class Pulse:
    """The pulse of the two counterparts with its gap, or of neither: one mean beside a gap would tell the other.

    `rounds` are the labels of the window. `bridges` None = not shown. `asked` = a pulse was ever asked.
    """

    asked: bool
    sides: tuple[SidePulse, ...] = ()
    bridges: SidePulse | None = None
    gap: Decimal | None = None
    gap_before: Decimal | None = None
    direction: Direction = Direction.SAME
    rounds: tuple[str, ...] = ()
    rounds_before: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Cycle:
    """What was told between two briefs; `day` is that of the meeting at its end."""

    day: date
    clashes: int
    went_well: int


class GuardKind(StrEnum):
    QUIET = "quiet"
    NOT_HELD = "not_held"
    CAME_BACK = "came_back"
    NOT_EVALUATED = "not_evaluated"


@dataclass(frozen=True, slots=True)
class Guard:
    """Something that slips: what, and since when; each is said once, and `keys` name the facts it has said.

    `names`: the side that was quiet (none = the bridges), or the agreements. `day`: of its last entry, or of the
    dialog that was not held. `ref`: the clash that came back. `next_day`: of the next dialog.
    """

    kind: GuardKind
    keys: tuple[str, ...]
    names: tuple[str, ...] = ()
    day: date | None = None
    ref: str = ""
    next_day: date | None = None


@dataclass(frozen=True, slots=True)
class BriefSnapshot:
    """`since` is the due minute of the last brief, None for the first; `month` that of the objectives' figures.

    `format` tells what a snapshot of that age can hold: what came later is empty in an older one, and is not told.
    """

    meeting_id: str
    meeting_type: MeetingType
    starts_at: datetime
    since: datetime | None
    as_of: datetime
    entries: EntryFacts
    month: date | None
    objectives: tuple[ObjectiveFact, ...]
    came_back: tuple[Repeat, ...]
    agreements: AgreementFacts
    went_well: tuple[Win, ...]
    format: int = 1
    decisions: tuple[DecisionFacts, ...] = ()
    elsewhere: tuple[Elsewhere, ...] = ()
    parked: tuple[Parked, ...] = ()
    pulse: Pulse | None = None
    cycles: tuple[Cycle, ...] = ()
    guards: tuple[Guard, ...] = ()
    told: tuple[ToldKind, ...] = ()

    @property
    def knows_decisions(self) -> bool:
        """Whether none means that nothing was asked."""
        return self.format >= FORMAT


_SNAPSHOT = TypeAdapter(BriefSnapshot)


def to_json(snapshot: BriefSnapshot) -> dict[str, Any]:
    data: dict[str, Any] = _SNAPSHOT.dump_python(snapshot, mode="json")
    return data


def from_json(data: Mapping[str, Any]) -> BriefSnapshot:
    return _SNAPSHOT.validate_python(data)

"""The brief: what was known at one minute, frozen."""

from bot.domain.brief.guards import Silence
from bot.domain.brief.rules import Records, take_snapshot
from bot.domain.brief.snapshot import (
    AgreementFact,
    AgreementFacts,
    BriefSnapshot,
    Cycle,
    Elsewhere,
    EntryFacts,
    Guard,
    GuardKind,
    ObjectiveFact,
    Parked,
    Pulse,
    Repeat,
    SideCount,
    SidePulse,
    Told,
    ToldKind,
    Win,
    Words,
    from_json,
    to_json,
)
from bot.domain.figures import BRIDGES

__all__ = [
    "BRIDGES",
    "AgreementFact",
    "AgreementFacts",
    "BriefSnapshot",
    "Cycle",
    "Elsewhere",
    "EntryFacts",
    "Guard",
    "GuardKind",
    "ObjectiveFact",
    "Parked",
    "Pulse",
    "Records",
    "Repeat",
    "SideCount",
    "SidePulse",
    "Silence",
    "Told",
    "ToldKind",
    "Win",
    "Words",
    "from_json",
    "take_snapshot",
    "to_json",
]

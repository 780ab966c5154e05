"""The brief: what was known at one minute, frozen."""

from bot.domain.brief.rules import Records, take_snapshot
from bot.domain.brief.snapshot import (
    BRIDGES,
    AgreementFact,
    AgreementFacts,
    BriefSnapshot,
    EntryFacts,
    ObjectiveFact,
    Repeat,
    SideCount,
    Win,
    Words,
    from_json,
    to_json,
)

__all__ = [
    "BRIDGES",
    "AgreementFact",
    "AgreementFacts",
    "BriefSnapshot",
    "EntryFacts",
    "ObjectiveFact",
    "Records",
    "Repeat",
    "SideCount",
    "Win",
    "Words",
    "from_json",
    "take_snapshot",
    "to_json",
]

"""What ready-made check-ins ask, in both languages: whoever reads it reads their own."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from bot.domain.checkin.questions import Asks, Template
from bot.templates import Speaker, speaker
from storage.tables import Side, SideKind

ENDS: Final = ("against each other", "as one team")
"""The words at the ends of our scales, as they are kept whatever the language."""


@dataclass(frozen=True, slots=True)
class Said:
    """A question in English and in Dutch."""

    text: str
    text_nl: str
    options: tuple[str, ...]
    options_nl: tuple[str, ...]


def name(language: str, template: Template) -> str:
    """What it is called until somebody calls it otherwise."""
    return _speak(language).plain("checkin_setup", f"name_{template}")


def question(asks: Asks, sides: tuple[str, str] | None) -> Said:
    """`sides` are the names of the two counterparts, None where there are not two."""
    english, dutch = _speak("en"), _speak("nl")
    return Said(
        english.plain("checkin_setup", asks.text, sides=sides),
        dutch.plain("checkin_setup", asks.text, sides=sides),
        tuple(english.plain("checkin_setup", option) for option in asks.options),
        tuple(dutch.plain("checkin_setup", option) for option in asks.options),
    )


def counterparts(sides: Sequence[Side]) -> tuple[str, str] | None:
    """The names of the two counterparts, None where there are not exactly two."""
    names = [side.name for side in sides if side.kind == SideKind.COUNTERPART]
    return (names[0], names[1]) if len(names) == 2 else None


def _speak(language: str) -> Speaker:
    return speaker(language, "UTC")

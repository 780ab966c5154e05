"""The questions of a check-in: in whose language they are read, and the ready-made ones to begin with."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import time
from enum import StrEnum
from typing import Final

from storage.tables import CheckinQuestion, QuestionType

ENDS: Final = ("end_against", "end_team")
HAS_OPTIONS: Final = frozenset({QuestionType.CHOICE, QuestionType.MULTI})


class Template(StrEnum):
    """What a check-in can begin from; blank has no question of its own."""

    WEEKLY = "weekly"
    PROMOTION = "promotion"
    LAUNCH = "launch"
    BLANK = "blank"


@dataclass(frozen=True, slots=True)
class Asks:
    """A ready-made question. `text` and `options` are names of texts in both languages; a scale has two, its ends."""

    type: QuestionType
    text: str
    options: tuple[str, ...] = ()
    required: bool = False


@dataclass(frozen=True, slots=True)
class Blueprint:
    """A ready-made check-in: `rule` None = asked when somebody starts it. Everybody may answer until `close_at`,
    `close_after_days` later."""

    rule: str | None
    asks: tuple[Asks, ...]
    close_after_days: int = 1
    close_at: time = time(12)
    local_time: time = time(10)
    nudge_share_pct: int = 75


BLUEPRINTS: Final[Mapping[Template, Blueprint]] = {
    Template.WEEKLY: Blueprint(
        "every Thursday",
        (
            Asks(QuestionType.SCALE, "weekly_scale", ENDS, required=True),
            Asks(QuestionType.EXAMPLE, "weekly_example"),
        ),
    ),
    Template.PROMOTION: Blueprint(
        None,
        (
            Asks(QuestionType.SCALE, "promotion_scale", ENDS, required=True),
            Asks(QuestionType.CHOICE, "promotion_volume", ("volume_lower", "volume_right", "volume_higher")),
            Asks(QuestionType.MULTI, "promotion_next", ("next_sooner", "next_firmer", "next_stock", "next_talk")),
            Asks(QuestionType.EXAMPLE, "promotion_example"),
        ),
        close_after_days=2,
    ),
    Template.LAUNCH: Blueprint(
        None,
        (
            Asks(QuestionType.SCALE, "launch_scale", ENDS, required=True),
            Asks(QuestionType.CHOICE, "launch_known", ("known_yes", "known_partly", "known_no")),
            Asks(QuestionType.TEXT, "launch_next"),
            Asks(QuestionType.EXAMPLE, "launch_example"),
        ),
        close_after_days=2,
    ),
    Template.BLANK: Blueprint("every Thursday", ()),
}


def text_of(question: CheckinQuestion, language: str) -> str:
    """As it was typed for readers of that language."""
    return question.text_nl if language == "nl" and question.text_nl else question.text


def options_of(question: CheckinQuestion, language: str) -> tuple[str, ...]:
    """The choices in their order, as they were typed for readers of that language."""
    in_dutch = language == "nl" and len(question.options_nl) == len(question.options)
    return tuple(question.options_nl if in_dutch else question.options)

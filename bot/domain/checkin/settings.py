"""What can be set of a check-in, as it is typed: when it is asked, how long it is open, whom it reminds."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any, Final

from bot.domain.chat import Submission
from bot.domain.errors import Refused
from bot.domain.recurrence import Once, parse_rule, parse_time, write_rule
from storage.tables import QuestionType

LONGEST_NAME: Final = 60
LONGEST_QUESTION: Final = 150
LONGEST_OPTION: Final = 75
FEWEST_OPTIONS, MOST_OPTIONS = 2, 10
MOST_QUESTIONS: Final = 6
"""More take longer than two minutes."""

REQUIRED: Final = "yes"
FIRST, LAST = time(8), time(17)
"""Between these anybody can be asked at their own hour."""

SHORTEST: Final = timedelta(hours=1)
"""So long it is open at least, where it closes on its own day."""

DAYS: Final = (0, 1, 2, 3, 4, 5, 7, 10, 14)
"""How many days later it may close."""

SHARES: Final = (50, 75, 90)
"""After how much of the time who has not answered is reminded, in percent."""


@dataclass(frozen=True, slots=True)
class Rhythm:
    """`rule` None = only when somebody starts it."""

    rule: str | None
    local_time: time


@dataclass(frozen=True, slots=True)
class Openness:
    """How long it is open, and after how much of that time who has not answered is reminded; None = nobody is."""

    close_after_days: int
    close_at: time
    nudge_share_pct: int | None


def read_name(typed: str) -> str:
    """Raises `Refused` beside the field "name"."""
    name = " ".join(typed.split())
    if not name:
        raise Refused("checkin_name_empty", field="name")
    return name[:LONGEST_NAME]


def read_rhythm(typed: str, usual: time) -> Rhythm:
    """The rule with its time, `usual` where none is named; nothing = by hand. Raises `Refused` beside "rule"."""
    if not typed.strip():
        return Rhythm(None, usual)
    try:
        rule, at = parse_rule(typed)
    except Refused as refused:
        raise Refused("checkin_rule_unknown", field="rule", words=typed.strip()) from refused
    if isinstance(rule, Once):
        raise Refused("checkin_once", field="rule")
    if not FIRST <= (at or usual) <= LAST:
        raise Refused("checkin_hours", field="rule")
    return Rhythm(write_rule(rule, "en"), at or usual)


def read_window(days: str | None, close_at: str, nudge: str | None, local_time: time) -> Openness:
    """Raises `Refused` beside the field "close_at" for one that is over as soon as it begins."""
    after, closes = int(days or 0), _time(close_at)
    begins, ends = (datetime(2000, 1, 1, at.hour, at.minute) for at in (local_time, closes))  # noqa: DTZ001 two clocks
    if after == 0 and ends - begins < SHORTEST:
        raise Refused("checkin_closes_early", field="close_at")
    return Openness(after, closes, int(nudge) if nudge and nudge.isdecimal() else None)


@dataclass(frozen=True, slots=True)
class Wording:
    """A question as it is typed; of a scale the options are the words at its ends."""

    type: QuestionType
    text: str
    text_nl: str | None
    options: list[str]
    options_nl: list[str]
    required: bool

    def columns(self) -> dict[str, Any]:
        return {
            "text": self.text,
            "text_nl": self.text_nl,
            "options": self.options,
            "options_nl": self.options_nl,
            "required": self.required,
        }


def read_wording(submission: Submission, kind: QuestionType | None) -> Wording:
    """`kind` None = it is chosen in the form. Raises `Refused` beside the field that is wrong."""
    chosen = kind or QuestionType(submission.text("type") or QuestionType.TEXT)
    text = " ".join(submission.text("text").split())
    if not text:
        raise Refused("checkin_question_empty", field="text")
    wording = Wording(
        type=chosen,
        text=text[:LONGEST_QUESTION],
        text_nl=" ".join(submission.text("text_nl").split())[:LONGEST_QUESTION] or None,
        options=_lines(submission.text("options")),
        options_nl=_lines(submission.text("options_nl")),
        required=submission.text("required") == REQUIRED,
    )
    _check_number(wording)
    _check_dutch(wording)
    return wording


def _lines(typed: str) -> list[str]:
    """One a line, each once."""
    lines = [" ".join(line.split()) for line in typed.splitlines()]
    return list(dict.fromkeys(line for line in lines if line))


def _check_number(wording: Wording) -> None:
    number = len(wording.options)
    match wording.type:
        case QuestionType.TEXT | QuestionType.EXAMPLE if number:
            raise Refused("checkin_options_not_here", field="options")
        case QuestionType.SCALE if number not in {0, 2}:
            raise Refused("checkin_ends", field="options")
        case QuestionType.CHOICE | QuestionType.MULTI if number < FEWEST_OPTIONS:
            raise Refused("checkin_options_few", field="options")
    if number > MOST_OPTIONS:
        raise Refused("checkin_options_many", field="options", most=MOST_OPTIONS)


def _check_dutch(wording: Wording) -> None:
    """And the length of all."""
    if wording.options_nl and len(wording.options_nl) != len(wording.options):
        raise Refused("checkin_options_differ", field="options_nl", number=len(wording.options))
    for field, lines in (("options", wording.options), ("options_nl", wording.options_nl)):
        if any(len(line) > LONGEST_OPTION for line in lines):
            raise Refused("checkin_option_long", field=field, most=LONGEST_OPTION)


def _time(typed: str) -> time:
    """Raises `Refused` beside the field "close_at"."""
    try:
        return parse_time(typed)
    except Refused as refused:
        raise Refused("time_unknown", field="close_at") from refused

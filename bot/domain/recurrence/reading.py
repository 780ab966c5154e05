"""The notation of a rule: typed and read in both languages, "third Thursday 13:30" or "derde donderdag 13:30"."""

import re
from collections.abc import Callable, Mapping
from datetime import time
from typing import Final

from bot.domain.errors import Refused
from bot.domain.recurrence.rules import LAST, MonthlyDay, MonthlyWeekday, MonthlyWorkingDay, Once, Rule, Weekly

MOST_WEEKS: Final = 8
MOST_WORKING_DAYS: Final = 20
LONGEST: Final = 80

WEEKDAY_NAMES: Final = {
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
    "nl": ("maandag", "dinsdag", "woensdag", "donderdag", "vrijdag", "zaterdag", "zondag"),
}
_NTH_NAMES: Final = {
    "en": {1: "first", 2: "second", 3: "third", 4: "fourth", LAST: "last"},
    "nl": {1: "eerste", 2: "tweede", 3: "derde", 4: "vierde", LAST: "laatste"},
}
_NUMBER_NAMES: Final = {
    "en": ("one", "two", "three", "four", "five", "six", "seven", "eight"),
    "nl": ("een", "twee", "drie", "vier", "vijf", "zes", "zeven", "acht"),
}
_SHORT_WEEKDAYS: Final = ("mon ma", "tue tues di", "wed wo", "thu thur thurs do", "fri vr", "sat za", "sun zo")


def _weekdays() -> Mapping[str, int]:
    """Every way to write a day of the week."""
    ways: dict[str, int] = {}
    for number, (english, dutch, short) in enumerate(zip(*WEEKDAY_NAMES.values(), _SHORT_WEEKDAYS, strict=True)):
        english_forms = (english.lower(), f"{english.lower()}s")
        for way in (*english_forms, dutch, f"{dutch}s", f"{dutch}en", *short.split()):
            ways[way] = number
    return ways


WEEKDAYS: Final = _weekdays()
NTHS: Final = {name: nth for names in _NTH_NAMES.values() for nth, name in names.items()}
NUMBERS: Final = {name: number for names in _NUMBER_NAMES.values() for number, name in enumerate(names, start=1)} | {
    "other": 2,
    "andere": 2,
    "één": 1,
}

_FILLERS: Final = re.compile(
    r"\b(?:at|on|op|the|de|het|of|in|van|every|each|elke|elk|iedere|per|months?|maand|monthly|maandelijks|om)\b"
)
_TIMES: Final = (
    re.compile(r"\b(?P<hour>\d{1,2})[:.u](?P<minute>\d{2})(?: ?(?P<half>am|pm)| ?(?:uur|u|h))?\b"),
    re.compile(r"\b(?P<hour>\d{1,2}) ?(?:(?P<half>am|pm)|uur|u|h)\b"),
    re.compile(r"\b(?:at|om) (?P<hour>\d{1,2})\b"),
)


def _either(words: Mapping[str, int]) -> str:
    return "|".join(sorted(words, key=len, reverse=True))


_WEEKDAY, _NTH, _NUMBER = (f"(?:{_either(words)})" for words in (WEEKDAYS, NTHS, NUMBERS))
_COUNT: Final = rf"(?P<n>\d{{1,2}}|{_NUMBER})"
_ORDINAL: Final = r"(?P<n>\d{1,2})(?:st|nd|rd|th|ste|de|e)?"
_WEEK: Final = r"(?:weeks?|weken|weekly|wekelijks)"
_WORKING: Final = r"(?:working day|workday|business day|werkdag)"

_Match = re.Match[str]


def _weekly(match: _Match) -> Rule | None:
    weeks = _number(match["n"])
    return Weekly(WEEKDAYS[match["day"]], weeks) if 1 <= weeks <= MOST_WEEKS else None


def _working_day(match: _Match) -> Rule | None:
    number = int(match["n"])
    return MonthlyWorkingDay(number) if 1 <= number <= MOST_WORKING_DAYS else None


def _month_day(match: _Match) -> Rule | None:
    day = int(match["n"])
    return MonthlyDay(day) if 1 <= day <= 31 else None


def _nth(match: _Match) -> Rule:
    nth = match["nth"]
    return MonthlyWeekday(NTHS.get(nth) or int(nth), WEEKDAYS[match["day"]])


def _number(word: str | None) -> int:
    return 1 if word is None else NUMBERS.get(word) or int(word)


_SHAPES: Final[tuple[tuple[str, Callable[[_Match], Rule | None]], ...]] = (
    (r"once|eenmalig|een keer|one time", lambda _: Once()),
    (rf"(?:{_COUNT} )?(?:{_WEEK} )?(?P<day>{_WEEKDAY})", _weekly),
    (rf"(?P<day>{_WEEKDAY}) (?:{_COUNT} )?{_WEEK}", _weekly),
    (rf"(?P<nth>{_NTH}) (?P<day>{_WEEKDAY})", _nth),
    (rf"(?P<nth>[1-4])(?:st|nd|rd|th|ste|de|e) (?P<day>{_WEEKDAY})", _nth),
    (rf"(?:last|laatste) {_WORKING}", lambda _: MonthlyWorkingDay(LAST)),
    (rf"{_WORKING} {_ORDINAL}", _working_day),
    (rf"{_ORDINAL} {_WORKING}", _working_day),
    (r"(?:last|laatste) (?:day|dag)", lambda _: MonthlyDay(31)),
    (rf"(?:(?:day|dag) )?{_ORDINAL}(?: (?:day|dag))?", _month_day),
)
_SHAPES_COMPILED: Final = tuple((re.compile(pattern), make) for pattern, make in _SHAPES)


def parse_rule(text: str) -> tuple[Rule, time | None]:
    """The rule somebody typed, and the time of day when they named one.

    Raises `Refused` beside the field "rule": the sentence names what is understood.
    """
    words = " ".join(re.sub(r"[,;]", " ", text.lower()).split())[:LONGEST]
    at, rest = _take_time(words)
    rest = re.sub(r"\bom de (?:andere )?week\b", "2 weken", rest)
    rest = re.sub(r"\b(?:fortnight(?:ly)?|biweekly|tweewekelijks|veertien dagen)\b", "2 weken", rest)
    rest = re.sub(r"\béén\b", "een", rest)
    rest = " ".join(_FILLERS.sub(" ", rest).split())
    for pattern, make in _SHAPES_COMPILED:
        if (match := pattern.fullmatch(rest)) and (rule := make(match)):
            return rule, at
    raise Refused("rule_unknown", field="rule", words=text.strip())


def parse_time(text: str) -> time:
    """A time of day alone: "13:30", "9.00", "9 uur", "9am", "9". Raises `Refused` beside the field "at"."""
    words = " ".join(text.lower().split())
    at, rest = _take_time(f"at {words}" if words.isdecimal() else words)
    if at is None or rest:
        raise Refused("time_unknown", field="at")
    return at


def write_rule(rule: Rule, language: str) -> str:  # noqa: PLR0911 one line per kind of rule
    """The rule in the notation: what `parse_rule` reads as the same rule, in either language."""
    dutch = language == "nl"
    match rule:
        case Once():
            return "eenmalig" if dutch else "once"
        case Weekly(weekday, 1):
            return f"{'elke' if dutch else 'every'} {WEEKDAY_NAMES[language][weekday]}"
        case Weekly(weekday, weeks):
            number, day = _NUMBER_NAMES[language][weeks - 1], WEEKDAY_NAMES[language][weekday]
            return f"elke {number} weken op {day}" if dutch else f"every {number} weeks on {day}"
        case MonthlyWeekday(nth, weekday):
            return f"{_NTH_NAMES[language][nth]} {WEEKDAY_NAMES[language][weekday]}"
        case MonthlyDay(31):
            return "laatste dag van de maand" if dutch else "last day of the month"
        case MonthlyDay(day):
            return f"maandelijks op de {day}e" if dutch else f"monthly on the {day}{_suffix(day)}"
        case MonthlyWorkingDay(number):
            word = "werkdag" if dutch else "working day"
            return f"{word} {number}" if number != LAST else f"{_NTH_NAMES[language][LAST]} {word}"


def _suffix(day: int) -> str:
    return "th" if 10 < day < 20 else {1: "st", 2: "nd", 3: "rd"}.get(day % 10, "th")


def _take_time(words: str) -> tuple[time | None, str]:
    """The time of day in the words, and the words without it."""
    for pattern in _TIMES:
        if match := pattern.search(words):
            at = _time(match.groupdict())
            if at is None:
                break
            rest = f"{words[: match.start()]} {words[match.end() :]}"
            return at, " ".join(re.sub(r"\b(?:at|om)\s*$", "", rest.strip()).split())
    return None, words


def _time(found: Mapping[str, str | None]) -> time | None:
    hour, minute, half = int(found["hour"] or 0), int(found.get("minute") or 0), found.get("half")
    if half:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if half == "pm" else 0)
    return time(hour, minute) if hour < 24 and minute < 60 else None

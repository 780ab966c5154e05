"""Numbers, amounts, dates and moments as voice.md writes them, in the reader's language and zone."""

from collections.abc import Callable
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any
from zoneinfo import ZoneInfo

from babel.dates import format_date, get_day_names
from babel.numbers import format_decimal
from jinja2 import pass_context
from jinja2.runtime import Context

LOCALES = {"en": "en_GB", "nl": "nl_NL"}
A_ROW = 3


def day(when: date, language: str) -> str:
    """Thu 11 June, do 11 juni."""
    return format_date(when, "EEE d MMMM", locale=LOCALES[language])


def date_only(when: date, language: str) -> str:
    """11 June, 11 juni."""
    return format_date(when, "d MMMM", locale=LOCALES[language])


def month(when: date, language: str) -> str:
    """June, juni."""
    return format_date(when, "LLLL", locale=LOCALES[language])


def moment(when: datetime, language: str, zone: str) -> str:
    """Thu 18 June, 10:00 (Amsterdam)."""
    return f"{moment_here(when, language, zone)} ({city(zone)})"


def moment_here(when: datetime, language: str, zone: str) -> str:
    """Thu 18 June, 10:00: for a second moment in a sentence that has named the city."""
    local = when.astimezone(ZoneInfo(zone))
    return f"{day(local.date(), language)}, {local:%H:%M}"


def clock(when: datetime, zone: str) -> str:
    """10:00."""
    return f"{when.astimezone(ZoneInfo(zone)):%H:%M}"


def city(zone: str) -> str:
    """Amsterdam, Buenos Aires."""
    return zone.rsplit("/", 1)[-1].replace("_", " ")


def number(value: float | Decimal, language: str, decimals: int = 0) -> str:
    """1,900 or 1.900; rounded once, halves away from zero."""
    exact = Decimal(str(value)).quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)
    pattern = "#,##0" + ("." + "0" * decimals if decimals else "")
    return format_decimal(exact, pattern, locale=LOCALES[language])


def euro(value: float, language: str) -> str:
    """€2,300 or € 2.300."""
    return ("€ " if language == "nl" else "€") + number(value, language)


def cut(text: str, length: int) -> str:
    """At most `length` characters, cut after a word, with an ellipsis."""
    if len(text) <= length:
        return text
    head = text[: length - 1]
    return (head.rsplit(None, 1)[0] if " " in head[length // 2 :] else head).rstrip(" ,;:.") + "…"


def weekdays(days: str, language: str) -> str:
    """Mon-Fri, ma-vr; "124" is Mon, Tue, Thu. Three days or more in a row are written as one."""
    names = get_day_names("abbreviated", locale=LOCALES[language])
    runs: list[list[int]] = []
    for number in sorted(int(day) - 1 for day in days):
        if runs and runs[-1][-1] == number - 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    written = [
        [f"{names[run[0]]}-{names[run[-1]]}"] if len(run) >= A_ROW else [names[day] for day in run] for run in runs
    ]
    return ", ".join(word for run in written for word in run)


def _with_language(function: Callable[..., str]) -> Callable[..., str]:
    @pass_context
    def filtered(context: Context, value: Any, *args: Any) -> str:
        return function(value, context["speaker"].language, *args)

    return filtered


def _with_zone(function: Callable[..., str]) -> Callable[..., str]:
    @pass_context
    def filtered(context: Context, value: Any) -> str:
        return function(value, context["speaker"].language, context["speaker"].zone)

    return filtered


FILTERS: dict[str, Callable[..., str]] = {
    "day": _with_language(day),
    "date_only": _with_language(date_only),
    "month": _with_language(month),
    "weekdays": _with_language(weekdays),
    "number": _with_language(number),
    "euro": _with_language(euro),
    "moment": _with_zone(moment),
    "moment_here": _with_zone(moment_here),
    "city": city,
    "cut": cut,
}

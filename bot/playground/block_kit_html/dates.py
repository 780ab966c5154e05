"""Slack's `<!date^seconds^pattern^link|fallback>` in the reader's zone and language."""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Final

from babel.dates import format_date, format_datetime, format_timedelta

from .reader import Reader

_TOKEN: Final = re.compile(r"\{(\w+)\}")
_NEARBY: Final = {
    "en": {-1: "yesterday", 0: "today", 1: "tomorrow"},
    "nl": {-1: "gisteren", 0: "vandaag", 1: "morgen"},
}


def shown_date(seconds: str, pattern: str, fallback: str, reader: Reader) -> str:
    """The pattern filled in; the fallback where the seconds are no moment or a token is unknown, as Slack does."""
    try:
        moment = datetime.fromtimestamp(int(seconds), UTC).astimezone(reader.zone)
    except (ValueError, OverflowError, OSError):
        return fallback
    if any(token not in _TOKENS for token in _TOKEN.findall(pattern)):
        return fallback
    return _TOKEN.sub(lambda token: _TOKENS[token[1]](moment, reader), pattern)


def day_heading(moment: datetime, reader: Reader) -> str:
    """`Today`, `Yesterday`, or the day and date: the line between the messages of two days."""
    far = format_date(moment, _this_year(moment, reader, "EEEE d MMMM"), locale=reader.locale)
    text = _nearby(moment, reader) or str(far)
    return text[:1].upper() + text[1:]


def _this_year(moment: datetime, reader: Reader, pattern: str) -> str:
    return pattern if moment.year == reader.local_now.year else f"{pattern} y"


def _nearby(moment: datetime, reader: Reader) -> str | None:
    days = (moment.date() - reader.local_now.date()).days
    return _NEARBY.get(reader.locale.language, _NEARBY["en"]).get(days)


def _written(pattern: str) -> Callable[[datetime, Reader], str]:
    return lambda moment, reader: str(format_datetime(moment, pattern, locale=reader.locale))


def _pretty(pattern: str) -> Callable[[datetime, Reader], str]:
    return lambda moment, reader: _nearby(moment, reader) or _written(pattern)(moment, reader)


def _ago(moment: datetime, reader: Reader) -> str:
    return str(format_timedelta(moment - reader.now, add_direction=True, locale=reader.locale))


_TOKENS: Final[dict[str, Callable[[datetime, Reader], str]]] = {
    "date_num": _written("yyyy-MM-dd"),
    "date": _written("d MMMM y"),
    "date_short": _written("d MMM y"),
    "date_long": _written("EEEE d MMMM y"),
    "date_pretty": _pretty("d MMMM y"),
    "date_short_pretty": _pretty("d MMM y"),
    "date_long_pretty": _pretty("EEEE d MMMM y"),
    "day_divider_pretty": day_heading,
    "time": _written("HH:mm"),
    "time_secs": _written("HH:mm:ss"),
    "ago": _ago,
}

"""Public holidays and weekends of a country: the one place that asks the `holidays` library."""

from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from typing import Final

import holidays

LANGUAGES: Final = {"en": "en_US", "nl": "nl"}
MONDAY_TO_FRIDAY: Final = frozenset({5, 6})


@lru_cache(maxsize=512)
def public_holidays(country: str, year: int, language: str = "en") -> Mapping[date, str]:
    """The day → its name, in that language where the library knows it, else in English or the country's own.

    `country` is an ISO code ("NL"), with a subdivision where it has holidays of its own ("DE-BY"). One that is not
    known has none.
    """
    found = _of(country, year, language)
    return dict(sorted(found.items())) if found is not None else {}


@lru_cache(maxsize=128)
def weekend_of(country: str) -> frozenset[int]:
    """The days of the week nobody works, Monday = 0."""
    found = _of(country, 2026, "en")
    return frozenset(found.weekend) if found is not None else MONDAY_TO_FRIDAY


def _of(country: str, year: int, language: str) -> holidays.HolidayBase | None:
    code, _, subdivision = country.upper().partition("-")
    try:
        return holidays.country_holidays(code, subdivision or None, years=year, language=LANGUAGES.get(language))
    except NotImplementedError:
        return None

"""Countries as people type and read them: those whose public holidays are known."""

import unicodedata
from collections.abc import Mapping
from difflib import get_close_matches
from functools import cache
from typing import Final

import holidays
from babel import Locale
from babel.core import get_global

LANGUAGES: Final = ("en", "nl")
WITH_THE: Final = frozenset(
    {"AE", "BS", "CD", "CF", "CG", "DO", "FK", "GB", "GM", "KM", "KY", "MH", "MV", "NL", "PH", "US"}
)
"""Countries that English names with an article."""

ALSO: Final = {"uk": "GB", "usa": "US", "holland": "NL", "czechia": "CZ"}


def find_country(typed: str) -> str | None:
    """The code somebody typed or named, in either language, whatever the capitals; "DE-BY" for a region of its own."""
    wanted = _folded(typed)
    if wanted in _by_way():
        return _by_way()[wanted]
    code, _, region = wanted.upper().partition("-")
    return f"{code}-{region}" if region and region in _regions().get(code, ()) else None


def nearest_country(typed: str, language: str) -> str | None:
    """The name of the country somebody probably meant."""
    wanted = _folded(typed)
    close = get_close_matches(wanted, _by_way(), n=1, cutoff=0.6)
    return country_name(_by_way()[close[0]], language) if close else None


def country_name(code: str, language: str, *, in_a_sentence: bool = False) -> str:
    """ "Netherlands", "Germany (BY)"; in a sentence "the Netherlands". A code that is not known stays as it is."""
    country, _, region = code.partition("-")
    name = Locale(language).territories.get(country, country)
    article = "the " if in_a_sentence and language == "en" and country in WITH_THE else ""
    return f"{article}{name} ({region})" if region else f"{article}{name}"


def country_of_zone(zone: str) -> str | None:
    """The country a time zone lies in, None where it is not one of ours ("UTC")."""
    country: str | None = get_global("zone_territories").get(zone)
    return country if country in _regions() else None


def _folded(typed: str) -> str:
    """Without capitals, accents and article: België and belgie are one."""
    letters = unicodedata.normalize("NFKD", typed.casefold())
    bare = "".join(letter for letter in letters if not unicodedata.combining(letter))
    return " ".join(bare.split()).removeprefix("the ")


@cache
def _regions() -> Mapping[str, tuple[str, ...]]:
    """The code of every country → the regions of it that have holidays of their own."""
    return {code: tuple(regions) for code, regions in holidays.list_supported_countries(include_aliases=False).items()}


@cache
def _by_way() -> Mapping[str, str]:
    """Every way to type a country → its code."""
    names = {_folded(country_name(code, language)): code for language in LANGUAGES for code in _regions()}
    return {**names, **ALSO, **{code.casefold(): code for code in _regions()}}

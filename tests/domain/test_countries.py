"""Countries: typed in either language, by code, nearly right; named as a sentence names them."""

import pytest

from bot.domain.countries import country_name, country_of_zone, find_country, nearest_country


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("NL", "NL"),
        (" nederland ", "NL"),
        ("the Netherlands", "NL"),
        ("België", "BE"),
        ("belgie", "BE"),
        ("Holland", "NL"),
        ("de-by", "DE-BY"),
        ("UK", "GB"),
        ("DE-XX", None),
        ("Narnia", None),
        ("", None),
    ],
)
def test_how_one_types_a_country(typed: str, code: str | None) -> None:
    assert find_country(typed) == code


def test_the_nearest_is_named_in_the_language_of_the_reader() -> None:
    assert nearest_country("Germny", "nl") == "Duitsland"
    assert nearest_country("Duitslnd", "en") == "Germany"
    assert nearest_country("qqqq", "en") is None


@pytest.mark.parametrize(
    ("code", "language", "named"),
    [
        ("NL", "en", "the Netherlands"),
        ("NL", "nl", "Nederland"),
        ("BE", "en", "Belgium"),
        ("DE-BY", "nl", "Duitsland (BY)"),
        ("XX", "en", "XX"),
    ],
)
def test_a_country_in_a_sentence(code: str, language: str, named: str) -> None:
    assert country_name(code, language, in_a_sentence=True) == named


def test_the_country_of_a_zone() -> None:
    assert country_of_zone("Asia/Dubai") == "AE"
    assert country_of_zone("UTC") is None

"""How alike two texts are."""

import math
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.similarity import READ_CHARACTERS, cosines, telling_words, vector

SENTENCES = st.lists(st.text(string.ascii_lowercase, min_size=3, max_size=9), min_size=1, max_size=12).map(" ".join)


def alike(query: str, *documents: str) -> list[float]:
    return cosines(vector(query), [vector(document) for document in documents])


def test_the_same_subject_beats_another_one() -> None:
    same, other = alike("egg salad cut at Easter", "Easter egg salad was short", "the truck left the dock at noon")
    assert same > 0.3 > other


def test_a_dutch_compound_meets_its_parts() -> None:
    compound, other = alike("salades uitverkocht", "extra aardappelsalade gedraaid", "vrachtwagen stond bij het dok")
    assert compound > other == 0


def test_a_rare_word_weighs_more_than_a_common_one() -> None:
    noodle, carrot, *_ = alike("noodle carrot", "noodle", "carrot", "carrot salad", "carrot sauce", "carrot cake")
    assert noodle > 2 * carrot > 0


def test_function_words_and_numbers_make_nothing_alike() -> None:
    assert alike("the order of that week was 24", "the salad of that day was 24") == [0.0]


def test_capitals_and_typographic_letters_do_not_matter() -> None:
    assert alike("ＣＲＥＷ Rota", "crew rota") == [pytest.approx(1.0)]


def test_a_text_without_a_telling_word_is_like_nothing() -> None:
    assert alike("it was, was it not?", "salad", "") == [0.0, 0.0]
    assert alike("salad") == []


def test_only_the_beginning_of_a_long_text_is_read() -> None:
    beginning = "salad " * (READ_CHARACTERS // 6)
    assert telling_words(beginning + "truck " * 1000) == telling_words(beginning)


@given(SENTENCES, st.lists(SENTENCES, max_size=5))
def test_a_score_is_between_nothing_and_the_same(query: str, documents: list[str]) -> None:
    assert all(0 <= score <= 1 + 1e-9 for score in alike(query, *documents))


@given(SENTENCES, SENTENCES)
def test_nothing_is_more_alike_than_the_text_itself(query: str, other: str) -> None:
    itself, another = alike(query, query, other)
    assert itself >= another - 1e-9


@given(SENTENCES, st.lists(SENTENCES, min_size=2, max_size=5))
def test_the_order_of_the_documents_changes_no_score(query: str, documents: list[str]) -> None:
    scores = dict(zip(documents, alike(query, *documents), strict=True))
    turned = list(reversed(documents))
    assert dict(zip(turned, alike(query, *turned), strict=True)) == scores


@given(st.text(max_size=400))
def test_any_text_has_a_direction_of_length_one_or_none(text: str) -> None:
    length = math.hypot(*vector(text).values())
    assert length == 0 or math.isclose(length, 1)

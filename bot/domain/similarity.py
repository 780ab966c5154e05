"""How alike two short texts are: words and 4-5 character grams, weighed by how rare they are.

Grams meet what the ending of a word hides, in Dutch compounds too (*aardappelsalade*, *salades*). A document's vector
knows nothing of the others, so it is worked out once and kept; rarity is counted per comparison and weighs in the query
alone (the scheme *lnc.ltc* of Manning, Raghavan and Schütze, Introduction to Information Retrieval, 6.4).
"""

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Final

from bot.domain.phrases import plain
from bot.domain.vocabulary import STOP_WORDS

Vector = Mapping[str, float]

# What a text is about stands at its beginning; the limit bounds time and memory (about 30 kB for a usual entry).
READ_CHARACTERS: Final = 2_000
_GRAM_WEIGHT: Final = 0.2
_GRAM_LENGTHS: Final = (4, 5)
_WORD: Final = re.compile(r"[^\W\d_]{3,}")


@lru_cache(maxsize=1024)
def vector(text: str) -> Vector:
    """The direction of a text, of length one; empty when it has no telling word. Shared with the cache: read only."""
    return unit(features(text))


def features(text: str) -> dict[str, float]:
    """The weight of each telling word (``=word``) and of its grams, from the first 2,000 characters."""
    words = Counter(telling_words(text))
    grams = Counter(gram for word, count in words.items() for gram in _grams(word) * count)
    weights = {f"={word}": dampened(count) for word, count in words.items()}
    weights.update((gram, _GRAM_WEIGHT * dampened(count)) for gram, count in grams.items())
    return weights


def telling_words(text: str) -> list[str]:
    """The words of a text without function words, numbers and anything under three letters."""
    return [word for word in _WORD.findall(plain(text[:READ_CHARACTERS]).lower()) if word not in STOP_WORDS]


def unit(weights: Mapping[str, float]) -> Vector:
    """The same direction with length one."""
    length = math.hypot(*weights.values())
    return {feature: weight / length for feature, weight in weights.items()} if length else {}


def cosines(query: Vector, documents: Sequence[Vector]) -> list[float]:
    """How alike the query and each document are, from 0 to 1, in the order of the documents."""
    shared = [query.keys() & document.keys() for document in documents]
    rarity = _rarity(query, Counter(feature for features in shared for feature in features), len(documents))
    weighed = {feature: weight * rarity[feature] for feature, weight in query.items()}
    length = math.hypot(*weighed.values())
    if not length:
        return [0.0] * len(documents)
    return [_dot(weighed, document, common) / length for document, common in zip(documents, shared, strict=True)]


def _dot(weighed: Vector, document: Vector, common: Iterable[str]) -> float:
    # fsum: a set has no order of its own, and the sum must not depend on one.
    return math.fsum(weighed[feature] * document[feature] for feature in common)


def _rarity(query: Vector, counts: Mapping[str, int], documents: int) -> Vector:
    """What nearly every document has tells nothing; what none has still counts in the length of the query."""
    return {feature: max(0.0, math.log((documents + 1) / (counts.get(feature, 0) + 0.5))) for feature in query}


def _grams(word: str) -> list[str]:
    padded = f" {word} "
    return [padded[start : start + size] for size in _GRAM_LENGTHS for start in range(len(padded) - size + 1)]


def dampened(count: int) -> float:
    """A word said five times tells more than once, but not five times more."""
    return 1 + math.log(count)

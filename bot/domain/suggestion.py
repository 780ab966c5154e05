"""What the bot guesses about a text: its language, its tension, its level and the earlier entries it looks like.

A guess is shown as a guess: a wrong one is one press away, and below a threshold there is none.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Final, Literal

from bot.domain.phrases import plain
from bot.domain.similarity import READ_CHARACTERS, Vector, cosines, dampened, features, telling_words, unit, vector
from bot.domain.vocabulary import CONCEPTS, DUTCH_ONLY, ENGLISH_ONLY, LEVEL_CUES, Language

Level = Literal["strategic", "implementation", "day_to_day"]

_LEVELS: Final[tuple[Level, ...]] = ("strategic", "implementation", "day_to_day")
# Measured on the sample company: unrelated chatter stays under these, what a person would link mostly stays above.
TENSION_THRESHOLD: Final = 0.05
RECURRENCE_THRESHOLD: Final = 0.15
RECURRENCE_THRESHOLD_ELSEWHERE: Final = 0.25
"""An entry of another tension must look more alike: fewer needless suggestions, and in the sample no true one lost."""
SUPPORT_THRESHOLD: Final = 0.1
_CONCEPT_WEIGHT: Final = 2.0
_EARLIER_WEIGHT: Final = 0.5
_EARLIER_COUNTED: Final = 2
_CONFIDENT_WORDS: Final = 8
# For the word or two that no list knows: how each language tends to spell.
_DUTCH_LOOK: Final = re.compile(r"ij|aa|uu|oe|eu|sch|tje$|lijk|gen$|cht$|ie$")
_ENGLISH_LOOK: Final = re.compile(r"th|sh(?!op)|ght$|^wh|ing$|ed$|tion|ea|ly$|y$")
_WORD: Final = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)?")


@dataclass(frozen=True)
class TensionWords:
    """A tension and its own words: names in both languages, interests, shared interest, metrics."""

    tension_id: str
    text: str


@dataclass(frozen=True)
class EarlierEntry:
    """An entry written before, with the tension a person gave it."""

    entry_id: str
    text: str
    tension_id: str | None
    created_on: date


@dataclass(frozen=True)
class Suggestion:
    """A guessed tension; ``from_entry`` is the earlier entry that told more than the words of the tension."""

    tension_id: str
    score: float
    from_entry: str | None


@dataclass(frozen=True)
class SimilarEntry:
    """An earlier entry that may be the same thing again."""

    entry_id: str
    score: float


def suggest_tensions(
    text: str, tensions: Sequence[TensionWords], earlier: Sequence[EarlierEntry], limit: int = 3
) -> list[Suggestion]:
    """The likeliest tensions, best first; none below the threshold. ``earlier``: at most the newest 500."""
    told = _support(text, earlier)
    own_words = cosines(_meaning(text), [_meaning(tension.text) for tension in tensions])
    guesses = [
        _suggestion(tension.tension_id, own, told.get(tension.tension_id, []))
        for tension, own in zip(tensions, own_words, strict=True)
    ]
    likely = [guess for guess in guesses if guess.score >= TENSION_THRESHOLD]
    return sorted(likely, key=lambda guess: (-guess.score, guess.tension_id))[:limit]


def suggest_recurrence(
    text: str, earlier: Sequence[EarlierEntry], tension_id: str | None = None, limit: int = 3
) -> list[SimilarEntry]:
    """Earlier entries that look like this one: of the same tension first, then the most alike, then the newest."""
    scored = [
        (entry, score)
        for entry, score in _alike(text, earlier)
        if score >= _recurrence_threshold(entry.tension_id, tension_id)
    ]
    scored.sort(
        key=lambda pair: (
            tension_id is None or pair[0].tension_id != tension_id,
            -pair[1],
            -pair[0].created_on.toordinal(),
            pair[0].entry_id,
        )
    )
    return [SimilarEntry(entry.entry_id, score) for entry, score in scored[:limit]]


def _recurrence_threshold(earlier: str | None, now: str | None) -> float:
    return RECURRENCE_THRESHOLD_ELSEWHERE if now is not None and earlier != now else RECURRENCE_THRESHOLD


def detect_language(text: str) -> Language:
    """The language most function words belong to; English when neither wins."""
    words = [word.lower() for word in _WORD.findall(plain(text[:READ_CHARACTERS]))]
    dutch = sum(word in DUTCH_ONLY for word in words)
    english = sum(word in ENGLISH_ONLY for word in words)
    if dutch == english:
        dutch, english = (sum(bool(look.search(word)) for word in words) for look in (_DUTCH_LOOK, _ENGLISH_LOOK))
    return "nl" if dutch > english else "en"


def suggest_level(text: str) -> Level | None:
    """The level whose cues the text has most of; None when it has none or two levels draw."""
    read = plain(text[:READ_CHARACTERS])
    ranked = sorted(((len(LEVEL_CUES[level].findall(read)), level) for level in _LEVELS), reverse=True)
    (most, likeliest), (second, _), _ = ranked
    return likeliest if most > second else None


def _suggestion(tension_id: str, own: float, told: Sequence[tuple[float, str]]) -> Suggestion:
    support = _EARLIER_WEIGHT * sum(score for score, _ in told)
    return Suggestion(tension_id, own + support, told[0][1] if support > own else None)


def _support(text: str, earlier: Sequence[EarlierEntry]) -> dict[str, list[tuple[float, str]]]:
    """Per tension the few most alike of its earlier entries, best first; a distant likeness supports nothing."""
    told: dict[str, list[tuple[float, str]]] = {}
    for entry, score in _alike(text, earlier):
        if entry.tension_id is not None and score >= SUPPORT_THRESHOLD:
            told.setdefault(entry.tension_id, []).append((score, entry.entry_id))
    return {
        tension: sorted(found, key=lambda pair: (-pair[0], pair[1]))[:_EARLIER_COUNTED]
        for tension, found in told.items()
    }


def _alike(text: str, earlier: Sequence[EarlierEntry]) -> list[tuple[EarlierEntry, float]]:
    """Each earlier entry with its likeness; a text of few words gives little to compare, so it counts for less."""
    scores = cosines(vector(text), [vector(entry.text) for entry in earlier])
    confidence = min(1.0, len(telling_words(text)) / _CONFIDENT_WORDS)
    return [(entry, score * confidence) for entry, score in zip(earlier, scores, strict=True)]


@lru_cache(maxsize=256)
def _meaning(text: str) -> Vector:
    """A text with the concepts it speaks of beside its words."""
    read = plain(text[:READ_CHARACTERS])
    counts = {name: len(pattern.findall(read)) for name, pattern in CONCEPTS.items()}
    concepts = {f"#{name}": _CONCEPT_WEIGHT * dampened(count) for name, count in counts.items() if count}
    return unit(features(text) | concepts)

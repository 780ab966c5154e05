"""One question, if you like: which coaching a text asks for, if any.

Each rule is a few word lists and a condition. The first that applies wins: help that is needed now, then what is not
safe to say, then dignity (a person, a motive, many to blame), then what keeps the other side from acting on it.
A date, a number or a customer is an anchor: it disarms every rule that asks for an example.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cached_property
from typing import Final

from bot.domain import coaching_words as lists
from bot.domain.coaching_words import WORDS, Words
from bot.domain.phrases import plain, without_quotes
from bot.domain.similarity import telling_words
from bot.domain.vocabulary import DUTCH_ONLY, ENGLISH_ONLY, Language


class Coaching(StrEnum):
    """What a text could do with; the words of each question are in the templates."""

    HELP_TODAY = "help_today"
    SENSITIVE = "sensitive"
    PERSON_JUDGED = "person_judged"
    MOTIVE_ASSUMED = "motive_assumed"
    BLAME_OF_MANY = "blame_of_many"
    EMPTY_WENT_WELL = "empty_went_well"
    GENERALISATION = "generalisation"
    TOO_VAGUE = "too_vague"
    SOLUTION_FIRST = "solution_first"
    OPINION_ONLY = "opinion_only"
    HALF_AN_EXAMPLE = "half_an_example"


# Who writes more than this without one date, number or customer tells a story, and is not asked for one.
_SHORT_WORDS: Final = 30
_READ_CHARACTERS: Final = 10_000
_SENTENCE_END: Final = re.compile(r"[.!?;\n]+(?=\s|$)")
_WORD: Final = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)?")
_FEW_BLAMED: Final = 3
_ASKED_THEN: Final = re.compile(r"\b(?:asked|wondered|vroeg|vroegen|gevraagd)\b[^.?!]{0,20}$", re.IGNORECASE)
_CRY: Final = re.compile(r"[?!]{2}")


def coach(text: str, kind: str, language: Language) -> Coaching | None:
    """The one coaching a text asks for, or None.

    ``kind`` is clash, went_well, not_so_well or improve; ``language`` is the language of the text, not of its reader.
    Quoted words are not the writer's and are not judged. A text that mixes the languages is read in both.
    """
    reading = _read(text, kind, language)
    if not reading.text.strip():
        return None
    return next((coaching for coaching, applies in _rules(kind) if applies(reading)), None)


@dataclass(frozen=True)
class _Reading:
    """A text as the rules read it."""

    text: str
    kind: str
    words: tuple[Words, ...]

    @cached_property
    def sentences(self) -> list[str]:
        return [sentence.strip() for sentence in _SENTENCE_END.split(self.text)]

    @cached_property
    def has_anchor(self) -> bool:
        return _has_anchor(self.text)

    @cached_property
    def is_short(self) -> bool:
        return len(self.text.split()) <= _SHORT_WORDS

    @property
    def lacks_example(self) -> bool:
        return self.is_short and not self.has_anchor

    def says(self, cue: str) -> bool:
        """Whether a cue stands in the text at all."""
        return any(getattr(words, cue).search(self.text) for words in self.words)

    def places(self, cue: str) -> Iterator[tuple[str, str, Words]]:
        """Each place of a cue: what stands before it in its sentence, the cue itself, and the language it is from."""
        for words in self.words:
            for sentence in self.sentences:
                for match in getattr(words, cue).finditer(sentence):
                    yield sentence[: match.start()], match[0], words

    def claims(self, cue: str) -> Iterator[tuple[str, str, Words]]:
        """The places where a cue is not negated."""
        return (place for place in self.places(cue) if not place[2].negated_before.search(place[0]))

    def says_of_others(self, cue: str) -> bool:
        """Whether a cue is claimed of anybody but the writer."""
        return any(not words.myself_before.search(before) for before, _, words in self.claims(cue))


def _read(text: str, kind: str, language: Language) -> _Reading:
    read = without_quotes(plain(text[:_READ_CHARACTERS]))
    return _Reading(read, kind, tuple(WORDS[spoken] for spoken in _languages(read, language)))


def _languages(text: str, language: Language) -> list[Language]:
    """The language of a text, and the other one when it borrows from that: false friends forbid reading all in both."""
    other: Language = "nl" if language == "en" else "en"
    spoken = [word.lower() for word in _WORD.findall(text)]
    own_only, other_only = (ENGLISH_ONLY, DUTCH_ONLY) if language == "en" else (DUTCH_ONLY, ENGLISH_ONLY)
    own, borrowed = sum(word in own_only for word in spoken), sum(word in other_only for word in spoken)
    return [language, other] if borrowed > 1 or own == 0 else [language]


def _has_anchor(text: str) -> bool:
    if any(pattern.search(text) for pattern in (lists.TIME, lists.FIGURE, lists.CUSTOMER)):
        return True
    return any(not lists.ACTOR.fullmatch(match["name"]) for match in lists.NAME_AFTER.finditer(text))


def _help_today(reading: _Reading) -> bool:
    asks = any(not _ASKED_THEN.search(before) for before, _, _ in reading.places("help_wanted"))
    calls_out = "?" in reading.text or "!" in reading.text
    pressing = reading.says("urgent") or (calls_out and reading.says("now")) or _CRY.search(reading.text) is not None
    return asks and pressing


def _sensitive(reading: _Reading) -> bool:
    return reading.says("unsafe_to_say")


def _person_judged(reading: _Reading) -> bool:
    return reading.says_of_others("person_judged")


def _motive_assumed(reading: _Reading) -> bool:
    return reading.says_of_others("motive")


def _blame_of_many(reading: _Reading) -> bool:
    """Whether three actors, or everyone, stand right before or right after a word of failure."""
    for sentence in reading.sentences:
        actors = {match[0].lower() for match in lists.ACTOR.finditer(sentence)}
        accused = lists.ACTOR if len(actors) >= _FEW_BLAMED else lists.EVERYONE
        places = replace(reading, text=sentence).claims("failed")
        if any(_stands_beside(accused, sentence, before, cue) for before, cue, _ in places):
            return True
    return False


def _stands_beside(accused: re.Pattern[str], sentence: str, before: str, cue: str) -> bool:
    last = max((match.end() for match in accused.finditer(before)), default=None)
    first = accused.search(sentence, len(before) + len(cue))
    if last is not None and len(before[last:].split()) <= 3:
        return True
    return first is not None and len(sentence[len(before) + len(cue) : first.start()].split()) <= 2


def _empty_went_well(reading: _Reading) -> bool:
    return reading.lacks_example and len(_specific_words(reading)) <= 1


def _generalisation(reading: _Reading) -> bool:
    claims = reading.claims("always")
    return reading.lacks_example and any(not _is_wish(before, words, reading.kind) for before, _, words in claims)


def _is_wish(before: str, words: Words, kind: str) -> bool:
    """'We should always call first', or a proposal that opens with 'Never confirm …': a wish is no claim."""
    return words.norm.search(before) is not None or (kind == "improve" and not before)


def _too_vague(reading: _Reading) -> bool:
    return reading.lacks_example and any(reading.claims("too_vague"))


def _solution_first(reading: _Reading) -> bool:
    # The figure of "we need 2 more people" measures the wish; an example has one elsewhere.
    return reading.is_short and any(
        not _has_anchor(reading.text.replace(cue, " ")) for _, cue, _ in reading.claims("solution")
    )


def _opinion_only(reading: _Reading) -> bool:
    return reading.lacks_example and any(reading.claims("opinion"))


def _half_an_example(reading: _Reading) -> bool:
    when = lists.TIME.search(reading.text) or reading.says("again")
    where = lists.FIGURE.search(reading.text) or lists.CUSTOMER.search(reading.text) or _specific_words(reading)
    return reading.is_short and bool(when) and not where and any(reading.claims("trouble"))


def _specific_words(reading: _Reading) -> list[str]:
    """The words that tell a product, a place or an act: no function word, no praise, no time, no department."""
    plainly = lists.ACTOR.sub(" ", lists.TIME.sub(" ", reading.text))
    for pattern in (lists.GENERIC, lists.PRAISE, *(words.trouble for words in reading.words)):
        plainly = pattern.sub(" ", plainly)
    return telling_words(plainly)


_Rule = tuple[Coaching, Callable[[_Reading], bool]]
_ALWAYS_FIRST: Final[tuple[_Rule, ...]] = (
    (Coaching.HELP_TODAY, _help_today),
    (Coaching.SENSITIVE, _sensitive),
    (Coaching.PERSON_JUDGED, _person_judged),
    (Coaching.MOTIVE_ASSUMED, _motive_assumed),
    (Coaching.BLAME_OF_MANY, _blame_of_many),
)
_FOR_WENT_WELL: Final[tuple[_Rule, ...]] = ((Coaching.EMPTY_WENT_WELL, _empty_went_well),)
_FOR_THE_REST: Final[tuple[_Rule, ...]] = (
    (Coaching.GENERALISATION, _generalisation),
    (Coaching.TOO_VAGUE, _too_vague),
    (Coaching.SOLUTION_FIRST, _solution_first),
    (Coaching.OPINION_ONLY, _opinion_only),
    (Coaching.HALF_AN_EXAMPLE, _half_an_example),
)


def _rules(kind: str) -> tuple[_Rule, ...]:
    return _ALWAYS_FIRST + (_FOR_WENT_WELL if kind == "went_well" else _FOR_THE_REST)

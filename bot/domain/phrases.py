"""Readable phrase lists, and what they are looked for in.

A list is comma-separated. In a phrase a space also meets a hyphen or a line break, ``word*`` is any ending of the word,
``(a|b)`` a choice, ``(a )?`` may be left out, and `` ... `` is up to three words between, none of them a negation.
"""

import re
import unicodedata
from typing import Final

_QUOTE_MARKS: Final = str.maketrans("‘’‚‛“”„‟«»`´", "''''" + '""""' + '""' + "''")
# 'like this' or "like this"; the apostrophe of don't and Thursday's is inside a word and opens nothing.
_QUOTED: Final = re.compile(r"(?<!\w)'[^'\n]{1,300}'(?!\w)|\"[^\"\n]{1,300}\"")
_LINE_END_IN_CHOICE: Final = re.compile(r"\|\n\s*")
_GAP: Final = r"(?:[\s-]+(?!(?:not|no|never|niet|geen|nooit)\b)[\w']+){0,3}?[\s-]+"


def plain(text: str) -> str:
    """The text in one form: compatible characters joined, straight quotes, capitals kept."""
    return unicodedata.normalize("NFKC", text).translate(_QUOTE_MARKS)


def without_quotes(text: str) -> str:
    """A plain text without what it quotes: somebody else's words are not the writer's."""
    return _QUOTED.sub(" ", text)


def alternatives(listing: str) -> str:
    """The phrases of a list as one regular expression, for use inside a larger one."""
    phrases = (" ".join(phrase.split()) for phrase in _LINE_END_IN_CHOICE.sub("|", listing).split(","))
    return "(?:" + "|".join(_expression(phrase) for phrase in phrases if phrase) + ")"


def one_of(listing: str) -> re.Pattern[str]:
    """A pattern that finds any phrase of a list as whole words, whatever the capitals."""
    return re.compile(rf"(?<!\w){alternatives(listing)}(?!\w)", re.IGNORECASE)


def _expression(phrase: str) -> str:
    return _GAP.join(part.replace("*", r"\w*").replace(" ", r"[\s-]+") for part in phrase.split(" ... "))

"""How the sample's check.py looks for the facts of a brief in any text: its section "texts", with types."""

import re
from typing import Any

Fact = dict[str, Any]

NUMBER_WORDS = {
    "en": ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"],
    "nl": ["één", "twee", "drie", "vier", "vijf", "zes", "zeven", "acht", "negen", "tien", "elf", "twaalf"],
}


def plain(text: str, language: str) -> str:
    """Without markup, number words as digits: 'six of the seven' and '6 of the 7' are the same."""
    text = re.sub(r"[*_`]|^#+ ", "", text, flags=re.MULTILINE).replace("\u00a0", " ")
    text = text.replace("&amp;", "&").replace("\u2019", "'")
    for number, word in enumerate(NUMBER_WORDS[language], 1):
        text = re.sub(rf"(?<!\w){word}(?!\w)", str(number), text, flags=re.IGNORECASE)
    return text


def post_of(text: str) -> str:
    """The channel post: everything above the first line of dashes; without one, the whole text."""
    return re.split(r"^-{3,}\s*$", text, maxsplit=1, flags=re.MULTILINE)[0]


def scopes(text: str, scope: str) -> list[str]:
    lines = [line for line in text.split("\n") if line.strip()]
    if scope == "text":
        return ["\n".join(lines)]
    if scope == "line":
        return lines
    split = r"[,;]\s|[.:]\s|[()|·•]|\s[-–—]\s"
    return [part for line in lines for part in re.split(split, re.sub(r":\s(?=\d)", " ", line))]


def has(token: str, text: str) -> bool:
    """One of the alternatives of 'a|b' is in the text; numbers and single letters only when they stand alone."""
    for word in token.split("|"):
        left = r"(?<![\w.,#])" if word[0].isdigit() else r"(?<!\w)" if len(word) == 1 else ""
        right = r"(?!\w|[.,:]\d)" if word[-1].isdigit() else r"(?!\w)" if len(word) == 1 else ""
        if re.search(left + re.escape(word) + right, text, flags=0 if len(word) == 1 else re.IGNORECASE):
            return True
    return False


def absent(fact: Fact, text: str, language: str, *, whole: bool = False) -> list[str]:
    """The tokens missing in the best place of the text; empty when the fact is there."""
    parts = scopes(plain(text, language), "text" if whole else fact["scope"])
    return min(([t for t in fact["must_contain"][language] if not has(t, part)] for part in parts), key=len)


def missing_facts(facts: list[Fact], text: str, language: str) -> list[str]:
    problems = []
    for fact in facts:
        if missing := absent(fact, post_of(text) if fact["part"] == "post" else text, language):
            problems.append(f"{fact['id']} {fact[language]!r}: not in the {fact['part']}, missing {missing}")
        for pair in fact.get("must_not_contain", []):
            problems += [
                f"{fact['id']}: must not be shown: {part.strip()!r}"
                for part in scopes(plain(text, language), "phrase")
                if all(has(t, part) for t in pair)
            ]
    return problems

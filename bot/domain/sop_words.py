"""The words after /sop, in both languages."""

from difflib import get_close_matches

ENGLISH = {
    "entries": "entries",
    "brief": "brief",
    "decisions": "decisions",
    "meetings": "meetings",
    "members": "members",
    "setup": "setup",
    "settings": "settings",
    "privacy": "privacy",
    "audit": "audit",
    "checkins": "checkins",
    "disturbance": "disturbance",
    "summary": "summary",
    "help": "help",
}
DUTCH = {
    "voorbeelden": "entries",
    "briefing": "brief",
    "besluiten": "decisions",
    "overleggen": "meetings",
    "leden": "members",
    "instellen": "setup",
    "instellingen": "settings",
    "privacy": "privacy",
    "logboek": "audit",
    "check-ins": "checkins",
    "verandering": "disturbance",
    "weekoverzicht": "summary",
    "hulp": "help",
}
SOP_WORDS = {**ENGLISH, **DUTCH, "": "help"}
"""Both languages are understood from everybody."""


def split_words(text: str) -> tuple[str, str]:
    """The first word, in small letters, and the rest."""
    first, rest = [*text.split(maxsplit=1), "", ""][:2]
    return first.lower(), rest.strip()


def nearest_word(word: str, language: str) -> str | None:
    """The known word somebody probably meant, in the language they read."""
    own = DUTCH if language == "nl" else ENGLISH
    return next(iter(get_close_matches(word, own, n=1, cutoff=0.6)), None)

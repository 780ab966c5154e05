"""The words after /sop, in both languages."""

from difflib import get_close_matches

SOP_WORDS = {
    "entries": "entries",
    "voorbeelden": "entries",
    "brief": "brief",
    "briefing": "brief",
    "settings": "settings",
    "instellingen": "settings",
    "help": "help",
    "hulp": "help",
    "": "help",
}


def split_words(text: str) -> tuple[str, str]:
    """The first word, in small letters, and the rest."""
    first, rest = [*text.split(maxsplit=1), "", ""][:2]
    return first.lower(), rest.strip()


def nearest_word(word: str) -> str | None:
    """The known word somebody probably meant."""
    return next(iter(get_close_matches(word, [known for known in SOP_WORDS if known], n=1, cutoff=0.6)), None)

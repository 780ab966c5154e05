"""The few words the workspace itself adds around what people and bots wrote, in the reader's language as in Slack."""

from typing import Final

_DUTCH: Final[dict[str, str]] = {
    "optional": "optioneel",
    "Choose": "Kies",
    "Type to search": "Typ om te zoeken",
    "Search": "Zoeken",
    "Submit": "Versturen",
    "Cancel": "Annuleren",
    "Close": "Sluiten",
    "Only you can see this": "Alleen jij kunt dit zien",
    "edited": "bewerkt",
    "This message was deleted.": "Dit bericht is verwijderd.",
    "No replies yet": "Nog geen antwoorden",
    "{} reply": "{} antwoord",
    "{} replies": "{} antwoorden",
}


def word(english: str, language: str) -> str:
    """The word in that language; English where there is no other."""
    return _DUTCH.get(english, english) if language == "nl" else english

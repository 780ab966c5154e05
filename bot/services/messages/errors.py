"""Sentences for what could not be done."""

from bot.domain.chat import Buttons, Message, Part, Quote, Text
from bot.domain.errors import Refused
from bot.templates import Speaker


def refused(speak: Speaker, error: Refused) -> Message:
    """The sentence with its cure; a fact named `button` stands below it."""
    facts = {name: fact for name, fact in error.facts.items() if name != "button"}
    parts: tuple[Part, ...] = (Text(speak.text("error", error.sentence, **facts)),)
    if "button" in error.facts:
        parts += (Buttons((error.facts["button"],)),)
    return Message(speak.plain("error", error.sentence, **facts), parts)


def went_wrong(speak: Speaker, code: str, typed: str = "") -> Message:
    """`typed` is repeated back, so that nothing a person wrote is lost; `code` leads to the log."""
    block = "went_wrong_text" if typed else "went_wrong"
    said = Text(speak.text("error", block, code=code))
    return Message(speak.plain("error", block, code=code), (said, Quote(typed)) if typed else (said,))


def old_button(speak: Speaker) -> Message:
    return Message(speak.plain("error", "old_button"), (Text(speak.text("error", "old_button")),))

"""A message as the text a reader sees, one line per line of the chat."""

from collections.abc import Iterable

from bot.domain.chat import Buttons, Facts, Heading, Message, Quote, Small, Text
from bot.domain.markup import strip_markup


def text_of(message: Message) -> str:
    return "\n".join(line for part in message.parts for line in _lines(part))


def lines_of(message: Message) -> list[str]:
    """What the message says, without its buttons."""
    said = (part for part in message.parts if not isinstance(part, Buttons))
    return [line for part in said for text in _lines(part) for line in text.split("\n")]


def _lines(part: object) -> Iterable[str]:
    match part:
        case Heading(text) | Quote(text):
            yield text
        case Text(text) | Small(text):
            yield strip_markup(text)
        case Buttons(buttons):
            yield " ".join(f"[{button.label}]" for button in buttons)
        case Facts(rows):
            yield from (f"{label}: {value}" for label, value in rows)

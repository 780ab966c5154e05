"""What is said to one person on one day: golden message 18, where there is more than one thing."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from bot.domain.chat import Message, Text
from bot.domain.chat_json import from_json, to_json
from bot.domain.markup import strip_markup
from bot.templates import Speaker


def listing(speak: Speaker, day: date, lines: Sequence[Text]) -> Message:
    """All of the day, each with its button; what nothing is to be done about any more has none, and does not count."""
    number = sum(line.button is not None for line in lines)
    opening = Text(speak.text("private_item", "opening", day=day, number=number))
    return Message(speak.plain("private_item", "opening", day=day, number=number), (opening, *lines))


def alone(line: Text) -> Message:
    """The line as a message of its own."""
    return Message(strip_markup(line.text), (line,))


def below(message: Message, lines: Sequence[Text]) -> Message:
    """The message, with what else stands there under it."""
    return Message(message.summary, (*message.parts, *lines))


def over(message: Message) -> Text:
    """The line that is left of something, from the message that takes its place."""
    texts = [part.text for part in message.parts if isinstance(part, Text)]
    return Text(texts[0] if texts else message.summary)


def line_to_json(line: Text) -> dict[str, Any]:
    return to_json(Message("", (line,)))


def line_from_json(held: dict[str, Any]) -> Text:
    [line] = from_json(held).parts
    assert isinstance(line, Text)
    return line

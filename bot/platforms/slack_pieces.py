"""A message that is too long for one, as several that are not. Pure."""

from bot.domain.chat import Message, Part, Quote
from bot.platforms.slack_blocks import fits_message

QUOTE = 3000


def pieces(message: Message) -> list[Message]:
    """The message in its order; a long quote is carried on in the next piece. One that fits stays as it is."""
    if fits_message(message):
        return [message]
    told: list[Message] = []
    for part in (short for whole in message.parts for short in _short(whole)):
        longer = Message(message.summary, (*told[-1].parts, part)) if told else None
        if longer and fits_message(longer):
            told[-1] = longer
        else:
            told.append(Message(message.summary, (part,)))
    return told


def _short(part: Part) -> list[Part]:
    if not isinstance(part, Quote):
        return [part]
    return [Quote(part.text[at : at + QUOTE]) for at in range(0, len(part.text), QUOTE)]

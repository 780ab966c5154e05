"""Why a figure is missing (golden message 16): the button, and the window behind it."""

from bot.domain.chat import Button, Message, Text
from bot.templates import Speaker


def why_button(speak: Speaker) -> Button:
    return speak.button("why", "figure.why")


def why(speak: Speaker) -> Message:
    return Message(speak.plain("not_shown", "summary"), (Text(speak.text("not_shown", "why")),))

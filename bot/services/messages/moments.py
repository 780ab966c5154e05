"""What stands where an answer takes longer than the platform waits for it."""

from bot.domain.chat import Message, Text
from bot.templates import Speaker


def title(speak: Speaker) -> str:
    return speak.plain("moment", "title")


def line(speak: Speaker) -> Message:
    """Where something was typed or pressed."""
    return Message(speak.plain("moment", "line"), (Text(speak.text("moment", "line")),))


def window(speak: Speaker) -> Message:
    """In a window that was opened in time, or in place of a form that was sent."""
    return Message(speak.plain("moment", "window"), (Text(speak.text("moment", "window")),))


def done(speak: Speaker) -> Message:
    """In that window, where the answer stands elsewhere."""
    return Message(speak.plain("moment", "done"), (Text(speak.text("moment", "done")),))

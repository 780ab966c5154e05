"""What facilitators read about people who left."""

from collections.abc import Mapping

from bot.domain.chat import Message, Text
from bot.templates import Speaker


def left(speak: Speaker, name: str, duties: Mapping[str, int]) -> Message:
    """`duties` count what waits for somebody else: meetings they chair, decisions and agreements they own."""
    said = speak.text("member", "left", name=name, **duties)
    return Message(speak.plain("member", "left_summary", name=name), (Text(said),))

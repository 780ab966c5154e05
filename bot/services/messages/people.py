"""What facilitators read about people who left, and about a side that has nobody left."""

from collections.abc import Mapping

from bot.domain.chat import Message, Text
from bot.templates import Speaker


def left(speak: Speaker, name: str, duties: Mapping[str, int]) -> Message:
    """`duties` count what waits for somebody else: meetings they chair, decisions and agreements they own."""
    said = speak.text("member", "left", name=name, **duties)
    return Message(speak.plain("member", "left_summary", name=name), (Text(said),))


def side_empty(speak: Speaker, side: str) -> Message:
    said = speak.text("member", "side_empty", side=side)
    return Message(speak.plain("member", "side_empty_summary", side=side), (Text(said),))

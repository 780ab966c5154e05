"""What becomes of the text a person types, before the bot gets it."""

import re
from collections.abc import Iterable

from bot.playground.model import Channel, Person

_WORD = re.compile(
    r"(?P<link>https?://[^\s<>]*[^\s<>.,;:!?)\]'\"])"
    r"|(?<!\w)@(?P<person>[\w.-]*\w)"
    r"|(?<!\w)#(?P<channel>[\w-]+)"
    r"|(?P<mark>[&<>])"
)
_MARKS = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}
_BROADCASTS = {"here", "channel", "everyone"}


def escaped(text: str, people: Iterable[Person], channels: Iterable[Channel], *, with_names: bool) -> str:
    """Slack's own escaping: `& < >`, and links, people and channels in angle brackets.

    Slash commands carry names (`<@U1|anna>`), messages do not (`<@U1>`).
    """
    users = {person.name: person.id for person in people}
    rooms = {channel.name: channel.id for channel in channels if channel.name}

    def replacement(match: re.Match[str]) -> str:
        if match["link"]:
            return f"<{match['link'].replace('&', '&amp;')}>"
        if match["mark"]:
            return _MARKS[match["mark"]]
        if match["channel"] in rooms:
            return f"<#{rooms[match['channel']]}|{match['channel']}>"
        if match["person"] in _BROADCASTS:
            return f"<!{match['person']}>"
        if match["person"] in users:
            return f"<@{users[match['person']]}{'|' + match['person'] if with_names else ''}>"
        return match[0]

    return _WORD.sub(replacement, text)

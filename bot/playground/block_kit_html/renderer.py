"""Blocks, messages and views as HTML fragments, drawn for one reader."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import blake2s
from itertools import chain
from typing import Any

from jinja2 import Environment, PackageLoader
from markupsafe import Markup

from . import charts, mrkdwn
from .dates import day_heading, shown_date
from .emoji import EMOJI
from .links import safe_image, safe_url
from .reader import Reader
from .words import word

Json = dict[str, Any]
State = Mapping[str, Mapping[str, Json]]

PERSON_SELECTS = {"users_select", "multi_users_select"}
CHANNEL_SELECTS = {
    "channels_select",
    "multi_channels_select",
    "conversations_select",
    "multi_conversations_select",
}


@dataclass(frozen=True)
class Canvas:
    """What the templates ask of one drawing: texts for this reader, stable ids, and the values entered so far.

    `scope` makes ids of elements unique on the page (a message's ts, a view's id); `state` is a view's state values.
    """

    reader: Reader
    scope: str
    state: State = field(default_factory=dict)

    def text(self, composition: Json | None) -> Markup:
        """A text object inside a label or a button."""
        if not composition:
            return Markup("")
        if composition.get("type") == "mrkdwn":
            return mrkdwn.inline(composition["text"], self.reader)
        return self.plain(composition["text"])

    def paragraphs(self, composition: Json) -> Markup:
        """A text object with room for quotes and code blocks."""
        if composition.get("type") == "mrkdwn":
            return self.mrkdwn(composition["text"])
        return Markup("<div>{}</div>").format(self.plain(composition["text"]))

    def mrkdwn(self, text: str) -> Markup:
        """Slack's mrkdwn with paragraphs."""
        return mrkdwn.mrkdwn(text, self.reader)

    def plain(self, text: str) -> Markup:
        """A text without formatting."""
        return mrkdwn.plain(text)

    def ident(self, *parts: object) -> str:
        """A stable HTML id of what these parts name: the same after a redraw."""
        return "e" + blake2s("\0".join([self.scope, *map(str, parts)]).encode(), digest_size=6).hexdigest()

    def entered(self, block_id: str, element: Json) -> Json:
        """The element's state: what the workspace knows of it, else its initial values in the shape of a state."""
        known = self.state.get(block_id, {}).get(element.get("action_id", ""))
        if known is not None:
            return known
        return {name.removeprefix("initial_"): value for name, value in element.items() if name.startswith("initial_")}

    def options(self, element: Json) -> list[Json]:
        """All options of a select, its groups flattened."""
        groups = [group["options"] for group in element.get("option_groups") or []]
        return list(chain(element.get("options") or [], *groups))

    def choices(self, element: Json) -> list[tuple[str, str]]:
        """(id, name) of what a people or channel select offers, by name."""
        people = element["type"] in PERSON_SELECTS
        names = self.reader.members if people else self._open_channels()
        return sorted(names.items(), key=lambda choice: choice[1].casefold())

    def _open_channels(self) -> Mapping[str, str]:
        named = self.reader.channels.items()
        return {id_: f"#{name}" for id_, name in named if id_ not in self.reader.archived}

    def local_input(self, seconds: int | None) -> str:
        """Seconds since 1970 as the value of a datetime-local input."""
        if not seconds:
            return ""
        return datetime.fromtimestamp(seconds, UTC).astimezone(self.reader.zone).strftime("%Y-%m-%dT%H:%M")

    def word(self, english: str) -> str:
        """A word of the workspace itself in the reader's language."""
        return word(english, self.reader.locale.language)

    def replies(self, count: int) -> str:
        """`2 replies`."""
        return self.word("{} reply" if count == 1 else "{} replies").format(count)

    def time(self, ts: str) -> str:
        """The hour and minute of a message."""
        return self.reader.local(ts).strftime("%H:%M")

    def iso(self, ts: str) -> str:
        """A message's moment for a `datetime` attribute."""
        return self.reader.local(ts).isoformat(timespec="seconds")

    def full_time(self, ts: str) -> str:
        """A message's moment in full, as a tooltip."""
        return shown_date(ts.partition(".")[0], "{date_long}, {time}", ts, self.reader)

    def day(self, ts: str) -> str:
        """The heading above the messages of a day."""
        return day_heading(self.reader.local(ts), self.reader)

    def rich_date(self, element: Json) -> str:
        """A date in rich text."""
        return shown_date(str(element["timestamp"]), element["format"], element.get("fallback", ""), self.reader)


class Renderer:
    """Draws with the templates of this package; everything is escaped unless a template of ours wrote it."""

    def __init__(self) -> None:
        env = Environment(loader=PackageLoader("bot.playground"), autoescape=True, trim_blocks=True, lstrip_blocks=True)
        env.filters["compact"] = lambda value: json.dumps(value, ensure_ascii=False, separators=(",", ":"))
        env.filters["initials"] = initials
        env.filters["hue"] = hue
        env.globals.update(
            emoji=EMOJI,
            safe_url=safe_url,
            safe_image=safe_image,
            link=mrkdwn.link,
            mention_person=mrkdwn.person,
            mention_channel=mrkdwn.channel,
            mention_all=mrkdwn.broadcast,
            draw=charts.draw,
            CHANNEL_SELECTS=CHANNEL_SELECTS,
            PERSON_SELECTS=PERSON_SELECTS,
        )
        self._env = env

    def blocks(self, blocks: Sequence[Json], canvas: Canvas) -> Markup:
        """A list of blocks, each one in an element of its own with the key `block_id`."""
        return self.page("blocks.html", canvas=canvas, blocks=blocks)

    def page(self, template: str, **values: object) -> Markup:
        """One of the templates filled in."""
        return Markup(self._env.get_template(template).render(**values))  # noqa: S704 - autoescaped templates


def hue(key: str) -> int:
    """One of ten colours, always the same for a person; dom.js counts alike."""
    return sum(ord(letter) * place for place, letter in enumerate(key, start=1)) % 10


def initials(name: str) -> str:
    """Two letters for an avatar: of the first and last word that begin with a letter or digit."""
    words = [word for word in name.split() if word[0].isalnum()] or [name[:1] or "?"]
    return (words[0][0] + (words[-1][0] if len(words) > 1 else "")).upper()

"""Drawing blocks for one reader, and looking at what came out."""

from datetime import UTC, datetime
from html.parser import HTMLParser
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from bot.playground.block_kit_html import Canvas, Reader, Renderer, locale_named

NOW = datetime(2026, 6, 10, 14, 0, tzinfo=UTC)
AMSTERDAM = ZoneInfo("Europe/Amsterdam")
RENDERER = Renderer()
LINK = 'target="_blank" rel="noopener noreferrer"'


def a_canvas(state: dict[str, Any] | None = None, locale: str = "en-US") -> Canvas:
    reader = Reader(
        now=NOW,
        zone=AMSTERDAM,
        locale=locale_named(locale),
        people={"U1": "Account Manager North", "UBOT": "Ampersand"},
        members={"U1": "Account Manager North", "U2": "Buyer"},
        channels={"C1": "sales-operations"},
    )
    return Canvas(reader, "V1", state or {})


def plain(text: str) -> dict[str, Any]:
    return {"type": "plain_text", "text": text}


def an_option(value: str, text: str = "", description: str = "") -> dict[str, Any]:
    option = {"text": plain(text or value.title()), "value": value}
    return {**option, "description": plain(description)} if description else option


class Seen(HTMLParser):
    """Every tag with its attributes, and all text."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data

    def first(self, tag: str) -> dict[str, str | None]:
        return next(attributes for name, attributes in self.tags if name == tag)

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.tags if name == tag]


def drawn(*blocks: dict[str, Any], state: dict[str, Any] | None = None) -> Seen:
    return Seen(str(RENDERER.blocks(blocks, a_canvas(state))))


def an_input(element: dict[str, Any], **over: Any) -> dict[str, Any]:
    return {
        "type": "input",
        "block_id": "b",
        "label": plain("What happened?"),
        "element": {"action_id": "a", **element},
        **over,
    }


PIECES = st.sampled_from(
    [
        *(
            "<",
            ">",
            "&",
            '"',
            "'",
            "`",
            "```",
            "*",
            "_",
            "~",
            "|",
            "!",
            "@U1",
            "#C1",
            "\n",
            "> ",
            ":zap:",
            "&lt;",
            "&amp;",
        ),
        *("https://a.nl/", "javascript:", "mailto:", "!date^1781100000^{time}^", "<script>", "\ue000", "0", "\ue001"),
        *("onerror=", "</a>", "-->", "\x00", "\r"),
    ]
)
NASTY = st.lists(st.one_of(PIECES, st.text(max_size=4)), max_size=30).map("".join)

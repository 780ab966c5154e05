"""The small markup of texts: `**bold**`, `[label](address)`, and a backslash before what a person typed."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

SPECIAL = re.compile(r"([\\*\[\]()`_~])")
_TYPED = re.compile(r"\\(.)", re.DOTALL)
_TOKEN = re.compile(
    r"\\(?P<typed>.)|(?P<bold>\*\*)|\[(?P<label>(?:\\.|[^\[\]\\])*)\]\((?P<address>(?:\\.|[^()\s\\])*)\)", re.DOTALL
)


@dataclass(frozen=True, slots=True)
class Span:
    """A run of text in one style. `address` is where a link leads, "" for text that is none."""

    text: str
    bold: bool = False
    address: str = ""


def escape(text: str) -> str:
    """The text as markup that shows it exactly as it is."""
    return SPECIAL.sub(r"\\\1", text)


def parse_markup(markup: str) -> tuple[Span, ...]:
    """What the markup shows, run by run. A `**` without its partner is text."""
    runs = groupby(_spans(markup), key=lambda span: (span.bold, span.address))
    merged = (Span("".join(span.text for span in run), *style) for style, run in runs)
    return tuple(span for span in merged if span.text)


def strip_markup(markup: str) -> str:
    """What a reader sees, without bold and links: for headings and notifications."""
    return "".join(span.text for span in parse_markup(markup))


def _spans(markup: str, bold: bool = False, address: str = "") -> Iterator[Span]:
    tokens = list(_TOKEN.finditer(markup))
    marks = [token for token in tokens if token["bold"]]
    partnerless = marks[-1] if len(marks) % 2 else None
    end = 0
    for token in tokens:
        yield Span(markup[end : token.start()], bold, address)
        end = token.end()
        if token["label"] is not None:
            yield from _spans(token["label"], bold, _TYPED.sub(r"\1", token["address"]))
        elif token["typed"] or token is partnerless:
            yield Span(token["typed"] or token[0], bold, address)
        else:
            bold = not bold
    yield Span(markup[end:], bold, address)

"""The small markup of texts."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.markup import Span, escape, parse_markup, strip_markup

ANYTHING = st.text(max_size=200) | st.text(alphabet="\\*[]()`_~ab \n", max_size=60)


@given(ANYTHING)
def test_what_a_person_typed_is_shown_as_typed(typed: str) -> None:
    assert parse_markup(escape(typed)) == ((Span(typed),) if typed else ())


@given(ANYTHING, ANYTHING)
def test_what_a_person_typed_does_not_disturb_its_surroundings(bold: str, label: str) -> None:
    markup = f"a **{escape(bold)}** b [{escape(label)}](https://example.com) c"

    spans = parse_markup(markup)

    assert [span.text for span in spans if span.bold] == ([bold] if bold else [])
    assert [span.text for span in spans if span.address] == ([label] if label else [])
    assert strip_markup(markup) == f"a {bold} b {label} c"


@given(ANYTHING)
def test_any_text_at_all_can_be_read_as_markup(markup: str) -> None:
    assert "".join(span.text for span in parse_markup(markup)) == strip_markup(markup)


@pytest.mark.parametrize(
    ("markup", "spans"),
    [
        ("", ()),
        ("plain", (Span("plain"),)),
        ("**Clash #109** · saved", (Span("Clash #109", bold=True), Span(" · saved"))),
        ("[#109](https://example.com/a)", (Span("#109", address="https://example.com/a"),)),
        ("**[#109](https://example.com)**", (Span("#109", bold=True, address="https://example.com"),)),
        ("[a **b**](https://example.com)", (Span("a ", address="https://example.com"),
                                            Span("b", bold=True, address="https://example.com"))),
        ("two ** stars", (Span("two ** stars"),)),
        ("**a** and ** b", (Span("a", bold=True), Span(" and ** b"))),
        (r"\*\*not bold\*\*", (Span("**not bold**"),)),
        (r"[x](https://example.com/a\_b\(c\))", (Span("x", address="https://example.com/a_b(c)"),)),
        ("[no link] (here)", (Span("[no link] (here)"),)),
        ("ends with \\", (Span("ends with \\"),)),
    ],
)  # fmt: skip
def test_markup_is_read(markup: str, spans: tuple[Span, ...]) -> None:
    assert parse_markup(markup) == spans

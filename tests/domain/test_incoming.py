"""What Slack escapes comes back as what the person saw."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.incoming import mentioned, plain_text, with_names


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("ask <@U024BE7LH|els> today", "ask @els today"),
        ("ask <@U024BE7LH>", "ask @U024BE7LH"),
        ("in <#C024BE7LR|noord-planning>", "in #noord-planning"),
        ("in <#C024BE7LR|>", "in #C024BE7LR"),
        ("<!channel> and <!here>", "@channel and @here"),
        ("<!subteam^S0614TZR7|@planners> know", "@planners know"),
        ("<!date^1392734382^{date}|18 February>", "18 February"),
        ("see <https://intra.example/plan?a=1&amp;b=2>", "see https://intra.example/plan?a=1&b=2"),
        ("see <http://example.com|example.com>", "see example.com"),
        ("see <https://example.com/x|the plan>", "see the plan (https://example.com/x)"),
        ("mail <mailto:els@example.com|els@example.com>", "mail els@example.com"),
        ("stock &lt; 3 &amp; falling &gt; fast", "stock < 3 & falling > fast"),
        ("they typed &amp;lt;", "they typed &lt;"),
        ("&lt;!channel&gt; as typed", "<!channel> as typed"),
        ("“smart” quotes — and\nnew lines 😀 stay", "“smart” quotes — and\nnew lines 😀 stay"),
        ("1 < 2 and 3 > 2", "1 < 2 and 3 > 2"),
    ],
)
def test_what_the_person_saw(text: str, seen: str) -> None:
    assert plain_text(text) == seen


@given(st.text())
def test_what_was_escaped_comes_back_as_typed(typed: str) -> None:
    escaped = typed.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    assert plain_text(escaped) == typed


def test_people_the_chat_did_not_name_get_their_names() -> None:
    text = plain_text("<@U024BE7LH> told <@W99999999>, @els and @USA")
    assert mentioned(text) == {"U024BE7LH", "W99999999", "USA"}
    assert with_names(text, {"U024BE7LH": "Planner Zuid"}) == "@Planner Zuid told @W99999999, @els and @USA"

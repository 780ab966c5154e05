"""Whatever a person types: no ping, no formatting, no limit broken, nothing lost."""

import re

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.chat import (
    Button,
    Buttons,
    ChoiceField,
    Facts,
    Form,
    Heading,
    Message,
    Option,
    Part,
    Quote,
    Small,
    Text,
    TextField,
)
from bot.domain.markup import escape
from bot.platforms.slack_blocks import render_home, render_message, render_message_view, render_plain
from bot.platforms.slack_forms import render_form
from bot.platforms.slack_text import plain_words
from tests.platforms.slack_limits import nodes, pings, refusals, texts

NASTY = [
    "*b*", "_i_", "~s~", "`c`", "```", "> q", "＞", "<", ">", "|", "\\", "**", "[a](https://b.example)", "\n", " ",
    "\t", "<!channel>", "<@U1|x>", "<#C1|y>", "<!subteam^S1|@all>", "<!date^1^{date}|d>", "@here", "@channel", "&amp;",
    "&", "https://a.example/x_y?z=1&q=*", "<https://e.example|e>", "javascript:alert(1)", ":zap:", ":x:", "10:30:45",
    "\x00", "\u200b", "\ud83d", "\u202e", "😀", "👩\u200d👧", "é", "word", "1234567890",
]  # fmt: skip
TYPED = (
    st.text(max_size=80)
    | st.lists(st.sampled_from(NASTY), max_size=40).map("".join)
    | st.builds(lambda piece, times: piece * times, st.sampled_from(NASTY), st.integers(1, 4000))
)
TARGETS = re.compile(r"<((?:https?://|mailto:)[^<>|\s]+)(\|[^<>]*)?>")


def visible(text: str) -> str:
    """What is on the screen, without white space: Slack shows that as it likes."""
    return re.sub(r"\s", "", text)


def unescaped(mrkdwn: str) -> str:
    """mrkdwn without the markup that is ours: links and bold."""
    shown = TARGETS.sub(lambda link: (link[2] or link[1]).removeprefix("|"), mrkdwn)
    return shown.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def message_of(typed: str) -> Message:
    safe = escape(typed)
    parts: tuple[Part, ...] = (
        Heading(typed),
        Text(safe, Button("entry.read", typed, "e1")),
        Text(f"⚡ **{safe}** · {safe} [{safe}](https://example.com)"),
        Quote(typed),
        Facts(((safe, safe), ("Owner", safe))),
        Small(safe),
        Buttons(tuple(Button("entry.open", typed, "v") for _ in range(7))),
    )
    return Message(typed, parts)


@settings(max_examples=100, deadline=None)
@given(TYPED)
def test_nothing_a_person_types_is_refused_or_pings(typed: str) -> None:
    message = message_of(typed)
    for payload in (render_message(message), render_home(message), render_message_view(message, typed, typed)):
        assert refusals(payload) == []
        assert pings(payload) == []


@settings(max_examples=20, deadline=None)
@given(TYPED, st.integers(1, 40))
def test_however_much_is_said_slack_takes_it(typed: str, times: int) -> None:
    message = message_of(typed)
    much = Message(typed, message.parts * times)

    for payload in (render_message(much), render_home(much), render_message_view(much, typed, typed)):
        assert refusals(payload) == []
    plain = render_plain(much)
    assert refusals(plain | {"blocks": []}) == []
    assert pings(plain) == []


@settings(max_examples=100, deadline=None)
@given(TYPED)
def test_no_form_is_refused(typed: str) -> None:
    fields = (
        TextField("text", typed, typed, initial=typed),
        ChoiceField("kind", typed, (Option("a", typed, typed), Option("b", "B")), initial="a", shown_open=True),
    )

    assert refusals(render_form(Form("a", typed, typed, typed, fields, escape(typed)))) == []


@settings(max_examples=150, deadline=None)
@given(TYPED)
def test_what_a_person_typed_never_formats(typed: str) -> None:
    rendered = render_message(Message("x", (Text(escape(typed)), Quote(typed), Small(escape(typed)))))

    for node in nodes(rendered["blocks"]):
        assert "style" not in node
        if node.get("type") == "mrkdwn":
            without_addresses = TARGETS.sub("link", node["text"])
            assert not re.search(r"[*_~`]|^\s*(?:&gt;|＞)", without_addresses, re.MULTILINE)


@settings(max_examples=150, deadline=None)
@given(TYPED.map(lambda typed: typed[:10_000]))
def test_nothing_a_person_typed_is_lost(typed: str) -> None:
    expected = visible(plain_words(typed))
    for part in (Text(escape(typed)), Quote(typed), Small(escape(typed))):
        blocks = render_message_view(Message("-", (part, Text("end"))), "t", "c")["blocks"]
        shown = "".join(
            unescaped(node["text"]) if node.get("type") == "mrkdwn" else next(texts(node))
            for node in nodes(blocks)
            if node.get("type") in ("mrkdwn", "plain_text", "text", "link", "emoji")
        )
        assert visible(shown) == expected + "end"

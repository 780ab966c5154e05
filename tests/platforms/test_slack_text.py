"""Texts on their way to and from Slack."""

import pytest

from bot.domain.markup import Span, parse_markup
from bot.platforms.slack_text import clean, cut, fits_mrkdwn, mrkdwn, notification, pages, plain_words, rich_text, shown


@pytest.mark.parametrize(
    ("arrived", "words"),
    [
        ("<@U123|Joost> changed it", "@Joost changed it"),
        ("<@U0AB12>", "@U0AB12"),
        ("<#C1|noord-planning>", "#noord-planning"),
        ("<#C1|>", "#C1"),
        ("<!channel> <!here|here> <!everyone>", "@channel @here @everyone"),
        ("<!subteam^S012|@planners> <!subteam^S012>", "@planners @S012"),
        ("<!date^1718000000^{date}|10 June>", "10 June"),
        ("<https://shop.example/a>", "https://shop.example/a"),
        ("<https://shop.example|shop.example>", "shop.example"),
        ("<https://shop.example/a|the order>", "the order (https://shop.example/a)"),
        ("<mailto:a@shop.example|a@shop.example>", "a@shop.example"),
        ("5 &lt; 6 &amp; 7 &gt; 2", "5 < 6 & 7 > 2"),
        ("&amp;lt;", "&lt;"),
        ("1 < 2 and <b>", "1 < 2 and <b>"),
        ("a\x00b\r\nc\ud83d", "ab\nc\ufffd"),
    ],
)
def test_escapes_become_plain_words(arrived: str, words: str) -> None:
    assert plain_words(arrived) == words


def test_a_split_character_is_joined_and_a_lone_half_replaced() -> None:
    assert clean("\ud83d\ude00 \ude00") == "😀 \ufffd"


@pytest.mark.parametrize(
    ("text", "most", "expected"),
    [
        ("short", 5, "short"),
        ("one two three", 8, "one two…"),
        ("one two three", 9, "one two…"),
        ("onetwothree", 6, "onetw…"),
        ("a veryverylongword", 12, "a veryveryl…"),
        ("😀😀😀", 5, "😀😀…"),
    ],
)
def test_cut_at_a_word(text: str, most: int, expected: str) -> None:
    assert cut(text, most) == expected


def test_a_notification_can_neither_format_nor_ping() -> None:
    assert notification("<!channel> @channel\n& more", 100) == "&lt;!channel&gt; @\u2060channel &amp; more"
    assert len(notification("&" * 3000, 3000)) <= 3000


@pytest.mark.parametrize(
    ("markup", "expected"),
    [
        ("⚡ **Clash #109** · saved", "⚡ *Clash #109* · saved"),
        ("(**ready**)", "(*ready*)"),
        ("a & b < c", "a &amp; b &lt; c"),
        ("[#109](https://example.com/?a=1&b=2)", "<https://example.com/?a=1&amp;b=2|#109>"),
        ("**[#109](https://example.com)**", "*<https://example.com|#109>*"),
        ("see https://example.com/a_b, please", "see <https://example.com/a_b>, please"),
        ("see https://example.com/a_(b).", "see <https://example.com/a_(b)>."),
        ("[x](javascript:alert)", "x"),
        ("[mail](mailto:a@example.com)", "<mailto:a@example.com|mail>"),
        ("<!channel> <@U1|x> @here", "@channel @x @here"),
    ],
)
def test_mrkdwn(markup: str, expected: str) -> None:
    spans = shown(parse_markup(markup))

    assert fits_mrkdwn(spans)
    assert mrkdwn(spans) == expected


@pytest.mark.parametrize(
    "markup",
    [
        r"box\_size",
        r"2 \* 3",
        r"\~20 trays",
        r"a \` b",
        "> 30 minutes late",
        "first\n> second",
        "＞ full width",
        "mid**word**s",
        "**two\nlines**",
        "** spaced **",
        r"[a\_b](https://example.com)",
        "[two\nlines](https://example.com)",
    ],
)
def test_what_mrkdwn_would_misread_goes_as_rich_text(markup: str) -> None:
    assert not fits_mrkdwn(shown(parse_markup(markup)))


def test_rich_text_has_emoji_and_links_and_no_mention() -> None:
    typed = ":zap: 10:30:45 <!channel> :+1::skin-tone-2: see https://example.com/a_b."

    assert rich_text(shown([Span(typed)])) == [
        {"type": "emoji", "name": "zap"},
        {"type": "text", "text": " 10:30:45 @channel :+1::skin-tone-2: see "},
        {"type": "link", "url": "https://example.com/a_b", "text": "https://example.com/a_b"},
        {"type": "text", "text": "."},
    ]


def test_a_rich_text_of_very_many_pieces_becomes_one() -> None:
    assert rich_text([Span(":a: " * 700)]) == [{"type": "text", "text": ":a: " * 700}]


def test_long_texts_are_broken_between_words() -> None:
    broken = list(pages([Span("word " * 10), Span("bold " * 10, bold=True)], 30))

    assert ["".join(span.text for span in page) for page in broken] == [
        "word " * 6, "word " * 4 + "bold ", "bold " * 5, "bold " * 4,
    ]  # fmt: skip
    assert all(len(mrkdwn(page)) <= 30 for page in broken)


def test_an_address_too_long_for_a_block_is_no_link() -> None:
    address = "https://example.com/?" + "&" * 1000

    assert list(pages(shown([Span("x", address=address)]), 3000)) == [[Span("x")]]

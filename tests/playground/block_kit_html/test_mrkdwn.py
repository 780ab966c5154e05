"""Text as HTML: what Slack would show, and nothing a person types becomes markup."""

from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.playground.block_kit_html import locale_named, zone_named
from bot.playground.block_kit_html.links import safe_image, safe_url
from bot.playground.block_kit_html.renderer import initials
from tests.playground.block_kit_html.drawing import LINK, NASTY, Seen, a_canvas


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("plain", "<div>plain</div>"),
        ("*bold* _italic_ ~struck~", "<div><strong>bold</strong> <em>italic</em> <s>struck</s></div>"),
        ("*bold _both_*", "<div><strong>bold <em>both</em></strong></div>"),
        ("2*3*4 and snake_case_name", "<div>2*3*4 and snake_case_name</div>"),
        ("* not bold *", "<div>* not bold *</div>"),
        ("`*raw*`", "<div><code>*raw*</code></div>"),
        ("```\na < b\n*raw*\n```", "<div><pre>a &lt; b\n*raw*</pre></div>"),
        ("one\ntwo", "<div>one\ntwo</div>"),
        ("before\n> said\n> twice\nafter", "<div>before</div><blockquote>said\ntwice</blockquote><div>after</div>"),
        ("&gt; said", "<blockquote>said</blockquote>"),
        ("S&amp;OP &lt;b&gt;", "<div>S&amp;OP &lt;b&gt;</div>"),
        ("&amp;lt;", "<div>&amp;lt;</div>"),
        ("<b>hi</b>", "<div>&lt;b&gt;hi&lt;/b&gt;</div>"),
        (":zap: *Clash*", "<div>⚡ <strong>Clash</strong></div>"),
        (":no_such_thing: 10:30:15", "<div>:no_such_thing: 10:30:15</div>"),
        ("<https://a.nl/x_y_z|the _plan_>", f'<div><a href="https://a.nl/x_y_z" {LINK}>the _plan_</a></div>'),
        (
            "<https://a.nl/?a=1&amp;b=2>",
            f'<div><a href="https://a.nl/?a=1&amp;b=2" {LINK}>https://a.nl/?a=1&amp;b=2</a></div>',
        ),
        ("see https://a.nl/x_y.", f'<div>see <a href="https://a.nl/x_y" {LINK}>https://a.nl/x_y</a>.</div>'),
        ("<mailto:a@b.nl|Anna>", f'<div><a href="mailto:a@b.nl" {LINK}>Anna</a></div>'),
        ("<javascript:alert(1)|click>", "<div>&lt;javascript:alert(1)|click&gt;</div>"),
        ('<https://a.nl/"onclick="x|y>', f'<div><a href="https://a.nl/&#34;onclick=&#34;x" {LINK}>y</a></div>'),
        ("<https://a.nl/`x`|y>", "<div>&lt;https://a.nl/<code>x</code>|y&gt;</div>"),
        ("<@U1>", '<div><span class="mention">@Account Manager North</span></div>'),
        ("<@U9|jan>", '<div><span class="mention">@jan</span></div>'),
        ("<#C1>", '<div><a class="mention" href="#channel=C1">#sales-operations</a></div>'),
        ("<#C9|secret>", '<div><span class="mention">#secret</span></div>'),
        ("<!channel> <!here>", '<div><span class="mention">@channel</span> <span class="mention">@here</span></div>'),
        ("<!unknown>", "<div>&lt;!unknown&gt;</div>"),
        ("*<@U1>*", '<div><strong><span class="mention">@Account Manager North</span></strong></div>'),
    ],
)
def test_mrkdwn_reads_as_in_slack(typed: str, shown: str) -> None:
    assert str(a_canvas().mrkdwn(typed)) == shown


@pytest.mark.parametrize(
    ("entity", "shown"),
    [
        ("<!date^1781100000^{date_num} {time}|later>", "2026-06-10 16:00"),
        ("<!date^1781100000^{date_short_pretty} at {time}|later>", "today at 16:00"),
        ("<!date^1781186400^{date_long_pretty}|later>", "tomorrow"),
        ("<!date^1780322400^{date_long}|later>", "Monday 1 June 2026"),
        ("<!date^1781100000^{nonsense}|later>", "later"),
        ("<!date^soon^{date}|later>", "later"),
    ],
)
def test_dates_stand_in_the_zone_of_the_reader(entity: str, shown: str) -> None:
    assert str(a_canvas().mrkdwn(entity)) == f"<div>{shown}</div>"


def test_a_dutch_reader_reads_dutch_dates() -> None:
    canvas = a_canvas(locale="nl-NL")
    assert str(canvas.mrkdwn("<!date^1780322400^{date_long}|x>")) == "<div>maandag 1 juni 2026</div>"
    assert canvas.day("1781100000.000000") == "Vandaag"


def test_a_date_can_be_a_link() -> None:
    seen = Seen(str(a_canvas().mrkdwn("<!date^1781100000^{time}^https://a.nl/|x>")))
    assert (seen.first("a")["href"], seen.text) == ("https://a.nl/", "16:00")


@pytest.mark.parametrize(
    ("url", "fine"),
    [
        ("https://a.nl", True),
        ("http://127.0.0.1:3000/#channel=C1", True),
        ("mailto:a@b.nl", True),
        ("HTTPS://A.NL", True),
        ("javascript:alert(1)", False),
        ("JaVaScRiPt:alert(1)", False),
        ("java\tscript:alert(1)", False),
        (" https://a.nl", False),
        ("data:text/html,x", False),
        ("//a.nl", False),
        ("/path", False),
        ("https:", False),
        ("mailto:", False),
        ("http://[::1", False),
        ("https:\\\\a.nl", False),
    ],
)
def test_only_web_and_mail_addresses_are_links(url: str, fine: bool) -> None:
    assert (safe_url(url) == url) is fine


def test_a_picture_comes_from_the_web_only() -> None:
    assert safe_image("mailto:a@b.nl") is None
    assert safe_image("https://a.nl/x.png") == "https://a.nl/x.png"


ALLOWED: dict[str, set[str]] = {
    "a": {"href", "target", "rel", "class"},
    "span": {"class"},
    **{tag: set() for tag in ("div", "strong", "em", "s", "code", "pre", "blockquote")},
}


@given(NASTY)
def test_no_text_becomes_markup(text: str) -> None:
    for html in (a_canvas().mrkdwn(text), a_canvas().text({"type": "mrkdwn", "text": text}), a_canvas().plain(text)):
        for tag, attributes in Seen(str(html)).tags:
            assert tag in ALLOWED
            assert set(attributes) <= ALLOWED[tag]
            href = attributes.get("href") or "#channel="
            assert href.lower().startswith(("http://", "https://", "mailto:", "#channel="))


@given(st.text(alphabet=st.characters(exclude_characters="*_~`<>&:\ue000\ue001\r"), max_size=80))
def test_text_without_marks_is_shown_as_it_is(text: str) -> None:
    assert Seen(str(a_canvas().plain(text))).text == text


@pytest.mark.parametrize(
    ("name", "letters"),
    [("Account Manager North", "AN"), ("Ampersand", "A"), ("QA & Safety", "QS"), ("", "?"), ("…", "…"), ("jo", "J")],
)  # fmt: skip
def test_initials(name: str, letters: str) -> None:
    assert initials(name) == letters


@pytest.mark.parametrize("name", ["Mars/Base", "", "../etc/passwd", "Europe/\x00"])
def test_a_bad_zone_is_utc(name: str) -> None:
    assert zone_named(name) == ZoneInfo("Etc/UTC")


def test_an_unknown_language_is_english() -> None:
    assert locale_named("xx-YY").language == locale_named("").language == "en"


@pytest.mark.parametrize(
    ("ts", "heading"),
    [
        ("1781100000.0", "Today"),
        ("1781013600.0", "Yesterday"),
        ("1780322400.0", "Monday 1 June"),
        ("1748786400.0", "Sunday 1 June 2025"),
    ],
)
def test_the_line_between_days(ts: str, heading: str) -> None:
    assert a_canvas().day(ts) == heading

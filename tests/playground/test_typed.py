"""What becomes of typed text on its way to the bot."""

import pytest

from bot.playground.model import Channel, Person
from bot.playground.typed import escaped

PEOPLE = [Person("U1", "anna", "Anna"), Person("U2", "jan.de-boer", "Jan")]
CHANNELS = [Channel("C1", "sop"), Channel("D1", "", "im")]


@pytest.mark.parametrize(
    ("typed", "message", "command"),
    [
        ("plain words", "plain words", "plain words"),
        ("a < b & c > d", "a &lt; b &amp; c &gt; d", "a &lt; b &amp; c &gt; d"),
        ("ask @anna.", "ask <@U1>.", "ask <@U1|anna>."),
        ("ask @jan.de-boer, please", "ask <@U2>, please", "ask <@U2|jan.de-boer>, please"),
        ("ask @nobody", "ask @nobody", "ask @nobody"),
        ("mail anna@anna.example", "mail anna@anna.example", "mail anna@anna.example"),
        ("in #sop and #nowhere", "in <#C1|sop> and #nowhere", "in <#C1|sop> and #nowhere"),
        ("@channel look", "<!channel> look", "<!channel> look"),
        ("<!channel> look", "&lt;!channel&gt; look", "&lt;!channel&gt; look"),
        (
            "see https://x.example/?a=1&b=2.",
            "see <https://x.example/?a=1&amp;b=2>.",
            "see <https://x.example/?a=1&amp;b=2>.",
        ),
        ("<https://x.example>", "&lt;<https://x.example>&gt;", "&lt;<https://x.example>&gt;"),
    ],
)
def test_typed_text_is_escaped_as_slack_does(typed: str, message: str, command: str) -> None:
    assert escaped(typed, PEOPLE, CHANNELS, with_names=False) == message
    assert escaped(typed, PEOPLE, CHANNELS, with_names=True) == command

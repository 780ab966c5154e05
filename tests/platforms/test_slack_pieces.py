"""What no message holds comes in several, and nothing of it is lost."""

from bot.domain.chat import Button, Buttons, Message, Quote, Text
from bot.platforms.slack_blocks import fits_message
from bot.platforms.slack_pieces import pieces


def test_what_fits_stays_as_it_is() -> None:
    message = Message("Saved.", (Text("Saved."), Quote("x" * 5000)))
    assert pieces(message) == [message]


def test_a_long_quote_is_carried_on() -> None:
    words = "".join(f'{number} pallets "again"\n' for number in range(2000))
    told = pieces(Message("Here is your text.", (Text("Here it is."), Quote(words), Buttons((Button("a", "Sales"),)))))
    assert all(fits_message(piece) for piece in told)
    assert len(told) > 1
    parts = [part for piece in told for part in piece.parts]
    assert "".join(part.text for part in parts if isinstance(part, Quote)) == words
    assert isinstance(parts[0], Text)
    assert isinstance(parts[-1], Buttons)

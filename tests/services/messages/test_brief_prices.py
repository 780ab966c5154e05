"""The line with the prices: fair to every option, and never half an amount."""

from bot.domain.decision import OptionFacts
from bot.services.messages.fitting import cut_clause
from bot.templates import Speaker
from tests.services.messages.test_brief_page import DUTCH, ENGLISH, a_decision, brief, line, the_post

WORDS = "two of the three late changes in May would have been normal, says everybody we asked"
AMOUNTS = "no night work (2,300 euro in May), but trays bought from a competitor (6,300 euro)"


def the_price(first: str, second: str, owner: str, speak: Speaker = ENGLISH) -> str:
    options = (OptionFacts("A", "do it", first), OptionFacts("B", "leave it", second))
    return line(brief(decisions=(a_decision(1, options=options, owner=owner),)), "Pri", speak)


def test_long_prices_are_cut_evenly_and_no_amount_is_cut_off() -> None:
    assert the_price(WORDS, AMOUNTS, "Export Manager") == (
        "Price: A two of the three late changes in May would have been normal…; B no night work (2,300 euro in May), "
        "but trays bought from a competitor (6,300 euro…). Owner: Export Manager."
    )
    assert the_price(WORDS, WORDS, "Export Manager").count("two of the three late changes in May would have") == 2


def test_where_amounts_leave_no_room_the_other_price_is_behind_the_button() -> None:
    owner = "Deputy Production Scheduler of the plant Noord"
    amounts = AMOUNTS.replace("a competitor", "the smallest competitor in the north")

    assert the_price(WORDS, amounts, owner).startswith(
        "Price: A behind the button; B no night work (2,300 euro in May)"
    )
    assert the_price(WORDS, amounts, owner, DUTCH).startswith("Prijs: A achter de knop; B no night work (2,300 euro")
    assert "(6,300 euro" in the_price(WORDS, amounts, owner)


def test_where_no_even_part_fits_all_prices_are_behind_the_button() -> None:
    options = tuple(OptionFacts(letter, "do it", WORDS) for letter in "ABCD")
    crowded = a_decision(
        1, options=options, owner="Production Scheduler Noord " * 2, co_owner="Key Account Manager " * 2
    )

    said = the_post(brief(decisions=(crowded,)))
    assert any(one.startswith("Options and price: behind the button. Owner: Production") for one in said)
    assert not any("two of the three" in one for one in said)


def test_a_cut_inside_brackets_closes_them() -> None:
    text = "trays bought from a competitor at the weekend (6,300 euro in January and as much again in May)"
    assert cut_clause(text, 62) == "trays bought from a competitor at the weekend…"
    assert (
        cut_clause("bought (6,300 euro in January and as much again)", 40) == "bought (6,300 euro in January and as…)"
    )

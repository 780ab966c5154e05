"""What became different from one noted state to the next, however the states were kept."""

import pytest

from bot.domain.changes import Change, changes_between, read_state, write_state


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ("sales", "operations", [Change("", "sales", "operations")]),
        (None, "side: sales\nrole: member", [Change("side", None, "sales"), Change("role", None, "member")]),
        ('{"at": "09:00", "lead": 2}', '{"at": "09:00", "lead": 3}', [Change("lead", 2, 3)]),
        ("question: Which rule?\nowner: Els", "question: Which rule?\nowner: Sam", [Change("owner", "Els", "Sam")]),
        ("side: sales\nplant: Noord", "side: sales", [Change("plant", "Noord", None)]),
        (
            "shown",
            "hidden: It names.",
            [Change("", "shown", None), Change("hidden", None, "It names.")],
        ),
        ("open", "open", []),
        (None, None, []),
    ],
)
def test_only_what_differs_is_told(before: str | None, after: str | None, told: list[Change]) -> None:
    assert changes_between(before, after) == told


def test_a_state_is_read_as_it_was_written() -> None:
    kept = write_state({"side": "sales", "plant": None, "title": "Pre-S&OP:\nof June"})
    assert kept == "side: sales\ntitle: Pre-S&OP: of June"
    assert read_state(kept) == {"side": "sales", "title": "Pre-S&OP: of June"}


def test_a_sentence_of_two_lines_is_one_value() -> None:
    assert read_state("The noon wash:\nwho does it?") == {"": "The noon wash:\nwho does it?"}

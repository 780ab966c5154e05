"""What the post of a brief says of what became of it: corrected, moved, cancelled; and briefs of an older form."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from bot.domain.brief import from_json, to_json
from bot.domain.chat import Text
from bot.services.messages import briefs as messages
from tests.brief_text import lines_of
from tests.domain.test_brief import snapshot
from tests.services.messages.test_brief_page import ENGLISH, STANDING, brief, the_post


def test_a_corrected_brief_says_what_is_different_and_the_old_one_that_it_was_replaced() -> None:
    at = datetime(2026, 6, 11, 9, 5, tzinfo=UTC)
    new = the_post(brief(), version=2, corrected_at=at, correction="growth in May 6.4%, was 6.1% in version 1.")
    old = messages.post(ENGLISH, brief(), replace(STANDING, replaced_by=(2, "brief2")))

    assert new[0] == "Version 2, Thu 11 June, 11:05 (Amsterdam): growth in May 6.4%, was 6.1% in version 1."
    assert lines_of(old)[0] == "Replaced by version 2."
    assert isinstance(old.parts[0], Text)
    assert old.parts[0].button is not None
    assert (old.parts[0].button.action, old.parts[0].button.value) == ("brief.open", "brief2")
    assert lines_of(old)[1:] == the_post(brief())


def test_a_moved_meeting_stands_in_the_heading_with_when_it_was_planned() -> None:
    moved = the_post(brief(), moved_to=datetime(2026, 6, 16, 11, 30, tzinfo=UTC))

    assert moved[:2] == [
        "The meeting has moved: it was planned for Mon 15 June, 13:30 (Amsterdam). The figures stay as they were.",
        "Brief for the pre-S&OP: Tue 16 June, 13:30 (Amsterdam)",
    ]
    assert the_post(brief(), cancelled=True)[0] == "This meeting was cancelled. The figures stay as they were."


def test_a_late_brief_that_was_corrected_only_says_what_is_different() -> None:
    said = the_post(
        brief(),
        late_at=snapshot().as_of + timedelta(hours=1),
        corrected_at=snapshot().as_of + timedelta(hours=2),
        correction="x",
    )

    assert said[0].startswith("Version 1,")
    assert said[1].startswith("Brief for")


def test_a_snapshot_from_before_decisions_can_still_be_read() -> None:
    """As the first release froze it: none of the fields that came with format 2."""
    new = to_json(snapshot())
    later = {"format", "decisions", "elsewhere", "parked", "pulse", "cycles", "guards"}
    old = from_json({name: value for name, value in new.items() if name not in later})

    assert old.format == 1
    assert [said.split(".")[0] for said in the_post(old)[1:4]] == [
        "In short",
        "Objectives",
        "Since the brief of 13 May: no entries",
    ]

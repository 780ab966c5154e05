"""A check-in is answered once, by form: counted for the side, kept apart from the person, changed with a token only."""

from datetime import timedelta
from typing import Any

import pytest

from bot.domain.chat import Message
from bot.domain.entry import LONGEST_TEXT
from bot.domain.errors import DuplicateRequest
from bot.services.access import Sender
from bot.services.checkins.answering import answer_form, answer_form_at_home, save_answer
from bot.services.checkins.examples import show_example
from bot.services.checkins.stopping import stop_rounds
from storage.database import Database
from storage.tables import (
    Checkin,
    CheckinChoice,
    CheckinExample,
    CheckinQuestion,
    CheckinText,
    Entry,
    Outcome,
    Platform,
    PulseScore,
    RoundState,
    Source,
    Visibility,
    Workspace,
)
from tests.builders import WORKSPACE, a_meeting, a_member, a_side, a_workspace
from tests.services.checkins.answer_world import (
    CHOICE,
    EXAMPLE,
    MULTI,
    PALLETS,
    SCORE,
    TEXT,
    AnswerWorld,
    refusal,
)
from tests.services.checkins.round_world import FRIDAY, THURSDAY, at
from tests.services.entry_world import answer, buttons, fields, words


@pytest.fixture
def world(database: Database) -> AnswerWorld:
    return AnswerWorld(database)


def reference(card: Message) -> str:
    """The name of the example on the card."""
    return next(button.value for button in buttons(card).values() if button.label.startswith("Example #"))


def test_a_score_and_an_example_are_in(world: AnswerWorld) -> None:
    friday = at(FRIDAY, "09:00")
    a_meeting(world.database, starts_at=friday + timedelta(days=2), brief_due_at=friday)
    world.ask()
    card = world.answers("els", **{SCORE: "2", EXAMPLE: PALLETS, "kind": "not_so_well"})

    (score,) = world.rows(PulseScore)
    assert (score.side, score.score) == ("operations", 2)
    (entry,) = world.rows(Entry)
    assert (entry.author_id, entry.source, entry.kind) == (world.members["els"].id, Source.CHECKIN, "not_so_well")
    assert [told.entry_id for told in world.rows(CheckinExample)] == [entry.id]
    assert (world.answered("els"), world.turns()["els"].has_answered) == ("in_time", True)
    assert words(card).startswith(
        f"Thank you. Both are in. Change the score here until Fri 19 June, 12:00 (Amsterdam), example #{entry.ref} "
        "until the brief of Fri 19 June, 09:00."
    )
    assert [*buttons(card)] == ["Change", f"Example #{entry.ref}", "Ask the other side"]


def test_a_score_alone_is_enough(world: AnswerWorld) -> None:
    world.ask()
    card = world.answers("els", **{SCORE: "4"})
    assert words(card).startswith("Thank you. Your score is in. Change it here until Fri 19 June, 12:00 (Amsterdam).")
    assert [*buttons(card)] == ["Change", "Add an example"]
    assert world.rows(Entry) == []


def test_who_has_answered_is_not_reminded(world: AnswerWorld) -> None:
    world.ask()
    world.answers("els", **{SCORE: "4"})
    world.run(at(FRIDAY, "11:59"))
    reminded = {name for name, _ in world.sent("checkin_nudge")}
    assert len(reminded) == 11
    assert "els" not in reminded


def test_an_answer_counts_once_whichever_button_it_came_from(world: AnswerWorld) -> None:
    world.ask()
    second = world.form("els")
    world.answers("els", **{SCORE: "2", EXAMPLE: PALLETS})
    assert refusal(lambda: world.form("els")) == ("checkin_answered", None)
    with_more = answer(second, **{SCORE: "5", EXAMPLE: PALLETS})
    assert refusal(lambda: world.sends("els", with_more)) == ("checkin_answered", SCORE)
    assert [score.score for score in world.rows(PulseScore)] == [2]
    assert len(world.rows(Entry)) == 1


def test_a_form_delivered_twice_is_saved_once(world: AnswerWorld) -> None:
    world.ask()
    submission = answer(world.form("els"), **{SCORE: "2", EXAMPLE: PALLETS})
    world.does("els", save_answer, "the same", submission)
    with pytest.raises(DuplicateRequest):
        world.does("els", save_answer, "the same", submission)
    assert (len(world.rows(PulseScore)), len(world.rows(Entry))) == (1, 1)


def test_the_button_of_the_answer_opens_it_filled_in_and_changes_it(world: AnswerWorld) -> None:
    world.ask()
    world.answers("olaf", **{SCORE: "5"})
    card = world.answers("els", **{SCORE: "2", EXAMPLE: PALLETS})
    form = world.opens_change("els", card)
    assert fields(form)[SCORE].initial == "2"
    assert EXAMPLE not in fields(form)  # it is changed in its own card
    assert "shown_with" not in fields(form)
    changed = world.sends("els", answer(form, **{SCORE: "3"}))
    assert sorted(score.score for score in world.rows(PulseScore)) == [3, 5]
    assert words(changed) == words(card)
    assert buttons(changed)["Change"].value == buttons(card)["Change"].value


def test_another_token_changes_nothing(world: AnswerWorld) -> None:
    world.ask()
    world.answers("els", **{SCORE: "2"})
    card = world.answers("olaf", **{SCORE: "5"})
    stolen = world.opens_change("els", card)  # els has the button of olaf
    assert fields(stolen)[SCORE].initial == "5"  # whoever holds the token; no row says whose it is
    guessed = answer(stolen, **{SCORE: "1"})
    guessed.payload["token"] = "guessed"  # type: ignore[index]  # as somebody would forge it
    assert refusal(lambda: world.sends("els", guessed)) == ("checkin_answered", SCORE)
    assert sorted(score.score for score in world.rows(PulseScore)) == [2, 5]


def test_an_example_taken_back_does_not_stand_in_the_way_of_the_score(world: AnswerWorld) -> None:
    world.ask()
    card = world.answers("els", **{SCORE: "2", EXAMPLE: PALLETS})
    with world.database.transaction() as session:
        session.get_one(Entry, world.rows(Entry)[0].id).withdrawn_on = THURSDAY
    form = world.opens_change("els", card)
    changed = world.sends("els", answer(form, **{SCORE: "3"}))
    assert words(changed).startswith("Thank you. Your score is in.")
    assert EXAMPLE in fields(world.opens_change("els", changed))
    assert [score.score for score in world.rows(PulseScore)] == [3]


def test_what_has_to_be_said_is_asked_beside_its_field(world: AnswerWorld) -> None:
    with world.database.transaction() as session:
        session.get_one(CheckinQuestion, "weekly-1").required = True
    world.ask()
    form = world.form("els")
    assert refusal(lambda: world.sends("els", answer(form, **{EXAMPLE: PALLETS}))) == ("checkin_required", SCORE)
    too_long = answer(form, **{SCORE: "3", EXAMPLE: "x" * (LONGEST_TEXT + 1)})
    assert refusal(lambda: world.sends("els", too_long)) == ("too_long", EXAMPLE)
    assert (world.rows(PulseScore), world.rows(Entry), world.answered("els")) == ([], [], "no")
    world.sends("els", answer(form, **{SCORE: "3", EXAMPLE: PALLETS}))
    assert (len(world.rows(PulseScore)), len(world.rows(Entry))) == (1, 1)


def test_an_empty_form_says_nothing(world: AnswerWorld) -> None:
    world.ask()
    assert refusal(lambda: world.answers("els")) == ("checkin_empty", SCORE)


def test_every_type_of_question_is_answered_and_changed(world: AnswerWorld) -> None:
    world.also_ask()
    world.ask()
    said: dict[str, Any] = {
        SCORE: "2",
        CHOICE: "0",
        MULTI: ("0", "2"),
        TEXT: "One phone number.",
        "shown_with": "side_only",
    }
    card = world.answers("els", **said)
    ticks = [(tick.question_id, tick.side, tick.option) for tick in world.rows(CheckinChoice)]
    assert sorted(ticks) == [("more-1", "operations", 0), ("more-2", "operations", 0), ("more-2", "operations", 2)]
    (text,) = world.rows(CheckinText)
    assert (text.text, text.author_id, text.side) == ("One phone number.", None, "operations")

    form = world.opens_change("els", card)
    assert [fields(form)[name].initial for name in (SCORE, CHOICE, MULTI, TEXT)] == [
        "2", "0", ("0", "2"), "One phone number.",
    ]  # fmt: skip
    other: dict[str, Any] = {CHOICE: "1", MULTI: ("1",), TEXT: "Two."}
    world.sends("els", answer(form, **other))
    ticks = [(tick.question_id, tick.side, tick.option) for tick in world.rows(CheckinChoice)]
    assert sorted(ticks) == [("more-1", "operations", 1), ("more-2", "operations", 1)]
    (text,) = world.rows(CheckinText)
    assert (text.text, text.author_id) == ("Two.", None)


def test_a_text_with_a_name_is_found_by_its_author(world: AnswerWorld) -> None:
    world.also_ask()
    world.ask()
    card = world.answers("els", **{SCORE: "2", TEXT: "One phone number."})
    assert [text.author_id for text in world.rows(CheckinText)] == [world.members["els"].id]
    form = world.opens_change("els", card)
    assert fields(form)[TEXT].initial == "One phone number."
    world.sends("els", answer(form, **{TEXT: None}))
    assert world.rows(CheckinText) == []


def test_ticks_without_a_score_count_once_too(world: AnswerWorld) -> None:
    """The reminder, or the Home, still has a button after the question was answered."""
    world.also_ask()
    world.ask()
    second = world.form("els")
    card = world.answers("els", **{CHOICE: "1"})
    assert refusal(lambda: world.form("els")) == ("checkin_answered", None)
    assert refusal(lambda: world.sends("els", answer(second, **{CHOICE: "2"}))) == ("checkin_answered", SCORE)
    form = world.opens_change("els", card)
    assert "Your answers are in." in words(card)
    world.sends("els", answer(form, **{SCORE: "4"}))
    assert [tick.option for tick in world.rows(CheckinChoice)] == [1]
    assert [score.score for score in world.rows(PulseScore)] == [4]


def test_before_they_are_asked_an_answer_is_taken_and_they_are_not_asked(world: AnswerWorld) -> None:
    world.plan()
    world.run(at(THURSDAY, "08:00"))
    world.answers("els", **{SCORE: "4"})
    world.answers("olaf", **{EXAMPLE: PALLETS})
    world.run(at(THURSDAY, "10:30"))
    assert not {"els", "olaf"} & {name for name, _ in world.sent("checkin")}
    assert {world.outcomes()[name] for name in ("els", "olaf")} == {Outcome.ASKED}
    assert world.counted() == 12
    world.run(at(FRIDAY, "12:30"))
    assert world.answered("els") == "in_time"


def test_from_the_home_the_answer_opens_as_a_window_that_says_what_it_keeps(world: AnswerWorld) -> None:
    world.ask()
    form = world.does("els", answer_form_at_home, world.round().id)
    window = world.sends("els", answer(form, **{SCORE: "4"}))
    assert "can be changed from this window only" in words(window)
    assert "here until" not in words(window)
    changed = world.sends("els", answer(world.opens_change("els", window), **{SCORE: "5"}))
    assert [score.score for score in world.rows(PulseScore)] == [5]
    assert "Your score is in." in words(changed)
    assert "can be changed from this window only" in words(changed)


def test_after_the_close_an_example_is_taken_and_a_score_is_kept_nowhere(world: AnswerWorld) -> None:
    world.ask()
    early = world.form("olaf")
    for name in ("oda", "otto", "olga", "okke", "els"):
        world.answers(name, **{SCORE: "3" if name == "els" else "4"})
    world.run(at(FRIDAY, "12:30"))

    late = world.form("olaf")
    assert SCORE not in fields(late)
    assert "The result of 18 June is already out" in late.notice
    card = world.sends("olaf", answer(early, **{SCORE: "1", EXAMPLE: PALLETS}))
    assert words(card).startswith("Thank you. The result of 18 June is already out. Your example is saved.")
    assert "Change" not in buttons(card)
    assert (world.answered("olaf"), len(world.rows(CheckinExample))) == ("late", 1)
    assert sorted(score.score for score in world.rows(PulseScore)) == [3, 4, 4, 4, 4]
    world.answers("olaf", **{EXAMPLE: PALLETS})
    assert len(world.rows(CheckinExample)) == 2


def test_after_the_close_nobody_changes_a_score(world: AnswerWorld) -> None:
    world.ask()
    for name in ("oda", "otto", "olga", "okke"):
        world.answers(name, **{SCORE: "4"})
    card = world.answers("els", **{SCORE: "2"})
    form = world.opens_change("els", card)
    world.run(at(FRIDAY, "12:30"))
    assert refusal(lambda: world.opens_change("els", card)) == ("checkin_closed", None)
    world.sends("els", answer(form, **{SCORE: "5"}))
    assert sorted(score.score for score in world.rows(PulseScore)) == [2, 4, 4, 4, 4]
    assert world.answered("els") == "in_time"


def test_a_round_that_is_long_over_or_asks_somebody_else_takes_nothing(world: AnswerWorld) -> None:
    world.ask()
    round_id = world.round().id
    assert refusal(lambda: world.does("fin", answer_form, round_id)) == ("checkin_not_yours", None)
    assert refusal(lambda: world.does("els", answer_form, "gone")) == ("checkin_over", None)
    world.run(at(FRIDAY, "12:30"))
    world.now = at(THURSDAY.replace(month=7), "12:00")
    assert refusal(lambda: world.does("els", answer_form, round_id)) == ("checkin_over", None)


def test_a_round_stopped_before_anybody_was_asked_is_over(world: AnswerWorld) -> None:
    world.plan()
    world.run(at(THURSDAY, "08:00"))
    form = world.form("els")
    with world.database.transaction() as session:
        stop_rounds(session, session.get_one(Checkin, world.checkin_id))
    assert refusal(lambda: world.sends("els", answer(form, **{SCORE: "4"}))) == ("checkin_over", None)


def test_side_only_is_offered_and_explained(world: AnswerWorld) -> None:
    world.ask()
    form = world.form("els")
    shown_with = fields(form)["shown_with"]
    assert (shown_with.initial, shown_with.options[1].label) == (Visibility.NAMED, "Only my side (Operations)")
    assert "what you write can still give you away" in shown_with.options[1].hint
    card = world.answers("els", **{SCORE: "4", EXAMPLE: PALLETS, "shown_with": "side_only"})
    assert "Your name is stored nowhere: change it here only." in words(card)


def test_a_score_counts_to_the_second_the_last_window_ends_whoever_has_looked_by_then(world: AnswerWorld) -> None:
    world.ask()
    in_time, too_late = answer(world.form("els"), **{SCORE: "4"}), answer(world.form("olaf"), **{SCORE: "2"})
    closes_at = world.round().closes_at
    world.now = closes_at - timedelta(minutes=1, seconds=1)
    world.sends("els", in_time)
    world.now = closes_at - timedelta(minutes=1)
    world.sends("olaf", too_late)

    assert (world.now, world.round().state) == (closes_at, RoundState.OPEN)
    assert [world.answered(who) for who in ("els", "olaf")] == ["in_time", "late"]
    assert [one.score for one in world.rows(PulseScore)] == [4]


def test_what_failed_and_was_posted_again_can_be_answered(world: AnswerWorld) -> None:
    world.ask()
    world.fails(world.members["els"], "refused")
    assert (world.outcomes()["els"], world.answered("els")) == (Outcome.NOT_DELIVERED, "-")

    world.answers("els", **{SCORE: "4"})

    assert world.answered("els") == "in_time"


def test_a_text_that_comes_too_late_stays_in_the_form(world: AnswerWorld) -> None:
    """It would be kept nowhere; a score that is kept nowhere is said so."""
    world.also_ask()
    world.ask()
    form = world.form("els")
    world.run(at(FRIDAY, "12:30"))
    with_text = answer(form, **{SCORE: "2", TEXT: "One number."})
    assert refusal(lambda: world.sends("els", with_text)) == ("checkin_closed", TEXT)
    card = world.sends("els", answer(form, **{SCORE: "2", CHOICE: "1"}))
    assert "a score that comes now is in no figure" in words(card)
    assert (world.answered("els"), world.rows(PulseScore), world.rows(CheckinChoice)) == ("late", [], [])
    assert refusal(lambda: world.answers("olaf")) == ("checkin_empty", EXAMPLE)


def test_what_was_written_for_a_question_that_was_taken_out_stays_in_the_form(world: AnswerWorld) -> None:
    world.also_ask()
    world.ask()
    form = world.form("els")
    world.run(at(FRIDAY, "12:30"))
    world.stop_asking("weekly-2", "more-3")
    with_example, with_text = answer(form, **{SCORE: "2", EXAMPLE: PALLETS}), answer(form, **{SCORE: "2", TEXT: "One."})
    assert refusal(lambda: world.sends("els", with_example)) == ("checkin_closed", EXAMPLE)
    assert refusal(lambda: world.sends("els", with_text)) == ("checkin_closed", TEXT)


def test_the_example_opens_with_what_was_asked_about_it(world: AnswerWorld) -> None:
    with world.database.transaction() as session:
        session.get_one(Workspace, WORKSPACE).help_channel_id = "C-TODAY"
    world.ask()
    asks = {
        "els": "Sales never sticks to the plan.",
        "olaf": "Truck 4 of Discounter D is late right now, who can help??",
    }
    for who, text in asks.items():
        card = world.answers(who, **{SCORE: "2", EXAMPLE: text})
        window = world.does(who, show_example, buttons(card)[f"Example #{reference(card)}"].value)
        offered = {"els": "which order or day was the last time", "olaf": "Somebody needed today?"}[who]
        assert offered in words(card)
        assert offered in words(window)
    assert buttons(card)["Ask for help"].action == "checkin.example"
    assert buttons(window)["Ask for help"].action == "entry.help"


def test_the_example_does_not_look_like_itself(world: AnswerWorld) -> None:
    world.ask()
    card = world.answers("els", **{EXAMPLE: PALLETS})
    window = world.does("els", show_example, reference(card))
    assert "Looks like" not in words(window)
    again = world.answers("olaf", **{EXAMPLE: PALLETS})
    assert f"Looks like #{reference(card)}" in words(world.does("olaf", show_example, reference(again)))


def test_an_example_that_has_to_be_told_is_not_asked_for_again_when_the_score_changes(world: AnswerWorld) -> None:
    with world.database.transaction() as session:
        session.get_one(CheckinQuestion, "weekly-2").required = True
    world.ask()
    card = world.answers("els", **{SCORE: "2", EXAMPLE: PALLETS})
    world.sends("els", answer(world.opens_change("els", card), **{SCORE: "3"}))
    assert [score.score for score in world.rows(PulseScore)] == [3]


def test_where_only_an_example_is_asked_no_form_without_fields_is_offered(world: AnswerWorld) -> None:
    world.stop_asking("weekly-1")
    world.ask()
    card = world.answers("els", **{EXAMPLE: PALLETS})
    assert [*buttons(card)] == [f"Example #{reference(card)}", "Ask the other side"]


def test_a_score_that_came_too_late_beside_an_example_is_said_to_count_nowhere(world: AnswerWorld) -> None:
    world.ask()
    form = world.form("els")
    world.run(at(FRIDAY, "12:30"))
    card = world.sends("els", answer(form, **{SCORE: "1", EXAMPLE: PALLETS}))
    assert "Your example is saved. You count as having answered; a score that comes now is in no figure." in words(card)


def test_beside_a_text_stands_who_will_read_it(world: AnswerWorld) -> None:
    world.also_ask()
    world.ask()
    form = world.form("els")
    assert fields(form)[TEXT].hint.startswith("Everybody can read it in the result, with your name unless")
    changed = world.opens_change("els", world.sends("els", answer(form, **{SCORE: "2", TEXT: "One number."})))
    assert fields(changed)[TEXT].hint == ""


def test_a_round_of_another_company_is_not_there(world: AnswerWorld) -> None:
    world.ask()
    form = world.form("els")
    a_workspace(world.database, id="other", external_id="T2")
    a_side(world.database, workspace_id="other")
    a_member(world.database, id="eve", workspace_id="other", external_id="UEVE")
    eve = Sender(Platform.SLACK, "T2", "UEVE")
    with world.database.transaction() as session:
        attempts = (
            lambda: answer_form(session, world.context(), eve, world.round().id),
            lambda: save_answer(session, world.context(), eve, "hers", answer(form, **{SCORE: "1"})),
        )
        assert [refusal(attempt) for attempt in attempts] == [("checkin_over", None)] * 2


def test_a_form_sent_after_the_side_changed_counts_where_they_were_asked(world: AnswerWorld) -> None:
    world.ask()
    form = world.form("els")
    world.change(world.members["els"], side="sales")
    world.sends("els", answer(form, **{SCORE: "2", EXAMPLE: PALLETS}))
    assert [score.side for score in world.rows(PulseScore)] == ["operations"]
    assert [entry.side for entry in world.rows(Entry)] == ["sales"]


def test_a_form_sent_after_they_left_says_so(world: AnswerWorld) -> None:
    world.ask()
    form = world.form("els")
    world.change(world.members["els"], active_to=THURSDAY - timedelta(days=1))
    assert refusal(lambda: world.sends("els", answer(form, **{SCORE: "2"}))) == ("left", None)
    assert world.rows(PulseScore) == []


def test_after_the_own_window_the_card_says_until_when_others_may_answer(world: AnswerWorld) -> None:
    world.change(world.members["sam"], timezone="America/New_York")
    world.ask()
    world.now = at(FRIDAY, "12:30")
    card = world.answers("els", **{SCORE: "2"})
    assert "Change it here until Fri 19 June, 18:00 (Amsterdam)." in words(card)


def test_what_was_typed_is_kept_as_it_was(world: AnswerWorld) -> None:
    world.also_ask()
    world.ask()
    typed = "<!channel> *Retailer A* & <b> took 12 pallets \U0001f69a _late_ " + "x" * 2900
    world.answers("els", **{SCORE: "2", EXAMPLE: typed, TEXT: typed})
    assert [entry.what_happened for entry in world.rows(Entry)] == [typed]
    assert [one.text for one in world.rows(CheckinText)] == [typed]

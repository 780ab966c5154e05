"""Not now: later today, away, or not this time. Each can be undone, and nobody is asked more than once more."""

from datetime import date, time
from functools import partial

import pytest

from bot.domain.chat import Message
from bot.services.checkins.putting_off import ask_later, away_form, save_away, skip, undo
from storage.database import Database
from storage.tables import Absence, Checkin, Outcome
from tests.services.checkins.answer_world import EXAMPLE, PALLETS, SCORE, AnswerWorld, refusal
from tests.services.checkins.round_world import FRIDAY, THURSDAY, at, local
from tests.services.checkins.test_asking import has_had_their_message
from tests.services.entry_world import answer, buttons, words


@pytest.fixture
def world(database: Database) -> AnswerWorld:
    asked = AnswerWorld(database)
    asked.ask()
    return asked


def is_away(world: AnswerWorld, who: str, until: date | None) -> Message:
    form = world.does(who, away_form, world.round().id)
    return world.does(who, save_away, world.request(), answer(form, until=until))


def reminders(world: AnswerWorld) -> dict[str, str]:
    return {name: local(moment) for name, moment in world.sent("checkin_nudge")}


def test_later_today_comes_three_hours_later_and_is_the_one_reminder(world: AnswerWorld) -> None:
    card = world.does("els", ask_later, world.round().id)
    assert words(card).startswith("I ask again on Thu 18 June, 13:06 (Amsterdam). Nothing is needed until then.")
    assert [*buttons(card)] == ["Answer", "I'm away until…", "Skip"]
    world.run(at(THURSDAY, "13:30"))
    assert reminders(world) == {"els": "Thu 13:06"}
    world.run(at(FRIDAY, "11:59"))
    assert reminders(world)["els"] == "Thu 13:06"
    assert len(world.sent("checkin_nudge")) == 12


def test_later_today_is_kept_also_where_the_question_waited_for_that_day(database: Database) -> None:
    world = AnswerWorld(database)
    with database.transaction() as session:
        session.get_one(Checkin, world.checkin_id).close_at = time(17)
    world.ask("09:00")
    has_had_their_message(world, world.members["els"])
    world.run(at(FRIDAY, "09:30"))

    world.does("els", ask_later, world.round().id)
    world.run(at(FRIDAY, "13:00"))

    assert reminders(world)["els"] == "Fri 12:31"


def test_late_in_the_day_it_is_the_next_morning(world: AnswerWorld) -> None:
    world.now = at(THURSDAY, "16:30")
    assert "Fri 19 June, 08:00" in words(world.does("els", ask_later, world.round().id))


def test_later_than_it_is_open_is_refused(world: AnswerWorld) -> None:
    world.now = at(FRIDAY, "10:00")
    assert refusal(lambda: world.does("els", ask_later, world.round().id)) == ("checkin_no_later", None)
    assert local(world.turns()["els"].nudge_at) != "-"  # the usual one still comes


def test_who_had_the_reminder_is_not_promised_another(world: AnswerWorld) -> None:
    world.does("els", ask_later, world.round().id)
    world.run(at(THURSDAY, "13:30"))
    assert refusal(lambda: world.does("els", ask_later, world.round().id)) == ("checkin_reminded", None)


def test_skip_counts_as_asked_and_is_peace(world: AnswerWorld) -> None:
    card = world.does("els", skip, world.round().id)
    assert "nothing more is asked this time" in words(card)
    world.run(at(FRIDAY, "11:59"))
    assert "els" not in reminders(world)
    assert (world.outcomes()["els"], world.answered("els")) == (Outcome.DECLINED, "no")


def test_who_asks_for_later_after_a_skip_on_another_device_is_asked_later(world: AnswerWorld) -> None:
    world.does("els", skip, world.round().id)
    card = world.does("els", ask_later, world.round().id)
    assert "I ask again on Thu 18 June, 13:0" in words(card)
    world.run(at(THURSDAY, "13:30"))
    assert [*reminders(world)] == ["els"]


def test_skip_is_undone(world: AnswerWorld) -> None:
    card = world.does("els", skip, world.round().id)
    question = world.does("els", undo, buttons(card)["Undo"].value)
    assert [*buttons(question)] == ["Answer", "Later today", "I'm away until…", "Skip"]
    assert (world.outcomes()["els"], world.counted()) == (Outcome.ASKED, 12)


def test_who_took_the_skip_back_is_reminded_as_before(world: AnswerWorld) -> None:
    card = world.does("els", skip, world.round().id)
    world.does("els", undo, buttons(card)["Undo"].value)
    world.run(at(FRIDAY, "11:59"))
    assert {*reminders(world)} == {who for who in world.members if who != "fin"}
    assert reminders(world)["els"] == reminders(world)["olaf"]


def test_who_skipped_may_answer_after_all(world: AnswerWorld) -> None:
    world.does("els", skip, world.round().id)
    world.answers("els", **{SCORE: "4"})
    assert world.answered("els") == "in_time"


def test_away_beyond_the_window_was_not_asked_and_is_not_missing(world: AnswerWorld) -> None:
    card = is_away(world, "els", FRIDAY)
    (absence,) = world.rows(Absence)
    assert (absence.first_day, absence.last_day) == (THURSDAY, FRIDAY)
    assert (world.outcomes()["els"], world.answered("els"), world.counted()) == (Outcome.AWAY, "-", 11)
    assert "I'm back" in buttons(card)
    world.run(at(FRIDAY, "11:59"))
    assert "els" not in reminders(world)


def test_who_is_back_before_it_closes_stays_asked(world: AnswerWorld) -> None:
    is_away(world, "els", THURSDAY)
    assert (world.outcomes()["els"], world.answered("els")) == (Outcome.ASKED, "no")
    world.run(at(FRIDAY, "11:59"))
    assert reminders(world)["els"] == "Fri 08:00"


def test_back_from_away_is_back_in_the_round(world: AnswerWorld) -> None:
    card = is_away(world, "els", FRIDAY)
    question = world.does("els", undo, buttons(card)["I'm back"].value)
    assert "Later today" in buttons(question)
    assert (world.outcomes()["els"], world.counted(), world.rows(Absence)) == (Outcome.ASKED, 12, [])


def test_back_after_the_round_has_closed_still_ends_the_absence(world: AnswerWorld) -> None:
    card = is_away(world, "els", at(FRIDAY, "12:00").date().replace(day=26))
    world.run(at(FRIDAY, "12:30"))
    back = world.does("els", undo, buttons(card)["I'm back"].value)
    assert "Answer" not in buttons(back)
    (absence,) = world.rows(Absence)
    assert absence.last_day == THURSDAY


def test_an_empty_day_is_asked_beside_its_field(world: AnswerWorld) -> None:
    assert refusal(lambda: is_away(world, "els", None)) == ("away_until_missing", "until")
    assert refusal(lambda: is_away(world, "els", THURSDAY.replace(day=1))) == ("away_over", "until")


def test_nothing_is_put_off_after_an_answer_or_the_close(world: AnswerWorld) -> None:
    world.answers("els", **{SCORE: "4", EXAMPLE: PALLETS})
    for use_case in (ask_later, skip, away_form):
        refused = refusal(partial(world.does, "els", use_case, world.round().id))
        assert refused == ("checkin_answered", None)
    world.run(at(FRIDAY, "12:30"))
    assert refusal(lambda: world.does("olaf", skip, world.round().id)) == ("checkin_closed", None)

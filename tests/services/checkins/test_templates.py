"""What a check-in begins from: the weekly round of voice.md, and the two for after a promotion and a launch."""

from datetime import date, time

import pytest
from sqlmodel import select

from bot.services.checkins.templates import Template, create
from storage.checkin_settings import list_side_keys
from storage.checkins import list_questions
from storage.database import Database
from storage.pulses import find_question
from storage.pulses import list_questions as list_scales
from storage.tables import (
    Cadence,
    Checkin,
    CheckinQuestion,
    CheckinState,
    PulseMeasure,
    PulseQuestion,
    QuestionType,
    SideKind,
    Workspace,
)
from tests.builders import WORKSPACE, a_context, a_side, a_workspace

SCALE, CHOICE, MULTI = QuestionType.SCALE, QuestionType.CHOICE, QuestionType.MULTI
TEXT, EXAMPLE = QuestionType.TEXT, QuestionType.EXAMPLE


@pytest.fixture
def company(database: Database) -> Database:
    a_workspace(database)
    a_side(database)
    a_side(database, key="operations", name="Operations", position=1)
    a_side(database, key="finance", name="Finance", position=2, kind=SideKind.BRIDGE)
    return database


def make(company: Database, template: Template) -> Checkin:
    with company.transaction() as session:
        return create(session, a_context(), session.get_one(Workspace, WORKSPACE), template)


def questions(company: Database, checkin: Checkin) -> list[CheckinQuestion]:
    with company.snapshot() as session:
        return list(list_questions(session, checkin.id))


def scales(company: Database) -> list[PulseQuestion]:
    with company.snapshot() as session:
        return list(list_scales(session, WORKSPACE))


def history(company: Database) -> None:
    """A pulse that was imported, with words of its own."""
    scale = PulseQuestion(
        workspace_id=WORKSPACE,
        key="Q1",
        cadence=Cadence.WEEKLY,
        text="How did we do?",
        text_nl="Hoe ging het?",
        lowest=1,
        highest=5,
        position=3,
    )
    with company.transaction() as session:
        session.add(scale)


def test_the_weekly_round_is_asked_on_thursday_at_ten_and_open_for_a_day(company: Database) -> None:
    weekly = make(company, Template.WEEKLY)

    assert (weekly.name, weekly.state) == ("Weekly check-in", CheckinState.ACTIVE)
    assert (weekly.rule, weekly.local_time) == ("every Thursday", time(10))
    assert (weekly.close_after_days, weekly.close_at, weekly.nudge_share_pct) == (1, time(12), 75)
    assert weekly.starts_on == date(2026, 6, 10)
    with company.snapshot() as session:
        assert list_side_keys(session, weekly.id) == ["finance", "operations", "sales"]


def test_it_asks_one_score_and_one_example_in_both_languages(company: Database) -> None:
    scale, example = questions(company, make(company, Template.WEEKLY))

    assert (scale.type, scale.required) == (SCALE, True)
    assert scale.text == "How well did Sales and Operations work together this week?"
    assert scale.text_nl == "Hoe goed werkten Sales en Operations deze week samen?"
    assert (example.type, example.required) == (EXAMPLE, False)
    assert (example.text, example.text_nl) == ("One example of this week", "Eén voorbeeld van deze week")


def test_its_score_is_the_weekly_pulse_made_with_it(company: Database) -> None:
    scale, _ = questions(company, make(company, Template.WEEKLY))

    (pulse,) = scales(company)
    assert (pulse.key, pulse.cadence, pulse.measure) == ("weekly", Cadence.WEEKLY, PulseMeasure.PULSE)
    assert (pulse.lowest, pulse.highest) == (1, 5)
    assert (pulse.lowest_words, pulse.highest_words) == ("against each other", "as one team")
    assert (pulse.text, pulse.text_nl, scale.pulse_key) == (scale.text, scale.text_nl, "weekly")


def test_a_pulse_with_a_history_goes_on_in_its_own_words(company: Database) -> None:
    history(company)

    scale, _ = questions(company, make(company, Template.WEEKLY))

    assert (scale.pulse_key, scale.text, scale.text_nl) == ("Q1", "How did we do?", "Hoe ging het?")
    assert len(scales(company)) == 1


def test_two_check_ins_never_mix_in_one_figure(company: Database) -> None:
    first, _ = questions(company, make(company, Template.WEEKLY))
    second, _ = questions(company, make(company, Template.WEEKLY))

    assert first.pulse_key == "weekly"
    assert second.pulse_key not in {None, "weekly"}
    assert second.text == first.text


def test_of_one_that_was_deleted_the_next_takes_the_pulse_over(company: Database) -> None:
    gone = make(company, Template.WEEKLY)
    with company.transaction() as session:
        session.get_one(Checkin, gone.id).state = CheckinState.DELETED

    scale, _ = questions(company, make(company, Template.WEEKLY))
    assert scale.pulse_key == "weekly"


@pytest.mark.parametrize(
    ("template", "kinds"),
    [(Template.PROMOTION, [SCALE, CHOICE, MULTI, EXAMPLE]), (Template.LAUNCH, [SCALE, CHOICE, TEXT, EXAMPLE])],
)
def test_the_others_are_started_by_hand_and_measure_something_of_their_own(
    company: Database, template: Template, kinds: list[QuestionType]
) -> None:
    checkin = make(company, template)

    asked = questions(company, checkin)
    assert (checkin.rule, [one.type for one in asked]) == (None, kinds)
    assert all(one.text_nl and one.text_nl != one.text for one in asked)
    assert all(len(one.options) == len(one.options_nl) for one in asked)
    with company.snapshot() as session:
        own = find_question(session, WORKSPACE, asked[0].pulse_key or "")
    assert own is not None
    assert (own.text, own.text_nl) == (asked[0].text, asked[0].text_nl)
    assert own.lowest_words


def test_a_scale_of_their_own_never_becomes_the_weekly_pulse(company: Database) -> None:
    make(company, Template.PROMOTION)
    scale, _ = questions(company, make(company, Template.WEEKLY))

    assert scale.pulse_key == "weekly"
    assert next(pulse.key for pulse in scales(company)) == "weekly"


def test_a_blank_one_asks_nothing_yet(company: Database) -> None:
    assert questions(company, make(company, Template.BLANK)) == []


def test_in_a_company_with_other_sides_nobody_is_named(database: Database) -> None:
    a_workspace(database, language="nl")
    for position, name in enumerate(("Sales", "Operations", "Logistics")):
        a_side(database, key=name.lower(), name=name, position=position)

    weekly = make(database, Template.WEEKLY)
    scale, _ = questions(database, weekly)
    assert scale.text == "How well did we work together this week?"
    assert scale.text_nl == "Hoe goed werkten we deze week samen?"
    with database.snapshot() as session:
        assert session.exec(select(Checkin.name)).all() == ["Wekelijkse check-in"]

"""What facilitators read of check-ins and fill in, word for word, in both languages; and that Slack takes all of it."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from syrupy.assertion import SnapshotAssertion

from bot.domain.chat import Form, Message
from bot.domain.checkin.questions import BLUEPRINTS, Template
from bot.platforms.slack_blocks import render_message, render_message_view
from bot.platforms.slack_forms import render_form
from bot.services.messages import checkin_forms as forms
from bot.services.messages import checkin_question_forms as question_forms
from bot.services.messages import checkin_rounds as rounds
from bot.services.messages import checkin_templates as texts
from bot.services.messages import checkins as messages
from bot.services.messages.checkin_rounds import Coming, Running, Turn
from bot.services.messages.checkins import Audience, CardFacts, Row
from bot.templates import LANGUAGES, Speaker, speaker
from storage.tables import Checkin, CheckinQuestion, CheckinRound, CheckinState, Outcome, QuestionType, Side, SideKind
from tests.services.entry_world import words
from tests.services.messages.test_checkin_questions import EXAMPLE, MORE, SCALE
from tests.services.messages.test_entries import check_slack_takes, form_words

THURSDAY = date(2026, 6, 18)
CLOSES = datetime(2026, 6, 19, 11, tzinfo=UTC)


def a_checkin(**over: Any) -> Checkin:
    defaults: dict[str, Any] = {
        "id": "checkin1",
        "workspace_id": "w",
        "name": "Weekly check-in",
        "rule": "every Thursday",
        "starts_on": date(2026, 6, 1),
        "local_time": time(10),
        "close_after_days": 1,
        "close_at": time(12),
        "nudge_share_pct": 75,
    }
    return Checkin(**defaults | over)


def a_round(**over: Any) -> CheckinRound:
    defaults: dict[str, Any] = {"id": "round1", "workspace_id": "w", "checkin_id": "checkin1", "day": THURSDAY}
    return CheckinRound(**defaults | {"label": "2026-W25", "closes_at": CLOSES} | over)


def turn(name: str, outcome: Outcome, zone: str = "Europe/Amsterdam", hour: int = 8) -> Turn:
    return Turn(name, outcome, datetime(2026, 6, 18, hour, tzinfo=UTC), zone)


SIDES = [
    Side(workspace_id="w", key=key, name=key.title(), kind=SideKind.COUNTERPART) for key in ("sales", "operations")
]
WEEKLY, BY_HAND = a_checkin(), a_checkin(id="checkin2", name="After a promotion", rule=None, close_after_days=2)
PAUSED = a_checkin(
    id="checkin3", name="*Launch* <b>", state=CheckinState.PAUSED, close_after_days=0, nudge_share_pct=None
)
COUNTS = {Outcome.ASKED: 12, Outcome.DECLINED: 1, Outcome.WAITING: 3, Outcome.AWAY: 2, Outcome.NOT_DELIVERED: 1}
RUNNING = Running(a_round(), "Weekly check-in", time(10), COUNTS)
LONG = replace(RUNNING, asking=timedelta(minutes=40))
RUN_BY_HAND = replace(RUNNING, round=a_round(starts_at=datetime(2026, 6, 18, 13, tzinfo=UTC)), outcomes={})
EVERYBODY = Audience(
    sides=("Sales", "Operations"),
    people=("Sam", ""),
    observers=6,
    channel="#noord-planning",
    total=18,
    zones={"Europe/Amsterdam": 14, "Europe/London": 3, "Asia/Dubai": 1},
)
FACTS = CardFacts(
    checkin=WEEKLY,
    questions=(SCALE, EXAMPLE),
    audience=EVERYBODY,
    next_on=date(2026, 6, 25),
    asking=timedelta(0),
    rounds=(RUNNING,),
    last=None,
    channel="sales-operations",
)
NOBODY = Audience(sides=(), people=(), observers=0, channel=None, total=0, zones={})
EMPTY = replace(FACTS, checkin=BY_HAND, questions=(), audience=NOBODY, next_on=None, rounds=(), channel=None)
OVER = replace(FACTS, checkin=PAUSED, next_on=None, rounds=(), last=a_round())
MANY = replace(
    EVERYBODY, sides=[f"Side {n}" for n in range(12)], zones=dict.fromkeys(("Asia/Tokyo", "Asia/Seoul"), 5000)
)
TURNS = (
    turn("Anna", Outcome.ASKED),
    turn("Bram", Outcome.DECLINED),
    turn("Cleo", Outcome.WAITING, "Europe/London", 9),
    turn("Dirk", Outcome.WAITING, "Asia/Dubai", 6),
    turn("Els", Outcome.WAITING, "Europe/London", 9),
    turn("Fin", Outcome.NOT_DELIVERED),
    *(
        turn(reason.title(), reason)
        for reason in (
            Outcome.AWAY,
            Outcome.DAY_OFF,
            Outcome.NO_TIME,
            Outcome.LEFT,
            Outcome.UNDISTURBED,
            Outcome.STOPPED,
        )
    ),
    turn("", Outcome.LEFT),
)
ROWS = (
    Row(WEEKLY, 18, THURSDAY, a_round()),
    Row(a_checkin(name="Retro"), 1, THURSDAY),
    Row(BY_HAND, 9, None),
    Row(PAUSED, 9, None),
)
COMING = (Coming("Weekly check-in", date(2026, 6, 25), time(10)), Coming("Retro", date(2026, 7, 1), time(9, 30)))


def told(block: str, **facts: object) -> Callable[[Speaker], Message]:
    """The card with what was done just now above it, and its way back."""
    return lambda speak: messages.card(
        speak, OVER, messages.said(speak, block, speak.button("undo", "checkin.undo_change", "note1"), **facts)
    )


MESSAGES: dict[str, Callable[[Speaker], Message]] = {
    "no check-in": lambda speak: messages.page(speak, (), None, has_weekly=False),
    "list": lambda speak: messages.page(speak, ROWS, None, has_weekly=True),
    "deleted": lambda speak: messages.page(
        speak,
        ROWS[2:],
        messages.said(speak, "deleted", speak.button("put_back", "checkin.restore", "x"), name="Old *one*"),
        has_weekly=False,
    ),
    "templates": messages.templates,
    "card": lambda speak: messages.card(speak, FACTS),
    "card of a large company": lambda speak: messages.card(
        speak, replace(FACTS, audience=MANY, asking=timedelta(minutes=42), rounds=(LONG,))
    ),
    "card, run by hand": lambda speak: messages.card(speak, replace(FACTS, rounds=(RUN_BY_HAND,))),
    "card, empty": lambda speak: messages.card(speak, EMPTY),
    "card, paused": lambda speak: messages.card(speak, OVER),
    "questions": lambda speak: messages.questions(speak, WEEKLY, (SCALE, *MORE, EXAMPLE)),
    "outcomes": lambda speak: rounds.outcomes(speak, "Weekly check-in", a_round(), TURNS),
    "outcomes of nobody": lambda speak: rounds.outcomes(speak, "Weekly check-in", a_round(), ()),
    "home": lambda speak: Message("Home", rounds.home(speak, (LONG,), COMING)),
    "home without rounds": lambda speak: Message("Home", rounds.home(speak, (), ())),
    "home, offered": lambda speak: Message("Home", rounds.offer(speak)),
    "added": told("added", by_hand=False),
    "added, by hand": told("added", by_hand=True),
    "changed": told("changed", running_on=None),
    "changed while a round runs": told("changed", running_on=THURSDAY),
    "ran": told("ran", people=17, until=CLOSES),
    "ran for one": told("ran", people=1, until=CLOSES),
    **{
        block: told(block)
        for block in (
            *("questions_changed", "undone", "paused", "resumed", "ran_for_nobody", "stopped", "goes_on"),
            *("restored", "duplicated"),
        )
    },
}


def a_new_one(template: Template) -> Callable[[Speaker], Form]:
    def opened(speak: Speaker) -> Form:
        name = texts.name(speak.language, template)
        return forms.new(speak, template, name, forms.typed_rule(speak, BLUEPRINTS[template]), SIDES)

    return opened


FILLED = forms.Filled(sides=("sales",), people=("U1",), observers=("U2",), channel="C1")
FORMS: dict[str, Callable[[Speaker], Form]] = {
    **{f"new: {template}": a_new_one(template) for template in Template},
    "settings": lambda speak: forms.settings(speak, WEEKLY, "C1"),
    "settings, other than usual": lambda speak: forms.settings(
        speak, a_checkin(rule=None, close_after_days=6, nudge_share_pct=33), None
    ),
    "audience": lambda speak: forms.audience(speak, WEEKLY, SIDES, FILLED),
    "new question": lambda speak: question_forms.new(speak, WEEKLY, 2),
    "question: scale": lambda speak: question_forms.change(speak, SCALE, 2),
    "question: choice": lambda speak: question_forms.change(speak, MORE[0], 3),
    "question: example": lambda speak: question_forms.change(speak, EXAMPLE, 2),
}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", MESSAGES)
def test_the_message(name: str, language: str, snapshot: SnapshotAssertion) -> None:
    message = MESSAGES[name](speaker(language, "Europe/Amsterdam"))
    check_slack_takes(render_message(message))
    check_slack_takes(render_message_view(message, "Ampersand", "Close"))
    assert f"{message.summary}\n---\n{words(message)}" == snapshot


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", FORMS)
def test_the_form(name: str, language: str, snapshot: SnapshotAssertion) -> None:
    form = FORMS[name](speaker(language, "Europe/Amsterdam"))
    assert len(form.title) <= 24
    check_slack_takes(render_form(form))
    assert form_words(form) == snapshot


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("template", [template for template in Template if template is not Template.BLANK])
def test_what_a_ready_made_one_asks(template: Template, language: str, snapshot: SnapshotAssertion) -> None:
    said = [texts.question(asks, texts.counterparts(SIDES)) for asks in BLUEPRINTS[template].asks]
    lines = [(one.text_nl, *one.options_nl) if language == "nl" else (one.text, *one.options) for one in said]
    assert "\n".join(" | ".join(line) for line in lines) == snapshot


@pytest.mark.parametrize("language", LANGUAGES)
def test_ten_thousand_people_fit_into_the_window(language: str) -> None:
    turns = [turn(f"Somebody with a long name {n}", Outcome.ASKED) for n in range(10_000)]
    message = rounds.outcomes(speaker(language, "Europe/Amsterdam"), "Weekly check-in", a_round(), turns)
    check_slack_takes(render_message_view(message, "Ampersand", "Close"))
    assert "Somebody with a long name 299" in words(message)
    assert ("9,700 more" if language == "en" else "nog 9.700") in words(message)


def test_a_question_of_every_kind_has_its_word() -> None:
    speak = speaker("en", "Europe/Amsterdam")
    for kind in QuestionType:
        question = CheckinQuestion(id="q", workspace_id="w", checkin_id="c", position=0, type=kind, text="How?")
        assert messages.question_line(speak, 1, question).startswith("1 How? · ")

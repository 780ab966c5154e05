"""What a check-in says to one person, word for word, in both languages; and that Slack takes every one of these."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from syrupy.assertion import SnapshotAssertion

from bot.domain.chat import Form, Message
from bot.domain.coaching import Coaching
from bot.platforms.slack_blocks import render_message, render_message_view
from bot.platforms.slack_forms import render_form
from bot.services.messages import checkin_answers as answers
from bot.services.messages import checkin_questions as questions
from bot.services.messages.checkin_answers import Answer, Blank
from bot.services.messages.checkin_questions import QuestionFacts
from bot.services.messages.entries import Advice
from bot.templates import LANGUAGES, speaker
from storage.tables import (
    Absence,
    Cadence,
    CheckinAsked,
    CheckinQuestion,
    Outcome,
    PulseQuestion,
    QuestionType,
    Visibility,
)
from tests.services.entry_world import words
from tests.services.messages.test_entries import an_entry, check_slack_takes, form_words, side_only

ZONE, DUBAI = "Europe/Amsterdam", "Asia/Dubai"
UNTIL = datetime(2026, 6, 19, 10, tzinfo=UTC)


def a_question(kind: QuestionType, text: str, **over: Any) -> CheckinQuestion:
    defaults: dict[str, Any] = {"id": f"id-{kind}", "workspace_id": "w", "checkin_id": "c", "position": 0}
    return CheckinQuestion(**defaults | {"type": kind, "text": text} | over)


SCALE = a_question(
    QuestionType.SCALE,
    "How well did Sales and Operations work together this week?",
    text_nl="Hoe goed werkten Sales en Operations deze week samen?",
    pulse_key="weekly",
    required=True,
)
EXAMPLE = a_question(
    QuestionType.EXAMPLE, "One example of this week", text_nl="Eén voorbeeld van deze week", position=1
)
OPTIONS: dict[str, Any] = {"options": ["sooner", "firmer"], "options_nl": ["eerder", "vaster"]}
MORE = (
    a_question(QuestionType.CHOICE, "Was the volume right?", text_nl="Klopte het volume?", **OPTIONS),
    a_question(QuestionType.MULTI, "What next time?", text_nl="Wat volgende keer?", **OPTIONS),
    a_question(QuestionType.TEXT, "What do you need from the other side?", text_nl="Wat heb je nodig?"),
)
WEEKLY = QuestionFacts("round1", "Weekly check-in", (SCALE, EXAMPLE), UNTIL, is_default=True)
OWN = QuestionFacts("round1", "After the football promotion", (*MORE, EXAMPLE), UNTIL, is_default=False)
ONE = QuestionFacts("round1", "Launch", (MORE[0],), UNTIL, is_default=False)
PULSE = PulseQuestion(
    workspace_id="w",
    key="weekly",
    cadence=Cadence.WEEKLY,
    text="",
    text_nl="",
    lowest=1,
    highest=5,
    lowest_words="against each other",
    highest_words="as one team",
)
ANSWER = Answer(round_id="round1", value="round1 token", until=UNTIL, has_score=True)
BRIEF = datetime(2026, 7, 13, 7, tzinfo=UTC)
WITH_EXAMPLE = replace(ANSWER, value="round1 token k7m2", entry=an_entry(), handle="k7m2", side="Operations")
OUT = date(2026, 6, 18)


def a_turn(outcome: Outcome = Outcome.ASKED, **over: Any) -> CheckinAsked:
    return CheckinAsked(round_id="round1", member_id="m", side="sales", outcome=outcome, until=UNTIL, **over)


def answered(answer: Answer) -> Callable[[str], Message]:
    return lambda language: answers.answered(speaker(language, ZONE), answer)


def on_home(facts: QuestionFacts, turn: CheckinAsked) -> Callable[[str], Message]:
    return lambda language: Message("Home", (questions.on_home(speaker(language, ZONE), facts, turn),))


def advice(language: str) -> Message:
    asking = Advice(Coaching.GENERALISATION, speaker(language, ZONE))
    return answers.answered(speaker(language, ZONE), replace(WITH_EXAMPLE, advice=asking))


MESSAGES: dict[str, Callable[[str], Message]] = {
    "question": lambda language: questions.question(speaker(language, ZONE), WEEKLY),
    "question in Dubai": lambda language: questions.question(speaker(language, DUBAI), WEEKLY),
    "question of another": lambda language: questions.question(speaker(language, ZONE), OWN),
    "one question": lambda language: questions.question(speaker(language, ZONE), ONE),
    "nudge": lambda language: questions.nudge(speaker(language, ZONE), WEEKLY),
    "nudge of another": lambda language: questions.nudge(speaker(language, ZONE), OWN),
    "line": lambda language: Message("2 things", (questions.line(speaker(language, ZONE), WEEKLY),)),
    "line of another": lambda language: Message("2 things", (questions.line(speaker(language, ZONE), OWN),)),
    "home: open": on_home(WEEKLY, a_turn()),
    "home: to come": on_home(OWN, a_turn(Outcome.WAITING, ask_at=datetime(2026, 6, 18, 8, tzinfo=UTC))),
    "home: skipped": on_home(WEEKLY, a_turn(Outcome.DECLINED)),
    "home: answered": on_home(WEEKLY, a_turn(has_answered=True)),
    "home: another answered": on_home(OWN, a_turn(has_answered=True)),
    "both": answered(replace(WITH_EXAMPLE, frozen_at=BRIEF, tension="Fast response")),
    "both, no brief": answered(WITH_EXAMPLE),
    "score": answered(ANSWER),
    "example": answered(replace(WITH_EXAMPLE, has_score=False, may_score=True, frozen_at=BRIEF)),
    "reply": answered(replace(WITH_EXAMPLE, has_score=False, may_score=True, is_reply=True)),
    "reply, more is asked": answered(replace(WITH_EXAMPLE, has_score=False, may_answer=True, value="", is_reply=True)),
    "other answers": answered(replace(ANSWER, has_score=False)),
    "coached": advice,
    "side only": answered(replace(WITH_EXAMPLE, entry=side_only())),
    "company": answered(replace(WITH_EXAMPLE, entry=side_only(), side=None)),
    "not noted": answered(replace(WITH_EXAMPLE, entry=side_only(), has_score=False, is_noted=False)),
    "from home": answered(replace(ANSWER, in_window=True)),
    "late": answered(replace(WITH_EXAMPLE, has_score=False, out_on=OUT)),
    "late score": answered(replace(ANSWER, has_score=False, out_on=OUT)),
    "later": lambda language: answers.later(speaker(language, ZONE), "round1", datetime(2026, 6, 18, 11, tzinfo=UTC)),
    "skipped": lambda language: answers.skipped(speaker(language, ZONE), "round1"),
    "away": lambda language: answers.away(
        speaker(language, ZONE),
        "round1",
        Absence(id="a", workspace_id="w", member_id="m", first_day=OUT, last_day=date(2026, 6, 26)),
        OUT,
    ),
    "quiet reply": lambda language: answers.reply_kept_out(speaker(language, ZONE), "round1", "quietly it went badly"),
}
BLANK = Blank(
    name="Weekly check-in",
    is_default=True,
    questions=(SCALE, EXAMPLE),
    scales={"weekly": PULSE},
    visibility=Visibility.NAMED,
    side="Operations",
    payload={"round": "round1"},
)
FORMS: dict[str, Blank] = {
    "weekly": BLANK,
    "every type": replace(BLANK, is_default=False, name="After the football promotion", questions=(*MORE, EXAMPLE)),
    "changed": replace(BLANK, payload={"round": "round1", "token": "t", "handle": "k7m2"}, given={"qid-scale": "4"}),
    "late": replace(BLANK, questions=(EXAMPLE,), out_on=OUT, side=None, visibility=Visibility.SIDE_ONLY),
}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", MESSAGES)
def test_the_message(name: str, language: str, snapshot: SnapshotAssertion) -> None:
    message = MESSAGES[name](language)
    check_slack_takes(render_message(message))
    check_slack_takes(render_message_view(message, "Ampersand", "Close"))
    assert f"{message.summary}\n---\n{words(message)}" == snapshot


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", FORMS)
def test_the_form(name: str, language: str, snapshot: SnapshotAssertion) -> None:
    form: Form = answers.form(speaker(language, ZONE), FORMS[name])
    assert len(form.title) <= 24
    check_slack_takes(render_form(form))
    assert form_words(form) == snapshot


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", MESSAGES)
def test_a_notification_tells_no_score_no_words_and_no_side(name: str, language: str) -> None:
    summary = MESSAGES[name](language).summary
    for secret in ("Retailer", "Operations'", "k7m2", "token", "quietly it"):
        assert secret not in summary


def test_the_question_is_golden_message_5() -> None:
    assert words(MESSAGES["question"]("en")) == (
        "How well did Sales and Operations work together this week? One score, one example, two minutes. Or reply here "
        "in one line, with your name.\n"
        "Open until Fri 19 June, 12:00 (Amsterdam). Your score is stored with your side, not your name.\n"
        "[Answer] [Later today] [I'm away until…] [Skip]"
    )
    assert words(MESSAGES["question"]("nl")) == (
        "Hoe goed werkten Sales en Operations deze week samen? Eén score, één voorbeeld, twee minuten. Of antwoord "
        "hier in één regel, met je naam.\n"
        "Open tot vr 19 juni, 12:00 (Amsterdam). Je score staat bij je kant, niet bij je naam.\n"
        "[Antwoorden] [Later vandaag] [Ik ben weg tot…] [Overslaan]"
    )


def test_the_answered_card_is_golden_message_5() -> None:
    assert words(MESSAGES["both"]("en")).startswith(
        "Thank you. Both are in. Change the score here until Fri 19 June, 12:00 (Amsterdam), example #k7m2 until the "
        "brief of Mon 13 July, 09:00."
    )
    assert words(MESSAGES["both"]("nl")).startswith(
        "Dank je. Allebei binnen. De score wijzigen kan hier tot vr 19 juni, 12:00 (Amsterdam), voorbeeld #k7m2 tot de "
        "briefing van ma 13 juli, 09:00."
    )


def test_the_reminder_is_golden_message_6() -> None:
    assert words(MESSAGES["nudge"]("en")) == (
        "The check-in is open until Fri 19 June, 12:00 (Amsterdam). A score alone is enough. This is the only "
        "reminder.\n[Answer] [I'm away until…] [Skip]"
    )
    assert words(MESSAGES["nudge"]("nl")) == (
        "De check-in is open tot vr 19 juni, 12:00 (Amsterdam). Alleen een score is genoeg. Dit is de enige "
        "herinnering.\n[Antwoorden] [Ik ben weg tot…] [Overslaan]"
    )


def test_beside_other_things_it_is_the_line_of_golden_message_18() -> None:
    assert words(MESSAGES["line"]("en")) == "Check-in · open until Fri 19 June, 12:00 (Amsterdam) [Answer]"
    assert words(MESSAGES["line"]("nl")) == "Check-in · open tot vr 19 juni, 12:00 (Amsterdam) [Antwoorden]"

"""What a check-in says to the person it asks: the question, the one reminder, and the line beside other things."""

from dataclasses import dataclass, replace
from datetime import datetime

from bot.domain.chat import Button, Buttons, Message, Small, Text
from bot.templates import Speaker
from bot.templates.formats import cut
from storage.tables import CheckinAsked, CheckinQuestion, Outcome, QuestionType

SHOWN_OF_NAME = 60


@dataclass(frozen=True, slots=True)
class QuestionFacts:
    """A round as one person is asked it. `until` is the end of their own window; `is_default` = the weekly round: how
    well did we work together, and one example."""

    round_id: str
    name: str
    questions: tuple[CheckinQuestion, ...]
    until: datetime
    is_default: bool

    def until_of(self, turn: CheckinAsked) -> "QuestionFacts":
        """As that person is asked it."""
        return replace(self, until=turn.until or self.until)


def question(speak: Speaker, facts: QuestionFacts) -> Message:
    """Golden message 5. The notification is the first question: no score, no quote."""
    opening = _opening(speak, facts)
    buttons = (*_answers(speak, facts), *_away(speak, facts))
    until = Small(speak.text("checkin", "until", until=facts.until, has_score=_has(facts, QuestionType.SCALE)))
    return Message(_first(speak, facts), (Text(opening), until, Buttons(buttons)))


def nudge(speak: Speaker, facts: QuestionFacts) -> Message:
    """Golden message 6: the one reminder."""
    said = {
        "until": facts.until,
        "name": _name(facts),
        "score_alone": _score_is_enough(facts),
        "may_be_nameless": _may_be_nameless(facts),
    }
    buttons = (speak.button("answer", "checkin.answer", facts.round_id, "primary"), *_away(speak, facts))
    return Message(
        speak.plain("checkin", "nudge_summary", until=facts.until, name=_name(facts)),
        (Text(speak.text("checkin", "nudge", **said)), Buttons(buttons)),
    )


def line(speak: Speaker, facts: QuestionFacts) -> Text:
    """What stands for it beside other things of the day (golden message 18)."""
    said = speak.text("checkin", "line", until=facts.until, name=_name(facts))
    return Text(said, speak.button("answer", "checkin.answer", facts.round_id))


def on_home(speak: Speaker, facts: QuestionFacts, turn: CheckinAsked, *, waits_for_score: bool = False) -> Text:
    """Golden message 12b: what waits for the reader, or comes, or is done. It can be answered before it is asked.

    `waits_for_score` = answered by a line in the chat, but for the score.
    """
    asked_at = turn.ask_at if turn.outcome is Outcome.WAITING else None
    is_skipped = turn.outcome is Outcome.DECLINED
    said = {
        "name": _name(facts),
        "until": facts.until,
        "asked_at": asked_at,
        "has_answered": turn.has_answered,
        "has_score": _has(facts, QuestionType.SCALE) and not waits_for_score,
        "is_skipped": is_skipped,
    }
    button = speak.button("give_score" if waits_for_score else "answer", "checkin.answer_home", facts.round_id)
    is_done = turn.has_answered and not waits_for_score
    return Text(speak.text("checkin", "on_home", **said), None if is_done else button)


def first_question(speak: Speaker, question: CheckinQuestion) -> str:
    """Its text in the reader's language, as it was typed."""
    return question.text_nl if speak.language == "nl" and question.text_nl else question.text


def _opening(speak: Speaker, facts: QuestionFacts) -> str:
    may_reply = _has(facts, QuestionType.EXAMPLE)
    if facts.is_default:
        return speak.text("checkin", "weekly", question=_first(speak, facts))
    return speak.text(
        "checkin",
        "question",
        name=_name(facts),
        question=_first(speak, facts),
        number=len(facts.questions),
        may_reply=may_reply,
    )


def _first(speak: Speaker, facts: QuestionFacts) -> str:
    return first_question(speak, facts.questions[0]) if facts.questions else facts.name


def _name(facts: QuestionFacts) -> str | None:
    return None if facts.is_default else cut(facts.name, SHOWN_OF_NAME)


def _answers(speak: Speaker, facts: QuestionFacts) -> tuple[Button, ...]:
    return (
        speak.button("answer", "checkin.answer", facts.round_id, "primary"),
        speak.button("later_today", "checkin.later", facts.round_id),
    )


def _away(speak: Speaker, facts: QuestionFacts) -> tuple[Button, ...]:
    return (
        speak.button("away_until", "checkin.away", facts.round_id),
        speak.button("skip", "checkin.skip", facts.round_id),
    )


def _has(facts: QuestionFacts, kind: QuestionType) -> bool:
    return any(question.type is kind for question in facts.questions)


def _may_be_nameless(facts: QuestionFacts) -> bool:
    """Whether words without a name may be all of an answer: then it is not noted that somebody answered."""
    words = {QuestionType.TEXT, QuestionType.EXAMPLE}
    return not any(question.required and question.type not in words for question in facts.questions)


def _score_is_enough(facts: QuestionFacts) -> bool:
    required = [question for question in facts.questions if question.required]
    return _has(facts, QuestionType.SCALE) and all(question.type is QuestionType.SCALE for question in required)

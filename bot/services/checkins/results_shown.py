"""What stands behind the button of a result: its examples, and what came back of the other questions."""

from collections.abc import Mapping, Sequence

from sqlmodel import Session

from bot.domain.brief import Pulse
from bot.domain.chat import Message
from bot.domain.checkin.questions import options_of, text_of
from bot.domain.checkin.result import Participation, text_side
from bot.domain.errors import Refused
from bot.domain.figures import partition
from bot.services.access import Actor, Sender, access_actor
from bot.services.briefs.building import pulse_of
from bot.services.checkins.results import is_told_apart, participation_of, result_facts, scale_of
from bot.services.context import Context
from bot.services.figures import question_pulse
from bot.services.messages import checkin_results as messages
from bot.services.messages.checkin_results import Answers, Counts, Said
from storage.checkin_results import Tick, count_ticks, list_texts
from storage.checkin_settings import list_questions_of_round
from storage.checkins import find_checkin, find_round
from storage.members import list_sides
from storage.pulses import find_question
from storage.tables import CheckinQuestion, CheckinRound, CheckinText, QuestionType, RoundState


def show_answers(session: Session, context: Context, sender: Sender, round_id: str) -> Message:
    """Counts of groups of five or more who did not all say the same, and texts with their name or their side.

    Raises `Refused` while the round is open: nothing of it is shown before it closes.
    """
    actor = access_actor(session, context, sender)
    round_ = find_round(session, actor.workspace.id, round_id)
    checkin = find_checkin(session, actor.workspace.id, round_.checkin_id) if round_ else None
    if round_ is None or checkin is None or round_.state is not RoundState.CLOSED:
        raise Refused("old_button")
    facts = result_facts(session, context, actor.workspace, checkin, round_)
    return messages.answers(actor.speaker, facts, _answers(session, actor, round_))


def _answers(session: Session, actor: Actor, round_: CheckinRound) -> list[Answers]:
    groups = partition(list_sides(session, actor.workspace.id))
    names = {side.key: side.name for side in list_sides(session, actor.workspace.id)}
    questions = list_questions_of_round(session, round_)
    scale, took_part = scale_of(session, questions), participation_of(session, round_, groups)
    ticks, texts = count_ticks(session, round_.id), list_texts(session, round_.id)

    def answered(question: CheckinQuestion) -> Answers:
        said = text_of(question, actor.member.language)
        if question.type is QuestionType.SCALE:
            return Answers(said, pulse=_pulse(session, actor, question, round_))
        if question.type is QuestionType.TEXT:
            return Answers(said, texts=_texts(question, texts, took_part, names))
        options = options_of(question, actor.member.language)
        return Answers(said, options, counts=_counts(question, ticks, groups.groups, names))

    return [answered(question) for question in questions if is_told_apart(question, scale)]


def _pulse(session: Session, actor: Actor, question: CheckinQuestion, round_: CheckinRound) -> Pulse:
    asked = find_question(session, actor.workspace.id, question.pulse_key or "")
    assert asked is not None
    return pulse_of(question_pulse(session, actor.workspace, asked, round_.closes_at))


def _counts(
    question: CheckinQuestion, ticks: Sequence[Tick], groups: Sequence[str], names: Mapping[str, str]
) -> tuple[Counts, ...]:
    """What is left of them when a round has closed may be shown (`storage.checkins.seal_answers`)."""
    found = {(tick.side, tick.option): tick.people for tick in ticks if tick.question_id == question.id}
    there = [group for group in groups if any(side == group for side, _ in found)]
    numbers = range(len(question.options))
    return tuple(Counts(names.get(one), tuple(found.get((one, n), 0) for n in numbers)) for one in there)


def _texts(
    question: CheckinQuestion,
    texts: Sequence[tuple[CheckinText, str | None]],
    took_part: Participation,
    names: Mapping[str, str],
) -> tuple[Said, ...]:
    """One without a name is from its side where five of it were asked, else from the company."""
    own = [(text, author) for text, author in texts if text.question_id == question.id]
    return tuple(
        Said(text.text, author if text.author_id else None, names.get(text_side(text.side, took_part) or ""))
        for text, author in own
    )

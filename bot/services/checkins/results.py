"""The result of a round, posted when it has closed: what may be shown of it, and nothing else."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from sqlmodel import Session

from bot.domain.brief_times import LATE_FROM
from bot.domain.checkin.result import TREND, Part, Participation, TrendPoint, participation, pulse_trend
from bot.domain.example import Example, example_of, use_of
from bot.domain.figures import BRIDGES, Partition, partition
from bot.domain.figures.pulse import WINDOW
from bot.services.access import company_day
from bot.services.briefs.building import pulse_of
from bot.services.checkins.planning import next_round_day
from bot.services.checkins.skipping import is_default_checkin
from bot.services.context import Context
from bot.services.figures import closed_rounds_of, question_pulse
from bot.services.messages import checkin_results as messages
from bot.services.messages.checkin_results import Group, ResultFacts, Taken
from bot.services.outbox import enqueue
from bot.templates import speaker
from storage.checkin_results import count_asked, list_examples, sides_of_group
from storage.checkin_settings import list_questions_of_round
from storage.checkins import list_pulse_rounds
from storage.entries import list_pair
from storage.members import list_sides
from storage.pulses import find_question
from storage.tables import (
    Cadence,
    Checkin,
    CheckinQuestion,
    CheckinRound,
    PulseQuestion,
    QuestionType,
    Side,
    Source,
    Workspace,
)

NEEDED: Final = TREND + WINDOW[Cadence.WEEKLY]
"""Rounds behind the chart: its first point has a window too."""


def post_result(
    session: Session,
    context: Context,
    workspace: Workspace,
    checkin: Checkin,
    round_: CheckinRound,
    due_at: datetime,
) -> None:
    """Put the result of a closed round in the outbox, with a note when that is late.

    Nothing where there is no channel to post it in.
    """
    channel_id = checkin.channel_id or workspace.channel_id
    if channel_id is None:
        return
    speak = speaker(workspace.language, workspace.timezone)
    facts = result_facts(session, context, workspace, checkin, round_)
    late = (due_at, context.now) if context.now - due_at >= LATE_FROM else None
    enqueue(
        session,
        context,
        workspace_id=workspace.id,
        key=f"checkin_result:{round_.id}",
        target_id=channel_id,
        message=messages.post(speak, facts, late),
        thread=messages.thread(speak, facts),
    )


def result_facts(
    session: Session, context: Context, workspace: Workspace, checkin: Checkin, round_: CheckinRound
) -> ResultFacts:
    """What may be shown of the round, as it was when it closed."""
    sides, questions = list_sides(session, workspace.id), list_questions_of_round(session, round_)
    groups, scale = partition(sides), scale_of(session, questions)
    is_default = is_default_checkin(session, workspace, questions)
    took_part = participation_of(session, round_, groups)
    pulse = question_pulse(session, workspace, scale, round_.closes_at) if scale else None
    return ResultFacts(
        round_id=round_.id,
        day=round_.day,
        name=None if is_default else checkin.name,
        taken=_taken(session, round_, sides, took_part, groups),
        pulse=pulse_of(pulse) if pulse else None,
        both_answered=took_part.both_answered,
        trend=_trend(session, scale, groups, round_.closes_at) if scale else (),
        sides=tuple(_names(sides).get(key, "") for key in (groups.first, groups.second)),
        examples=_examples(session, context, workspace, round_, sides),
        has_answers=any(is_told_apart(question, scale) for question in questions),
        following=(next_round_day(session, context, workspace, checkin), checkin.local_time),
    )


def scale_of(session: Session, questions: Sequence[CheckinQuestion]) -> PulseQuestion | None:
    """The scale whose pulse the result tells: the first one it asks."""
    asked = next((question for question in questions if question.pulse_key), None)
    return find_question(session, asked.workspace_id, asked.pulse_key) if asked and asked.pulse_key else None


def participation_of(session: Session, round_: CheckinRound, groups: Partition) -> Participation:
    pulse_rounds = [found.id for found in list_pulse_rounds(session, round_)]
    counts = count_asked(session, round_.id, pulse_rounds)
    return participation([Part(one.side, one.asked, one.answered) for one in counts], groups)


def is_told_apart(question: CheckinQuestion, scale: PulseQuestion | None) -> bool:
    """Whether what came back of it is told behind the button."""
    return question.type is not QuestionType.EXAMPLE and not (scale and question.pulse_key == scale.key)


def _trend(session: Session, scale: PulseQuestion, groups: Partition, as_of: datetime) -> tuple[TrendPoint, ...]:
    return pulse_trend(closed_rounds_of(session, scale, as_of, NEEDED), groups, as_of)


def _taken(
    session: Session, round_: CheckinRound, sides: Sequence[Side], found: Participation, groups: Partition
) -> Taken:
    """A hidden group is called by the sides of those who were asked: of the bridges often one was."""
    names = _names(sides)
    shown = tuple(Group(names.get(part.key), part.asked, part.answered) for part in found.shown)
    hidden: list[str] = []
    for key in found.hidden:
        there = sides_of_group(session, round_.id, key) & set(groups.bridge_sides) if key == BRIDGES else {key}
        hidden += [side.name for side in sides if side.key in there]
    return Taken(shown, tuple(hidden))


def _names(sides: Sequence[Side]) -> dict[str, str]:
    return {side.key: side.name for side in sides}


def _examples(
    session: Session, context: Context, workspace: Workspace, round_: CheckinRound, sides: Sequence[Side]
) -> tuple[Example, ...]:
    """The named ones, the most useful first. What tells the same event without a name is known when its day is over."""
    today = company_day(workspace, context)
    found = []
    for entry in list_examples(session, workspace.id, round_.id):
        is_told = (one for one in list_pair(session, entry) if one.created_at or one.created_on < today)
        partners = [one for one in is_told if one.source is not Source.RETRO]
        example = example_of(entry, partners, sides)
        found.append((use_of(entry, example), example))
    return _one_per_event([example for _, example in sorted(found, key=lambda one: one[0], reverse=True)])


def _one_per_event(examples: Sequence[Example]) -> tuple[Example, ...]:
    """Whoever reads one finds the other beside it."""
    told: dict[str, Example] = {}
    for example in examples:
        if example.beside is None or example.beside.ref not in told:
            told[example.ref] = example
    return tuple(told.values())

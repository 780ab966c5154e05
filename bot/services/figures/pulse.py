"""The weekly pulse as the brief tells it, and rounds with what each group answered."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime

from sqlmodel import Session

from bot.domain.figures import GroupResult, PulseFacts, Round, weekly_pulse
from bot.domain.figures.pulse import WINDOW
from storage.members import list_sides
from storage.pulses import AskedPerson, ScoreCount, closed_rounds, count_scores, list_asked, list_questions
from storage.tables import Answered, Cadence, PulseMeasure, PulseQuestion, PulseRound, Workspace


def pulse_facts(session: Session, workspace: Workspace, as_of: datetime) -> PulseFacts:
    """What may be said of the weekly pulse at the minute `as_of` (aware UTC)."""
    weekly = [question for question in list_questions(session, workspace.id) if is_weekly_pulse(question)][:1]
    if not weekly:
        return weekly_pulse(None, [], list_sides(session, workspace.id), as_of)
    return question_pulse(session, workspace, weekly[0], as_of)


def question_pulse(session: Session, workspace: Workspace, question: PulseQuestion, as_of: datetime) -> PulseFacts:
    """The same of one question, its last four rounds against the four before."""
    rounds = closed_rounds_of(session, question, as_of, 2 * WINDOW[Cadence.WEEKLY])
    return weekly_pulse(question.key, rounds, list_sides(session, workspace.id), as_of)


def closed_rounds_of(session: Session, question: PulseQuestion, as_of: datetime, limit: int) -> list[Round]:
    """Its last rounds closed by then, so many at most, oldest first."""
    closed = closed_rounds(session, question.workspace_id, as_of)
    return read_rounds(session, [question], [r for r in closed if r.question_key == question.key][-limit:])


def is_weekly_pulse(question: PulseQuestion) -> bool:
    return question.cadence is Cadence.WEEKLY and question.measure is PulseMeasure.PULSE


def read_rounds(session: Session, questions: Iterable[PulseQuestion], rounds: Sequence[PulseRound]) -> list[Round]:
    """These rounds with what each group answered."""
    ids = [found.id for found in rounds]
    results = _results(count_scores(session, ids), list_asked(session, ids))
    scales = {question.key: question for question in questions}
    return [
        Round(
            label=found.label,
            asked_at=found.asked_at,
            closes_at=found.closes_at,
            lowest=scales[found.question_key].lowest,
            highest=scales[found.question_key].highest,
            groups=results[found.id],
        )
        for found in rounds
    ]


def _results(
    scores: Collection[ScoreCount], asked: Collection[AskedPerson]
) -> defaultdict[str, dict[str, GroupResult]]:
    """By round and group."""
    counts: defaultdict[tuple[str, str], dict[int, int]] = defaultdict(dict)
    people: defaultdict[tuple[str, str], list[AskedPerson]] = defaultdict(list)
    for count in scores:
        counts[count.round_id, count.side][count.score] = count.answers
    for person in asked:
        people[person.round_id, person.side].append(person)
    results: defaultdict[str, dict[str, GroupResult]] = defaultdict(dict)
    for round_id, group in counts.keys() | people.keys():
        there = people[round_id, group]
        results[round_id][group] = GroupResult(
            scores=counts[round_id, group],
            asked=len(there),
            answered=sum(person.answered is not Answered.NO for person in there),
            in_time=frozenset(person.member_id for person in there if person.answered is Answered.IN_TIME),
        )
    return results

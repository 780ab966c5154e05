"""The pulse rounds of a sample: scores apart from people from the first moment on, and how many the briefs reached."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from zoneinfo import ZoneInfo

from sqlmodel import Session

from bot.domain.figures import SMALLEST_GROUP, partition
from bot.domain.sample import Sample
from bot.domain.sample_pulses import PulseRow, closes_at
from bot.services.context import Context
from bot.services.sample_keys import Keys
from storage.members import list_sides
from storage.tables import Answered, BriefReach, PulseAsked, PulseQuestion, PulseRound, PulseScore, Workspace


def load_pulses(session: Session, context: Context, workspace: Workspace, sample: Sample, keys: Keys) -> None:
    """Questions, rounds, who was asked and whether they answered, and apart from them what was answered.

    A score is kept when it came before its round closed and five or more of its group answered: the others may never be
    shown, and the fewer they are the easier a person is found. Nobody adds to an imported round any more.
    """
    _load_questions(session, workspace, sample)
    groups = partition(list_sides(session, workspace.id))
    zone = ZoneInfo(workspace.timezone)
    by_round: defaultdict[tuple[str, str], list[PulseRow]] = defaultdict(list)
    for row in sample.pulses:
        by_round[row.question, row.week].append(row)
    asked: list[PulseAsked] = []
    scores: list[PulseScore] = []
    for (question, week), rows in by_round.items():
        found = _round(session, context, workspace, question, week, rows)
        sides = {row.key: groups.group_of(row.side) for row in rows}
        asked += _asked(found, rows, sides, keys, zone)
        scores += _scores(context, found, rows, sides, zone)
    session.add_all(asked)
    scores.sort(key=lambda score: score.id)  # where a score lies tells nothing
    session.add_all(scores)
    session.flush()


def load_reach(session: Session, sample: Sample, meeting_ids: Mapping[str, str]) -> None:
    """How many opened the briefs of the past, as counts."""
    session.add_all(
        BriefReach(meeting_id=meeting_ids[row.meeting], posted_at=row.posted_at, invited=row.invited, opened=row.opened)
        for row in sample.reach
    )
    session.flush()


def _load_questions(session: Session, workspace: Workspace, sample: Sample) -> None:
    session.add_all(
        PulseQuestion(
            workspace_id=workspace.id,
            key=row.key,
            cadence=row.cadence,
            measure=row.measure,
            text=row.text,
            text_nl=row.text_nl,
            lowest=row.lowest,
            highest=row.highest,
            lowest_words=row.lowest_words,
            highest_words=row.highest_words,
            position=position,
        )
        for position, row in enumerate(sample.pulse_questions)
    )
    session.flush()


def _round(
    session: Session, context: Context, workspace: Workspace, question: str, week: str, rows: Sequence[PulseRow]
) -> PulseRound:
    found = PulseRound(
        id=context.new_id(),
        workspace_id=workspace.id,
        question_key=question,
        label=week,
        asked_at=min(row.asked_at for row in rows),
        closes_at=closes_at(week, ZoneInfo(workspace.timezone)),
    )
    session.add(found)
    session.flush()
    return found


def _asked(
    found: PulseRound, rows: Sequence[PulseRow], sides: Mapping[str, str], keys: Keys, zone: ZoneInfo
) -> list[PulseAsked]:
    return [
        PulseAsked(
            round_id=found.id,
            member_id=keys.members[row.member].id,
            side=sides[row.key],
            answered=row.answered(zone),
        )
        for row in rows
    ]


def _scores(
    context: Context, found: PulseRound, rows: Sequence[PulseRow], sides: Mapping[str, str], zone: ZoneInfo
) -> list[PulseScore]:
    in_time = [row for row in rows if row.answered(zone) is Answered.IN_TIME]
    answers = Counter(sides[row.key] for row in in_time)
    return [
        PulseScore(id=context.new_id(), round_id=found.id, side=sides[row.key], score=row.score)
        for row in in_time
        if row.score is not None and answers[sides[row.key]] >= SMALLEST_GROUP
    ]

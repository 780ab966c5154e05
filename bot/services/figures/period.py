"""The figures of a period, from the database."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from sqlmodel import Session

from bot.domain.brief_times import LATE_FROM
from bot.domain.figures import AsOf, Period, Round, end_of, partition
from bot.domain.figures.entries import EntryFact, known_entries
from bot.domain.figures.pulse import WINDOW
from bot.domain.figures.reach import BriefFact
from bot.domain.figures.whole import PeriodFigures, Records, figures_of
from bot.services.figures.pulse import read_rounds
from storage.agreements import list_agreements
from storage.figures import PairedSide, entry_columns, list_reach, paired_sides, readable_earlier
from storage.members import list_members, list_sides
from storage.pulses import closed_rounds, list_questions
from storage.tables import BriefReach, Meeting, PulseQuestion, Workspace

ONE_DAY: Final = timedelta(days=1)


def period_figures(session: Session, workspace: Workspace, period: Period, moment: datetime) -> PeriodFigures:
    """The figures of the period as known at the moment (aware UTC)."""
    return figures_of(_read(session, workspace, period, AsOf(moment, ZoneInfo(workspace.timezone))))


def _read(session: Session, workspace: Workspace, period: Period, as_of: AsOf) -> Records:
    days = (workspace.id, period.first, period.last)
    entries = [EntryFact(*row) for row in entry_columns(session, *days, EntryFact.__dataclass_fields__)]
    questions = list_questions(session, workspace.id)
    moments = [datetime.combine(day, time(), UTC) for day in (period.first - ONE_DAY, period.last + 2 * ONE_DAY)]
    return Records(
        groups=partition(list_sides(session, workspace.id)),
        period=period,
        as_of=as_of,
        members=list_members(session, workspace.id),
        entries=known_entries(entries, period, as_of),
        readable=readable_earlier(session, *days),
        pair_sides=_sides_of_pairs(paired_sides(session, *days), as_of),
        agreements=list_agreements(session, workspace.id),
        questions=questions,
        rounds=_rounds(session, workspace, questions, period, as_of),
        briefs=[_brief(*row) for row in list_reach(session, workspace.id, moments[0], moments[1])],
    )


def _rounds(
    session: Session, workspace: Workspace, questions: Sequence[PulseQuestion], period: Period, as_of: AsOf
) -> dict[str, list[Round]]:
    """Closed rounds that were asked in the period, or belong to the window at its end."""
    until = min(as_of.moment, end_of(period.last, as_of.zone))
    closed = closed_rounds(session, workspace.id, as_of.moment)
    rounds = {}
    for question in questions:
        own = [r for r in closed if r.question_key == question.key]
        window = [r.id for r in own if r.closes_at <= until][-WINDOW[question.cadence] :]
        needed = [r for r in own if r.id in window or as_of.local_day(r.asked_at) in period]
        rounds[question.key] = read_rounds(session, [question], needed)
    return rounds


def _sides_of_pairs(paired: Iterable[PairedSide], as_of: AsOf) -> dict[str, list[str]]:
    sides: defaultdict[str, list[str]] = defaultdict(list)
    for entry in paired:
        if as_of.knows(entry.created_at, entry.created_on):
            sides[entry.pair_id].append(entry.side)
    return sides


def _brief(meeting: Meeting, reach: BriefReach) -> BriefFact:
    due_at = meeting.brief_due_at
    on_time = due_at is None or reach.posted_at - due_at < LATE_FROM
    return BriefFact(meeting.starts_at, on_time, reach.invited, reach.opened)

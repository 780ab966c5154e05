"""When a check-in is asked next, and the round that is opened then: for everybody a moment in their own hours, or the
reason why there is none.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from itertools import count
from typing import Any, Final
from zoneinfo import ZoneInfo

from sqlmodel import Session

from bot.domain.checkin.timing import Turn, Window, close_day, next_day, round_closes_at, turn
from bot.domain.errors import Refused
from bot.domain.figures import partition
from bot.domain.recurrence import moment, parse_rule
from bot.domain.work_calendar import WorkCalendar
from bot.domain.working_time import EARLIEST
from bot.services.access import company_day
from bot.services.checkins.skipping import tell_not_asked
from bot.services.context import Context
from bot.services.scheduling import cancel, plan, plan_by
from bot.services.working_time import work_calendar, working_times
from storage.checkins import (
    add_turns,
    count_outcomes,
    find_checkin,
    list_audience,
    list_checkins,
    list_labels,
    list_open_rounds,
    list_questions,
    list_round_days,
    next_number,
)
from storage.members import list_sides
from storage.tables import (
    Checkin,
    CheckinRound,
    CheckinState,
    Member,
    OccurrenceState,
    Outcome,
    PulseRound,
    RoundState,
    Schedule,
    ScheduleKind,
    Workspace,
)

FIRST_ZONE: Final = "Pacific/Kiritimati"
LAST_ZONE: Final = "Etc/GMT+12"
ONE_DAY: Final = timedelta(days=1)
LOOK_BACK: Final = timedelta(days=31)
"""Longer than any window: an earlier day is over for everybody."""

LONG_WEEKEND: Final = timedelta(days=4)
ENOUGH: Final = timedelta(hours=4)
"""A round that is started by hand and would close sooner closes a working day later."""


def plan_next(
    session: Session, context: Context, workspace: Workspace, checkin: Checkin, after: date | None = None
) -> date | None:
    """Let the next round fall due when its day begins anywhere on earth; the day.

    None, and nothing falls due, for a check-in that is paused, deleted or without a day to come. `after` is the day of
    a round that was just dealt with: then a day that has begun counts while somebody can still be asked.
    """
    hold_opening(session, checkin)
    day = _next_day(session, context, workspace, checkin, after)
    if day:
        plan(session, context, workspace.id, ScheduleKind.CHECKIN, checkin.id, moment(day, time(), FIRST_ZONE))
    return day


def plan_all(session: Session, context: Context, workspace: Workspace) -> None:
    """The next round of every check-in, after the days off or the zone of the company have changed: some count
    working days."""
    for checkin in list_checkins(session, workspace.id):
        plan_next(session, context, workspace, checkin)


def hold_opening(session: Session, checkin: Checkin) -> None:
    """Nothing falls due until it is planned; whoever is opening a round has finished then, and it is seen."""
    cancel(session, ScheduleKind.CHECKIN, checkin.id)


def next_round_day(session: Session, context: Context, workspace: Workspace, checkin: Checkin) -> date | None:
    """The local date of the next round; None when there is none to come."""
    return _next_day(session, context, workspace, checkin, None)


def open_due(session: Session, context: Context, schedule: Schedule, due_at: datetime) -> OccurrenceState:
    """The day of a round begins: open it and plan the next. Late, whoever can still be asked is asked; where nobody can
    be any more because nothing ran, the facilitators are told.
    """
    checkin = find_checkin(session, schedule.workspace_id, schedule.subject_id)
    if checkin is None or checkin.state is not CheckinState.ACTIVE or checkin.rule is None:
        return OccurrenceState.SKIPPED
    workspace = session.get_one(Workspace, schedule.workspace_id)
    day = due_at.astimezone(ZoneInfo(FIRST_ZONE)).date()
    round_ = _open(session, context, workspace, checkin, day, None)
    following = plan_next(session, context, workspace, checkin, after=day)
    if round_.state is RoundState.OPEN:
        return OccurrenceState.DONE
    if Outcome.NO_TIME in count_outcomes(session, round_.id):
        missed = [day, *_missed(session, context, workspace, checkin, day)]
        tell_not_asked(session, context, workspace, checkin, missed, following)
    return OccurrenceState.SKIPPED


def run_now(session: Session, context: Context, workspace: Workspace, checkin: Checkin) -> CheckinRound | None:
    """Ask everybody as soon as their own hours allow. None when nobody can be asked.

    Raises `Refused` while a round of this check-in still runs.
    """
    if running := list_open_rounds(session, checkin.id):
        raise Refused("checkin_runs", day=running[0].day)
    return open_round(session, context, workspace, checkin, company_day(workspace, context), context.now)


def open_round(
    session: Session,
    context: Context,
    workspace: Workspace,
    checkin: Checkin,
    day: date,
    starts_at: datetime | None = None,
) -> CheckinRound | None:
    """Keep for everybody of the audience when they are asked, or why not, and let the asking begin.

    `day` is that of the rule; `starts_at` = from that moment on instead (run now). What is asked of whom from then on
    is that of this moment. None when nobody can be asked: the reasons are kept with a round that is cancelled.
    """
    round_ = _open(session, context, workspace, checkin, day, starts_at)
    return round_ if round_.state is RoundState.OPEN else None


def begin(session: Session, context: Context, checkin: Checkin, round_: CheckinRound, asked_at: datetime) -> None:
    """Let the round run from that moment on until it closes; each of its scales is a round of that pulse question."""
    session.add_all(
        PulseRound(
            id=context.new_id(),
            workspace_id=round_.workspace_id,
            question_key=question.pulse_key,
            label=round_.label,
            asked_at=asked_at,
            closes_at=round_.closes_at,
        )
        for question in list_questions(session, checkin.id)
        if question.pulse_key
    )
    session.flush()
    plan_asking(session, context, round_, asked_at)
    plan(session, context, round_.workspace_id, ScheduleKind.CHECKIN_CLOSE, round_.id, round_.closes_at)


def plan_asking(session: Session, context: Context, round_: CheckinRound, at: datetime) -> None:
    """Something of the round comes at that moment (a turn, a reminder): it is looked at then at the latest."""
    plan_by(session, context, round_.workspace_id, ScheduleKind.CHECKIN_ASK, round_.id, at)


def window_of(checkin: Checkin, starts_at: datetime | None) -> Window:
    """A round that is started by hand waits for nobody's usual time of day, only for their hours."""
    at = EARLIEST if starts_at else checkin.local_time
    return Window(at, checkin.close_after_days, checkin.close_at, checkin.nudge_share_pct)


def closing_day(
    session: Session, workspace: Workspace, checkin: Checkin, day: date, starts_at: datetime | None
) -> date:
    """The local date on which the round of that day closes.

    A weekend makes it wait; where the company is closed for longer, so is the round, and nobody is asked.
    """
    company = work_calendar(session, workspace, day, day)
    closes_on, usual = close_day(day, checkin.close_after_days, company), day + checkin.close_after_days * ONE_DAY
    if closes_on - usual > LONG_WEEKEND:
        closes_on = usual
    if starts_at and moment(closes_on, checkin.close_at, workspace.timezone) < starts_at + ENOUGH:
        closes_on = company.next_working(closes_on + ONE_DAY)
    return closes_on


def free_label(session: Session, checkin: Checkin, day: date) -> str:
    """The week of that day; with a number from the second round in it on."""
    year, week, _ = day.isocalendar()
    first = f"{year}-W{week:02}"
    taken = list_labels(session, checkin.workspace_id, checkin.id, first)
    names = (first if number == 1 else f"{first}-{number}" for number in count(1))
    return next(name for name in names if name not in taken)


def _open(
    session: Session,
    context: Context,
    workspace: Workspace,
    checkin: Checkin,
    day: date,
    starts_at: datetime | None,
) -> CheckinRound:
    window, closes_on = window_of(checkin, starts_at), closing_day(session, workspace, checkin, day, starts_at)
    members = list_audience(session, checkin, day)
    turns = _turns(session, workspace, members, window, day, closes_on, starts_at or context.now)
    waiting = [one for one in turns.values() if one.outcome is Outcome.WAITING]
    round_ = CheckinRound(
        id=context.new_id(),
        workspace_id=workspace.id,
        checkin_id=checkin.id,
        day=day,
        number=next_number(session, checkin.id, day),
        label=free_label(session, checkin, day),
        starts_at=starts_at,
        closes_at=round_closes_at(waiting) if waiting else moment(closes_on, checkin.close_at, workspace.timezone),
        state=RoundState.OPEN if waiting else RoundState.CANCELLED,
    )
    session.add(round_)
    session.flush()
    _keep_turns(session, workspace, round_, members, turns)
    if waiting:
        begin(session, context, checkin, round_, min(one.ask_at for one in waiting if one.ask_at))
    return round_


def _turns(
    session: Session,
    workspace: Workspace,
    members: Sequence[Member],
    window: Window,
    day: date,
    closes_on: date,
    not_before: datetime,
) -> Mapping[str, Turn]:
    """By member."""
    works = working_times(session, workspace, members, day - ONE_DAY, closes_on + ONE_DAY)
    turns = {one.id: turn(window, day, closes_on, works[one.id], not_before) for one in members}
    undisturbed = (one.id for one in members if one.undisturbed)
    return turns | {one: replace(turns[one], outcome=Outcome.UNDISTURBED, ask_at=None) for one in undisturbed}


def _keep_turns(
    session: Session,
    workspace: Workspace,
    round_: CheckinRound,
    members: Sequence[Member],
    turns: Mapping[str, Turn],
) -> None:
    groups = partition(list_sides(session, workspace.id))

    def row(member: Member) -> dict[str, Any]:
        its = turns[member.id]
        return {
            "round_id": round_.id,
            "member_id": member.id,
            "side": groups.group_of(member.side),
            "outcome": its.outcome,
            "ask_at": its.ask_at,
            "nudge_at": None,
            "until": its.until,
            "has_answered": False,
        }

    add_turns(session, [row(member) for member in members])


def _next_day(
    session: Session, context: Context, workspace: Workspace, checkin: Checkin, after: date | None
) -> date | None:
    """The first day with a round to come, by the rule as it stands; a day that had its round does not get another."""
    if checkin.state is not CheckinState.ACTIVE:
        return None
    today = company_day(workspace, context)
    company = work_calendar(session, workspace, today, today)
    done = list_round_days(session, checkin.id, today - LOOK_BACK)

    def is_gone(day: date) -> bool:
        if after is None:
            return moment(day, checkin.local_time, workspace.timezone) <= context.now
        return _is_over(checkin, day, company, context.now)

    days = _days(checkin, max(after or date.min, today - LOOK_BACK), company)
    return next((day for day in days if day not in done and not is_gone(day)), None)


def _missed(session: Session, context: Context, workspace: Workspace, checkin: Checkin, after: date) -> Iterator[date]:
    """The days after that one that are over for everybody too."""
    company = work_calendar(session, workspace, after, company_day(workspace, context))
    for day in _days(checkin, after, company):
        if not _is_over(checkin, day, company, context.now):
            return
        yield day


def _days(checkin: Checkin, after: date, company: WorkCalendar) -> Iterator[date]:
    """The days of its rule after that one, as far as they go."""
    rule = parse_rule(checkin.rule)[0] if checkin.rule else None
    day = next_day(rule, checkin.starts_on, after, company) if rule else None
    while rule and day:
        yield day
        day = next_day(rule, checkin.starts_on, day, company)


def _is_over(checkin: Checkin, day: date, company: WorkCalendar, now: datetime) -> bool:
    """Whether the window of that day has ended everywhere."""
    return moment(close_day(day, checkin.close_after_days, company), checkin.close_at, LAST_ZONE) <= now

"""A series keeps its meetings planned fifteen months ahead, as its rule says; what was changed by hand stays so."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from sqlmodel import Session

from bot.domain.recurrence import MeetingDay, Once, meeting_days, moment, parse_rule, write_rule
from bot.services.briefs import announce_move
from bot.services.context import Context
from bot.services.meetings.calendars import SETTLED, plan_brief
from bot.services.scheduling import cancel, forget, plan
from bot.services.working_time import work_calendar
from storage.meetings import (
    delete_meeting,
    keys_like,
    list_meetings_of_series,
    list_series,
    list_series_participants,
    planned_of_type,
    set_participants,
)
from storage.tables import (
    Meeting,
    MeetingSeries,
    MeetingStatus,
    MeetingType,
    OccurrenceState,
    Schedule,
    ScheduleKind,
    Workspace,
)

ONE_DAY: Final = timedelta(days=1)
AHEAD: Final = timedelta(days=457)
AGAIN: Final = timedelta(days=30)
CODES: Final = {
    MeetingType.PRODUCT_REVIEW: "PR",
    MeetingType.DEMAND_REVIEW: "DR",
    MeetingType.SUPPLY_REVIEW: "SR",
    MeetingType.PRE_SOP: "PS",
    MeetingType.EXECUTIVE_SOP: "EX",
    MeetingType.DIALOG_RETRO: "RT",
}


@dataclass(frozen=True, slots=True)
class _Work:
    """One series that is being brought in line with its rule."""

    session: Session
    context: Context
    workspace: Workspace
    series: MeetingSeries

    @property
    def today(self) -> date:
        return self.context.now.astimezone(ZoneInfo(self.series.timezone)).date()

    @property
    def is_endless(self) -> bool:
        """Whether meetings are still to come when all that is planned now has taken place."""
        return self.series.rule != write_rule(Once(), "en") and self.series.ends_on is None

    @property
    def first(self) -> date:
        """From this day of the rule on the meetings follow it; so does one put off beyond the end of its series."""
        first = max(self.series.starts_on, self.today)
        return min(first, self.series.ends_on + ONE_DAY) if self.series.ends_on else first


def plan_series(session: Session, context: Context, workspace: Workspace, series: MeetingSeries) -> None:
    """Let the meetings to come be what the series says, and be filled up from time to time.

    What was moved or cancelled by hand stays so. A meeting keeps its brief, decisions and agenda when its day changes
    within its month; one the rule no longer knows goes, or is cancelled when something hangs on it.
    """
    work = _Work(session, context, workspace, series)
    _follow_rule(work)
    if work.is_endless:
        plan(session, context, workspace.id, ScheduleKind.SERIES_AHEAD, series.id, context.now + AGAIN)
    else:
        cancel(session, ScheduleKind.SERIES_AHEAD, series.id)


def replan_all(session: Session, context: Context, workspace: Workspace) -> None:
    """Bring every series in line again, and every brief, after the days off have changed."""
    for series in list_series(session, workspace.id):
        _follow_rule(_Work(session, context, workspace, series))
    for meeting_type in MeetingType:
        for meeting in planned_of_type(session, workspace.id, meeting_type, context.now):
            plan_brief(session, context, workspace, meeting)


def fill_series(session: Session, context: Context, schedule: Schedule, due_at: datetime) -> OccurrenceState:  # noqa: ARG001
    """Plan further ahead; however late, nothing is lost."""
    series = session.get(MeetingSeries, schedule.subject_id)
    workspace = session.get(Workspace, schedule.workspace_id)
    if series is None or workspace is None:
        return OccurrenceState.SKIPPED
    plan_series(session, context, workspace, series)
    return OccurrenceState.DONE


def remove_series(session: Session, context: Context, series: MeetingSeries) -> None:
    """Take it away with its meetings to come; what took place, and what something hangs on, stays singly."""
    for meeting in list_meetings_of_series(session, series.id):
        if meeting.starts_at > context.now:
            _drop(session, context, meeting)
        else:
            _let_go(session, meeting)
    session.flush()
    cancel(session, ScheduleKind.SERIES_AHEAD, series.id)
    session.delete(series)
    session.flush()


def list_exceptions(session: Session, series: MeetingSeries) -> list[list[Any]]:
    """What was moved or cancelled by hand, by the day of the rule: as `put_back_exceptions` takes it."""
    return [
        [str(meeting.occurs_on), meeting.starts_at.isoformat(), str(meeting.status), meeting.moved]
        for meeting in list_meetings_of_series(session, series.id)
        if _is_exception(meeting)
    ]


def put_back_exceptions(
    session: Session, context: Context, workspace: Workspace, series: MeetingSeries, exceptions: Iterable[list[Any]]
) -> None:
    """Let the meetings to come be moved and cancelled as they were before."""
    work = _Work(session, context, workspace, series)
    present = {str(meeting.occurs_on): meeting for meeting in list_meetings_of_series(session, series.id)}
    for day, at, status, moved in exceptions:
        starts_at = datetime.fromisoformat(at)
        if starts_at > context.now:
            meeting = present.get(day) or _add_meeting(work, date.fromisoformat(day), starts_at)
            meeting.starts_at, meeting.status, meeting.moved = starts_at, MeetingStatus(status), moved
            session.add(meeting)
            plan_brief(session, context, workspace, meeting)


def days_ahead(
    session: Session, context: Context, workspace: Workspace, series: MeetingSeries, language: str = "en"
) -> list[MeetingDay]:
    """The days of the series from today on, as far as it is planned; names of holidays in that language."""
    work = _Work(session, context, workspace, series)
    first = max(series.starts_on, work.today)
    last = min(series.ends_on or date.max, first + AHEAD)
    calendar = work_calendar(session, workspace, first, max(first, last), language)
    rule, _ = parse_rule(series.rule)
    return meeting_days(rule, series.starts_on, first, last, calendar, series.shift)


def _follow_rule(work: _Work) -> None:
    series = work.series
    days = days_ahead(work.session, work.context, work.workspace, series)
    wanted = _moments(work, days)
    present = {meeting.occurs_on: meeting for meeting in list_meetings_of_series(work.session, series.id, work.first)}
    spare = _spare(work, present.values(), wanted, {day.original for day in days})
    for meeting in _rename([day for day in wanted if day not in present], spare):
        present[meeting.occurs_on] = meeting
    for meeting in spare:
        if meeting.occurs_on not in wanted:
            _drop(work.session, work.context, meeting)
    invited = list_series_participants(work.session, series.id)
    for day, starts_at in wanted.items():
        if day not in present:
            _add_meeting(work, day, starts_at)
        elif present[day].starts_at > work.context.now:
            _update_meeting(work, present[day], starts_at, invited)


def _moments(work: _Work, days: Iterable[MeetingDay]) -> Mapping[date, datetime]:
    """When the meetings to come start, by the day of the rule."""
    series = work.series
    moments = {day.original: moment(day.on, series.local_time, series.timezone) for day in days if day.on}
    return {day: at for day, at in moments.items() if at > work.context.now}


def _spare(
    work: _Work, meetings: Iterable[Meeting], wanted: Mapping[date, datetime], days: Collection[date]
) -> list[Meeting]:
    """The meetings to come that the rule does not want; one changed by hand stays while its day is one of the rule."""
    return [
        meeting
        for meeting in meetings
        if meeting.starts_at > work.context.now and meeting.occurs_on not in wanted
        if not (_is_exception(meeting) and meeting.occurs_on in days)
    ]


def _is_exception(meeting: Meeting) -> bool:
    """Whether it was moved or cancelled by hand."""
    return meeting.moved or meeting.status == MeetingStatus.CANCELLED


def _rename(missing: Iterable[date], spare: Iterable[Meeting]) -> list[Meeting]:
    """Give meetings whose day is gone a missing day of the same month."""
    by_cycle: dict[str, list[Meeting]] = {}
    for meeting in spare:
        by_cycle.setdefault(meeting.cycle, []).append(meeting)
    renamed = []
    for day in missing:
        if candidates := by_cycle.get(_cycle(day)):
            meeting = candidates.pop(0)
            meeting.occurs_on = day
            renamed.append(meeting)
    return renamed


def _update_meeting(work: _Work, meeting: Meeting, starts_at: datetime, invited: Iterable[str]) -> None:
    series = work.series
    retyped = meeting.type != series.type
    retimed = not meeting.moved and meeting.starts_at != starts_at
    meeting.type, meeting.title, meeting.chair_id = series.type, series.title, series.chair_id
    meeting.duration_minutes = series.duration_minutes
    if not meeting.moved:
        meeting.starts_at, meeting.timezone = starts_at, series.timezone
    work.session.add(meeting)
    set_participants(work.session, meeting.id, invited)
    if (retyped or retimed) and meeting.status == MeetingStatus.PLANNED:
        plan_brief(work.session, work.context, work.workspace, meeting)
        announce_move(work.session, work.context, meeting, work.context.now + SETTLED)


def _add_meeting(work: _Work, day: date, starts_at: datetime) -> Meeting:
    series = work.series
    meeting = Meeting(
        id=work.context.new_id(),
        workspace_id=work.workspace.id,
        key=_free_key(work, f"{_cycle(day)}-{CODES[series.type]}"),
        cycle=_cycle(day),
        type=series.type,
        title=series.title,
        starts_at=starts_at,
        duration_minutes=series.duration_minutes,
        timezone=series.timezone,
        chair_id=series.chair_id,
        series_id=series.id,
        occurs_on=day,
    )
    work.session.add(meeting)
    work.session.flush()
    set_participants(work.session, meeting.id, list_series_participants(work.session, series.id))
    plan_brief(work.session, work.context, work.workspace, meeting)
    return meeting


def _drop(session: Session, context: Context, meeting: Meeting) -> None:
    """The rule no longer knows it: gone, or cancelled where something hangs on it."""
    if delete_meeting(session, meeting):
        forget(session, ScheduleKind.BRIEF, meeting.id)
        return
    meeting.status = MeetingStatus.CANCELLED
    _let_go(session, meeting)
    workspace = session.get_one(Workspace, meeting.workspace_id)
    plan_brief(session, context, workspace, meeting)
    announce_move(session, context, meeting, context.now + SETTLED)


def _let_go(session: Session, meeting: Meeting) -> None:
    meeting.series_id, meeting.occurs_on = None, None
    session.add(meeting)
    session.flush()


def _cycle(day: date) -> str:
    return f"{day:%Y-%m}"


def _free_key(work: _Work, wanted: str) -> str:
    """ "2026-07-PS", or with a number when another meeting has it."""
    taken = keys_like(work.session, work.workspace.id, wanted)
    key, number = wanted, 2
    while key in taken:
        key, number = f"{wanted}-{number}", number + 1
    return key

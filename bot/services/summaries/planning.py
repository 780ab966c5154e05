"""When the weekly summary of a workspace comes, and where."""

from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from sqlmodel import Session

from bot.domain.summary import USUAL, SummaryTime, due_after, due_in_week, monday_of
from bot.domain.work_calendar import WorkCalendar
from bot.services.context import Context
from bot.services.scheduling import HELPS_FOR, cancel, plan, plan_by
from bot.services.working_time import work_calendar
from storage.summaries import find_summary_rule
from storage.tables import ScheduleKind, Workspace

KIND: Final = ScheduleKind.WEEKLY_SUMMARY


def plan_summary(session: Session, context: Context, workspace: Workspace, after: datetime | None = None) -> None:
    """Let the next summary fall due; none while it is off or there is no channel.

    `after` is the moment of the one that is being dealt with: what was missed since and still helps comes next.
    """
    helps_for = HELPS_FOR[KIND]
    assert helps_for is not None
    since = context.now if after is None else max(after, context.now - helps_for)
    due = next_summary(session, workspace, since)
    if due is None or summary_channel(session, workspace) is None:
        cancel(session, KIND, workspace.id)
    else:
        plan(session, context, workspace.id, KIND, workspace.id, due)


def ensure_summary(session: Session, context: Context, workspace: Workspace) -> None:
    """Let one be planned where none is; one that is due, or was planned sooner, stays."""
    due = next_summary(session, workspace, context.now)
    if due and summary_channel(session, workspace):
        plan_by(session, context, workspace.id, KIND, workspace.id, due)


def moved_to(session: Session, workspace: Workspace, due_at: datetime) -> datetime | None:
    """When it comes instead, where days off were changed after it was planned: later in that week, or next time where
    the company is off all week. None = it comes as it was planned.
    """
    when = summary_time(session, workspace)
    if when is None:
        return None
    monday = monday_of(due_at.astimezone(ZoneInfo(workspace.timezone)).date())
    due = due_in_week(when, workspace.timezone, company_calendar(session, workspace, due_at), monday)
    if due is None:
        return next_summary(session, workspace, due_at)
    return due if due > due_at else None


def next_summary(session: Session, workspace: Workspace, after: datetime) -> datetime | None:
    """The first summary after that moment; None while it is off."""
    when = summary_time(session, workspace)
    return due_after(when, workspace.timezone, company_calendar(session, workspace, after), after) if when else None


def summary_time(session: Session, workspace: Workspace) -> SummaryTime | None:
    """None = it is off."""
    rule = find_summary_rule(session, workspace.id)
    if rule is None:
        return USUAL
    return SummaryTime(rule.weekday, rule.local_time) if rule.is_on else None


def summary_channel(session: Session, workspace: Workspace) -> str | None:
    """The platform's id of the channel it goes to; None = there is none yet."""
    rule = find_summary_rule(session, workspace.id)
    return (rule.channel_id if rule else None) or workspace.channel_id


def company_calendar(session: Session, workspace: Workspace, around: datetime) -> WorkCalendar:
    day = around.astimezone(ZoneInfo(workspace.timezone)).date()
    return work_calendar(session, workspace, day, day)

"""A day has come on which what waited can be told."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from sqlmodel import Session

from bot.domain.chat_json import from_json
from bot.services.access import has_left
from bot.services.context import Context
from bot.services.scheduling import first_free, plan
from bot.services.unasked.days import day_of, end_of_hours, is_in_hours
from bot.services.unasked.returning import Undelivered, as_item, give_up
from bot.services.unasked.telling import Telling, say, wait
from storage.private_items import hold_waiting
from storage.tables import ItemKind, Member, OccurrenceState, PrivateItem, Schedule, ScheduleKind, Workspace

ON_TIME: Final = timedelta(hours=1)
"""A colleague's question goes out at the moment it was put off to. What is later than that waits for the person's
hours, and so does everything else: they may have moved, or be away now.
"""


def tell_waiting(
    session: Session, context: Context, schedule: Schedule, due_at: datetime, undelivered: Undelivered
) -> OccurrenceState:
    """Tell the person what waited for this moment, while it helps."""
    member = session.get(Member, schedule.subject_id)
    workspace = session.get_one(Workspace, schedule.workspace_id)
    if member is None:
        return OccurrenceState.SKIPPED
    due = _still_helping(session, context, workspace, member, undelivered)
    for item in due:
        session.delete(item)
    session.flush()
    tellings = [_telling(context, member, item) for item in due]
    is_promised = context.now - due_at <= ON_TIME and all(item.kind is ItemKind.ASK for item in due)
    if not is_promised and not is_in_hours(session, workspace, member, context.now):
        refused = [one for one in tellings if not wait(session, context, workspace, one)]
    else:
        refused = [*say(session, context, workspace, tellings)]
    for item in due:
        if item.key in {one.item.key for one in refused}:
            undelivered(session, context, item, False)
    _plan_the_rest(session, context, member)
    return OccurrenceState.DONE if len(refused) < len(due) else OccurrenceState.SKIPPED


def _still_helping(
    session: Session, context: Context, workspace: Workspace, member: Member, undelivered: Undelivered
) -> Sequence[PrivateItem]:
    """What is due; what nobody needs any more, or must not hear, is given up."""
    is_gone = has_left(workspace, context, member)
    due: list[PrivateItem] = []
    for item in hold_waiting(session, member.id):
        if is_gone or member.undisturbed or (item.helps_until and item.helps_until <= context.now):
            give_up(session, context, item, undelivered, for_good=is_gone)
        elif item.tell_at is None or item.tell_at <= context.now:
            due.append(item)
    return due


def _telling(context: Context, member: Member, item: PrivateItem) -> Telling:
    again = as_item(item, from_json(item.message) if item.message else None)
    evening = end_of_hours(member, context.now)
    again = replace(again, expires_at=min(evening, item.helps_until or evening))
    return Telling(member, again, f"{item.key}:{day_of(member, context.now):%Y%m%d}")


def _plan_the_rest(session: Session, context: Context, member: Member) -> None:
    moments = [item.tell_at for item in hold_waiting(session, member.id) if item.tell_at]
    if moments:
        at = first_free(session, ScheduleKind.PRIVATE_ITEM, member.id, min(moments))
        plan(session, context, member.workspace_id, ScheduleKind.PRIVATE_ITEM, member.id, at)

"""Retention: what has had its time is forgotten, workspace by workspace, in batches that hold nobody up."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from sqlmodel import Session

from bot.domain import retention as kept_for
from bot.services.access import Actor, company_day
from bot.services.context import Context
from bot.services.privacy.erasing import erase, forget_name
from storage import retention
from storage.tables import Member, Workspace
from storage.workspaces import list_workspaces

BATCH, NAMES, FEW, ONE = 200, 50, 5, 1
"""At most so many rows, entries that lose their name, rounds and questions, or people with all that hangs on them, in
one transaction."""

WHOLE = 2000
"""At most so many rows of a workspace that goes whole: nothing is asked of them any more."""


@dataclass(frozen=True, slots=True)
class Forgotten:
    """`rows` were taken; `more` wait for the next time."""

    rows: int
    more: bool


Rule: TypeAlias = Callable[[Session, Context, Workspace], int]


def workspaces_to_keep(session: Session) -> Sequence[str]:
    """Their ids."""
    return [workspace.id for workspace in list_workspaces(session)]


def keep_retention(session: Session, context: Context, workspace_id: str) -> Forgotten:
    """Forget one batch of each kind whose time is over (see `bot.domain.retention`)."""
    workspace = session.get(Workspace, workspace_id)
    if workspace is None:
        return Forgotten(0, more=False)
    if workspace.disconnected_at and workspace.disconnected_at < context.now - kept_for.DISCONNECTED:
        taken_away = retention.delete_workspace(session, workspace_id, WHOLE)
        return Forgotten(taken_away, more=taken_away == WHOLE)
    taken = {rule: rule(session, context, workspace) for rule in RULES}
    return Forgotten(sum(taken.values()), any(taken[rule] >= most for rule, most in RULES.items()))


def _gone_entries(session: Session, context: Context, workspace: Workspace) -> int:
    before = company_day(workspace, context) - kept_for.GONE_ENTRIES
    return retention.delete_gone_entries(session, workspace.id, before, BATCH)


def _names_on_entries(session: Session, context: Context, workspace: Workspace) -> int:
    before = company_day(workspace, context) - kept_for.NAMES_ON_ENTRIES
    named = retention.list_named_before(session, workspace.id, before, NAMES)
    for entry in named:
        forget_name(session, context, Actor(workspace, session.get_one(Member, entry.author_id)), entry)
    return len(named)


def _ended_asks(session: Session, context: Context, workspace: Workspace) -> int:
    before = company_day(workspace, context) - kept_for.ENDED_ASKS
    return retention.delete_ended_asks(session, workspace.id, before, BATCH)


def _agenda(session: Session, context: Context, workspace: Workspace) -> int:
    return retention.delete_agenda(session, workspace.id, context.now - kept_for.SAID_BEFORE_MEETINGS, BATCH)


def _objections(session: Session, context: Context, workspace: Workspace) -> int:
    return retention.delete_objections(session, workspace.id, context.now - kept_for.SAID_BEFORE_MEETINGS, FEW)


def _asked(session: Session, context: Context, workspace: Workspace) -> int:
    return retention.delete_asked(session, workspace.id, context.now - kept_for.ASKED_IN_CHECKINS, FEW)


def _turns(session: Session, context: Context, workspace: Workspace) -> int:
    return retention.delete_turns(session, workspace.id, context.now - kept_for.ASKED_IN_CHECKINS, FEW)


def _names_on_texts(session: Session, context: Context, workspace: Workspace) -> int:
    before = context.now - kept_for.NAMES_ON_ENTRIES
    return retention.forget_authors_of_texts(session, workspace.id, before, BATCH)


def _names_on_announcements(session: Session, context: Context, workspace: Workspace) -> int:
    before = company_day(workspace, context) - kept_for.CHANGES
    return retention.forget_announcers(session, workspace.id, before, BATCH)


def _absences(session: Session, context: Context, workspace: Workspace) -> int:
    before = company_day(workspace, context) - kept_for.ABSENCES
    return retention.delete_absences(session, workspace.id, before, BATCH)


def _said_unasked(session: Session, context: Context, workspace: Workspace) -> int:
    before = company_day(workspace, context) - kept_for.SAID_UNASKED
    return retention.delete_said(session, workspace.id, before, context.now - kept_for.SAID_UNASKED, BATCH)


def _channel_people(session: Session, _context: Context, workspace: Workspace) -> int:
    return retention.delete_channel_people(session, workspace.id)


def _changes(session: Session, context: Context, workspace: Workspace) -> int:
    return retention.delete_changes(session, workspace.id, context.now - kept_for.CHANGES, BATCH)


def _left_members(session: Session, context: Context, workspace: Workspace) -> int:
    before = company_day(workspace, context) - kept_for.LEFT_MEMBERS
    left = retention.list_left(session, workspace.id, before, ONE)
    for member in left:
        erase(session, context, workspace, member)
    return len(left)


RULES: dict[Rule, int] = {
    _gone_entries: BATCH,
    _names_on_entries: NAMES,
    _ended_asks: BATCH,
    _agenda: BATCH,
    _objections: FEW,
    _asked: FEW,
    _turns: FEW,
    _names_on_texts: BATCH,
    _names_on_announcements: BATCH,
    _absences: BATCH,
    _said_unasked: BATCH,
    _channel_people: WHOLE,
    _changes: BATCH,
    _left_members: ONE,
}
"""Each with how much it takes at once."""

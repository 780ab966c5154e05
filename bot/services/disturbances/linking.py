"""Which change ahead an example is about. Only a named one can be linked."""

from collections.abc import Sequence
from datetime import date

from sqlmodel import Session

from bot.services.access import Actor
from storage.disturbances import find_disturbance, find_of_entry, find_of_round, link, list_running, unlink
from storage.tables import Disturbance, Entry, Visibility


def changes_for(session: Session, actor: Actor, entry: Entry) -> Sequence[Disturbance]:
    """Those it can be linked to; none for an example without a name."""
    if entry.visibility != Visibility.NAMED:
        return []
    running = list(list_running(session, actor.workspace.id, entry.created_on))
    linked = find_of_entry(session, entry.id)
    return [*running, *([linked] if linked and linked not in running else [])]


def link_to(session: Session, actor: Actor, entry: Entry, disturbance_id: str | None) -> None:
    """Let it be about that change, or about none where it cannot be about that one."""
    if entry.visibility == Visibility.NAMED:
        known = {change.id for change in changes_for(session, actor, entry)}
        if disturbance_id in known and disturbance_id:
            link(session, entry.id, disturbance_id)
        else:
            unlink(session, entry.id)


def link_by_round(session: Session, entry: Entry, round_id: str) -> None:
    """A named example that was told in the extra round of a change is about it."""
    change = find_of_round(session, round_id)
    if change and entry.visibility == Visibility.NAMED:
        link(session, entry.id, change.id)


def change_named(session: Session, workspace_id: str, disturbance_id: str, day: date) -> Disturbance | None:
    """The change that a button carries, while an example of that day can be linked to it."""
    found = find_disturbance(session, workspace_id, disturbance_id) if disturbance_id else None
    return found if found and not found.withdrawn and found.announced_on <= day <= found.linked_until else None

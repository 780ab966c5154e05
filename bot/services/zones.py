"""Whose time zone a member lives by: their own, else that of their site, else the company's."""

from collections.abc import Iterable, Mapping

from sqlmodel import Session

from bot.domain.errors import Refused
from bot.domain.zones import find_zone, nearest_zone
from bot.services.checkins.people import replan_members
from bot.services.context import Context
from storage.sites import list_followers, sites_by_key
from storage.tables import Member, Site, Workspace, ZoneFrom


def typed_zone(typed: str, field: str = "zone") -> str | None:
    """The IANA name of what was typed, None where nothing was. Raises `Refused` beside the field for no zone."""
    zone = find_zone(typed)
    if zone is None and typed:
        raise Refused("zone_unknown", field=field, words=typed, meant=nearest_zone(typed))
    return zone


def inherited_zone(session: Session, workspace: Workspace, plant: str | None) -> tuple[str, ZoneFrom]:
    """What somebody there lives by who has no zone of their own."""
    return _inherited(workspace, sites_by_key(session, workspace.id), plant)


def settle_zone(session: Session, workspace: Workspace, member: Member, own: str | None) -> None:
    """Let the member live by that zone of their own, or by none of their own (None)."""
    member.timezone, member.timezone_from = (
        (own, ZoneFrom.OWN) if own else inherited_zone(session, workspace, member.plant)
    )
    session.add(member)


def follow_zones(session: Session, context: Context, workspace: Workspace) -> None:
    """Let everybody without a zone of their own live by that of their site or company as it is now.

    What they are to be asked in rounds that run is planned anew.
    """
    session.flush()
    sites = sites_by_key(session, workspace.id)
    moved = _moved(workspace, sites, list_followers(session, workspace.id))
    session.add_all(moved)
    replan_members(session, context, workspace, {member.id for member in moved})


def _moved(workspace: Workspace, sites: Mapping[str, Site], followers: Iterable[Member]) -> list[Member]:
    """Those whose zone is another now, as they stand then."""
    moved = []
    for member in followers:
        before = member.timezone
        member.timezone, member.timezone_from = _inherited(workspace, sites, member.plant)
        moved += [member] if member.timezone != before else []
    return moved


def _inherited(workspace: Workspace, sites: Mapping[str, Site], plant: str | None) -> tuple[str, ZoneFrom]:
    site = sites.get(plant) if plant else None
    return (site.timezone, ZoneFrom.SITE) if site and site.timezone else (workspace.timezone, ZoneFrom.WORKSPACE)

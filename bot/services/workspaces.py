"""A workspace from its first moment: two sides with their bridges, and the thirteen tensions."""

from dataclasses import asdict
from importlib.resources import files
from typing import Final

from sqlmodel import Session

from bot.domain.countries import country_of_zone
from bot.domain.sample_files import parse_tensions
from bot.services.context import Context
from storage.tables import Platform, Side, SideKind, Tension, Workspace
from storage.workspaces import find_workspace

UNCONNECTED: Final = "unconnected"
"""Stands for the platform's id of a workspace that was filled before any chat was connected."""

DEFAULT_SIDES: Final = (
    ("sales", "Sales", SideKind.COUNTERPART),
    ("operations", "Operations", SideKind.COUNTERPART),
    ("supply_planning", "Supply Planning", SideKind.BRIDGE),
    ("finance", "Finance", SideKind.BRIDGE),
    ("general", "General management", SideKind.BRIDGE),
)


def ensure_workspace(
    session: Session,
    context: Context,
    platform: Platform,
    external_id: str,
    name: str,
    *,
    language: str = "en",
    timezone: str = "Europe/Amsterdam",
    country: str | None = None,
) -> Workspace:
    """The workspace of that id, as it stands; a new one has the default sides and tensions.

    Without a country it is that of the zone.

    One filled before a chat was connected (`UNCONNECTED`) becomes that of the first chat that connects.
    """
    workspace = find_workspace(session, platform, external_id)
    if workspace is not None:
        return workspace
    workspace = find_workspace(session, platform, UNCONNECTED)
    if workspace is not None:
        workspace.external_id, workspace.name = external_id, name
        session.add(workspace)
        return workspace
    workspace = Workspace(
        id=context.new_id(),
        platform=platform,
        external_id=external_id,
        name=name,
        language=language,
        timezone=timezone,
        country=country or country_of_zone(timezone) or "NL",
        created_at=context.now,
    )
    session.add(workspace)
    session.flush()
    _add_sides(session, workspace.id)
    _add_tensions(session, workspace.id)
    return workspace


def _add_sides(session: Session, workspace_id: str) -> None:
    for position, (key, name, kind) in enumerate(DEFAULT_SIDES):
        session.add(Side(workspace_id=workspace_id, key=key, name=name, kind=kind, position=position))
    session.flush()


def _add_tensions(session: Session, workspace_id: str) -> None:
    rows = parse_tensions((files("bot") / "sample" / "tensions.csv").read_bytes())
    for position, row in enumerate(rows):
        session.add(Tension(workspace_id=workspace_id, position=position, **asdict(row)))
    session.flush()

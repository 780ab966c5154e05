"""What stands in a database, for the doctor: nothing here writes, and nothing names a person."""

from collections import defaultdict
from collections.abc import Mapping

from sqlmodel import Session

from bot.domain.diagnosis import Company, Contents
from storage.inspection import count_facilitators, list_zones
from storage.tables import Workspace
from storage.workspaces import list_workspaces

NOUNS: Mapping[str, tuple[str, str]] = {
    "workspaces": ("the company", "companies"),
    "members": ("1 member", "members"),
    "series": ("1 series of meetings", "series of meetings"),
    "meetings": ("1 meeting", "meetings"),
}


def contents(session: Session) -> Contents:
    """The workspaces with their channels and facilitators, and every time zone with what it belongs to."""
    companies = [_company(session, workspace) for workspace in list_workspaces(session)]
    zones: dict[str, list[str]] = defaultdict(list)
    for zone, noun, count in list_zones(session):
        one, many = NOUNS[noun]
        zones[zone].append(one if count == 1 else f"{count} {many}")
    return Contents(companies, {zone: ", ".join(whose) for zone, whose in zones.items()})


def _company(session: Session, workspace: Workspace) -> Company:
    places = ((workspace.channel_id, workspace.channel_name), (workspace.help_channel_id, workspace.help_channel_name))
    return Company(
        team_id=workspace.external_id,
        name=workspace.name,
        facilitators=count_facilitators(session, workspace.id),
        channels={channel_id: name or channel_id for channel_id, name in places if channel_id},
    )

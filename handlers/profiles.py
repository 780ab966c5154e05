"""Who somebody is to Slack: asked only about people we do not know."""

from typing import Any

import structlog
from aiohttp import ClientError
from slack_sdk.errors import SlackClientError

from bot.services.access import Profile
from handlers.request import Request

log = structlog.get_logger()


async def ask_profile(request: Request, user_id: str | None = None) -> Profile | None:
    """The person behind the request, or that one; None when Slack does not say who it is."""
    try:
        asked = await request.client.users_info(user=user_id or request.sender.user_id, include_locale=True)
    except (TimeoutError, SlackClientError, ClientError, OSError) as error:
        log.warning("profile_not_known", error=type(error).__name__)
        return None
    return profile_of(asked["user"])


def profile_of(user: dict[str, Any]) -> Profile:
    """What Slack's user object says. In an Enterprise Grid one person belongs to several workspaces."""
    profile, teams = user.get("profile") or {}, (user.get("enterprise_user") or {}).get("teams") or []
    return Profile(
        name=profile.get("display_name") or user.get("real_name") or user.get("name") or user["id"],
        timezone=user.get("tz"),
        language=(user.get("locale") or "en").split("-")[0],
        is_guest=any(user.get(mark) for mark in ("is_restricted", "is_ultra_restricted", "is_stranger", "is_bot")),
        team_ids=frozenset(filter(None, (user.get("team_id"), *teams))),
        is_gone=bool(user.get("deleted")),
        may_administer=any(user.get(mark) for mark in ("is_admin", "is_owner", "is_primary_owner")),
    )

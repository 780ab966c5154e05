"""Somebody says where they work."""

from typing import Any

from bot.platforms.slack_blocks import parse_press
from bot.services.joining import join
from bot.services.members import Profile
from handlers.answers import answer_also, answer_in_place, open_form, publish_home
from handlers.request import Request


async def choose_side(request: Request) -> None:
    """Make the person a member, then do what they typed before they were one; on their Home, show that it is theirs."""
    house, sender = request.house, request.sender
    profile = profile_of((await request.client.users_info(user=sender.user_id, include_locale=True))["user"])
    side = parse_press(request.body).value
    joined = await house.database.write(join, house.context(), sender, request.id, side, profile)
    first, *others = joined.messages
    on_home = (request.body.get("view") or {}).get("type") == "home"
    if joined.form:
        await open_form(request, joined.form)
    if not (joined.form and on_home):
        await answer_in_place(request, first)
    await answer_also(request, others)
    if on_home:
        house.later(publish_home(request))


def profile_of(user: dict[str, Any]) -> Profile:
    return Profile(
        name=user["profile"].get("display_name") or user.get("real_name") or user["name"],
        timezone=user.get("tz"),
        language=(user.get("locale") or "en").split("-")[0],
        is_guest=bool(user.get("is_restricted") or user.get("is_ultra_restricted") or user.get("is_stranger")),
        home_team_id=user["team_id"],
    )

"""Somebody says where they work."""

from bot.domain.errors import Refused
from bot.platforms.slack_blocks import parse_press
from bot.services.joining import join
from handlers.answers import answer_also, answer_in_place, open_form, publish_home
from handlers.profiles import ask_profile
from handlers.request import Request


async def choose_side(request: Request) -> None:
    """Make the person a member, then do what they typed before they were one; on their Home, show that it is theirs."""
    house, sender = request.house, request.sender
    profile = await ask_profile(request)
    if profile is None:
        raise Refused("platform_silent")
    side = parse_press(request.body).value
    joined = await house.database.write(join, house.context(), sender, request.id, side, profile)
    first, *others = joined.messages
    on_home = (request.body.get("view") or {}).get("type") == "home"
    if not (joined.form and on_home):
        await answer_in_place(request, first)
    await answer_also(request, others)
    if on_home:
        house.later(publish_home(request))
    house.speakers.pop(sender, None)  # from now on they have a language of their own
    if joined.form:
        await open_form(request, joined.form)

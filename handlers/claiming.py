"""A workspace that nobody leads yet: an admin of Slack who asks for the set-up becomes its admin."""

from bot.services.setup import claim, is_unclaimed
from handlers.profiles import ask_profile
from handlers.request import Request


async def claim_unled(request: Request) -> None:
    """Slack is asked who somebody is only where nobody leads the workspace."""
    house = request.house
    if not await house.database.read(is_unclaimed, house.context(), request.sender):
        return
    profile = await ask_profile(request)
    if profile and profile.may_administer:
        await house.database.write(claim, house.context(), request.sender)

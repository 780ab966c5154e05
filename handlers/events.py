"""What Slack tells by itself: a Home was opened, somebody wrote to the bot, a person changed, we were taken away."""

from datetime import UTC, datetime

from bot.services.connections import disconnect
from bot.services.members import is_known
from bot.services.people import person_changed
from bot.services.sop import enqueue_hint
from handlers.answers import publish_home
from handlers.profiles import ask_profile, profile_of
from handlers.request import Handler, Request


async def app_home_opened(request: Request) -> None:
    await request.ack()
    if request.body["event"].get("tab", "home") == "home":
        await publish_home(request)


async def written_to(request: Request) -> None:
    """A message or mention for the bot: say once how to reach it. What people write to each other is not read."""
    await request.ack()
    event, house = request.body["event"], request.house
    if event.get("bot_id") or event.get("subtype") or not event.get("user"):
        return
    known = await house.database.read(is_known, request.sender)
    profile = None if known else await ask_profile(request)
    await house.database.write(enqueue_hint, house.context(), request.sender, request.id, profile)


async def changed_person(request: Request) -> None:
    """Somebody joined, left, became a guest, came back or lives by another clock: Slack sends the whole person."""
    await request.ack()
    house, profile = request.house, profile_of(request.body["event"]["user"])
    await house.database.write(person_changed, house.context(), request.sender, request.id, profile)


async def uninstalled(request: Request) -> None:
    """The app was removed, or its token taken back; tokens of single people we have none of."""
    await request.ack()
    event, house = request.body["event"], request.house
    if event["type"] == "tokens_revoked" and not (event.get("tokens") or {}).get("bot"):
        return
    told_at = datetime.fromtimestamp(int(request.body["event_time"]), UTC)
    await house.database.write(disconnect, house.context(), request.sender, request.id, told_at)


EVENTS: dict[str, Handler] = {
    "app_home_opened": app_home_opened,
    "message": written_to,
    "app_mention": written_to,
    "team_join": changed_person,
    "user_change": changed_person,
    "app_uninstalled": uninstalled,
    "tokens_revoked": uninstalled,
}

"""What Slack tells by itself: a Home was opened, somebody wrote to the bot."""

from bot.services.sop import enqueue_hint
from handlers.answers import publish_home
from handlers.request import Handler, Request


async def app_home_opened(request: Request) -> None:
    await request.ack()
    if request.body["event"].get("tab", "home") == "home":
        await publish_home(request)


async def written_to(request: Request) -> None:
    """A message or mention for the bot: say once how to reach it. What people write to each other is not read."""
    await request.ack()
    event = request.body["event"]
    if event.get("bot_id") or event.get("subtype") or not event.get("user"):
        return
    house = request.house
    await house.database.write(enqueue_hint, house.context(), request.sender, request.id)


EVENTS: dict[str, Handler] = {
    "app_home_opened": app_home_opened,
    "message": written_to,
    "app_mention": written_to,
}

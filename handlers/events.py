"""What Slack tells by itself: a Home was opened, somebody wrote to the bot, a person changed, came or went, we were
taken away.
"""

from datetime import UTC, datetime

from bot.domain.errors import Refused, UnknownMember
from bot.domain.incoming import plain_text
from bot.services.checkins.replying import save_reply
from bot.services.connections import disconnect
from bot.services.members import is_known
from bot.services.people import person_changed
from bot.services.sop import enqueue_hint
from handlers.answers import publish_home, write_to
from handlers.checkin_audience import joined_channel, left_channel
from handlers.profiles import ask_profile, profile_of
from handlers.request import Handler, Request

TYPED = frozenset({None, "file_share", "thread_broadcast"})
"""Subtypes of messages that somebody wrote: alone, with a picture, or from a thread. No other is new."""


async def app_home_opened(request: Request) -> None:
    await request.ack()
    if request.body["event"].get("tab", "home") == "home":
        await publish_home(request)


async def written_to(request: Request) -> None:
    """A message or mention for the bot: in the private chat an example, where a check-in asks for one; else say once
    how to reach it. What people write to each other is not read."""
    await request.ack()
    event, house = request.body["event"], request.house
    if event.get("bot_id") or event.get("subtype") not in TYPED or not event.get("user"):
        return
    if event.get("channel_type") == "im" and await _is_reply(request):
        return
    known = await house.database.read(is_known, request.sender)
    profile = None if known else await ask_profile(request)
    await house.database.write(enqueue_hint, house.context(), request.sender, request.id, profile)


async def _is_reply(request: Request) -> bool:
    """Whether it was taken as a reply to a check-in. What says that nothing was saved goes past the outbox: nothing
    keeps it."""
    house, text = request.house, plain_text(request.body["event"].get("text") or "")
    try:
        reply = await house.database.write(save_reply, house.context(), request.sender, request.id, text)
    except (UnknownMember, Refused):
        return False
    if reply and not reply.is_on_its_way:
        await write_to(request, reply.message)
    return reply is not None


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
    "member_joined_channel": joined_channel,
    "member_left_channel": left_channel,
    "team_join": changed_person,
    "user_change": changed_person,
    "app_uninstalled": uninstalled,
    "tokens_revoked": uninstalled,
}

"""Check-ins, where Slack has to be asked: about the channel of the result, and who is in a channel that is asked.

Slack is asked first, so that no network call stands inside the transaction.
"""

from bot.domain.chat import ChannelInfo, DeliveryError
from bot.domain.errors import Refused
from bot.platforms.slack import SlackPlatform
from bot.platforms.slack_forms import parse_submission
from bot.services.checkins import audience, changing
from handlers.answers import answer_form
from handlers.request import Request
from handlers.setting_up import look_at_channels

CHANNEL = "channel"
"""The field of the form, and the name in an event."""


async def save_settings(request: Request) -> None:
    house, submission = request.house, parse_submission(request.body["view"])
    seen = await _look_at(request, submission.text(CHANNEL))
    saved = await house.database.write(
        changing.save_settings, house.context(), request.sender, request.id, submission, seen
    )
    await answer_form(request, submission, saved)


async def save_audience(request: Request) -> None:
    house, submission = request.house, parse_submission(request.body["view"])
    seen = await _look_at(request, submission.text(CHANNEL))
    there = await _who_is_in(request, seen.get(submission.text(CHANNEL)))
    saved = await house.database.write(
        audience.save_audience, house.context(), request.sender, request.id, submission, seen, there
    )
    await answer_form(request, submission, saved)


async def joined_channel(request: Request) -> None:
    """Somebody came into a channel that the bot is in."""
    await _came_or_went(request, audience.joined_channel)


async def left_channel(request: Request) -> None:
    """Somebody left it, or was taken out."""
    await _came_or_went(request, audience.left_channel)


async def _came_or_went(request: Request, use_case: audience.Told) -> None:
    await request.ack()
    house, channel_id = request.house, request.body["event"][CHANNEL]
    await house.database.write(use_case, house.context(), request.sender, request.id, channel_id)


async def _look_at(request: Request, channel_id: str) -> dict[str, ChannelInfo | None]:
    """What Slack says of the channel, with what it refuses beside its field."""
    try:
        return await look_at_channels(request, (channel_id,))
    except Refused as refused:
        refused.field = CHANNEL
        raise


async def _who_is_in(request: Request, channel: ChannelInfo | None) -> frozenset[str]:
    """Nobody where the channel cannot be used: that is told. Raises `Refused` beside the field when Slack is silent."""
    if channel is None or not channel.is_member:
        return frozenset()
    try:
        return await SlackPlatform(request.client).members(channel.id)
    except DeliveryError as error:
        raise Refused("channel_people_not_read", field=CHANNEL, channel=channel.name) from error

"""The set-up, where Slack has to be asked: who may begin it, and whether the bot can post in a channel."""

import asyncio
from collections.abc import Iterable, Mapping
from typing import Any

from bot.domain.chat import ChannelInfo, DeliveryError
from bot.domain.errors import Refused
from bot.platforms.slack import SlackPlatform
from bot.platforms.slack_blocks import parse_press
from bot.platforms.slack_forms import parse_submission
from bot.services import setup
from handlers.answers import answer_form, answer_in_place, open_form
from handlers.profiles import ask_profile
from handlers.request import Request


async def save_facilitators(request: Request) -> None:
    """Slack is asked who those are that are no members yet: a guest is told of no role."""
    house, submission = request.house, parse_submission(request.body["view"])
    ids = await house.database.read(setup.people_to_ask_about, house.context(), request.sender, submission)
    profiles = dict(zip(ids, await asyncio.gather(*(ask_profile(request, one) for one in ids)), strict=True))
    saved = await house.database.write(
        setup.save_facilitators, house.context(), request.sender, request.id, submission, profiles
    )
    await answer_form(request, submission, saved)


async def save_channels(request: Request) -> None:
    """Slack is asked first, so that no network call stands inside the transaction."""
    house, submission = request.house, parse_submission(request.body["view"])
    seen = await look_at_channels(request, (submission.text("channel"), submission.text("help_channel")))
    saved = await house.database.write(
        setup.save_channels, house.context(), request.sender, request.id, submission, seen
    )
    await answer_form(request, submission, saved)


async def try_channels(request: Request) -> None:
    """The same once more, from the button of who has invited the bot meanwhile."""
    house, value = request.house, parse_press(request.body).value
    seen = await look_at_channels(request, setup.split_value(value))
    tried = await house.database.write(setup.try_channels, house.context(), request.sender, request.id, value, seen)
    await answer_in_place(request, tried)


async def open_question(request: Request) -> None:
    """The form of a question; the one for the channels proposes that in which the list stands."""
    house, press = request.house, parse_press(request.body)
    request.ack.opens = "window"
    here = _channel_of(request.body)
    form = await house.database.read(setup.question_form, house.context(), request.sender, press.value, here)
    await open_form(request, form)


def _channel_of(body: Mapping[str, Any]) -> str | None:
    """The channel in which the button stands; None in a window, on the Home, in a private chat of two or more."""
    channel: Mapping[str, str] = body.get("channel") or {}
    channel_id, is_chat = channel.get("id", ""), channel.get("name", "").startswith("mpdm-")
    return channel_id if channel_id.startswith(("C", "G")) and not is_chat else None


async def look_at_channels(request: Request, channel_ids: Iterable[str]) -> dict[str, ChannelInfo | None]:
    """What Slack says of these channels; raises `Refused` when it says nothing."""
    platform, wanted = SlackPlatform(request.client), [one for one in dict.fromkeys(channel_ids) if one]
    try:
        found = await asyncio.gather(*(platform.channel(channel_id) for channel_id in wanted))
    except DeliveryError as error:
        may_look = error.reason != "not_allowed"
        raise Refused("slack_silent" if may_look else "channels_not_readable") from error
    return dict(zip(wanted, found, strict=True))

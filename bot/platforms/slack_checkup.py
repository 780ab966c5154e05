"""Asks Slack how the bot stands with it, and changes nothing there: for the doctor and the start."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Any, Final

import aiohttp
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.domain.diagnosis import Channel, ChannelState, SlackAnswer

NO_ANSWER: Final = (aiohttp.ClientError, TimeoutError, OSError, SlackClientError, AttributeError, UnicodeError)
"""slack_sdk stumbles with the last two over an answer that is no JSON object (a proxy's page)."""


@dataclass(frozen=True, slots=True)
class Reply:
    """`error` is Slack's own word, "" when all is well, None when there was no answer that can be read."""

    error: str | None
    data: Mapping[str, Any]
    headers: Mapping[str, str]


async def ask_token(client: AsyncWebClient, address: str, clock: Callable[[], datetime]) -> SlackAnswer:
    """Who the bot is, what it may do, and what time it is there; `address` is that of Slack's API."""
    reply = await _ask(client.auth_test())
    return SlackAnswer(
        address=address,
        error=reply.error,
        team_id=reply.data.get("team_id", ""),
        team_name=reply.data.get("team", ""),
        scopes=granted_scopes(reply.headers),
        slack_time=_date(reply.headers),
        our_time=clock(),
    )


async def ask_app_token(client: AsyncWebClient, app_token: str) -> str | None:
    """Slack's word why it does not accept the app-level token, "" if it does, None without an answer.

    It hands out an address for a socket, which nobody opens.
    """
    return (await _ask(client.apps_connections_open(app_token=app_token))).error


async def ask_channel(client: AsyncWebClient, channel_id: str, name: str) -> Channel:
    """How the bot stands with a channel; its name of today where Slack tells it."""
    reply = await _ask(client.conversations_info(channel=channel_id))
    if reply.error == "channel_not_found":
        return Channel(name, ChannelState.GONE)
    if reply.error != "":
        return Channel(name, ChannelState.UNKNOWN, reply.error or "no answer")
    found = reply.data.get("channel") or {}
    return Channel(found.get("name") or name, _state(found))


def granted_scopes(headers: Mapping[str, str]) -> frozenset[str] | None:
    """What the token may do; None where Slack did not tell."""
    told = headers.get("X-OAuth-Scopes")
    return None if told is None else frozenset(filter(None, (scope.strip() for scope in told.split(","))))


def _state(channel: Mapping[str, Any]) -> ChannelState:
    if channel.get("is_archived"):
        return ChannelState.ARCHIVED
    return ChannelState.MEMBER if channel.get("is_member") else ChannelState.NOT_MEMBER


async def _ask(call: Awaitable[AsyncSlackResponse]) -> Reply:
    try:
        answer = await call
    except SlackApiError as error:
        return _refusal(error.response)
    except NO_ANSWER:
        return Reply(None, {}, {})
    return Reply("", answer.data if isinstance(answer.data, dict) else {}, answer.headers)


def _refusal(answer: object) -> Reply:
    if not isinstance(answer, AsyncSlackResponse) or not isinstance(answer.data, dict):
        return Reply(None, {}, {})
    return Reply(answer.data.get("error") or "unknown", {}, answer.headers)


def _date(headers: Mapping[str, str]) -> datetime | None:
    try:
        moment = parsedate_to_datetime(headers.get("Date", ""))
    except ValueError:
        return None
    return moment if moment.tzinfo else None

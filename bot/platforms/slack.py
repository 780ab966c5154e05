"""How it talks to Slack: posts, changes and finds messages, and says what went wrong in the domain's words.

The client retries nothing by itself: slack_sdk's own handler posts twice after a dropped connection. The outbox
retries, and looks an ambiguous send up first by the delivery key in the message's metadata.
"""

import re
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import aiohttp
import structlog
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.domain.chat import ChannelInfo, DeliveryError, Message, Sent
from bot.platforms.slack_blocks import has_chart, render_message, render_plain, without_charts

TIMEOUT_SECONDS = 10
EVENT_TYPE = "ampersand_delivery"
MEMBERS_A_PAGE = 1000
PAGE_SIZE, MOST_PAGES = 200, 10  # newest first in a channel, oldest first in a thread
DEFAULT_WAIT = timedelta(seconds=30)

REASONS: Mapping[str, str] = {
    "not_in_channel": "not_in_channel",
    "is_archived": "archived",
    "channel_not_found": "channel_gone",
    "channel_is_archived": "archived",
    "user_not_found": "person_gone",
    "user_disabled": "person_gone",
    "user_not_visible": "person_gone",
    "users_not_found": "person_gone",
    "cannot_dm_bot": "person_gone",
    "missing_scope": "not_allowed",
    "no_permission": "not_allowed",
    "access_denied": "not_allowed",
    "not_allowed_token_type": "not_allowed",
    "ekm_access_denied": "not_allowed",
    "team_access_not_granted": "not_allowed",
    "messages_tab_disabled": "not_allowed",
    "restricted_action": "not_allowed",
    "restricted_action_read_only_channel": "not_allowed",
    "restricted_action_thread_only_channel": "not_allowed",
    "restricted_action_non_threadable_channel": "not_allowed",
    "restricted_action_thread_locked": "not_allowed",
}
TOKEN_REFUSED = frozenset({"account_inactive", "invalid_auth", "not_authed", "token_expired", "token_revoked"})
"""These speak of our token, not of the reader: what waits is kept until there is a new one."""
BUSY = frozenset({"ratelimited", "rate_limited", "message_limit_exceeded", "accesslimited"})
UNSHOWABLE = frozenset({"invalid_blocks", "invalid_blocks_format", "msg_blocks_too_long", "msg_too_long", "no_text"})
BROKEN = frozenset({"internal_error", "fatal_error", "service_unavailable", "request_timeout", "team_added_to_org"})

log = structlog.get_logger()


def open_session(timeout_seconds: float = TIMEOUT_SECONDS) -> aiohttp.ClientSession:
    """The one session all clients share; needs a running loop, is closed by whoever opened it."""
    return aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=timeout_seconds))


def make_client(token: str, base_url: str, session: aiohttp.ClientSession) -> AsyncWebClient:
    """A Web API client for one workspace, for Bolt too. `base_url` is SLACK_API_URL, "https://slack.com/api/"."""
    client = AsyncWebClient(token=token, base_url=base_url.rstrip("/") + "/", session=session, retry_handlers=[])
    if urlsplit(base_url).hostname in ("localhost", "127.0.0.1", "::1"):
        client.proxy = None  # slack_sdk takes HTTP_PROXY from the environment and knows no NO_PROXY
    return client


class SlackPlatform:
    """A `ChatPlatform`. A target is a channel id or a person's id; a person's first message opens the private chat."""

    def __init__(self, client: AsyncWebClient) -> None:
        self._client = client

    async def post(self, target_id: str, message: Message, delivery_key: str, thread: Sent | None = None) -> Sent:
        place: dict[str, Any] = {
            "channel": thread.channel_id if thread else target_id,
            "thread_ts": thread.message_id if thread else None,
        }

        def say(content: dict[str, Any]) -> Awaitable[AsyncSlackResponse]:
            return self._client.chat_postMessage(
                **place, **content, metadata=_metadata(delivery_key), unfurl_links=False, unfurl_media=False
            )

        return await _say(say, message, target_id)

    async def replace(self, place: Sent, message: Message, delivery_key: str) -> Sent:
        def say(content: dict[str, Any]) -> Awaitable[AsyncSlackResponse]:
            return self._client.chat_update(
                channel=place.channel_id, ts=place.message_id, **content, metadata=_metadata(delivery_key)
            )

        return await _say(say, message, place.channel_id)

    async def find(self, target_id: str, delivery_key: str, thread: Sent | None = None) -> Sent | None:
        channel = thread.channel_id if thread else await self._channel_of(target_id)
        async for found in self._history(channel, thread):
            if _delivery_key(found) == delivery_key:
                return Sent(channel, found["ts"])
        return None

    async def permalink(self, place: Sent) -> str | None:
        try:
            found = await call_slack(
                self._client.chat_getPermalink(channel=place.channel_id, message_ts=place.message_id), place.channel_id
            )
        except DeliveryError as error:
            if error.reason in ("channel_gone", "refused"):
                return None
            raise
        return str(found["permalink"])

    async def channel(self, channel_id: str) -> ChannelInfo | None:
        """What Slack says of a channel; None for one the bot cannot see. Raises `DeliveryError`."""
        try:
            found = (await call_slack(self._client.conversations_info(channel=channel_id), channel_id))["channel"]
        except DeliveryError as error:
            if error.reason == "channel_gone":
                return None
            raise
        return ChannelInfo(
            id=found["id"],
            name=found["name"],
            is_member=bool(found.get("is_member")),
            is_archived=bool(found.get("is_archived")),
            is_shared=bool(found.get("is_ext_shared")),
        )

    async def members(self, channel_id: str) -> frozenset[str]:
        found: set[str] = set()
        cursor = ""
        while True:
            asked: dict[str, Any] = {"channel": channel_id, "limit": MEMBERS_A_PAGE}
            if cursor:
                asked["cursor"] = cursor
            page = await call_slack(self._client.conversations_members(**asked), channel_id)
            found.update(page["members"])
            cursor = (page.get("response_metadata") or {}).get("next_cursor") or ""
            if not cursor:
                return frozenset(found)

    async def _channel_of(self, target_id: str) -> str:
        if not _is_person(target_id):
            return target_id
        opened = await call_slack(self._client.conversations_open(users=target_id), target_id)
        return str(opened["channel"]["id"])

    async def _history(self, channel: str, thread: Sent | None) -> AsyncIterator[dict[str, Any]]:
        """The messages of a channel or thread, a page at a time and not without end."""
        cursor = ""
        for _ in range(MOST_PAGES):
            asked: dict[str, Any] = {"channel": channel, "limit": PAGE_SIZE, "include_all_metadata": True}
            if cursor:
                asked["cursor"] = cursor
            page = await call_slack(
                self._client.conversations_replies(ts=thread.message_id, **asked)
                if thread
                else self._client.conversations_history(**asked),
                channel,
            )
            for message in page["messages"]:
                yield message
            cursor = (page.get("response_metadata") or {}).get("next_cursor") or ""
            if not cursor:
                return
        raise DeliveryError("not_allowed", permanent=True)  # what is older cannot be read: never "it is not there"


def _is_person(target_id: str) -> bool:
    return target_id[:1] in ("U", "W")


def _metadata(delivery_key: str) -> dict[str, Any]:
    return {"event_type": EVENT_TYPE, "event_payload": {"key": delivery_key}}


def _delivery_key(message: Mapping[str, Any]) -> str | None:
    metadata = message.get("metadata") or {}
    return (metadata.get("event_payload") or {}).get("key") if metadata.get("event_type") == EVENT_TYPE else None


class Unshowable(DeliveryError):  # noqa: N818 what became of it, as with every other reason
    """Slack took nothing: it does not know how to show a part of it, or it is too long."""


async def _say(
    say: Callable[[dict[str, Any]], Awaitable[AsyncSlackResponse]], message: Message, target_id: str
) -> Sent:
    """Where it stands. What Slack cannot show is said once more without charts, and then in plain words."""
    richer = [render_message(message), *([render_message(without_charts(message))] if has_chart(message) else [])]
    for content in richer:
        try:
            return _place(await call_slack(say(content), target_id))
        except Unshowable:
            log.warning("not_showable", blocks=[block["type"] for block in content["blocks"]])
    return _place(await call_slack(say(render_plain(message)), target_id))


def _place(sent: AsyncSlackResponse) -> Sent:
    return Sent(sent["channel"], sent["ts"])


async def call_slack(call: Awaitable[AsyncSlackResponse], target_id: str) -> AsyncSlackResponse:
    """Slack's answer; the one place where a vendor's exception becomes a `DeliveryError`."""
    try:
        return await call
    except SlackApiError as error:
        raise _delivery_error(error, target_id) from error
    except aiohttp.ClientConnectorError as error:
        raise DeliveryError("unreachable") from error  # never connected: nothing was sent
    except (aiohttp.ClientError, TimeoutError, OSError, SlackClientError) as error:
        raise DeliveryError("unreachable", ambiguous=True) from error
    except (AttributeError, UnicodeError) as error:
        # slack_sdk stumbles over an answer that is no JSON object (a proxy's page)
        raise DeliveryError("unreachable", ambiguous=True) from error


def _delivery_error(error: SlackApiError, target_id: str) -> DeliveryError:
    response = error.response
    if not isinstance(response, AsyncSlackResponse):
        return DeliveryError("unreachable", ambiguous=True)  # the body was no JSON
    code = response.data.get("error", "") if isinstance(response.data, dict) else ""
    if response.status_code == 429 or code in BUSY:
        return DeliveryError("busy", retry_after=_retry_after(response.headers))
    if not code or response.status_code >= 500 or code in BROKEN:
        return DeliveryError("unreachable", ambiguous=True)
    if code in UNSHOWABLE:
        return Unshowable("refused", permanent=True)
    if code in TOKEN_REFUSED:
        return DeliveryError("not_allowed")
    reason = REASONS.get(code, "refused")
    if reason == "channel_gone" and _is_person(target_id):
        reason = "person_gone"
    return DeliveryError(reason, permanent=True)


def _retry_after(headers: Mapping[str, str]) -> timedelta:
    value = headers.get("Retry-After", "")
    return timedelta(seconds=int(value)) if re.fullmatch(r"[0-9]{1,6}", value) else DEFAULT_WAIT

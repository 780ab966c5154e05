"""A file for one person, in their private chat with the bot."""

import aiohttp
from slack_sdk.web.async_client import AsyncWebClient

from bot.domain.chat import DeliveryError
from bot.platforms.slack import call_slack


async def send_file(
    client: AsyncWebClient, http: aiohttp.ClientSession, user_id: str, name: str, title: str, content: bytes
) -> None:
    """Upload it and show it there, in Slack's three steps. Raises `DeliveryError`."""
    place = await call_slack(client.files_getUploadURLExternal(filename=name, length=len(content)), user_id)
    await _upload(http, place["upload_url"], content)
    chat = await call_slack(client.conversations_open(users=user_id), user_id)
    shown = [{"id": place["file_id"], "title": title}]
    await call_slack(client.files_completeUploadExternal(files=shown, channel_id=chat["channel"]["id"]), user_id)


async def _upload(http: aiohttp.ClientSession, address: str, content: bytes) -> None:
    try:
        async with http.post(address, data=content) as answer:
            accepted = answer.status == 200
    except (aiohttp.ClientError, TimeoutError, OSError) as error:
        raise DeliveryError("unreachable") from error  # nothing shows before the last step
    if not accepted:
        raise DeliveryError("refused")

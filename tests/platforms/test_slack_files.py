"""A file for one person over a real connection: three steps, and nobody sees half of it."""

from collections.abc import AsyncIterator
from urllib.parse import urlsplit

import aiohttp
import pytest

from bot.domain.chat import DeliveryError
from bot.platforms.slack import make_client, open_session
from bot.platforms.slack_files import send_file
from tests.platforms.fake_slack import FakeSlack, Reply, drop, error, ok


@pytest.fixture
async def slack() -> AsyncIterator[FakeSlack]:
    fake = FakeSlack()
    async with fake.running():
        yield fake


@pytest.fixture
async def http() -> AsyncIterator[aiohttp.ClientSession]:
    async with open_session(timeout_seconds=0.5) as session:
        yield session


async def send(slack: FakeSlack, http: aiohttp.ClientSession, upload_url: str) -> None:
    slack.on("files.getUploadURLExternal", ok(upload_url=upload_url, file_id="F1"))
    slack.on("conversations.open", ok(channel={"id": "D1"}))
    client = make_client("xoxb-test", slack.url.rstrip("/"), http)
    await send_file(client, http, "U1", "mine.json", "What is stored", b"{}")


async def test_a_file_that_cannot_be_uploaded_is_shown_nowhere(slack: FakeSlack, http: aiohttp.ClientSession) -> None:
    with pytest.raises(DeliveryError) as failed:
        await send(slack, http, "http://127.0.0.1:1/upload")
    assert (failed.value.reason, failed.value.ambiguous) == ("unreachable", False)
    assert slack.asked("files.completeUploadExternal") == []


async def test_an_upload_that_slack_refuses(slack: FakeSlack, http: aiohttp.ClientSession) -> None:
    parts = urlsplit(slack.url)
    with pytest.raises(DeliveryError, match="refused"):
        await send(slack, http, f"{parts.scheme}://{parts.netloc}/nowhere")
    assert slack.asked("files.completeUploadExternal") == []


@pytest.mark.parametrize(
    ("reply", "reason"),
    [(error("missing_scope"), "not_allowed"), (drop, "unreachable"), (error("x", 503), "unreachable")],
)
async def test_what_goes_wrong_is_said_in_our_own_words(
    slack: FakeSlack, http: aiohttp.ClientSession, reply: Reply, reason: str
) -> None:
    slack.on("files.getUploadURLExternal", reply)
    with pytest.raises(DeliveryError) as failed:
        await send(slack, http, "http://127.0.0.1:1/upload")
    assert failed.value.reason == reason

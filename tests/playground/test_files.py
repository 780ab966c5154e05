"""files.* of the playground: what is announced, uploaded and shown, and Slack's own error names."""

from collections.abc import AsyncIterator

import aiohttp
import pytest

from tests.playground.test_web_api import refusal
from tests.playground.worlds import ANNA, BRAM, World, a_world, with_scopes

CONTENT = b'{"name": "Anna"}'


@pytest.fixture
async def http() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


async def uploaded(world: World, http: aiohttp.ClientSession, name: str = "mine.json") -> str:
    place = await world.client.files_getUploadURLExternal(filename=name, length=len(CONTENT))
    async with http.post(place["upload_url"], data=CONTENT) as answer:
        assert (answer.status, await answer.text()) == (200, f"OK - {len(CONTENT)}")
    file_id: str = place["file_id"]
    return file_id


async def test_a_file_shows_in_a_private_chat_and_can_be_fetched(world: World, http: aiohttp.ClientSession) -> None:
    file_id = await uploaded(world, http)
    chat = (await world.client.conversations_open(users=ANNA))["channel"]["id"]
    done = await world.client.files_completeUploadExternal(files=[{"id": file_id, "title": "Mine"}], channel_id=chat)
    assert done["files"] == [{"id": file_id, "title": "Mine"}]

    history = await world.client.conversations_history(channel=chat)
    (file,) = history["messages"][0]["files"]
    assert (file["name"], file["title"], file["size"]) == ("mine.json", "Mine", len(CONTENT))
    async with http.get(file["url_private_download"]) as answer:
        assert await answer.read() == CONTENT
        assert answer.headers["Content-Disposition"].startswith("attachment")
    async with http.get(f"{world.address}/ui/channel/{chat}?as={ANNA}") as answer:
        page = await answer.text()
    assert "mine.json" in page
    assert file["url_private_download"] in page
    assert not await world.playground.workspace.messages(world.playground.workspace.find_im(BRAM).id, BRAM)


async def test_what_was_not_uploaded_cannot_be_shown(world: World) -> None:
    place = await world.client.files_getUploadURLExternal(filename="mine.json", length=3)
    chat = (await world.client.conversations_open(users=ANNA))["channel"]["id"]
    for file_id in (place["file_id"], "F0NONE"):
        refused = await refusal(world.client.files_completeUploadExternal(files=[{"id": file_id}], channel_id=chat))
        assert refused["error"] == "file_not_found"


async def test_an_upload_fits_what_was_announced_and_comes_once(world: World, http: aiohttp.ClientSession) -> None:
    place = await world.client.files_getUploadURLExternal(filename="mine.json", length=3)
    for content, status in ((b"four", 400), (b"abc", 200), (b"abc", 400)):
        async with http.post(place["upload_url"], data=content) as answer:
            assert answer.status == status
    async with http.get(f"{world.address}/files-pri/{place['file_id']}/other.json") as answer:
        assert answer.status == 404


async def test_a_name_and_a_length_are_needed(world: World) -> None:
    assert (await refusal(world.client.files_getUploadURLExternal(filename="", length=3)))["error"] == (
        "invalid_arguments"
    )
    assert (await refusal(world.client.files_getUploadURLExternal(filename="a", length=0)))["error"] == (
        "invalid_arguments"
    )


async def test_the_permission_is_asked_for() -> None:
    async with a_world(manifest=with_scopes("chat:write")) as poor:
        refused = await refusal(poor.client.files_getUploadURLExternal(filename="a", length=1))
    assert (refused["error"], refused["needed"]) == ("missing_scope", "files:write")

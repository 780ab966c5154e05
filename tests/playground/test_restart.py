"""What happened stays after a restart."""

from pathlib import Path
from typing import Any

from slack_sdk.webhook.async_client import AsyncWebhookClient

from bot.playground import PersonSeed, words
from tests.playground.test_conversation import a_modal, an_input
from tests.playground.worlds import ANNA, BRAM, SOP, a_world

Json = dict[str, Any]


async def test_a_workspace_is_the_same_after_a_restart(tmp_path: Path) -> None:
    store = tmp_path / "playground.sqlite"
    async with a_world(store) as world:
        first = await world.client.chat_postMessage(channel=SOP, text="first")
        await world.client.chat_postMessage(channel=SOP, text="reply", thread_ts=first["ts"])
        await world.client.chat_postEphemeral(channel=SOP, user=ANNA, text="psst")
        gone = await world.client.chat_postMessage(channel=SOP, text="gone")
        await world.client.chat_delete(channel=SOP, ts=gone["ts"])
        trigger = world.playground.triggers.issue(ANNA)
        await world.client.views_open(trigger_id=trigger, view=a_modal(an_input("what")))
        errors = await world.acting(ANNA).submit(await world.acting(ANNA).modal(), {"what": ""})
        await world.client.views_publish(user_id=ANNA, view={"type": "home", "blocks": [{"type": "divider"}]})
        await world.playground.workspace.mark_read(SOP, BRAM)
        world.playground.workspace.add_person(PersonSeed("U0CLEO", "cleo", "Cleo Vos"))
        world.playground.workspace.deactivate(BRAM)
        world.playground.workspace.archive("C0ELSE")
        before = await world.acting(ANNA).sees(SOP)
        assert _modes(tmp_path) == {0o600}
        modal, home = await world.acting(ANNA).modal(), await world.acting(ANNA).home()
    assert errors

    async with a_world(store) as world:
        anna = world.acting(ANNA)
        assert await anna.sees(SOP) == before
        assert [words(message) for message in before] == ["first", "psst"]
        assert [message.text for message in await anna.sees(thread=before[0])] == ["first", "reply"]
        assert (await anna.modal(), await anna.home()) == (modal, home)
        assert await world.playground.workspace.unread(BRAM) == {SOP: 0, "D0BRAM": 0}
        people = await world.playground.workspace.people()
        assert [(person.name, person.deleted) for person in people] == [
            ("anna", False),
            ("bram", True),
            ("cleo", False),
        ]
        assert (await world.playground.workspace.channel("C0ELSE")).is_archived
        assert (await world.client.chat_postMessage(channel=SOP, text="next"))["ts"] > gone["ts"]


async def test_a_response_url_still_works_after_a_restart(tmp_path: Path) -> None:
    store = tmp_path / "playground.sqlite"
    async with a_world(store) as world:
        token = world.playground.response_urls.issue(SOP, ANNA).rpartition("/")[2]

    async with a_world(store) as world:
        await AsyncWebhookClient(f"{world.address}/respond/{token}", retry_handlers=[]).send(text="late but there")

        assert [message.text for message in await world.acting(ANNA).sees(SOP)] == ["late but there"]


def _modes(folder: Path) -> set[int]:
    return {file.stat().st_mode & 0o777 for file in folder.glob("playground.sqlite*")}

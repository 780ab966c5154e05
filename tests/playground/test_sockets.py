"""Socket Mode as Slack has it: who may open a connection, what goes over it, and what happens when it goes away."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError

from bot.playground import NoAnswerError
from bot.playground.sockets import MOST_CONNECTIONS, Sockets
from tests.playground.test_conversation import a_button, a_modal, actions, an_input
from tests.playground.worlds import ANNA, APP_TOKEN, MANIFEST, SOP, World, a_world

Json = dict[str, Any]

OVER_SOCKETS = MANIFEST | {"settings": MANIFEST["settings"] | {"socket_mode_enabled": True}}


class Line:
    """A bot by hand: what it was sent, and what it answers."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self.socket = socket

    async def next(self) -> Json:
        async with asyncio.timeout(3):
            return dict(await self.socket.receive_json())

    async def acknowledges(self, payload: Json | None = None) -> Json:
        """Answer what comes next, and return it."""
        envelope = await self.next()
        answer = {"envelope_id": envelope["envelope_id"]} | ({} if payload is None else {"payload": payload})
        await self.socket.send_json(answer)
        return envelope


@asynccontextmanager
async def a_line(world: World) -> AsyncIterator[Line]:
    """One connection, after its hello."""
    link = await world.client.apps_connections_open(app_token=APP_TOKEN)
    async with aiohttp.ClientSession() as session, session.ws_connect(link["url"]) as socket:
        line = Line(socket)
        assert (await line.next())["type"] == "hello"
        yield line


@pytest.fixture
async def world() -> AsyncIterator[World]:
    async with a_world(manifest=OVER_SOCKETS, app_token=APP_TOKEN, answer_seconds=0.5) as here:
        yield here


def sockets(world: World) -> Sockets:
    return world.playground.dispatcher.sockets


async def test_only_the_app_level_token_opens_a_connection_and_opens_nothing_else(world: World) -> None:
    for token, method, error in (
        ("xoxb-playground", "apps.connections.open", "not_allowed_token_type"),
        ("xapp-other", "apps.connections.open", "invalid_auth"),
        (APP_TOKEN, "auth.test", "not_allowed_token_type"),
    ):
        with pytest.raises(SlackApiError, match=error):
            await world.client.api_call(method, headers={"Authorization": f"Bearer {token}"})
    async with aiohttp.ClientSession() as session:
        answer = await session.post(f"{world.address}/api/apps.connections.open", data={"token": APP_TOKEN})
        assert (await answer.json())["error"] == "not_authed"  # in the header only


async def test_a_link_is_for_this_machine_for_one_connection_and_for_no_browser(world: World) -> None:
    link = (await world.client.apps_connections_open(app_token=APP_TOKEN))["url"]
    assert link.startswith("ws://127.0.0.1:")
    async with aiohttp.ClientSession() as session:
        with pytest.raises(aiohttp.WSServerHandshakeError):
            await session.ws_connect(link, origin="https://evil.example")
        async with session.ws_connect(link) as socket:
            hello = await socket.receive_json()
            assert (hello["num_connections"], hello["connection_info"]) == (1, {"app_id": "A0PLAYAPP"})
        with pytest.raises(aiohttp.WSServerHandshakeError):
            await session.ws_connect(link)


async def test_a_command_carries_its_fields_and_takes_an_answer(world: World) -> None:
    async with a_line(world) as line:
        answering = asyncio.create_task(line.acknowledges({"text": "You said hello"}))
        answer = await world.acting(ANNA).command("/echo", "hello", SOP)
        envelope = await answering
    assert answer
    assert answer.text == "You said hello"
    assert (envelope["type"], envelope["accepts_response_payload"]) == ("slash_commands", True)
    assert (envelope["payload"]["command"], envelope["payload"]["text"]) == ("/echo", "hello")
    assert world.bot.requests == []


async def test_a_press_takes_no_content_and_a_form_does(world: World) -> None:
    posted = await world.client.chat_postMessage(channel=SOP, text="press", blocks=[actions(a_button())])
    anna = world.acting(ANNA)
    message = next(one for one in await anna.sees(SOP) if one.ts == posted["ts"])
    async with a_line(world) as line:
        answering = asyncio.create_task(line.acknowledges({"text": "ignored"}))
        await anna.press(message, "go")
        press = await answering
        trigger = press["payload"]["trigger_id"]
        await world.client.views_open(trigger_id=trigger, view=a_modal(an_input("what")))
        errors = {"response_action": "errors", "errors": {"what_block": "too short"}}
        answering = asyncio.create_task(line.acknowledges(errors))
        assert await anna.submit(await anna.modal(), {"what": "x"}) == {"what_block": "too short"}
        submission = await answering
    assert (press["type"], press["accepts_response_payload"]) == ("interactive", False)
    assert press["payload"]["actions"][0]["action_id"] == "go"
    assert (submission["type"], submission["accepts_response_payload"]) == ("interactive", True)


async def test_an_event_comes_again_until_it_is_acknowledged(world: World) -> None:
    async with a_line(world) as line:
        opening = asyncio.create_task(world.acting(ANNA).open_home())
        first = await line.next()
        second = await line.acknowledges()
        await opening
    assert first["payload"] == second["payload"]
    assert first["envelope_id"] != second["envelope_id"]
    assert (first["type"], first["accepts_response_payload"]) == ("events_api", False)
    assert (first["retry_attempt"], first["retry_reason"]) == (0, "")
    assert (second["retry_attempt"], second["retry_reason"]) == (1, "http_timeout")


async def test_without_an_answer_or_a_connection_the_person_is_told(world: World) -> None:
    anna = world.acting(ANNA)
    with pytest.raises(NoAnswerError, match="dispatch_failed"):
        await anna.command("/echo", "", SOP)
    async with a_line(world):
        with pytest.raises(NoAnswerError, match="operation_timeout"):
            await anna.command("/echo", "", SOP)


async def test_a_connection_that_breaks_takes_what_was_under_way_with_it(world: World) -> None:
    async with a_line(world) as line:
        asking = asyncio.create_task(world.acting(ANNA).command("/echo", "", SOP))
        await line.next()
        sockets(world).drop()
        with pytest.raises(NoAnswerError, match="dispatch_failed"):
            await asking


async def test_envelopes_go_over_all_connections_in_turn(world: World) -> None:
    async with a_line(world) as one, a_line(world) as other:
        for line in (one, other, one, other):
            answering = asyncio.create_task(line.acknowledges({"text": "heard"}))
            await world.acting(ANNA).command("/echo", "", SOP)
            await answering


async def test_a_refresh_is_announced_then_asked_for_and_the_old_connection_goes(world: World) -> None:
    async with a_line(world) as old:
        await sockets(world).refresh("warning")
        assert await old.next() == {
            "type": "disconnect",
            "reason": "warning",
            "debug_info": {"host": "applink-playground"},
        }
        async with a_line(world) as new:
            await sockets(world).refresh()
            assert (await old.next())["reason"] == "refresh_requested"
            assert (await old.socket.receive()).type == aiohttp.WSMsgType.CLOSE
            answering = asyncio.create_task(new.acknowledges({"text": "heard"}))
            await world.acting(ANNA).command("/echo", "", SOP)
            await answering


async def test_ten_connections_are_the_most(world: World) -> None:
    links = [
        (await world.client.apps_connections_open(app_token=APP_TOKEN))["url"] for _ in range(MOST_CONNECTIONS + 1)
    ]
    async with aiohttp.ClientSession() as session:
        lines = [Line(await session.ws_connect(link)) for link in links]
        said = [await line.next() for line in lines]
        assert [one["type"] for one in said] == ["hello"] * MOST_CONNECTIONS + ["disconnect"]
        assert said[-1]["reason"] == "too_many_websockets"


async def test_where_the_manifest_wants_none_the_connection_is_refused_and_http_is_used() -> None:
    async with a_world(app_token=APP_TOKEN) as world:
        link = await world.client.apps_connections_open(app_token=APP_TOKEN)
        async with aiohttp.ClientSession() as session, session.ws_connect(link["url"]) as socket:
            assert (await socket.receive_json())["reason"] == "link_disabled"
        await _is_asked_over_http(world)


async def test_without_an_app_level_token_http_is_used() -> None:
    async with a_world(manifest=OVER_SOCKETS) as world:
        await _is_asked_over_http(world)


async def _is_asked_over_http(world: World) -> None:
    @world.app.command("/echo")
    async def echo(ack: Any) -> None:
        await ack("heard")

    answer = await world.acting(ANNA).command("/echo", "", SOP)
    assert answer
    assert answer.text == "heard"

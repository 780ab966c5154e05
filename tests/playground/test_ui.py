"""What the browser gets: acts, the state around the pages, the live stream; and who else gets nothing."""

import json
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest

from bot.playground.door import Door
from tests.playground.test_conversation import a_button, a_modal, actions, an_input
from tests.playground.worlds import ANNA, BOARD, BRAM, ELSEWHERE, SOP, World, a_world

Json = dict[str, Any]


class Browser:
    """One person's browser, as far as requests go."""

    def __init__(self, session: aiohttp.ClientSession, address: str) -> None:
        self.session = session
        self.address = address

    async def act(self, user: str, kind: str, **fields: Any) -> tuple[int, Json]:
        async with self.session.post(f"{self.address}/ui/act", json={"as": user, "kind": kind, **fields}) as response:
            return response.status, await response.json()

    async def state(self, user: str) -> Json:
        async with self.session.get(f"{self.address}/ui/state", params={"as": user}) as response:
            state: Json = await response.json()
            return state

    async def notices(self, user: str) -> AsyncIterator[tuple[str, Json]]:
        async with self.session.get(f"{self.address}/ui/stream", params={"as": user}) as response:
            assert response.content_type == "text/event-stream"
            name = "open"
            async for line in response.content:
                field, _, value = line.decode().strip().partition(": ")
                if field == "event":
                    name = value
                elif field == "retry":
                    yield "open", {}
                elif field == "data":
                    yield name, json.loads(value)


@pytest.fixture
async def browser(world: World) -> AsyncIterator[Browser]:
    async with aiohttp.ClientSession() as session:
        yield Browser(session, world.address)


async def test_the_state_holds_what_stands_around_the_messages(world: World, browser: Browser) -> None:
    await world.client.chat_postMessage(channel=SOP, text="x")

    state = await browser.state(BRAM)

    assert [(one["id"], one["kind"], one["unread"]) for one in state["channels"]] == [
        (SOP, "channel", 1),
        ("D0BRAM", "im", 0),
    ]
    assert [person["title"] for person in state["people"]] == ["Sales · Noord", ""]
    assert state["commands"][0] == {
        "name": "/echo",
        "usage": "[text]",
        "description": "Says it again",
        "should_escape": True,
    }
    assert [shortcut["type"] for shortcut in state["shortcuts"]] == ["message", "global"]
    assert state["clock"] == {
        "now": "2026-06-10T14:00:00+00:00",
        "zone": "Europe/Amsterdam",
        "next": {"at": "2026-06-10T17:00:00+00:00", "what": "The brief is due"},
    }
    assert state["tour"] == [{"title": "Welcome", "text": "Type /echo"}]
    assert state["bot"] == {"id": "U0PLAYBOT", "name": "Echo"}


async def test_what_one_has_read_counts_no_more(world: World, browser: Browser) -> None:
    await world.client.chat_postMessage(channel=SOP, text="x")
    await browser.act(BRAM, "read", channel=SOP)
    world.clock.move(minutes=1)
    await world.client.chat_postMessage(channel=SOP, text="y")
    await browser.act(BRAM, "message", channel=SOP, text="my own")

    assert (await browser.state(BRAM))["channels"][0]["unread"] == 1


async def test_somebody_who_is_not_there_sees_no_channels(browser: Browser) -> None:
    state = await browser.state("U0NOBODY")

    assert (state["channels"], len(state["people"])) == ([], 2)


async def test_the_stream_tells_each_person_what_concerns_them(world: World, browser: Browser) -> None:
    notices = browser.notices(BRAM)
    assert await anext(notices) == ("open", {})
    await world.acting(ANNA).message("not for Bram", ELSEWHERE)
    await world.client.chat_postEphemeral(channel=SOP, user=ANNA, text="not for Bram")
    ts = (await world.client.chat_postMessage(channel=SOP, text="x"))["ts"]
    await world.client.chat_update(channel=SOP, ts=ts, text="y")
    await world.client.chat_delete(channel=SOP, ts=ts)
    await world.client.chat_postEphemeral(channel=SOP, user=BRAM, text="psst")
    trigger = world.playground.triggers.issue(BRAM)
    view = (await world.client.views_open(trigger_id=trigger, view=a_modal()))["view"]["id"]
    await world.client.views_update(view_id=view, view=a_modal())
    await world.client.views_publish(user_id=BRAM, view={"type": "home", "blocks": []})
    await browser.act(BRAM, "close", view_id=view)

    where = {"channel": SOP, "ts": ts, "thread_ts": None}
    assert [await anext(notices) for _ in range(8)] == [
        ("message", where),
        ("message_changed", where),
        ("message_deleted", where),
        ("ephemeral", {"channel": SOP}),
        ("view_opened", {"view_id": view}),
        ("view_updated", {"view_id": view}),
        ("home", {}),
        ("view_closed", {"view_id": view}),
    ]
    await notices.aclose()  # type: ignore[attr-defined]


async def test_a_conversation_in_the_browser(world: World, browser: Browser) -> None:
    @world.app.command("/echo")
    async def echo(ack: Any, command: Json) -> None:
        await ack(text="Card", blocks=[actions(a_button())])

    @world.app.action("go")
    async def go(ack: Any, body: Json) -> None:
        await ack()
        form = a_modal(an_input("what"), callback_id="form")
        await world.client.views_open(trigger_id=body["trigger_id"], view=form)

    @world.app.view("form")
    async def saved(ack: Any, view: Json) -> None:
        word = view["state"]["values"]["what_block"]["what"]["value"]
        if word == "no":
            await ack(response_action="errors", errors={"what_block": "Say yes"})
        else:
            await ack()

    assert await browser.act(ANNA, "command", channel=SOP, command="/echo", text="x") == (200, {"ok": True})
    (card,) = await world.acting(ANNA).sees(SOP)
    container = {"type": "message", "channel": SOP, "ts": card.ts}
    press = {"container": container, "action": {"block_id": "row", "action_id": "go", "type": "button"}}
    assert await browser.act(ANNA, "press", **press, state={"values": {}}) == (200, {"ok": True})
    view = await world.acting(ANNA).modal()

    def filled(word: str) -> Json:
        value = {"type": "plain_text_input", "value": word}
        return {"view_id": view.id, "state": {"values": {"what_block": {"what": value}}}}

    status, answer = await browser.act(ANNA, "submit", **filled("no"))
    assert (status, answer) == (200, {"ok": True, "errors": {"what_block": "Say yes"}})
    assert await browser.act(ANNA, "submit", **filled("yes")) == (200, {"ok": True})
    assert world.playground.workspace.views.stack(ANNA) == []


@pytest.mark.parametrize(
    ("act", "sentence"),
    [
        ({"kind": "dance"}, "This act cannot be understood"),
        ({"kind": "message", "channel": SOP}, "message.text Field required"),
        ({"kind": "message", "channel": BOARD, "text": "x", "as": BRAM}, "channel_not_found"),
        ({"kind": "message", "channel": SOP, "text": " "}, "Type something first."),
        ({"kind": "message", "channel": SOP, "text": "x", "as": "U0NOBODY"}, "user_not_found"),
        ({"kind": "command", "channel": SOP, "command": "/dance"}, "/dance is not a valid command."),
        ({"kind": "clock", "to": "yesterday"}, "The clock goes by +1h, +1d or next."),
        ({"kind": "submit", "view_id": "V0"}, "This modal is not open any more."),
    ],
)
async def test_what_cannot_be_done_is_told_in_a_sentence(browser: Browser, act: Json, sentence: str) -> None:
    status, answer = await browser.act(**{"user": act.pop("as", ANNA), **act})

    assert (status, answer["ok"]) == (400, False)
    assert sentence in answer["error"]


async def test_a_silent_bot_is_told_by_answer_and_stream(world: World, browser: Browser) -> None:
    world.bot.answers = [500]
    notices = browser.notices(ANNA)
    await anext(notices)

    text = '/echo failed with the error "dispatch_failed"'
    assert await browser.act(ANNA, "command", channel=SOP, command="/echo") == (200, {"ok": True, "failed": text})
    assert await anext(notices) == ("failed", {"text": text})
    await notices.aclose()  # type: ignore[attr-defined]


async def test_the_clock_goes_forward(world: World, browser: Browser) -> None:
    notices = browser.notices(BRAM)
    await anext(notices)

    _, hour = await browser.act(ANNA, "clock", to="+1h")
    _, following = await browser.act(ANNA, "clock", to="next")

    assert hour == {"ok": True, "now": "2026-06-10T15:00:00+00:00", "what": ""}
    assert following == {"ok": True, "now": "2026-06-10T18:00:00+00:00", "what": "The brief is due"}
    assert await anext(notices) == ("clock", {"now": "2026-06-10T15:00:00+00:00"})
    await notices.aclose()  # type: ignore[attr-defined]


async def test_open_streams_end_when_the_playground_closes() -> None:
    async with a_world() as world, aiohttp.ClientSession() as session:
        notices = Browser(session, world.address).notices(ANNA)
        await anext(notices)
        world.playground.workspace.notices.close()

        assert [notice async for notice in notices] == []


@pytest.mark.parametrize(
    "headers",
    [{"Host": "evil.example"}, {"Origin": "https://evil.example"}, {"Origin": "null"}],
    ids=["rebound name", "another site", "a file"],
)
async def test_another_site_gets_nothing(world: World, browser: Browser, headers: dict[str, str]) -> None:
    url = f"{world.address}/ui/state?as={ANNA}"
    async with browser.session.get(url, headers=headers) as response:
        assert (response.status, await response.text()) == (403, "The playground is for this machine only.")


@pytest.mark.parametrize(("address", "status"), [("127.0.0.1", 200), ("::1", 200), ("192.168.0.9", 403), (None, 403)])
async def test_another_machine_gets_nothing(address: str | None, status: int) -> None:
    sent: list[Json] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})

    async def send(message: Any) -> None:
        sent.append(message)

    scope = {
        "type": "http",
        "method": "GET",
        "headers": [(b"host", b"localhost:3000")],
        "client": (address, 1) if address else None,
    }
    await Door(app, "http://127.0.0.1:3000")(scope, send, send)  # type: ignore[arg-type]

    assert sent[0]["status"] == status


async def test_nothing_is_loaded_from_elsewhere(world: World, browser: Browser) -> None:
    async with browser.session.get(f"{world.address}/") as response:
        policy = response.headers["Content-Security-Policy"]
        assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert policy.startswith("default-src 'self';")
    assert "unsafe" not in policy

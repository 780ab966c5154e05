"""Acting: tests of the product read like conversations, so everything a person can choose must be choosable."""

import asyncio
import json
from datetime import UTC, date, datetime
from typing import Any

import pytest
from slack_sdk.webhook.async_client import AsyncWebhookClient

from bot.playground import ActError, Acting, Acts, PlaygroundSettings, create_playground, words
from bot.playground.model import BOT_USER_ID
from tests.clock import Clock
from tests.playground.test_conversation import Json, a_button, a_modal, a_select, actions, an_input, plain, with_form
from tests.playground.worlds import ANNA, BRAM, CHANNELS, MANIFEST, PEOPLE, SOP, World, a_world


def options(*values: str) -> list[Json]:
    return [{"text": plain(value), "value": value} for value in values]


PRESSES: list[tuple[Json, object, str, object]] = [
    (a_button("x"), None, "value", "42"),
    (a_select("x", "high", "low"), "low", "selected_option", {"text": {**plain("Low"), "emoji": True}, "value": "low"}),
    ({"type": "overflow", "action_id": "x", "options": options("edit")}, "edit", "selected_option.value", "edit"),
    ({"type": "radio_buttons", "action_id": "x", "options": options("a", "b")}, "b", "selected_option.value", "b"),
    ({"type": "users_select", "action_id": "x"}, BRAM, "selected_user", BRAM),
    ({"type": "multi_users_select", "action_id": "x"}, [ANNA, BRAM], "selected_users", [ANNA, BRAM]),
    ({"type": "channels_select", "action_id": "x"}, SOP, "selected_channel", SOP),
    ({"type": "datepicker", "action_id": "x"}, date(2026, 6, 10), "selected_date", "2026-06-10"),
    ({"type": "timepicker", "action_id": "x"}, "09:30", "selected_time", "09:30"),
    ({"type": "checkboxes", "action_id": "x", "options": options("a", "b")}, [], "selected_options", []),
]


@pytest.mark.parametrize(("element", "choice", "where", "expected"), PRESSES, ids=[p[0]["type"] for p in PRESSES])
async def test_whatever_stands_in_a_message_can_be_used(
    world: World, element: Json, choice: object, where: str, expected: object
) -> None:
    seen: list[Json] = []

    @world.app.action("x")
    async def x(ack: Any, action: Json) -> None:
        await ack()
        seen.append(action)

    await world.client.chat_postMessage(channel=SOP, text="x", blocks=[actions(element)])
    anna = world.acting(ANNA)
    await anna.press((await anna.sees(SOP))[0], "x", choice)

    found: Any = seen[0]
    for name in where.split("."):
        found = found[name]
    assert found == expected


async def test_checkboxes_and_dates_go_into_forms(world: World) -> None:
    seen: list[Json] = []

    @world.app.view("form")
    async def saved(ack: Any, view: Json) -> None:
        await ack()
        seen.append(view["state"]["values"])

    def field(element: Json) -> Json:
        return {"type": "input", "label": plain("x"), "block_id": f"{element['action_id']}_block", "element": element}

    form = a_modal(
        field({"type": "checkboxes", "action_id": "kinds", "options": options("a", "b", "c")}),
        field({"type": "datepicker", "action_id": "due"}),
        field({"type": "number_input", "action_id": "tons", "is_decimal_allowed": False, "max_value": "10"}),
        callback_id="form",
    )
    view = await with_form(world, form)
    anna = world.acting(ANNA)
    values: Json = {"kinds": ["a", "c"], "due_block": date(2026, 7, 1), "tons": "12"}
    assert await anna.submit(view, values) == {"tons_block": "Please enter a number that is 10 or less."}
    assert await anna.submit(view, {"tons": "10"}) == {}

    assert [option["value"] for option in seen[0]["kinds_block"]["kinds"]["selected_options"]] == ["a", "c"]
    assert seen[0]["due_block"]["due"] == {"type": "datepicker", "selected_date": "2026-07-01"}


async def test_a_form_can_give_the_bot_a_place_to_answer(world: World) -> None:
    urls: list[Json] = []

    @world.app.view("form")
    async def saved(ack: Any, body: Json) -> None:
        await ack()
        urls.extend(body["response_urls"])

    select = {"type": "conversations_select", "action_id": "where", "response_url_enabled": True}
    block = {"type": "input", "block_id": "b", "label": plain("Where"), "element": select}
    view = await with_form(world, a_modal(block, callback_id="form"))
    await world.acting(ANNA).submit(view, {"where": SOP})
    await AsyncWebhookClient(urls[0]["response_url"]).send(text="Here", response_type="in_channel")

    assert (urls[0]["channel_id"], urls[0]["block_id"]) == (SOP, "b")
    assert [message.text for message in await world.acting(BRAM).sees(SOP)] == ["Here"]


async def test_an_input_of_a_form_is_not_pressed_unless_it_dispatches(world: World) -> None:
    seen: list[Json] = []

    @world.app.action("loud")
    async def loud(ack: Any, action: Json) -> None:
        await ack()
        seen.append(action)

    view = await with_form(world, a_modal(an_input("quiet"), {**an_input("loud"), "dispatch_action": True}))
    anna = world.acting(ANNA)
    with pytest.raises(ActError, match="sent with the form"):
        await anna.press(view, "quiet", "x")
    await anna.press(view, "loud", "typed")

    assert seen[0]["value"] == "typed"
    assert (await anna.modal()).state_values["loud_block"]["loud"]["value"] == "typed"


async def test_waiting_for_what_the_bot_says_later(world: World) -> None:
    @world.app.command("/echo")
    async def echo(ack: Any) -> None:
        await ack()

    async def later() -> None:
        await asyncio.sleep(0.02)
        await world.client.chat_postMessage(channel=SOP, text="The brief")

    anna = world.acting(ANNA)
    assert await anna.command("/echo", "", SOP) is None
    task = asyncio.create_task(later())
    assert words(await anna.waits_for("brief", SOP)) == "The brief"
    await task
    with pytest.raises(TimeoutError):
        await anna.waits_for("never", SOP, seconds=0.01)


async def test_the_bot_learns_that_it_was_invited_and_that_it_is_gone() -> None:
    events = ["member_joined_channel", "tokens_revoked", "app_uninstalled", "app_home_opened"]
    manifest = {**MANIFEST, "settings": {"event_subscriptions": {"bot_events": events}}}
    async with a_world(manifest=manifest, retry_seconds=()) as world:
        await Acts(world.playground).join(BOT_USER_ID, "C0ELSE", inviter=ANNA)
        await world.playground.dispatcher.idle()
        await Acts(world.playground).open_home(ANNA, tab="messages")
        await world.playground.dispatcher.idle()
        world.playground.events.uninstalled()
        await world.playground.dispatcher.idle()

    joined, opened, *gone = [json.loads(body)["event"] for _, body in world.bot.requests]
    assert joined.items() >= {"type": "member_joined_channel", "user": BOT_USER_ID, "inviter": ANNA}.items()
    assert opened.items() >= {"type": "app_home_opened", "tab": "messages", "channel": "D0ANNA"}.items()
    assert {event["type"] for event in gone} == {"tokens_revoked", "app_uninstalled"}


async def test_without_a_scenario_the_workspace_runs_on_real_time() -> None:
    clock = Clock(datetime(2026, 1, 1, tzinfo=UTC))
    web = create_playground(PlaygroundSettings("http://127.0.0.1:1/slack/events", "s", "xoxb"), clock=clock)
    playground = web.state.playground
    playground.workspace.seed(PEOPLE, CHANNELS, {})

    posted = await Acting(playground, ANNA).message("hello", SOP)

    assert posted.ts == f"{int(clock.now.timestamp())}.000000"
    assert playground.settings.origin == "http://127.0.0.1:1"
    await playground.close()

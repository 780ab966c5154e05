"""What people do reaches the bot as Slack sends it, and what the bot answers stands where Slack puts it."""

import json
from typing import Any
from urllib.parse import parse_qs

import pytest
from slack_sdk.signature import SignatureVerifier
from slack_sdk.webhook.async_client import AsyncWebhookClient

from bot.playground import ActError, Acts, NoAnswerError, PersonSeed, SlackError, labels, words
from bot.playground.model import BOT_USER_ID, View
from tests.playground.worlds import ANNA, BOARD, BRAM, ELSEWHERE, SECRET, SOP, World, a_world

Json = dict[str, Any]


def plain(text: str) -> Json:
    return {"type": "plain_text", "text": text}


def a_button(action_id: str = "go", label: str = "Go", value: str = "42") -> Json:
    return {"type": "button", "action_id": action_id, "text": plain(label), "value": value}


def an_input(action_id: str, **over: Any) -> Json:
    element = {"type": "plain_text_input", "action_id": action_id, **over}
    return {"type": "input", "block_id": f"{action_id}_block", "label": plain(action_id), "element": element}


def a_select(action_id: str, *values: str, **over: Any) -> Json:
    options = [{"text": plain(value.title()), "value": value} for value in values]
    return {"type": "static_select", "action_id": action_id, "options": options, **over}


def a_modal(*blocks: Json, title: str = "A form", **over: Any) -> Json:
    return {"type": "modal", "title": plain(title), "submit": plain("Save"), "blocks": list(blocks), **over}


def actions(*elements: Json) -> Json:
    return {"type": "actions", "block_id": "row", "elements": list(elements)}


async def test_a_command_arrives_signed_with_the_fields_of_slack(world: World) -> None:
    @world.app.command("/echo")
    async def echo(ack: Any, command: Json) -> None:
        await ack(f"You said {command['text']}")

    answer = await world.acting(ANNA).command("/echo", "it is <late> @bram #sop https://x.example/a?b=1&c=2.", SOP)

    headers, body = world.bot.requests[0]
    assert SignatureVerifier(SECRET).is_valid_request(body, headers)
    fields = {name: values[0] for name, values in parse_qs(body).items()}
    assert (
        fields.items()
        >= {
            "command": "/echo",
            "text": "it is &lt;late&gt; <@U0BRAM|bram> <#C0SOP|sop> <https://x.example/a?b=1&amp;c=2>.",
            "channel_id": SOP,
            "channel_name": "sop",
            "user_id": ANNA,
            "user_name": "anna",
            "team_id": "T0TEST",
            "team_domain": "test",
        }.items()
    )
    assert answer
    assert answer.text.startswith("You said it is")
    assert await world.acting(BRAM).sees(SOP) == []


async def test_without_should_escape_the_text_arrives_as_typed(world: World) -> None:
    @world.app.command("/plain")
    async def echo(ack: Any, command: Json) -> None:
        await ack(command["text"])

    answer = await world.acting(ANNA).command("/plain", "@bram & co <3", SOP)

    assert answer
    assert answer.text == "@bram & co <3"


async def test_an_answer_in_channel_shows_the_command_and_the_answer_to_all(world: World) -> None:
    @world.app.command("/echo")
    async def echo(ack: Any) -> None:
        await ack(text="Hello all", response_type="in_channel")

    await world.acting(ANNA).command("/echo", "hello", SOP)

    assert [(m.user, m.text) for m in await world.acting(BRAM).sees(SOP)] == [
        (ANNA, "/echo hello"),
        (BOT_USER_ID, "Hello all"),
    ]


async def test_what_slack_does_not_offer_is_told_in_a_sentence(world: World) -> None:
    anna, bram = world.acting(ANNA), world.acting(BRAM)

    with pytest.raises(ActError, match="/nonsense is not a valid command"):
        await anna.command("/nonsense", "", SOP)
    with pytest.raises(ActError, match="is not in #elsewhere"):
        await bram.message("hello", ELSEWHERE)
    with pytest.raises(SlackError, match="channel_not_found"):
        await bram.message("hello", BOARD)
    with pytest.raises(ActError, match="not supported in threads"):
        await anna._acts.command(ANNA, SOP, "/echo", "x", thread_ts="1.000001")


async def test_a_bot_that_takes_too_long_is_told_to_the_person() -> None:
    async with a_world(answer_seconds=0.05) as world:
        world.bot.waits_seconds = 0.2

        with pytest.raises(NoAnswerError, match='/echo failed with the error "operation_timeout"'):
            await world.acting(ANNA).command("/echo", "x", SOP)


async def test_a_bot_that_answers_with_an_error_is_told_to_the_person(world: World) -> None:
    world.bot.answers = [500]

    with pytest.raises(NoAnswerError, match='/echo failed with the error "dispatch_failed"'):
        await world.acting(ANNA).command("/echo", "x", SOP)


async def test_an_acknowledgement_with_wrong_blocks_is_refused_with_the_reason(world: World) -> None:
    @world.app.command("/echo")
    async def echo(ack: Any) -> None:
        await ack(text="x", blocks=[{"type": "sectoin"}])

    with pytest.raises(NoAnswerError, match=r"invalid_blocks.*unsupported type: sectoin"):
        await world.acting(ANNA).command("/echo", "", SOP)


async def test_a_typed_message_reaches_the_bot_in_the_private_chat_only(world: World) -> None:
    heard: list[Json] = []

    @world.app.event("message")
    async def on_message(event: Json) -> None:
        heard.append(event)

    anna = world.acting(ANNA)
    await anna.message("in the channel", SOP)
    sent = await anna.message("1 < 2 & @bram")

    (event,) = heard
    assert (
        event.items()
        >= {
            "type": "message",
            "channel": "D0ANNA",
            "channel_type": "im",
            "user": ANNA,
            "text": "1 &lt; 2 &amp; <@U0BRAM>",
            "ts": sent.ts,
        }.items()
    )


async def test_a_mention_reaches_the_bot_where_it_is_a_member(world: World) -> None:
    heard: list[str] = []

    @world.app.event("app_mention")
    async def on_mention(event: Json) -> None:
        heard.append(event["channel"])

    anna = world.acting(ANNA)
    await anna.message("@echo are you there?", SOP)
    await anna.message("@echo are you there?", ELSEWHERE)

    assert heard == [SOP]


async def test_events_are_sent_again_with_the_same_id_until_the_bot_takes_them(world: World) -> None:
    world.bot.answers = [500, 404, 200]

    await world.acting(ANNA).message("hello")

    retries = [(h.get("x-slack-retry-num"), h.get("x-slack-retry-reason")) for h, _ in world.bot.requests]
    assert retries == [(None, None), ("1", "http_error"), ("2", "http_error")]
    assert len({json.loads(body)["event_id"] for _, body in world.bot.requests}) == 1


async def test_events_that_nobody_subscribed_to_are_not_sent() -> None:
    async with a_world(manifest={}) as world:
        await world.acting(ANNA).message("hello")
        await world.acting(ANNA).open_home()

    assert world.bot.requests == []


async def test_newcomers_are_announced(world: World) -> None:
    heard: list[Any] = []

    @world.app.event("team_join")
    async def on_join(event: Json) -> None:
        heard.append(event["user"]["real_name"])

    @world.app.event("member_joined_channel")
    async def on_member(event: Json) -> None:
        heard.append((event["user"], event["channel"]))

    await Acts(world.playground).join_team(PersonSeed("U0CLEO", "cleo", "Cleo Vos"))
    await world.playground.dispatcher.idle()
    await world.acting("U0CLEO").join(SOP)

    assert heard == ["Cleo Vos", ("U0CLEO", SOP)]


async def test_who_comes_into_a_channel_or_leaves_it_is_told_to_the_bot_that_is_in_it(world: World) -> None:
    heard: list[Json] = []

    @world.app.event("member_joined_channel")
    async def on_joined(event: Json) -> None:
        heard.append(event)

    @world.app.event("member_left_channel")
    async def on_left(event: Json) -> None:
        heard.append(event)

    bram = world.acting(BRAM)
    await bram.leave(SOP)
    await bram.leave(SOP)
    await bram.join(SOP)
    await world.acting(ANNA).leave(ELSEWHERE)

    left, joined = heard
    rest = {"user": BRAM, "channel": SOP, "channel_type": "C", "team": "T0TEST"}
    assert left.items() >= {"type": "member_left_channel", **rest}.items()
    assert joined.items() >= {"type": "member_joined_channel", **rest}.items()


async def test_leave_is_a_command_of_slack_itself(world: World) -> None:
    bram = world.acting(BRAM)
    await bram.command("/leave", "", SOP)

    assert BRAM not in world.playground.workspace.find_channel(SOP).members
    with pytest.raises(ActError, match="not in #sop"):
        await bram.command("/leave", "", SOP)
    with pytest.raises(ActError, match="cannot be left"):
        await bram.command("/leave")


async def test_a_button_of_a_message_sends_the_message_and_can_replace_it(world: World) -> None:
    seen: list[Json] = []

    @world.app.action("go")
    async def go(ack: Any, body: Json, respond: Any) -> None:
        await ack()
        seen.append(body)
        await respond(text="Done", replace_original=True)

    posted = await world.client.chat_postMessage(
        channel=SOP,
        text="Press",
        blocks=[actions(a_button(), a_select("level", "high", "low"))],
        metadata={"event_type": "card", "event_payload": {"key": "k1"}},
    )
    anna = world.acting(ANNA)
    (card,) = await anna.sees(SOP)
    await anna.press(card, "Go", entered={"level": "low"})

    (body,) = seen
    assert body["container"] == {
        "type": "message",
        "message_ts": posted["ts"],
        "channel_id": SOP,
        "is_ephemeral": False,
    }
    assert body["message"]["blocks"] == card.blocks
    assert body["message"]["metadata"]["event_payload"] == {"key": "k1"}
    assert body["state"]["values"]["row"]["level"]["selected_option"]["value"] == "low"
    (action,) = body["actions"]
    assert action.items() >= {"type": "button", "action_id": "go", "block_id": "row", "value": "42"}.items()
    assert words(await anna.again(card)) == "Done"


async def test_a_button_of_an_ephemeral_message_works_by_its_response_url_alone(world: World) -> None:
    @world.app.command("/echo")
    async def echo(ack: Any) -> None:
        await ack(text="Card", blocks=[actions(a_button("undo", "Undo"))])

    seen: list[Json] = []

    @world.app.action("undo")
    async def undo(ack: Any, body: Json, respond: Any) -> None:
        await ack()
        seen.append(body)
        await respond(delete_original=True)

    anna = world.acting(ANNA)
    card = await anna.command("/echo", "", SOP)
    assert card
    assert labels(card) == ["Undo"]
    await anna.press(card, "undo")

    assert "message" not in seen[0]
    assert seen[0]["container"]["is_ephemeral"] is True
    assert await anna.sees(SOP) == []


async def test_nobody_presses_what_is_not_there_or_not_for_them(world: World) -> None:
    await world.client.chat_postEphemeral(
        channel=SOP, user=ANNA, text="x", blocks=[actions(a_button(), a_select("level", "high", "low"))]
    )
    anna = world.acting(ANNA)
    (card,) = await anna.sees(SOP)

    with pytest.raises(ActError, match="There is no stop here; one can use: go, level"):
        await anna.press(card, "stop")
    with pytest.raises(ActError, match="medium is not a choice of level"):
        await anna.press(card, "level", "medium")
    with pytest.raises(ActError, match="not for you"):
        await world.acting(BRAM).press(card, "go")


async def test_a_response_url_lives_five_uses_and_half_an_hour(world: World) -> None:
    urls: list[str] = []

    @world.app.command("/echo")
    async def echo(ack: Any, command: Json) -> None:
        await ack()
        urls.append(command["response_url"])

    anna = world.acting(ANNA)
    await anna.command("/echo", "", SOP)
    await anna.command("/echo", "", SOP)
    first, second = (AsyncWebhookClient(url, retry_handlers=[]) for url in urls)

    codes = [(await first.send(text=f"{n}")).status_code for n in range(6)]
    assert codes == [200] * 5 + [404]
    world.real.move(minutes=30)
    late = await second.send(text="late")
    assert (late.status_code, json.loads(late.body)) == (404, {"ok": False, "error": "used_url"})
    assert [m.text for m in await anna.sees(SOP)] == ["0", "1", "2", "3", "4"]
    assert await world.acting(BRAM).sees(SOP) == []


async def test_a_shortcut_on_a_message_brings_the_message(world: World) -> None:
    seen: list[Json] = []

    @world.app.shortcut("echo_it")
    async def echo_it(ack: Any, shortcut: Json) -> None:
        await ack()
        seen.append(shortcut)

    bram = world.acting(BRAM)
    said = await world.acting(ANNA).message("The line stood still", SOP)
    await bram.shortcut("echo_it", said)

    (shortcut,) = seen
    assert shortcut["type"] == "message_action"
    assert shortcut["message"].items() >= {"user": ANNA, "text": "The line stood still", "ts": said.ts}.items()
    assert shortcut["user"]["id"] == BRAM
    assert shortcut["channel"] == {"id": SOP, "name": "sop"}
    with pytest.raises(ActError, match="needs a message"):
        await bram.shortcut("echo_it")


async def with_form(world: World, view: Json) -> View:
    """Anna uses the global shortcut and the bot opens this modal."""

    @world.app.shortcut("start")
    async def start(ack: Any, shortcut: Json) -> None:
        await ack()
        await world.client.views_open(trigger_id=shortcut["trigger_id"], view=view)

    await world.acting(ANNA).shortcut("start")
    return await world.acting(ANNA).modal()


async def test_a_submission_carries_the_full_state_with_untouched_inputs(world: World) -> None:
    seen: list[Json] = []

    @world.app.view("form")
    async def saved(ack: Any, view: Json) -> None:
        await ack()
        seen.append(view)

    level = a_select("level", "high", "low")
    level["initial_option"] = level["options"][0]
    form = a_modal(
        an_input("what"),
        an_input("why", initial_value="because"),
        {"type": "section", "block_id": "s", "text": plain("Level"), "accessory": level},
        {**an_input("note"), "optional": True},
        callback_id="form",
        private_metadata="draft 7",
    )
    view = await with_form(world, form)
    assert await world.acting(ANNA).submit(view, {"what": "It stood still"}) == {}

    (sent,) = seen
    values = sent["state"]["values"]
    assert values["what_block"]["what"] == {"type": "plain_text_input", "value": "It stood still"}
    assert values["why_block"]["why"]["value"] == "because"
    assert values["s"]["level"]["selected_option"]["value"] == "high"
    assert values["note_block"]["note"]["value"] is None
    assert sent["private_metadata"] == "draft 7"
    assert sent["id"] == sent["root_view_id"] == view.id
    with pytest.raises(ActError, match="No modal is open"):
        await world.acting(ANNA).modal()


async def test_slack_itself_checks_what_is_required_and_how_long(world: World) -> None:
    view = await with_form(world, a_modal(an_input("what"), an_input("short", max_length=5), callback_id="form"))

    errors = await world.acting(ANNA).submit(view, {"short": "much too long"})

    assert errors == {
        "what_block": "Please complete this required field.",
        "short_block": "This must be less than 6 characters.",
    }
    assert len(world.bot.requests) == 1


async def test_errors_of_the_bot_stand_at_their_fields_and_the_form_stays(world: World) -> None:
    @world.app.view("form")
    async def refused(ack: Any) -> None:
        await ack(response_action="errors", errors={"what_block": "Say more"})

    view = await with_form(world, a_modal(an_input("what"), callback_id="form"))

    assert await world.acting(ANNA).submit(view, {"what": "x"}) == {"what_block": "Say more"}
    assert (await world.acting(ANNA).modal()).state_values["what_block"]["what"]["value"] == "x"


async def test_errors_for_fields_that_are_not_there_are_trouble(world: World) -> None:
    @world.app.view("form")
    async def refused(ack: Any) -> None:
        await ack(response_action="errors", errors={"nowhere": "Say more"})

    view = await with_form(world, a_modal(an_input("what"), callback_id="form"))

    with pytest.raises(NoAnswerError, match="must name input blocks of the view: what_block"):
        await world.acting(ANNA).submit(view, {"what": "x"})


async def test_a_form_becomes_another_and_keeps_what_was_entered(world: World) -> None:
    @world.app.view("first")
    async def second_step(ack: Any) -> None:
        await ack(response_action="update", view=a_modal(an_input("what"), an_input("more"), callback_id="second"))

    view = await with_form(world, a_modal(an_input("what"), callback_id="first"))
    await world.acting(ANNA).submit(view, {"what": "kept"})

    now = await world.acting(ANNA).modal()
    assert (now.id, now.payload["callback_id"]) == (view.id, "second")
    assert now.hash != view.hash
    assert now.state_values["what_block"]["what"]["value"] == "kept"


async def test_three_forms_stand_above_each_other_and_no_fourth(world: World) -> None:
    @world.app.view("form")
    async def deeper(ack: Any) -> None:
        await ack(response_action="push", view=a_modal(an_input("what"), callback_id="form"))

    anna = world.acting(ANNA)
    first = await with_form(world, a_modal(an_input("what"), callback_id="form"))
    await anna.submit(first, {"what": "1"})
    second = await anna.modal()
    await anna.submit(second, {"what": "2"})
    third = await anna.modal()

    assert (third.previous_view_id, third.root_view_id) == (second.id, first.id)
    with pytest.raises(NoAnswerError, match="push_limit_reached"):
        await anna.submit(third, {"what": "3"})
    with pytest.raises(ActError, match="not open any more"):
        await anna.submit(first, {"what": "again"})
    await anna.close(third)
    assert (await anna.modal()).id == second.id


async def test_closing_is_told_when_the_bot_wants_to_know(world: World) -> None:
    seen: list[Json] = []

    @world.app.view_closed("form")
    async def closed(ack: Any, body: Json) -> None:
        await ack()
        seen.append(body)

    view = await with_form(world, a_modal(an_input("what"), callback_id="form", notify_on_close=True))
    await world.acting(ANNA).close(view, clear=True)

    assert [(body["view"]["id"], body["is_cleared"]) for body in seen] == [(view.id, True)]


async def test_a_press_in_a_form_brings_view_and_state_but_no_response_url(world: World) -> None:
    seen: list[Json] = []

    @world.app.action("go")
    async def go(ack: Any, body: Json) -> None:
        await ack()
        seen.append(body)
        await world.client.views_update(
            view_id=body["view"]["id"], hash=body["view"]["hash"], view=a_modal(an_input("what"), title="Changed")
        )

    view = await with_form(world, a_modal(an_input("what"), actions(a_button())))
    with pytest.raises(ActError, match="not on your screen"):
        await world.acting(BRAM).press(view, "go")
    await world.acting(ANNA).press(view, "go", entered={"what": "half a sen"})

    (body,) = seen
    assert body["container"] == {"type": "view", "view_id": view.id}
    assert body["view"]["state"]["values"]["what_block"]["what"]["value"] == "half a sen"
    assert "response_url" not in body
    now = await world.acting(ANNA).modal()
    assert words(now).startswith("Changed")
    assert now.state_values["what_block"]["what"]["value"] == "half a sen"


async def test_options_come_from_the_bot_as_one_types(world: World) -> None:
    @world.app.options("who")
    async def who(ack: Any, payload: Json) -> None:
        await ack(options=[{"text": plain(f"{payload['value']}na"), "value": "u1"}])

    select = {"type": "external_select", "action_id": "who", "min_query_length": 1}
    view = await with_form(world, a_modal(actions(select)))

    assert await world.acting(ANNA).options(view, "who", "An") == ["Anna"]


async def test_the_home_is_built_when_it_is_opened(world: World) -> None:
    @world.app.event("app_home_opened")
    async def opened(event: Json) -> None:
        count = 2 if "view" in event else 1
        blocks = [{"type": "section", "text": plain(f"Visit {count}")}, actions(a_button())]
        await world.client.views_publish(user_id=event["user"], view={"type": "home", "blocks": blocks})

    seen: list[Json] = []

    @world.app.action("go")
    async def go(ack: Any, body: Json) -> None:
        await ack()
        seen.append(body)

    anna = world.acting(ANNA)
    first = await anna.open_home()
    second = await anna.open_home()
    assert first
    assert second
    assert (words(first).splitlines()[0], words(second).splitlines()[0]) == ("Visit 1", "Visit 2")
    await anna.press(second, "Go")
    assert seen[0]["view"]["type"] == "home"


async def test_url_verification(world: World) -> None:
    assert await world.playground.dispatcher.verify_url("3eZbrw1a")

"""The Web API as slack_sdk sees it: Slack's answers and Slack's own error names."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.playground import Delay, PersonSeed, SlackError
from bot.playground.model import BOT_USER_ID
from tests.playground.worlds import ANNA, BOARD, BRAM, ELSEWHERE, SOP, TOKEN, World, a_world, with_scopes

Json = dict[str, Any]
METADATA = {"event_type": "delivery", "event_payload": {"key": "k-1"}}


async def refusal(call: Any) -> Json:
    with pytest.raises(SlackApiError) as refused:
        await call
    answer: Json = refused.value.response.data
    return answer


@pytest.fixture
async def http() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


async def test_who_the_bot_is(world: World) -> None:
    me = await world.client.auth_test()
    assert (me["user_id"], me["team_id"], me["team"]) == (BOT_USER_ID, "T0TEST", "Test")
    assert (await world.client.bots_info(bot=me["bot_id"]))["bot"]["name"] == "Echo"
    assert (await world.client.team_info())["team"]["domain"] == "test"
    assert (await refusal(world.client.bots_info(bot="B0OTHER")))["error"] == "bot_not_found"


async def test_a_token_is_asked_for(world: World, http: aiohttp.ClientSession) -> None:
    wrong = AsyncWebClient("xoxb-other", world.client.base_url)
    assert (await refusal(wrong.auth_test()))["error"] == "invalid_auth"
    async with http.post(f"{world.address}/api/auth.test") as response:
        assert await response.json() == {"ok": False, "error": "not_authed"}
    async with http.post(f"{world.address}/api/auth.test", data={"token": TOKEN}) as response:
        assert (await response.json())["ok"] is True


async def test_forms_and_json_are_read_alike(world: World, http: aiohttp.ClientSession) -> None:
    blocks = '[{"type": "divider"}]'
    authorization = {"Authorization": f"Bearer {TOKEN}"}
    url = f"{world.address}/api/chat.postMessage"
    async with http.post(url, data={"channel": SOP, "blocks": blocks}, headers=authorization) as response:
        assert (await response.json())["message"]["blocks"][0]["type"] == "divider"
    async with http.post(url, data={"channel": SOP, "blocks": "[{"}, headers=authorization) as response:
        assert (await response.json())["error"] == "invalid_blocks_format"
    async with http.post(url, data="{", headers={**authorization, "Content-Type": "application/json"}) as response:
        assert (await response.json())["error"] == "invalid_json"
    async with http.post(url, json=[], headers=authorization) as response:
        assert (await response.json())["error"] == "json_not_object"


async def test_methods_and_scopes_that_are_not_there(world: World) -> None:
    assert (await refusal(world.client.api_call("chat.dance")))["error"] == "unknown_method"
    async with a_world(manifest=with_scopes("chat:write", "channels:history")) as poor:
        assert (await refusal(poor.client.users_list())).items() >= {
            "error": "missing_scope",
            "needed": "users:read",
            "provided": "channels:history,chat:write",
        }.items()
        answer = await refusal(poor.client.conversations_history(channel="D0ANNA"))
        assert (answer["error"], answer["needed"]) == ("missing_scope", "im:history")


async def test_people(world: World) -> None:
    anna = (await world.client.users_info(user=ANNA, include_locale=True))["user"]
    assert (anna["real_name"], anna["tz"], anna["locale"]) == ("Anna de Boer", "Europe/Amsterdam", "en-US")
    assert "locale" not in (await world.client.users_info(user=ANNA))["user"]
    first = await world.client.users_list(limit=2)
    rest = await world.client.users_list(limit=2, cursor=first["response_metadata"]["next_cursor"])
    assert {user["id"] for user in [*first["members"], *rest["members"]]} == {ANNA, BRAM, BOT_USER_ID}
    assert rest["response_metadata"]["next_cursor"] == ""
    assert (await world.client.users_lookupByEmail(email="bram@test.example"))["user"]["id"] == BRAM
    assert (await refusal(world.client.users_lookupByEmail(email="x@y.z")))["error"] == "users_not_found"
    assert (await refusal(world.client.users_info(user="U0NOBODY")))["error"] == "user_not_found"
    assert (await refusal(world.client.users_list(cursor="nonsense")))["error"] == "invalid_cursor"


async def test_what_people_may_do_is_told_in_slacks_words(world: World) -> None:
    world.playground.workspace.add_person(PersonSeed("U0OWNER", "olga", "Olga", is_primary_owner=True))
    world.playground.workspace.add_person(PersonSeed("U0GUEST", "gus", "Gus", is_ultra_restricted=True))
    world.playground.workspace.add_person(PersonSeed("U0OTHER", "otto", "Otto", team_id="T0OTHER"))

    found = {one["id"]: one for one in (await world.client.users_list())["members"]}

    roles = ("is_admin", "is_owner", "is_primary_owner", "is_restricted", "is_ultra_restricted", "is_stranger")
    held = {key: [role for role in roles if one[role]] for key, one in found.items()}
    assert held["U0OWNER"] == ["is_admin", "is_owner", "is_primary_owner"]
    assert held["U0GUEST"] == ["is_restricted", "is_ultra_restricted"]
    assert held[ANNA] == held["U0OTHER"] == []
    assert found["U0OTHER"]["team_id"] == "T0OTHER"
    assert found[ANNA]["team_id"] == "T0TEST"


async def test_channels(world: World) -> None:
    listed = await world.client.conversations_list(types="public_channel,private_channel,im")
    assert {channel["id"] for channel in listed["channels"]} == {SOP, ELSEWHERE}
    info = (await world.client.conversations_info(channel=SOP))["channel"]
    assert info.items() >= {"name": "sop", "is_member": True, "is_archived": False, "num_members": 3}.items()
    assert set((await world.client.conversations_members(channel=SOP))["members"]) == {ANNA, BRAM, BOT_USER_ID}
    assert (await refusal(world.client.conversations_info(channel=BOARD)))["error"] == "channel_not_found"
    joined = await world.client.conversations_join(channel=ELSEWHERE)
    assert joined["channel"]["is_member"] is True
    assert (await world.client.conversations_join(channel=ELSEWHERE))["warning"] == "already_in_channel"


async def test_who_is_in_a_channel_comes_in_pages(world: World) -> None:
    first = await world.client.conversations_members(channel=SOP, limit=2)
    cursor = first["response_metadata"]["next_cursor"]
    last = await world.client.conversations_members(channel=SOP, limit=2, cursor=cursor)

    assert (len(first["members"]), len(last["members"])) == (2, 1)
    assert {*first["members"], *last["members"]} == {ANNA, BRAM, BOT_USER_ID}
    assert last["response_metadata"]["next_cursor"] == ""
    assert (await refusal(world.client.conversations_members(channel=BOARD)))["error"] == "channel_not_found"
    wrong = await refusal(world.client.conversations_members(channel=SOP, cursor="nonsense"))
    assert wrong["error"] == "invalid_cursor"


async def test_a_user_id_opens_the_private_chat(world: World) -> None:
    posted = await world.client.chat_postMessage(channel=ANNA, text="hello")
    opened = await world.client.conversations_open(users=ANNA)

    assert posted["channel"] == opened["channel"]["id"] == "D0ANNA"
    assert [message.text for message in await world.acting(ANNA).sees()] == ["hello"]
    assert (await refusal(world.client.chat_postMessage(channel="U0NOBODY", text="x")))["error"] == "channel_not_found"
    assert (await refusal(world.client.chat_update(channel="U0NOBODY", ts="1.0", text="x")))["error"]


async def test_messages_to_people_who_left_are_taken(world: World) -> None:
    workspace = world.playground.workspace
    workspace.deactivate(ANNA)

    assert (await world.client.chat_postMessage(channel=ANNA, text="hello"))["ok"]
    assert (await refusal(world.client.conversations_open(users=ANNA)))["error"] == "user_disabled"


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        ({"channel": "C0NONE", "text": "x"}, "channel_not_found"),
        ({"channel": BOARD, "text": "x"}, "channel_not_found"),
        ({"channel": ELSEWHERE, "text": "x"}, "not_in_channel"),
        ({"channel": SOP, "text": ""}, "no_text"),
        ({"channel": SOP, "text": "x" * 4001}, "msg_too_long"),
        ({"channel": SOP, "text": "x", "blocks": [{"type": "sectoin"}]}, "invalid_blocks"),
        ({"channel": SOP, "text": "x", "thread_ts": "1.000001"}, "thread_not_found"),
        ({"channel": SOP, "text": "x", "metadata": {"event_type": "x"}}, "invalid_metadata_format"),
    ],
)
async def test_what_is_not_posted(world: World, arguments: Json, error: str) -> None:
    assert (await refusal(world.client.api_call("chat.postMessage", json=arguments)))["error"] == error
    assert await world.acting(ANNA).sees(SOP) == []


async def test_wrong_blocks_are_refused_with_the_reasons(world: World) -> None:
    header: Json = {"type": "header", "text": {"type": "plain_text", "text": "x" * 151}}
    blocks = [header, {"type": "divider", "size": 3}]

    answer = await refusal(world.client.chat_postMessage(channel=SOP, text="x", blocks=blocks))

    assert answer["response_metadata"]["messages"] == [
        "[ERROR] invalid additional property: size [json-pointer:/blocks/1]",
        "[ERROR] must be less than 151 characters [json-pointer:/blocks/0/text/text]",
    ]


async def test_nothing_is_posted_to_an_archived_channel(world: World) -> None:
    world.playground.workspace.archive(SOP)

    assert (await refusal(world.client.chat_postMessage(channel=SOP, text="x")))["error"] == "is_archived"


async def test_public_channels_can_be_written_to_with_the_scope_for_it() -> None:
    async with a_world(manifest=with_scopes("chat:write", "chat:write.public")) as world:
        assert (await world.client.chat_postMessage(channel=ELSEWHERE, text="x"))["ok"]


async def test_timestamps_follow_the_clock_and_are_never_the_same(world: World) -> None:
    stamps = [(await world.client.chat_postMessage(channel=SOP, text="x"))["ts"] for _ in range(3)]
    world.clock.move(hours=1)
    stamps.append((await world.client.chat_postMessage(channel=SOP, text="x"))["ts"])

    assert stamps == ["1781100000.000000", "1781100000.000001", "1781100000.000002", "1781103600.000000"]


async def test_history_is_newest_first_without_replies_ephemerals_and_metadata(world: World) -> None:
    first = await world.client.chat_postMessage(channel=SOP, text="first", metadata=METADATA)
    await world.client.chat_postMessage(channel=SOP, text="reply", thread_ts=first["ts"])
    await world.client.chat_postEphemeral(channel=SOP, user=ANNA, text="secret")
    await world.acting(ANNA).message("second", SOP)

    history = await world.client.conversations_history(channel=SOP)
    full = await world.client.conversations_history(channel=SOP, include_all_metadata=True)

    assert [message["text"] for message in history["messages"]] == ["second", "first"]
    assert "metadata" not in history["messages"][1]
    assert full["messages"][1]["metadata"] == METADATA
    assert full["messages"][1].items() >= {"reply_count": 1, "thread_ts": first["ts"], "user": BOT_USER_ID}.items()


async def test_history_goes_by_pages_and_bounds(world: World) -> None:
    stamps = [(await world.client.chat_postMessage(channel=SOP, text=str(n)))["ts"] for n in range(5)]

    async def texts(**over: Any) -> str:
        return "".join(m["text"] for m in (await world.client.conversations_history(channel=SOP, **over))["messages"])

    page = await world.client.conversations_history(channel=SOP, limit=3)
    assert (page["has_more"], len(page["messages"])) == (True, 3)
    assert await texts(limit=3, cursor=page["response_metadata"]["next_cursor"]) == "10"
    assert await texts(oldest=stamps[1], latest=stamps[3]) == "2"
    assert await texts(oldest=stamps[1], latest=stamps[3], inclusive=True) == "321"
    assert (await refusal(world.client.conversations_history(channel=SOP, oldest="may")))[
        "error"
    ] == "invalid_ts_oldest"
    assert (await refusal(world.client.conversations_history(channel=ELSEWHERE)))["error"] == "not_in_channel"


async def test_replies_bring_the_parent_first(world: World) -> None:
    parent = await world.acting(ANNA).message("parent", SOP)
    for text in ("one", "two"):
        await world.client.chat_postMessage(channel=SOP, text=text, thread_ts=parent.ts, metadata=METADATA)

    replies = await world.client.conversations_replies(channel=SOP, ts=parent.ts, include_all_metadata=True)

    assert [message["text"] for message in replies["messages"]] == ["parent", "one", "two"]
    assert replies["messages"][2]["metadata"] == METADATA
    assert (await refusal(world.client.conversations_replies(channel=SOP, ts="1.0")))["error"] == "thread_not_found"
    secret = (await world.client.chat_postEphemeral(channel=SOP, user=ANNA, text="x"))["message_ts"]
    assert (await refusal(world.client.conversations_replies(channel=SOP, ts=secret)))["error"] == "thread_not_found"


async def test_updates_as_slack_does_them(world: World) -> None:
    blocks = [{"type": "divider"}]
    ts = (await world.client.chat_postMessage(channel=SOP, text="x", blocks=blocks, metadata=METADATA))["ts"]

    kept = await world.client.api_call("chat.update", json={"channel": SOP, "ts": ts})
    assert kept["message"]["blocks"][0]["type"] == "divider"
    changed = await world.client.chat_update(channel=SOP, ts=ts, text="words only")
    assert "blocks" not in changed["message"]
    assert changed["message"]["metadata"] == METADATA
    assert "edited" in changed["message"]
    theirs = await world.acting(ANNA).message("mine", SOP)
    assert (await refusal(world.client.chat_update(channel=SOP, ts=theirs.ts, text="x")))[
        "error"
    ] == "cant_update_message"
    assert (await refusal(world.client.chat_delete(channel=SOP, ts=theirs.ts)))["error"] == "cant_delete_message"
    assert (await refusal(world.client.chat_update(channel=SOP, ts="1.0", text="x")))["error"] == "message_not_found"
    secret = (await world.client.chat_postEphemeral(channel=SOP, user=ANNA, text="x"))["message_ts"]
    assert (await refusal(world.client.chat_update(channel=SOP, ts=secret, text="y")))["error"] == "message_not_found"


async def test_a_deleted_parent_stays_as_long_as_it_has_replies(world: World) -> None:
    ts = (await world.client.chat_postMessage(channel=SOP, text="parent"))["ts"]
    reply = (await world.client.chat_postMessage(channel=SOP, text="reply", thread_ts=ts))["ts"]

    await world.client.chat_delete(channel=SOP, ts=ts)
    (tombstone,) = (await world.client.conversations_history(channel=SOP))["messages"]
    assert (tombstone["subtype"], tombstone["text"]) == ("tombstone", "This message was deleted.")
    await world.client.chat_delete(channel=SOP, ts=reply)
    assert (await world.client.conversations_history(channel=SOP))["messages"] == []


async def test_ephemeral_messages_are_for_members_of_the_channel(world: World) -> None:
    await world.client.chat_postEphemeral(channel=SOP, user=ANNA, text="psst")

    assert [message.text for message in await world.acting(ANNA).sees(SOP)] == ["psst"]
    assert await world.acting(BRAM).sees(SOP) == []
    world.playground.workspace.leave(world.playground.workspace.find_channel(SOP), BRAM)
    answer = await refusal(world.client.chat_postEphemeral(channel=SOP, user=BRAM, text="x"))
    assert answer["error"] == "user_not_in_channel"


async def test_permalinks_lead_to_the_page(world: World, http: aiohttp.ClientSession) -> None:
    ts = (await world.client.chat_postMessage(channel=SOP, text="x"))["ts"]
    reply = (await world.client.chat_postMessage(channel=SOP, text="y", thread_ts=ts))["ts"]

    link = (await world.client.chat_getPermalink(channel=SOP, message_ts=ts))["permalink"]
    assert link == f"{world.address}/archives/{SOP}/p{ts.replace('.', '')}"
    async with http.get(link, allow_redirects=False) as response:
        assert response.headers["location"] == f"/#channel={SOP}&ts={ts}"
    inside = (await world.client.chat_getPermalink(channel=SOP, message_ts=reply))["permalink"]
    assert inside.endswith(f"?thread_ts={ts}&cid={SOP}")


async def test_reactions_and_pins(world: World) -> None:
    ts = (await world.client.chat_postMessage(channel=SOP, text="x"))["ts"]
    await world.client.reactions_add(channel=SOP, timestamp=ts, name="eyes")
    await world.client.pins_add(channel=SOP, timestamp=ts)

    (message,) = (await world.client.conversations_history(channel=SOP))["messages"]
    assert message["reactions"] == [{"name": "eyes", "users": [BOT_USER_ID], "count": 1}]
    assert message["pinned_to"] == [SOP]
    again = world.client.reactions_add(channel=SOP, timestamp=ts, name="eyes")
    assert (await refusal(again))["error"] == "already_reacted"
    assert (await refusal(world.client.pins_add(channel=SOP, timestamp=ts)))["error"] == "already_pinned"
    assert [item["message"]["ts"] for item in (await world.client.pins_list(channel=SOP))["items"]] == [ts]
    await world.client.reactions_remove(channel=SOP, timestamp=ts, name="eyes")
    await world.client.pins_remove(channel=SOP, timestamp=ts)
    (message,) = (await world.client.conversations_history(channel=SOP))["messages"]
    assert not message.keys() & {"reactions", "pinned_to"}


MODAL = {"type": "modal", "title": {"type": "plain_text", "text": "x"}, "blocks": []}
HOME = {"type": "home", "blocks": []}


async def test_a_trigger_opens_one_view_within_three_seconds(world: World) -> None:
    trigger, late = world.playground.triggers.issue(ANNA), world.playground.triggers.issue(ANNA)

    wrong = await refusal(world.client.views_open(trigger_id=trigger, view={**MODAL, "blocks": [{}]}))
    assert (wrong["error"], wrong["response_metadata"]["messages"]) == (
        "invalid_arguments",
        ["[ERROR] missing required field: type [json-pointer:/view/blocks/0]"],
    )
    opened = await world.client.views_open(trigger_id=trigger, view=MODAL)
    assert opened["view"]["id"].startswith("V")
    assert (await refusal(world.client.views_open(trigger_id=trigger, view=MODAL)))["error"] == "exchanged_trigger_id"
    world.real.move(seconds=3)
    assert (await refusal(world.client.views_open(trigger_id=late, view=MODAL)))["error"] == "expired_trigger_id"
    assert (await refusal(world.client.views_open(trigger_id="x", view=MODAL)))["error"] == "invalid_trigger_id"


async def test_views_are_updated_by_id_external_id_and_hash(world: World) -> None:
    trigger = world.playground.triggers.issue(ANNA)
    view = (await world.client.views_open(trigger_id=trigger, view={**MODAL, "external_id": "e1"}))["view"]

    twin = world.client.views_open(
        trigger_id=world.playground.triggers.issue(BRAM), view={**MODAL, "external_id": "e1"}
    )
    assert (await refusal(twin))["error"] == "duplicate_external_id"
    changed = (await world.client.views_update(external_id="e1", view=MODAL, hash=view["hash"]))["view"]
    assert changed["id"] == view["id"]
    stale = world.client.views_update(view_id=view["id"], view=MODAL, hash=view["hash"])
    assert (await refusal(stale))["error"] == "hash_conflict"
    assert (await refusal(world.client.views_update(view_id="V0NONE", view=MODAL)))["error"] == "not_found"


async def test_the_home_is_published_for_each_person(world: World) -> None:
    published = (await world.client.views_publish(user_id=ANNA, view=HOME))["view"]

    home = await world.acting(ANNA).home()
    assert home
    assert home.id == published["id"]
    assert await world.acting(BRAM).home() is None
    stale = world.client.views_publish(user_id=ANNA, view=HOME, hash="stale")
    assert (await refusal(stale))["error"] == "hash_conflict"
    assert (await refusal(world.client.views_publish(user_id=ANNA, view=MODAL)))["error"] == "invalid_arguments"


async def test_faults_are_answered_as_slack_fails(world: World) -> None:
    faults: list[Any] = [
        SlackError("ratelimited", retry_after_seconds=7),
        SlackError("internal_error"),
        "drop",
        "accept_then_5xx",
        "accept_then_drop",
        Delay(0.01),
    ]
    asked: list[tuple[str, str]] = []

    def fault(method: str, arguments: Json) -> Any:
        asked.append((method, arguments["text"]))
        return faults[len(asked) - 1]

    world.playground.faults = fault

    def post(n: int) -> Any:
        return world.client.chat_postMessage(channel=SOP, text=str(n))

    with pytest.raises(SlackApiError) as limited:
        await post(0)
    assert (limited.value.response.status_code, limited.value.response.headers["Retry-After"]) == (429, "7")
    assert (await refusal(post(1)))["error"] == "internal_error"
    with pytest.raises(aiohttp.ClientError):
        await post(2)
    with pytest.raises(SlackApiError) as spoilt:
        await post(3)
    assert spoilt.value.response.status_code == 503
    with pytest.raises(aiohttp.ClientError):
        await post(4)
    await asyncio.wait_for(post(5), 1)

    assert asked[0] == ("chat.postMessage", "0")
    assert [message.text for message in await world.acting(ANNA).sees(SOP)] == ["3", "4", "5"]

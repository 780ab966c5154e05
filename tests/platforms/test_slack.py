"""Talking to Slack over a real connection."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from slack_bolt.async_app import AsyncApp

from bot.domain.chat import Chart, ChatPlatform, DeliveryError, Facts, Message, Sent, Series, Text
from bot.platforms.slack import MOST_PAGES, SlackPlatform, make_client, open_session
from tests.platforms.fake_slack import FakeSlack, Reply, drop, error, garbage, ok, page, stall

HELLO = Message("Hello", (Text("**Hello**"),))
BLOCKS = [{"type": "section", "text": {"type": "mrkdwn", "text": "*Hello*", "verbatim": True}, "block_id": "b1"}]
PLACE = Sent("C1", "1718.000001")


@pytest.fixture
async def slack() -> AsyncIterator[FakeSlack]:
    fake = FakeSlack()
    async with fake.running():
        yield fake


@pytest.fixture
async def platform(slack: FakeSlack, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[SlackPlatform]:
    monkeypatch.setenv("HTTP_PROXY", "http://proxy.invalid:3128")  # must not come between us and this machine
    async with open_session(timeout_seconds=0.5) as session:
        yield SlackPlatform(make_client("xoxb-test", slack.url.rstrip("/"), session))


def stored(ts: str, key: str = "", event_type: str = "ampersand_delivery") -> dict[str, Any]:
    metadata = {"metadata": {"event_type": event_type, "event_payload": {"key": key}}} if key else {}
    return {"ts": ts, "text": "…", **metadata}


def a_page(*messages: dict[str, Any], cursor: str = "") -> Reply:
    return ok(messages=list(messages), response_metadata={"next_cursor": cursor})


async def test_a_message_is_posted_with_its_delivery_key(slack: FakeSlack, platform: ChatPlatform) -> None:
    sent = await platform.post("U1", HELLO, "k1")

    assert sent == Sent("C1", "1718.000001")
    [asked] = slack.asked("chat.postMessage")
    assert (asked["channel"], asked["text"], asked["blocks"]) == ("U1", "Hello", BLOCKS)
    assert asked["metadata"] == {"event_type": "ampersand_delivery", "event_payload": {"key": "k1"}}
    assert "thread_ts" not in asked


async def test_an_answer_in_a_thread_goes_where_the_thread_is(slack: FakeSlack, platform: SlackPlatform) -> None:
    await platform.post("U1", HELLO, "k1", Sent("D1", "1718.000009"))

    [asked] = slack.asked("chat.postMessage")
    assert (asked["channel"], asked["thread_ts"]) == ("D1", "1718.000009")


async def test_a_message_is_changed_in_place(slack: FakeSlack, platform: SlackPlatform) -> None:
    assert await platform.replace(PLACE, HELLO, "k2") == Sent("C1", "1718.000001")

    [asked] = slack.asked("chat.update")
    assert (asked["channel"], asked["ts"], asked["blocks"]) == ("C1", "1718.000001", BLOCKS)
    assert asked["metadata"]["event_payload"] == {"key": "k2"}


ALL_ERRORS = [
    ("not_in_channel", "not_in_channel"),
    ("is_archived", "archived"),
    ("channel_not_found", "channel_gone"),
    ("user_not_found", "person_gone"),
    ("user_disabled", "person_gone"),
    ("invalid_blocks", "refused"),
    ("msg_too_long", "refused"),
    ("msg_blocks_too_long", "refused"),
    ("message_not_found", "refused"),
    ("an_error_slack_invents_tomorrow", "refused"),
    ("missing_scope", "not_allowed"),
    ("restricted_action", "not_allowed"),
]


@pytest.mark.parametrize(("code", "reason"), ALL_ERRORS)
async def test_what_slack_refuses_is_permanent(
    slack: FakeSlack, platform: SlackPlatform, code: str, reason: str
) -> None:
    slack.on("chat.postMessage", error(code), error(code))  # what it cannot show is said once more, in plain words

    with pytest.raises(DeliveryError) as caught:
        await platform.post("C1", HELLO, "k1")

    failed = caught.value
    assert (failed.reason, failed.permanent, failed.ambiguous, failed.retry_after) == (reason, True, False, None)


@pytest.mark.parametrize("code", ["invalid_auth", "account_inactive", "token_revoked", "token_expired", "not_authed"])
async def test_a_token_that_is_refused_loses_nothing_that_waits(
    slack: FakeSlack, platform: SlackPlatform, code: str
) -> None:
    slack.on("chat.postMessage", error(code))

    with pytest.raises(DeliveryError) as caught:
        await platform.post("C1", HELLO, "k1")

    assert (caught.value.reason, caught.value.permanent, caught.value.ambiguous) == ("not_allowed", False, False)


async def test_a_person_unknown_to_slack_is_gone(slack: FakeSlack, platform: SlackPlatform) -> None:
    slack.on("chat.postMessage", error("channel_not_found"))

    with pytest.raises(DeliveryError, match="person_gone"):
        await platform.post("U404", HELLO, "k1")


@pytest.mark.parametrize(
    ("reply", "wait_seconds"),
    [
        (error("ratelimited", 429, "7"), 7),
        (error("ratelimited", 429), 30),
        (page("slow down", 429), 30),
        (error("rate_limited", retry_after="soon"), 30),
    ],
)
async def test_slack_asks_to_wait(slack: FakeSlack, platform: SlackPlatform, reply: Reply, wait_seconds: int) -> None:
    slack.on("chat.postMessage", reply)

    with pytest.raises(DeliveryError) as caught:
        await platform.post("C1", HELLO, "k1")

    failed = caught.value
    assert (failed.reason, failed.permanent, failed.ambiguous) == ("busy", False, False)
    assert failed.retry_after == timedelta(seconds=wait_seconds)


@pytest.mark.parametrize(
    "reply",
    [
        drop,
        stall,
        page("bad gateway", 502),
        page("bad gateway", 502, "text/plain"),
        page("please log in", 200, "text/plain"),
        page("<html>please log in</html>"),
        error("something", 503),
        error("internal_error"),
        error("fatal_error"),
        garbage(b"{"),
        garbage(b"[]"),
        garbage(b"[1]"),
        garbage(b'"\xff"'),
        garbage(b""),
    ],
)
async def test_what_may_have_arrived_is_ambiguous_and_never_sent_twice(
    slack: FakeSlack, platform: SlackPlatform, reply: Reply
) -> None:
    slack.on("chat.postMessage", reply)

    with pytest.raises(DeliveryError) as caught:
        await platform.post("C1", HELLO, "k1")

    failed = caught.value
    assert (failed.reason, failed.permanent, failed.ambiguous) == ("unreachable", False, True)
    assert len(slack.calls) == 1


async def test_where_nobody_listens_nothing_was_sent() -> None:
    async with open_session(timeout_seconds=0.5) as session:
        platform = SlackPlatform(make_client("xoxb-test", "http://127.0.0.1:9/api/", session))

        with pytest.raises(DeliveryError) as caught:
            await platform.post("C1", HELLO, "k1")

    assert (caught.value.reason, caught.value.permanent, caught.value.ambiguous) == ("unreachable", False, False)


async def test_a_message_is_found_by_its_key_pages_back(slack: FakeSlack, platform: SlackPlatform) -> None:
    slack.on(
        "conversations.history",
        a_page(stored("9", "other"), stored("8"), stored("7", "k1", "of_another_app"), cursor="next=="),
        a_page(stored("2", "k1")),
    )

    assert await platform.find("C1", "k1") == Sent("C1", "2")

    first, second = slack.asked("conversations.history")
    assert (first["channel"], first["include_all_metadata"], "cursor" in first) == ("C1", "1", False)
    assert second["cursor"] == "next=="


async def test_an_answer_is_looked_for_in_its_thread(slack: FakeSlack, platform: SlackPlatform) -> None:
    slack.on("conversations.replies", a_page(stored("1"), stored("5", "k1")))

    assert await platform.find("U1", "k1", Sent("D1", "1")) == Sent("D1", "5")

    [asked] = slack.asked("conversations.replies")
    assert (asked["channel"], asked["ts"], asked["include_all_metadata"]) == ("D1", "1", "1")


async def test_a_private_message_is_looked_for_in_its_private_chat(slack: FakeSlack, platform: SlackPlatform) -> None:
    slack.on("conversations.open", ok(channel={"id": "D7"}))
    slack.on("conversations.history", a_page())

    assert await platform.find("U1", "k1") is None
    assert slack.asked("conversations.open")[0]["users"] == "U1"
    assert slack.asked("conversations.history")[0]["channel"] == "D7"


async def test_the_search_has_an_end(slack: FakeSlack, platform: SlackPlatform) -> None:
    slack.on("conversations.history", *[a_page(stored("1"), cursor="more")] * (MOST_PAGES + 5))

    with pytest.raises(DeliveryError, match="not_allowed"):  # beyond it nobody knows
        await platform.find("C1", "k1")
    assert len(slack.calls) == MOST_PAGES


async def test_a_history_that_may_not_be_read_is_said(slack: FakeSlack, platform: SlackPlatform) -> None:
    slack.on("conversations.history", error("missing_scope"))

    with pytest.raises(DeliveryError, match="not_allowed"):
        await platform.find("C1", "k1")


async def test_the_address_of_a_message(slack: FakeSlack, platform: SlackPlatform) -> None:
    slack.on("chat.getPermalink", ok(permalink="https://vers.slack.example/p1"), error("message_not_found"))

    assert await platform.permalink(PLACE) == "https://vers.slack.example/p1"
    assert await platform.permalink(PLACE) is None

    slack.on("chat.getPermalink", error("ratelimited", 429))
    with pytest.raises(DeliveryError, match="busy"):
        await platform.permalink(PLACE)


async def test_bolt_can_share_the_client() -> None:
    async with open_session() as session:
        assert session.timeout.total == 10
        client = make_client("xoxb-test", "http://127.0.0.1:3000/api", session)

        shared = AsyncApp(client=client, signing_secret="s").client

        assert (shared.base_url, shared.session, shared.retry_handlers) == ("http://127.0.0.1:3000/api/", session, [])


# ---------------------------------------------------------------- charts

WITH_CHART = Message("Hello", (Text("**Hello**"), Chart("Clashes", "bars", ("May",), (Series("Clash", (4,)),))))


async def test_where_slack_draws_no_charts_the_message_is_posted_without(
    slack: FakeSlack, platform: SlackPlatform
) -> None:
    slack.on("chat.postMessage", error("invalid_blocks"))

    await platform.post("C1", WITH_CHART, "k1")

    refused, taken = slack.asked("chat.postMessage")
    assert [block["type"] for block in refused["blocks"]] == ["section", "data_visualization"]
    assert taken["blocks"] == BLOCKS
    assert taken["metadata"] == refused["metadata"]


async def test_a_change_with_a_chart_falls_back_too(slack: FakeSlack, platform: SlackPlatform) -> None:
    slack.on("chat.update", error("invalid_blocks"))

    await platform.replace(PLACE, WITH_CHART, "k2")

    assert slack.asked("chat.update")[1]["blocks"] == BLOCKS


async def test_what_is_refused_for_another_reason_is_not_tried_twice(slack: FakeSlack, platform: SlackPlatform) -> None:
    slack.on("chat.postMessage", error("not_in_channel"))

    with pytest.raises(DeliveryError, match="not_in_channel"):
        await platform.post("C1", WITH_CHART, "k1")

    assert len(slack.asked("chat.postMessage")) == 1


# ---------------------------------------------------------------- what Slack refuses to show


@pytest.mark.parametrize("code", ["invalid_blocks", "msg_too_long", "msg_blocks_too_long"])
async def test_what_slack_refuses_to_show_is_said_in_plain_words(
    slack: FakeSlack, platform: SlackPlatform, code: str
) -> None:
    slack.on("chat.postMessage", error(code), error(code), ok(channel="C1", ts="5"))
    facts = Facts((("Due", "Fri *12* June"),))

    assert await platform.post("C1", replace(WITH_CHART, parts=(*WITH_CHART.parts, facts)), "k1") == Sent("C1", "5")

    *_, plain = slack.asked("chat.postMessage")
    assert (plain["text"], plain["mrkdwn"], "blocks" in plain) == ("Hello\nDue: Fri *12* June", False, False)
    assert plain["metadata"]["event_payload"] == {"key": "k1"}


async def test_what_slack_refuses_even_in_plain_words_has_failed(slack: FakeSlack, platform: SlackPlatform) -> None:
    slack.on("chat.postMessage", error("msg_too_long"), error("msg_too_long"))

    with pytest.raises(DeliveryError, match="refused") as caught:
        await platform.post("C1", HELLO, "k1")

    assert caught.value.permanent
    assert len(slack.calls) == 2


async def test_everybody_in_a_channel_is_read_page_by_page(slack: FakeSlack, platform: SlackPlatform) -> None:
    first = ok(members=["U1", "B9"], response_metadata={"next_cursor": "next=="})
    slack.on("conversations.members", first, ok(members=["U2"], response_metadata={"next_cursor": ""}))

    assert await platform.members("C1") == {"U1", "B9", "U2"}

    asked, more = slack.asked("conversations.members")
    assert (asked["channel"], asked["limit"], "cursor" in asked) == ("C1", "1000", False)
    assert (more["channel"], more["cursor"]) == ("C1", "next==")


async def test_who_is_in_a_channel_is_not_told_by_half(slack: FakeSlack, platform: SlackPlatform) -> None:
    slack.on("conversations.members", ok(members=["U1"], response_metadata={"next_cursor": "x"}), error("ratelimited"))

    with pytest.raises(DeliveryError, match="busy"):
        await platform.members("C1")

"""What Slack sends is let in as it is; what Bolt or a handler would stumble over is refused before them."""

import copy
import json
from typing import Any
from urllib.parse import quote

import pytest

from bot.platforms.slack_payloads import Unreadable, check_payload, read_form, read_json

Json = dict[str, Any]

CLASH = {"text": {"type": "plain_text", "text": "Clash"}, "value": "clash"}
VIEW = {
    "id": "V1",
    "type": "modal",
    "callback_id": "entry.save",
    "private_metadata": '{"entry":"e1"}',
    "hash": "1.a",
    "blocks": [
        {"type": "input", "block_id": "what", "element": {"type": "plain_text_input"}},
        {"type": "input", "block_id": "kind", "element": {"type": "radio_buttons", "options": [CLASH]}},
    ],
    "state": {
        "values": {
            "what": {"value": {"type": "plain_text_input", "value": "late"}},
            "kind": {"value": {"type": "radio_buttons", "selected_option": dict(CLASH)}},
        }
    },
    "previous_view_id": None,
    "root_view_id": "V1",
}
ABOUT = {"user": {"id": "U1", "team_id": "T1"}, "team": {"id": "T1", "domain": "example"}, "trigger_id": "1.2.a"}
PRESSED: Json = {"type": "button", "action_id": "entry.undo", "block_id": "b1", "value": "k7m2x"}
PLACE = {"type": "message", "message_ts": "1781100000.000100", "channel_id": "C1", "is_ephemeral": True}
MESSAGE = {"ts": "1781100000.000100", "text": "late", "user": "U2"}
KINDS: dict[str, Json] = {
    "command": {"command": "/clash", "text": "", "user_id": "U1", "team_id": "T1", "trigger_id": "1.2.a"},
    "press in a view": {"type": "block_actions", **ABOUT, "actions": [PRESSED], "view": VIEW},
    "press on a message": {
        "type": "block_actions",
        **ABOUT,
        "actions": [PRESSED],
        "container": PLACE,
        "channel": {"id": "C1", "name": "sop"},
        "response_url": "https://hooks.slack.com/actions/T1/1/a",
    },
    "submission": {"type": "view_submission", **ABOUT, "view": VIEW, "response_urls": []},
    "closing": {"type": "view_closed", **ABOUT, "view": VIEW},
    "suggestion": {"type": "block_suggestion", **ABOUT, "action_id": "a", "block_id": "b", "value": "x"},
    "shortcut": {"type": "shortcut", **ABOUT, "callback_id": "capture_anywhere"},
    "message shortcut": {
        "type": "message_action",
        **ABOUT,
        "callback_id": "capture_clash",
        "channel": {"id": "C1", "name": "sop"},
        "message": MESSAGE,
    },
    "event": {
        "type": "event_callback",
        "event_id": "Ev1",
        "team_id": "T1",
        "event": {"type": "app_home_opened", "user": "U1", "channel": "D1"},
        "authorizations": [{"team_id": "T1", "enterprise_id": None, "user_id": "U0", "is_bot": True}],
    },
    "joined": {
        "type": "event_callback",
        "event_id": "Ev1",
        "team_id": "T1",
        "event": {"type": "team_join", "user": {"id": "U1"}},
    },
    "certificate looked at": {"ssl_check": "1", "token": "x"},
    "handshake": {"type": "url_verification", "challenge": "x"},
}


@pytest.mark.parametrize("payload", KINDS.values(), ids=KINDS)
def test_what_slack_sends_is_let_in_with_what_slack_may_add(payload: Json) -> None:
    check_payload({**payload, "something_new": [{"of": 2027}]})


def changed(kind: str, *path: str | int, to: object = None) -> Json:
    """The payload with another value at that place; without the field for None."""
    payload = copy.deepcopy(KINDS[kind])
    place: Any = payload
    for step in path[:-1]:
        place = place[step]
    if to is None:
        del place[path[-1]]
    else:
        place[path[-1]] = to
    return payload


@pytest.mark.parametrize(
    "payload",
    [
        {},
        {"type": "something"},
        {"type": ["block_actions"]},
        changed("command", "trigger_id"),
        changed("command", "user_id", to=""),
        changed("command", "user_id", to="U" * 256),
        *(
            changed("command", "response_url", to=address)
            for address in (
                "file:///etc/passwd",
                "http://[",
                "https://h:99999/",
                "https://a b/",
                f"https://{'x' * 64}/",
            )
        ),
        changed("press in a view", "actions", to=[]),
        changed("press in a view", "actions", 0, "action_id"),
        changed("press in a view", "actions", 0, "value", to={"a": 1}),
        changed("press in a view", "view", to="V1"),
        changed("press in a view", "team", to="T1"),
        changed("press on a message", "container"),
        changed("press on a message", "response_url"),
        changed("press on a message", "container", "message_ts", to="soon"),
        changed("submission", "view", "state"),
        changed("submission", "view", "state", "values", "kind", "value", "selected_option", "value", to="a crash"),
        changed("submission", "view", "state", "values", "kind", "value", "type", to="checkboxes"),
        changed("submission", "view", "blocks", 1),
        changed("submission", "view", "state", "values", "kind"),
        changed("submission", "view", "state", "values", "kind", "value", "selected_option"),
        changed("submission", "view", "state", "values", "what", to={}),
        changed("submission", "view", "blocks", 0, "block_id"),
        changed("submission", "view", "private_metadata", to="{"),
        changed("submission", "view", "private_metadata", to='{"entry":5}'),
        changed(
            "submission", "view", "state", "values", "what", "value", to={"type": "datepicker", "selected_date": "x"}
        ),
        changed("message shortcut", "message", "ts", to="99999999999999999999.0"),
        changed("event", "event", to="app_home_opened"),
        changed("event", "authorizations", to="T1"),
        changed("event", "event", "user", to={"name": "nobody"}),
        changed("command", "text", to="half \ud83d"),
        changed("command", "text", to="nothing\0"),
        changed("event", "event", "blocks", to={"\ud83d": 1}),
    ],
)
def test_what_cannot_be_read_is_refused_without_repeating_it(payload: Json) -> None:
    with pytest.raises(Unreadable) as refused:
        check_payload(payload)
    assert len(str(refused.value)) < 120
    assert "nobody" not in str(refused.value)


def test_what_is_too_deep_is_refused() -> None:
    deep: Any = []
    for _ in range(200):
        deep = [deep]
    with pytest.raises(Unreadable):
        check_payload({**KINDS["event"], "more": deep})


def test_a_form_is_fields_or_a_payload() -> None:
    assert read_form(b"command=/clash&text=the+payload+of+it") == {"command": "/clash", "text": "the payload of it"}
    assert read_form(f"payload={quote(json.dumps(KINDS['closing']))}".encode()) == KINDS["closing"]


@pytest.mark.parametrize("body", [b"{", b"[]", b"5", b"[" * 100_000, b'{"a":' + b"9" * 5000 + b"}", b"\xff"])
def test_no_object_no_payload(body: bytes) -> None:
    with pytest.raises(Unreadable):
        read_json(body)

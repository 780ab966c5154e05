"""Whose request it is, and in which workspace: that of our installation, whoever shares the channel."""

from typing import Any, cast

import pytest

from bot.services.access import Sender
from handlers.request import Request
from storage.tables import Platform

OURS, THEIRS = "T-ours", "T-theirs"

BODIES: dict[str, dict[str, Any]] = {
    "a command": {"command": "/clash", "team_id": OURS, "user_id": "U1"},
    "a button": {"type": "block_actions", "team": {"id": OURS}, "user": {"id": "U1", "team_id": OURS}},
    "a button pressed by somebody of another company": {
        "type": "block_actions",
        "team": {"id": OURS},
        "user": {"id": "U1", "team_id": THEIRS},
    },
    "a form sent by somebody of another company": {
        "type": "view_submission",
        "team": {"id": THEIRS},
        "user": {"id": "U1", "team_id": THEIRS},
        "view": {"id": "V1", "callback_id": "entry.save", "team_id": THEIRS, "app_installed_team_id": OURS},
    },
    "a button of a whole organisation": {
        "type": "block_actions",
        "team": None,
        "enterprise": {"id": "E1"},
        "is_enterprise_install": True,
        "user": {"id": "U1", "team_id": OURS},
    },
    "a mention by somebody of another company": {
        "team_id": THEIRS,
        "event": {"type": "app_mention", "user": "U1", "user_team": THEIRS, "team": THEIRS},
        "authorizations": [{"team_id": OURS, "is_enterprise_install": False}],
        "is_ext_shared_channel": True,
    },
    "a mention, told without authorisations": {"team_id": OURS, "event": {"type": "app_mention", "user": "U1"}},
    "a person who changed": {"team_id": OURS, "event": {"type": "user_change", "user": {"id": "U1"}}},
}


@pytest.mark.parametrize("what", BODIES)
def test_the_workspace_is_that_of_our_installation(what: str) -> None:
    nothing = cast("Any", None)
    request = Request(nothing, BODIES[what], nothing, nothing)
    assert request.sender == Sender(Platform.SLACK, OURS, "U1")


def test_what_says_nothing_is_nobodys() -> None:
    nothing = cast("Any", None)
    gone = Request(nothing, {"event": {"type": "app_uninstalled"}, "team_id": OURS}, nothing, nothing)
    assert gone.sender == Sender(Platform.SLACK, OURS, "")
    assert Request(nothing, {}, nothing, nothing).sender == Sender(Platform.SLACK, "", "")

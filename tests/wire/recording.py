"""Genuine requests of every kind, recorded from people who talk to the bot in the playground."""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

from bot.playground.dispatch import JSON, Request
from bot.playground.model import BOT_USER_ID
from tests.flows.world import CHANNEL, FACILITATOR, OPERATIONS, SALES, World, open_world
from tests.wire.conversation import Conversation, play
from tests.wire.mutations import Genuine

KINDS = frozenset(
    {
        *("command", "event_callback", "url_verification", "view_submission", "view_closed", "block_suggestion"),
        *("block_actions from a message", "block_actions from a modal", "block_actions from a home"),
        *("shortcut", "message_action"),
    }
)
EACH = 6
"""How many of each kind (and button, form or word) are kept."""


async def record(database_url: str, folder: Path, answers: str) -> list[Genuine]:
    """Play the conversation on that database, and keep what Slack sent; answers shall go to that address."""
    async with open_world(database_url, folder) as world:

        async def at_once() -> None:
            return None

        await play(Conversation(world), at_once)
        await _more(world)
        return _genuine(world.playground.dispatcher.sent, f"{world.playground.settings.origin}/respond", answers)


async def _more(world: World) -> None:
    """What the conversation has not: windows above windows, a button on Home, settings, meetings, a mention."""
    await world.person(OPERATIONS).shortcut("capture_anywhere")
    await world.settle()
    await world.submits(OPERATIONS, what_happened="On 9 June line 2 stood still for 40 minutes.", kind="improve")
    await world.opens(OPERATIONS, await world.screen(OPERATIONS), "Add details")
    card = await world.says(OPERATIONS, "/win", "On 8 June the trucks left at 05:00.")
    for label in ("Change kind", "Improve", "Undo"):
        await world.presses(OPERATIONS, card, label)
    await world.person(SALES).command("/sop", "settings", CHANNEL)
    await world.settle()
    await world.submits(SALES, language="en")
    home = await world.person(SALES).open_home()
    assert home
    await world.opens(SALES, home, "entry.new")
    meetings = await world.says(FACILITATOR, "/sop", "meetings")
    await world.opens(FACILITATOR, meetings, "series.new")
    await world.submits(FACILITATOR)
    await world.presses(FACILITATOR, meetings, "meeting.open")
    await world.person(FACILITATOR).message(f"<@{BOT_USER_ID}> hello", CHANNEL)
    await world.settle()


def _genuine(sent: Iterable[Request], response_urls: str, answers: str) -> list[Genuine]:
    found: dict[str, list[Genuine]] = {}
    for request in sent:
        one = _read(Request(request.body, request.content_type), response_urls, answers)
        found.setdefault(one.name, []).append(one)
    kept = [one for same in found.values() for one in same[-EACH:]]
    return [*kept, *_rare(kept)]


def _read(request: Request, response_urls: str, answers: str) -> Genuine:
    if request.content_type == JSON:
        payload, carried = json.loads(request.body), "json"
    else:
        fields = dict(parse_qsl(request.body, keep_blank_values=True))
        payload = json.loads(fields["payload"]) if "payload" in fields else fields
        carried = "payload" if "payload" in fields else "fields"
    payload = json.loads(json.dumps(payload).replace(response_urls, answers))
    return Genuine(_name(payload), payload, carried)


def _name(payload: dict[str, Any]) -> str:
    """Its kind, and which button, form or word it is about."""
    if "command" in payload:
        return (
            f"command {payload['command']} {payload['text'].partition(' ')[0] if payload['command'] == '/sop' else ''}"
        )
    kind = str(payload["type"])
    if kind == "event_callback":
        return f"{kind} {payload['event']['type']}"
    if kind == "block_actions":
        where = payload["view"]["type"] if "view" in payload else "message"
        return f"{kind} from a {where} {payload['actions'][0]['action_id']}"
    return f"{kind} {payload.get('callback_id') or payload['view']['callback_id']}"


def _rare(kept: Iterable[Genuine]) -> Iterable[Genuine]:
    """What our own app asks for nowhere, but Slack may send: made of what it did send."""
    submission = next(one.payload for one in kept if one.name.startswith("view_submission"))
    press = next(one.payload for one in kept if one.name.startswith("block_actions from a modal"))
    closing = {name: value for name, value in submission.items() if name not in {"trigger_id", "response_urls"}}
    suggestion = {name: value for name, value in press.items() if name not in {"trigger_id", "actions"}}
    asked = {"type": "block_suggestion", "action_id": "value", "block_id": "person", "value": "ann"}
    yield Genuine("view_closed", closing | {"type": "view_closed", "is_cleared": False}, "payload")
    yield Genuine("block_suggestion", suggestion | asked, "payload")
    yield Genuine("url_verification", {"type": "url_verification", "token": "t", "challenge": "a challenge"}, "json")

"""What comes in: acknowledge, parse, one service call, answer.

Slack's ids are looked up in our own tables: Bolt tries its listeners one by one, so it gets one listener per kind.
"""

import re
from collections.abc import Mapping
from typing import Any

from slack_bolt.app.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_sdk.web.async_client import AsyncWebClient

from bot.platforms.slack_blocks import parse_press
from handlers.acknowledgement import Acknowledgement
from handlers.actions import ACTIONS
from handlers.commands import COMMANDS
from handlers.doors import enter
from handlers.events import EVENTS
from handlers.request import Handler, House, Request
from handlers.shortcuts import SHORTCUTS
from handlers.views import VIEWS

ANY = re.compile(".*")


def register(app: AsyncApp, house: House) -> None:
    """Let the app answer everything of the tables; what is not in them gets a plain sentence."""

    async def command(ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient) -> None:
        await enter(COMMANDS.get(body["command"]), Request(house, body, Acknowledgement(ack, is_held=True), client))

    async def action(ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient) -> None:
        await enter(ACTIONS.get(parse_press(body).action), Request(house, body, Acknowledgement(ack), client))

    async def view(ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient) -> None:
        await enter(VIEWS.get(body["view"]["callback_id"]), Request(house, body, Acknowledgement(ack), client))

    async def shortcut(ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient) -> None:
        await enter(SHORTCUTS.get(body["callback_id"]), Request(house, body, Acknowledgement(ack), client))

    async def event(ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient) -> None:
        await enter(EVENTS.get(body["event"]["type"]), Request(house, body, Acknowledgement(ack, is_held=True), client))

    app.command(ANY)(command)
    app.action(ANY)(action)
    app.view(ANY)(view)
    app.shortcut(ANY)(shortcut)
    app.event(ANY)(event)


def registered() -> Mapping[str, Mapping[str, Handler]]:
    """Everything the app answers, by Slack's own kinds: a test holds app.yaml equal to it."""
    return {"commands": COMMANDS, "actions": ACTIONS, "views": VIEWS, "shortcuts": SHORTCUTS, "events": EVENTS}

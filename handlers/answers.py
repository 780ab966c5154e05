"""The ways an answer reaches the person: in the acknowledgement, in place of what was pressed, or as a form.

Acknowledgements carry the answer wherever Slack allows it, so that no network call stands between a person and their
card. What does need a call is waited for: when it takes long, the door gives a sign in its place.
"""

import asyncio
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from slack_sdk.errors import SlackApiError
from slack_sdk.webhook.async_client import AsyncWebhookClient

from bot.domain.chat import Form, Message, Submission
from bot.domain.errors import Refused
from bot.platforms.slack_blocks import fits_message, render_home, render_message, render_message_view
from bot.platforms.slack_forms import render_form
from bot.platforms.slack_pieces import pieces
from bot.services.home import home
from bot.services.members import is_known
from handlers.claiming import claim_unled
from handlers.profiles import ask_profile
from handlers.request import Request

RETURN = "return"
"""The name in a form's payload of where its answer goes."""

SECOND = "second"
"""The name in a form's payload that says it stands above another form, which goes with it."""

RESPONSE_URL_LIFETIME = timedelta(minutes=29)  # Slack's own is 30

TOO_LATE = frozenset(
    {"expired_trigger_id", "exchanged_trigger_id", "invalid_trigger_id", "trigger_expired", "not_found"}
)
"""Slack's words for a trigger that is over, and for a window that was closed meanwhile."""


async def answer(request: Request, message: Message) -> None:
    """Answer privately: in the acknowledgement of a command, else beside what was pressed.

    What a message does not hold whole opens as a window, and where Slack opens none any more comes in pieces.
    """
    wants_window = not fits_message(message) and "trigger_id" in request.body
    if (wants_window or request.ack.window) and await _is_shown(request, message):
        return
    first, *others = pieces(message)
    url = request.body.get("response_url")
    if "command" in request.body:
        await request.ack(response_type="ephemeral", **render_message(first))
    else:
        await request.ack()
        await (respond(request, url, first) if url else _show_if_anywhere(request, message))
    await answer_also(request, others)


async def answer_also(request: Request, messages: Sequence[Message]) -> None:
    """More answers, in their order, beside the one that stands in place of what was pressed."""
    for message in messages if "response_url" in request.body else ():
        await respond(request, request.body["response_url"], message)


async def answer_in_place(request: Request, message: Message) -> None:
    """Change the card that was pressed; from App Home, open it as a window of its own."""
    view = request.body.get("view")
    await request.ack()
    if view is None:
        await respond(request, request.body["response_url"], message, in_place=True)
    elif view["type"] == "home":
        await put_up(request, window(message))
    else:
        await request.client.views_update(view_id=view["id"], view=window(message))


async def show(request: Request, message: Message) -> None:
    """Open a window with the message, whoever else sees what was pressed. Raises as `put_up`."""
    await request.ack()
    await put_up(request, window(message))


async def open_form(request: Request, form: Form, *, in_place: bool = True) -> None:
    """Open a form, and let its payload remember where the answer goes when it is saved: in place of a private card, or
    always beside what was pressed. Raises as `put_up`.
    """
    await request.ack()
    payload = {**form.payload, RETURN: _return_address(request, in_place=in_place)}
    await put_up(request, render_form(replace(form, payload=payload)))


async def push_form(request: Request, first: Submission, form: Form) -> None:
    """Put a second form above the one that was sent and stays; its answer goes where the first one's would."""
    payload = {**form.payload, RETURN: first.payload.get(RETURN, ""), SECOND: "yes"}
    await request.ack(response_action="push", view=render_form(replace(form, payload=payload)))


async def answer_form(request: Request, submission: Submission, message: Message) -> None:
    """After a form was saved: change the card it came from, else show the answer where the form was."""
    how, _, address = submission.payload.get(RETURN, "").partition(" ")
    opened, _, where = address.partition(" ")
    closing = "clear" if SECOND in submission.payload else None
    if how in {"card", "beside"} and _still_answers(request, opened):
        await request.ack(response_action=closing)
        request.house.later(respond(request, where, message, in_place=how == "card"))
    elif closing and not request.ack.is_late:
        await request.ack(response_action=closing)
        request.house.later(request.client.views_open(trigger_id=request.body["trigger_id"], view=window(message)))
    elif how == "view" and not closing:
        await request.ack()
        request.house.later(request.client.views_update(view_id=where, view=window(message)))
    else:
        await request.ack(response_action="update", view=window(message))
        request.house.later(publish_home(request))


async def refuse_form(request: Request, field: str, message: Message) -> None:
    """Keep the form open, filled in, with the sentence beside the field; one without fields makes way for it."""
    fields = {block["block_id"] for block in request.body["view"]["blocks"] if block["type"] == "input"}
    if not fields:
        await request.ack(response_action="update", view=window(message))
        return
    await request.ack(response_action="errors", errors={field: message.summary})


async def write_to(request: Request, message: Message) -> None:
    """Privately to the person who pressed where there is no place for an answer; Slack keeps it, so only our words."""
    await request.client.chat_postMessage(channel=request.sender.user_id, **render_message(message))


async def publish_home(request: Request) -> None:
    """The Home of a member; somebody unknown is looked up first, so that a guest is told so."""
    house = request.house
    known = await house.database.read(is_known, request.sender)
    profile = None if known else await ask_profile(request)
    if known:
        await claim_unled(request)
    message = await house.database.read(home, house.context(), request.sender, profile)
    await request.client.views_publish(user_id=request.sender.user_id, view=render_home(message))


def _return_address(request: Request, *, in_place: bool = True) -> str:
    """Where the answer of a form goes: "card <opened> <url>" replaces the pressed card, "beside …" stands next to it,
    "view <opened> <id>" changes the window below the form.
    """
    body = request.body
    opened = int(request.house.context().now.timestamp())
    view = body.get("view")
    if view is not None:
        return f"view {opened} {view['id']}" if view["type"] == "modal" and not is_top_of_stack(view) else ""
    if "response_url" not in body:
        return ""
    return f"{'card' if in_place and _is_private_card(body) else 'beside'} {opened} {body['response_url']}"


def _is_private_card(body: dict[str, Any]) -> bool:
    container = body.get("container", {})
    in_private_chat = (body.get("channel") or {}).get("id", "").startswith("D")
    return bool(container) and (bool(container.get("is_ephemeral")) or in_private_chat)


def _still_answers(request: Request, opened: str) -> bool:
    if not re.fullmatch(r"[0-9]{1,10}", opened):
        return False
    age = request.house.context().now - datetime.fromtimestamp(int(opened), UTC)
    return timedelta(0) <= age < RESPONSE_URL_LIFETIME


def window(message: Message) -> dict[str, Any]:
    return render_message_view(message, title="Ampersand", close="OK")


async def _is_shown(request: Request, message: Message) -> bool:
    """Show it in a window, unless Slack opens none any more."""
    try:
        await show(request, message)
    except Refused:
        return False
    return True


async def _show_if_anywhere(request: Request, message: Message) -> None:
    """An event has no place for an answer."""
    if request.ack.has_spent_trigger:
        raise Refused("window_late")
    if "trigger_id" in request.body:
        await show(request, message)


async def put_up(request: Request, content: dict[str, Any]) -> str:
    """Open it, or fill the window that was opened as a sign; returns Slack's id of the view.

    Raises:
        Refused: a trigger lives three seconds, and they are over.
    """
    try:
        if request.ack.window is None:
            return await open_window(request, content)
        view_id = await request.ack.window
        await request.client.views_update(view_id=view_id, view=content)
        request.ack.is_window_filled = True
    except (SlackApiError, TimeoutError) as error:
        request.ack.window = None
        if isinstance(error, SlackApiError) and error.response.get("error") not in TOO_LATE:
            raise
        raise Refused("window_late") from error
    return view_id


async def open_window(request: Request, content: dict[str, Any]) -> str:
    """Above the window that was pressed, or in its place where Slack takes no more above it; the id of the view."""
    view, client, trigger = request.body.get("view") or {}, request.client, request.body["trigger_id"]
    request.ack.has_spent_trigger = True
    if view.get("type") != "modal":
        shown = await client.views_open(trigger_id=trigger, view=content)
    elif is_top_of_stack(view):
        shown = await client.views_update(view_id=view["id"], view=content)
    else:
        shown = await client.views_push(trigger_id=trigger, view=content)
    return str(shown["view"]["id"])


def is_top_of_stack(view: dict[str, Any]) -> bool:
    """Slack takes three windows one above the other: below the third stands one that is not the first."""
    below = view.get("previous_view_id")
    return below is not None and below != view.get("root_view_id")


async def respond(request: Request, url: str, message: Message, *, in_place: bool = False) -> None:
    """Say it beside what was pressed or typed, or in its place; after the line that it takes a moment."""
    if request.ack.line:
        await asyncio.wait({request.ack.line})
    await say(request, url, render_message(message), in_place=in_place)


async def say(request: Request, url: str, content: Mapping[str, Any], *, in_place: bool = False) -> None:
    webhook = AsyncWebhookClient(url, session=request.house.http, retry_handlers=[])
    await webhook.send(
        response_type="ephemeral", replace_original=in_place, text=content["text"], blocks=content["blocks"]
    )

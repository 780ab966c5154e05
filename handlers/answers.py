"""The ways an answer reaches the person: in the acknowledgement, in place of what was pressed, or as a form.

Acknowledgements carry the answer wherever Slack allows it, so that no network call stands between a person and their
card. The rest is posted right after the acknowledgement.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from slack_sdk.webhook.async_client import AsyncWebhookClient

from bot.domain.chat import Form, Message, Submission
from bot.platforms.slack_blocks import fits_message, render_home, render_message, render_message_view
from bot.platforms.slack_forms import render_form
from bot.services.home import home
from handlers.request import Request

RETURN = "return"
"""The name in a form's payload of where its answer goes."""

SECOND = "second"
"""The name in a form's payload that says it stands above another form, which goes with it."""

RESPONSE_URL_LIFETIME = timedelta(minutes=29)  # Slack's own is 30


async def answer(request: Request, message: Message) -> None:
    """Answer privately: in the acknowledgement of a command, else beside what was pressed.

    What a message does not hold whole opens as a window.
    """
    if not fits_message(message) and "trigger_id" in request.body:
        await show(request, message)
        return
    if "command" in request.body:
        await request.ack(response_type="ephemeral", **render_message(message))
        return
    await request.ack()
    if url := request.body.get("response_url"):
        request.house.later(_respond(request, url, message, in_place=False))
    elif "trigger_id" in request.body:
        request.house.later(_show(request, message))


async def answer_also(request: Request, messages: Sequence[Message]) -> None:
    """More answers, in their order, beside the one that stands in place of what was pressed."""
    if url := request.body.get("response_url"):
        request.house.later(_respond_all(request, url, messages))


async def answer_in_place(request: Request, message: Message) -> None:
    """Change the card that was pressed; from App Home, open it as a window of its own."""
    view = request.body.get("view")
    if view is None:
        await request.ack()
        request.house.later(_respond(request, request.body["response_url"], message, in_place=True))
    elif view["type"] == "home":
        await request.ack()
        request.house.later(_show(request, message))
    else:
        await request.ack()
        shown = _window(message)
        request.house.later(request.client.views_update(view_id=view["id"], view=shown))


async def show(request: Request, message: Message) -> None:
    """Open a window with the message, whoever else sees what was pressed."""
    await request.ack()
    request.house.later(_show(request, message))


async def open_form(request: Request, form: Form) -> None:
    """Open a form, and let its payload remember where the answer goes when it is saved."""
    await request.ack()
    payload = {**form.payload, RETURN: _return_address(request)}
    request.house.later(_put_up(request, render_form(replace(form, payload=payload))))


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
        request.house.later(_respond(request, where, message, in_place=how == "card"))
    elif closing:
        await request.ack(response_action=closing)
        request.house.later(request.client.views_open(trigger_id=request.body["trigger_id"], view=_window(message)))
    elif how == "view":
        await request.ack()
        request.house.later(request.client.views_update(view_id=where, view=_window(message)))
    else:
        await request.ack(response_action="update", view=_window(message))
        request.house.later(publish_home(request))


async def refuse_form(request: Request, field: str, message: Message) -> None:
    """Keep the form open, filled in, with the sentence beside the field; one without fields makes way for it."""
    fields = {block["block_id"] for block in request.body["view"]["blocks"] if block["type"] == "input"}
    if not fields:
        await request.ack(response_action="update", view=_window(message))
        return
    await request.ack(response_action="errors", errors={field: message.summary})


async def publish_home(request: Request) -> None:
    house = request.house
    message = await house.database.read(home, house.context(), request.sender)
    await request.client.views_publish(user_id=request.sender.user_id, view=render_home(message))


def _return_address(request: Request) -> str:
    """Where the answer of a form goes: "card <opened> <url>" replaces the pressed card, "beside …" stands next to it,
    "view <opened> <id>" changes the window below the form.
    """
    body = request.body
    opened = int(request.house.context().now.timestamp())
    view = body.get("view")
    if view is not None:
        return f"view {opened} {view['id']}" if view["type"] == "modal" and not _is_top_of_stack(view) else ""
    if "response_url" not in body:
        return ""
    return f"{'card' if _is_private_card(body) else 'beside'} {opened} {body['response_url']}"


def _is_private_card(body: dict[str, Any]) -> bool:
    container = body.get("container", {})
    in_private_chat = (body.get("channel") or {}).get("id", "").startswith("D")
    return bool(container) and (bool(container.get("is_ephemeral")) or in_private_chat)


def _still_answers(request: Request, opened: str) -> bool:
    age = request.house.context().now - datetime.fromtimestamp(int(opened), UTC)
    return timedelta(0) <= age < RESPONSE_URL_LIFETIME


def _window(message: Message) -> dict[str, Any]:
    return render_message_view(message, title="Ampersand", close="OK")


async def _show(request: Request, message: Message) -> None:
    await _put_up(request, _window(message))


async def _put_up(request: Request, content: dict[str, Any]) -> None:
    """Open it; above the window that was pressed, or in its place where Slack takes no more above it."""
    view, client, trigger = request.body.get("view") or {}, request.client, request.body["trigger_id"]
    if view.get("type") != "modal":
        await client.views_open(trigger_id=trigger, view=content)
    elif _is_top_of_stack(view):
        await client.views_update(view_id=view["id"], view=content)
    else:
        await client.views_push(trigger_id=trigger, view=content)


def _is_top_of_stack(view: dict[str, Any]) -> bool:
    """Slack takes three windows one above the other: below the third stands one that is not the first."""
    below = view.get("previous_view_id")
    return below is not None and below != view.get("root_view_id")


async def _respond_all(request: Request, url: str, messages: Sequence[Message]) -> None:
    for message in messages:
        await _respond(request, url, message, in_place=False)


async def _respond(request: Request, url: str, message: Message, *, in_place: bool) -> None:
    webhook = AsyncWebhookClient(url, session=request.house.http, retry_handlers=[])
    rendered = render_message(message)
    await webhook.send(
        response_type="ephemeral", replace_original=in_place, text=rendered["text"], blocks=rendered["blocks"]
    )

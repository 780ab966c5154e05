"""Answers that are not Web API calls: to response URLs, and in the acknowledgement of a slash command."""

import json
from dataclasses import replace

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, PlainTextResponse, Response

from bot.playground.errors import SlackError
from bot.playground.model import BOT_USER_ID, Json, Message
from bot.playground.playground import Playground
from bot.playground.tickets import ResponseUrl
from bot.playground.web_api.arguments import Arguments
from bot.playground.web_api.chat import content


def respond_router(playground: Playground) -> APIRouter:
    """POST /respond/<token>."""
    router = APIRouter()

    async def respond(token: str, request: Request) -> Response:
        try:
            body = json.loads(await request.body())
        except ValueError:
            return JSONResponse({"ok": False, "error": "invalid_payload"}, 400)
        try:
            answer_to(playground, token, body if isinstance(body, dict) else {})
        except SlackError as refused:
            return JSONResponse(refused.body(), 404 if refused.code == "used_url" else 400)
        return PlainTextResponse("ok")

    router.add_api_route("/respond/{token}", respond, methods=["POST"], response_class=PlainTextResponse)
    return router


def answer_to(playground: Playground, token: str, body: Json) -> None:
    """What the bot says by a response URL: replace or delete the message it belongs to, or say something new.

    Raises used_url, no_text, invalid_blocks, msg_too_long.
    """
    url = playground.response_urls.use(token)
    arguments = Arguments(body)
    if arguments.flag("delete_original"):
        _delete(playground, url)
    elif arguments.flag("replace_original") and _original(playground, url):
        _replace(playground, url, arguments)
    else:
        message = say(playground, url, body)
        if url.ts is None:
            playground.response_urls.moved(token, message.ts)


def say(playground: Playground, url: ResponseUrl, body: Json) -> Message:
    """A new message, for the person's eyes only unless `response_type` is in_channel."""
    arguments = Arguments(body)
    text, blocks = content(playground, arguments)
    in_channel = arguments.text("response_type") == "in_channel"
    return playground.workspace.message_book.post(
        playground.workspace.find_channel(url.channel),
        BOT_USER_ID,
        text,
        blocks=blocks,
        thread_ts=arguments.optional("thread_ts") or url.thread_ts,
        ephemeral_to=None if in_channel else url.user,
    )


def _replace(playground: Playground, url: ResponseUrl, arguments: Arguments) -> None:
    original = _original(playground, url)
    if original:
        text, blocks = content(playground, arguments)
        channel = playground.workspace.find_channel(url.channel)
        playground.workspace.message_book.change(channel, replace(original, text=text, blocks=blocks))


def _delete(playground: Playground, url: ResponseUrl) -> None:
    original = _original(playground, url)
    if original is None:
        raise SlackError("message_not_found")
    playground.workspace.message_book.erase(playground.workspace.find_channel(url.channel), original)


def _original(playground: Playground, url: ResponseUrl) -> Message | None:
    if url.ts is None:
        return None
    try:
        return playground.workspace.message_book.get(url.channel, url.ts)
    except SlackError:
        return None

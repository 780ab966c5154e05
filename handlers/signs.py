"""A sign in time: Slack waits three seconds for an acknowledgement, and a trigger opens a window for as long.

When an answer takes longer, the acknowledgement leaves without it: with a line, a window or a form that says so. The
work goes on, and its answer comes by a response URL or into that window. Nothing that was typed is lost.
"""

import asyncio
from functools import partial
from typing import Any

from sqlalchemy.exc import SQLAlchemyError

from bot.domain.chat import Message, Text
from bot.domain.markup import escape
from bot.platforms.slack_blocks import render_message, render_message_view
from bot.platforms.slack_forms import parse_submission
from bot.platforms.slack_views import filled_again, with_line
from bot.services.access import access_speaker
from bot.services.messages import moments
from bot.templates import Speaker, speaker
from handlers.answers import SECOND, is_top_of_stack, open_window, put_up, say, window
from handlers.request import Request

READING_SECONDS = 0.2
"""How long a sign waits for the person's language."""

OPENING_SECONDS = 0.3
"""How long it waits for its window before it says a line instead."""

MOST_SPEAKERS = 5_000
"""So many people are kept in mind; then whoever was met first is asked about again."""

ARRIVING_SECONDS = 0.5
"""After how long Slack has put up what an acknowledgement carried, and it can be changed."""


async def known_speaker(request: Request) -> Speaker:
    """In the person's language: as the database says, or as it was the last time, else in English."""
    house, sender = request.house, request.sender
    if "event" in request.body:
        return speaker("en", "UTC")  # nobody reads the sign of an event
    if sender not in house.speakers:
        try:
            async with asyncio.timeout(READING_SECONDS):
                await learn_speaker(request)
        except (TimeoutError, SQLAlchemyError):
            return speaker("en", "UTC")
    return house.speakers[sender]


async def learn_speaker(request: Request) -> None:
    """Keep in mind how to speak to them, for when the database does not answer."""
    speakers, sender = request.house.speakers, request.sender
    speak = await request.house.database.read(access_speaker, sender)
    if sender not in speakers and len(speakers) >= MOST_SPEAKERS:
        speakers.pop(next(iter(speakers)))
    speakers[sender] = speak


async def give_sign(request: Request, speak: Speaker) -> None:
    """Let the person see that it takes a moment, unless they see something already."""
    is_form = request.body.get("type") == "view_submission"
    if request.ack.says_something or (is_form and request.ack.given.done()) or "event" in request.body:
        await request.ack.leave(_nothing_more)
    elif is_form:
        await _keep_form(request, speak)
    else:
        await _keep_place(request, speak)


async def finish_window(request: Request) -> None:
    """A window that was opened as a sign never stays without an answer."""
    if request.ack.window and not request.ack.is_window_filled:
        await put_up(request, window(moments.done(await known_speaker(request))))


async def _keep_place(request: Request, speak: Speaker) -> None:
    """What was typed or pressed: a window where one is to come, else a line."""
    ack, body = request.ack, request.body
    says = {} if await _is_window_open(request, speak) else render_message(moments.line(speak))
    if "command" not in body:
        await ack.leave(_nothing_more)
        ack.line = request.house.later(_say_line(request, moments.line(speak))) if says else None
    elif ack.says_something:
        await ack.leave(_nothing_more)
    else:
        await ack.leave(partial(_answer_command, request), **({"response_type": "ephemeral", **says} if says else {}))


async def _is_window_open(request: Request, speak: Speaker) -> bool:
    ack = request.ack
    from_home = (request.body.get("view") or {}).get("type") == "home"
    if ack.has_spent_trigger or not (ack.opens == "window" or from_home):
        return False
    ack.window = request.house.begin(open_window(request, _waiting(speak)))
    done, _ = await asyncio.wait({ack.window}, timeout=OPENING_SECONDS)
    return bool(done) and ack.window is not None and ack.window.exception() is None


async def _say_line(request: Request, line: Message) -> None:
    """Beside what was pressed, or on top of the window it stands in; a Home and a shortcut have no such place."""
    view = request.body.get("view")
    if url := request.body.get("response_url"):
        await say(request, url, render_message(line))
    elif view and view["type"] == "modal":
        await request.client.views_update(view_id=view["id"], hash=view["hash"], view=with_line(view, line.summary))


async def _keep_form(request: Request, speak: Speaker) -> None:
    """In place of a form that was sent, or above it where it stays; its answer comes there."""
    view = request.body["view"]
    if request.ack.opens == "form_above" and not is_top_of_stack(view):
        name = request.house.context().new_id()
        place = {"external_id": name}
        sign = {"response_action": "push", "view": _waiting(speak) | place}
    else:
        place = {"view_id": view["id"]}
        sign = {"response_action": "update", "view": _waiting(speak)}
    await request.ack.leave(partial(_answer_form, request, speak, place), **sign)


def _waiting(speak: Speaker) -> dict[str, Any]:
    return render_message_view(moments.window(speak), moments.title(speak), speak.plain("button", "close"))


async def _nothing_more(**_answer: Any) -> None:
    """What else there is to say comes by another way than the acknowledgement."""


async def _answer_command(request: Request, **answer: Any) -> None:
    """A late acknowledgement of a command, by its response URL."""
    if answer:
        await say(request, request.body["response_url"], answer)


async def _answer_form(request: Request, speak: Speaker, place: dict[str, str], **answer: Any) -> None:
    """A late acknowledgement of a form, in the window that stands in its place.

    What was saved is not sent again because Slack did not take its answer: only a refusal is tried until it stands.
    """
    await request.house.pause(ARRIVING_SECONDS)
    client, below = request.client, request.body["view"].get("previous_view_id")
    if "errors" in answer:
        await client.views_update(**place, view=_refused(request, place, answer["errors"]))
        return
    done = window(moments.done(speak))
    request.house.later(client.views_update(**place, view=answer.get("view") or done))
    if below and SECOND in parse_submission(request.body["view"]).payload:
        request.house.later(client.views_update(view_id=below, view=done))


def _refused(request: Request, place: dict[str, str], errors: dict[str, str]) -> dict[str, Any]:
    """The form with all that was entered; above a form that stands as it was sent, the sentence alone."""
    if "view_id" in place:
        return filled_again(request.body["view"], errors)
    sentence = " ".join(errors.values())
    return window(Message(sentence, (Text(escape(sentence)),)))

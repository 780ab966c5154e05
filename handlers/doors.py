"""The door every request comes through: what is refused or goes wrong ends in a plain sentence, never in silence."""

import asyncio
from time import monotonic

import structlog
from sqlalchemy.exc import SQLAlchemyError

from bot.domain.errors import DuplicateRequest, Refused, UnknownMember
from bot.services.access import access_speaker
from bot.services.members import Wish, ask_side, forget_drafts
from bot.services.messages import errors
from bot.services.traces import trace
from bot.templates import Speaker, speaker
from handlers.answers import answer, refuse_form, write_to
from handlers.profiles import ask_profile
from handlers.request import Handler, Request
from handlers.signs import finish_window, give_sign, known_speaker, learn_speaker
from handlers.typed import typed_text, wish_of

log = structlog.get_logger()


async def enter(handler: Handler | None, request: Request) -> None:
    """Run the handler and return in time, with its answer or with a sign that the answer follows."""
    work = request.house.later(serve(handler or unknown_button, request))
    watch = request.house.later(_watch(request, work))
    in_time: set[asyncio.Future[None]] = {watch} if request.ack.is_held else {watch, request.ack.given}
    await asyncio.wait(in_time, return_when=asyncio.FIRST_COMPLETED)


async def _watch(request: Request, work: asyncio.Task[None]) -> None:
    """Give a sign when the work takes longer than somebody should wait for one."""
    await asyncio.wait({work}, timeout=request.house.patience.total_seconds())
    speak = None if work.done() else await known_speaker(request)
    if speak and not work.done():
        await give_sign(request, speak)
    elif not request.ack.given.done():
        await request.ack()


async def serve(handler: Handler, request: Request) -> None:
    """Answer in the person's language whatever happens, however long it takes."""
    started, outcome = monotonic(), "failed"
    try:
        outcome = await run(handler, request)
    except Exception as error:  # noqa: BLE001 one of the four doors: log with an id, tell a plain sentence
        await apologise(request, error)
    else:
        request.house.later(request.house.deliver())
    request.house.count(request.kind, outcome, monotonic() - started)
    await finish_window(request)
    if "event" not in request.body and _may_speak_otherwise(request):
        request.house.later(learn_speaker(request))


def _may_speak_otherwise(request: Request) -> bool:
    """Somebody new, or a form was sent: it may have been that of their settings."""
    return request.sender not in request.house.speakers or request.body.get("type") == "view_submission"


async def run(handler: Handler, request: Request) -> str:
    """The handler, and what is no mistake of ours: somebody unknown, a wish refused, a request done before.

    What came of it, in a word of `handlers.metrics`.
    """
    try:
        await _handle(handler, request)
    except DuplicateRequest:
        await request.ack()
        return "repeated"
    except Refused as refused:
        await refuse(request, refused)
        return "refused"
    return "answered"


async def _handle(handler: Handler, request: Request) -> None:
    try:
        await handler(request)
    except UnknownMember:
        await introduce(request, wish_of(request.body))


async def introduce(request: Request, wish: Wish | None) -> None:
    """Somebody unknown: unless they are a guest, keep what they typed and ask where they work."""
    house, profile = request.house, await ask_profile(request)
    message = await house.database.write(ask_side, house.context(), request.sender, request.id, wish, profile)
    await answer(request, message)


async def refuse(request: Request, refused: Refused) -> None:
    if refused.sentence == "guest":
        await request.house.database.write(forget_drafts, request.sender)
    speak = await _speaker(request)
    if request.body.get("type") == "view_submission":
        await refuse_form(request, refused.field or _first_field(request), errors.refused(speak, refused))
    else:
        await answer(request, errors.refused(speak, refused))


async def apologise(request: Request, error: Exception) -> None:
    """The code stands in the log beside the kind of error; the text of the error may hold what a person wrote."""
    code = request.house.context().new_ref().upper()
    log.error("request_failed", code=code, error=trace(error))
    speak = await _speaker(request)
    if request.body.get("type") == "view_submission":
        await refuse_form(request, _first_field(request), errors.went_wrong(speak, code))
        return
    try:
        await answer(request, errors.went_wrong(speak, code, typed_text(request.body)))
    except Refused:
        await write_to(request, errors.went_wrong(speak, code))


async def unknown_button(request: Request) -> None:
    """From an earlier version; a form stays open, so that what was typed can be copied."""
    message = errors.old_button(await _speaker(request))
    if request.body.get("type") == "view_submission":
        await refuse_form(request, _first_field(request), message)
    else:
        await answer(request, message)


async def _speaker(request: Request) -> Speaker:
    """In the person's language; in English when even the database does not answer."""
    try:
        return await request.house.database.read(access_speaker, request.sender)
    except SQLAlchemyError:
        return speaker("en", "UTC")


def _first_field(request: Request) -> str:
    blocks = request.body["view"]["blocks"]
    return next((str(block["block_id"]) for block in blocks if block["type"] == "input"), "")

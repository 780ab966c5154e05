"""The door every request comes through: what is refused or goes wrong ends in a plain sentence, never in silence."""

import structlog
from sqlalchemy.exc import SQLAlchemyError

from bot.domain.errors import DuplicateRequest, Refused, UnknownMember
from bot.services.access import access_speaker
from bot.services.members import Wish, ask_side
from bot.services.messages import errors
from bot.services.traces import trace
from bot.templates import Speaker, speaker
from handlers.answers import answer, refuse_form
from handlers.request import Handler, Request
from handlers.typed import typed_text, wish_of

log = structlog.get_logger()


async def enter(handler: Handler | None, request: Request) -> None:
    """Run the handler; answer in the person's language whatever happens."""
    try:
        await run(handler or unknown_button, request)
    except Exception as error:  # noqa: BLE001 one of the four doors: log with an id, tell a plain sentence
        await apologise(request, error)
    else:
        request.house.later(request.house.deliver())


async def run(handler: Handler, request: Request) -> None:
    """The handler, and what is no mistake of ours: somebody unknown, a wish refused, a request done before."""
    try:
        await handler(request)
    except DuplicateRequest:
        await request.ack()
    except UnknownMember:
        await introduce(request, wish_of(request.body))
    except Refused as refused:
        await refuse(request, refused)


async def introduce(request: Request, wish: Wish) -> None:
    """Somebody unknown: keep what they typed and ask where they work."""
    house = request.house
    try:
        message = await house.database.write(ask_side, house.context(), request.sender, request.id, wish)
    except DuplicateRequest:
        await request.ack()
    else:
        await answer(request, message)


async def refuse(request: Request, refused: Refused) -> None:
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
    else:
        await answer(request, errors.went_wrong(speak, code, typed_text(request.body)))


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

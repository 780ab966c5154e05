"""Capture from a message, or from anywhere with the + menu."""

from bot.services.entries import capture_form
from handlers.answers import open_form
from handlers.request import Handler, Request
from handlers.typed import message_link, message_moment, shortcut_kind, typed_text
from storage.tables import Kind


async def capture_message(request: Request) -> None:
    """The form, filled with the words of the message; the link to it is kept."""
    house, body = request.house, request.body
    request.ack.opens = "window"
    origin = (body["channel"]["name"], message_moment(body))
    form = await house.database.read(
        capture_form,
        house.context(),
        request.sender,
        Kind(shortcut_kind(body)),
        text=typed_text(body),
        permalink=message_link(body),
        from_message=origin,
    )
    await open_form(request, form)


async def capture_anywhere(request: Request) -> None:
    house = request.house
    request.ack.opens = "window"
    await open_form(request, await house.database.read(capture_form, house.context(), request.sender, Kind.CLASH))


SHORTCUTS: dict[str, Handler] = {
    "capture_clash": capture_message,
    "capture_went_well": capture_message,
    "capture_anywhere": capture_anywhere,
}

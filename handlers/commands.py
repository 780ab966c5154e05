"""/clash, /win and /sop."""

from bot.domain.chat import Form
from bot.domain.entry import says_something
from bot.services.entries import capture_form, capture_text
from bot.services.sop import answer_sop, asks_for_setup
from handlers.answers import answer, open_form
from handlers.claiming import claim_unled
from handlers.request import Handler, Request
from handlers.typed import typed_text
from storage.tables import Kind

KIND_OF_COMMAND = {"/clash": Kind.CLASH, "/win": Kind.WENT_WELL}


async def capture(request: Request) -> None:
    """With a text: saved at once. Without: the form."""
    house, kind, text = request.house, KIND_OF_COMMAND[request.body["command"]], typed_text(request.body)
    if says_something(text):
        card = await house.database.write(capture_text, house.context(), request.sender, request.id, kind, text)
        await answer(request, card)
    else:
        request.ack.opens = "window"
        form: Form = await house.database.read(capture_form, house.context(), request.sender, kind, text)
        await open_form(request, form)


async def sop(request: Request) -> None:
    """Everything else: a card, or a form."""
    house, typed = request.house, typed_text(request.body)
    if asks_for_setup(typed):
        await claim_unled(request)
    done = await house.database.read(answer_sop, house.context(), request.sender, typed)
    await (open_form(request, done) if isinstance(done, Form) else answer(request, done))


COMMANDS: dict[str, Handler] = {"/clash": capture, "/win": capture, "/sop": sop}

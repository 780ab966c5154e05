"""/clash, /win and /sop."""

from bot.domain.chat import Form
from bot.domain.entry import says_something
from bot.domain.sop_words import SOP_WORDS, split_words
from bot.services.briefs import preview_brief
from bot.services.entries import capture_form, capture_text
from bot.services.entry_lists import list_entries
from bot.services.members import settings_form
from bot.services.sop import explain_word, help_card
from handlers.answers import answer, open_form
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
        form: Form = await house.database.read(capture_form, house.context(), request.sender, kind, text)
        await open_form(request, form)


async def sop(request: Request) -> None:
    """One command for all that is not capture; its first word says what."""
    word, rest = split_words(typed_text(request.body))
    await SUBCOMMANDS[SOP_WORDS.get(word, "unknown")](request, rest)


async def entries(request: Request, words: str) -> None:
    house = request.house
    await answer(request, await house.database.read(list_entries, house.context(), request.sender, words))


async def brief(request: Request, _words: str) -> None:
    house = request.house
    await answer(request, await house.database.read(preview_brief, house.context(), request.sender))


async def settings(request: Request, _words: str) -> None:
    house = request.house
    await open_form(request, await house.database.read(settings_form, house.context(), request.sender))


async def help_(request: Request, _words: str) -> None:
    house = request.house
    await answer(request, await house.database.read(help_card, house.context(), request.sender))


async def unknown(request: Request, _words: str) -> None:
    house = request.house
    word, _ = split_words(typed_text(request.body))
    await answer(request, await house.database.read(explain_word, house.context(), request.sender, word))


SUBCOMMANDS = {
    "entries": entries,
    "brief": brief,
    "settings": settings,
    "help": help_,
    "unknown": unknown,
}

COMMANDS: dict[str, Handler] = {"/clash": capture, "/win": capture, "/sop": sop}

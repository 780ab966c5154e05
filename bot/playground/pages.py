"""The pages of the playground: one shell, and the fragments of HTML that fill it."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, HTTPException, Query
from fastapi.responses import FileResponse, HTMLResponse

from bot.playground.block_kit_html import Canvas, Reader, Renderer, locale_named, zone_named
from bot.playground.errors import SlackError
from bot.playground.model import BOT_USER_ID, Message, Person
from bot.playground.workspace import Workspace

STATIC = Path(__file__).with_name("static")
TOGETHER_SECONDS = 300
LATEST = 60

As = Annotated[str, Query(alias="as")]


@dataclass(frozen=True)
class Line:
    """One message as it stands in a list: `day` is the heading above it, `continues` says that its author goes on."""

    message: Message
    author: Person
    canvas: Canvas
    day: str | None
    continues: bool


def pages_router(workspace: Workspace, arrival: str = "") -> APIRouter:
    """`/`, `/static/…` and fragments for the member in `as`: `/ui/channel/{id}`, `/ui/views`, `/ui/home`.

    `arrival` is the address ("as=U…&channel=C…") where somebody begins who was never here.
    """
    pages = Pages(workspace, arrival)
    router = APIRouter(default_response_class=HTMLResponse)
    router.add_api_route("/", pages.shell)
    router.add_api_route("/static/{name}", pages.static, response_class=FileResponse)
    router.add_api_route("/ui/channel/{channel}", pages.channel)
    router.add_api_route("/ui/views", pages.views)
    router.add_api_route("/ui/home", pages.home)
    return router


class Pages:
    """Reads the workspace and draws; it changes nothing but the mark of what has been read."""

    def __init__(self, workspace: Workspace, arrival: str) -> None:
        self._workspace = workspace
        self._arrival = arrival
        self._render = Renderer()

    async def shell(self) -> str:
        """The page itself; everything in it follows from `/ui/state` and the address (`#as=U…&channel=C…`)."""
        members = [person.id for person in await self._workspace.people() if not person.deleted]
        return self._draw("page.html", team=self._workspace.team, first=next(iter(members), ""), arrival=self._arrival)

    async def static(self, name: str) -> FileResponse:
        """A script, style sheet or drawing of this package."""
        if name not in {path.name for path in STATIC.iterdir()}:
            raise HTTPException(404, "There is no such file.")
        return FileResponse(STATIC / name, headers={"Cache-Control": "no-cache"})

    async def channel(self, channel: str, viewer: As, thread: str | None = None, latest: int = LATEST) -> str:
        """The latest so many messages of a channel, which then counts as read, or all of one thread."""
        reader = await self._reader(viewer)
        try:
            found = await self._workspace.channel(channel)
            messages = await self._messages(channel, viewer, thread)
        except SlackError as refused:
            raise HTTPException(404, "This channel or thread cannot be seen.") from refused
        if not thread:
            await self._workspace.mark_read(channel, viewer)
        shown = messages if thread else messages[-max(latest, 1) :]
        return self._draw(
            "messages.html",
            lines=await self._lines(shown, reader),
            earlier=len(messages) - len(shown),
            channel=found,
            thread=thread,
            shortcuts=[shortcut for shortcut in self._workspace.shortcuts if shortcut.type == "message"],
        )

    async def views(self, viewer: As) -> str:
        """The open modals of the member, the visible one last."""
        reader = await self._reader(viewer)
        stack = await self._workspace.modal_stack(viewer)
        return self._draw("views.html", views=[(view, Canvas(reader, view.id, view.state_values)) for view in stack])

    async def home(self, viewer: As) -> str:
        """The member's Home tab."""
        reader = await self._reader(viewer)
        view = await self._workspace.home(viewer)
        canvas = Canvas(reader, view.id, view.state_values) if view else None
        return self._draw("home.html", view=view, canvas=canvas)

    def _draw(self, template: str, **values: object) -> str:
        return self._render.page(template, render=self._render, bot=self._workspace.manifest.bot_name, **values)

    async def _messages(self, channel: str, viewer: str, thread: str | None) -> Sequence[Message]:
        if thread:
            return await self._workspace.thread(channel, thread, viewer)
        return await self._workspace.messages(channel, viewer)

    async def _reader(self, viewer: str) -> Reader:
        try:
            person = await self._workspace.person(viewer)
        except SlackError as refused:
            raise HTTPException(404, "There is no such member.") from refused
        people = [*await self._workspace.people(), await self._workspace.person(BOT_USER_ID)]
        return Reader(
            now=self._workspace.now(),
            zone=zone_named(person.tz),
            locale=locale_named(person.locale),
            people={one.id: one.real_name for one in people},
            members={one.id: one.real_name for one in people if not one.is_bot and not one.deleted},
            channels={
                one.id: one.name
                for one in self._workspace.all_channels()
                if not one.is_im and (not one.is_private or viewer in one.members)
            },
            archived=frozenset(one.id for one in self._workspace.all_channels() if one.is_archived),
        )

    async def _lines(self, messages: Sequence[Message], reader: Reader) -> list[Line]:
        authors = {message.user: await self._author(message.user) for message in messages}
        return [
            _line(message, before, authors[message.user], reader)
            for before, message in pairwise([None, *messages])
            if message
        ]

    async def _author(self, user: str) -> Person:
        try:
            return await self._workspace.person(user)
        except SlackError:
            return Person(user, user, user)


def _line(message: Message, before: Message | None, author: Person, reader: Reader) -> Line:
    canvas = Canvas(reader, f"{message.channel}/{message.ts}")
    new_day = before is None or reader.local(before.ts).date() != reader.local(message.ts).date()
    return Line(
        message=message,
        author=author,
        canvas=canvas,
        day=canvas.day(message.ts) if new_day else None,
        continues=before is not None and not new_day and _goes_on(before, message),
    )


def _goes_on(before: Message, message: Message) -> bool:
    same = (before.user, before.ephemeral_to) == (message.user, message.ephemeral_to) and not before.reply_count
    return same and float(message.ts) - float(before.ts) < TOGETHER_SECONDS

"""What the browser asks of the playground: acts, the state around the pages, the live stream."""

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import asdict
from typing import Annotated, Any

from fastapi import APIRouter, Body, Query
from fastapi.responses import JSONResponse, RedirectResponse, Response, StreamingResponse
from pydantic import ValidationError

from bot.playground.errors import ActError, NoAnswerError, SlackError
from bot.playground.model import BOT_USER_ID, Json
from bot.playground.notices import Notice
from bot.playground.playground import Playground
from bot.playground.scenario import Scenario
from bot.playground.ui_acts import AnyAct, Hands, parse_act

HEARTBEAT_SECONDS = 15.0

As = Annotated[str, Query(alias="as")]


def ui_router(playground: Playground) -> APIRouter:
    """/ui/act, /ui/state, /ui/stream, and the permalinks."""
    ui = Ui(playground)
    router = APIRouter()
    router.add_api_route("/ui/act", ui.act, methods=["POST"])
    router.add_api_route("/ui/state", ui.state)
    router.add_api_route("/ui/stream", ui.stream, response_class=StreamingResponse)
    router.add_api_route("/archives/{channel}/p{digits}", permalink, response_class=RedirectResponse)
    return router


def permalink(channel: str, digits: str, thread_ts: str | None = None) -> RedirectResponse:
    """From the address that chat.getPermalink gives to the place in the page."""
    thread = f"&thread={thread_ts}" if thread_ts else ""
    return RedirectResponse(f"/#channel={channel}&ts={digits[:-6]}.{digits[-6:]}{thread}")


class Ui:
    """The JSON side of the pages."""

    def __init__(self, playground: Playground) -> None:
        self._playground = playground
        self._workspace = playground.workspace
        self._hands = Hands(playground)

    async def act(self, body: Annotated[dict[str, Any], Body()]) -> Response:
        """Do what the person did; 400 with a sentence for what cannot be done there.

        A bot that does not answer is no fault of the browser's: 200 with `failed`, and the stream says it too.
        """
        try:
            return JSONResponse({"ok": True, **await self._done(parse_act(body))})
        except ValidationError as incomplete:
            first = incomplete.errors()[0]
            where = ".".join(str(part) for part in first["loc"])
            return _refused(f"This act cannot be understood: {where} {first['msg']}".replace("  ", " "))
        except (ActError, SlackError) as refused:
            return _refused(str(refused))

    async def _done(self, act: AnyAct) -> Json:
        self._workspace.find_person(act.user)
        try:
            return await act.done_by(self._hands) or {}
        except NoAnswerError as failure:
            self._workspace.notices.publish("failed", {"text": str(failure)}, {act.user})
            return {"failed": str(failure)}

    async def state(self, viewer: As) -> Response:
        """All that stands around the messages; without a known viewer only what needs none."""
        known = viewer in {person.id for person in await self._workspace.people()}
        channels = await self._workspace.channels_for(viewer) if known else []
        unread = await self._workspace.unread(viewer) if known else {}
        return JSONResponse(
            {
                "team": {"id": self._workspace.team.id, "name": self._workspace.team.name},
                "bot": {"id": BOT_USER_ID, "name": self._workspace.manifest.bot_name},
                "people": [person.document() for person in await self._workspace.people()],
                "channels": [{**channel.document(), "unread": unread[channel.id]} for channel in channels],
                "commands": [asdict(command) for command in self._workspace.commands],
                "shortcuts": [asdict(shortcut) for shortcut in self._workspace.shortcuts],
                **await _clock_and_tour(self._playground.scenario),
            }
        )

    async def stream(self, viewer: As) -> StreamingResponse:
        """Server-sent events for one person."""
        headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
        return StreamingResponse(self._lines(viewer), media_type="text/event-stream", headers=headers)

    async def _lines(self, viewer: str) -> AsyncIterator[str]:
        with self._workspace.notices.listen(viewer) as notices:
            yield "retry: 1000\n\n"
            while True:
                try:
                    notice = await asyncio.wait_for(notices.get(), HEARTBEAT_SECONDS)
                except TimeoutError:
                    yield ": still here\n\n"
                    continue
                if notice is None:
                    return
                yield _event(notice)


async def _clock_and_tour(scenario: Scenario | None) -> Json:
    if scenario is None:
        return {"clock": None, "tour": []}
    coming = await scenario.next_event()
    following = {"at": coming[0].isoformat(), "what": coming[1]} if coming else None
    clock = {"now": scenario.now().isoformat(), "zone": scenario.zone, "next": following}
    return {"clock": clock, "tour": [{"title": title, "text": text} for title, text in scenario.tour]}


def _event(notice: Notice) -> str:
    return f"event: {notice.name}\ndata: {json.dumps(notice.data)}\n\n"


def _refused(sentence: str) -> Response:
    return JSONResponse({"ok": False, "error": sentence}, 400)

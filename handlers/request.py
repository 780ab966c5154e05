"""One request from Slack, as the handlers see it."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Final, TypeVar

import structlog
from aiohttp import ClientSession
from slack_sdk.web.async_client import AsyncWebClient

from bot.services.access import Sender
from bot.services.context import Context
from bot.services.transactions import Transactions
from bot.templates import Speaker
from handlers.acknowledgement import Acknowledgement
from storage.tables import Platform

T = TypeVar("T")

PATIENCE = timedelta(seconds=1.8)
"""Slack gives up after three seconds; finding the language and opening a window of waiting take half of one."""

log = structlog.get_logger()


KINDS: Final = ("command", "action", "view", "shortcut", "event")
_KINDS_OF_TYPES: Final = {
    "block_actions": "action",
    "view_submission": "view",
    "view_closed": "view",
    "shortcut": "shortcut",
    "message_action": "shortcut",
}


def _uncounted(_kind: str, _outcome: str, _seconds: float) -> None:
    """Where nobody watches."""


@dataclass(slots=True)
class House:
    """What every handler may use: transactions, the time and chance of this moment, and work after the answer.

    `deliver` sends what waits in the outbox at once, instead of at the next tick. `pause` waits so many real seconds.
    `patience` is how long a request waits for its answer before it gets a sign. `speakers` are those of the people who
    were here before: who waits for the database can be spoken to without it. `count` is told of every request: its
    kind, what came of it, and how many seconds it took.
    """

    database: Transactions
    context: Callable[[], Context]
    http: ClientSession
    deliver: Callable[[], Coroutine[Any, Any, None]]
    pause: Callable[[float], Awaitable[None]]
    patience: timedelta = PATIENCE
    count: Callable[[str, str, float], None] = _uncounted
    speakers: dict[Sender, Speaker] = field(default_factory=dict)
    _tasks: set[asyncio.Task[Any]] = field(default_factory=set)

    def later(self, work: Coroutine[Any, Any, Any]) -> asyncio.Task[None]:
        """Do it beside the request; a failure is logged and costs nobody else anything."""
        return self.begin(self._guarded(work))

    def begin(self, work: Coroutine[Any, Any, T]) -> asyncio.Task[T]:
        """Do it beside the request; whoever awaits the task hears of a failure."""
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    async def settle(self) -> None:
        """Wait until nothing that was put off is left."""
        while self._tasks:
            await asyncio.wait(set(self._tasks))

    async def _guarded(self, work: Coroutine[Any, Any, Any]) -> None:
        try:
            await work
        except Exception as error:  # noqa: BLE001 nobody waits for this work: the log is the only door
            log.warning("answer_not_delivered", error=type(error).__name__)


@dataclass(frozen=True, slots=True)
class Request:
    """`body` is the payload as Slack sent it, already verified."""

    house: House
    body: dict[str, Any]
    ack: Acknowledgement
    client: AsyncWebClient

    @property
    def sender(self) -> Sender:
        """The person, in the workspace we are installed in: in a shared channel their own may be another."""
        return Sender(Platform.SLACK, installed_team_id(self.body), _user_id(self.body))

    @property
    def id(self) -> str:
        """The platform's own name for this delivery: the same when it is delivered again.

        A refused form is sent again from the same view: its name is the view, and it counts once it is saved. A view
        that is given other content has another hash.
        """
        body = self.body
        if body.get("type") == "view_submission":
            return f"view:{body['view']['id']}:{body['view']['callback_id']}:{body['view'].get('hash', '')}"
        return str(body.get("event_id") or body.get("trigger_id"))

    @property
    def kind(self) -> str:
        """One of `KINDS`."""
        word = next((word for word in ("command", "event") if word in self.body), "")
        return word or _KINDS_OF_TYPES.get(self.body.get("type", ""), "action")

    @property
    def press(self) -> dict[str, Any]:
        """The one action of a block_actions payload."""
        action: dict[str, Any] = self.body["actions"][0]
        return action


def installed_team_id(body: dict[str, Any]) -> str:
    """The workspace whose installation Slack tells of it, "" when it does not say.

    Of a window opened in a channel shared with another company it stands in the view, of an event in the
    authorisations: `team` may be that of the person there.
    """
    view, authorized = body.get("view") or {}, body.get("authorizations") or [{}]
    named = (
        view.get("app_installed_team_id"),
        authorized[0].get("team_id"),
        (body.get("team") or {}).get("id"),
        body.get("team_id"),
        _user(body).get("team_id"),
    )
    return next((str(team_id) for team_id in named if team_id), "")


def _user_id(body: dict[str, Any]) -> str:
    return str(_user(body).get("id") or body.get("user_id") or "")


def _user(body: dict[str, Any]) -> dict[str, Any]:
    """An event names the person by id or as a whole."""
    user = (body.get("event") or body).get("user") or {}
    return user if isinstance(user, dict) else {"id": user}


Handler = Callable[[Request], Awaitable[None]]

"""What happens, sent to the bot as Slack sends it: three seconds to answer, events again when that fails."""

import asyncio
import json
from collections import deque
from collections.abc import Callable, Mapping
from datetime import datetime
from urllib.parse import urlencode

from bot.playground.errors import NoAnswerError
from bot.playground.model import Json
from bot.playground.scenario import PlaygroundSettings
from bot.playground.sockets import Sockets
from bot.playground.transport import FORM, JSON, RETRY_NUMBER, RETRY_REASON, Answer, Http, Request, Transport

__all__ = ["FORM", "JSON", "Answer", "Dispatcher", "Request"]


class Dispatcher:
    """Sends over the bot's sockets where `uses_sockets` says so, else to its address.

    `clock` is real time, `sent` holds the last 1,000 requests.
    """

    def __init__(
        self,
        settings: PlaygroundSettings,
        clock: Callable[[], datetime],
        uses_sockets: Callable[[], bool],
        new_id: Callable[[], str],
    ) -> None:
        self._settings = settings
        self._uses_sockets = uses_sockets
        self._http = Http(settings, clock)
        self.sockets = Sockets(settings.answer_seconds, uses_sockets, new_id)
        self._deliveries: set[asyncio.Task[None]] = set()
        self._closing = asyncio.Event()
        self.sent: deque[Request] = deque(maxlen=1000)

    async def command(self, fields: Mapping[str, str]) -> Json | str:
        """Send a slash command; returns what the bot acknowledged with. Raises NoAnswerError."""
        return await self._ask(Request(urlencode(fields), FORM))

    async def interaction(self, payload: Json) -> Json | str:
        """Send an interactivity payload; returns what the bot acknowledged with. Raises NoAnswerError."""
        return await self._ask(Request(urlencode({"payload": json.dumps(payload)}), FORM))

    def event(self, envelope: Json) -> None:
        """Deliver an event in the background, again when it fails."""
        delivery = asyncio.create_task(self._deliver(json.dumps(envelope)))
        self._deliveries.add(delivery)
        delivery.add_done_callback(self._deliveries.discard)

    async def idle(self) -> None:
        """Wait until every event has been delivered or given up."""
        while self._deliveries:
            await asyncio.wait(set(self._deliveries))

    async def verify_url(self, challenge: str) -> bool:
        """Slack's url_verification handshake: does the bot echo the challenge? Addresses only have it."""
        body = {"type": "url_verification", "token": "verification", "challenge": challenge}
        answer = await self._http.exchange(Request(json.dumps(body), JSON))
        return challenge in answer.text

    async def post(self, request: Request, signed_at: datetime | None = None) -> Answer:
        """Send one request as it is, where signatures are used by default signed now. Raises NoAnswerError."""
        self.sent.append(request)
        transport: Transport = self.sockets if self._uses_sockets() else self._http
        return await transport.exchange(request, signed_at)

    async def closed_within(self, seconds: float) -> bool:
        """Wait so many real seconds, less when the playground closes; says whether it did."""
        try:
            await asyncio.wait_for(self._closing.wait(), seconds)
        except TimeoutError:
            return False
        return True

    async def close(self) -> None:
        """Give up what is not delivered and release the connections."""
        self._closing.set()
        await self.idle()
        await self._http.close()
        await self.sockets.close()

    async def _ask(self, request: Request) -> Json | str:
        answer = await self.post(request)
        if answer.status != 200:
            raise NoAnswerError("dispatch_failed")
        return answer.body

    async def _deliver(self, body: str) -> None:
        reason = await self._attempt(Request(body, JSON))
        for number, wait in enumerate(self._settings.retry_seconds, start=1):
            if reason is None or await self.closed_within(wait):
                return
            headers = {RETRY_NUMBER: str(number), RETRY_REASON: reason}
            reason = await self._attempt(Request(body, JSON, headers))

    async def _attempt(self, request: Request) -> str | None:
        """None when delivered (or not wanted again), else Slack's word for what went wrong."""
        try:
            answer = await self.post(request)
        except NoAnswerError as failure:
            return "http_timeout" if str(failure) == "operation_timeout" else "connection_failed"
        delivered = 200 <= answer.status < 300 or "X-Slack-No-Retry" in answer.headers
        return None if delivered else "http_error"

"""Signed requests to the bot, as Slack sends them: three seconds to answer, events again when that fails."""

import asyncio
import json
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import urlencode

import aiohttp
from slack_sdk.signature import SignatureVerifier

from bot.playground.errors import NoAnswerError
from bot.playground.model import Json
from bot.playground.scenario import PlaygroundSettings

FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True)
class Request:
    """One request to the bot, kept so that a test can send it again."""

    body: str
    content_type: str
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Answer:
    """What the bot answered."""

    status: int
    text: str
    headers: Mapping[str, str]

    @property
    def body(self) -> Json | str:
        """The JSON object, or the text as it stands."""
        try:
            found = json.loads(self.text)
        except ValueError:
            return self.text
        return found if isinstance(found, dict) else self.text


class Dispatcher:
    """Sends to `settings.events_url`; `clock` is real time, for the signature. `sent` holds the last 1,000 requests."""

    def __init__(self, settings: PlaygroundSettings, clock: Callable[[], datetime]) -> None:
        self._settings = settings
        self._clock = clock
        self._signer = SignatureVerifier(settings.signing_secret)
        self._session: aiohttp.ClientSession | None = None
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
        """Slack's url_verification handshake: does the bot echo the challenge?"""
        body = {"type": "url_verification", "token": "verification", "challenge": challenge}
        answer = await self.post(Request(json.dumps(body), "application/json"))
        return challenge in answer.text

    async def post(self, request: Request, signed_at: datetime | None = None) -> Answer:
        """Sign and send one request as it is, by default signed now. Raises NoAnswerError."""
        self.sent.append(request)
        timestamp = str(int((signed_at or self._clock()).timestamp()))
        signature = self._signer.generate_signature(timestamp=timestamp, body=request.body)
        headers = {
            "Content-Type": request.content_type,
            "User-Agent": "Slackbot 1.0 (+https://api.slack.com/robots)",
            "X-Slack-Request-Timestamp": timestamp,
            "X-Slack-Signature": signature or "",
            **request.headers,
        }
        try:
            return await self._exchange(request.body.encode(), headers)
        except TimeoutError as slow:
            raise NoAnswerError("operation_timeout") from slow
        except aiohttp.ClientError as broken:
            raise NoAnswerError("dispatch_failed") from broken

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
        if self._session:
            await self._session.close()

    async def _ask(self, request: Request) -> Json | str:
        answer = await self.post(request)
        if answer.status != 200:
            raise NoAnswerError("dispatch_failed")
        return answer.body

    async def _exchange(self, body: bytes, headers: Mapping[str, str]) -> Answer:
        if self._session is None:
            self._session = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=self._settings.answer_seconds))
        async with self._session.post(self._settings.events_url, data=body, headers=headers) as response:
            return Answer(response.status, await response.text(), dict(response.headers))

    async def _deliver(self, body: str) -> None:
        reason = await self._attempt(Request(body, "application/json"))
        for number, wait in enumerate(self._settings.retry_seconds, start=1):
            if reason is None or await self.closed_within(wait):
                return
            headers = {"X-Slack-Retry-Num": str(number), "X-Slack-Retry-Reason": reason}
            reason = await self._attempt(Request(body, "application/json", headers))

    async def _attempt(self, request: Request) -> str | None:
        """None when delivered (or not wanted again), else Slack's word for what went wrong."""
        try:
            answer = await self.post(request)
        except NoAnswerError as failure:
            return "http_timeout" if str(failure) == "operation_timeout" else "connection_failed"
        delivered = 200 <= answer.status < 300 or "X-Slack-No-Retry" in answer.headers
        return None if delivered else "http_error"

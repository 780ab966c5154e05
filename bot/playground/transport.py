"""How what happens reaches the bot: one request, one answer, over HTTP or over a WebSocket of the bot's."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

import aiohttp
from slack_sdk.signature import SignatureVerifier

from bot.playground.errors import NoAnswerError
from bot.playground.model import Json
from bot.playground.scenario import PlaygroundSettings

FORM, JSON = "application/x-www-form-urlencoded", "application/json"
RETRY_NUMBER, RETRY_REASON = "X-Slack-Retry-Num", "X-Slack-Retry-Reason"


@dataclass(frozen=True)
class Request:
    """One request to the bot, as HTTP carries it; kept so that a test can send it again."""

    body: str
    content_type: str
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Answer:
    """What the bot answered."""

    status: int
    text: str
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def body(self) -> Json | str:
        """The JSON object, or the text as it stands."""
        try:
            found = json.loads(self.text)
        except ValueError:
            return self.text
        return found if isinstance(found, dict) else self.text


class Transport(Protocol):
    """A way to the bot."""

    async def exchange(self, request: Request, signed_at: datetime | None = None) -> Answer:
        """Send it once; raises NoAnswerError ("operation_timeout" or "dispatch_failed")."""

    async def close(self) -> None:
        """Release the connections."""


class Http:
    """Signed requests to `settings.events_url`; `clock` is real time, for the signature."""

    def __init__(self, settings: PlaygroundSettings, clock: Callable[[], datetime]) -> None:
        self._settings = settings
        self._clock = clock
        self._signer = SignatureVerifier(settings.signing_secret)
        self._session: aiohttp.ClientSession | None = None

    async def exchange(self, request: Request, signed_at: datetime | None = None) -> Answer:
        """Sign it, by default now, and post it."""
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
            return await self._post(request.body.encode(), headers)
        except TimeoutError as slow:
            raise NoAnswerError("operation_timeout") from slow
        except aiohttp.ClientError as broken:
            raise NoAnswerError("dispatch_failed") from broken

    async def close(self) -> None:
        """Release the connections."""
        if self._session:
            await self._session.close()

    async def _post(self, body: bytes, headers: Mapping[str, str]) -> Answer:
        if self._session is None:
            self._session = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=self._settings.answer_seconds))
        async with self._session.post(self._settings.events_url, data=body, headers=headers) as response:
            return Answer(response.status, await response.text(), dict(response.headers))

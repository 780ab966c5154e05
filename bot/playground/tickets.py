"""The two short-lived secrets Slack hands to an app: trigger ids (3 seconds, one view) and response URLs."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.playground.errors import SlackError
from bot.playground.model import Document
from bot.playground.store import Shelf, Store

TRIGGER_LIFE = timedelta(seconds=3)
RESPONSE_LIFE = timedelta(minutes=30)
RESPONSE_USES = 5


@dataclass
class _Trigger:
    user: str
    expires: datetime
    spent: bool = False


class Triggers:
    """Trigger ids that the bot may exchange for a view; `clock` is real time."""

    def __init__(self, clock: Callable[[], datetime], new_id: Callable[[], str]) -> None:
        self._clock = clock
        self._new_id = new_id
        self._triggers: dict[str, _Trigger] = {}

    def issue(self, user: str) -> str:
        """A trigger for what that person just did."""
        now = self._clock()
        self._triggers = {key: t for key, t in self._triggers.items() if t.expires > now - timedelta(minutes=5)}
        trigger_id = f"{len(self._triggers)}.{self._new_id()}.{self._new_id().lower()}"
        self._triggers[trigger_id] = _Trigger(user, now + TRIGGER_LIFE)
        return trigger_id

    def redeem(self, trigger_id: str) -> str:
        """The person whose screen it opens a view on.

        Raises invalid_trigger_id, expired_trigger_id, exchanged_trigger_id.
        """
        trigger = self._triggers.get(trigger_id)
        if trigger is None:
            raise SlackError("invalid_trigger_id")
        if trigger.spent:
            raise SlackError("exchanged_trigger_id")
        if self._clock() >= trigger.expires:
            raise SlackError("expired_trigger_id")
        trigger.spent = True
        return trigger.user


@dataclass(frozen=True)
class ResponseUrl(Document):
    """Where answers go that are posted to one response URL; `ts` is the message it belongs to, if any."""

    token: str
    channel: str
    user: str
    expires_at: float
    ts: str | None = None
    thread_ts: str | None = None
    uses_left: int = RESPONSE_USES


class ResponseUrls:
    """Response URLs: five uses within half an hour of real time."""

    def __init__(self, store: Store, clock: Callable[[], datetime], new_id: Callable[[], str], origin: str) -> None:
        self._shelf = Shelf(store, "response", ResponseUrl)
        self._clock = clock
        self._new_id = new_id
        self._origin = origin

    def issue(self, channel: str, user: str, ts: str | None = None, thread_ts: str | None = None) -> str:
        """The address of a new response URL."""
        now = self._clock()
        for old in self._shelf:
            if old.expires_at < now.timestamp():
                self._shelf.remove(old.token)
        token = self._new_id() + self._new_id()
        self._shelf.put(
            token, ResponseUrl(token, channel, user, (now + RESPONSE_LIFE).timestamp(), ts=ts, thread_ts=thread_ts)
        )
        return f"{self._origin}/respond/{token}"

    def use(self, token: str) -> ResponseUrl:
        """Spend one use; raises used_url for one that is unknown, spent or too old."""
        found = self._shelf.get(token)
        if found is None or found.uses_left == 0 or self._clock().timestamp() >= found.expires_at:
            raise SlackError("used_url")
        return self._shelf.put(token, replace(found, uses_left=found.uses_left - 1))

    def moved(self, token: str, ts: str) -> None:
        """What is replaced from now on is this message."""
        found = self._shelf.get(token)
        if found:
            self._shelf.put(token, replace(found, ts=ts))

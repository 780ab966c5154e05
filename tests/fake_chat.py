"""A chat that records what it is told, and fails when and how the test says."""

from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import TypeAlias

from bot.domain.chat import DeliveryError, Message, Sent


@dataclass(frozen=True)
class Fault:
    """What goes wrong with one call; `accepted` = the message stands there all the same."""

    error: Exception
    accepted: bool = False


def asked_to_wait(seconds: float) -> Fault:
    return Fault(DeliveryError("busy", retry_after=timedelta(seconds=seconds)))


def server_error(*, accepted: bool) -> Fault:
    return Fault(DeliveryError("unreachable", ambiguous=True), accepted)


def dropped(*, accepted: bool) -> Fault:
    """The connection broke; not even the sender's own code knows it as an error of the chat."""
    return Fault(ConnectionResetError(), accepted)


def refused_for_good(reason: str) -> Fault:
    return Fault(DeliveryError(reason, permanent=True))


@dataclass(frozen=True)
class Post:
    """A message as it stands in the chat."""

    target_id: str
    message: Message
    delivery_key: str
    place: Sent
    thread: Sent | None = None


Hook: TypeAlias = Callable[[str], Awaitable[None]]


@dataclass
class FakeChat:
    """A `ChatPlatform`. `faults` meet the next calls of post and replace in turn; `broken` targets always fail so."""

    faults: deque[Fault | None] = field(default_factory=deque)
    broken: dict[str, Fault] = field(default_factory=dict)
    cannot_find: DeliveryError | None = None
    posts: list[Post] = field(default_factory=list)
    people: dict[str, frozenset[str]] = field(default_factory=dict)
    calls: list[str] = field(default_factory=list)
    on_accepted: Hook | None = None

    async def post(self, target_id: str, message: Message, delivery_key: str, thread: Sent | None = None) -> Sent:
        self.calls.append("post")
        fault = self._next_fault(target_id)
        if fault and not fault.accepted:
            raise fault.error
        place = Sent(target_id, f"{len(self.posts) + 1}.0")
        self.posts.append(Post(target_id, message, delivery_key, place, thread))
        if self.on_accepted:
            await self.on_accepted(delivery_key)
        if fault:
            raise fault.error
        return place

    async def replace(self, place: Sent, message: Message, delivery_key: str) -> Sent:
        self.calls.append("replace")
        fault = self._next_fault(place.channel_id)
        if fault and not fault.accepted:
            raise fault.error
        at = next(number for number, post in enumerate(self.posts) if post.place == place)
        self.posts[at] = replace(self.posts[at], message=message)
        if fault:
            raise fault.error
        return place

    async def find(self, target_id: str, delivery_key: str, thread: Sent | None = None) -> Sent | None:
        self.calls.append("find")
        if self.cannot_find:
            raise self.cannot_find
        there = (post for post in self.posts if post.target_id == target_id and post.thread == thread)
        return next((post.place for post in there if post.delivery_key == delivery_key), None)

    async def permalink(self, place: Sent) -> str | None:
        return f"https://chat.example/{place.channel_id}/{place.message_id}"

    async def members(self, channel_id: str) -> frozenset[str]:
        self.calls.append("members")
        if channel_id in self.broken:
            raise self.broken[channel_id].error
        return self.people.get(channel_id, frozenset())

    def texts(self, target_id: str | None = None) -> list[str]:
        """The summaries in the order they arrived."""
        return [post.message.summary for post in self.posts if target_id in {None, post.target_id}]

    def _next_fault(self, target_id: str) -> Fault | None:
        if target_id in self.broken:
            return self.broken[target_id]
        return self.faults.popleft() if self.faults else None

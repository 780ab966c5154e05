"""Who is told what changed: one queue for each open browser."""

import asyncio
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from bot.playground.model import Json


@dataclass(frozen=True)
class Notice:
    """One line of the live stream, e.g. `message` with {channel, ts, thread_ts}."""

    name: str
    data: Json


class Notices:
    """Fans changes out to the people they concern."""

    def __init__(self) -> None:
        self._queues: list[tuple[str, asyncio.Queue[Notice | None]]] = []

    def publish(self, name: str, data: Json, audience: Collection[str] | None = None) -> None:
        """Tell those people (None: everybody) who are listening now."""
        for user, queue in self._queues:
            if audience is None or user in audience:
                queue.put_nowait(Notice(name, data))

    @contextmanager
    def listen(self, user: str) -> Iterator[asyncio.Queue[Notice | None]]:
        """The notices for this person from now on; None says that the playground is closing."""
        entry = (user, asyncio.Queue[Notice | None]())
        self._queues.append(entry)
        try:
            yield entry[1]
        finally:
            self._queues.remove(entry)

    def close(self) -> None:
        """End every open stream."""
        for _, queue in self._queues:
            queue.put_nowait(None)

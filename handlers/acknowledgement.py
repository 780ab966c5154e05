"""The acknowledgement of one request: it carries the answer, or, when that takes longer, a sign."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, Literal, TypeAlias

from slack_bolt.context.ack.async_ack import AsyncAck

Instead: TypeAlias = Callable[..., Awaitable[None]]
"""Takes what would have been acknowledged, once the acknowledgement has left without it."""

Opens: TypeAlias = Literal["nothing", "window", "form_above"]


class Acknowledgement:
    """Handlers call it as Bolt's own; it leaves once it is `given`, or earlier as a sign.

    `is_held`: it leaves when the work is done, so that a sign can still be put into an empty one.
    `opens` is what the handler says it will open, so that a sign can open it in time: a trigger lives three seconds.
    `window` is a window of waiting that was opened as a sign; its result is Slack's id of the view. `line` is that
    sign where no window could be. `has_spent_trigger`: a window was opened, or is on its way.
    """

    def __init__(self, ack: AsyncAck, *, is_held: bool = False) -> None:
        self._ack = ack
        self._instead: Instead | None = None
        self.is_held = is_held
        self.given: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.says_something = False
        self.opens: Opens = "nothing"
        self.window: asyncio.Task[str] | None = None
        self.line: asyncio.Task[None] | None = None
        self.has_spent_trigger = False
        self.is_window_filled = False

    @property
    def is_late(self) -> bool:
        """Whether it has left: what is answered now goes another way."""
        return self._instead is not None

    async def __call__(self, **answer: Any) -> None:
        if self._instead is not None:
            await self._instead(**answer)
            return
        self.says_something = bool(answer)
        await self._give(answer)

    async def leave(self, instead: Instead, **sign: Any) -> None:
        """Let it leave with the sign, or as it is; from now on answers are told `instead`."""
        self._instead = instead
        if sign or not self.given.done():
            await self._give(sign)

    async def _give(self, answer: dict[str, Any]) -> None:
        await self._ack(**answer)
        if not self.given.done():
            self.given.set_result(None)

"""`Jobs` as the composition root builds them, with a chat and a clock of the test's own."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial

from sqlmodel import Session

from bot.domain.chat import ChatPlatform
from bot.services import outbox, scheduling
from bot.services.context import Context
from bot.services.outbox import Notice
from bot.services.scheduling import Materialise
from bot.services.unasked import tell_waiting
from handlers.jobs import Jobs, Store
from storage.tables import OccurrenceState, Outgoing, PrivateItem, Schedule, ScheduleKind
from tests.builders import SECRETS, WORKSPACE, a_message, dice
from tests.clock import Clock

CHANNEL = "C-SOP"
CATCH_UP = timedelta(hours=3)


@dataclass
class Naps:
    """Sleeps without taking time, and remembers for how long; a clock it is given moves on."""

    clock: Clock | None = None
    seconds: list[float] = field(default_factory=list)

    async def __call__(self, seconds: float) -> None:
        self.seconds.append(seconds)
        if self.clock:
            self.clock.move(seconds=seconds)
        await asyncio.sleep(0)


def brief(session: Session, context: Context, schedule: Schedule, due_at: datetime) -> OccurrenceState:
    """A brief with two replies in its thread; skipped, with a note, when it no longer helps."""
    if context.now > due_at + CATCH_UP:
        say(session, context, f"skipped:{schedule.subject_id}", "U-ELS")
        return OccurrenceState.SKIPPED
    say(session, context, f"brief:{schedule.subject_id}", CHANNEL, "more", "even more")
    return OccurrenceState.LATE if context.now > due_at else OccurrenceState.DONE


def say(session: Session, context: Context, key: str, target_id: str, *thread: str) -> str:
    replies = [a_message(f"{key} {reply}") for reply in thread]
    return outbox.enqueue(
        session, context, workspace_id=WORKSPACE, key=key, target_id=target_id, message=a_message(key), thread=replies
    )


def tell_els(_session: Session, _context: Context, row: Outgoing, reason: str) -> list[Notice]:
    return [Notice("U-ELS", a_message(f"{row.key}: {reason}"))]


def nobody_hears(_session: Session, _context: Context, _item: PrivateItem, _for_good: bool) -> None:
    """No check-in runs here."""


KINDS: Mapping[ScheduleKind, Materialise] = {
    ScheduleKind.BRIEF: brief,
    ScheduleKind.PRIVATE_ITEM: partial(tell_waiting, undelivered=nobody_hears),
}


def jobs_at(
    clock: Clock, database: Store, chat: ChatPlatform, naps: Naps | None = None, pace: timedelta = timedelta(0)
) -> Jobs:
    return Jobs(
        database=database,
        platform_for=lambda _workspace_id: chat,
        kinds=KINDS,
        explain_failure=tell_els,
        undelivered=nobody_hears,
        clock=clock,
        random=dice,
        secrets=SECRETS,
        sleep=naps or Naps(),
        pace=pace,
    )


def plan_brief(session: Session, context: Context, subject: str, due_at: datetime) -> None:
    scheduling.plan(session, context, WORKSPACE, ScheduleKind.BRIEF, subject, due_at)

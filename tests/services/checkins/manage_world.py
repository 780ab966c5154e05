"""A company with the weekly check-in and its facilitator: what stands on the cards, and what fell due."""

from datetime import UTC, datetime
from typing import Final

from bot.domain.chat import Button, Buttons, Message, Text
from bot.services.checkins.asking import ask_due
from bot.services.checkins.planning import open_due
from bot.services.scheduling import materialise_due
from storage.tables import AuditRecord, Checkin, Schedule, ScheduleKind
from tests.builders import a_context
from tests.services.entry_world import EntryWorld

PEOPLE: Final = 14
"""Six of each side, one of finance, and who facilitates."""

THURSDAY_10: Final = datetime(2026, 6, 11, 8, tzinfo=UTC)
"""In Amsterdam."""


def the_checkin(world: EntryWorld) -> Checkin:
    (checkin,) = world.rows(Checkin)
    return checkin


def actions(message: Message) -> dict[str, Button]:
    """Its buttons by what they do; of several that do the same the last."""
    beside = [part.button for part in message.parts if isinstance(part, Text) and part.button]
    below = [button for part in message.parts if isinstance(part, Buttons) for button in part.buttons]
    return {button.action: button for button in (*beside, *below)}


def tick(world: EntryWorld, moment: datetime) -> None:
    """Rounds that fall due are opened, and whoever is due is asked."""
    world.now = moment
    while _materialise(world):
        pass


def _materialise(world: EntryWorld) -> int:
    kinds = {ScheduleKind.CHECKIN: open_due, ScheduleKind.CHECKIN_ASK: ask_due}
    with world.database.transaction() as session:
        return materialise_due(session, a_context(world.now), kinds)


def audited(world: EntryWorld) -> list[str]:
    """What was noted down, by name."""
    return sorted(record.action for record in world.rows(AuditRecord))


def planned(world: EntryWorld) -> list[ScheduleKind]:
    return [schedule.kind for schedule in world.rows(Schedule) if schedule.next_due_at]

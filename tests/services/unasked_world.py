"""People, what is said to them unasked, and the private chats in which they read it."""

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from sqlmodel import Session, select

from bot.domain.chat import Button, Buttons, DeliveryError, Message, Sent, Text
from bot.services import outbox, unasked
from bot.services.context import Context
from bot.services.outbox import Claimed
from bot.services.scheduling import materialise_due
from bot.services.unasked import Item
from storage.database import Database
from storage.tables import (
    ItemKind,
    Member,
    OccurrenceState,
    Outgoing,
    PrivateItem,
    Schedule,
    ScheduleKind,
    Workspace,
)
from tests.builders import WORKSPACE, a_context, a_member, a_side, a_workspace

UNPACED: Final = timedelta(0)
WEDNESDAY, THURSDAY, FRIDAY, MONDAY = (date(2026, 6, day) for day in (10, 11, 12, 15))


def at(day: date, clock: str, zone: str = "Europe/Amsterdam") -> datetime:
    """at(THURSDAY, "10:00") in that zone."""
    return datetime.combine(day, time.fromisoformat(clock), ZoneInfo(zone))


def an_item(name: str, kind: ItemKind = ItemKind.ASK, **over: Any) -> Item:
    """`name` is its subject, its key, and what it says; its line says so too."""
    button = Button(f"{kind}.open", "Open", name)
    whole = Message(f"{name}, whole", (Text(f"{name}, whole"), Buttons((button,))))
    defaults: dict[str, Any] = {
        "kind": kind,
        "subject_id": name,
        "key": name,
        "message": whole,
        "line": Text(name, button),
    }
    return Item(**defaults | over)


def an_answer(name: str) -> Message:
    """What takes the place of an item somebody answered: only in it stands the token."""
    return Message(f"{name}, answered", (Text(f"{name}, answered"), Buttons((Button("change", "Change", "token"),))))


def texts(message: Message) -> list[str]:
    return [part.text for part in message.parts if isinstance(part, Text)]


@dataclass
class Told:
    """A message as it stands in a private chat; `at` is when it came. `versions` are what stood there before."""

    target_id: str
    at: datetime
    message: Message
    versions: list[Message] = field(default_factory=list)
    has_token: bool = False

    def change(self, message: Message) -> None:
        assert not self.has_token, "an answer with its token was written over"
        self.versions.append(self.message)
        self.message = message


@dataclass
class UnaskedWorld:
    database: Database
    now: datetime = field(default_factory=lambda: at(WEDNESDAY, "10:00"))
    told: list[Told] = field(default_factory=list)
    given_up: list[tuple[str, bool]] = field(default_factory=list)
    places: dict[str, int] = field(default_factory=dict)
    """Where each message stands, by its delivery key."""

    def __post_init__(self) -> None:
        a_workspace(self.database, id=WORKSPACE)
        a_side(self.database)

    def person(self, **over: Any) -> Member:
        return a_member(self.database, **over)

    def context(self) -> Context:
        return a_context(self.now)

    # ------------------------------------------------------------ what the bot does

    def tell(self, member: Member, item: Item) -> bool:
        with self.database.transaction() as session:
            return unasked.tell(session, self.context(), session.get_one(Workspace, WORKSPACE), member, item)

    def tell_all(self, items: list[tuple[Member, Item]]) -> list[str]:
        with self.database.transaction() as session:
            workspace = session.get_one(Workspace, WORKSPACE)
            return [item.key for _, item in unasked.tell_all(session, self.context(), workspace, items)]

    def answer(self, member: Member, kind: ItemKind, name: str) -> Message:
        """Somebody presses and saves; what takes the place of the message they pressed."""
        with self.database.transaction() as session:
            message = unasked.beside(session, self.context(), member, kind, name, an_answer(name))
            unasked.settle(session, member.id, kind, name)
        return message

    def take_back(self, name: str) -> bool:
        with self.database.transaction() as session:
            return unasked.take_back(session, name)

    def say_instead(self, member: Member, name: str, kind: ItemKind = ItemKind.ASK) -> None:
        over = Message(f"{name} is over", (Text(f"{name} is over"),))
        with self.database.transaction() as session:
            workspace = session.get_one(Workspace, WORKSPACE)
            key = f"{name}:over"
            unasked.say_instead(session, self.context(), workspace, member, kind, name, message=over, key=key)

    def tick(self) -> None:
        """What the ticks do, but for sending."""
        with self.database.transaction() as session:
            outbox.reap_leases(session, self.context())
            outbox.expire(session, self.context())
        with self.database.transaction() as session:
            while unasked.return_unsent(session, self.context(), self.undelivered):
                pass
        with self.database.transaction() as session:
            while materialise_due(session, self.context(), {ScheduleKind.PRIVATE_ITEM: self.tell_waiting}):
                pass

    def tell_waiting(self, session: Session, context: Context, schedule: Schedule, due_at: datetime) -> OccurrenceState:
        return unasked.tell_waiting(session, context, schedule, due_at, self.undelivered)

    def undelivered(self, _session: Session, _context: Context, item: PrivateItem, for_good: bool) -> None:
        self.given_up.append((item.key, for_good))

    # ------------------------------------------------------------ the chat

    def claim(self) -> Claimed | None:
        with self.database.transaction() as session:
            taken = outbox.claim(session, self.context(), WORKSPACE, UNPACED)
        return taken if isinstance(taken, Claimed) else None

    def accept(self, claimed: Claimed) -> Sent | None:
        """The chat takes it; None when it is too late for what is not there yet."""
        if claimed.replaces:
            assert claimed.place is not None
            self.told[int(claimed.place.message_id)].change(claimed.message())
            return claimed.place
        if claimed.delivery_key not in self.places:
            if claimed.has_expired(self.now):
                return None
            self.places[claimed.delivery_key] = len(self.told)
            self.told.append(Told(claimed.target_id, self.now, claimed.message()))
        return Sent(f"D{claimed.target_id}", str(self.places[claimed.delivery_key]))

    def arrive(self, claimed: Claimed) -> None:
        """The chat takes it, and says so."""
        place = self.accept(claimed)
        if place is None:
            self.fail(claimed, DeliveryError(outbox.EXPIRED, permanent=True))
            return
        with self.database.transaction() as session:
            assert outbox.mark_sent(session, self.context(), claimed, place)

    def fail(self, claimed: Claimed, error: DeliveryError) -> None:
        with self.database.transaction() as session:
            outbox.mark_not_sent(session, self.context(), claimed, error, lambda *_: [])

    def send(self) -> None:
        while claimed := self.claim():
            self.arrive(claimed)

    def go(self, moment: datetime) -> None:
        """Time passes; everything due meanwhile is done and sent."""
        self.tick()
        self.send()
        while (due := self.next_due()) and due <= moment:
            self.now = max(due, self.now)
            self.tick()
            self.send()
        self.now = moment
        self.tick()
        self.send()

    def next_due(self) -> datetime | None:
        with self.database.snapshot() as session:
            rows = session.exec(select(Schedule.next_due_at).where(Schedule.next_due_at != None)).all()  # noqa: E711
        return min((due for due in rows if due), default=None)

    # ------------------------------------------------------------ what is to be seen

    def read(self, member: Member) -> list[list[str]]:
        """The paragraphs of each message in their private chat."""
        return [texts(told.message) for told in self.told if told.target_id == member.external_id]

    def items(self) -> list[PrivateItem]:
        with self.database.snapshot() as session:
            return list(session.exec(select(PrivateItem).order_by(PrivateItem.key)).all())

    def rows(self) -> list[Outgoing]:
        with self.database.snapshot() as session:
            return list(session.exec(select(Outgoing).order_by(Outgoing.key)).all())

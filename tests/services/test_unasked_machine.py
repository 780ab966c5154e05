"""Chance looks for an order of telling, sending, failing, answering and waiting that breaks the promise."""

from collections import Counter
from contextlib import suppress
from datetime import timedelta
from typing import ClassVar
from zoneinfo import ZoneInfo

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test
from sqlalchemy import delete

from bot.domain.chat import DeliveryError
from bot.domain.errors import Refused
from bot.services.outbox import Claimed
from storage.database import Database
from storage.tables import ItemKind, Member, Occurrence, OutboxState, Outgoing, PrivateItem, Schedule, Side, Workspace
from tests.builders import start_over
from tests.services.unasked_world import Told, UnaskedWorld, an_item, texts

ZONES = ("Europe/Amsterdam", "Asia/Tokyo")
KINDS = [kind for kind in ItemKind if kind is not ItemKind.APPOINTED]
ROUND = {ItemKind.CHECKIN, ItemKind.NUDGE}
FAULTS = [
    DeliveryError("busy", retry_after=timedelta(minutes=2)),
    DeliveryError("unreachable", ambiguous=True),
    DeliveryError("refused", permanent=True),
]


class OneMessageADay(RuleBasedStateMachine):
    database: ClassVar[Database]

    def __init__(self) -> None:
        super().__init__()
        start_over()
        with self.database.transaction() as session:
            for table in (PrivateItem, Outgoing, Occurrence, Schedule, Member, Side, Workspace):
                session.execute(delete(table))
        self.world = UnaskedWorld(self.database)
        self.people = [self.world.person(timezone=zone) for zone in ZONES]
        self.of: dict[str, tuple[Member, ItemKind]] = {}
        self.ended: set[str] = set()
        self.on_its_way: Claimed | None = None

    # ------------------------------------------------------------ what happens

    @rule(who=st.sampled_from([0, 1]), kind=st.sampled_from(KINDS), hours=st.sampled_from([None, None, 3, 30]))
    def tell(self, who: int, kind: ItemKind, hours: int | None) -> None:
        name, world = f"{kind}{len(self.of)}", self.world
        until = world.now + timedelta(hours=hours) if hours else None
        self.of[name] = (self.people[who], kind)
        if not world.tell(self.people[who], an_item(name, kind, helps_until=until, expires_at=until)):
            self.ended.add(name)

    @rule(minutes=st.sampled_from([1, 40, 200, 700]))
    def wait(self, minutes: int) -> None:
        """A call that is under way for longer than half a minute has ended, and nobody knows how."""
        self.on_its_way = None
        self.world.now += timedelta(minutes=minutes)
        self.world.tick()

    @precondition(lambda self: self.on_its_way is None)
    @rule()
    def send(self) -> None:
        self.world.send()

    @precondition(lambda self: self.on_its_way is None)
    @rule(accepted=st.booleans())
    def begin_to_send(self, accepted: bool) -> None:
        self.on_its_way = self.world.claim()
        if self.on_its_way and accepted:
            self.world.accept(self.on_its_way)

    @precondition(lambda self: self.on_its_way is not None)
    @rule(fault=st.none() | st.sampled_from(FAULTS))
    def end_to_send(self, fault: DeliveryError | None) -> None:
        assert self.on_its_way is not None
        claimed, self.on_its_way = self.on_its_way, None
        is_there = claimed.delivery_key in self.world.places
        if fault is None:
            self.world.arrive(claimed)
        elif not (is_there and fault.permanent):
            self.world.fail(claimed, DeliveryError("unreachable", ambiguous=True) if is_there else fault)

    @precondition(lambda self: self.shown())
    @rule(data=st.data())
    def answer(self, data: st.DataObject) -> None:
        """Somebody presses the button of a line or a message that is there to be seen.

        What is answered from a line takes the place of the whole message for a check-in only.
        """
        told, name = data.draw(st.sampled_from(self.shown()))
        member, kind = self.of[name]
        with suppress(Refused):
            message = self.world.answer(member, kind, name)
            self.ended.add(name)
            if kind in ROUND or name not in texts(told.message):
                told.change(message)
                told.has_token = kind in ROUND

    @precondition(lambda self: self.of)
    @rule(data=st.data())
    def take_back(self, data: st.DataObject) -> None:
        name = data.draw(st.sampled_from(sorted(self.of)))
        if self.world.take_back(name):
            assert name not in str(self.world.told), "taken back, and yet it was read"
            self.ended.add(name)

    @precondition(lambda self: self.of)
    @rule(data=st.data())
    def end(self, data: st.DataObject) -> None:
        name = data.draw(st.sampled_from(sorted(self.of)))
        member, kind = self.of[name]
        if kind is ItemKind.ASK and name not in self.ended:
            self.world.say_instead(member, name)
            self.ended.add(name)

    # ------------------------------------------------------------ what must hold

    @invariant()
    def nobody_gets_a_second_message_on_a_day(self) -> None:
        zones = {person.external_id: ZoneInfo(person.timezone) for person in self.people}
        days = Counter((told.target_id, told.at.astimezone(zones[told.target_id]).date()) for told in self.world.told)
        assert not [day for day, number in days.items() if number > 1]

    def teardown(self) -> None:
        self.on_its_way = None
        for day in range(40):  # two rounds never share a day, so that many need many
            if day < 3 or any(item.day is None for item in self.world.items()):
                self.world.go(self.world.now + timedelta(hours=24))
                self.nobody_gets_a_second_message_on_a_day()
        given_up = {name for name, _ in self.world.given_up}
        lost = [name for name in self.of if name not in self.ended | given_up and not self.was_read(name)]
        assert lost == []
        waiting = [row.key for row in self.world.rows() if row.state in {OutboxState.PENDING, OutboxState.SENDING}]
        assert waiting == []

    def shown(self) -> list[tuple[Told, str]]:
        """What still can be pressed, and where."""
        return [
            (told, name)
            for told in self.world.told
            for name in self.of
            if name not in self.ended and {name, f"{name}, whole"} & set(texts(told.message))
        ]

    def was_read(self, name: str) -> bool:
        versions = (message for told in self.world.told for message in [told.message, *told.versions])
        return any({name, f"{name}, whole"} & set(texts(message)) for message in versions)


def test_the_promise_holds_in_any_order(database: Database) -> None:
    class OnThisDatabase(OneMessageADay):
        pass

    OnThisDatabase.database = database
    how_long = settings(
        max_examples=25,
        stateful_step_count=25,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        derandomize=True,
        phases=[Phase.generate],
    )
    run_state_machine_as_test(OnThisDatabase, settings=how_long)

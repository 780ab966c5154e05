"""A workspace with two sides of six, a bridge of one, and people who press buttons."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, TypeVar

from sqlmodel import col, select

from bot.domain.chat import Button, Buttons, Form, Message, Quote, Submission, Text
from bot.domain.chat_json import from_json
from bot.domain.markup import strip_markup
from bot.services.access import Sender
from storage.database import Database
from storage.tables import Entry, MeetingType, Member, Outgoing, Platform, Role, SideKind
from tests.builders import a_context, a_meeting, a_member, a_side, a_tension, a_workspace
from tests.clock import T0

Answer = TypeVar("Answer")

TAPAS = (
    "On Wednesday 10 June at 16:30 Retailer A doubled the football tapas box for Saturday: 2,400 trays more inside the "
    "frozen zone, two changeovers on line 2 and a crew that was already planned elsewhere."
)


@dataclass
class EntryWorld:
    """Six of operations (`els`), six of sales (`sam`), one of finance (`fin`); `lead` of operations facilitates."""

    database: Database
    people: dict[str, Member] = field(default_factory=dict)
    now: datetime = T0
    requests: int = 0

    def sender(self, who: str) -> Sender:
        return Sender(Platform.SLACK, "T1", self.people[who].external_id)

    def does(self, who: str, use_case: Callable[..., Answer], *args: Any, **kwargs: Any) -> Answer:
        """One use case in one transaction, by that person."""
        with self.database.transaction() as session:
            return use_case(session, a_context(self.now), self.sender(who), *args, **kwargs)

    def request(self) -> str:
        self.requests += 1
        return f"request {self.requests}"

    def later(self, **by: float) -> None:
        self.now += timedelta(**by)

    def entries(self) -> list[Entry]:
        return self.rows(Entry)

    def entry(self) -> Entry:
        """The only one."""
        (entry,) = self.entries()
        return entry

    def posts(self) -> list[tuple[str, Message]]:
        """What waits to be sent: (target, message), in the order it will stand there."""
        with self.database.snapshot() as session:
            waiting = select(Outgoing).where(col(Outgoing.message).is_not(None))
            rows = session.exec(waiting.order_by(col(Outgoing.not_before), col(Outgoing.position))).all()
            return [(row.target_id, from_json(row.message)) for row in rows if row.message]

    def rows(self, table: type[Answer]) -> list[Answer]:
        with self.database.snapshot() as session:
            return list(session.exec(select(table)).all())


def build_world(database: Database, **workspace: Any) -> EntryWorld:
    world = EntryWorld(database)
    with database.transaction() as session:
        a_workspace(session, **workspace)
        a_side(session, key="sales", name="Sales")
        a_side(session, key="operations", name="Operations", position=1)
        a_side(session, key="finance", name="Finance", kind=SideKind.BRIDGE, position=2)
        for name in ("sam", "suus", "stef", "sara", "siem", "saar"):
            world.people[name] = a_member(session, name=name.title(), side="sales")
        for name in ("els", "olaf", "oda", "otto", "olga", "okke"):
            world.people[name] = a_member(session, name=name.title(), side="operations", plant="Noord")
        world.people["fin"] = a_member(session, name="Fin", side="finance")
        world.people["lead"] = a_member(session, name="Lead", side="operations", plant="Noord", role=Role.FACILITATOR)
        a_tension(
            session,
            key="T02",
            name="Fast response against a stable schedule",
            name_nl="Snel reageren tegenover een stabiele planning",
            first_interest="Follow the customer's late change",
            second_interest="A sequence that stands once people and material are planned",
            shared_interest="Change where it is cheap, protect where it is dear",
            metrics="schedule adherence; frozen-zone breaks; changeover hours",
        )
        a_tension(session, key="T12", name="Growth against margin", name_nl="Groei tegenover marge", metrics="margin")
    return world


def plan_meetings(world: EntryWorld) -> None:
    """The brief of Thu 11 June, 09:00 and the retro of 24 June, 14:00."""
    with world.database.transaction() as session:
        a_meeting(session)
        a_meeting(
            session,
            key="2026-06-RT",
            type=MeetingType.DIALOG_RETRO,
            starts_at=T0 + timedelta(days=13, hours=22),
            brief_due_at=None,
        )


def words(message: Message) -> str:
    """What a reader sees, part by part."""
    lines = []
    for part in message.parts:
        if isinstance(part, Buttons):
            lines.append(" ".join(f"[{button.label}]" for button in part.buttons))
        elif isinstance(part, Quote):
            lines.append(f"> {part.text}")
        elif isinstance(part, Text):
            button = f" [{part.button.label}]" if part.button else ""
            lines.append(strip_markup(part.text) + button)
        elif hasattr(part, "rows"):
            lines += [f"{label}: {strip_markup(value)}" for label, value in part.rows]
        elif hasattr(part, "text"):
            lines.append(strip_markup(part.text))
    return "\n".join(lines)


def buttons(message: Message) -> dict[str, Button]:
    """By label."""
    beside = [part.button for part in message.parts if isinstance(part, Text) and part.button]
    below = [button for part in message.parts if isinstance(part, Buttons) for button in part.buttons]
    return {button.label: button for button in (*beside, *below)}


def answer(form: Form, **values: str | tuple[str, ...] | date | None) -> Submission:
    """The form as a person sends it: what was filled in stays, unless `values` says otherwise; None empties a field."""
    filled = {field.name: _sent(field.initial) for field in form.fields if getattr(field, "initial", None)}
    said = {name: value for name, value in (filled | values).items() if value is not None}
    return Submission(form.action, said, dict(form.payload))


def _sent(initial: Any) -> Any:
    return initial if isinstance(initial, tuple | date) else str(initial)


def fields(form: Form) -> dict[str, Any]:
    return {each.name: each for each in form.fields}


__all__ = [
    "TAPAS",
    "EntryWorld",
    "answer",
    "build_world",
    "buttons",
    "fields",
    "plan_meetings",
    "words",
]

"""A company whose check-ins are asked: the ticks of the bot, a chat that takes messages, what became of each turn."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from functools import partial
from typing import Any, Final
from zoneinfo import ZoneInfo

from sqlmodel import col, select

from bot.services import outbox
from bot.services.checkins.asking import ask_due, undelivered
from bot.services.checkins.closing import close_due
from bot.services.checkins.planning import open_due, plan_next
from bot.services.context import Context
from bot.services.scheduling import Materialise, materialise_due, next_due
from bot.services.unasked import return_unsent, tell_waiting
from storage.database import Database
from storage.tables import (
    Cadence,
    Checkin,
    CheckinAsked,
    CheckinQuestion,
    CheckinRound,
    CheckinSide,
    Member,
    OutboxState,
    Outcome,
    Outgoing,
    PulseAsked,
    PulseQuestion,
    QuestionType,
    Role,
    ScheduleKind,
    SideKind,
    Workspace,
)
from tests.builders import WORKSPACE, a_context, a_member, a_side, a_workspace

KINDS: Final[Mapping[ScheduleKind, Materialise]] = {
    ScheduleKind.CHECKIN: open_due,
    ScheduleKind.CHECKIN_ASK: ask_due,
    ScheduleKind.CHECKIN_CLOSE: close_due,
    ScheduleKind.PRIVATE_ITEM: partial(tell_waiting, undelivered=undelivered),
}
AMSTERDAM: Final = ZoneInfo("Europe/Amsterdam")
WEDNESDAY, THURSDAY, FRIDAY = date(2026, 6, 17), date(2026, 6, 18), date(2026, 6, 19)


def at(day: date, clock: str, zone: str = "Europe/Amsterdam") -> datetime:
    """at(THURSDAY, "10:00") in that zone, as UTC."""
    hour, minute = map(int, clock.split(":"))
    return datetime.combine(day, time(hour, minute), ZoneInfo(zone)).astimezone(UTC)


MONDAY: Final = at(date(2026, 6, 15), "09:00")
BEGIN: Final = at(WEDNESDAY, "12:00")
"""When Thursday begins on the first islands: 10:00 UTC."""


class RoundWorld:
    """The weekly check-in of Thursday 10:00, open until Friday 12:00, of two sides; nobody is a member yet."""

    def __init__(self, database: Database) -> None:
        self.database = database
        a_workspace(database)
        a_side(database)
        a_side(database, key="operations", name="Operations", position=1)
        a_side(database, key="finance", name="Finance", position=2, kind=SideKind.BRIDGE)
        self.now = MONDAY
        self.checkin_id = self.add_checkin().id

    # ------------------------------------------------------------ rows

    def add_checkin(self, key: str = "weekly", **over: Any) -> Checkin:
        defaults: dict[str, Any] = {
            "id": f"checkin-{key}",
            "workspace_id": WORKSPACE,
            "name": "Weekly check-in",
            "rule": "every Thursday",
            "starts_on": date(2026, 6, 15),
            "local_time": time(10),
            "close_after_days": 1,
            "close_at": time(12),
            "nudge_share_pct": 75,
        }
        checkin = Checkin(**defaults | over)
        pulse = PulseQuestion(
            workspace_id=WORKSPACE, key=key, cadence=Cadence.WEEKLY, text="How well?", text_nl="Hoe goed?", lowest=1,
            highest=5, position=0 if key == "weekly" else 5,
        )  # fmt: skip
        texts: dict[str, Any] = {"workspace_id": WORKSPACE, "checkin_id": checkin.id}
        scale = CheckinQuestion(
            id=f"{key}-1", position=0, type=QuestionType.SCALE, text="How well?", pulse_key=key, **texts
        )
        example = CheckinQuestion(id=f"{key}-2", position=1, type=QuestionType.EXAMPLE, text="One example", **texts)
        with self.database.transaction() as session:
            session.add_all([checkin, pulse])
            session.flush()
            sides = [CheckinSide(checkin_id=checkin.id, side=side) for side in ("sales", "operations")]
            session.add_all([scale, example, *sides])
        return checkin

    def add(self, *rows: Any) -> None:
        with self.database.transaction() as session:
            session.add_all(rows)

    def person(self, name: str, **over: Any) -> Member:
        return a_member(self.database, name=name, **{"timezone": "Europe/Amsterdam"} | over)

    def people(self, count: int, side: str = "sales", **over: Any) -> list[Member]:
        return [self.person(f"{side} {number}", side=side, **over) for number in range(count)]

    def facilitator(self, **over: Any) -> Member:
        return self.person("Coordinator", side="finance", role=Role.FACILITATOR, **over)

    # ------------------------------------------------------------ time

    def context(self) -> Context:
        return a_context(self.now)

    def plan(self) -> date | None:
        """As when the check-in was saved."""
        with self.database.transaction() as session:
            checkin = session.get_one(Checkin, self.checkin_id)
            return plan_next(session, self.context(), session.get_one(Workspace, WORKSPACE), checkin)

    def tick(self, moment: datetime) -> None:
        """Do what is due then, and deal with what could not leave in its time."""
        self.now = moment
        with self.database.transaction() as session:
            outbox.expire(session, self.context())
        self.return_unsent()
        while self.materialise():
            pass
        self.return_unsent()

    def materialise(self) -> int:
        with self.database.transaction() as session:
            return materialise_due(session, self.context(), KINDS)

    def run(self, moment: datetime) -> None:
        """Tick and send as long as something is due before that moment, then stand there."""
        while (due := self.next_due()) and due <= moment:
            self.tick(max(due, self.now))
            self.send()
        self.now = max(self.now, moment)

    def next_due(self) -> datetime | None:
        with self.database.snapshot() as session:
            schedule = next_due(session)
            return schedule.next_due_at if schedule else None

    # ------------------------------------------------------------ the chat

    def return_unsent(self) -> None:
        with self.database.transaction() as session:
            while return_unsent(session, self.context(), undelivered):
                pass

    def fails(self, member: Member, error: str) -> None:
        """What was to reach them does not, for that reason."""
        with self.database.transaction() as session:
            rows = select(Outgoing).where(Outgoing.target_id == member.external_id)
            for row in session.exec(rows).all():
                row.state, row.error = OutboxState.FAILED, error
                session.add(row)
        self.return_unsent()

    def on_its_way(self, member: Member, **values: Any) -> None:
        """What is to reach them has been tried: by default, a sender has it in hand."""
        with self.database.transaction() as session:
            rows = select(Outgoing).where(Outgoing.target_id == member.external_id)
            for row in session.exec(rows.where(Outgoing.state == OutboxState.PENDING)).all():
                row.sqlmodel_update({"state": OutboxState.SENDING, "attempts": 1} | values)
                session.add(row)

    def send(self) -> None:
        """The chat takes whatever is due and has not expired."""
        with self.database.transaction() as session:
            for row in session.exec(select(Outgoing).where(Outgoing.state == OutboxState.PENDING)).all():
                if row.not_before <= self.now and (row.expires_at is None or row.expires_at > self.now):
                    row.state, row.sent_channel_id, row.sent_message_id = OutboxState.SENT, "D1", row.key
                    session.add(row)

    def try_in_vain(self) -> None:
        """The chat is out of reach: what is due was tried, and certainly did not arrive."""
        with self.database.transaction() as session:
            for row in session.exec(select(Outgoing).where(Outgoing.state == OutboxState.PENDING)).all():
                row.attempts += row.not_before <= self.now
                session.add(row)

    def sent(self, what: str) -> list[tuple[str, datetime]]:
        """Who was told such a thing ("checkin", "checkin_nudge", "checkin_result", "skipped") and when, by name."""
        with self.database.snapshot() as session:
            rows = session.exec(select(Outgoing).where(col(Outgoing.key).startswith(f"{what}:"))).all()
            names = {member.external_id: member.name for member in session.exec(select(Member)).all()}
            return sorted((names.get(row.target_id, row.target_id), row.not_before) for row in rows)

    # ------------------------------------------------------------ what became of it

    def rounds(self) -> list[CheckinRound]:
        with self.database.snapshot() as session:
            rounds = session.exec(select(CheckinRound).order_by(col(CheckinRound.day), col(CheckinRound.number))).all()
            return list(rounds)

    def round(self) -> CheckinRound:
        return self.rounds()[-1]

    def turns(self) -> dict[str, CheckinAsked]:
        """Of the last round, by name."""
        with self.database.snapshot() as session:
            rows = session.exec(
                select(CheckinAsked, Member).join(Member, col(Member.id) == CheckinAsked.member_id)
            ).all()
        return {member.name: turn for turn, member in rows if turn.round_id == self.round().id}

    def outcomes(self) -> dict[str, Outcome]:
        return {name: turn.outcome for name, turn in self.turns().items()}

    def counted(self) -> int:
        """How many count as asked in the figures."""
        with self.database.snapshot() as session:
            return len(session.exec(select(PulseAsked)).all())

    def answer(self, name: str) -> None:
        """Their flag, as answering sets it."""
        turn = self.turns()[name]
        with self.database.transaction() as session:
            held = session.get_one(CheckinAsked, (turn.round_id, turn.member_id))
            held.has_answered = True
            session.add(held)

    def change(self, member: Member, **values: Any) -> Member:
        with self.database.transaction() as session:
            held = session.get_one(Member, member.id)
            held.sqlmodel_update(values)
            session.add(held)
        return held

    def using(self, use_case: Any, member: Member | None = None) -> Any:
        """A use case of the engine about the check-in, or about that member, as they stand."""
        with self.database.transaction() as session:
            workspace, checkin = session.get_one(Workspace, WORKSPACE), session.get_one(Checkin, self.checkin_id)
            about = session.get_one(Member, member.id) if member else checkin
            return use_case(session, self.context(), workspace, about)


def local(moment: datetime | None, zone: str = "Europe/Amsterdam") -> str:
    """Thu 10:00."""
    return f"{moment.astimezone(ZoneInfo(zone)):%a %H:%M}" if moment else "-"

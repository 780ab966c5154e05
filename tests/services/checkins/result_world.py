"""A check-in over the weekly pulse of the sample company, as if its rounds had been asked by it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import product
from pathlib import Path
from secrets import token_hex
from typing import Any

import pytest
from sqlmodel import Session, col, delete, select

from bot.domain.chat import Message
from bot.domain.chat_json import from_json
from bot.services.access import Sender
from bot.services.checkins.results import post_result
from bot.services.checkins.results_shown import show_answers
from bot.services.samples import load_sample, read_sample
from storage.database import Database
from storage.tables import (
    Answered,
    Cadence,
    Checkin,
    CheckinAsked,
    CheckinExample,
    CheckinQuestion,
    CheckinRound,
    Entry,
    Member,
    Outcome,
    Outgoing,
    Platform,
    PulseAsked,
    PulseMeasure,
    PulseQuestion,
    PulseRound,
    PulseScore,
    QuestionType,
    RoundState,
    Workspace,
)
from tests.builders import a_context, a_side, a_workspace

OWN_SCALE: dict[str, Any] = {
    "cadence": Cadence.WEEKLY,
    "measure": PulseMeasure.PULSE,
    "text": "",
    "text_nl": "",
    "lowest": 1,
    "highest": 5,
}


@dataclass
class Results:
    """The sample with its check-in; `session` is the transaction of the test."""

    session: Session
    workspace: Workspace
    checkin: Checkin

    def close(self, label: str, day: date, *examples: str) -> CheckinRound:
        """The round of that pulse round, closed; who was asked and answered is what the sample says."""
        pulse = self.session.exec(
            select(PulseRound).where(PulseRound.label == label, PulseRound.question_key == "Q1")
        ).one()
        round_ = CheckinRound(
            id=f"round-{label}",
            workspace_id=self.workspace.id,
            checkin_id=self.checkin.id,
            day=day,
            label=label,
            closes_at=pulse.closes_at,
            state=RoundState.CLOSED,
        )
        self.session.add(round_)
        self.session.flush()
        for asked in self.session.exec(select(PulseAsked).where(PulseAsked.round_id == pulse.id)).all():
            self.asked(round_, asked.member_id, asked.side, answered=asked.answered is not Answered.NO)
        for ref in examples:
            entry = self.session.exec(select(Entry).where(Entry.ref == ref)).one()
            self.session.add(CheckinExample(entry_id=entry.id, round_id=round_.id))
        self.session.flush()
        return round_

    def round(self, label: str) -> CheckinRound:
        return self.session.get_one(CheckinRound, f"round-{label}")

    def asked(self, round_: CheckinRound, member_id: str, side: str, *, answered: bool = True) -> None:
        self.session.add(
            CheckinAsked(
                round_id=round_.id, member_id=member_id, side=side, outcome=Outcome.ASKED, has_answered=answered
            )
        )

    def post(self, round_: CheckinRound, now: datetime | None = None) -> Message:
        """The result as it goes to the channel."""
        at = now or round_.closes_at
        post_result(self.session, a_context(at), self.workspace, self.checkin, round_, round_.closes_at)
        return self.outgoing(f"checkin_result:{round_.id}")

    def thread(self, round_: CheckinRound) -> Message:
        return self.outgoing(f"checkin_result:{round_.id}/1")

    def thread_or_none(self, round_: CheckinRound) -> Outgoing | None:
        return self.session.exec(select(Outgoing).where(Outgoing.key == f"checkin_result:{round_.id}/1")).first()

    def outgoing(self, key: str) -> Message:
        row = self.session.exec(select(Outgoing).where(col(Outgoing.key) == key)).one()
        assert row.message is not None
        return from_json(row.message)

    def answers(self, round_: CheckinRound, member_key: str = "M18") -> Message:
        sender = Sender(Platform.SLACK, self.workspace.external_id, member_key)
        return show_answers(self.session, a_context(round_.closes_at), sender, round_.id)

    def member(self, key: str) -> Member:
        return self.session.exec(select(Member).where(Member.external_id == key)).one()

    def other_workspace(self) -> Workspace:
        return a_workspace(self.session)

    def make_own_scale(self, key: str, rounds: int) -> None:
        """The check-in asks a scale of its own, and so many rounds of it have closed; all means are 3."""
        self.checkin.name = "After the launch"
        self.session.exec(delete(CheckinQuestion))
        self.session.add(PulseQuestion(**OWN_SCALE, workspace_id=self.workspace.id, key=key))
        self.session.flush()
        self.ask_also(QuestionType.SCALE, "How did it go?", pulse_key=key)
        for number in range(rounds):
            closes_at = datetime(2026, 6, 26, 10, tzinfo=UTC) - timedelta(weeks=rounds - 1 - number)
            found = PulseRound(
                id=f"{key}{number}",
                workspace_id=self.workspace.id,
                question_key=key,
                label=f"2026-W{26 - (rounds - 1 - number)}",
                asked_at=closes_at - timedelta(days=1),
                closes_at=closes_at,
            )
            self.session.add(found)
            self.session.flush()
            for side, score in product(("sales", "operations"), (2, 2, 3, 3, 4, 4)):
                self.session.add(PulseScore(id=token_hex(8), round_id=found.id, side=side, score=score))
        self.session.flush()

    def close_own(self, key: str, day: date) -> CheckinRound:
        """The last round of the own scale: six of each side were asked and answered."""
        pulse = self.session.exec(
            select(PulseRound).where(PulseRound.question_key == key).order_by(col(PulseRound.closes_at).desc())
        ).first()
        assert pulse is not None
        round_ = CheckinRound(
            id="round-own",
            workspace_id=self.workspace.id,
            checkin_id=self.checkin.id,
            day=day,
            label=pulse.label,
            closes_at=pulse.closes_at,
            state=RoundState.CLOSED,
        )
        self.session.add(round_)
        self.session.flush()
        for side in ("sales", "operations"):
            members = select(Member).where(Member.side == side).order_by(col(Member.external_id)).limit(6)
            for member in self.session.exec(members).all():
                self.asked(round_, member.id, side)
        self.session.flush()
        return round_

    def ask_also(self, type_: QuestionType, text: str, **over: Any) -> CheckinQuestion:
        """One question more."""
        question = CheckinQuestion(
            id=f"question-{text}",
            workspace_id=self.workspace.id,
            checkin_id=self.checkin.id,
            position=len(text) + 10,
            type=type_,
            text=text,
            **over,
        )
        self.session.add(question)
        self.session.flush()
        return question


def open_results(session: Session, folder: Path | None = None) -> Results:
    """The sample of that folder, else that of the product, with the check-in over its weekly pulse."""
    workspace = a_workspace(session)
    a_side(session, key="sales", name="Sales", position=0)
    a_side(session, key="operations", name="Operations", position=1)
    load_sample(session, a_context(), workspace, read_sample(folder))
    checkin = Checkin(
        id="checkin1",
        workspace_id=workspace.id,
        name="Weekly check-in",
        rule="every Thursday",
        starts_on=date(2026, 1, 1),
        local_time=time(10),
        close_after_days=1,
        close_at=time(12),
    )
    session.add(checkin)
    session.flush()
    world = Results(session, workspace, checkin)
    world.ask_also(QuestionType.SCALE, "Q", pulse_key="Q1")
    world.ask_also(QuestionType.EXAMPLE, "An example")
    return world


@pytest.fixture
def results(database: Database) -> Iterator[Results]:
    with database.transaction() as session:
        yield open_results(session)

"""The sample company around the minute its brief is due, in one transaction on both databases."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from sqlmodel import Session, col, select

from bot.domain.brief import BriefSnapshot
from bot.domain.chat import Button, Buttons, Message
from bot.domain.chat_json import from_json as message_from_json
from bot.services.access import Sender
from bot.services.briefs import (
    build_brief,
    materialise_brief,
)
from bot.services.samples import load_sample, read_sample
from storage.database import Database
from storage.tables import (
    Meeting,
    OccurrenceState,
    Outgoing,
    Platform,
    Role,
    Schedule,
    ScheduleKind,
    Workspace,
)
from tests.builders import a_context, a_meeting, a_member, a_side, a_workspace

DUE = datetime(2026, 6, 11, 7, tzinfo=UTC)
START = datetime(2026, 6, 15, 11, 30, tzinfo=UTC)


@dataclass
class Company:
    """A workspace with its meeting of June; `session` is the transaction of the test."""

    session: Session
    workspace: Workspace
    meeting: Meeting

    def snapshot(self) -> BriefSnapshot:
        return build_brief(self.session, self.meeting, DUE)

    def materialise(self, now: datetime) -> OccurrenceState:
        return materialise_brief(self.session, a_context(now), self.schedule(), DUE)

    def schedule(self) -> Schedule:
        return Schedule(
            id="s", workspace_id=self.workspace.id, kind=ScheduleKind.BRIEF, subject_id=self.meeting.id, next_due_at=DUE
        )

    def outgoing(self) -> dict[str, Outgoing]:
        rows = self.session.exec(select(Outgoing).order_by(col(Outgoing.key))).all()
        return {row.key.replace(self.meeting.id, "M"): row for row in rows}

    def sender(self, member_key: str = "M18") -> Sender:
        return Sender(Platform.SLACK, self.workspace.external_id, member_key)


def message_of(row: Outgoing) -> Message:
    assert row.message is not None
    return message_from_json(row.message)


@pytest.fixture
def company(database: Database) -> Iterator[Company]:
    """The sample company as it is on 30 June, with all that happened after the brief of 11 June."""
    with database.transaction() as session:
        workspace = a_workspace(session)
        a_side(session, key="sales", name="Sales", position=0)
        a_side(session, key="operations", name="Operations", position=1)
        load_sample(session, a_context(DUE - timedelta(days=1)), workspace, read_sample())
        meeting = session.exec(select(Meeting).where(Meeting.key == "2026-06-PS")).one()
        yield Company(session, workspace, meeting)


@pytest.fixture
def new_company(database: Database) -> Iterator[Company]:
    """Two people, one meeting, nothing said yet."""
    with database.transaction() as session:
        workspace = a_workspace(session)
        a_side(session, key="sales", name="Sales", position=0)
        a_side(session, key="operations", name="Operations", position=1)
        a_member(session, external_id="M24", role=Role.FACILITATOR, language="nl")
        a_member(session, external_id="M18", side="operations")
        yield Company(session, workspace, a_meeting(session, starts_at=START, brief_due_at=DUE))


def buttons_of(message: Message) -> list[Button]:
    return [button for part in message.parts if isinstance(part, Buttons) for button in part.buttons]

"""Somebody who has used everything: a row about them in every table that can hold one."""

from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import text
from sqlmodel import Session, SQLModel

from bot.domain.chat import Message, Text
from bot.domain.chat_json import to_json
from bot.services.entries import capture_text, share_entry
from storage.database import Database
from storage.tables import (
    Absence,
    AgendaItem,
    Appointment,
    Ask,
    AskState,
    AuditRecord,
    Brief,
    BriefOpening,
    Cadence,
    ChannelPerson,
    Checkin,
    CheckinAsked,
    CheckinExample,
    CheckinPerson,
    CheckinQuestion,
    CheckinRound,
    CheckinText,
    Decision,
    DecisionKind,
    DecisionObjection,
    Disturbance,
    DisturbanceKind,
    Draft,
    ItemKind,
    Kind,
    MeetingParticipant,
    MeetingSeries,
    MeetingType,
    Member,
    Outcome,
    Outgoing,
    PrivateItem,
    PulseAsked,
    PulseQuestion,
    PulseRound,
    QuestionType,
    Role,
    RoundState,
    SeriesParticipant,
)
from tests.adversary.evidence import postgresql_files
from tests.builders import WORKSPACE, a_meeting, an_agreement, an_entry
from tests.clock import T0
from tests.services.entry_world import TAPAS, EntryWorld

NAME = "Élodie Vandermeulen"
CHAT_ID = "U0ELODIE77"
PAST = T0 - timedelta(days=20)


def lives(world: EntryWorld, who: str = "els") -> Member:
    """Give that person of the world a name nobody else has, and a past in every table."""
    with world.database.transaction() as session:
        member = session.get_one(Member, world.people[who].id)
        member.name, member.external_id, member.plant = NAME, CHAT_ID, "Noord"
        session.add(member)
    world.people[who] = member
    world.does(who, capture_text, world.request(), Kind.CLASH, TAPAS)
    world.does(who, share_entry, world.entries()[0].ref)
    with world.database.transaction() as session:
        for row in (
            *_told(session, world, member),
            *_met(session, member),
            *_decided(world, member),
            *_checked_in(world, member),
        ):
            session.add(row)
            session.flush()
        an_agreement(session, owner_id=member.id, partner_id=world.people["sam"].id, original_owner_id=member.id)
    return member


def _told(session: Session, world: EntryWorld, member: Member) -> list[SQLModel]:
    asked_about = an_entry(session, author_id=world.people["sam"].id)
    answer = an_entry(session, author_id=member.id, side=member.side, pair_id="pair1", permalink=f"https://x/{CHAT_ID}")
    asked_about.pair_id = answer.pair_id
    return [
        asked_about,
        Ask(
            id="ask1",
            workspace_id=WORKSPACE,
            entry_id=asked_about.id,
            asked_id=member.id,
            show_words=True,
            state=AskState.ANSWERED,
            until=T0.date(),
        ),
        Draft(
            id="draft1",
            workspace_id=WORKSPACE,
            external_id=CHAT_ID,
            command="/clash",
            text="On Friday",
            expires_at=T0 + timedelta(hours=1),
        ),
        Appointment(workspace_id=WORKSPACE, external_id=CHAT_ID, role=Role.ADMIN),
        _message("to-them", CHAT_ID, "Check-in"),
        _message("about-them", "C-SOP", f"{NAME} tells it"),
        AuditRecord(
            id="audit1",
            workspace_id=WORKSPACE,
            at=PAST,
            actor_id=member.id,
            action="decision.ask",
            subject="decision1",
            after=f"owner: {NAME}",
        ),
        AuditRecord(
            id="audit2", workspace_id=WORKSPACE, at=PAST, action="member.change", subject=member.id, before=CHAT_ID
        ),
        AuditRecord(
            id="audit3", workspace_id=WORKSPACE, at=PAST, action="member.role", subject=CHAT_ID, after="facilitator"
        ),
    ]


def _met(session: Session, member: Member) -> list[SQLModel]:
    meeting = a_meeting(session, starts_at=PAST, chair_id=member.id)
    series = MeetingSeries(
        id="series1",
        workspace_id=WORKSPACE,
        type=MeetingType.PRE_SOP,
        title="Pre-S&OP",
        rule="third thursday",
        local_time=PAST.time(),
        timezone="Europe/Amsterdam",
        duration_minutes=60,
        starts_on=PAST.date(),
        chair_id=member.id,
    )
    snapshot: dict[str, Any] = {"decisions": [{"question": "Build on Friday?", "owner": NAME, "co_owner": None}]}
    question = PulseQuestion(
        workspace_id=WORKSPACE, key="Q1", cadence=Cadence.WEEKLY, text="How?", text_nl="Hoe?", lowest=1, highest=5
    )
    return [
        MeetingParticipant(meeting_id=meeting.id, member_id=member.id),
        series,
        SeriesParticipant(series_id="series1", member_id=member.id),
        Brief(id="brief1", workspace_id=WORKSPACE, meeting_id=meeting.id, as_of=PAST, snapshot=snapshot),
        BriefOpening(brief_id="brief1", member_id=member.id),
        question,
        PulseRound(id="round1", workspace_id=WORKSPACE, question_key="Q1", label="W22", asked_at=PAST, closes_at=PAST),
        PulseAsked(round_id="round1", member_id=member.id, side=member.side),
    ]


def _decided(world: EntryWorld, member: Member) -> list[SQLModel]:
    return [
        Decision(
            id="decision1",
            workspace_id=WORKSPACE,
            key="D1",
            meeting_id="meeting1",
            rank=1,
            question="Build on Friday?",
            kind=DecisionKind.RATIFY,
            owner_id=member.id,
            co_owner_id=world.people["sam"].id,
            entered_at=PAST,
        ),
        DecisionObjection(decision_id="decision1", member_id=member.id, reason="Too soon", objected_at=PAST),
        AgendaItem(
            id="item1", workspace_id=WORKSPACE, meeting_id="meeting1", member_id=member.id, text="Swaps", added_at=PAST
        ),
    ]


def _checked_in(world: EntryWorld, member: Member) -> list[SQLModel]:
    """A round of twenty days ago: they were asked at nine, told an example and a line with their name."""
    said = to_json(Message("Check-in", (Text(f"Check-in · {NAME} asks"),)))
    day, time = PAST.date(), PAST.time()
    return [
        Absence(id="away1", workspace_id=WORKSPACE, member_id=member.id, first_day=day, last_day=day),
        Checkin(
            id="checkin1",
            workspace_id=WORKSPACE,
            name="After the launch",
            starts_on=day,
            local_time=time,
            close_after_days=1,
            close_at=time,
            audience_channel_id="C-SOP",
        ),
        CheckinPerson(checkin_id="checkin1", member_id=member.id),
        ChannelPerson(workspace_id=WORKSPACE, channel_id="C-SOP", external_id=CHAT_ID),
        CheckinQuestion(
            id="question1",
            workspace_id=WORKSPACE,
            checkin_id="checkin1",
            position=0,
            type=QuestionType.TEXT,
            text="What did you need?",
        ),
        CheckinRound(
            id="asking1",
            workspace_id=WORKSPACE,
            checkin_id="checkin1",
            day=day,
            label="2026-W21",
            closes_at=PAST,
            state=RoundState.CLOSED,
        ),
        CheckinAsked(
            round_id="asking1",
            member_id=member.id,
            side=member.side,
            outcome=Outcome.ASKED,
            ask_at=PAST,
            until=PAST,
            has_answered=True,
        ),
        CheckinText(
            id="text1",
            round_id="asking1",
            question_id="question1",
            side=member.side,
            author_id=member.id,
            text="A call before noon",
        ),
        CheckinText(id="text2", round_id="asking1", question_id="question1", side="sales", text="A call on Friday"),
        CheckinExample(entry_id=world.entries()[0].id, round_id="asking1"),
        PrivateItem(
            id="told1",
            workspace_id=WORKSPACE,
            member_id=member.id,
            kind=ItemKind.CHECKIN,
            subject_id="asking1",
            key="checkin:asking1:1",
            day=day,
            position=0,
            outbox_id="to-them",
            line=said,
        ),
        PrivateItem(
            id="told2",
            workspace_id=WORKSPACE,
            member_id=world.people["sam"].id,
            kind=ItemKind.ASK,
            subject_id="ask1",
            key="ask:ask1",
            tell_at=PAST,
            line=said,
            message=said,
        ),
        Disturbance(
            id="change1",
            workspace_id=WORKSPACE,
            kind=DisturbanceKind.NEW_CUSTOMER,
            what="Retailer G from July on",
            from_on=day,
            announced_by_id=member.id,
            announced_on=day,
            linked_until=day,
        ),
    ]


def _message(key: str, target_id: str, said: str) -> Outgoing:
    return Outgoing(
        id=key,
        workspace_id=WORKSPACE,
        key=key,
        target_id=target_id,
        delivery_key=key,
        not_before=T0,
        message=to_json(Message(said, (Text(f"**{said}**"),))),
    )


def everything(database: Database) -> str:
    """All that stands in the files of the database, and on PostgreSQL in its tables too: files may be compressed."""
    if database.is_sqlite:
        folder = Path(str(database.url.database)).parent
        return "\n".join(file.read_bytes().decode("utf-8", "replace") for file in folder.glob("ampersand.db*"))
    with database.engine.connect() as connection:
        files = [content.decode("utf-8", "replace") for content in postgresql_files(connection).values()]
    with database.engine.connect() as connection:
        rows = [
            str(row)
            for table in SQLModel.metadata.sorted_tables
            for row in connection.execute(text(f'SELECT t::text FROM "{table.name}" AS t')).scalars()
        ]
    return "\n".join([*rows, *files])


def spelled(word: str) -> set[str]:
    """As it stands in texts, and as in JSON."""
    return {word, word.encode("ascii", "backslashreplace").decode().replace("\\x", "\\u00")}

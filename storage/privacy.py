"""What stands beside a member, table by table. Scores and side-only entries stand beside nobody."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import ColumnElement
from sqlmodel import Session, SQLModel, col, func, or_, select

from storage.tables import (
    Absence,
    AgendaItem,
    Agreement,
    Appointment,
    Ask,
    AuditRecord,
    Brief,
    BriefOpening,
    ChannelPerson,
    Checkin,
    CheckinAsked,
    CheckinPerson,
    CheckinRound,
    CheckinText,
    Decision,
    DecisionObjection,
    Disturbance,
    Draft,
    Entry,
    Meeting,
    MeetingParticipant,
    MeetingSeries,
    Member,
    Outgoing,
    PrivateItem,
    PulseAsked,
    PulseRound,
    SeriesParticipant,
    Visibility,
)


@dataclass(frozen=True, slots=True)
class Link:
    """The row that `column` leads to, and what is told of it."""

    column: str
    table: type[SQLModel]
    tells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Held:
    """Rows about a person: those where one of the columns `by` holds their id (of the chat, where `by_chat_id`).

    `tells` is what they may take with them, `keeps` what they may not: ids of the house, scores, and what is about
    others or in others' words. A test holds both together equal to the columns of the table. Rows that hold it in the
    column `but` too are of another kind.
    """

    table: type[SQLModel]
    by: tuple[str, ...]
    tells: tuple[str, ...]
    keeps: tuple[str, ...] = ()
    link: Link | None = None
    by_chat_id: bool = False
    but: str | None = None


HELD: Final[Mapping[str, Held]] = {
    "you": Held(
        Member,
        ("id",),
        (
            *("external_id", "name", "side", "role", "timezone", "language", "plant", "active_from", "active_to"),
            *("undisturbed", "platform_timezone", "ended_by_platform", "timezone_from", "working_days"),
        ),
        ("workspace_id", "sealed_default"),
    ),
    "absences": Held(Absence, ("member_id",), ("first_day", "last_day"), ("id", "workspace_id")),
    "entries": Held(
        Entry,
        ("author_id",),
        (
            *("ref", "kind", "visibility", "side", "created_on", "created_at", "source", "language", "title"),
            *("what_happened", "own_interest", "other_interest", "effect", "effect_type", "effect_eur", "lesson"),
            *("level", "tension_key", "objective_key", "plant", "product_family", "customer", "status", "resolved_on"),
            *("permalink", "withdrawn_on", "hidden_on", "hidden_reason", "shared_channel_id", "shared_message_id"),
        ),
        ("id", "workspace_id", "pair_id", "recurrence_of", "change_token_hash"),
    ),
    "asked_of_you": Held(
        Ask,
        ("asked_id",),
        ("asked_side", "state", "until"),
        ("id", "workspace_id", "entry_id", "show_words", "about"),
        Link("entry_id", Entry, ("ref",)),
    ),
    "agreements": Held(
        Agreement,
        ("owner_id", "partner_id", "original_owner_id"),
        (
            *("key", "title", "text", "made_in", "made_on", "due_on", "status", "closed_on"),
            *("tension_key", "objective_key", "measure", "evaluation_note", "evaluated_on"),
        ),
        ("id", "workspace_id", "score_first", "score_second", "score_objective"),
    ),
    "decisions": Held(
        Decision,
        ("owner_id", "co_owner_id"),
        (
            *("key", "question", "kind", "recommendation", "status", "taken_option"),
            *("entered_at", "answered_at", "removed_at"),
        ),
        ("id", "workspace_id", "meeting_id", "rank", "follows_id"),
        Link("meeting_id", Meeting, ("key", "title", "starts_at")),
    ),
    "objections": Held(
        DecisionObjection,
        ("member_id",),
        ("reason", "objected_at"),
        ("decision_id",),
        Link("decision_id", Decision, ("key", "question")),
    ),
    "agenda": Held(
        AgendaItem,
        ("member_id",),
        ("text", "added_at"),
        ("id", "workspace_id", "meeting_id", "entry_id"),
        Link("meeting_id", Meeting, ("key", "title", "starts_at")),
    ),
    "meetings_chaired": Held(
        Meeting,
        ("chair_id",),
        ("key", "type", "title", "starts_at", "timezone", "status"),
        (
            *("id", "workspace_id", "cycle", "duration_minutes", "brief_due_at", "series_id", "occurs_on"),
            "moved",
        ),
    ),
    "series_chaired": Held(
        MeetingSeries,
        ("chair_id",),
        ("type", "title", "rule", "local_time", "timezone", "starts_on", "ends_on"),
        ("id", "workspace_id", "duration_minutes", "shift"),
    ),
    "meetings_invited": Held(
        MeetingParticipant,
        ("member_id",),
        (),
        ("meeting_id",),
        Link("meeting_id", Meeting, ("key", "title", "starts_at")),
    ),
    "series_invited": Held(
        SeriesParticipant, ("member_id",), (), ("series_id",), Link("series_id", MeetingSeries, ("title", "rule"))
    ),
    "briefs_opened": Held(
        BriefOpening, ("member_id",), (), ("brief_id",), Link("brief_id", Brief, ("as_of", "version"))
    ),
    "checkins": Held(
        PulseAsked,
        ("member_id",),
        ("side", "answered"),
        ("round_id",),
        Link("round_id", PulseRound, ("question_key", "label")),
    ),
    "checkin_turns": Held(
        CheckinAsked,
        ("member_id",),
        ("side", "outcome", "ask_at", "nudge_at", "until", "has_answered"),
        ("round_id",),
        Link("round_id", CheckinRound, ("label", "day")),
    ),
    "checkin_texts": Held(
        CheckinText,
        ("author_id",),
        ("side", "text"),
        ("id", "round_id", "question_id", "change_token_hash"),
        Link("round_id", CheckinRound, ("label", "day")),
    ),
    "checkins_naming_you": Held(
        CheckinPerson, ("member_id",), ("is_observer",), ("checkin_id",), Link("checkin_id", Checkin, ("name",))
    ),
    "channels": Held(ChannelPerson, ("external_id",), ("channel_id",), ("workspace_id",), by_chat_id=True),
    "announcements": Held(
        Disturbance,
        ("announced_by_id",),
        ("kind", "what", "from_on", "announced_on", "linked_until", "withdrawn"),
        ("id", "workspace_id", "checkin_id"),
    ),
    "said_to_you": Held(
        PrivateItem,
        ("member_id",),
        ("kind", "day", "tell_at", "line", "message", "helps_until", "is_open"),
        ("id", "workspace_id", "subject_id", "key", "topic", "position", "outbox_id"),
    ),
    "changes_by_you": Held(
        AuditRecord,
        ("actor_id",),
        ("at", "action"),
        ("id", "workspace_id", "subject", "before", "after"),
        but="subject",  # that they joined or changed their side is a change to them
    ),
    "changes_to_you": Held(
        AuditRecord, ("subject",), ("at", "action", "before", "after"), ("id", "workspace_id", "actor_id")
    ),
    "drafts": Held(
        Draft,
        ("external_id",),
        ("command", "text", "permalink", "expires_at"),
        ("id", "workspace_id"),
        by_chat_id=True,
    ),
    "appointments": Held(Appointment, ("external_id",), ("role",), ("workspace_id",), by_chat_id=True),
    "messages": Held(
        Outgoing,
        ("target_id",),
        ("state", "not_before", "message"),
        (
            *("id", "workspace_id", "key", "topic", "thread_of", "replaces", "position", "delivery_key", "attempts"),
            *("ambiguous", "lease", "lease_until", "sent_channel_id", "sent_message_id", "error", "expires_at"),
        ),
        by_chat_id=True,
    ),
}
"""By the name it has in an export."""


def list_held(session: Session, member: Member) -> Mapping[str, Sequence[Mapping[str, Any]]]:
    """All that stands beside the member, as far as it is theirs; where several columns may name them, in which."""
    return {
        name: [_told(session, held, row, member) for row in _rows(session, held, member)] for name, held in HELD.items()
    }


def count_held(session: Session, member: Member) -> Mapping[str, int]:
    """How many rows of each kind."""
    return {
        name: session.exec(select(func.count()).select_from(held.table).where(*_mine(held, member))).one()
        for name, held in HELD.items()
    }


def _rows(session: Session, held: Held, member: Member) -> Sequence[SQLModel]:
    return session.exec(select(held.table).where(*_mine(held, member))).all()


def _mine(held: Held, member: Member) -> Sequence[ColumnElement[bool]]:
    mine = [or_(*(col(getattr(held.table, column)) == _key(held, member) for column in held.by))]
    if held.but:
        mine.append(col(getattr(held.table, held.but)) != _key(held, member))
    if "workspace_id" in held.table.model_fields:
        mine.append(col(held.table.workspace_id) == member.workspace_id)  # type: ignore[attr-defined]
    return mine


def _key(held: Held, member: Member) -> str:
    return member.external_id if held.by_chat_id else member.id


def _told(session: Session, held: Held, row: SQLModel, member: Member) -> dict[str, Any]:
    told = {name: getattr(row, name) for name in held.tells}
    if len(held.by) > 1:
        told["your_part"] = [name.removesuffix("_id") for name in held.by if getattr(row, name) == member.id]
    linked = session.get(held.link.table, getattr(row, held.link.column)) if held.link else None
    if held.link and linked:
        noun = held.link.column.removesuffix("_id")
        told |= {f"{noun}_{name}": getattr(linked, name) for name in held.link.tells if _may_tell(linked)}
    return told


def _may_tell(linked: SQLModel) -> bool:
    """What was asked about a side-only entry is told without leading to it."""
    return not isinstance(linked, Entry) or linked.visibility == Visibility.NAMED

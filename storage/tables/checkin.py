"""Check-ins: what is asked of whom and when, the rounds, and what came back, apart from who answered."""

from datetime import date, datetime, time
from enum import StrEnum

from sqlalchemy import JSON, CheckConstraint, ForeignKeyConstraint, Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from storage.types import UtcDateTime, unordered, word


class CheckinState(StrEnum):
    ACTIVE = "active"
    PAUSED = "paused"
    DELETED = "deleted"


class QuestionType(StrEnum):
    """An example is an entry of one of the four kinds; a scale goes from 1 to 5."""

    SCALE = "scale"
    CHOICE = "choice"
    MULTI = "multi"
    TEXT = "text"
    EXAMPLE = "example"


class RoundState(StrEnum):
    """Cancelled = stopped before anybody was asked; what was asked already runs on to its close."""

    OPEN = "open"
    CLOSED = "closed"
    CANCELLED = "cancelled"


class Outcome(StrEnum):
    """What became of asking one person. Only who was asked, or answered before, counts as asked.

    `no_time` = no moment of their own hours lies in the window; `declined` = they pressed Skip; `stopped` = the
    check-in was paused or deleted before.
    """

    WAITING = "waiting"
    ASKED = "asked"
    DECLINED = "declined"
    AWAY = "away"
    DAY_OFF = "day_off"
    NO_TIME = "no_time"
    LEFT = "left"
    UNDISTURBED = "undisturbed"
    NOT_DELIVERED = "not_delivered"
    STOPPED = "stopped"


class Checkin(SQLModel, table=True):
    """A question round that comes again by its `rule` (in the notation of `bot.domain.recurrence`, without the time),
    or with `rule` None only when somebody starts it.

    Everybody is asked at `local_time` of their own zone and may answer until `close_at` of their own zone,
    `close_after_days` days later. `nudge_share_pct` of that window later who has not answered is reminded once; None =
    nobody is. `channel_id` is where the result goes, None = the company's S&OP channel; everybody in the channel
    `audience_channel_id` is asked, beside the sides and people of the tables below.
    """

    __tablename__ = "checkins"
    __table_args__ = unordered(
        Index("ix_checkins_workspace_id", "workspace_id", "state"),
        CheckConstraint("nudge_share_pct BETWEEN 1 AND 99", name="nudge_share_pct"),
        CheckConstraint("close_after_days BETWEEN 0 AND 14", name="close_after_days"),
    )

    id: str = Field(primary_key=True)
    workspace_id: str = Field(foreign_key="workspaces.id", ondelete="CASCADE")
    name: str
    state: CheckinState = word(CheckinState, default=CheckinState.ACTIVE)
    rule: str | None = None
    starts_on: date
    local_time: time
    close_after_days: int
    close_at: time
    nudge_share_pct: int | None = None
    audience_channel_id: str | None = None
    audience_channel_name: str | None = None
    channel_id: str | None = None
    channel_name: str | None = None


class CheckinSide(SQLModel, table=True):
    """Everybody of the side is asked."""

    __tablename__ = "checkin_sides"
    __table_args__ = unordered()

    checkin_id: str = Field(primary_key=True, foreign_key="checkins.id", ondelete="CASCADE")
    side: str = Field(primary_key=True)


class CheckinPerson(SQLModel, table=True):
    """Somebody who is asked wherever they belong; an observer sees the result and is never asked."""

    __tablename__ = "checkin_people"
    __table_args__ = unordered()

    checkin_id: str = Field(primary_key=True, foreign_key="checkins.id", ondelete="CASCADE")
    member_id: str = Field(primary_key=True, foreign_key="members.id", ondelete="CASCADE")
    is_observer: bool = False


class ChannelPerson(SQLModel, table=True):
    """Who is in a channel that is asked, by the platform's ids: kept as it changes, so no round waits for a call."""

    __tablename__ = "channel_people"
    __table_args__ = unordered()

    workspace_id: str = Field(primary_key=True, foreign_key="workspaces.id", ondelete="CASCADE")
    channel_id: str = Field(primary_key=True)
    external_id: str = Field(primary_key=True)


class CheckinQuestion(SQLModel, table=True):
    """`position` None = no longer asked: what was answered stays. `text_nl` None = asked as it is in both languages.

    `options` are those of a choice, in order, and `options_nl` the same in Dutch or none; a scale has the words at its
    ends, and is the pulse question `pulse_key`.
    """

    __tablename__ = "checkin_questions"
    __table_args__ = unordered(
        UniqueConstraint("checkin_id", "position"),
        ForeignKeyConstraint(
            ["workspace_id", "pulse_key"], ["pulse_questions.workspace_id", "pulse_questions.key"], ondelete="CASCADE"
        ),
        CheckConstraint("(type = 'scale') = (pulse_key IS NOT NULL)", name="pulse"),
    )

    id: str = Field(primary_key=True)
    workspace_id: str = Field(foreign_key="workspaces.id", ondelete="CASCADE")
    checkin_id: str = Field(foreign_key="checkins.id", ondelete="CASCADE")
    position: int | None
    type: QuestionType = word(QuestionType)
    text: str
    text_nl: str | None = None
    options: list[str] = Field(default_factory=list, sa_type=JSON)
    options_nl: list[str] = Field(default_factory=list, sa_type=JSON)
    required: bool = False
    pulse_key: str | None = None


class CheckinRound(SQLModel, table=True):
    """One time that a check-in is asked: on the local date `day`, or from the moment `starts_at` on (run now).

    `number` tells rounds of the same day apart. `label` is that of its pulse rounds ("2026-W13"). `closes_at` is when
    the window has ended for the last of those asked. A round that `is_stopped` by itself stays so when its check-in is
    paused and resumed.
    """

    __tablename__ = "checkin_rounds"
    __table_args__ = unordered(
        UniqueConstraint("checkin_id", "day", "number"),
        Index("ix_checkin_rounds_workspace_id", "workspace_id", "state", "closes_at"),
    )

    id: str = Field(primary_key=True)
    workspace_id: str = Field(foreign_key="workspaces.id", ondelete="CASCADE")
    checkin_id: str = Field(foreign_key="checkins.id", ondelete="CASCADE")
    day: date
    number: int = 0
    label: str
    starts_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    closes_at: datetime = Field(sa_type=UtcDateTime)
    state: RoundState = word(RoundState, default=RoundState.OPEN)
    is_stopped: bool = False


class CheckinAsked(SQLModel, table=True):
    """Who is asked in a round, when, and what became of it; whether they answered, never what and never when.

    `side` is the group in which they count (as in `PulseScore`). `ask_at` and `nudge_at` are moments to come, or that
    have come; `until` is the end of their own window.
    """

    __tablename__ = "checkin_asked"
    __table_args__ = unordered(
        Index("ix_checkin_asked_member", "member_id"),
        Index("ix_checkin_asked_ask_at", "round_id", "outcome", "ask_at"),
        Index("ix_checkin_asked_nudge_at", "round_id", "nudge_at"),
    )

    round_id: str = Field(primary_key=True, foreign_key="checkin_rounds.id", ondelete="CASCADE")
    member_id: str = Field(primary_key=True, foreign_key="members.id")
    side: str
    outcome: Outcome = word(Outcome, default=Outcome.WAITING)
    ask_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    nudge_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    until: datetime | None = Field(default=None, sa_type=UtcDateTime)
    has_answered: bool = False


class CheckinChoice(SQLModel, table=True):
    """One ticked option of a group, of nobody: no person, no time, a random id. Of several ticked by the same person
    each stands alone. Changed with a token until the round closes, as a score is.
    """

    __tablename__ = "checkin_choices"
    __table_args__ = unordered(Index("ix_checkin_choices_round", "round_id", "question_id", "side", "option"))

    id: str = Field(primary_key=True)
    round_id: str = Field(foreign_key="checkin_rounds.id", ondelete="CASCADE")
    question_id: str = Field(foreign_key="checkin_questions.id", ondelete="CASCADE")
    side: str
    option: int
    change_token_hash: str | None = None


class CheckinText(SQLModel, table=True):
    """A short text: with its author's name, or (`author_id` None) with the side only and the hash of a token."""

    __tablename__ = "checkin_texts"
    __table_args__ = unordered(
        Index("ix_checkin_texts_round", "round_id", "question_id"),
        Index("ix_checkin_texts_author", "author_id"),
        CheckConstraint("author_id IS NULL OR change_token_hash IS NULL", name="side_only"),
    )

    id: str = Field(primary_key=True)
    round_id: str = Field(foreign_key="checkin_rounds.id", ondelete="CASCADE")
    question_id: str = Field(foreign_key="checkin_questions.id", ondelete="CASCADE")
    side: str
    author_id: str | None = Field(default=None, foreign_key="members.id")
    text: str
    change_token_hash: str | None = None


class CheckinExample(SQLModel, table=True):
    """A named entry that was told in a round. Of a side-only one nobody knows."""

    __tablename__ = "checkin_examples"
    __table_args__ = unordered(Index("ix_checkin_examples_round", "round_id"))

    entry_id: str = Field(primary_key=True, foreign_key="entries.id", ondelete="CASCADE")
    round_id: str = Field(foreign_key="checkin_rounds.id", ondelete="CASCADE")


class DisturbanceKind(StrEnum):
    NEW_CUSTOMER = "new_customer"
    DEMAND_JUMP = "demand_jump"
    NEW_COMBINATION = "new_combination"


class Disturbance(SQLModel, table=True):
    """A change ahead: what, from when, announced by whom; `checkin_id` asks those it touches. Entries can be linked to
    it until `linked_until`.
    """

    __tablename__ = "disturbances"
    __table_args__ = unordered(Index("ix_disturbances_workspace_id", "workspace_id", "linked_until"))

    id: str = Field(primary_key=True)
    workspace_id: str = Field(foreign_key="workspaces.id", ondelete="CASCADE")
    kind: DisturbanceKind = word(DisturbanceKind)
    what: str
    from_on: date
    announced_by_id: str | None = Field(default=None, foreign_key="members.id")
    announced_on: date
    linked_until: date
    checkin_id: str | None = Field(default=None, foreign_key="checkins.id", ondelete="SET NULL")
    withdrawn: bool = False


class DisturbanceEntry(SQLModel, table=True):
    """A named entry about a change ahead."""

    __tablename__ = "disturbance_entries"
    __table_args__ = unordered(Index("ix_disturbance_entries_disturbance", "disturbance_id"))

    entry_id: str = Field(primary_key=True, foreign_key="entries.id", ondelete="CASCADE")
    disturbance_id: str = Field(foreign_key="disturbances.id", ondelete="CASCADE")


class SummaryRule(SQLModel, table=True):
    """When the weekly summary comes, in place of the default; Monday = 0, the company's zone. `channel_id` None = the
    company's S&OP channel."""

    __tablename__ = "summary_rules"
    __table_args__ = unordered(CheckConstraint("weekday BETWEEN 0 AND 6", name="weekday"))

    workspace_id: str = Field(primary_key=True, foreign_key="workspaces.id", ondelete="CASCADE")
    is_on: bool = True
    weekday: int
    local_time: time
    channel_id: str | None = None
    channel_name: str | None = None

"""Queries of check-ins, their rounds, and who is asked in them; none joins what was answered with who answered.

Two processes may work on a round at once. Who answers or stops it holds its row (`lock_round`), and may then wait for
its schedules. Who does what is due holds a schedule and so waits for nobody: it takes a round (`take_round`) and turns
(`take_due_turns`) that nobody else is changing, and leaves the others for the next minute.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, delete, func, insert, or_, update
from sqlalchemy.orm import Mapped
from sqlmodel import Session, col, select

from storage.checkin_results import count_asked, count_ticks
from storage.database import dialect_insert, rows_changed
from storage.tables import (
    COMPANY,
    ChannelPerson,
    Checkin,
    CheckinAsked,
    CheckinChoice,
    CheckinPerson,
    CheckinQuestion,
    CheckinRound,
    CheckinSide,
    CheckinState,
    CheckinText,
    ItemKind,
    Member,
    OutboxState,
    Outcome,
    Outgoing,
    PrivateItem,
    PulseAsked,
    PulseRound,
    QuestionType,
    RoundState,
)

Turn = tuple[CheckinAsked, Member]
Turns = Sequence[Turn]

NOT_ASKED = (Outcome.AWAY, Outcome.DAY_OFF, Outcome.NO_TIME)
"""Without a moment `ask_at` they were never asked, and may be after all."""


# ---------------------------------------------------------------- check-ins


def find_checkin(session: Session, workspace_id: str, checkin_id: str) -> Checkin | None:
    """Also one that was deleted: that can be undone."""
    checkin = session.get(Checkin, checkin_id)
    return checkin if checkin and checkin.workspace_id == workspace_id else None


def list_checkins(session: Session, workspace_id: str) -> Sequence[Checkin]:
    """Those that were not deleted, by name."""
    checkins = select(Checkin).where(Checkin.workspace_id == workspace_id, Checkin.state != CheckinState.DELETED)
    return session.exec(checkins.order_by(col(Checkin.name), col(Checkin.id))).all()


def list_questions(session: Session, checkin_id: str) -> Sequence[CheckinQuestion]:
    """In the order they are asked; not those that no longer are."""
    questions = select(CheckinQuestion).where(
        CheckinQuestion.checkin_id == checkin_id, col(CheckinQuestion.position).is_not(None)
    )
    return session.exec(questions.order_by(col(CheckinQuestion.position))).all()


def list_audience(session: Session, checkin: Checkin, day: date) -> Sequence[Member]:
    """Who is to be asked and is a member on that day; whoever does not want to be asked too, observers not."""
    return session.exec(select(Member).where(*_is_in_audience(checkin, day)).order_by(col(Member.id))).all()


def count_audience(session: Session, checkin: Checkin, day: date) -> Mapping[str, int]:
    """The same, as how many of them live in each time zone."""
    counts = select(Member.timezone, func.count()).where(*_is_in_audience(checkin, day))
    return dict(session.exec(counts.group_by(col(Member.timezone))).all())


def _is_in_audience(checkin: Checkin, day: date) -> tuple[ColumnElement[bool], ...]:
    people = select(CheckinPerson.member_id).where(CheckinPerson.checkin_id == checkin.id)
    channel = select(ChannelPerson.external_id).where(
        ChannelPerson.workspace_id == checkin.workspace_id, ChannelPerson.channel_id == checkin.audience_channel_id
    )
    sides = select(CheckinSide.side).where(CheckinSide.checkin_id == checkin.id)
    asked = or_(
        col(Member.side).in_(sides),
        col(Member.id).in_(people.where(col(CheckinPerson.is_observer).is_(False))),
        col(Member.external_id).in_(channel),
    )
    is_active = and_(col(Member.active_from) <= day, or_(col(Member.active_to).is_(None), col(Member.active_to) >= day))
    observers = people.where(col(CheckinPerson.is_observer).is_(True))
    is_here = col(Member.workspace_id) == checkin.workspace_id
    return is_here, asked, is_active, col(Member.id).not_in(observers)


# ---------------------------------------------------------------- rounds


def find_round(session: Session, workspace_id: str, round_id: str) -> CheckinRound | None:
    found = session.get(CheckinRound, round_id, populate_existing=True)
    return found if found and found.workspace_id == workspace_id else None


def lock_round(session: Session, round_id: str, *, shared: bool = False) -> CheckinRound | None:
    """The round as it stands now, until the end of the transaction. `shared` = nobody closes or stops it meanwhile:
    what an answer needs."""
    statement = select(CheckinRound).where(CheckinRound.id == round_id).with_for_update(read=shared)
    session.flush()
    return session.exec(statement.execution_options(populate_existing=True)).one_or_none()


def take_round(session: Session, round_id: str) -> CheckinRound | None:
    """The round as it stands now, until the end of the transaction; None while somebody else holds it."""
    statement = select(CheckinRound).where(CheckinRound.id == round_id).with_for_update(skip_locked=True)
    session.flush()
    return session.exec(statement.execution_options(populate_existing=True)).one_or_none()


def list_rounds(session: Session, checkin_id: str) -> Sequence[CheckinRound]:
    """The latest first."""
    rounds = select(CheckinRound).where(CheckinRound.checkin_id == checkin_id)
    return session.exec(rounds.order_by(col(CheckinRound.day).desc(), col(CheckinRound.number).desc())).all()


def list_open_rounds(session: Session, checkin_id: str) -> Sequence[CheckinRound]:
    return [found for found in list_rounds(session, checkin_id) if found.state is RoundState.OPEN]


def list_running(session: Session, workspace_id: str) -> Sequence[tuple[CheckinRound, Checkin]]:
    """The open rounds of all check-ins; in the same order for everybody who holds their turns."""
    rounds = select(CheckinRound, Checkin).join(Checkin, col(Checkin.id) == col(CheckinRound.checkin_id))
    running = rounds.where(CheckinRound.workspace_id == workspace_id, CheckinRound.state == RoundState.OPEN)
    session.flush()
    return session.exec(running.order_by(col(CheckinRound.closes_at), col(CheckinRound.id))).all()


def list_round_days(session: Session, checkin_id: str, since: date) -> frozenset[date]:
    """The days from that one on that had their round by the rule, or have it planned."""
    rounds = select(CheckinRound).where(CheckinRound.checkin_id == checkin_id, col(CheckinRound.day) >= since)
    return frozenset(found.day for found in session.exec(rounds.where(col(CheckinRound.starts_at).is_(None))).all())


def next_number(session: Session, checkin_id: str, day: date) -> int:
    """What tells another round of that day apart."""
    of_day = select(func.count()).where(CheckinRound.checkin_id == checkin_id, CheckinRound.day == day)
    return session.exec(of_day).one()


def list_labels(session: Session, workspace_id: str, checkin_id: str, week: str) -> frozenset[str]:
    """Labels of rounds of that week that the check-in or one of its pulse questions has already."""
    own = select(CheckinRound.label).where(
        CheckinRound.checkin_id == checkin_id, CheckinRound.state != RoundState.CANCELLED
    )
    keys = select(CheckinQuestion.pulse_key).where(CheckinQuestion.checkin_id == checkin_id)
    pulse = select(PulseRound.label).where(
        PulseRound.workspace_id == workspace_id, col(PulseRound.question_key).in_(keys)
    )
    of_week = own.where(col(CheckinRound.label).startswith(week)), pulse.where(col(PulseRound.label).startswith(week))
    return frozenset(label for labels in of_week for label in session.exec(labels).all())


# ---------------------------------------------------------------- turns


def add_turns(session: Session, turns: Sequence[Mapping[str, Any]]) -> None:
    """In one statement: ten thousand of them."""
    if turns:
        session.flush()
        session.execute(insert(CheckinAsked), list(turns))


def take_due_turns(session: Session, round_id: str, now: datetime, limit: int) -> Turns:
    """Who is to be asked by now, the first first."""
    due = (col(CheckinAsked.outcome) == Outcome.WAITING, col(CheckinAsked.ask_at) <= now)
    return _take(session, round_id, due, col(CheckinAsked.ask_at), limit)


def take_due_nudges(session: Session, round_id: str, now: datetime, limit: int) -> Turns:
    """Whose moment to be reminded has come, answered or not."""
    due = (col(CheckinAsked.nudge_at) <= now,)
    return _take(session, round_id, due, col(CheckinAsked.nudge_at), limit)


def find_turn(session: Session, round_id: str, member_id: str) -> CheckinAsked | None:
    """Locked until the end of the transaction."""
    turn = select(CheckinAsked).where(CheckinAsked.round_id == round_id, CheckinAsked.member_id == member_id)
    session.flush()
    return session.exec(turn.with_for_update().execution_options(populate_existing=True)).one_or_none()


def list_open_turns(session: Session, member_id: str) -> Sequence[tuple[CheckinAsked, CheckinRound, Checkin]]:
    """Somebody's turns in rounds that run, locked; the round that closes first comes first."""
    turns = (
        select(CheckinAsked, CheckinRound, Checkin)
        .join(CheckinRound, col(CheckinRound.id) == col(CheckinAsked.round_id))
        .join(Checkin, col(Checkin.id) == col(CheckinRound.checkin_id))
        .where(CheckinAsked.member_id == member_id, CheckinRound.state == RoundState.OPEN)
        .order_by(col(CheckinRound.closes_at), col(CheckinRound.id))
        .with_for_update(of=CheckinAsked)
    )
    session.flush()
    return session.exec(turns.execution_options(populate_existing=True)).all()


def hold_unasked_turns(
    session: Session, round_id: str, not_asked: Collection[Outcome], member_ids: Collection[str] | None
) -> Turns:
    """The turns of these members (None = of everybody) that are to come, or did not for one of those reasons, locked;
    not of who answered or was asked once.
    """
    is_to_come = or_(
        col(CheckinAsked.outcome) == Outcome.WAITING,
        and_(col(CheckinAsked.outcome).in_(not_asked), col(CheckinAsked.ask_at).is_(None)),
    )
    unanswered = (CheckinAsked.round_id == round_id, col(CheckinAsked.has_answered).is_(False), is_to_come)
    turns = select(CheckinAsked, Member).join(Member, col(Member.id) == col(CheckinAsked.member_id)).where(*unanswered)
    if member_ids is not None:
        turns = turns.where(col(CheckinAsked.member_id).in_(member_ids))
    session.flush()
    held = turns.order_by(col(CheckinAsked.member_id)).with_for_update(of=CheckinAsked)
    return session.exec(held.execution_options(populate_existing=True)).all()


def count_outcomes(session: Session, round_id: str) -> dict[Outcome, int]:
    counts = select(CheckinAsked.outcome, func.count()).where(CheckinAsked.round_id == round_id)
    rows = session.exec(counts.group_by(col(CheckinAsked.outcome))).all()
    return {Outcome(outcome): number for outcome, number in rows}


def was_anybody_asked(session: Session, round_id: str) -> bool:
    asked = select(CheckinAsked.member_id).where(CheckinAsked.round_id == round_id)
    counts = or_(col(CheckinAsked.outcome).in_((Outcome.ASKED, Outcome.DECLINED)), col(CheckinAsked.has_answered))
    return session.exec(asked.where(counts).limit(1)).first() is not None


def next_moment(session: Session, round_id: str) -> datetime | None:
    """When the next turn or reminder comes, past or to come; None when there is none any more."""
    of_round, is_waiting = CheckinAsked.round_id == round_id, CheckinAsked.outcome == Outcome.WAITING
    ask_at = session.exec(select(func.min(CheckinAsked.ask_at)).where(of_round, is_waiting)).one()
    nudge_at = session.exec(select(func.min(CheckinAsked.nudge_at)).where(of_round)).one()
    return min(filter(None, (ask_at, nudge_at)), default=None)


def end_waiting(session: Session, round_id: str, outcome: Outcome) -> None:
    """Nobody is asked any more; who answered before their turn counts as asked."""
    waiting = (CheckinAsked.outcome == Outcome.WAITING, CheckinAsked.round_id == round_id)
    answered = col(CheckinAsked.has_answered)
    _update(session, *waiting, answered.is_(True), outcome=Outcome.ASKED)
    _update(session, *waiting, answered.is_(False), outcome=outcome)


def forget_nudge_moments(session: Session, round_id: str) -> None:
    """Nobody is reminded any more; nor can be read when somebody put it off."""
    _update(session, CheckinAsked.round_id == round_id, col(CheckinAsked.nudge_at).is_not(None), nudge_at=None)


def resume_stopped(session: Session, round_id: str, now: datetime) -> int:
    """Whom a stop held back waits again, while their own window is open. How many."""
    stopped = (
        CheckinAsked.round_id == round_id,
        CheckinAsked.outcome == Outcome.STOPPED,
        col(CheckinAsked.until) > now,
    )
    return _update(session, *stopped, outcome=Outcome.WAITING)


# ---------------------------------------------------------------- pulse rounds, and what nobody's answer is


def list_pulse_rounds(session: Session, round_: CheckinRound) -> Sequence[PulseRound]:
    """The pulse rounds of a round: one for each of its scales."""
    keys = select(CheckinQuestion.pulse_key).where(CheckinQuestion.checkin_id == round_.checkin_id)
    rounds = select(PulseRound).where(
        PulseRound.workspace_id == round_.workspace_id,
        PulseRound.label == round_.label,
        col(PulseRound.question_key).in_(keys),
    )
    return session.exec(rounds.order_by(col(PulseRound.question_key))).all()


def add_pulse_asked(session: Session, pulse_rounds: Iterable[PulseRound], turns: Iterable[CheckinAsked]) -> None:
    """They count as asked; who answered before does already."""
    turns = list(turns)
    rows = [
        {"round_id": found.id, "member_id": turn.member_id, "side": turn.side, "answered": "no"}
        for found in pulse_rounds
        for turn in turns
    ]
    if rows:
        session.flush()
        session.execute(dialect_insert(session, PulseAsked).on_conflict_do_nothing(), rows)


def remove_pulse_asked(session: Session, round_: CheckinRound, member_ids: Collection[str]) -> None:
    """They were not asked after all."""
    rounds = [found.id for found in list_pulse_rounds(session, round_)]
    theirs = (col(PulseAsked.round_id).in_(rounds), col(PulseAsked.member_id).in_(member_ids))
    rows_changed(session, delete(PulseAsked).where(*theirs))


def delete_pulse_rounds(session: Session, round_: CheckinRound) -> None:
    """A round that nobody was asked in is none: it would take the place of one in the window of the figures."""
    rounds = [found.id for found in list_pulse_rounds(session, round_)]
    rows_changed(session, delete(PulseRound).where(col(PulseRound.id).in_(rounds)))


def seal_answers(session: Session, round_id: str, smallest_group: int) -> None:
    """Let ticks and texts say only what they may, and nobody change what they said any more. Deleted are the ticks of a
    group of which fewer people are known to have ticked something, and those that would tell something of each: where
    everybody who answered ticked the same. A text without a name reads "the company" where fewer of its group were
    asked.

    Of a choice every tick is a person; where several may be ticked, only those of one option are certainly different
    people. Call it when the round closes, before late answers come; again, it changes nothing.
    """
    people = _people_who_ticked(session, round_id)
    small = {group for group, number in people.items() if number < smallest_group}
    for question_id, side in small | _who_ticked_the_same(session, round_id, people):
        theirs = (col(CheckinChoice.round_id) == round_id, col(CheckinChoice.question_id) == question_id)
        rows_changed(session, delete(CheckinChoice).where(*theirs, col(CheckinChoice.side) == side))
    enough = [one.side for one in count_asked(session, round_id, ()) if one.asked >= smallest_group]
    nameless = (col(CheckinText.round_id) == round_id, col(CheckinText.author_id).is_(None))
    few = update(CheckinText).where(*nameless, col(CheckinText.side).not_in(enough))
    rows_changed(session, few.values(side=COMPANY))
    for table in (CheckinChoice, CheckinText):
        held = (col(table.round_id) == round_id, col(table.change_token_hash).is_not(None))
        rows_changed(session, update(table).where(*held).values(change_token_hash=None))


def list_unsent(session: Session, round_id: str, kind: ItemKind) -> Turns:
    """Whose question or reminder did not reach them yet: it waits, for another day even, or is on its way."""
    has_not_left = col(Outgoing.state) != OutboxState.SENT
    items = (
        select(PrivateItem.member_id)
        .outerjoin(Outgoing, col(Outgoing.id) == col(PrivateItem.outbox_id))
        .where(
            PrivateItem.subject_id == round_id,
            PrivateItem.kind == kind,
            or_(col(PrivateItem.day).is_(None), has_not_left),
        )
    )
    turns = select(CheckinAsked, Member).join(Member, col(Member.id) == col(CheckinAsked.member_id))
    theirs = turns.where(CheckinAsked.round_id == round_id, col(CheckinAsked.member_id).in_(items))
    session.flush()
    return session.exec(theirs.execution_options(populate_existing=True)).all()


def _people_who_ticked(session: Session, round_id: str) -> dict[tuple[str, str], int]:
    """By question and group, so many people at least."""
    people: dict[tuple[str, str], int] = {}
    for tick in count_ticks(session, round_id):
        before = people.get((tick.question_id, tick.side), 0)
        is_multi = tick.type is QuestionType.MULTI
        people[tick.question_id, tick.side] = max(before, tick.people) if is_multi else before + tick.people
    return people


def _who_ticked_the_same(
    session: Session, round_id: str, people: Mapping[tuple[str, str], int]
) -> set[tuple[str, str]]:
    """By question and group, where an option was ticked by all who ticked or answered."""
    answered = select(CheckinAsked.side, func.count()).where(CheckinAsked.round_id == round_id)
    by_side = dict(session.exec(answered.where(CheckinAsked.has_answered).group_by(CheckinAsked.side)).all())
    return {
        (tick.question_id, tick.side)
        for tick in count_ticks(session, round_id)
        if tick.people
        >= (by_side.get(tick.side, 0) if tick.type is QuestionType.MULTI else people[tick.question_id, tick.side])
    }


def _take(
    session: Session, round_id: str, due: Iterable[ColumnElement[bool]], first: Mapped[datetime | None], limit: int
) -> Turns:
    turns = (
        select(CheckinAsked, Member)
        .join(Member, col(Member.id) == col(CheckinAsked.member_id))
        .where(CheckinAsked.round_id == round_id, *due)
        .order_by(first, col(CheckinAsked.member_id))
        .limit(limit)
        .with_for_update(of=CheckinAsked, skip_locked=True)
    )
    session.flush()
    return session.exec(turns.execution_options(populate_existing=True)).all()


def _update(session: Session, *where: Any, **values: Any) -> int:
    return rows_changed(session, update(CheckinAsked).where(*where).values(**values))

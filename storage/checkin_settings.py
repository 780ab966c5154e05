"""Queries of what facilitators set: who is asked by a check-in, who is in a channel, when."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime

from sqlalchemy import delete, func, or_
from sqlmodel import Session, col, select

from storage.database import dialect_insert, rows_changed
from storage.tables import (
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
    Disturbance,
    Member,
    Outcome,
    PulseRound,
)


def lock_checkin(session: Session, checkin: Checkin) -> None:
    """As it stands now, until the end of the transaction."""
    session.flush()
    session.refresh(checkin, with_for_update=True)


def asks_pulse(session: Session, workspace_id: str, pulse_key: str, but: str = "") -> bool:
    """Whether a check-in that was not deleted asks that pulse question, other than the one with the id `but`."""
    asking = (
        select(CheckinQuestion.id)
        .join(Checkin, col(Checkin.id) == col(CheckinQuestion.checkin_id))
        .where(
            Checkin.workspace_id == workspace_id,
            Checkin.state != CheckinState.DELETED,
            CheckinQuestion.pulse_key == pulse_key,
            CheckinQuestion.checkin_id != but,
            col(CheckinQuestion.position).is_not(None),
        )
    )
    return session.exec(asking.limit(1)).first() is not None


def ids_of_disturbances(session: Session, workspace_id: str) -> frozenset[str]:
    """The check-ins that belong to a change ahead."""
    ids = select(Disturbance.checkin_id).where(Disturbance.workspace_id == workspace_id)
    return frozenset(one for one in session.exec(ids).all() if one)


# ---------------------------------------------------------------- whom


def list_side_keys(session: Session, checkin_id: str) -> Sequence[str]:
    """The sides that are asked, in the order of their keys."""
    sides = select(CheckinSide.side).where(CheckinSide.checkin_id == checkin_id)
    return session.exec(sides.order_by(col(CheckinSide.side))).all()


def list_people(session: Session, checkin_id: str, *, observers: bool) -> Sequence[Member]:
    """Those named to be asked, or the observers; by name."""
    named = select(CheckinPerson.member_id).where(
        CheckinPerson.checkin_id == checkin_id, CheckinPerson.is_observer == observers
    )
    members = select(Member).where(col(Member.id).in_(named))
    return session.exec(members.order_by(col(Member.name), col(Member.id))).all()


def set_audience(
    session: Session, checkin_id: str, sides: Iterable[str], people: Iterable[str], observers: Iterable[str]
) -> None:
    """These and nobody else, people by member id; who is an observer is not asked."""
    for table in (CheckinSide, CheckinPerson):
        rows_changed(session, delete(table).where(col(table.checkin_id) == checkin_id))
    watching = frozenset(observers)
    session.add_all(CheckinSide(checkin_id=checkin_id, side=side) for side in dict.fromkeys(sides))
    session.add_all(
        CheckinPerson(checkin_id=checkin_id, member_id=one, is_observer=one in watching)
        for one in dict.fromkeys([*people, *watching])
    )
    session.flush()


def follow_sides(session: Session, workspace_id: str, before: Collection[str], after: Collection[str]) -> None:
    """The sides of the company changed: who asks everybody asks those of a new side too, nobody those of one that is
    gone."""
    for checkin_id in session.exec(select(Checkin.id).where(Checkin.workspace_id == workspace_id)).all():
        asked = set(list_side_keys(session, checkin_id))
        new = set(after).difference(before) if asked.issuperset(before) else set()
        session.add_all(CheckinSide(checkin_id=checkin_id, side=side) for side in sorted(new - asked))
        gone = (col(CheckinSide.checkin_id) == checkin_id, col(CheckinSide.side).not_in(after))
        rows_changed(session, delete(CheckinSide).where(*gone))
    session.flush()


def list_asking_channel(session: Session, workspace_id: str, channel_id: str) -> Sequence[Checkin]:
    """The check-ins that ask everybody in that channel and were not deleted, by name."""
    asking = select(Checkin).where(Checkin.workspace_id == workspace_id, Checkin.audience_channel_id == channel_id)
    return session.exec(asking.where(Checkin.state != CheckinState.DELETED).order_by(col(Checkin.name))).all()


# ---------------------------------------------------------------- questions


def list_all_questions(session: Session, checkin_id: str) -> Sequence[CheckinQuestion]:
    """Those no longer asked too."""
    return session.exec(select(CheckinQuestion).where(CheckinQuestion.checkin_id == checkin_id)).all()


def list_questions_of_round(session: Session, round_: CheckinRound) -> Sequence[CheckinQuestion]:
    """What it asked: what is asked now, and what no longer is but was answered in it, after that."""
    ticked = select(CheckinChoice.question_id).where(CheckinChoice.round_id == round_.id)
    told = select(CheckinText.question_id).where(CheckinText.round_id == round_.id)
    measured = select(PulseRound.question_key).where(
        PulseRound.workspace_id == round_.workspace_id, PulseRound.label == round_.label
    )
    was_asked = or_(
        col(CheckinQuestion.position).is_not(None),
        col(CheckinQuestion.id).in_(ticked),
        col(CheckinQuestion.id).in_(told),
        col(CheckinQuestion.pulse_key).in_(measured),
    )
    questions = select(CheckinQuestion).where(CheckinQuestion.checkin_id == round_.checkin_id, was_asked)
    is_gone = col(CheckinQuestion.position).is_(None)
    return session.exec(questions.order_by(is_gone, col(CheckinQuestion.position), col(CheckinQuestion.id))).all()


def set_order(session: Session, checkin_id: str, question_ids: Sequence[str]) -> None:
    """Ask these, in that order, and no others."""
    questions = {question.id: question for question in list_all_questions(session, checkin_id)}
    for question in questions.values():
        question.position = None
    session.flush()
    for position, question_id in enumerate(question_ids):
        questions[question_id].position = position
    session.flush()


# ---------------------------------------------------------------- who is in a channel


def list_asked_channels(session: Session, workspace_id: str) -> Sequence[str]:
    """The channels of which everybody is asked, by a check-in that was not deleted."""
    channels = select(Checkin.audience_channel_id).where(
        Checkin.workspace_id == workspace_id, Checkin.state != CheckinState.DELETED
    )
    return sorted({one for one in session.exec(channels).all() if one})


def set_channel_people(session: Session, workspace_id: str, channel_id: str, external_ids: Collection[str]) -> None:
    """Those of them who are members are in the channel, and nobody else: of others nothing is kept."""
    members = session.exec(select(Member.external_id).where(Member.workspace_id == workspace_id)).all()
    of_channel = (col(ChannelPerson.workspace_id) == workspace_id, col(ChannelPerson.channel_id) == channel_id)
    rows_changed(session, delete(ChannelPerson).where(*of_channel))
    rows = [
        {"workspace_id": workspace_id, "channel_id": channel_id, "external_id": one}
        for one in sorted(frozenset(external_ids).intersection(members))
    ]
    if rows:
        session.execute(dialect_insert(session, ChannelPerson).on_conflict_do_nothing(), rows)  # who came meanwhile


def add_channel_person(session: Session, workspace_id: str, channel_id: str, external_id: str) -> None:
    """They are in it; once, however often it is said."""
    row = {"workspace_id": workspace_id, "channel_id": channel_id, "external_id": external_id}
    session.execute(dialect_insert(session, ChannelPerson).on_conflict_do_nothing(), [row])


def remove_channel_person(session: Session, workspace_id: str, channel_id: str, external_id: str) -> None:
    theirs = (
        col(ChannelPerson.workspace_id) == workspace_id,
        col(ChannelPerson.channel_id) == channel_id,
        col(ChannelPerson.external_id) == external_id,
    )
    rows_changed(session, delete(ChannelPerson).where(*theirs))


# ---------------------------------------------------------------- rounds


def count_by_moment(session: Session, round_id: str) -> Mapping[datetime, int]:
    """How many are asked at each moment, of those whose turn came or is to come."""
    counts = select(CheckinAsked.ask_at, func.count()).where(
        CheckinAsked.round_id == round_id, col(CheckinAsked.ask_at).is_not(None)
    )
    rows = session.exec(counts.group_by(col(CheckinAsked.ask_at))).all()
    return {moment: number for moment, number in rows if moment}


def list_outcomes(session: Session, round_id: str) -> Sequence[tuple[str, Outcome, datetime | None, str]]:
    """Name, what became of asking them, their moment, and their zone; by name, ten thousand of them."""
    turns = select(Member.name, CheckinAsked.outcome, CheckinAsked.ask_at, Member.timezone)
    of_round = turns.join(CheckinAsked, col(CheckinAsked.member_id) == col(Member.id))
    rows = session.exec(of_round.where(CheckinAsked.round_id == round_id).order_by(col(Member.name), col(Member.id)))
    return [(name, Outcome(outcome), ask_at, zone) for name, outcome, ask_at, zone in rows]
